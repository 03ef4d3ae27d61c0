/**
 * The neighbour table: which Ethernet address a neighbour has, and how sure this host is. `ip neigh` prints it.
 *
 * Modelled on net/core/neighbour.c. A packet to an unknown neighbour waits while three requests go out a second apart; then
 * the neighbour is FAILED and the packet's sender hears that the host is unreachable. A known address grows STALE, is used all
 * the same, and is asked about after five seconds (DELAY, PROBE).
 *
 *     INCOMPLETE ──reply──▶ REACHABLE ──15–45 s──▶ STALE ──used──▶ DELAY ──5 s──▶ PROBE ──3 s──▶ FAILED
 *          └──3 s──▶ FAILED     ▲──────────────────────reply or TCP progress─────────┘
 *
 * It differs in that nothing is garbage-collected: with fewer than 128 entries Linux does not either.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import type { Timer } from "@/lib/sim/core/scheduler";
import { elapsed, type Instant, millis, seconds } from "@/lib/sim/core/time";
import { compareIp, type Ip, isV4 } from "@/lib/sim/net/address";
import type { IpPacket } from "@/lib/sim/net/frame";
import { BROADCAST, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import { sendArpRequest } from "./arp";
import { sendSolicitation } from "./neighbour-discovery";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { NeighbourState, NeighbourView, RtnlError } from "./rtnetlink";
import type { StackSkb } from "./skb";

export type Neighbour = {
  readonly device: Device;
  readonly address: Ip;
  mac: Mac | undefined;
  isRouter: boolean;
  state: NeighbourState;
  updatedAt: Instant;
  confirmedAt: Instant;
  usedAt: Instant;
  probes: number;
  timer: Timer | undefined;
  readonly waiting: { readonly packet: IpPacket; readonly skb: StackSkb }[];
};

const VALID = new Set<NeighbourState>(["REACHABLE", "STALE", "DELAY", "PROBE", "NOARP", "PERMANENT"]);

export class Neighbours {
  readonly #netns: NetworkNamespace;
  readonly #random: Random;
  readonly #byDevice = new Map<Device, Map<Ip, Neighbour>>();
  readonly #reachableSeconds = new Map<Device, number>();

  constructor(netns: NetworkNamespace, random: Random) {
    this.#netns = netns;
    this.#random = random;
  }

  find(device: Device, address: Ip): Neighbour | undefined {
    return this.#byDevice.get(device)?.get(address);
  }

  /** Sends the packet to a neighbour, at once or when its address is known. */
  output(device: Device, nextHop: Ip, packet: IpPacket, skb: StackSkb): void {
    const now = this.#netns.scheduler.now;
    if (device.kind === "loopback") return device.send({ source: NO_MAC, destination: NO_MAC, payload: packet }, skb);
    if (!device.arp) return this.#transmit(device, device.mac, packet, skb);
    const neighbour = this.find(device, nextHop) ?? this.#create(device, nextHop);
    neighbour.usedAt = now;
    if (neighbour.mac !== undefined && VALID.has(neighbour.state)) {
      if (neighbour.state === "STALE") this.#enter(neighbour, "DELAY");
      return this.#transmit(device, neighbour.mac, packet, skb);
    }
    neighbour.waiting.push({ packet, skb });
    if (neighbour.waiting.length > this.#setting(device, "unres_qlen")) neighbour.waiting.shift();
    if (neighbour.state !== "INCOMPLETE") this.#enter(neighbour, "INCOMPLETE");
  }

  /** What an ARP packet said. `create`: also when nobody asked about this neighbour. */
  heard(
    device: Device,
    address: Ip,
    mac: Mac,
    news: { readonly state: "REACHABLE" | "STALE"; readonly create: boolean; readonly override: boolean; readonly isRouter?: boolean },
  ): void {
    const known = this.find(device, address);
    if (!known && !news.create) return;
    const neighbour = known ?? this.#create(device, address);
    if (neighbour.state === "PERMANENT" || neighbour.state === "NOARP") return;
    const { now } = this.#netns.scheduler;
    const isValid = VALID.has(neighbour.state);
    if (isValid && neighbour.mac === mac && news.state === "STALE") return;
    // Of two answers in quick succession the first counts.
    const locked = elapsed(neighbour.updatedAt, now) < millis(this.#setting(device, "locktime") * 10);
    if (isValid && neighbour.mac !== mac && locked && !news.override) return;
    neighbour.mac = mac;
    neighbour.updatedAt = now;
    if (news.isRouter !== undefined) neighbour.isRouter = news.isRouter;
    if (news.state === "REACHABLE") neighbour.confirmedAt = now;
    this.#enter(neighbour, news.state);
    this.#sendWaiting(neighbour);
  }

  /** TCP made progress: the neighbour is alive (dst_confirm). */
  confirm(device: Device, address: Ip): void {
    const neighbour = this.find(device, address);
    if (!neighbour) return;
    neighbour.confirmedAt = this.#netns.scheduler.now;
    if (neighbour.state === "DELAY" || neighbour.state === "STALE" || neighbour.state === "PROBE") this.#enter(neighbour, "REACHABLE");
  }

  add(
    entry: {
      readonly device: Device;
      readonly address: Ip;
      readonly mac: Mac;
      readonly state: "PERMANENT" | "STALE" | "REACHABLE" | "NOARP";
    },
    replace: boolean,
  ): Result<void, RtnlError> {
    const known = this.find(entry.device, entry.address);
    if (known && !replace) return fail({ errno: "EEXIST" });
    const neighbour = known ?? this.#create(entry.device, entry.address);
    const { now } = this.#netns.scheduler;
    neighbour.mac = entry.mac;
    neighbour.updatedAt = now;
    neighbour.confirmedAt = now;
    this.#enter(neighbour, entry.state);
    this.#sendWaiting(neighbour);
    return DONE;
  }

  remove(device: Device, address: Ip): Result<void, RtnlError> {
    const neighbour = this.find(device, address);
    if (!neighbour) return fail({ errno: "ENOENT" });
    this.#forget(neighbour);
    this.#netns.changed("neighbour", device.where);
    return DONE;
  }

  /** `ip neigh flush`: all that are not permanent. */
  flush(device: Device | undefined): void {
    for (const [link, entries] of this.#byDevice) {
      if (device && link !== device) continue;
      for (const neighbour of [...entries.values()])
        if (neighbour.state !== "PERMANENT" && neighbour.state !== "NOARP") this.#forget(neighbour);
    }
  }

  /** The link went down or lost its carrier. */
  linkDown(device: Device, permanentToo: boolean): void {
    for (const neighbour of [...(this.#byDevice.get(device)?.values() ?? [])]) {
      if (permanentToo || neighbour.state !== "PERMANENT") this.#forget(neighbour);
    }
  }

  forgetLink(device: Device): void {
    this.linkDown(device, true);
    this.#byDevice.delete(device);
    this.#reachableSeconds.delete(device);
  }

  /** By link, then by address. */
  views(device: Device): readonly NeighbourView[] {
    const entries = [...(this.#byDevice.get(device)?.values() ?? [])].sort((a, b) => compareIp(a.address, b.address));
    return entries.map((entry) => ({
      link: device.index,
      address: entry.address,
      ...(entry.mac !== undefined && entry.state !== "INCOMPLETE" && entry.state !== "FAILED" ? { mac: entry.mac } : {}),
      state: entry.state,
      isRouter: entry.isRouter,
    }));
  }

  #create(device: Device, address: Ip): Neighbour {
    const { now } = this.#netns.scheduler;
    const neighbour: Neighbour = {
      device,
      address,
      mac: undefined,
      isRouter: false,
      state: "FAILED",
      updatedAt: now,
      confirmedAt: now,
      usedAt: now,
      probes: 0,
      timer: undefined,
      waiting: [],
    };
    const entries = this.#byDevice.get(device);
    if (entries) entries.set(address, neighbour);
    else this.#byDevice.set(device, new Map([[address, neighbour]]));
    return neighbour;
  }

  #enter(neighbour: Neighbour, state: NeighbourState): void {
    neighbour.timer?.cancel();
    neighbour.timer = undefined;
    const changed = neighbour.state !== state;
    neighbour.state = state;
    const { scheduler } = this.#netns;
    switch (state) {
      case "INCOMPLETE":
      case "PROBE":
        neighbour.probes = 0;
        this.#ask(neighbour);
        break;
      case "REACHABLE":
        neighbour.timer = scheduler.after(seconds(this.#reachableTime(neighbour.device)), () => this.#reachableEnds(neighbour));
        break;
      case "DELAY": {
        const span = seconds(this.#setting(neighbour.device, "delay_first_probe_time"));
        neighbour.timer = scheduler.after(span, () => {
          const confirmed = elapsed(neighbour.confirmedAt, scheduler.now) <= span;
          this.#enter(neighbour, confirmed ? "REACHABLE" : "PROBE");
        });
        break;
      }
      case "STALE":
      case "FAILED":
      case "PERMANENT":
      case "NOARP":
        break;
    }
    if (changed) this.#netns.changed("neighbour", neighbour.device.where);
  }

  #reachableEnds(neighbour: Neighbour): void {
    const { now } = this.#netns.scheduler;
    const reachable = seconds(this.#reachableTime(neighbour.device));
    const left = reachable - elapsed(neighbour.confirmedAt, now);
    if (left > 0) {
      neighbour.timer = this.#netns.scheduler.after(millis(Math.ceil(left / 1_000)), () => this.#reachableEnds(neighbour));
      return;
    }
    const recentlyUsed = elapsed(neighbour.usedAt, now) < seconds(this.#setting(neighbour.device, "delay_first_probe_time"));
    this.#enter(neighbour, recentlyUsed ? "DELAY" : "STALE");
  }

  #ask(neighbour: Neighbour): void {
    const { device, address } = neighbour;
    const limit = this.#setting(device, neighbour.state === "PROBE" ? "ucast_solicit" : "mcast_solicit");
    if (neighbour.probes >= limit) return this.#giveUp(neighbour);
    neighbour.probes++;
    neighbour.timer = this.#netns.scheduler.after(millis(this.#setting(device, "retrans_time_ms")), () => this.#ask(neighbour));
    const known = neighbour.state === "PROBE" ? neighbour.mac : undefined;
    const onBehalf = neighbour.waiting[0]?.packet.source;
    if (!isV4(address)) sendSolicitation(device, address, known, onBehalf);
    else sendArpRequest(device, address, known ?? BROADCAST, onBehalf !== undefined && isV4(onBehalf) ? onBehalf : undefined);
  }

  #giveUp(neighbour: Neighbour): void {
    this.#enter(neighbour, "FAILED");
    const waiting = neighbour.waiting.splice(0);
    for (const { packet, skb } of waiting) {
      neighbour.device.drop(packet, { kind: "no-neighbour", address: neighbour.address });
      if (packet.kind === "ipv4") this.#netns.icmp.sendUnreachable(packet, "host", skb);
      else this.#netns.icmp6.sendUnreachable(packet, "address", skb);
    }
  }

  #sendWaiting(neighbour: Neighbour): void {
    const { mac, device } = neighbour;
    if (mac === undefined || neighbour.waiting.length === 0) return;
    const waiting = neighbour.waiting.splice(0);
    if (neighbour.state === "STALE") this.#enter(neighbour, "DELAY");
    for (const { packet, skb } of waiting) this.#transmit(device, mac, packet, skb);
  }

  #transmit(device: Device, destination: Mac, packet: IpPacket, skb: StackSkb): void {
    device.send({ source: device.mac, destination, payload: packet }, skb);
  }

  #forget(neighbour: Neighbour): void {
    neighbour.timer?.cancel();
    for (const { packet } of neighbour.waiting) neighbour.device.drop(packet, { kind: "no-neighbour", address: neighbour.address });
    this.#byDevice.get(neighbour.device)?.delete(neighbour.address);
  }

  /** Half to one and a half times the base, chosen once for each link. */
  #reachableTime(device: Device): number {
    let time = this.#reachableSeconds.get(device);
    if (time === undefined) {
      time = (this.#setting(device, "base_reachable_time_ms") / 1_000) * (0.5 + this.#random.fraction());
      this.#reachableSeconds.set(device, time);
    }
    return time;
  }

  #setting(device: Device, name: Parameters<NetworkNamespace["settings"]["neighbourOf"]>[1]): number {
    return this.#netns.settings.neighbourOf(device, name);
  }
}
