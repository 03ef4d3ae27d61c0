/**
 * A veth pair: what is sent into one end comes out of the other. It is how a container's namespace reaches its bridge.
 *
 * Modelled on drivers/net/veth.c. The two ends may be in different namespaces; an end has carrier when both are up. A frame
 * that is larger than the receiving end's MTU is lost without a word (is_skb_forwardable), which is what a learner sees
 * when the two ends' MTUs differ.
 */

import type { Random } from "@/lib/sim/core/random";
import { after, type Instant, micros } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import { Device, type DeviceInit } from "./device";
import type { IfIndex, LinkDetail } from "./rtnetlink";

/** From one end to the other, at least; a few microseconds more at random. */
const CROSSING_MICROS = 9;
const CROSSING_JITTER_MICROS = 7;

export class Veth extends Device {
  readonly kind = "veth" as const;
  protected readonly reportsCarrier = true;
  readonly #random: Random;
  #peer: Veth | undefined;
  #lastArrival = 0 as Instant;

  constructor(init: DeviceInit, random: Random) {
    super(init);
    this.#random = random;
  }

  static pair(a: Veth, b: Veth): void {
    a.#peer = b;
    b.#peer = a;
  }

  get peer(): Veth | undefined {
    return this.#peer;
  }

  get hasCarrier(): boolean {
    return this.isUp && this.#peer?.isUp === true;
  }

  get linkedIndex(): IfIndex | undefined {
    return this.#peer?.index;
  }

  detail(): LinkDetail {
    const peer = this.#peer;
    return {
      kind: "veth",
      peerIndex: peer?.index,
      peerNetns: peer?.netns.id,
      linkNetnsId: peer && peer.netns !== this.netns ? this.netns.nsidOf(peer.netns) : undefined,
    };
  }

  override onUpChanged(): void {
    const peer = this.#peer;
    this.netns.devices.carrierChanged(this);
    if (peer?.isUp) peer.netns.devices.carrierChanged(peer);
  }

  /** The other end is being deleted with this one. */
  detach(): void {
    this.#peer = undefined;
  }

  protected transmit(frame: Frame): void {
    const { scheduler } = this.netns;
    // Frames do not overtake each other on a link, whatever the jitter.
    const crossing = micros(CROSSING_MICROS + this.#random.below(CROSSING_JITTER_MICROS));
    const arrival = Math.max(this.#lastArrival, after(scheduler.now, crossing)) as Instant;
    this.#lastArrival = arrival;
    scheduler.at(arrival, () => this.#arrive(frame));
  }

  #arrive(frame: Frame): void {
    const peer = this.#peer;
    if (!peer) return;
    if (!peer.fits(frame)) {
      peer.stats.rxDropped++;
      peer.drop(frame, { kind: "too-big", mtu: peer.mtu });
      return;
    }
    peer.receive(frame);
  }
}
