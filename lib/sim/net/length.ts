/**
 * Lengths on the wire of frames and what is in them, as interface counters, `tcpdump`'s `length` and MTU checks see them.
 *
 * RFC 791, 792, 768, 9293, 1035. Text counts as UTF-8. A frame's length is without preamble, padding and FCS, as Linux counts.
 */

import { dnsLength } from "./dns-wire";
import type { Frame, Icmp, Icmp6, IpPacket, RawIp, Tcp, Udp, UdpPayload } from "./frame";
import { tagsLength } from "./vlan";

export const ETHERNET_HEADER = 14;
export const IPV4_HEADER = 20;
export const IPV6_HEADER = 40;
export const IPV6_FRAGMENT_HEADER = 8;
export const IPV6_MINIMUM_MTU = 1_280;
const VXLAN_HEADER = 8;
/** What an ICMP error quotes is cut so that the whole packet has at most this many bytes (RFC 1812, 4.3.2.3). */
const ICMP_ERROR_LIMIT = 576;

/** Bytes of UTF-8. A lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      length += 2;
      i++;
    } else length += 2;
  }
  return length;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

export function frameLength(frame: Frame): number {
  return ETHERNET_HEADER + tagsLength(frame) + (frame.payload.kind === "arp" ? 28 : packetLength(frame.payload));
}

/** The IP packet with its header; of a fragment only what it carries. */
export function packetLength(packet: IpPacket): number {
  if (packet.kind === "ipv6")
    return IPV6_HEADER + (packet.fragment ? IPV6_FRAGMENT_HEADER + packet.fragment.length : payloadLength(packet.payload));
  return IPV4_HEADER + (packet.fragment ? packet.fragment.length : payloadLength(packet.payload));
}

/** The transport's header and data. */
export function payloadLength(payload: Icmp | Icmp6 | Udp | Tcp | RawIp): number {
  switch (payload.kind) {
    case "icmp":
      return icmpLength(payload);
    case "icmp6":
      return icmp6Length(payload);
    case "udp":
      return 8 + udpPayloadLength(payload.payload);
    case "tcp":
      return tcpHeaderLength(payload) + utf8Length(payload.text);
    case "raw":
      return payload.length;
  }
}

export function udpPayloadLength(payload: UdpPayload): number {
  switch (payload.kind) {
    case "text":
      return utf8Length(payload.text);
    case "dns":
      return dnsLength(payload.message);
    case "vxlan":
      return VXLAN_HEADER + frameLength(payload.frame);
  }
}

/** The fixed header and the options that Linux sends, padded with no-operations. */
export function tcpHeaderLength(segment: Tcp): number {
  let options = 0;
  if (segment.mss !== undefined) options += 4;
  // A SYN's SACK-permitted (2) fills the two bytes before the time stamps (10) that other segments leave to two NOPs.
  if (segment.timestamps) options += 12;
  else if (segment.sackPermitted) options += 4;
  if (segment.windowScale !== undefined) options += 4;
  return 20 + options;
}

export function icmpLength(message: Icmp): number {
  switch (message.type) {
    case "echo-request":
    case "echo-reply":
      return 8 + message.length;
    case "destination-unreachable":
    case "time-exceeded":
    case "redirect":
      return 8 + Math.min(packetLength(message.about), ICMP_ERROR_LIMIT - IPV4_HEADER - 8);
  }
}

export function icmp6Length(message: Icmp6): number {
  switch (message.type) {
    case "echo-request":
    case "echo-reply":
      return 8 + message.length;
    case "destination-unreachable":
    case "packet-too-big":
    case "time-exceeded":
      return 8 + Math.min(packetLength(message.about), IPV6_MINIMUM_MTU - IPV6_HEADER - 8);
    case "neighbour-solicitation":
      return 24 + (message.sourceMac === undefined ? 0 : 8);
    case "neighbour-advertisement":
      return 24 + (message.targetMac === undefined ? 0 : 8);
  }
}
