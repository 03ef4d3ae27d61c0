/**
 * A network device (struct net_device): what every kind of link has in common. Kinds differ in how they transmit.
 *
 * Modelled on net/core/dev.c: `send` is dev_queue_xmit, `receive` is __netif_receive_skb_core: first whoever listens, then the
 * VLAN that the frame's tag names, then the link's handler (rx_handler), last the namespace's own stack. Operational state is
 * net/core/link_watch.c's default_operstate.
 *
 * It differs in that queues are endless and a frame waits only for the virtual time that its kind of link takes.
 */

import type { OperState, IfIndex, LinkDetail, LinkKind, LinkStats } from "./rtnetlink";
import type { Skb } from "../netfilter/hook";
import type { DropReason, Where } from "../trace";
import type { Ip } from "@/lib/sim/net/address";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import type { Mac } from "@/lib/sim/net/mac";
import { ETHERNET_HEADER, frameLength } from "@/lib/sim/net/length";
import { untagged, VLAN_HEADER } from "@/lib/sim/net/vlan";
import { BridgePort } from "./bridge-port";
import type { NetworkNamespace } from "./namespace";
import type { RtnlError } from "./rtnetlink";
import type { StackedLink } from "./stacked-link";
import type { Tap } from "./tap";

type Counters = { -readonly [K in keyof LinkStats]: LinkStats[K] };

export type DeviceInit = {
  readonly netns: NetworkNamespace;
  readonly index: IfIndex;
  readonly name: string;
  readonly mac: Mac;
  readonly mtu: number;
};

/** What takes a link's frames before the namespace's own stack sees them: a bridge, macvlans or ipvlans. A link has one at most. */
export interface FrameHandler {
  /** Whether the frame has been taken. What has not goes on to the link's own stack. */
  take(frame: Frame): boolean;
  /** The link in whose name this host's stack is to deliver the packet (struct l3mdev_ops). */
  ownerOf?(packet: IpPacket): Device | undefined;
}

export abstract class Device {
  abstract readonly kind: LinkKind;
  /** Smallest and largest MTU that `ip link set mtu` may choose. */
  readonly mtuLimits: { readonly min: number; readonly max: number } = { min: 68, max: 65_535 };
  netns: NetworkNamespace;
  index: IfIndex;
  mac: Mac;
  mtu: number;
  isUp = false;
  arp = true;
  /** Tells links apart that share an Ethernet address (dev_id). */
  readonly deviceId: number = 0;
  multicast = true;
  queueLength = 1_000;
  alias: string | undefined;
  readonly altnames: string[] = [];
  /** Its queueing discipline was attached: from the first `up` on. */
  hasBeenUp = false;
  handler: FrameHandler | undefined;
  /** Links that stand on this one, the oldest first. */
  readonly uppers: StackedLink[] = [];
  /** Those of them that get the frames with a tag, by VLAN id. */
  readonly vlans = new Map<number, StackedLink>();
  /** VXLANs whose packets leave by this link. They go with it. */
  readonly tunnels = new Set<Device>();
  readonly stats: Counters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };
  readonly taps = new Set<Tap>();
  /** How many want all frames: taps, the bridge it is a port of, a macvlan that passes all through. */
  promiscuity = 0;
  /** `ip link set promisc on`. */
  isPromiscuous = false;
  #name: string;
  #where: Where;

  constructor(init: DeviceInit) {
    this.netns = init.netns;
    this.index = init.index;
    this.#name = init.name;
    this.mac = init.mac;
    this.mtu = init.mtu;
    this.#where = { host: init.netns.host, netns: init.netns.id, link: init.name };
  }

  abstract detail(): LinkDetail;
  /** IFLA_LINK: the index of what is below or opposite, its own when there is nothing. */
  abstract readonly linkedIndex: IfIndex | undefined;
  /** netif_carrier_ok. */
  abstract readonly hasCarrier: boolean;
  /** Whether the kind watches its carrier at all; `lo` and dummies stay UNKNOWN. */
  protected abstract readonly reportsCarrier: boolean;
  /** Takes the frame over (ndo_start_xmit). */
  protected abstract transmit(frame: Frame, skb: Skb | undefined): void;

  get name(): string {
    return this.#name;
  }

  /** Set while the link is a port of a bridge. */
  get port(): BridgePort | undefined {
    return this.handler instanceof BridgePort ? this.handler : undefined;
  }

  /** How many want all frames, the administrator and links above with addresses of their own among them. */
  get wholePromiscuity(): number {
    return this.promiscuity + Number(this.isPromiscuous) + Number(this.uppers.some((upper) => upper.wantsOwnAddress));
  }

  get where(): Where {
    return this.#where;
  }

  /** Renames it, or takes it to another namespace. */
  place(netns: NetworkNamespace, index: IfIndex, name: string): void {
    this.netns = netns;
    this.index = index;
    this.#name = name;
    this.#where = { host: netns.host, netns: netns.id, link: name };
  }

  get operState(): OperState {
    if (!this.isUp) return "DOWN";
    if (!this.reportsCarrier) return "UNKNOWN";
    if (this.hasCarrier) return "UP";
    const linked = this.linkedIndex;
    if (linked === undefined || linked === this.index) return "DOWN";
    // The kernel looks the index up in this namespace even if the other end is in another one.
    const lower = this.netns.devices.byIndex(linked);
    return !lower || lower.hasCarrier ? "DOWN" : "LOWERLAYERDOWN";
  }

  /** IFF_RUNNING. */
  get isRunning(): boolean {
    const state = this.operState;
    return state === "UP" || state === "UNKNOWN";
  }

  /** Why it cannot be set up (ndo_open). */
  refuseUp(): RtnlError | undefined {
    return undefined;
  }

  /** Why it cannot have this MTU, within its limits (ndo_change_mtu). */
  refuseMtu(_mtu: number): RtnlError | undefined {
    return undefined;
  }

  /** Why it cannot have this Ethernet address (ndo_set_mac_address). */
  refuseMac(_mac: Mac): RtnlError | undefined {
    return undefined;
  }

  /** Why it cannot have this address (the inetaddr validator chain). */
  refuseAddress(_address: Ip): RtnlError | undefined {
    return undefined;
  }

  /** Called after `ip link set up` and `down`. */
  onUpChanged(): void {}

  /** Called before it disappears. */
  onRemove(): void {}

  /** Sends a frame out of this link. */
  send(frame: Frame, skb?: Skb): void {
    if (!this.isUp || !this.hasCarrier) {
      this.stats.txDropped++;
      this.drop(frame, { kind: this.isUp ? "no-carrier" : "link-down" });
      return;
    }
    this.stats.txPackets++;
    this.stats.txBytes += this.countedLength(frame, "out");
    this.observe("out", frame);
    this.transmit(frame, skb);
  }

  /** A frame arrived at this link. */
  receive(frame: Frame, skb?: Skb): void {
    if (!this.isUp) {
      this.stats.rxDropped++;
      this.drop(frame, { kind: "link-down" });
      return;
    }
    this.stats.rxPackets++;
    this.stats.rxBytes += this.countedLength(frame, "in");
    this.observe("in", frame);
    const upper = frame.vlan && this.vlans.get(frame.vlan.id);
    if (upper) return upper.receive(untagged(frame));
    if (this.handler?.take(frame)) return;
    // A tag of VLAN 0 only says how urgent a frame is.
    if (frame.vlan && frame.vlan.id !== 0) return this.drop(frame, { kind: "not-for-us" });
    this.netns.receive(this, frame, skb);
  }

  /** Whether a frame is small enough to be handed over to this link (is_skb_forwardable). A tag travels beside it and does not count. */
  fits(frame: Frame): boolean {
    return frameLength(frame) - (frame.vlan ? VLAN_HEADER : 0) <= this.mtu + ETHERNET_HEADER + VLAN_HEADER;
  }

  /** What the counters count. */
  protected countedLength(frame: Frame, direction: "in" | "out"): number {
    void direction;
    return frameLength(frame);
  }

  /** Shows a frame to whoever listens. */
  observe(direction: "in" | "out", frame: Frame): void {
    const { netns } = this;
    netns.trace({ kind: "frame", at: netns.scheduler.now, where: this.#where, direction, frame });
    if (this.taps.size > 0) for (const tap of this.taps) tap.capture(this, direction, frame);
    if (netns.anyTaps.size > 0) for (const tap of netns.anyTaps) tap.capture(this, direction, frame);
  }

  drop(packet: Frame | IpPacket, reason: DropReason): void {
    this.netns.trace({ kind: "drop", at: this.netns.scheduler.now, where: this.#where, reason, packet });
  }
}
