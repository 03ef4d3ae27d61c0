/**
 * Ipvlans: links on one lower link that share its Ethernet address and are told apart by their IP addresses. For LANs that allow
 * one Ethernet address a port; `docker network create -d ipvlan` makes them.
 *
 * Modelled on drivers/net/ipvlan (ipvlan_main.c, ipvlan_core.c, ipvlan_l3s.c). The mode belongs to the lower link, and the last one
 * asked for counts for all:
 * - `l2`: ipvlans speak ARP, and send on the lower link.
 * - `l3`: they do not speak ARP. Their packets are routed by the host's stack; what comes in for them, whoever it was sent by, does
 *   not pass the host's packet filter.
 * - `l3s`: as `l3`, and what comes in passes the host's PREROUTING and INPUT.
 * As with macvlans, what an ipvlan sends in `l2` mode does not come up to its host. Neighbours hand packets over directly, unless
 * the flag `private` forbids it or `vepa` sends them to the switch.
 */

import { micros } from "@/lib/sim/core/time";
import { type Ip, isV4 } from "@/lib/sim/net/address";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import { isUnicast, type Mac } from "@/lib/sim/net/mac";
import type { Device, DeviceInit, FrameHandler } from "./device";
import type { LinkDetail, RtnlError } from "./rtnetlink";
import { StackedLink } from "./stacked-link";

type IpvlanDetail = Extract<LinkDetail, { kind: "ipvlan" }>;
export type IpvlanMode = IpvlanDetail["mode"];
export type IpvlanFlag = IpvlanDetail["flag"];

/** From one ipvlan to another on the same lower link. */
const HANDOVER = micros(11);

/** All ipvlans of one lower link (struct ipvl_port). */
export class IpvlanPort implements FrameHandler {
  readonly lower: Device;
  readonly members: Ipvlan[] = [];
  flag: IpvlanFlag = "bridge";
  #mode: IpvlanMode = "l3";
  #lastId = 0;

  constructor(lower: Device) {
    this.lower = lower;
    lower.handler = this;
  }

  get mode(): IpvlanMode {
    return this.#mode;
  }

  /** Of a mode without ARP, links that are there already lose it; new ones when they come up. */
  setMode(mode: IpvlanMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    for (const member of this.members) member.arp = mode === "l2";
  }

  takeId(): number {
    return ++this.#lastId;
  }

  /** ipvlan_handle_frame. */
  take(frame: Frame): boolean {
    if (this.#mode === "l3s") return false;
    if (this.#mode === "l2" && !isUnicast(frame.destination)) {
      if (this.#isFromOutside(frame)) this.copy(frame, undefined);
      return false;
    }
    const target = this.memberWith(targetOf(frame.payload));
    target?.receive(frame);
    return target !== undefined;
  }

  ownerOf(packet: IpPacket): Device | undefined {
    return this.#mode === "l3s" ? this.memberWith(packet.destination) : undefined;
  }

  /** The ipvlan that is up with this address. */
  memberWith(address: Ip): Ipvlan | undefined {
    return this.members.find((member) => member.isUp && member.has(address));
  }

  /** To all that are up, but for one. */
  copy(frame: Frame, except: Ipvlan | undefined): void {
    for (const member of [...this.members]) if (member !== except && member.isUp) member.receive(frame);
  }

  /** A group frame of one of the ipvlans comes back from a switch: they have had it already. */
  #isFromOutside({ source, payload }: Frame): boolean {
    return source !== this.lower.mac || this.memberWith(payload.kind === "arp" ? payload.senderIp : payload.source) === undefined;
  }
}

export class Ipvlan extends StackedLink {
  readonly kind = "ipvlan" as const;
  readonly followsMac = true;
  readonly wantsOwnAddress = false;
  /** Shared Ethernet addresses would make equal link-local addresses; this number tells them apart. */
  override readonly deviceId: number;
  readonly #port: IpvlanPort;
  #carrier: boolean;
  #hasSeenChange = false;

  constructor(init: DeviceInit, port: IpvlanPort) {
    super(init, port.lower);
    this.#port = port;
    this.deviceId = port.takeId();
    this.#carrier = port.lower.hasCarrier;
    port.members.push(this);
  }

  /** Nothing reports the carrier that it begins with: `ip link` shows UNKNOWN until that changes. */
  protected get reportsCarrier(): boolean {
    return this.#hasSeenChange || !this.#carrier;
  }

  override lowerCarrierChanged(): void {
    if (this.lower.hasCarrier === this.#carrier) return;
    this.#carrier = this.lower.hasCarrier;
    this.#hasSeenChange = true;
  }

  detail(): LinkDetail {
    return { kind: "ipvlan", ...this.parentView(), mode: this.#port.mode, flag: this.#port.flag };
  }

  has(address: Ip): boolean {
    const { ipv4, ipv6 } = this.netns;
    return isV4(address) ? ipv4.of(this).some((own) => own.address === address) : ipv6.of(this).some((own) => own.address === address);
  }

  override mtuOver(lowerMtu: number): number {
    return lowerMtu;
  }

  override refuseMtu(): undefined {
    return undefined;
  }

  override refuseMac(_mac: Mac): RtnlError {
    return { errno: "EOPNOTSUPP" };
  }

  override refuseAddress(address: Ip): RtnlError | undefined {
    const isTaken = this.#port.members.some((member) => member.has(address));
    return isTaken ? { errno: "EADDRINUSE", extack: "Address already assigned to an ipvlan device." } : undefined;
  }

  override onUpChanged(): void {
    if (this.isUp) this.arp = this.#port.mode === "l2";
  }

  override onRemove(): void {
    super.onRemove();
    const { members } = this.#port;
    members.splice(members.indexOf(this), 1);
    if (members.length === 0) this.lower.handler = undefined;
  }

  protected transmit(frame: Frame): void {
    if (this.#port.mode === "l2") this.#transmitFrame(frame);
    else this.#transmitPacket(frame);
  }

  /** ipvlan_xmit_mode_l2. */
  #transmitFrame(frame: Frame): void {
    const { scheduler } = this.netns;
    if (!isUnicast(frame.destination)) {
      scheduler.after(HANDOVER, () => this.#port.copy(frame, this));
      return this.lower.send(frame);
    }
    if (frame.destination !== frame.source || this.#port.flag === "vepa") return this.lower.send(frame);
    if (!this.#handOver(frame)) scheduler.after(HANDOVER, () => this.lower.receive(frame));
  }

  /** ipvlan_xmit_mode_l3: to a neighbour, or as a packet of the host's own, which its stack routes. */
  #transmitPacket(frame: Frame): void {
    if (this.#port.flag !== "vepa" && this.#handOver(frame)) return;
    const { payload } = frame;
    if (payload.kind === "arp" || !isUnicast(frame.destination)) return this.drop(frame, { kind: "not-for-us" });
    const { ip, ip6 } = this.lower.netns;
    const sent = payload.kind === "ipv4" ? ip.sendFor(payload, this.lower) : ip6.sendFor(payload, this.lower);
    if (!sent.ok) this.lower.drop(payload, { kind: "no-route", destination: payload.destination });
  }

  /** Whether the frame is for another ipvlan here. In private mode it goes nowhere. */
  #handOver(frame: Frame): boolean {
    const target = this.#port.memberWith(targetOf(frame.payload));
    if (!target) return false;
    if (this.#port.flag === "private") this.drop(frame, { kind: "port-isolated" });
    else this.netns.scheduler.after(HANDOVER, () => target.receive(frame));
    return true;
  }
}

/** Whose address decides: that of the destination, or of who is asked about. */
function targetOf(payload: Frame["payload"]): Ip {
  if (payload.kind === "arp") return payload.targetIp;
  const { payload: inner } = payload;
  return inner.kind === "icmp6" && inner.type === "neighbour-solicitation" ? inner.target : payload.destination;
}
