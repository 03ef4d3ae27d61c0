/**
 * What happens to a packet at each netfilter hook of a namespace: tables by priority, connection tracking and NAT between
 * them (net/netfilter/core.c, nf_nat_inet_fn).
 */

import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { IpPacket } from "@/lib/sim/net/frame";
import type { KernelTrace } from "../trace";
import { HOOK_STEPS, type HookStep } from "./builtin";
import { trackedPacket } from "./connection";
import type { ConnectionTable } from "./conntrack";
import type { HookContext, HookVerdict, PacketHooks, StackForHooks } from "./hook";
import { bind, rangeOf, type Side, translate } from "./nat";
import { factsOf, type PacketFacts } from "./packet";
import type { TableName } from "./rule";
import type { Tables } from "./tables";
import { walk, type Walked } from "./walk";

export type HooksEnvironment = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly host: string;
  readonly netnsId: string;
  readonly trace: KernelTrace;
};

export class Hooks implements PacketHooks {
  readonly #tables: { readonly ipv4: Tables; readonly ipv6: Tables };
  readonly #connections: ConnectionTable;
  readonly #stack: StackForHooks;
  readonly #env: HooksEnvironment;
  /** What was read of the latest packet: it passes several tables unchanged. */
  #latest: { readonly packet: IpPacket; readonly facts: PacketFacts } | undefined;

  constructor(
    tables: { readonly ipv4: Tables; readonly ipv6: Tables },
    connections: ConnectionTable,
    stack: StackForHooks,
    env: HooksEnvironment,
  ) {
    this.#tables = tables;
    this.#connections = connections;
    this.#stack = stack;
    this.#env = env;
  }

  run(packet: IpPacket, context: HookContext): HookVerdict {
    const tables = this.#tables[packet.kind];
    const steps: readonly HookStep[] = HOOK_STEPS[context.hook];
    let current = packet;
    for (const step of steps) {
      const outcome = this.#step(step, tables, current, context);
      if (outcome.kind !== "accept") return outcome;
      current = outcome.packet;
    }
    return { kind: "accept", packet: current };
  }

  #step(step: HookStep, tables: Tables, packet: IpPacket, context: HookContext): HookVerdict {
    const { now } = this.#env.scheduler;
    switch (step.step) {
      case "table": {
        const walked = this.#walk(step.table, tables, packet, context);
        // NAT targets stand only in nat.
        return walked.kind === "nat" ? { kind: "accept", packet } : walked;
      }
      case "conntrack":
        if (tables.needsConntrack) this.#connections.track(packet, this.#factsOf(packet), context.skb, now);
        return { kind: "accept", packet };
      case "nat":
        return this.#nat(step.changes, tables, packet, context);
      case "confirm":
        return this.#connections.confirm(context.skb, now)
          ? { kind: "accept", packet }
          : { kind: "drop", reason: { kind: "connection-clash" } };
    }
  }

  #walk(table: TableName, tables: Tables, packet: IpPacket, context: HookContext): Walked {
    if (!tables.chainFor(table, context.hook)) return { kind: "accept", packet };
    const candidate = { facts: this.#factsOf(packet), context, stack: this.#stack, now: this.#env.scheduler.now };
    return walk(table, context.hook, (name) => tables.chainFor(table, name), packet, candidate);
  }

  #factsOf(packet: IpPacket): PacketFacts {
    if (this.#latest?.packet !== packet) this.#latest = { packet, facts: factsOf(packet) };
    return this.#latest.facts;
  }

  #nat(side: Side, tables: Tables, packet: IpPacket, context: HookContext): HookVerdict {
    const tracked = trackedPacket(context.skb);
    if (!tracked) return { kind: "accept", packet };
    const { connection } = tracked;
    const isDecided = side === "source" ? connection.isSourceDecided : connection.isDestinationDecided;
    // Only the first packet of a connection asks the table.
    if (tracked.state === "NEW" && !isDecided) {
      const walked = this.#walk("nat", tables, packet, context);
      if (walked.kind === "drop" || walked.kind === "reject") return walked;
      const range = walked.kind === "nat" ? rangeOf(walked.target, packet, context, this.#stack) : {};
      const bound = range !== undefined && bind(connection, side, range, this.#connections, this.#env.random, this.#env.scheduler.now);
      if (!bound)
        return { kind: "drop", reason: walked.kind === "nat" ? { kind: "rule", rule: walked.rule } : { kind: "connection-clash" } };
    }
    const after = translate(packet, tracked, side);
    if (after !== packet) {
      const { host, netnsId, scheduler } = this.#env;
      this.#env.trace({ kind: "rewrite", at: scheduler.now, where: { host, netns: netnsId }, before: packet, after });
    }
    return { kind: "accept", packet: after };
  }
}
