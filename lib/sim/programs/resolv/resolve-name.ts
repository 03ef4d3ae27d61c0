/**
 * `getaddrinfo`: from a name to addresses, as programs of the C library do it: /etc/hosts first, then the name servers.
 *
 * Follows glibc's nss "files dns" and resolv/res_query.c. It differs in that the A and AAAA questions are put one after the
 * other, and in that addresses are sorted by family only (IPv6 first when `any` is asked for), not by RFC 6724.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Routine } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { type Family, familyOf, type Ip, parseIp } from "@/lib/sim/net/address";
import type { DnsType } from "@/lib/sim/net/dns";
import type { NetSys } from "@/lib/sim/kernel";
import { queryDns } from "./query-dns";
import { candidates, readHosts, readResolverConfig, type ResolverConfig } from "./resolv-conf";

/** EAI_NONAME: there is no such name. EAI_AGAIN: nobody could say. */
export type ResolveError = { readonly kind: "no-name" } | { readonly kind: "try-again" };

export type ResolveOptions = { readonly family: Family | "any" };

/** gai_strerror's words. */
export const RESOLVE_TEXT: Readonly<Record<ResolveError["kind"], string>> = {
  "no-name": "Name or service not known",
  "try-again": "Temporary failure in name resolution",
};

export function* resolveName(sys: NetSys, name: string, options: ResolveOptions): Routine<Result<readonly Ip[], ResolveError>> {
  const literal = parseIp(name);
  if (literal) return fits(literal, options) ? ok([literal]) : fail({ kind: "no-name" });
  if (name === "") return fail({ kind: "no-name" });

  const listed = readHosts(sys)
    .filter((entry) => entry.names.some((one) => one.toLowerCase() === name.toLowerCase()))
    .map((entry) => entry.address)
    .filter((address) => fits(address, options));
  const [first] = listed;
  // Without `multi on` in /etc/host.conf, as in images, only the first line that has the name counts.
  if (first !== undefined && !takesAllLines(sys)) return ok([first]);
  if (listed.length > 0) return ok([...new Set(listed)].sort((a, b) => familyOf(b) - familyOf(a)));

  const config = readResolverConfig(sys);
  const types: readonly DnsType[] = options.family === 4 ? ["A"] : options.family === 6 ? ["AAAA"] : ["A", "AAAA"];
  let nobodyKnew = false;
  for (const candidate of candidates(name, config)) {
    const found: Ip[] = [];
    for (const type of types) {
      const answer = yield* ask(sys, config, candidate, type);
      if (!answer.ok) nobodyKnew = true;
      else found.push(...answer.value);
    }
    if (found.length > 0) return ok(found.sort((a, b) => familyOf(b) - familyOf(a)));
  }
  return fail(nobodyKnew ? { kind: "try-again" } : { kind: "no-name" });
}

/** The name of an address: /etc/hosts, then a PTR question. */
export function* resolveAddress(sys: NetSys, address: Ip): Routine<string | undefined> {
  const listed = readHosts(sys).find((entry) => entry.address === address);
  if (listed) return listed.names[0];
  const config = readResolverConfig(sys);
  for (const server of config.servers) {
    const answer = yield* queryDns(sys, server, { name: reverseName(address), type: "PTR" }, { timeout: seconds(config.timeoutSeconds) });
    if (!answer.ok) continue;
    const pointer = answer.value.answers.find((record) => record.type === "PTR");
    return pointer?.type === "PTR" ? pointer.target : undefined;
  }
  return undefined;
}

/** `4.3.2.1.in-addr.arpa`, or nibbles under ip6.arpa. */
export function reverseName(address: Ip): string {
  if (familyOf(address) === 4) return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : new Array<string>(8 - front.length - back.length).fill("0");
  const nibbles = [...front, ...middle, ...back].map((group) => group.padStart(4, "0")).join("");
  return `${[...nibbles].reverse().join(".")}.ip6.arpa`;
}

function takesAllLines(sys: NetSys): boolean {
  const text = sys.readFile("/etc/host.conf");
  return text.ok && /^\s*multi\s+on\b/m.test(text.value);
}

function fits(address: Ip, options: ResolveOptions): boolean {
  return options.family === "any" || familyOf(address) === options.family;
}

function* ask(sys: NetSys, config: ResolverConfig, name: string, type: DnsType): Routine<Result<readonly Ip[], "nobody-answered">> {
  for (let attempt = 0; attempt < config.attempts; attempt++) {
    for (const server of config.servers) {
      const answer = yield* queryDns(sys, server, { name, type }, { timeout: seconds(config.timeoutSeconds) });
      if (!answer.ok) {
        if (answer.error === "interrupted") return fail("nobody-answered");
        continue;
      }
      if (answer.value.code === "NXDOMAIN") return ok([]);
      if (answer.value.code !== "NOERROR") continue;
      return ok(answer.value.answers.flatMap((record) => (record.type === type && "address" in record ? [record.address] : [])));
    }
  }
  return fail("nobody-answered");
}
