/**
 * Macvlans: links with Ethernet addresses of their own on one lower link. To the LAN each is a station of its own, which is what
 * `docker network create -d macvlan` is for.
 *
 * Modelled on drivers/net/macvlan.c. What comes in at the lower link goes to the macvlan with its address; what a macvlan sends
 * goes out of the lower link, never up to its host. That is why a host and its macvlans do not reach each other. In `bridge` mode
 * macvlans hand frames over to each other directly, in `vepa` mode by way of a switch that sends them back, in `private` mode
 * not at all; in `passthru` mode there is only one, with the lower link's address. It differs in that there is no `source` mode,
 * and that broadcasts do not wait for a worker.
 */

import { micros } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import { isUnicast, type Mac } from "@/lib/sim/net/mac";
import type { Device, DeviceInit, FrameHandler } from "./device";
import type { LinkDetail, RtnlError } from "./rtnetlink";
import { StackedLink } from "./stacked-link";

export type MacvlanMode = Extract<LinkDetail, { kind: "macvlan" }>["mode"];

/** From one macvlan to another on the same lower link. */
const HANDOVER = micros(11);
const EVERY_MODE: readonly MacvlanMode[] = ["bridge", "private", "vepa", "passthru"];

/** All macvlans of one lower link (struct macvlan_port). */
export class MacvlanPort implements FrameHandler {
  readonly lower: Device;
  readonly members: Macvlan[] = [];

  constructor(lower: Device) {
    this.lower = lower;
    lower.handler = this;
  }

  get isPassthru(): boolean {
    return this.members[0]?.mode === "passthru";
  }

  /** macvlan_handle_frame. */
  take(frame: Frame): boolean {
    if (!isUnicast(frame.destination)) return this.#takeGroupFrame(frame);
    const target = this.isPassthru ? this.members[0] : this.find(frame.destination);
    target?.receive(frame);
    return target !== undefined;
  }

  /** The macvlan that is up with this address. */
  find(mac: Mac): Macvlan | undefined {
    return this.members.find((member) => member.isUp && member.mac === mac);
  }

  /** From one macvlan straight to another: the lower link sees the frame as if it had come in. */
  handOver(frame: Frame): void {
    this.lower.netns.scheduler.after(HANDOVER, () => this.lower.receive(frame));
  }

  /** Copies of a macvlan's own group frame to its neighbours, before the frame leaves. */
  shareGroupFrame(frame: Frame, from: Macvlan): void {
    this.lower.netns.scheduler.after(HANDOVER, () => this.#copy(frame, from, ["bridge"]));
  }

  /** Whether a new address would be taken twice (macvlan_addr_busy). */
  isTaken(mac: Mac): boolean {
    return (!this.isPassthru && mac === this.lower.mac) || this.find(mac) !== undefined;
  }

  #takeGroupFrame(frame: Frame): boolean {
    const source = this.find(frame.source);
    if (source && source.mode !== "vepa" && source.mode !== "bridge") {
      // Its own frame, which a switch sent back.
      source.receive(frame);
      return true;
    }
    // What a macvlan in bridge mode sent, the others of that mode have seen on its way out.
    const modes: readonly MacvlanMode[] = !source ? EVERY_MODE : source.mode === "vepa" ? ["vepa", "bridge"] : ["vepa"];
    this.#copy(frame, source, modes);
    return false;
  }

  #copy(frame: Frame, from: Macvlan | undefined, modes: readonly MacvlanMode[]): void {
    for (const member of [...this.members]) {
      if (member !== from && member.isUp && modes.includes(member.mode)) member.receive(frame);
    }
  }
}

export class Macvlan extends StackedLink {
  readonly kind = "macvlan" as const;
  readonly mode: MacvlanMode;
  protected readonly reportsCarrier = true;
  readonly #port: MacvlanPort;

  constructor(init: DeviceInit, port: MacvlanPort, mode: MacvlanMode) {
    super(init, port.lower);
    this.mode = mode;
    this.#port = port;
    port.members.push(this);
  }

  get followsMac(): boolean {
    return this.mode === "passthru";
  }

  get wantsOwnAddress(): boolean {
    return this.isUp;
  }

  override get wholePromiscuity(): number {
    return this.promiscuity + Number(this.isPromiscuous);
  }

  detail(): LinkDetail {
    return { kind: "macvlan", ...this.parentView(), mode: this.mode };
  }

  override refuseUp(): RtnlError | undefined {
    return this.mode !== "passthru" && this.#port.isTaken(this.mac) ? { errno: "EADDRINUSE" } : undefined;
  }

  override refuseMac(mac: Mac): RtnlError | undefined {
    return mac !== this.mac && this.#port.isTaken(mac) ? { errno: "EADDRINUSE" } : undefined;
  }

  override onRemove(): void {
    super.onRemove();
    const { members } = this.#port;
    members.splice(members.indexOf(this), 1);
    if (members.length === 0) this.lower.handler = undefined;
  }

  /** macvlan_queue_xmit. */
  protected transmit(frame: Frame): void {
    if (this.mode === "bridge") {
      if (!isUnicast(frame.destination)) this.#port.shareGroupFrame(frame, this);
      else if (this.#port.find(frame.destination)?.mode === "bridge") return this.#port.handOver(frame);
    }
    this.lower.send(frame);
  }
}
