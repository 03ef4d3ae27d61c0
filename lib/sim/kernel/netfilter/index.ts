/**
 * Netfilter of one network namespace: hooks for the stack, tables for `iptables`, connections for `conntrack`.
 *
 * The stack calls `hooks.run` with every IPv4 and IPv6 packet at PREROUTING, INPUT, FORWARD, OUTPUT and POSTROUTING. After
 * OUTPUT it must route anew when the packet's destination or the skb's mark has changed. It reports drops in the trace
 * itself, with the verdict's reason; rewritten packets are reported here.
 */

import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { Conntrack } from "../netns";
import type { KernelTrace } from "../trace";
import { ConnectionTable } from "./conntrack";
import { conntrackOf } from "./conntrack-view";
import type { PacketHooks, StackForHooks } from "./hook";
import { Hooks } from "./hooks";
import type { Netfilter } from "./rule";
import { Tables } from "./tables";

export { answeringSkb, type HookContext, type HookVerdict, newSkb, type PacketHooks, type Skb, type StackForHooks } from "./hook";

export type NetfilterEnvironment = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly host: string;
  readonly netnsId: string;
  readonly trace: KernelTrace;
};

export type NetfilterOfNetns = {
  readonly hooks: PacketHooks;
  readonly iptables: Netfilter;
  readonly ip6tables: Netfilter;
  readonly conntrack: Conntrack;
};

export function createNetfilter(stack: StackForHooks, env: NetfilterEnvironment): NetfilterOfNetns {
  const onChange = (): void => {
    env.trace({ kind: "changed", at: env.scheduler.now, where: { host: env.host, netns: env.netnsId }, what: "rule" });
  };
  const tables = { ipv4: new Tables(4, onChange), ipv6: new Tables(6, onChange) };
  const connections = new ConnectionTable();
  const hooks = new Hooks(tables, connections, stack, { ...env, random: env.random.fork("nat") });
  return { hooks, iptables: tables.ipv4, ip6tables: tables.ipv6, conntrack: conntrackOf(connections, env.scheduler) };
}
