/**
 * ICMP: answering pings, telling senders why a packet went no further, and hearing it (RFC 792).
 *
 * Modelled on net/ipv4/icmp.c. Errors are limited per peer as Linux limits them (six at once, then one a second), which is
 * why `traceroute` shows stars on its way to a host that has just answered others. REJECT's answers are
 * net/ipv4/netfilter/nf_reject_ipv4.c's.
 */

import { invariant } from "@/lib/base/invariant";
import type { Errno } from "@/lib/sim/core/errno";
import { elapsed, type Instant, millis } from "@/lib/sim/core/time";
import { ANY_V4, BROADCAST_V4, type Ip, type Ipv4, isMulticast } from "@/lib/sim/net/address";
import type { Icmp, Ipv4Packet, UnreachableCode } from "@/lib/sim/net/frame";
import { answeringSkb, newSkb, type Skb } from "../netfilter/hook";
import type { RejectWith } from "../netfilter/rule";
import type { Device } from "./device";
import type { EchoEndpoint } from "./echo-socket";
import type { NetworkNamespace } from "./namespace";
import type { IcmpErrorName } from "./socket";
import { resetFor } from "./tcp-reset";

/** What an ICMP error says to the socket whose packet it is about. */
export type HeardError = {
  readonly name: IcmpErrorName;
  readonly errno: Errno;
  readonly from: Ip;
  readonly ttl: number;
  readonly mtu: number | undefined;
};

const BURST = 6;
/** "Internetwork control": what Linux sets on errors. */
const ERROR_TOS = 0xc0;

const ERROR_NAMES = {
  net: "net-unreachable",
  host: "host-unreachable",
  protocol: "protocol-unreachable",
  port: "port-unreachable",
  "fragmentation-needed": "fragmentation-needed",
  "net-prohibited": "net-prohibited",
  "host-prohibited": "host-prohibited",
  "admin-prohibited": "admin-prohibited",
} as const satisfies Record<UnreachableCode, IcmpErrorName>;

/** icmp_err_convert. */
const ERROR_NUMBERS = {
  "net-unreachable": "ENETUNREACH",
  "host-unreachable": "EHOSTUNREACH",
  "protocol-unreachable": "EPROTONOSUPPORT",
  "port-unreachable": "ECONNREFUSED",
  "fragmentation-needed": "EMSGSIZE",
  "net-prohibited": "ENETUNREACH",
  "host-prohibited": "EHOSTUNREACH",
  "admin-prohibited": "EHOSTUNREACH",
  "time-exceeded": "EHOSTUNREACH",
} as const satisfies Record<IcmpErrorName, Errno>;

const REJECT_CODES: Partial<Record<RejectWith, UnreachableCode>> = {
  "icmp-net-unreachable": "net",
  "icmp-host-unreachable": "host",
  "icmp-port-unreachable": "port",
  "icmp-proto-unreachable": "protocol",
  "icmp-net-prohibited": "net-prohibited",
  "icmp-host-prohibited": "host-prohibited",
  "icmp-admin-prohibited": "admin-prohibited",
};

export class IcmpLayer {
  readonly #netns: NetworkNamespace;
  readonly #echo = new Map<number, EchoEndpoint>();
  /** Per peer, how many errors it may still be told, and since when that is known. */
  readonly #allowances = new Map<Ip, { tokens: number; at: Instant }>();

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  receive(packet: Ipv4Packet, message: Icmp, device: Device): void {
    switch (message.type) {
      case "echo-request":
        return this.#answerEcho(packet, message, device);
      case "echo-reply": {
        this.#echo.get(message.id)?.heardReply(packet, message.sequence, message.length);
        return;
      }
      case "destination-unreachable":
        if (message.code === "fragmentation-needed" && message.mtu !== undefined)
          this.#netns.pathMtus.learn(message.about.destination, message.mtu);
        return this.#hear(packet, message.about, ERROR_NAMES[message.code], message.mtu);
      case "time-exceeded":
        return this.#hear(packet, message.about, "time-exceeded", undefined);
      case "redirect":
        // Hosts that forward do not accept redirects; others here keep to their tables too.
        return;
    }
  }

  /** `skb`: what goes along with the packet that the error is about. The error belongs to the same connection. */
  sendUnreachable(about: Ipv4Packet, code: UnreachableCode, skb: Skb | undefined, mtu?: number): void {
    const limited = code !== "fragmentation-needed";
    this.#sendError(
      { kind: "icmp", type: "destination-unreachable", code, ...(mtu !== undefined ? { mtu } : {}), about },
      about,
      skb,
      limited,
    );
  }

  sendTimeExceeded(about: Ipv4Packet, skb: Skb | undefined): void {
    this.#sendError({ kind: "icmp", type: "time-exceeded", about }, about, skb, true);
  }

  sendRedirect(about: Ipv4Packet, gateway: Ipv4, skb: Skb | undefined): void {
    this.#sendError({ kind: "icmp", type: "redirect", gateway, about }, about, skb, true);
  }

  /** What a REJECT rule answers. */
  reject(packet: Ipv4Packet, kind: RejectWith, skb: Skb): void {
    if (kind !== "tcp-reset") {
      const code = REJECT_CODES[kind];
      invariant(code !== undefined, `an IPv4 rule does not reject with ${kind}`);
      return this.sendUnreachable(packet, code, skb);
    }
    if (packet.payload.kind !== "tcp" || packet.payload.flags.rst) return;
    const reset = {
      kind: "ipv4",
      source: packet.destination,
      destination: packet.source,
      ttl: 64,
      tos: 0,
      id: 0,
      dontFragment: true,
      payload: resetFor(packet.payload),
    } as const;
    this.#netns.ip.sendForged(reset, answeringSkb(skb));
  }

  // --- echo sockets ---------------------------------------------------------------------------------------------------
  bindEcho(endpoint: EchoEndpoint, id: number): boolean {
    if (this.#echo.has(id)) return false;
    this.#echo.set(id, endpoint);
    return true;
  }

  unbindEcho(id: number): void {
    this.#echo.delete(id);
  }

  echoEndpoint(id: number): EchoEndpoint | undefined {
    return this.#echo.get(id);
  }

  #answerEcho(packet: Ipv4Packet, request: Extract<Icmp, { type: "echo-request" | "echo-reply" }>, device: Device): void {
    const { settings, routing } = this.#netns;
    if (settings.number("ipv4.icmp_echo_ignore_all") !== 0) return;
    const isForUs = routing.isLocal(packet.destination);
    if (!isForUs && settings.number("ipv4.icmp_echo_ignore_broadcasts") !== 0) return device.drop(packet, { kind: "not-for-us" });
    this.#netns.ip.send({
      destination: packet.source,
      ...(isForUs ? { source: packet.destination } : {}),
      tos: packet.tos,
      payload: { kind: "icmp", type: "echo-reply", id: request.id, sequence: request.sequence, length: request.length },
    });
  }

  #hear(packet: Ipv4Packet, about: Ipv4Packet, name: IcmpErrorName, mtu: number | undefined): void {
    const error: HeardError = { name, errno: ERROR_NUMBERS[name], from: packet.source, ttl: packet.ttl, mtu };
    const { payload } = about;
    switch (payload.kind) {
      case "icmp":
        if (payload.type === "echo-request") this.#echo.get(payload.id)?.heardError(payload.sequence, error);
        return;
      case "udp":
        return this.#netns.udp.heardError(about, payload, error);
      case "tcp":
        return this.#netns.tcp.heardError(about, payload, error);
      case "raw":
        return;
    }
  }

  /** icmp_send: never about an error, a group or a later fragment, and never to a group. */
  #sendError(message: Icmp, about: Ipv4Packet, skb: Skb | undefined, limited: boolean): void {
    const { payload, source, destination } = about;
    if (payload.kind === "icmp" && payload.type !== "echo-request" && payload.type !== "echo-reply") return;
    if (isMulticast(destination) || destination === BROADCAST_V4 || isMulticast(source) || source === BROADCAST_V4 || source === ANY_V4)
      return;
    if (about.fragment && about.fragment.offset > 0) return;
    const { routing, ip } = this.#netns;
    if (routing.addressType(destination) === "BROADCAST") return;
    const route = routing.output(source, routing.isLocal(destination) ? { source: destination } : {});
    if (!route.ok) return;
    if (limited && route.value.out.kind !== "loopback" && !this.mayTell(source, this.#netns.settings.number("ipv4.icmp_ratelimit"))) return;
    ip.sendVia(
      route.value,
      { destination: source, payload: message, tos: ERROR_TOS | (about.tos & 0x1e) },
      skb ? answeringSkb(skb) : newSkb(),
    );
  }

  /** inet_peer_xrlim_allow: six at once, then one each `span` milliseconds. */
  mayTell(peer: Ip, spanMillis: number): boolean {
    const span = millis(spanMillis);
    if (span <= 0) return true;
    const { now } = this.#netns.scheduler;
    const known = this.#allowances.get(peer) ?? { tokens: BURST * span, at: now };
    const tokens = Math.min(BURST * span, known.tokens + elapsed(known.at, now));
    const allowed = tokens >= span;
    this.#allowances.set(peer, { tokens: allowed ? tokens - span : tokens, at: now });
    return allowed;
  }
}
