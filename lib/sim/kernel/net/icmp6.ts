/**
 * ICMPv6: answering pings, telling senders why a packet went no further, and hearing it (RFC 4443; net/ipv6/icmp.c).
 * REJECT's answers are net/ipv6/netfilter/nf_reject_ipv6.c's. Errors are limited per peer, and less so the wider the route.
 */

import { invariant } from "@/lib/base/invariant";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V6, isMulticast } from "@/lib/sim/net/address";
import type { Icmp6, Ipv6Packet, UnreachableCode6 } from "@/lib/sim/net/frame";
import { IPV6_MINIMUM_MTU } from "@/lib/sim/net/length";
import { answeringSkb, newSkb, type Skb } from "../netfilter/hook";
import type { RejectWith } from "../netfilter/rule";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import { receiveAdvertisement, receiveSolicitation } from "./neighbour-discovery";
import type { StackSkb } from "./skb";
import type { IcmpErrorName } from "./socket";
import { resetFor } from "./tcp-reset";

/** net.ipv6.icmp.ratelimit. */
const RATE_LIMIT_MILLIS = 1_000;

const ERROR_NAMES = {
  "no-route": "net-unreachable",
  "admin-prohibited": "admin-prohibited",
  address: "host-unreachable",
  port: "port-unreachable",
} as const satisfies Record<UnreachableCode6, IcmpErrorName>;

const ERROR_NUMBERS = {
  "no-route": "ENETUNREACH",
  "admin-prohibited": "EACCES",
  address: "EHOSTUNREACH",
  port: "ECONNREFUSED",
} as const satisfies Record<UnreachableCode6, Errno>;

const REJECT_CODES: Partial<Record<RejectWith, UnreachableCode6>> = {
  "icmp6-no-route": "no-route",
  "icmp6-adm-prohibited": "admin-prohibited",
  "icmp6-addr-unreachable": "address",
  "icmp6-port-unreachable": "port",
};

export class Icmp6Layer {
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  receive(packet: Ipv6Packet, message: Icmp6, device: Device, skb: StackSkb): void {
    switch (message.type) {
      case "echo-request":
        return this.#answerEcho(packet, message);
      case "echo-reply":
        this.#netns.icmp
          .echoEndpoint(message.id)
          ?.heardReply({ source: packet.source, ttl: packet.hopLimit }, message.sequence, message.length);
        return;
      case "destination-unreachable":
        return this.#hear(packet, message.about, ERROR_NAMES[message.code], ERROR_NUMBERS[message.code], undefined);
      case "packet-too-big":
        this.#netns.pathMtus.learn(message.about.destination, Math.max(message.mtu, IPV6_MINIMUM_MTU));
        return this.#hear(packet, message.about, "fragmentation-needed", "EMSGSIZE", message.mtu);
      case "time-exceeded":
        return this.#hear(packet, message.about, "time-exceeded", "EHOSTUNREACH", undefined);
      case "neighbour-solicitation":
        return receiveSolicitation(device, packet, message, skb.sourceMac);
      case "neighbour-advertisement":
        return receiveAdvertisement(device, packet, message);
    }
  }

  sendUnreachable(about: Ipv6Packet, code: UnreachableCode6, skb: Skb | undefined): void {
    this.#sendError({ kind: "icmp6", type: "destination-unreachable", code, about }, about, skb);
  }

  sendTimeExceeded(about: Ipv6Packet, skb: Skb | undefined): void {
    this.#sendError({ kind: "icmp6", type: "time-exceeded", about }, about, skb);
  }

  sendTooBig(about: Ipv6Packet, mtu: number, skb: Skb | undefined): void {
    this.#sendError({ kind: "icmp6", type: "packet-too-big", mtu, about }, about, skb);
  }

  /** What a REJECT rule answers. */
  reject(packet: Ipv6Packet, kind: RejectWith, skb: Skb): void {
    if (kind !== "tcp-reset") {
      const code = REJECT_CODES[kind];
      invariant(code !== undefined, `an IPv6 rule does not reject with ${kind}`);
      return this.sendUnreachable(packet, code, skb);
    }
    if (packet.payload.kind !== "tcp" || packet.payload.flags.rst) return;
    this.#netns.ip6.sendForged(
      { kind: "ipv6", source: packet.destination, destination: packet.source, hopLimit: 64, payload: resetFor(packet.payload) },
      answeringSkb(skb),
    );
  }

  #answerEcho(packet: Ipv6Packet, request: Extract<Icmp6, { type: "echo-request" | "echo-reply" }>): void {
    if (this.#netns.settings.number("ipv6.icmp.echo_ignore_all") !== 0) return;
    const source = isMulticast(packet.destination) ? {} : { source: packet.destination };
    const route = this.#netns.routing6.output(packet.source, source);
    if (!route.ok) return;
    this.#netns.ip6.sendVia(route.value, {
      destination: packet.source,
      ...source,
      payload: { kind: "icmp6", type: "echo-reply", id: request.id, sequence: request.sequence, length: request.length },
    });
  }

  #hear(packet: Ipv6Packet, about: Ipv6Packet, name: IcmpErrorName, errno: Errno, mtu: number | undefined): void {
    const error = { name, errno, from: packet.source, ttl: packet.hopLimit, mtu };
    const { payload } = about;
    switch (payload.kind) {
      case "icmp6":
        if (payload.type === "echo-request") this.#netns.icmp.echoEndpoint(payload.id)?.heardError(payload.sequence, error);
        return;
      case "udp":
        return this.#netns.udp.heardError(about, payload, error);
      case "tcp":
        return this.#netns.tcp.heardError(about, payload, error);
      case "raw":
        return;
    }
  }

  #sendError(message: Icmp6, about: Ipv6Packet, skb: Skb | undefined): void {
    const { payload, source, destination } = about;
    if (payload.kind === "icmp6" && payload.type !== "echo-request" && payload.type !== "echo-reply") return;
    if (isMulticast(destination) || isMulticast(source) || source === ANY_V6) return;
    const { routing6, ip6, ipv6 } = this.#netns;
    const route = routing6.output(source, ipv6.has(destination) ? { source: destination } : {});
    if (!route.ok) return;
    const isLimited = message.type !== "packet-too-big" && route.value.out.kind !== "loopback";
    if (isLimited && !this.#netns.icmp.mayTell(source, RATE_LIMIT_MILLIS >> ((128 - route.value.prefixLength) >> 5))) return;
    ip6.sendVia(route.value, { destination: source, payload: message }, skb ? answeringSkb(skb) : newSkb());
  }
}
