/**
 * ARP: asking for and telling Ethernet addresses (RFC 826). `tcpdump arp` and `arping` show it.
 *
 * Modelled on net/ipv4/arp.c (arp_process, arp_solicit) with its settings arp_ignore, arp_filter, arp_announce, arp_accept
 * and proxy_arp. A proxy answers at once; Linux waits up to 0.8 s.
 */

import { ANY_V4, type Ipv4, isMulticast } from "@/lib/sim/net/address";
import type { ArpPacket } from "@/lib/sim/net/frame";
import { BROADCAST, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import type { Device } from "./device";
import { newStackSkb } from "./skb";

/** Asks who has `target`. `onBehalf`: the source of the packet that waits for the answer. */
export function sendArpRequest(device: Device, target: Ipv4, destination: Mac, onBehalf?: Ipv4): void {
  const { ipv4, settings } = device.netns;
  let sender = onBehalf !== undefined && ipv4.has(onBehalf) && settings.max(device, "arp_announce") < 2 ? onBehalf : undefined;
  if (sender !== undefined && settings.max(device, "arp_announce") === 1 && !ipv4.isOnLink(device, sender)) sender = undefined;
  sender ??= ipv4.select(device, target, "link") ?? ANY_V4;
  sendArp(device, destination, { operation: "request", senderIp: sender, targetMac: NO_MAC, targetIp: target });
}

/** Tells all neighbours where `address` is (a gratuitous request, as arp_notify and Docker send it). */
export function announce(device: Device, address: Ipv4): void {
  sendArp(device, BROADCAST, { operation: "request", senderIp: address, targetMac: NO_MAC, targetIp: address });
}

export function receiveArp(device: Device, arp: ArpPacket, frameDestination: Mac): void {
  const { netns } = device;
  const { settings, routing, ipv4, neighbours } = netns;
  if (!device.arp || device.kind === "loopback") return;
  const { senderIp, senderMac, targetIp } = arp;
  if (isMulticast(targetIp) || (targetIp.startsWith("127.") && settings.max(device, "route_localnet") === 0)) return;

  if (arp.operation === "request") {
    if (senderIp === ANY_V4) {
      // Somebody probes whether the address is taken (RFC 5227).
      if (routing.isLocal(targetIp) && answersFor(device, senderIp, targetIp)) reply(device, arp);
      return;
    }
    const probe = {
      kind: "ipv4",
      source: senderIp,
      destination: targetIp,
      ttl: 64,
      tos: 0,
      id: 0,
      dontFragment: false,
      payload: { kind: "raw", protocol: 0, length: 0 },
    } as const;
    const route = routing.input(probe, device, newStackSkb());
    if (route.ok && route.value.kind === "local" && route.value.type === "local") {
      if (!answersFor(device, senderIp, targetIp)) return;
      neighbours.heard(device, senderIp, senderMac, { state: "STALE", create: true, override: false });
      return reply(device, arp);
    }
    if (route.ok && route.value.kind === "forward" && route.value.out !== device && settings.max(device, "proxy_arp") !== 0) {
      neighbours.heard(device, senderIp, senderMac, { state: "STALE", create: true, override: false });
      return reply(device, arp);
    }
  }
  if (ipv4.has(senderIp)) return;
  const isGratuitous = senderIp === targetIp;
  const isAnswerToUs = arp.operation === "reply" && frameDestination === device.mac;
  neighbours.heard(device, senderIp, senderMac, {
    state: isAnswerToUs ? "REACHABLE" : "STALE",
    create: isGratuitous && settings.max(device, "arp_accept") !== 0,
    override: isGratuitous,
  });
}

/** arp_ignore and arp_filter. */
function answersFor(device: Device, senderIp: Ipv4, targetIp: Ipv4): boolean {
  const { settings, ipv4, routing } = device.netns;
  switch (settings.max(device, "arp_ignore")) {
    case 1:
      if (!ipv4.of(device).some((own) => own.address === targetIp)) return false;
      break;
    case 2:
      if (!ipv4.of(device).some((own) => own.address === targetIp) || !ipv4.isOnLink(device, senderIp)) return false;
      break;
    case 8:
      return false;
  }
  if (settings.max(device, "arp_filter") === 0) return true;
  const back = routing.output(senderIp, { source: targetIp });
  return back.ok && back.value.out === device;
}

function reply(device: Device, request: ArpPacket): void {
  sendArp(device, request.senderMac, {
    operation: "reply",
    senderIp: request.targetIp,
    targetMac: request.senderMac,
    targetIp: request.senderIp,
  });
}

function sendArp(device: Device, destination: Mac, arp: Pick<ArpPacket, "operation" | "senderIp" | "targetMac" | "targetIp">): void {
  device.send({ source: device.mac, destination, payload: { kind: "arp", senderMac: device.mac, ...arp } });
}
