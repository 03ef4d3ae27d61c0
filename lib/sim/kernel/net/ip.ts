/**
 * The IPv4 layer: the path of a packet through one namespace.
 *
 *     link ─▶ PREROUTING ─▶ routing ─┬─▶ INPUT ─▶ icmp, udp, tcp ─▶ sockets
 *                                    └─▶ FORWARD ─▶ POSTROUTING ─▶ link
 *     sockets ─▶ routing ─▶ OUTPUT (─▶ routing again, if changed) ─▶ POSTROUTING ─▶ link
 *
 * Modelled on net/ipv4/ip_input.c, ip_forward.c, ip_output.c and net/ipv4/netfilter.c (ip_route_me_harder). IP options do
 * not exist here, and a packet is never delivered to raw sockets.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V4, type Ipv4 } from "@/lib/sim/net/address";
import type { Frame, Ipv4Packet } from "@/lib/sim/net/frame";
import { packetLength } from "@/lib/sim/net/length";
import { BROADCAST, isUnicast, multicastMac } from "@/lib/sim/net/mac";
import type { HookVerdict, Skb } from "../netfilter/hook";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { OutputQuery, OutputRoute } from "./routing";
import { newStackSkb, type StackSkb } from "./skb";

/** What a transport asks to be sent. */
export type Outgoing = {
  readonly destination: Ipv4;
  readonly source?: Ipv4;
  readonly payload: Ipv4Packet["payload"];
  readonly ttl?: number;
  readonly tos?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** Bound to a link (SO_BINDTODEVICE). */
  readonly out?: Device;
};

export class IpLayer {
  readonly #netns: NetworkNamespace;
  #nextId: number;

  constructor(netns: NetworkNamespace, firstId: number) {
    this.#netns = netns;
    this.#nextId = firstId;
  }

  /** The identification of the next packet that is not one of a connection's. */
  takeId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }

  // --- in -------------------------------------------------------------------------------------------------------------
  /** ip_rcv. `passed`: the packet came over `lo` or through a bridge that filtered it, with what is known of it. */
  receive(device: Device, frame: Frame, arrived: Ipv4Packet, passed: StackSkb | undefined): void {
    const isOthers = isUnicast(frame.destination) && frame.destination !== device.mac && device.kind !== "loopback";
    if (isOthers) return device.drop(frame, { kind: "not-for-us" });

    let packet = arrived;
    if (packet.fragment) {
      const whole = this.#netns.fragments.gather(packet);
      if (!whole) return;
      packet = whole;
    }
    const skb = passed ?? newStackSkb(frame.source);
    if (!skb.prerouted) {
      const verdict = this.#netns.hooks.run(packet, { hook: "PREROUTING", in: device.name, skb });
      const accepted = this.#accepted(verdict, packet, device, skb);
      if (!accepted) return;
      packet = accepted;
    }
    const owner = device.handler?.ownerOf?.(packet);
    if (owner) return this.#deliver(packet, device, skb, owner);
    // What came over `lo` was routed on its way out.
    if (device.kind === "loopback" && packet.destination === arrived.destination) return this.#deliver(packet, device, skb);

    const decision = this.#netns.routing.input(packet, device, skb);
    if (!decision.ok) {
      device.drop(packet, decision.error.reason);
      if (decision.error.answer && frame.destination === device.mac) this.#netns.icmp.sendUnreachable(packet, decision.error.answer, skb);
      return;
    }
    if (decision.value.kind === "local") {
      const isStrange = decision.value.type === "multicast" && !this.#netns.vxlans.hasJoined(device, packet.destination);
      if (isStrange) return device.drop(packet, { kind: "not-for-us" });
      return this.#deliver(packet, device, skb);
    }
    if (frame.destination !== device.mac) return device.drop(packet, { kind: "not-for-us" });
    this.#forward(packet, device, skb, decision.value);
  }

  /** `owner`: the link, maybe of another namespace, whose sockets get it. */
  #deliver(packet: Ipv4Packet, device: Device, skb: StackSkb, owner = device): void {
    const verdict = this.#netns.hooks.run(packet, { hook: "INPUT", in: device.name, skb });
    const accepted = this.#accepted(verdict, packet, device, skb);
    if (accepted) owner.netns.deliver(accepted, owner, skb);
  }

  #forward(
    packet: Ipv4Packet,
    device: Device,
    skb: StackSkb,
    way: { readonly out: Device; readonly nextHop: Ipv4; readonly mtu: number; readonly redirects: boolean },
  ): void {
    const { icmp, hooks } = this.#netns;
    if (packet.ttl <= 1) {
      device.drop(packet, { kind: "ttl-exceeded" });
      return icmp.sendTimeExceeded(packet, skb);
    }
    if (packet.dontFragment && packetLength(packet) > way.mtu) {
      device.drop(packet, { kind: "too-big", mtu: way.mtu });
      return icmp.sendUnreachable(packet, "fragmentation-needed", skb, way.mtu);
    }
    if (way.redirects && way.nextHop !== packet.source) icmp.sendRedirect(packet, way.nextHop, skb);
    const aged: Ipv4Packet = { ...packet, ttl: packet.ttl - 1 };
    const verdict = hooks.run(aged, { hook: "FORWARD", in: device.name, out: way.out.name, skb });
    const accepted = this.#accepted(verdict, aged, device, skb);
    if (accepted) this.#leave(accepted, way.out, way.nextHop, "unicast", way.mtu, skb);
  }

  // --- out ------------------------------------------------------------------------------------------------------------
  /** Sends a packet of this host's own. EPERM when netfilter rejects it, as sendmsg(2) says. */
  send(outgoing: Outgoing): Result<void, Errno> {
    const query: OutputQuery = {
      ...(outgoing.source !== undefined ? { source: outgoing.source } : {}),
      ...(outgoing.out ? { out: outgoing.out } : {}),
    };
    const route = this.#netns.routing.output(outgoing.destination, query);
    if (!route.ok) return route;
    return this.sendVia(route.value, outgoing);
  }

  /** As `send`, when the way is known already. */
  sendVia(route: OutputRoute, outgoing: Outgoing, companion?: Skb): Result<void, Errno> {
    const packet: Ipv4Packet = {
      kind: "ipv4",
      source: outgoing.source ?? route.source,
      destination: outgoing.destination === ANY_V4 ? route.nextHop : outgoing.destination,
      ttl: outgoing.ttl ?? (route.type === "multicast" ? 1 : this.#netns.settings.number("ipv4.ip_default_ttl")),
      tos: outgoing.tos ?? 0,
      id: outgoing.id ?? this.takeId(),
      dontFragment: outgoing.dontFragment ?? false,
      payload: outgoing.payload,
    };
    return this.#output(packet, route, companion ? { ...companion, prerouted: false } : newStackSkb());
  }

  /** Sends a packet whose source need not be this host's (a RST in another's name, which REJECT makes). */
  sendForged(packet: Ipv4Packet, companion: Skb): void {
    const route = this.#netns.routing.output(packet.destination);
    if (route.ok) this.#output(packet, route.value, { ...companion, prerouted: false });
  }

  /** Routes a packet of a link that leaves this to the host (an ipvlan in l3 mode), and sends it out of `out`. */
  sendFor(packet: Ipv4Packet, out: Device): Result<void, Errno> {
    const route = this.#netns.routing.output(packet.destination, { out });
    if (!route.ok) return route;
    const { type } = route.value;
    return type === "unicast" || type === "local" ? this.#output(packet, route.value, newStackSkb()) : fail("EINVAL");
  }

  #output(packet: Ipv4Packet, first: OutputRoute, skb: StackSkb): Result<void, Errno> {
    const { hooks, routing, ipv4 } = this.#netns;
    const verdict = hooks.run(packet, { hook: "OUTPUT", out: first.out.name, skb });
    const accepted = this.#accepted(verdict, packet, first.out, skb);
    if (!accepted) return refused(verdict);
    let route = first;
    if (accepted.destination !== packet.destination || accepted.source !== packet.source || skb.mark !== 0) {
      const source = ipv4.has(accepted.source) || routing.isLocal(accepted.source) ? { source: accepted.source } : {};
      const again = routing.output(accepted.destination, { ...source, mark: skb.mark });
      if (!again.ok) {
        first.out.drop(accepted, { kind: "no-route", destination: accepted.destination });
        return again;
      }
      route = again.value;
    }
    return this.#leave(accepted, route.out, route.nextHop, route.type, route.mtu, skb);
  }

  #leave(packet: Ipv4Packet, out: Device, nextHop: Ipv4, type: OutputRoute["type"], mtu: number, skb: StackSkb): Result<void, Errno> {
    const verdict = this.#netns.hooks.run(packet, { hook: "POSTROUTING", out: out.name, skb });
    const accepted = this.#accepted(verdict, packet, out, skb);
    if (!accepted) return refused(verdict);
    if (packetLength(accepted) > mtu && accepted.dontFragment) {
      out.drop(accepted, { kind: "too-big", mtu });
      this.#netns.icmp.sendUnreachable(accepted, "fragmentation-needed", skb, mtu);
      return fail("EMSGSIZE");
    }
    const { fragments, neighbours } = this.#netns;
    for (const piece of fragments.cut(accepted, mtu)) {
      if (type === "unicast" || type === "local") neighbours.output(out, nextHop, piece, skb);
      else
        out.send({ source: out.mac, destination: type === "broadcast" ? BROADCAST : multicastMac(piece.destination), payload: piece }, skb);
    }
    return DONE;
  }

  /** The packet as netfilter leaves it, if it goes on. A REJECT is answered here. */
  #accepted(verdict: HookVerdict, packet: Ipv4Packet, device: Device, skb: StackSkb): Ipv4Packet | undefined {
    switch (verdict.kind) {
      case "accept":
        return verdict.packet.kind === "ipv4" ? verdict.packet : undefined;
      case "drop":
        device.drop(packet, verdict.reason);
        return undefined;
      case "reject":
        device.drop(packet, verdict.reason);
        this.#netns.icmp.reject(packet, verdict.with, skb);
        return undefined;
    }
  }
}

/** A sender is told of a REJECT; of a DROP in nf_tables it is not (measured on Linux 6.18). */
function refused(verdict: HookVerdict): Result<void, Errno> {
  return verdict.kind === "reject" ? fail("EPERM") : DONE;
}
