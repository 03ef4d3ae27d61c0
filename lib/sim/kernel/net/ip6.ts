/**
 * The IPv6 layer: the path of a packet through one namespace, as in ip.ts.
 *
 * Modelled on net/ipv6/ip6_input.c and ip6_output.c. Extension headers other than the fragment header do not exist here.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V6, type Ipv6 } from "@/lib/sim/net/address";
import type { Frame, Ipv6Packet } from "@/lib/sim/net/frame";
import { packetLength } from "@/lib/sim/net/length";
import { isUnicast, type Mac, multicastMac6 } from "@/lib/sim/net/mac";
import type { HookVerdict, Skb } from "../netfilter/hook";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { OutputRoute6 } from "./routing6";
import { newStackSkb, type StackSkb } from "./skb";

export type Outgoing6 = {
  readonly destination: Ipv6;
  readonly source?: Ipv6;
  readonly payload: Ipv6Packet["payload"];
  readonly ttl?: number;
};

export class Ip6Layer {
  readonly #netns: NetworkNamespace;
  #nextFragmentId: number;

  constructor(netns: NetworkNamespace, firstFragmentId: number) {
    this.#netns = netns;
    this.#nextFragmentId = firstFragmentId;
  }

  receive(device: Device, frame: Frame, arrived: Ipv6Packet, passed: StackSkb | undefined): void {
    if (isUnicast(frame.destination) && frame.destination !== device.mac && device.kind !== "loopback")
      return device.drop(frame, { kind: "not-for-us" });
    if (!this.#netns.ipv6.isEnabled(device)) return device.drop(frame, { kind: "not-for-us" });
    let packet = arrived;
    if (packet.fragment) {
      const whole = this.#netns.fragments.gather(packet);
      if (!whole) return;
      packet = whole;
    }
    const skb = passed ?? newStackSkb(frame.source);
    if (arrived.fragment) skb.reassembled = true;
    if (!skb.prerouted) {
      const accepted = this.#accepted(this.#netns.hooks.run(packet, { hook: "PREROUTING", in: device.name, skb }), packet, device, skb);
      if (!accepted) return;
      packet = accepted;
    }
    const owner = device.handler?.ownerOf?.(packet);
    if (owner) return this.#deliver(packet, device, skb, owner);
    if (device.kind === "loopback" && packet.destination === arrived.destination) return this.#deliver(packet, device, skb);
    const decision = this.#netns.routing6.input(packet, device, skb);
    if (!decision.ok) {
      device.drop(packet, decision.error.reason);
      if (decision.error.answer) this.#netns.icmp6.sendUnreachable(packet, decision.error.answer, skb);
      return;
    }
    if (decision.value.kind === "local") return this.#deliver(packet, device, skb);
    if (frame.destination !== device.mac) return device.drop(packet, { kind: "not-for-us" });
    this.#forward(packet, device, skb, decision.value);
  }

  #deliver(packet: Ipv6Packet, device: Device, skb: StackSkb, owner = device): void {
    const accepted = this.#accepted(this.#netns.hooks.run(packet, { hook: "INPUT", in: device.name, skb }), packet, device, skb);
    if (accepted) owner.netns.deliver(accepted, owner, skb);
  }

  #forward(
    packet: Ipv6Packet,
    device: Device,
    skb: StackSkb,
    way: { readonly out: Device; readonly nextHop: Ipv6; readonly mtu: number },
  ): void {
    const { icmp6, hooks } = this.#netns;
    if (packet.hopLimit <= 1) {
      device.drop(packet, { kind: "ttl-exceeded" });
      return icmp6.sendTimeExceeded(packet, skb);
    }
    if (packetLength(packet) > way.mtu && !skb.reassembled) {
      device.drop(packet, { kind: "too-big", mtu: way.mtu });
      return icmp6.sendTooBig(packet, way.mtu, skb);
    }
    const aged: Ipv6Packet = { ...packet, hopLimit: packet.hopLimit - 1 };
    const accepted = this.#accepted(hooks.run(aged, { hook: "FORWARD", in: device.name, out: way.out.name, skb }), aged, device, skb);
    if (accepted) this.#leave(accepted, { ...way, type: "unicast" }, skb);
  }

  sendVia(route: OutputRoute6, outgoing: Outgoing6, companion?: Skb): Result<void, Errno> {
    const packet: Ipv6Packet = {
      kind: "ipv6",
      source: outgoing.source ?? route.source,
      destination: outgoing.destination === ANY_V6 ? route.nextHop : outgoing.destination,
      hopLimit: outgoing.ttl ?? (route.type === "multicast" ? 1 : this.#netns.settings.ipv6Of(route.out, "hop_limit")),
      payload: outgoing.payload,
    };
    return this.#output(packet, route, companion ? { ...companion, prerouted: false } : newStackSkb());
  }

  /** Sends in another's name, as a REJECT's RST. */
  sendForged(packet: Ipv6Packet, companion: Skb): void {
    const route = this.#netns.routing6.output(packet.destination);
    if (route.ok) this.#output(packet, route.value, { ...companion, prerouted: false });
  }

  /** As in ip.ts. */
  sendFor(packet: Ipv6Packet, out: Device): Result<void, Errno> {
    const route = this.#netns.routing6.output(packet.destination, { out });
    if (!route.ok) return route;
    const { type } = route.value;
    return type === "unicast" || type === "local" ? this.#output(packet, route.value, newStackSkb()) : fail("EINVAL");
  }

  /** Neighbour discovery knows its link and station itself; netfilter sees it all the same. */
  sendPrepared(packet: Ipv6Packet, out: Device, destination: Mac): void {
    const skb = newStackSkb();
    for (const hook of ["OUTPUT", "POSTROUTING"] as const) {
      if (!this.#accepted(this.#netns.hooks.run(packet, { hook, out: out.name, skb }), packet, out, skb)) return;
    }
    out.send({ source: out.mac, destination, payload: packet }, skb);
  }

  #output(packet: Ipv6Packet, first: OutputRoute6, skb: StackSkb): Result<void, Errno> {
    const verdict = this.#netns.hooks.run(packet, { hook: "OUTPUT", out: first.out.name, skb });
    const accepted = this.#accepted(verdict, packet, first.out, skb);
    if (!accepted) return refused(verdict);
    let route = first;
    if (accepted.destination !== packet.destination || accepted.source !== packet.source || skb.mark !== 0) {
      const source = this.#netns.ipv6.has(accepted.source) ? { source: accepted.source } : {};
      const again = this.#netns.routing6.output(accepted.destination, { ...source, mark: skb.mark });
      if (!again.ok) {
        first.out.drop(accepted, { kind: "no-route", destination: accepted.destination });
        return again;
      }
      route = again.value;
    }
    return this.#leave(accepted, route, skb);
  }

  #leave(packet: Ipv6Packet, way: Pick<OutputRoute6, "out" | "nextHop" | "mtu" | "type">, skb: StackSkb): Result<void, Errno> {
    const { out } = way;
    const verdict = this.#netns.hooks.run(packet, { hook: "POSTROUTING", out: out.name, skb });
    const accepted = this.#accepted(verdict, packet, out, skb);
    if (!accepted) return refused(verdict);
    for (const piece of this.#netns.fragments.cut6(accepted, way.mtu, this.#nextFragmentId)) {
      if (way.type === "multicast") out.send({ source: out.mac, destination: multicastMac6(piece.destination), payload: piece }, skb);
      else this.#netns.neighbours.output(out, way.nextHop, piece, skb);
    }
    this.#nextFragmentId = (this.#nextFragmentId + 1) >>> 0;
    return DONE;
  }

  #accepted(verdict: HookVerdict, packet: Ipv6Packet, device: Device, skb: StackSkb): Ipv6Packet | undefined {
    switch (verdict.kind) {
      case "accept":
        return verdict.packet.kind === "ipv6" ? verdict.packet : undefined;
      case "drop":
        device.drop(packet, verdict.reason);
        return undefined;
      case "reject":
        device.drop(packet, verdict.reason);
        this.#netns.icmp6.reject(packet, verdict.with, skb);
        return undefined;
    }
  }
}

function refused(verdict: HookVerdict): Result<void, Errno> {
  return verdict.kind === "reject" ? fail("EPERM") : DONE;
}
