/**
 * A packet's way through one table's chain (ipt_do_table, nft_do_chain): rule after rule, down into user chains and back,
 * until one decides or the policy does.
 */

import { invariant } from "@/lib/base/invariant";
import type { IpPacket } from "@/lib/sim/net/frame";
import type { DropReason } from "../trace";
import type { Chain, ChainRule } from "./chain";
import { type Connection, trackedPacket } from "./connection";
import type { Skb } from "./hook";
import type { Candidate } from "./match";
import type { HookName, RejectWith, RuleLocation, TableName, Target } from "./rule";

/** A target that decides how NAT binds the connection. */
export type NatTarget = Extract<Target, { readonly kind: "dnat" | "snat" | "masquerade" | "redirect" }>;

export type Walked =
  | { readonly kind: "accept"; readonly packet: IpPacket }
  | { readonly kind: "nat"; readonly target: NatTarget; readonly rule: RuleLocation }
  | { readonly kind: "drop"; readonly reason: DropReason }
  | { readonly kind: "reject"; readonly with: RejectWith; readonly reason: DropReason };

type Position = { readonly chain: Chain; next: number };

export function walk(
  table: TableName,
  hook: HookName,
  chainFor: (name: string) => Chain | undefined,
  packet: IpPacket,
  candidate: Candidate,
): Walked {
  const base = chainFor(hook);
  if (!base) return { kind: "accept", packet };

  const { facts, context, stack } = candidate;
  let here: Position = { chain: base, next: 0 };
  let current = packet;
  const callers: Position[] = [];
  for (;;) {
    const rule = here.chain.rules[here.next++];
    if (!rule) {
      const caller = callers.pop();
      if (!caller) break;
      here = caller;
      continue;
    }
    if (!rule.matches(candidate)) continue;
    rule.packets++;
    rule.bytes += facts.bytes;

    const { target } = rule.rule;
    switch (target.kind) {
      case "none":
      case "log":
        break;
      case "accept":
        return { kind: "accept", packet: current };
      case "drop":
        return { kind: "drop", reason: { kind: "rule", rule: locationOf(table, here.chain, rule) } };
      case "reject":
        return { kind: "reject", with: target.with, reason: { kind: "rule", rule: locationOf(table, here.chain, rule) } };
      case "return": {
        const caller = callers.pop();
        if (caller) here = caller;
        // In a built-in chain the policy decides.
        else here.next = here.chain.rules.length;
        break;
      }
      case "jump":
      case "goto": {
        const chain = chainFor(target.chain);
        invariant(chain !== undefined, `a rule leads only to chains that exist, ${target.chain} does not`);
        // After `goto` the way back leads to where this chain was called from.
        if (target.kind === "jump") callers.push(here);
        here = { chain, next: 0 };
        break;
      }
      case "dnat":
      case "snat":
      case "masquerade":
      case "redirect":
        return { kind: "nat", target, rule: locationOf(table, here.chain, rule) };
      case "mark":
        context.skb.mark = marked(context.skb.mark, target);
        break;
      case "connmark": {
        const tracked = trackedPacket(context.skb);
        if (tracked) moveMark(tracked.connection, context.skb, target);
        break;
      }
      case "notrack":
        context.skb.untracked = true;
        break;
      case "tcpmss": {
        const mtu = context.out === undefined ? undefined : stack.mtuOf(context.out);
        current = withMss(current, "set" in target ? target.set : (mtu ?? 65_535) - (current.kind === "ipv4" ? 40 : 60), "set" in target);
        break;
      }
    }
  }
  base.packets++;
  base.bytes += facts.bytes;
  return base.policy === "DROP" ? { kind: "drop", reason: { kind: "policy", table, chain: hook } } : { kind: "accept", packet: current };
}

function locationOf(table: TableName, chain: Chain, rule: ChainRule): RuleLocation {
  return {
    table,
    chain: chain.name,
    number: chain.rules.indexOf(rule) + 1,
    text: `-A ${chain.name}${rule.text === "" ? "" : ` ${rule.text}`}`,
  };
}

function marked(mark: number, target: Extract<Target, { readonly kind: "mark" }>): number {
  const { operation, value, mask } = target;
  switch (operation) {
    case "set":
      return ((mark & ~mask) ^ value) >>> 0;
    case "and":
      return (mark & value) >>> 0;
    case "or":
      return (mark | value) >>> 0;
    case "xor":
      return (mark ^ value) >>> 0;
  }
}

/** CONNMARK: between a packet's mark and its connection's (xt_connmark.c). */
function moveMark(connection: Connection, skb: Skb, target: Extract<Target, { readonly kind: "connmark" }>): void {
  switch (target.operation) {
    case "set":
      connection.mark = ((connection.mark & ~target.mask) ^ target.value) >>> 0;
      break;
    case "save":
      connection.mark = ((connection.mark & ~target.connectionMask) ^ (skb.mark & target.packetMask)) >>> 0;
      break;
    case "restore":
      skb.mark = ((skb.mark & ~target.packetMask) ^ (connection.mark & target.connectionMask)) >>> 0;
      break;
  }
}

/** A SYN with its maximum segment size changed; clamping never raises it (xt_TCPMSS.c). */
function withMss(packet: IpPacket, mss: number, mayRaise: boolean): IpPacket {
  const { payload } = packet;
  if (payload.kind !== "tcp" || !payload.flags.syn) return packet;
  if (payload.mss !== undefined && payload.mss <= mss && !mayRaise) return packet;
  const changed = { ...payload, mss };
  return packet.kind === "ipv4" ? { ...packet, payload: changed } : { ...packet, payload: changed };
}
