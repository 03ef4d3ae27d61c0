/**
 * The built-in tables and chains of iptables, and in which order a packet meets them at each hook
 * (netfilter_ipv4.h `enum nf_ip_hook_priorities`; iptables-nft's xtables_ipv4 table).
 */

import type { HookName, TableName } from "./rule";

/** Tables in the order of `iptables-save`, chains in that of `iptables -L`. */
export const BUILTIN_CHAINS = {
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
  raw: ["PREROUTING", "OUTPUT"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
} as const satisfies Record<TableName, readonly HookName[]>;

export const TABLES: readonly TableName[] = ["mangle", "security", "raw", "filter", "nat"];

/** What happens at a hook, by ascending priority. `conntrack` tracks, `confirm` puts a new connection into the table. */
export type HookStep =
  | { readonly step: "table"; readonly table: Exclude<TableName, "nat"> }
  | { readonly step: "conntrack" }
  | { readonly step: "nat"; readonly changes: "source" | "destination" }
  | { readonly step: "confirm" };

const table = (name: Exclude<TableName, "nat">): HookStep => ({ step: "table", table: name });

export const HOOK_STEPS = {
  PREROUTING: [table("raw"), { step: "conntrack" }, table("mangle"), { step: "nat", changes: "destination" }],
  INPUT: [table("mangle"), table("filter"), table("security"), { step: "nat", changes: "source" }, { step: "confirm" }],
  FORWARD: [table("mangle"), table("filter"), table("security")],
  OUTPUT: [
    table("raw"),
    { step: "conntrack" },
    table("mangle"),
    { step: "nat", changes: "destination" },
    table("filter"),
    table("security"),
  ],
  POSTROUTING: [table("mangle"), { step: "nat", changes: "source" }, { step: "confirm" }],
} as const satisfies Record<HookName, readonly HookStep[]>;

export function isHook(chain: string): chain is HookName {
  return Object.hasOwn(HOOK_STEPS, chain);
}

export function isBuiltin(table: TableName, chain: string): chain is HookName {
  return isHook(chain) && (BUILTIN_CHAINS[table] as readonly HookName[]).includes(chain);
}
