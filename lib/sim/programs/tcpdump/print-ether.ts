/** An Ethernet frame as text, captured or carried in another one (print-ether.c, print-arp.c). */

import { ETHERTYPES } from "@/lib/sim/net/encode";
import type { ArpPacket, Frame, VlanTag } from "@/lib/sim/net/frame";
import { frameLength } from "@/lib/sim/net/length";
import { BROADCAST, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import { printIpv4, printIpv6 } from "./print-ip";
import type { Style } from "./style";

const VLAN_TYPE = "802.1Q (0x8100)";

export function printEthernet(frame: Frame, style: Style): string {
  const head = style.showsLink ? etherHeader(frame, style) : { arp: "ARP, ", ipv4: "IP ", ipv6: "IP6 " }[frame.payload.kind];
  return head + printPayload(frame, style);
}

export function printPayload({ payload }: Frame, style: Style): string {
  switch (payload.kind) {
    case "arp":
      return printArp(payload, style);
    case "ipv4":
      return printIpv4(payload, style);
    case "ipv6":
      return printIpv6(payload, style);
  }
}

function etherHeader(frame: Frame, style: Style): string {
  const macs = `${shownMac(frame.source, style)} > ${shownMac(frame.destination, style)}, `;
  const length = `length ${frameLength(frame)}: `;
  if (!frame.vlan) return `${macs}ethertype ${typeName(frame)}, ${length}`;
  let tags = "";
  for (let tag: VlanTag | undefined = frame.vlan; tag; tag = tag.inner) {
    tags += `vlan ${tag.id}, p ${tag.priority}, ethertype ${tag.inner ? VLAN_TYPE : typeName(frame)}, `;
  }
  return `${macs}ethertype ${VLAN_TYPE}, ${length}${tags}`;
}

export function typeName(frame: Frame): string {
  const name = { arp: "ARP", ipv4: "IPv4", ipv6: "IPv6" }[frame.payload.kind];
  return `${name} (0x${ETHERTYPES[frame.payload.kind].toString(16).padStart(4, "0")})`;
}

function shownMac(mac: Mac, style: Style): string {
  return mac === BROADCAST && !style.names.isNumeric ? "Broadcast" : mac;
}

function printArp(arp: ArpPacket, style: Style): string {
  const { names } = style;
  const detail = style.verbosity > 0 ? "Ethernet (len 6), IPv4 (len 4), " : "";
  if (arp.operation === "reply") return `${detail}Reply ${names.host(arp.senderIp)} is-at ${arp.senderMac}, length 28`;
  const target = arp.targetMac === NO_MAC ? "" : ` (${shownMac(arp.targetMac, style)})`;
  return `${detail}Request who-has ${names.host(arp.targetIp)}${target} tell ${names.host(arp.senderIp)}, length 28`;
}
