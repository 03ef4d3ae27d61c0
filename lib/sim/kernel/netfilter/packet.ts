/**
 * What netfilter reads of a packet: protocol number, ports, ICMP type, length (struct iphdr and what follows it), and how
 * NAT writes a new address or port into one (nf_nat_proto.c). Learners see these in `iptables -nvL` and `conntrack -L`.
 *
 * Numbers are IANA's. Differs from Linux: packets here are whole (as after nf_defrag_ipv4), and of ICMPv6 only the name of its type is known.
 */

import type { Ip } from "@/lib/sim/net/address";
import type { Icmp, Icmp6, IpPacket, Ipv4Packet, TcpFlags, UnreachableCode } from "@/lib/sim/net/frame";
import { packetLength } from "@/lib/sim/net/length";

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

export type IcmpFacts = { readonly type: number; readonly code: number; readonly id: number | undefined };

export type PacketFacts = {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: number;
  /** Of TCP and UDP. */
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
  readonly tcpFlags: TcpFlags | undefined;
  readonly icmp: IcmpFacts | undefined;
  /** Length of the whole packet, as the IP header says. */
  readonly bytes: number;
};

export function factsOf(packet: IpPacket): PacketFacts {
  const { source, destination, payload } = packet;
  const bytes = packetLength(packet);
  const base = { source, destination, bytes, sourcePort: undefined, destinationPort: undefined, tcpFlags: undefined, icmp: undefined };
  switch (payload.kind) {
    case "tcp":
      return { ...base, protocol: TCP, sourcePort: payload.sourcePort, destinationPort: payload.destinationPort, tcpFlags: payload.flags };
    case "udp":
      return { ...base, protocol: UDP, sourcePort: payload.sourcePort, destinationPort: payload.destinationPort };
    case "icmp":
      return { ...base, protocol: ICMP, icmp: icmpFacts(payload) };
    case "icmp6":
      return { ...base, protocol: ICMPV6, icmp: icmp6Facts(payload) };
    case "raw":
      return { ...base, protocol: payload.protocol };
  }
}

/** The packet that an ICMP error is about. */
export function packetInError(packet: IpPacket): Ipv4Packet | undefined {
  const { payload } = packet;
  return payload.kind === "icmp" && "about" in payload ? payload.about : undefined;
}

/** One side of a packet as NAT sees it: its address, and its port or (for an echo, either side) identifier. */
export type Endpoint = { readonly address: Ip; readonly port: number };

/** The packet with its source, or its destination, replaced. */
export function rewritten<P extends IpPacket>(packet: P, side: "source" | "destination", to: Endpoint): P {
  const key = side === "source" ? "sourcePort" : "destinationPort";
  const { payload } = packet;
  switch (payload.kind) {
    case "tcp":
    case "udp":
      return { ...packet, [side]: to.address, payload: { ...payload, [key]: to.port } };
    case "icmp":
      // An echo's identifier belongs to its sender; destination NAT never changes it.
      return { ...packet, [side]: to.address, payload: "id" in payload ? { ...payload, id: to.port } : payload };
    case "icmp6":
    case "raw":
      return { ...packet, [side]: to.address };
  }
}

/** An ICMP error with another packet inside. */
export function aboutAnother(packet: IpPacket, about: Ipv4Packet): IpPacket {
  if (packet.kind !== "ipv4" || packet.payload.kind !== "icmp" || !("about" in packet.payload)) return packet;
  return { ...packet, payload: { ...packet.payload, about } };
}

const UNREACHABLE_CODES = {
  net: 0,
  host: 1,
  protocol: 2,
  port: 3,
  "fragmentation-needed": 4,
  "net-prohibited": 9,
  "host-prohibited": 10,
  "admin-prohibited": 13,
} as const satisfies Record<UnreachableCode, number>;

function icmpFacts(icmp: Icmp): IcmpFacts {
  switch (icmp.type) {
    case "echo-reply":
      return { type: 0, code: 0, id: icmp.id };
    case "echo-request":
      return { type: 8, code: 0, id: icmp.id };
    case "destination-unreachable":
      return { type: 3, code: UNREACHABLE_CODES[icmp.code], id: undefined };
    case "redirect":
      return { type: 5, code: 1, id: undefined };
    case "time-exceeded":
      return { type: 11, code: 0, id: undefined };
  }
}

const ICMPV6_TYPES: ReadonlyMap<string, number> = new Map([
  ["destination-unreachable", 1],
  ["packet-too-big", 2],
  ["time-exceeded", 3],
  ["echo-request", 128],
  ["echo-reply", 129],
  ["router-solicitation", 133],
  ["router-advertisement", 134],
  ["neighbour-solicitation", 135],
  ["neighbour-advertisement", 136],
]);

function icmp6Facts(icmp: Icmp6): IcmpFacts {
  return { type: ICMPV6_TYPES.get(icmp.type) ?? 0, code: 0, id: undefined };
}
