/**
 * Where the IP stack and netfilter meet. The stack calls `run` at each hook with the packet and its companion `Skb`; the
 * hook may change the packet (NAT), let it go on or end it.
 */

import type { IpPacket } from "@/lib/sim/net/frame";
import type { Mac } from "@/lib/sim/net/mac";
import type { DropReason } from "../trace";
import { attachAnswer } from "./conntrack";
import type { AddressType, HookName, RejectWith } from "./rule";

/**
 * What goes along with a packet while it is inside one namespace (struct sk_buff). A new one at each namespace; the same one
 * when a packet comes round through `lo`, or its connection would be taken for two. A packet that the stack makes in answer
 * to another (an ICMP error, a RST of REJECT) gets `answeringSkb` of the other's.
 */
export type Skb = {
  /** Set by MARK, read by `-m mark` and `ip rule fwmark`. */
  mark: number;
  /** The conntrack entry and direction that this packet belongs to; netfilter's own. */
  connection: unknown;
  /** Set by NOTRACK. */
  untracked: boolean;
  sourceMac?: Mac;
  /** Bridge ports, when the packet came through or goes out of a bridge. */
  physIn?: string;
  physOut?: string;
};

export function newSkb(): Skb {
  return { mark: 0, connection: undefined, untracked: false };
}

/** The companion of a packet that answers another one on this host's behalf (nf_ct_attach): it belongs to the same connection. */
export function answeringSkb(to: Skb): Skb {
  const skb = newSkb();
  attachAnswer(skb, to);
  return skb;
}

export type HookContext = {
  readonly hook: HookName;
  /** Interface names; absent where there is none (OUTPUT has no in, PREROUTING and INPUT no out). */
  readonly in?: string;
  readonly out?: string;
  readonly skb: Skb;
};

export type HookVerdict =
  | { readonly kind: "accept"; readonly packet: IpPacket }
  | { readonly kind: "drop"; readonly reason: DropReason }
  /** The stack answers the sender as `with` says, then drops. */
  | { readonly kind: "reject"; readonly with: RejectWith; readonly reason: DropReason };

/** The hooks of one namespace as the stack sees them. */
export interface PacketHooks {
  run(packet: IpPacket, context: HookContext): HookVerdict;
}

/** What netfilter must ask of the stack it sits in. */
export interface StackForHooks {
  /** The kind of an address here (fib lookup), for `-m addrtype`. */
  addressType(address: string, onlyInterface?: string): AddressType;
  /** The address that MASQUERADE uses: the primary one of `link` in scope for `destination`. */
  sourceAddressOf(link: string, destination: string): string | undefined;
  /** net.ipv4.ip_local_port_range and the ports that a local socket has bound, to pick a free one for SNAT. */
  isPortTaken(protocol: "tcp" | "udp", address: string, port: number): boolean;
  /** The MTU of a link, for `TCPMSS --clamp-mss-to-pmtu`. */
  mtuOf(link: string): number | undefined;
}
