/**
 * /etc/resolv.conf and /etc/hosts as the C library reads them (resolv.conf(5), hosts(5); glibc's resolv/res_init.c).
 * `options` other than ndots, timeout and attempts are read over, as glibc does with those it does not know.
 */

import type { Sys } from "@/lib/sim/core/sys";
import { type Ip, LOOPBACK_V4, parseIp } from "@/lib/sim/net/address";

export type ResolverConfig = {
  readonly servers: readonly Ip[];
  readonly search: readonly string[];
  /** A name with at least this many dots is tried as it is first. */
  readonly ndots: number;
  readonly timeoutSeconds: number;
  readonly attempts: number;
};

/** At most three name servers are used; without any, the local machine is asked. */
const MAX_SERVERS = 3;

export function readResolverConfig(sys: Sys): ResolverConfig {
  const text = sys.readFile("/etc/resolv.conf");
  const servers: Ip[] = [];
  let search: string[] = [];
  const options = new Map<string, number>();
  for (const line of (text.ok ? text.value : "").split("\n")) {
    if (line.startsWith("#") || line.startsWith(";")) continue;
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === "nameserver") {
      const address = parseIp(values[0] ?? "");
      if (address && servers.length < MAX_SERVERS) servers.push(address);
    } else if (keyword === "search" || keyword === "domain") search = values.filter((domain) => domain !== ".");
    else if (keyword === "options") {
      for (const option of values) {
        const [name, value] = option.split(":");
        if (name && value && /^\d+$/.test(value)) options.set(name, Number(value));
      }
    }
  }
  return {
    servers: servers.length > 0 ? servers : [LOOPBACK_V4],
    search,
    ndots: Math.min(options.get("ndots") ?? 1, 15),
    timeoutSeconds: Math.min(options.get("timeout") ?? 5, 30),
    attempts: Math.min(options.get("attempts") ?? 2, 5),
  };
}

export type HostsEntry = { readonly address: Ip; readonly names: readonly string[] };

export function readHosts(sys: Sys): readonly HostsEntry[] {
  const text = sys.readFile("/etc/hosts");
  if (!text.ok) return [];
  return text.value.split("\n").flatMap((line) => {
    const [first, ...names] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    const address = parseIp(first ?? "");
    return address && names.length > 0 ? [{ address, names }] : [];
  });
}

/** The names to ask for, in order: with the search list, as the number of dots says. A trailing dot ends the matter. */
export function candidates(name: string, config: Pick<ResolverConfig, "search" | "ndots">): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = config.search.map((domain) => `${name}.${domain}`);
  const dots = name.split(".").length - 1;
  return dots >= config.ndots ? [name, ...searched] : [...searched, name];
}
