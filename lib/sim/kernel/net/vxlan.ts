/**
 * A VXLAN: an Ethernet that runs through UDP packets of another network (RFC 7348). It is what overlay networks are made of.
 *
 * Modelled on drivers/net/vxlan/vxlan_core.c. A frame goes to the tunnel ends that the forwarding table names for its destination,
 * in a packet of its own for each. The packets travel in the namespace that the link was made in, wherever the link has been moved
 * to. 50 bytes go for headers: a VXLAN with `dev` takes them off its MTU; one without has 1500, and its large packets are cut on the
 * way (never marked "don't fragment"), after which the host has learned that 1450 fit.
 *
 * It differs in that nothing hears of misses (l2miss, l3miss), that `proxy` answers ARP and not neighbour discovery, and that there
 * is no group over IPv6.
 */

import { Random } from "@/lib/sim/core/random";
import { type Family, familyOf, type Ip } from "@/lib/sim/net/address";
import type { ArpPacket, Frame, IpPacket } from "@/lib/sim/net/frame";
import { ETHERNET_HEADER, frameLength, packetLength } from "@/lib/sim/net/length";
import { isUnicast, NO_MAC } from "@/lib/sim/net/mac";
import type { Skb } from "../netfilter/hook";
import { Device, type DeviceInit } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { LinkDetail, RtnlError } from "./rtnetlink";
import { VxlanFdb, type TunnelEnd } from "./vxlan-fdb";

export type VxlanOptions = {
  readonly vni: number;
  readonly port: number;
  readonly local: Ip | undefined;
  readonly remote: Ip | undefined;
  readonly learning: boolean;
  readonly proxy: boolean;
  readonly l2miss: boolean;
  readonly l3miss: boolean;
  readonly ttl: number;
  readonly ageingSeconds: number;
};

/** Outer IP, UDP and VXLAN headers, and the inner Ethernet header. */
export const VXLAN_OVERHEAD = { 4: 50, 6: 70 } as const satisfies Record<Family, number>;

export class Vxlan extends Device {
  readonly kind = "vxlan" as const;
  readonly hasCarrier = true;
  protected readonly reportsCarrier = false;
  readonly fdb: VxlanFdb;
  /** Where its packets travel. */
  readonly underlay: NetworkNamespace;
  /** The underlay's link that they leave by, if it was named. */
  readonly lower: Device | undefined;
  readonly #options: VxlanOptions;

  constructor(init: DeviceInit, underlay: NetworkNamespace, lower: Device | undefined, options: VxlanOptions) {
    super(init);
    this.underlay = underlay;
    this.lower = lower;
    this.#options = options;
    this.fdb = new VxlanFdb(options.ageingSeconds);
    lower?.tunnels.add(this);
    underlay.vxlans.register(this);
    if (options.remote !== undefined) {
      const end: TunnelEnd = { address: options.remote, via: lower?.index };
      this.fdb.add(NO_MAC, "permanent", end, "add", init.netns.scheduler.now);
    }
  }

  get vni(): number {
    return this.#options.vni;
  }

  get udpPort(): number {
    return this.#options.port;
  }

  get remote(): Ip | undefined {
    return this.#options.remote;
  }

  get family(): Family {
    return vxlanFamily(this.#options);
  }

  get linkedIndex(): undefined {
    return undefined;
  }

  detail(): LinkDetail {
    const { local, remote, ...options } = this.#options;
    return {
      kind: "vxlan",
      ...options,
      ...(local === undefined ? {} : { local }),
      ...(remote === undefined ? {} : { remote }),
      ...(this.lower ? { device: this.lower.index } : {}),
      ...(this.underlay === this.netns ? {} : { linkNetnsId: this.netns.nsidOf(this.underlay) }),
    };
  }

  override refuseUp(): RtnlError | undefined {
    return this.underlay.vxlans.open(this);
  }

  override refuseMtu(mtu: number): RtnlError | undefined {
    return this.lower && mtu > this.lower.mtu - VXLAN_OVERHEAD[this.family] ? { errno: "EINVAL" } : undefined;
  }

  override onUpChanged(): void {
    if (this.isUp) return;
    this.underlay.vxlans.close(this);
    this.fdb.forgetLearned();
  }

  override onRemove(): void {
    this.lower?.tunnels.delete(this);
    this.underlay.vxlans.forget(this);
  }

  /** A frame arrived in a packet from another tunnel end. */
  receiveFrom(end: Ip, frame: Frame): void {
    if (frame.source === this.mac || !isUnicast(frame.source)) return this.drop(frame, { kind: "not-for-us" });
    if (this.#options.learning) {
      const outcome = this.fdb.learn(frame.source, end, this.netns.scheduler.now);
      if (outcome === "fake") return this.drop(frame, { kind: "not-for-us" });
      if (outcome !== "refreshed") this.netns.changed("fdb", this.where);
    }
    this.receive(frame);
  }

  /** Without the Ethernet header. */
  protected override countedLength(frame: Frame): number {
    return frameLength(frame) - ETHERNET_HEADER;
  }

  /** vxlan_xmit. */
  protected transmit(frame: Frame, skb: Skb | undefined): void {
    const { payload } = frame;
    if (this.#options.proxy && payload.kind === "arp" && payload.operation === "request") return this.#answerFor(frame, payload);
    const ends = this.fdb.use(frame.destination, this.netns.scheduler.now);
    if (ends.length === 0) {
      this.stats.txDropped++;
      return this.drop(frame, { kind: "no-neighbour", address: frame.destination });
    }
    for (const end of ends) this.#encapsulate(frame, end, skb);
  }

  /** vxlan_xmit_one. */
  #encapsulate(frame: Frame, end: TunnelEnd, skb: Skb | undefined): void {
    const { local, ttl, vni, port } = this.#options;
    const out = end.via === undefined ? undefined : this.underlay.devices.byIndex(end.via);
    const way = this.underlay.transport.route(end.address, {
      ...(local === undefined ? {} : { source: local }),
      ...(out ? { out } : {}),
    });
    if (!way.ok || way.value.out === this) return this.drop(frame, { kind: "no-route", destination: end.address });
    if (this.#isTooBig(frame, way.value.mtu, skb)) return;
    this.underlay.transport.sendVia(way.value, {
      destination: end.address,
      ...(local === undefined ? {} : { source: local }),
      ...(ttl === 0 ? {} : { ttl }),
      dontFragment: false,
      payload: { kind: "udp", sourcePort: this.#sourcePort(frame), destinationPort: port, payload: { kind: "vxlan", vni, frame } },
    });
  }

  /**
   * What is larger than the way takes teaches its sender (skb_tunnel_check_pmtu): this host's own stack notes it and the packet goes
   * in pieces; a bridged one that must not be cut is answered in its destination's name.
   */
  #isTooBig(frame: Frame, mtu: number, skb: Skb | undefined): boolean {
    const { payload } = frame;
    const fits = mtu - VXLAN_OVERHEAD[this.family];
    if (payload.kind === "arp" || packetLength(payload) <= fits) return false;
    if (skb) {
      this.netns.pathMtus.learn(payload.destination, fits);
      return false;
    }
    const answer = tooBigAnswer(payload, fits);
    if (!answer || !this.port) return false;
    this.drop(frame, { kind: "too-big", mtu: fits });
    this.receive({ source: frame.destination, destination: frame.source, payload: answer });
    return true;
  }

  /** arp_reduce: the question does not leave; the answer is in this host's own neighbour table, or there is none. */
  #answerFor(frame: Frame, { senderIp, senderMac, targetIp }: ArpPacket): void {
    const known = this.netns.neighbours.find(this, targetIp);
    const isSure = known?.state === "PERMANENT" || known?.state === "REACHABLE" || known?.state === "NOARP";
    if (known?.mac === undefined || !isSure) return this.drop(frame, { kind: "no-neighbour", address: targetIp });
    this.receive({
      source: known.mac,
      destination: senderMac,
      payload: { kind: "arp", operation: "reply", senderMac: known.mac, senderIp: targetIp, targetMac: senderMac, targetIp: senderIp },
    });
  }

  /** The same for all frames of one connection, in both directions, so that routers on the way keep them in order. */
  #sourcePort({ payload }: Frame): number {
    const { from, to } = this.underlay.settings.portRange;
    const ends: readonly string[] = payload.kind === "arp" ? [payload.senderIp, payload.targetIp] : [payload.source, payload.destination];
    const inner = payload.kind === "arp" ? undefined : payload.payload;
    const ports = inner?.kind === "tcp" || inner?.kind === "udp" ? [inner.sourcePort, inner.destinationPort] : [];
    const flow = [...[...ends].sort(), ...[...ports].sort((a, b) => a - b), inner?.kind ?? "arp"];
    return from + new Random(flow.join(" ")).below(to - from);
  }
}

/** "Fragmentation needed", or "packet too big", as if the destination itself said so (iptunnel_pmtud_build_icmp). */
function tooBigAnswer(packet: IpPacket, mtu: number): IpPacket | undefined {
  if (packet.kind === "ipv6") {
    const payload = { kind: "icmp6", type: "packet-too-big", mtu, about: packet } as const;
    return { kind: "ipv6", source: packet.destination, destination: packet.source, hopLimit: 64, payload };
  }
  // Errors are not answered with errors.
  if (!packet.dontFragment || (packet.payload.kind === "icmp" && "about" in packet.payload)) return undefined;
  const payload = { kind: "icmp", type: "destination-unreachable", code: "fragmentation-needed", mtu, about: packet } as const;
  return { kind: "ipv4", source: packet.destination, destination: packet.source, ttl: 64, tos: 0, id: 0, dontFragment: true, payload };
}

export function vxlanFamily({ local, remote }: Pick<VxlanOptions, "local" | "remote">): Family {
  const address = remote ?? local;
  return address === undefined ? 4 : familyOf(address);
}
