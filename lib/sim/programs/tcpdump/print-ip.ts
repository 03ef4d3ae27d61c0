/** IP packets and what is in them, in tcpdump's words (print-ip.c, print-ip6.c, print-tcp.c, print-udp.c, print-icmp.c, print-icmp6.c). */

import { type Ip, isV4, toBigInt, v4ToNumber } from "@/lib/sim/net/address";
import { checksum, encodePacket, PROTOCOLS } from "@/lib/sim/net/encode";
import type { Icmp, Icmp6, IpPacket, Ipv4Packet, Ipv6Packet, Tcp, Udp, UnreachableCode, UnreachableCode6 } from "@/lib/sim/net/frame";
import {
  icmp6Length,
  icmpLength,
  IPV4_HEADER,
  IPV6_HEADER,
  packetLength,
  payloadLength,
  udpPayloadLength,
  utf8Length,
} from "@/lib/sim/net/length";
import { printDns } from "./print-dns";
import { printEthernet } from "./print-ether";
import type { Style } from "./style";

const DNS_PORTS = new Set([53, 5_353]);
const HTTP_PORTS = new Set([80, 8_080, 3_128]);
const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: "ICMP", 6: "TCP", 17: "UDP", 50: "ESP", 58: "ICMPv6" };

/** After `IP ` or the link header. */
export function printIpv4(packet: Ipv4Packet, style: Style): string {
  if (style.verbosity === 0) return printBody(packet, style);
  return `${ipv4Header(packet)}\n    ${printBody(packet, style)}`;
}

export function printIpv6(packet: Ipv6Packet, style: Style): string {
  if (style.verbosity === 0) return printBody(packet, style);
  const protocol = packet.payload.kind === "raw" ? packet.payload.protocol : PROTOCOLS[packet.payload.kind];
  const name = PROTOCOL_NAMES[protocol] ?? "unknown";
  return `(hlim ${packet.hopLimit}, next-header ${name} (${protocol}), payload length ${packetLength(packet) - IPV6_HEADER}) ${printBody(packet, style)}`;
}

function ipv4Header(packet: Ipv4Packet): string {
  const { fragment, payload } = packet;
  const protocol = payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind];
  const flags = [...(fragment?.moreFragments ? ["+"] : []), ...(packet.dontFragment ? ["DF"] : [])].join(", ") || "none";
  const name = PROTOCOL_NAMES[protocol];
  const shown = name === undefined ? `unknown (${protocol})` : `${name} (${protocol})`;
  return `(tos 0x${packet.tos.toString(16)}, ttl ${packet.ttl}, id ${packet.id}, offset ${fragment?.offset ?? 0}, flags [${flags}], proto ${shown}, length ${packetLength(packet)})`;
}

function printBody(packet: IpPacket, style: Style): string {
  const { payload, fragment } = packet;
  const ends = `${style.names.host(packet.source)} > ${style.names.host(packet.destination)}`;
  if (fragment && fragment.offset > 0) {
    if (packet.kind === "ipv6") return `${ends}: frag (${fragment.offset}|${fragment.length})`;
    const protocol = payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind];
    return `${ends}: ${style.names.isNumeric ? `ip-proto-${protocol}` : (PROTOCOL_NAMES[protocol] ?? `ip-proto-${protocol}`).toLowerCase()}`;
  }
  switch (payload.kind) {
    case "tcp":
      return printTcp(packet, payload, style);
    case "udp":
      return printUdp(packet, payload, style);
    case "icmp":
      return `${ends}: ${printIcmp(payload, fragment ? fragment.length : icmpLength(payload), style)}`;
    case "icmp6":
      return `${ends}: ${style.verbosity > 0 && !style.ignoresChecksums ? "[icmp6 sum ok] " : ""}${printIcmp6(payload, style)}`;
    case "raw":
      return payload.protocol === 50
        ? `${ends}: ESP(spi=0x00000000,seq=0x0), length ${payload.length}`
        : `${ends}: ip-proto-${payload.protocol} ${payload.length}`;
  }
}

// --- TCP --------------------------------------------------------------------------------------------------------------
function printTcp(packet: IpPacket, segment: Tcp, style: Style): string {
  const { names, verbosity } = style;
  const ends = `${names.host(packet.source)}.${names.port(segment.sourcePort, "tcp")} > ${names.host(packet.destination)}.${names.port(segment.destinationPort, "tcp")}`;
  const length = utf8Length(segment.text);
  if (style.isQuick) return `${ends}: tcp ${length}`;
  const { flags } = segment;
  const shown = style.absoluteSequences ? segment : style.conversations.relative(packet.source, packet.destination, segment);
  let text = `${ends}: Flags [${flagLetters(flags)}]`;
  if (verbosity > 0 && !style.ignoresChecksums) text += `, cksum ${checksums(packet, 16).text("incorrect")}`;
  if (length > 0 || flags.syn || flags.fin || flags.rst) {
    text += `, seq ${shown.sequence}`;
    if (length > 0) text += `:${(shown.sequence + length) >>> 0}`;
  }
  if (flags.ack) text += `, ack ${shown.acknowledgement}`;
  text += `, win ${segment.window}`;
  const options = tcpOptions(segment);
  if (options.length > 0) text += `, options [${options.join(",")}]`;
  text += `, length ${length}`;
  const isHttp = HTTP_PORTS.has(segment.sourcePort) || HTTP_PORTS.has(segment.destinationPort);
  return length > 0 && isHttp ? text + printHttp(segment.text, length, verbosity) : text;
}

function flagLetters(flags: Tcp["flags"]): string {
  return `${flags.fin ? "F" : ""}${flags.syn ? "S" : ""}${flags.rst ? "R" : ""}${flags.psh ? "P" : ""}${flags.ack ? "." : ""}` || "none";
}

function tcpOptions(segment: Tcp): string[] {
  const options: string[] = [];
  if (segment.mss !== undefined) options.push(`mss ${segment.mss}`);
  if (segment.sackPermitted) options.push("sackOK");
  if (segment.timestamps) {
    if (!segment.sackPermitted) options.push("nop", "nop");
    options.push(`TS val ${segment.timestamps.value} ecr ${segment.timestamps.echo}`);
  }
  if (segment.windowScale !== undefined) options.push("nop", `wscale ${segment.windowScale}`);
  return options;
}

/** Only the first line unless verbose, and only when it is a request's or a response's (print-http.c, txtproto_print). */
function printHttp(text: string, length: number, verbosity: number): string {
  const isHead = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|HTTP\/)/.test(text);
  if (!isHead) return ": HTTP";
  const head = text.split("\r\n\r\n")[0] ?? text;
  const lines = head.split("\r\n");
  if (verbosity === 0) return `: HTTP: ${lines[0]}`;
  return `: HTTP, length: ${length}\n${[...lines, ""].map((line) => `\t${line}`).join("\n")}`;
}

// --- UDP --------------------------------------------------------------------------------------------------------------
function printUdp(packet: IpPacket, datagram: Udp, style: Style): string {
  const { names, verbosity } = style;
  const { payload, sourcePort, destinationPort } = datagram;
  const ends = `${names.host(packet.source)}.${names.port(sourcePort, "udp")} > ${names.host(packet.destination)}.${names.port(destinationPort, "udp")}`;
  const length = udpPayloadLength(payload);
  if (style.isQuick) return `${ends}: UDP, length ${length}`;
  const sum = verbosity > 1 && !style.ignoresChecksums ? `[${checksums(packet, 6).text("udp")}] ` : "";
  const isDns = payload.kind === "dns" && (DNS_PORTS.has(sourcePort) || DNS_PORTS.has(destinationPort));
  if (isDns) return `${ends}: ${sum}${printDns(payload.message, verbosity)}`;
  if (payload.kind === "vxlan") {
    return `${ends}: VXLAN, flags [I] (0x08), vni ${payload.vni}\n${printEthernet(payload.frame, style)}`;
  }
  return `${ends}: ${sum}UDP, length ${length}`;
}

/**
 * The checksum as it would be on a virtual link, where only the pseudo-header is summed up (the card would do the rest), and
 * the right one.
 */
function checksums(packet: IpPacket, at: number): { text(style: "incorrect" | "udp"): string } {
  const bytes = encodePacket(packet.kind === "ipv4" ? withoutFragment(packet) : packet);
  const start = packet.kind === "ipv4" ? IPV4_HEADER : IPV6_HEADER;
  const right = ((bytes[start + at] ?? 0) << 8) | (bytes[start + at + 1] ?? 0);
  const pseudo: number[] = [];
  for (const address of [packet.source, packet.destination]) pushAddress(pseudo, address);
  const length = payloadLength(packet.payload);
  const protocol = packet.payload.kind === "tcp" ? PROTOCOLS.tcp : PROTOCOLS.udp;
  pseudo.push(0, protocol, length >>> 8, length & 0xff);
  const partial = ~checksum(pseudo) & 0xffff;
  const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
  return {
    text: (style) => (style === "udp" ? `bad udp cksum ${hex(partial)} -> ${hex(right)}!` : `${hex(partial)} (incorrect -> ${hex(right)})`),
  };
}

function withoutFragment(packet: Ipv4Packet): Ipv4Packet {
  const { fragment: _, ...whole } = packet;
  return whole;
}

function pushAddress(out: number[], address: Ip): void {
  if (isV4(address)) {
    const value = v4ToNumber(address);
    out.push(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
    return;
  }
  const value = toBigInt(address);
  for (let shift = 120n; shift >= 0n; shift -= 8n) out.push(Number((value >> shift) & 255n));
}

// --- ICMP -------------------------------------------------------------------------------------------------------------
function printIcmp(message: Icmp, length: number, style: Style): string {
  if (!("about" in message)) {
    return `ICMP echo ${message.type === "echo-request" ? "request" : "reply"}, id ${message.id}, seq ${message.sequence}, length ${length}`;
  }
  const inner = style.verbosity > 0 ? `\n\tIP ${printIpv4(message.about, style)}` : "";
  switch (message.type) {
    case "destination-unreachable":
      return `ICMP ${unreachable(message.code, message.about, message.mtu, style)}, length ${length}${inner}`;
    case "time-exceeded":
      return `ICMP time exceeded in-transit, length ${length}${inner}`;
    case "redirect":
      return `ICMP redirect ${style.names.host(message.about.destination)} to host ${style.names.host(message.gateway)}, length ${length}${inner}`;
  }
}

function unreachable(code: UnreachableCode, about: Ipv4Packet, mtu: number | undefined, style: Style): string {
  const host = style.names.host(about.destination);
  const { payload } = about;
  switch (code) {
    case "net":
      return `net ${host} unreachable`;
    case "host":
      return `host ${host} unreachable`;
    case "protocol":
      return `${host} protocol ${payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind]} unreachable`;
    case "port":
      if (payload.kind === "tcp" || payload.kind === "udp")
        return `${host} ${payload.kind} port ${style.names.port(payload.destinationPort, payload.kind)} unreachable`;
      return `${host} protocol ${payload.kind === "raw" ? payload.protocol : PROTOCOLS[payload.kind]} port 0 unreachable`;
    case "fragmentation-needed":
      return `${host} unreachable - need to frag (mtu ${mtu ?? 0})`;
    case "net-prohibited":
      return `net ${host} unreachable - admin prohibited`;
    case "host-prohibited":
      return `host ${host} unreachable - admin prohibited`;
    case "admin-prohibited":
      return `host ${host} unreachable - admin prohibited filter`;
  }
}

/** Without `-v` the length comes last; with it, only where it is of interest. */
function printIcmp6(message: Icmp6, style: Style): string {
  const { names, verbosity } = style;
  const isBrief = verbosity === 0;
  const length = `, length ${icmp6Length(message)}`;
  const last = isBrief ? length : "";
  switch (message.type) {
    case "echo-request":
    case "echo-reply":
      return `ICMP6, echo ${message.type === "echo-request" ? "request" : "reply"}, id ${message.id}, seq ${message.sequence}${last}`;
    case "destination-unreachable":
      return `ICMP6, destination unreachable, ${unreachable6(message.code, message.about, style)}${last}`;
    case "packet-too-big":
      return `ICMP6, packet too big, mtu ${message.mtu}${last}`;
    case "time-exceeded":
      return `ICMP6, time exceeded in-transit for ${names.host(message.about.destination)}${last}`;
    case "neighbour-solicitation": {
      const option =
        verbosity > 0 && message.sourceMac !== undefined ? `\n\t  source link-address option (1), length 8 (1): ${message.sourceMac}` : "";
      return `ICMP6, neighbor solicitation${isBrief ? "" : length}, who has ${names.host(message.target)}${last}${option}`;
    }
    case "neighbour-advertisement": {
      const flags = [
        ...(message.isRouter ? ["router"] : []),
        ...(message.isSolicited ? ["solicited"] : []),
        ...(message.isOverride ? ["override"] : []),
      ].join(", ");
      const shownFlags = verbosity > 0 ? `, Flags [${flags}]` : "";
      const option =
        verbosity > 0 && message.targetMac !== undefined
          ? `\n\t  destination link-address option (2), length 8 (1): ${message.targetMac}`
          : "";
      return `ICMP6, neighbor advertisement${isBrief ? "" : length}, tgt is ${names.host(message.target)}${shownFlags}${last}${option}`;
    }
  }
}

function unreachable6(code: UnreachableCode6, about: Ipv6Packet, style: Style): string {
  const host = style.names.host(about.destination);
  switch (code) {
    case "no-route":
      return `unreachable route ${host}`;
    case "admin-prohibited":
      return `unreachable prohibited ${host}`;
    case "address":
      return `unreachable address ${host}`;
    case "port":
      if (about.payload.kind === "udp" || about.payload.kind === "tcp")
        return `unreachable port, ${host} ${about.payload.kind} port ${about.payload.destinationPort}`;
      return `unreachable port, ${host}`;
  }
}
