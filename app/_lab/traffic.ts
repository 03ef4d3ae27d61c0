/**
 * From kernel events to what the picture shows of them: hops and losses.
 *
 * Inside a namespace a frame moves from the interface that it passed a moment ago to the next one (bridging and forwarding
 * are just that); one that leaves moves over the cable. A picture cannot show a flood: what exceeds a batch is left out.
 */

import type { KernelEvent } from "@/lib/sim";
import type { FrameLabel, Hop, Loss, Place, Traffic } from "./protocol";

const MOST_HOPS = 60;
const MOST_LOSSES = 4;
/** Forwarding takes no time; what comes later began here. In microseconds. */
const SAME_MOMENT = 500;

type FrameEvent = Extract<KernelEvent, { kind: "frame" }>;
type DropEvent = Extract<KernelEvent, { kind: "drop" }>;
type Packet = FrameEvent["frame"]["payload"];

export class TrafficReader {
  #hops: Hop[] = [];
  #losses: Loss[] = [];
  /** Per namespace: the interface that a frame last passed, and when. */
  readonly #passed = new Map<string, { readonly place: Place; readonly at: number }>();

  note(event: KernelEvent): void {
    if (event.kind === "frame") this.#noteFrame(event);
    else if (event.kind === "drop") this.#noteDrop(event);
  }

  /** What was noted since the last call; undefined when nothing was. */
  take(): Traffic | undefined {
    if (this.#hops.length === 0 && this.#losses.length === 0) return undefined;
    const traffic = { hops: this.#hops, losses: this.#losses };
    this.#hops = [];
    this.#losses = [];
    return traffic;
  }

  #noteFrame({ at, where, direction, frame }: FrameEvent): void {
    const { link } = where;
    if (link === undefined || link === "lo") return;
    const place = { host: where.host, netns: where.netns, link };
    const namespace = `${where.host} ${where.netns}`;
    const before = this.#passed.get(namespace);
    this.#passed.set(namespace, { place, at });
    if (this.#hops.length >= MOST_HOPS) return;
    const label = labelOf(frame.payload);
    if (before && at - before.at <= SAME_MOMENT && before.place.link !== link) this.#hops.push({ from: before.place, to: place, label });
    if (direction === "out") this.#hops.push({ from: place, to: undefined, label });
  }

  #noteDrop({ where, reason, packet }: DropEvent): void {
    // Every port of a flood but one says this.
    if (reason.kind === "not-for-us" || this.#losses.length >= MOST_LOSSES) return;
    const payload = "payload" in packet && "destination" in packet && "source" in packet && !("kind" in packet) ? packet.payload : packet;
    this.#losses.push({ host: where.host, netns: where.netns, link: where.link, reason, packet: describe(payload as Packet) });
  }
}

function labelOf(packet: Packet): FrameLabel {
  if (packet.kind === "arp") return "arp";
  const { payload } = packet;
  if (payload.kind === "udp") return payload.payload.kind === "dns" ? "dns" : "udp";
  return payload.kind === "icmp" || payload.kind === "tcp" ? payload.kind : "other";
}

/** `TCP 172.18.0.3 → 172.19.0.2 port 80`. */
export function describe(packet: Packet): string {
  if (packet.kind === "arp") return `ARP who has ${packet.targetIp}`;
  const ends = `${packet.source} → ${packet.destination}`;
  const { payload } = packet;
  if (payload.kind === "tcp" || payload.kind === "udp") return `${payload.kind.toUpperCase()} ${ends} port ${payload.destinationPort}`;
  if (payload.kind === "icmp") return `ICMP ${payload.type.replace("-", " ")} ${ends}`;
  return `packet ${ends}`;
}
