/**
 * Frames and packets as values. They are what travels: immutable, plain, printable, and encodable to bytes (encode.ts).
 *
 * Payload text is Unicode; its length on the wire is that of its UTF-8 form. Checksums are not carried: nothing corrupts
 * a frame here. Encoding fills them in.
 */

import type { Ipv4, Ipv6 } from "./address";
import type { DnsMessage } from "./dns";
import type { Mac } from "./mac";

/** An Ethernet frame (IEEE 802.3, type-encapsulated). */
export type Frame = {
  readonly source: Mac;
  readonly destination: Mac;
  /** 802.1Q tag, when there is one. */
  readonly vlan?: VlanTag;
  readonly payload: ArpPacket | Ipv4Packet | Ipv6Packet;
};

/** An IEEE 802.1Q tag. `inner`: the one behind it, of a VLAN inside a VLAN. */
export type VlanTag = { readonly id: number; readonly priority: number; readonly inner?: VlanTag };

/** RFC 826, for IPv4 over Ethernet. */
export type ArpPacket = {
  readonly kind: "arp";
  readonly operation: "request" | "reply";
  readonly senderMac: Mac;
  readonly senderIp: Ipv4;
  readonly targetMac: Mac;
  readonly targetIp: Ipv4;
};

/**
 * RFC 791. A fragment carries the whole packet's payload as a value, and says which bytes of it are really in it; only what
 * reassembles and what prints or encodes looks at that.
 */
export type Ipv4Packet = {
  readonly kind: "ipv4";
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly ttl: number;
  readonly tos: number;
  readonly id: number;
  readonly dontFragment: boolean;
  /** Only on fragments: where its bytes lie in the payload. */
  readonly fragment?: { readonly offset: number; readonly length: number; readonly moreFragments: boolean };
  readonly payload: Icmp | Udp | Tcp | RawIp;
};

/** RFC 8200. The fragment header is modelled as in IPv4. */
export type Ipv6Packet = {
  readonly kind: "ipv6";
  readonly source: Ipv6;
  readonly destination: Ipv6;
  readonly hopLimit: number;
  readonly trafficClass?: number;
  readonly fragment?: { readonly id: number; readonly offset: number; readonly length: number; readonly moreFragments: boolean };
  readonly payload: Icmp6 | Udp | Tcp | RawIp;
};

export type IpPacket = Ipv4Packet | Ipv6Packet;

/** RFC 792. */
export type Icmp =
  | {
      readonly kind: "icmp";
      readonly type: "echo-request" | "echo-reply";
      readonly id: number;
      readonly sequence: number;
      readonly length: number;
    }
  | {
      readonly kind: "icmp";
      readonly type: "destination-unreachable";
      readonly code: UnreachableCode;
      readonly mtu?: number;
      readonly about: Ipv4Packet;
    }
  | { readonly kind: "icmp"; readonly type: "time-exceeded"; readonly about: Ipv4Packet }
  | { readonly kind: "icmp"; readonly type: "redirect"; readonly gateway: Ipv4; readonly about: Ipv4Packet };

export type UnreachableCode =
  | "net"
  | "host"
  | "protocol"
  | "port"
  | "fragmentation-needed"
  | "net-prohibited"
  | "host-prohibited"
  | "admin-prohibited";

/** RFC 4443, and neighbour discovery (RFC 4861). */
export type Icmp6 =
  | {
      readonly kind: "icmp6";
      readonly type: "echo-request" | "echo-reply";
      readonly id: number;
      readonly sequence: number;
      readonly length: number;
    }
  | { readonly kind: "icmp6"; readonly type: "destination-unreachable"; readonly code: UnreachableCode6; readonly about: Ipv6Packet }
  | { readonly kind: "icmp6"; readonly type: "packet-too-big"; readonly mtu: number; readonly about: Ipv6Packet }
  | { readonly kind: "icmp6"; readonly type: "time-exceeded"; readonly about: Ipv6Packet }
  | { readonly kind: "icmp6"; readonly type: "neighbour-solicitation"; readonly target: Ipv6; readonly sourceMac?: Mac }
  | {
      readonly kind: "icmp6";
      readonly type: "neighbour-advertisement";
      readonly target: Ipv6;
      readonly targetMac?: Mac;
      readonly isRouter: boolean;
      readonly isSolicited: boolean;
      readonly isOverride: boolean;
    };

export type UnreachableCode6 = "no-route" | "admin-prohibited" | "address" | "port";

/** RFC 768. */
export type Udp = {
  readonly kind: "udp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: UdpPayload;
};

export type UdpPayload =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "dns"; readonly message: DnsMessage }
  | { readonly kind: "vxlan"; readonly vni: number; readonly frame: Frame };

/** RFC 9293. Sequence numbers are 32 bits and wrap. */
export type Tcp = {
  readonly kind: "tcp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: TcpFlags;
  readonly window: number;
  /** Only on SYN segments: these three. */
  readonly mss?: number;
  readonly windowScale?: number;
  readonly sackPermitted?: true;
  /** RFC 7323, milliseconds. */
  readonly timestamps?: { readonly value: number; readonly echo: number };
  readonly text: string;
};

export type TcpFlags = { readonly syn?: true; readonly ack?: true; readonly fin?: true; readonly rst?: true; readonly psh?: true };

/** Any other IP protocol, by number (ESP is 50), `length` bytes long. */
export type RawIp = { readonly kind: "raw"; readonly protocol: number; readonly length: number };
