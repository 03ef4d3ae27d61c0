/**
 * A network device (struct net_device): what every kind of link has in common. Kinds differ in how they transmit.
 *
 * Modelled on net/core/dev.c: `send` is dev_queue_xmit, `receive` is netif_receive_skb, a bridge port's receive goes to its
 * bridge (rx_handler). Operational state is net/core/link_watch.c's default_operstate.
 *
 * It differs in that queues are endless and a frame waits only for the virtual time that its kind of link takes.
 */

import type { OperState, IfIndex, LinkDetail, LinkKind, LinkStats } from "./rtnetlink";
import type { Skb } from "../netfilter/hook";
import type { DropReason, Where } from "../trace";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import type { Mac } from "@/lib/sim/net/mac";
import { frameLength } from "@/lib/sim/net/length";
import type { BridgePort } from "./bridge-port";
import type { NetworkNamespace } from "./namespace";
import type { Tap } from "./tap";

type Counters = { -readonly [K in keyof LinkStats]: LinkStats[K] };

export type DeviceInit = {
  readonly netns: NetworkNamespace;
  readonly index: IfIndex;
  readonly name: string;
  readonly mac: Mac;
  readonly mtu: number;
};

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
  multicast = true;
  queueLength = 1_000;
  alias: string | undefined;
  readonly altnames: string[] = [];
  /** Its queueing discipline was attached: from the first `up` on. */
  hasBeenUp = false;
  /** Set while the link is a port of a bridge. */
  port: BridgePort | undefined;
  readonly stats: Counters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };
  readonly taps = new Set<Tap>();
  /** How many want all frames: taps, the bridge it is a port of. */
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
    if (this.port) this.port.receive(frame);
    else this.netns.receive(this, frame, skb);
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
