/** A namespace's netfilter on its own: packets are handed to the hooks as the stack would. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { after, type Duration } from "@/lib/sim/core/time";
import { parseIp, type Ipv4 } from "@/lib/sim/net/address";
import type { IpPacket, Ipv4Packet, TcpFlags } from "@/lib/sim/net/frame";
import { createNetfilter, type HookVerdict, newSkb, type Skb, type StackForHooks } from "@/lib/sim/kernel/netfilter";
import type { HookName, TableName } from "@/lib/sim/kernel/netfilter/rule";
import { parseRulespec } from "@/lib/sim/kernel/netfilter/rulespec";
import type { KernelEvent } from "@/lib/sim/kernel/trace";

export const ip = (text: string): Ipv4 => parseIp(text) as Ipv4;

/** What the stack knows: this host is 192.168.56.11 on eth0 and 172.17.0.1 on docker0. */
const stack: StackForHooks = {
  addressType: (address) => (["192.168.56.11", "172.17.0.1", "127.0.0.1"].includes(address) ? "LOCAL" : "UNICAST"),
  sourceAddressOf: (link) => ({ eth0: "192.168.56.11", docker0: "172.17.0.1" })[link],
  isPortTaken: () => false,
  mtuOf: (link) => (link === "eth0" ? 1_450 : 1_500),
};

export class Host {
  readonly scheduler = new Scheduler();
  readonly events: KernelEvent[] = [];
  readonly netfilter = createNetfilter(stack, {
    scheduler: this.scheduler,
    random: new Random("test"),
    host: "node1",
    netnsId: "1",
    trace: (event) => this.events.push(event),
  });

  /** `iptables -t TABLE -A CHAIN …`, in one string. */
  append(line: string): void {
    const [table = "", chain = "", ...args] = line.split(" ");
    const parsed = unwrap(parseRulespec(args, 4));
    for (const rule of parsed.all) unwrap(this.netfilter.iptables.append(table as TableName, chain, rule));
  }

  wait(span: Duration): void {
    this.scheduler.runUntil(after(this.scheduler.now, span));
  }

  hook(packet: IpPacket, hook: HookName, skb: Skb, devices: { readonly in?: string; readonly out?: string } = {}): HookVerdict {
    return this.netfilter.hooks.run(packet, { hook, skb, ...devices });
  }

  /** A packet that comes in at one interface and goes on to another. What leaves, if it gets through. */
  forward(packet: IpPacket, from: string, to: string, skb = newSkb()): IpPacket | undefined {
    return this.#through(packet, skb, [
      ["PREROUTING", { in: from }],
      ["FORWARD", { in: from, out: to }],
      ["POSTROUTING", { out: to }],
    ]);
  }

  /** A packet for this host itself. */
  receive(packet: IpPacket, from: string, skb = newSkb()): IpPacket | undefined {
    return this.#through(packet, skb, [
      ["PREROUTING", { in: from }],
      ["INPUT", { in: from }],
    ]);
  }

  /** A packet of this host's own. */
  send(packet: IpPacket, to: string, skb = newSkb()): IpPacket | undefined {
    return this.#through(packet, skb, [
      ["OUTPUT", { out: to }],
      ["POSTROUTING", { out: to }],
    ]);
  }

  #through(
    packet: IpPacket,
    skb: Skb,
    way: readonly (readonly [HookName, { readonly in?: string; readonly out?: string }])[],
  ): IpPacket | undefined {
    let current = packet;
    for (const [hook, devices] of way) {
      const verdict = this.hook(current, hook, skb, devices);
      if (verdict.kind !== "accept") return undefined;
      current = verdict.packet;
    }
    return current;
  }
}

const header = (source: string, destination: string) =>
  ({ kind: "ipv4", source: ip(source), destination: ip(destination), ttl: 64, tos: 0, id: 1, dontFragment: true }) as const;

/** `tcp("10.0.0.1:40000", "10.0.0.2:80", "syn")`. */
export function tcp(source: string, destination: string, ...flags: (keyof TcpFlags)[]): Ipv4Packet {
  const [[from = "", fromPort], [to = "", toPort]] = [source.split(":"), destination.split(":")];
  return {
    ...header(from, to),
    payload: {
      kind: "tcp",
      sourcePort: Number(fromPort),
      destinationPort: Number(toPort),
      sequence: 1,
      acknowledgement: 1,
      flags: Object.fromEntries(flags.map((flag) => [flag, true])),
      window: 64_240,
      text: "",
    },
  };
}

export function udp(source: string, destination: string): Ipv4Packet {
  const [[from = "", fromPort], [to = "", toPort]] = [source.split(":"), destination.split(":")];
  return {
    ...header(from, to),
    payload: { kind: "udp", sourcePort: Number(fromPort), destinationPort: Number(toPort), payload: { kind: "text", text: "x" } },
  };
}

export function echo(type: "echo-request" | "echo-reply", source: string, destination: string, id: number): Ipv4Packet {
  return { ...header(source, destination), payload: { kind: "icmp", type, id, sequence: 1, length: 56 } };
}

export function portUnreachable(source: string, destination: string, about: Ipv4Packet): Ipv4Packet {
  return { ...header(source, destination), payload: { kind: "icmp", type: "destination-unreachable", code: "port", about } };
}

/** `10.0.0.1:40000 > 10.0.0.2:80`. */
export function ends(packet: IpPacket | undefined): string | undefined {
  if (!packet) return undefined;
  const { payload } = packet;
  switch (payload.kind) {
    case "tcp":
    case "udp":
      return `${packet.source}:${payload.sourcePort} > ${packet.destination}:${payload.destinationPort}`;
    default:
      return `${packet.source} > ${packet.destination}${"id" in payload ? ` id ${payload.id}` : ""}`;
  }
}
