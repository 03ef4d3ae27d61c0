/**
 * Frames in their wire form, with lengths and checksums filled in: what `tcpdump -x` shows and a capture file holds.
 *
 * IEEE 802.3, RFC 826, 791, 792, 768, 9293, 8200, 4443, 4861, 7348. What the values do not say is filled in with constants:
 * data of echo requests counts up, the URG pointer is 0, raw payloads are zeros.
 */

import { type Ip, isV4, toBigInt, v4ToNumber } from "./address";
import { encodeDns } from "./dns-wire";
import type {
  ArpPacket,
  Frame,
  Icmp,
  Icmp6,
  Ipv4Packet,
  Ipv6Packet,
  Tcp,
  Udp,
  UdpPayload,
  UnreachableCode,
  UnreachableCode6,
} from "./frame";
import { IPV6_MINIMUM_MTU, tcpHeaderLength } from "./length";
import type { Mac } from "./mac";

export { frameLength, packetLength } from "./length";

export const ETHERTYPES = { arp: 0x0806, ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100 } as const;
export const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

export function encodeFrame(frame: Frame): Uint8Array {
  const out: number[] = [];
  pushMac(out, frame.destination);
  pushMac(out, frame.source);
  for (let tag = frame.vlan; tag; tag = tag.inner) {
    push16(out, ETHERTYPES.vlan);
    push16(out, (tag.priority << 13) | tag.id);
  }
  push16(out, ETHERTYPES[frame.payload.kind]);
  pushAll(out, frame.payload.kind === "arp" ? encodeArp(frame.payload) : encodePacket(frame.payload));
  return Uint8Array.from(out);
}

export function encodePacket(packet: Ipv4Packet | Ipv6Packet): number[] {
  return packet.kind === "ipv4" ? encodeIpv4(packet) : encodeIpv6(packet);
}

function encodeArp(arp: ArpPacket): number[] {
  const out: number[] = [];
  for (const word of [1, ETHERTYPES.ipv4, 0x0604, arp.operation === "request" ? 1 : 2]) push16(out, word);
  pushMac(out, arp.senderMac);
  push32(out, v4ToNumber(arp.senderIp));
  pushMac(out, arp.targetMac);
  push32(out, v4ToNumber(arp.targetIp));
  return out;
}

function encodeIpv4(packet: Ipv4Packet): number[] {
  const { payload, fragment } = packet;
  const whole = encodeTransport(packet);
  const data = fragment ? whole.slice(fragment.offset, fragment.offset + fragment.length) : whole;
  const header: number[] = [0x45, packet.tos];
  push16(header, 20 + data.length);
  push16(header, packet.id);
  push16(header, (packet.dontFragment ? 0x4000 : 0) | (fragment?.moreFragments ? 0x2000 : 0) | ((fragment?.offset ?? 0) >> 3));
  header.push(packet.ttl, payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind]);
  push16(header, 0);
  push32(header, v4ToNumber(packet.source));
  push32(header, v4ToNumber(packet.destination));
  put16(header, 10, checksum(header));
  pushAll(header, data);
  return header;
}

function encodeIpv6(packet: Ipv6Packet): number[] {
  const { payload, fragment } = packet;
  const whole = encodeTransport(packet);
  const protocol = payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind];
  const data = fragment ? whole.slice(fragment.offset, fragment.offset + fragment.length) : whole;
  const out: number[] = [];
  push32(out, 0x60000000 + ((packet.trafficClass ?? 0) << 20));
  push16(out, data.length + (fragment ? 8 : 0));
  out.push(fragment ? 44 : protocol, packet.hopLimit);
  pushAddress(out, packet.source);
  pushAddress(out, packet.destination);
  if (fragment) {
    out.push(protocol, 0);
    push16(out, fragment.offset | (fragment.moreFragments ? 1 : 0));
    push32(out, fragment.id);
  }
  pushAll(out, data);
  return out;
}

function encodeTransport(packet: Ipv4Packet | Ipv6Packet): number[] {
  const { payload, source, destination } = packet;
  switch (payload.kind) {
    case "icmp":
      return encodeIcmp(payload);
    case "icmp6":
      return withChecksum(encodeIcmp6(payload), 2, source, destination, PROTOCOLS.icmp6);
    case "udp":
      return withChecksum(encodeUdp(payload), 6, source, destination, PROTOCOLS.udp);
    case "tcp":
      return withChecksum(encodeTcp(payload), 16, source, destination, PROTOCOLS.tcp);
    case "raw":
      return new Array<number>(payload.length).fill(0);
  }
}

const UNREACHABLE: Readonly<Record<UnreachableCode, number>> = {
  net: 0,
  host: 1,
  protocol: 2,
  port: 3,
  "fragmentation-needed": 4,
  "net-prohibited": 9,
  "host-prohibited": 10,
  "admin-prohibited": 13,
};

function encodeIcmp(message: Icmp): number[] {
  const out: number[] = [];
  switch (message.type) {
    case "echo-request":
    case "echo-reply":
      out.push(message.type === "echo-request" ? 8 : 0, 0, 0, 0);
      push16(out, message.id);
      push16(out, message.sequence);
      pushFilling(out, message.length);
      break;
    case "destination-unreachable":
      out.push(3, UNREACHABLE[message.code], 0, 0);
      push32(out, message.mtu ?? 0);
      pushAll(out, encodeIpv4(message.about).slice(0, 576 - 28));
      break;
    case "time-exceeded":
      out.push(11, 0, 0, 0);
      push32(out, 0);
      pushAll(out, encodeIpv4(message.about).slice(0, 576 - 28));
      break;
    case "redirect":
      out.push(5, 1, 0, 0);
      push32(out, v4ToNumber(message.gateway));
      pushAll(out, encodeIpv4(message.about).slice(0, 576 - 28));
      break;
  }
  put16(out, 2, checksum(out));
  return out;
}

const UNREACHABLE6: Readonly<Record<UnreachableCode6, number>> = { "no-route": 0, "admin-prohibited": 1, address: 3, port: 4 };

function encodeIcmp6(message: Icmp6): number[] {
  const out: number[] = [];
  switch (message.type) {
    case "echo-request":
    case "echo-reply":
      out.push(message.type === "echo-request" ? 128 : 129, 0, 0, 0);
      push16(out, message.id);
      push16(out, message.sequence);
      pushFilling(out, message.length);
      return out;
    case "destination-unreachable":
    case "packet-too-big":
    case "time-exceeded":
      if (message.type === "destination-unreachable") out.push(1, UNREACHABLE6[message.code], 0, 0);
      else out.push(message.type === "packet-too-big" ? 2 : 3, 0, 0, 0);
      push32(out, message.type === "packet-too-big" ? message.mtu : 0);
      pushAll(out, encodeIpv6(message.about).slice(0, IPV6_MINIMUM_MTU - 48));
      return out;
    case "neighbour-solicitation":
      out.push(135, 0, 0, 0);
      push32(out, 0);
      pushAddress(out, message.target);
      pushMacOption(out, 1, message.sourceMac);
      return out;
    case "neighbour-advertisement":
      out.push(136, 0, 0, 0);
      push32(out, (message.isRouter ? 0x80000000 : 0) + (message.isSolicited ? 0x40000000 : 0) + (message.isOverride ? 0x20000000 : 0));
      pushAddress(out, message.target);
      pushMacOption(out, 2, message.targetMac);
      return out;
  }
}

function encodeUdp(datagram: Udp): number[] {
  const data = encodeUdpPayload(datagram.payload);
  const out: number[] = [];
  for (const word of [datagram.sourcePort, datagram.destinationPort, 8 + data.length, 0]) push16(out, word);
  pushAll(out, data);
  return out;
}

export function encodeUdpPayload(payload: UdpPayload): number[] {
  switch (payload.kind) {
    case "text":
      return encodeText(payload.text);
    case "dns":
      return encodeDns(payload.message);
    case "vxlan": {
      const out = [0x08, 0, 0, 0, (payload.vni >>> 16) & 0xff, (payload.vni >>> 8) & 0xff, payload.vni & 0xff, 0];
      for (const byte of encodeFrame(payload.frame)) out.push(byte);
      return out;
    }
  }
}

function encodeTcp(segment: Tcp): number[] {
  const { flags } = segment;
  const out: number[] = [];
  push16(out, segment.sourcePort);
  push16(out, segment.destinationPort);
  push32(out, segment.sequence);
  push32(out, segment.acknowledgement);
  const bits = (flags.fin ? 1 : 0) | (flags.syn ? 2 : 0) | (flags.rst ? 4 : 0) | (flags.psh ? 8 : 0) | (flags.ack ? 16 : 0);
  out.push((tcpHeaderLength(segment) / 4) << 4, bits);
  push16(out, segment.window);
  push16(out, 0);
  push16(out, 0);
  if (segment.mss !== undefined) {
    out.push(2, 4);
    push16(out, segment.mss);
  }
  if (segment.timestamps) {
    if (segment.sackPermitted) out.push(4, 2);
    else out.push(1, 1);
    out.push(8, 10);
    push32(out, segment.timestamps.value);
    push32(out, segment.timestamps.echo);
  } else if (segment.sackPermitted) out.push(1, 1, 4, 2);
  if (segment.windowScale !== undefined) out.push(1, 3, 3, segment.windowScale);
  pushAll(out, encodeText(segment.text));
  return out;
}

/** UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeText(text: string): number[] {
  const out: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return out;
}

function withChecksum(segment: number[], at: number, source: Ip, destination: Ip, protocol: number): number[] {
  const pseudo: number[] = [];
  pushAddress(pseudo, source);
  pushAddress(pseudo, destination);
  push32(pseudo, segment.length);
  push32(pseudo, protocol);
  pushAll(pseudo, segment);
  const sum = checksum(pseudo);
  put16(segment, at, protocol === PROTOCOLS.udp && sum === 0 ? 0xffff : sum);
  return segment;
}

/** RFC 1071. */
export function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function pushMac(out: number[], mac: Mac): void {
  for (const octet of mac.split(":")) out.push(Number.parseInt(octet, 16));
}

function pushMacOption(out: number[], type: number, mac: Mac | undefined): void {
  if (mac === undefined) return;
  out.push(type, 1);
  pushMac(out, mac);
}

function pushAddress(out: number[], address: Ip): void {
  if (isV4(address)) return push32(out, v4ToNumber(address));
  const value = toBigInt(address);
  for (let shift = 112n; shift >= 0n; shift -= 16n) push16(out, Number((value >> shift) & 0xffffn));
}

function pushFilling(out: number[], length: number): void {
  for (let i = 0; i < length; i++) out.push(i & 0xff);
}

function pushAll(out: number[], bytes: readonly number[]): void {
  for (const byte of bytes) out.push(byte);
}

function push16(out: number[], word: number): void {
  out.push((word >>> 8) & 0xff, word & 0xff);
}

function push32(out: number[], word: number): void {
  push16(out, Math.floor(word / 0x10000) & 0xffff);
  push16(out, word & 0xffff);
}

function put16(out: number[], at: number, word: number): void {
  out[at] = (word >>> 8) & 0xff;
  out[at + 1] = word & 0xff;
}
