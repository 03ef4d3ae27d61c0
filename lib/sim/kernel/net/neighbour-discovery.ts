/**
 * Neighbour discovery: IPv6's ARP (RFC 4861; net/ipv6/ndisc.c). Requests go to the group of those whose address ends alike.
 *
 * Router discovery and redirects are not simulated.
 */

import { ALL_NODES_V6, ANY_V6, type Ip, type Ipv6, isV4, solicitedNodeGroup } from "@/lib/sim/net/address";
import type { Icmp6, Ipv6Packet } from "@/lib/sim/net/frame";
import { type Mac, multicastMac6 } from "@/lib/sim/net/mac";
import type { Device } from "./device";

type Solicitation = Extract<Icmp6, { type: "neighbour-solicitation" }>;
type Advertisement = Extract<Icmp6, { type: "neighbour-advertisement" }>;

/** What routers do not forward. */
const HOP_LIMIT = 255;

/** Asks who has `target`: everybody whose address ends alike, or the neighbour that is known to have had it. */
export function sendSolicitation(device: Device, target: Ipv6, known: Mac | undefined, onBehalf: Ip | undefined): void {
  const { ipv6 } = device.netns;
  const mine = onBehalf !== undefined && !isV4(onBehalf) && ipv6.of(device).some((own) => own.address === onBehalf) ? onBehalf : undefined;
  const source = mine ?? ipv6.select(device, target) ?? ipv6.of(device)[0]?.address ?? ANY_V6;
  const group = solicitedNodeGroup(target);
  send(device, known ?? multicastMac6(group), source, known === undefined ? group : target, {
    kind: "icmp6",
    type: "neighbour-solicitation",
    target,
    ...(source === ANY_V6 ? {} : { sourceMac: device.mac }),
  });
}

export function receiveSolicitation(device: Device, packet: Ipv6Packet, message: Solicitation, sourceMac: Mac | undefined): void {
  const { ipv6, neighbours, settings } = device.netns;
  if (packet.hopLimit !== HOP_LIMIT || !ipv6.of(device).some((own) => own.address === message.target)) return;
  const mac = message.sourceMac ?? sourceMac;
  const isProbe = packet.source === ANY_V6;
  // Who asked by unicast knows the address already, and is only told that it is right.
  const wasAsked = packet.destination === message.target;
  if (!isProbe && mac !== undefined) neighbours.heard(device, packet.source, mac, { state: "STALE", create: true, override: true });
  const destination = isProbe ? ALL_NODES_V6 : packet.source;
  const target = isProbe || mac === undefined ? multicastMac6(destination) : mac;
  send(device, target, message.target, destination, {
    kind: "icmp6",
    type: "neighbour-advertisement",
    target: message.target,
    ...(wasAsked ? {} : { targetMac: device.mac }),
    isRouter: settings.forwards6,
    isSolicited: !isProbe,
    isOverride: true,
  });
}

export function receiveAdvertisement(device: Device, packet: Ipv6Packet, message: Advertisement): void {
  const { neighbours } = device.netns;
  const mac = message.targetMac ?? neighbours.find(device, message.target)?.mac;
  if (packet.hopLimit !== HOP_LIMIT || mac === undefined) return;
  neighbours.heard(device, message.target, mac, {
    state: message.isSolicited ? "REACHABLE" : "STALE",
    create: false,
    override: message.isOverride,
    isRouter: message.isRouter,
  });
}

function send(device: Device, destinationMac: Mac, source: Ipv6, destination: Ipv6, payload: Icmp6): void {
  const packet: Ipv6Packet = { kind: "ipv6", source, destination, hopLimit: HOP_LIMIT, payload };
  device.netns.ip6.sendPrepared(packet, device, destinationMac);
}
