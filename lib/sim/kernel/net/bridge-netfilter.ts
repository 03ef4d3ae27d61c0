/**
 * IP packets that a bridge forwards and that iptables sees all the same (net.bridge.bridge-nf-call-iptables = 1, and
 * bridge-nf-call-ip6tables for IPv6).
 *
 * It is why `icc=false` and DOCKER-USER rules work between containers of one network. Modelled on
 * net/bridge/br_netfilter_hooks.c: PREROUTING as the frame enters a port, FORWARD and POSTROUTING as it leaves one, with the
 * bridge as `-i` and `-o` and the ports as `--physdev-in` and `--physdev-out`. Packets are whole in between: fragments are put
 * together on entry and cut again on exit, as connection tracking demands.
 *
 * It differs for a packet that PREROUTING redirected to a station whose Ethernet address is not known yet: Linux resolves it
 * and bridges, here the host's own stack forwards it (one TTL less).
 */

import type { Frame, Ipv4Packet, Ipv6Packet } from "@/lib/sim/net/frame";
import { packetLength } from "@/lib/sim/net/length";
import type { Bridge } from "./bridge";
import type { BridgePort } from "./bridge-port";
import { newStackSkb, type StackSkb } from "./skb";

type IpFrame = Frame & { readonly payload: Ipv4Packet | Ipv6Packet };

/** PREROUTING. What is left to bridge, if anything. */
export function filterBridged(
  bridge: Bridge,
  port: BridgePort,
  frame: IpFrame,
): { readonly frame: Frame; readonly skb: StackSkb } | undefined {
  const { netns } = bridge;
  const whole = frame.payload.fragment ? netns.fragments.gather(frame.payload) : frame.payload;
  if (!whole) return undefined;

  const skb = newStackSkb(frame.source);
  skb.physIn = port.device.name;
  if (frame.payload.fragment) skb.reassembled = true;
  const verdict = netns.hooks.run(whole, { hook: "PREROUTING", in: bridge.name, skb });
  if (verdict.kind !== "accept") {
    port.device.drop(frame, verdict.reason);
    return undefined;
  }
  const packet = verdict.packet;
  if (packet.destination === whole.destination) return { frame: { ...frame, payload: packet }, skb };

  // A redirected packet goes to whom its new address belongs.
  const route = packet.kind === "ipv4" ? netns.routing.input(packet, bridge, skb) : netns.routing6.input(packet, bridge, skb);
  if (route.ok && route.value.kind === "forward" && route.value.out === bridge) {
    const neighbour = netns.neighbours.find(bridge, route.value.nextHop);
    if (neighbour?.mac) return { frame: { ...frame, destination: neighbour.mac, payload: packet }, skb };
  }
  return { frame: { ...frame, destination: bridge.mac, payload: packet }, skb };
}

/** FORWARD and POSTROUTING, then out of the port. */
export function filterForwarded(
  bridge: Bridge,
  ports: { readonly from: BridgePort; readonly out: BridgePort },
  frame: IpFrame,
  skb: StackSkb,
): void {
  const { netns } = bridge;
  const { device } = ports.out;
  skb.physOut = device.name;
  const forwarded = netns.hooks.run(frame.payload, { hook: "FORWARD", in: bridge.name, out: bridge.name, skb });
  if (forwarded.kind !== "accept") {
    device.drop(frame, forwarded.reason);
    if (forwarded.kind !== "reject") return;
    if (frame.payload.kind === "ipv4") netns.icmp.reject(frame.payload, forwarded.with, skb);
    else netns.icmp6.reject(frame.payload, forwarded.with, skb);
    return;
  }
  const posted = netns.hooks.run(forwarded.packet, { hook: "POSTROUTING", out: bridge.name, skb });
  if (posted.kind !== "accept") return device.drop(frame, posted.reason);
  const { packet } = posted;
  // What must not be cut is lost without a word (br_nf_ip_fragment).
  if (packet.kind === "ipv4" && packet.dontFragment && packetLength(packet) > device.mtu)
    return device.drop(frame, { kind: "too-big", mtu: device.mtu });
  const pieces = packet.kind === "ipv4" ? netns.fragments.cut(packet, device.mtu) : netns.fragments.cut6(packet, device.mtu, 1);
  for (const piece of pieces) bridge.transmitTo(ports.out, { ...frame, payload: piece });
}
