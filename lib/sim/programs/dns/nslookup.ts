/**
 * nslookup, in busybox's form (in containers: networking/nslookup.c of 1.38, the "big" variant) and BIND's (9.20, on the
 * host and in netshoot). The interactive mode is not simulated.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { DnsMessage, DnsQuestion, DnsRecord } from "@/lib/sim/net/dns";
import type { NetSys } from "@/lib/sim/kernel";
import { queryDns } from "../resolv/query-dns";
import { candidates, readResolverConfig } from "../resolv/resolv-conf";
import { resolveName } from "../resolv/resolve-name";
import { dnsType, questionFor } from "./question";

const BUSYBOX_USAGE = `BusyBox v1.38.0 (Debian 1:1.38.0-3+b1) multi-call binary.

Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any
`;

type Request = {
  readonly types: readonly string[];
  readonly host: string | undefined;
  readonly server: string | undefined;
  readonly debug: boolean;
  readonly bad?: string;
};

function parse(argv: readonly string[]): Request {
  const types: string[] = [];
  const rest: string[] = [];
  let debug = false;
  let bad: string | undefined;
  for (const arg of argv) {
    const type = /^-(?:type|querytype|q|query)=(.*)$/.exec(arg);
    if (type) types.push(type[1] ?? "");
    else if (arg === "-debug") debug = true;
    else if (arg.startsWith("-") && arg.length > 1) bad ??= arg;
    else rest.push(arg);
  }
  return { types, host: rest[0], server: rest[1], debug, ...(bad === undefined ? {} : { bad }) };
}

/** The same order of answers as busybox: IPv4 first, each question by itself, as they come back. */
export function* busyboxNslookup(sys: NetSys): Routine<number> {
  const request = parse(sys.argv.slice(1));
  if (request.host === undefined || request.bad !== undefined) {
    yield* complain(sys, BUSYBOX_USAGE);
    return 1;
  }
  const config = readResolverConfig(sys);
  let servers: readonly Ip[] = config.servers;
  if (request.server !== undefined) {
    const resolved = yield* resolveName(sys, request.server, { family: "any" });
    if (!resolved.ok) {
      yield* complain(sys, `nslookup: bad address '${request.server}'\n`);
      return 1;
    }
    servers = resolved.value;
  }
  const isAddress = parseIp(request.host) !== undefined;
  const types = request.types.length > 0 ? request.types : isAddress ? ["ptr"] : ["a", "aaaa"];
  const questions: DnsQuestion[] = [];
  for (const text of types) {
    const type = dnsType(text);
    if (!type) {
      yield* complain(sys, `nslookup: invalid query type "${text}"\n`);
      return 1;
    }
    const name =
      isAddress && type === "PTR" && request.types.length === 0 ? questionFor(request.host, "PTR").name : request.host.replace(/\.$/, "");
    questions.push({ name, type });
  }

  const answers: { readonly index: number; readonly message: DnsMessage }[] = [];
  let from: Ip | undefined;
  for (const server of servers) {
    for (const [index, question] of questions.entries()) {
      const answer = yield* queryDns(sys, server, question, { timeout: seconds(5) });
      if (answer.ok) answers.push({ index, message: answer.value });
    }
    if (answers.length > 0) {
      from = server;
      break;
    }
  }
  if (from === undefined) {
    yield* print(sys, ";; connection timed out; no servers could be reached\n\n");
    return 1;
  }
  yield* print(sys, `Server:\t\t${from}\nAddress:\t${from.includes(":") ? `[${from}]` : from}:53\n\n`);
  let failed = false;
  for (const { index, message } of answers) {
    if (request.debug) yield* print(sys, `Query #${index} completed in 0ms:\n`);
    if (message.code !== "NOERROR") {
      failed = true;
      yield* print(sys, `** server can't find ${questions[index]?.name}: ${message.code}\n`);
    } else {
      if (!message.isAuthoritative) yield* print(sys, "Non-authoritative answer:\n");
      for (const record of message.answers) yield* print(sys, busyboxRecord(record));
    }
    yield* print(sys, "\n");
  }
  return failed ? 1 : 0;
}

function busyboxRecord(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return `Name:\t${record.name}\nAddress: ${record.address}\n`;
    case "PTR":
      return `${record.name}\tname = ${record.target}\n`;
    case "CNAME":
      return `${record.name}\tcanonical name = ${record.target}\n`;
  }
}

export function* bindNslookup(sys: NetSys): Routine<number> {
  const request = parse(sys.argv.slice(1));
  if (request.bad !== undefined) {
    yield* complain(sys, `*** Invalid option: ${request.bad.slice(1)}\n`);
    return 1;
  }
  if (request.host === undefined || request.host === "-") {
    yield* complain(sys, `${notSimulated("the interactive mode of nslookup")}\n`);
    return 1;
  }
  const typeText = request.types.at(-1);
  const type = typeText === undefined ? undefined : dnsType(typeText);
  if (typeText !== undefined && !type) {
    yield* complain(sys, `unknown query type: ${typeText}\n`);
    return 1;
  }
  const config = readResolverConfig(sys);
  let servers: readonly Ip[] = config.servers;
  if (request.server !== undefined) {
    const resolved = yield* resolveName(sys, request.server, { family: "any" });
    if (!resolved.ok) {
      yield* complain(sys, `nslookup: couldn't get address for '${request.server}': not found\n`);
      return 1;
    }
    servers = resolved.value;
  }
  const isAddress = parseIp(request.host) !== undefined;
  const names = isAddress ? [questionFor(request.host, undefined).name] : candidates(request.host, config);
  const types = isAddress ? (["PTR"] as const) : type ? [type] : (["A", "AAAA"] as const);

  for (const server of servers) {
    const shown = `Server:\t\t${request.server ?? server}\nAddress:\t${server}#53\n\n`;
    let last: DnsMessage | undefined;
    let silent = false;
    for (const name of names) {
      let printed = "";
      for (const one of types) {
        const answer = yield* queryDns(sys, server, { name, type: one }, { timeout: seconds(5) });
        if (!answer.ok) {
          yield* print(
            sys,
            `;; communications error to ${server}#53: ${answer.error === "refused" ? "connection refused" : "timed out"}\n`,
          );
          silent = true;
          break;
        }
        last = answer.value;
        if (answer.value.code !== "NOERROR") break;
        const head =
          printed === "" && !answer.value.isAuthoritative && answer.value.answers.length > 0 ? "Non-authoritative answer:\n" : "";
        printed += head + answer.value.answers.map(bindRecord).join("");
      }
      if (silent) break;
      if (printed !== "") {
        yield* print(sys, `${shown}${printed}\n`);
        return 0;
      }
      if (last?.code === "NOERROR") {
        yield* print(sys, `${shown}*** Can't find ${request.host}: No answer\n\n`);
        return 0;
      }
    }
    if (silent) continue;
    yield* print(sys, `${isAddress ? "" : shown}** server can't find ${names.at(-1)}: ${last?.code ?? "SERVFAIL"}\n\n`);
    return 1;
  }
  yield* print(sys, ";; no servers could be reached\n\n");
  return 1;
}

function bindRecord(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return `Name:\t${record.name}\nAddress: ${record.address}\n`;
    case "PTR":
      return `${record.name}\tname = ${record.target}.\n`;
    case "CNAME":
      return `${record.name}\tcanonical name = ${record.target}.\n`;
  }
}
