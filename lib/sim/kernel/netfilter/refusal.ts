/**
 * Rules that iptables passes on and the kernel refuses: a target in the wrong table, at the wrong hook or without the protocol
 * that it needs (`.table`, `.hooks` and `.proto` of struct xt_target and xt_match, and their checkentry functions). The errno
 * is EINVAL; the reason is in the kernel's log only.
 */

import { protocolNumber } from "./protocol";
import type { HookName, Rule, TableName, Target } from "./rule";

/** Refused wherever it stands in the table. */
export function whyRuleIsRefused(rule: Rule, table: TableName): string | undefined {
  const { target, matches } = rule;
  const tables = TABLES[target.kind];
  if (tables && !tables.includes(table)) return `${target.kind} only works in table ${tables.join(", ")}`;

  const protocol = matches.protocol && !matches.protocol.negated ? protocolNumber(matches.protocol.protocol) : undefined;
  const needsTcp = target.kind === "tcpmss" || (target.kind === "reject" && target.with === "tcp-reset");
  if (needsTcp && protocol !== 6) return `${target.kind} needs TCP`;
  for (const { module } of matches.modules) {
    const needed = PROTOCOLS.get(module);
    if (needed !== undefined && needed !== protocol) return `match ${module} needs its protocol`;
  }
  const { source, destination } = matches;
  for (const part of [source, destination]) if (part?.negated && part.prefix.length === 0) return "it could never match";
  return undefined;
}

/** Refused when packets of this hook can come to it. */
export function whyTargetIsMisplaced(target: Target, hook: HookName): string | undefined {
  const hooks = target.kind === "tcpmss" && "clampToPmtu" in target ? CLAMPING_HOOKS : HOOKS[target.kind];
  return hooks && !hooks.includes(hook) ? `${target.kind} is not allowed at ${hook}` : undefined;
}

const TABLES: Readonly<Partial<Record<Target["kind"], readonly TableName[]>>> = {
  reject: ["filter"],
  dnat: ["nat"],
  redirect: ["nat"],
  snat: ["nat"],
  masquerade: ["nat"],
  notrack: ["raw"],
};

const HOOKS: Readonly<Partial<Record<Target["kind"], readonly HookName[]>>> = {
  reject: ["INPUT", "FORWARD", "OUTPUT"],
  dnat: ["PREROUTING", "OUTPUT"],
  redirect: ["PREROUTING", "OUTPUT"],
  snat: ["POSTROUTING", "INPUT"],
  masquerade: ["POSTROUTING"],
};

const CLAMPING_HOOKS: readonly HookName[] = ["FORWARD", "OUTPUT", "POSTROUTING"];

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["tcp", 6],
  ["udp", 17],
  ["icmp", 1],
  ["icmp6", 58],
]);
