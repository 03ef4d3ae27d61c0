/**
 * Cutting IPv4 packets that are too large for a link, and putting them together again (RFC 791; net/ipv4/ip_fragment.c).
 *
 * Packets are whole wherever netfilter sees them, as with connection tracking on Linux (nf_defrag_ipv4).
 */

import type { Scheduler, Timer } from "@/lib/sim/core/scheduler";
import { seconds } from "@/lib/sim/core/time";
import type { Ipv4Packet, Ipv6Packet } from "@/lib/sim/net/frame";
import { IPV4_HEADER, IPV6_FRAGMENT_HEADER, IPV6_HEADER, packetLength, payloadLength } from "@/lib/sim/net/length";

type Gathering = {
  readonly pieces: { readonly offset: number; readonly length: number }[];
  total: number | undefined;
  readonly timer: Timer;
};

const REASSEMBLY_SECONDS = 30;

export class Fragments {
  readonly #scheduler: Scheduler;
  readonly #gatherings = new Map<string, Gathering>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Takes a fragment; gives the whole packet back with its last piece. */
  gather(packet: Ipv4Packet): Ipv4Packet | undefined;
  gather(packet: Ipv6Packet): Ipv6Packet | undefined;
  gather(packet: Ipv4Packet | Ipv6Packet): Ipv4Packet | Ipv6Packet | undefined;
  gather(packet: Ipv4Packet | Ipv6Packet): Ipv4Packet | Ipv6Packet | undefined {
    const { fragment } = packet;
    if (!fragment) return packet;
    const id = "id" in fragment ? fragment.id : packet.kind === "ipv4" ? packet.id : 0;
    const key = `${packet.source} ${packet.destination} ${id} ${packet.payload.kind}`;
    let gathering = this.#gatherings.get(key);
    if (!gathering) {
      const timer = this.#scheduler.after(seconds(REASSEMBLY_SECONDS), () => this.#gatherings.delete(key));
      gathering = { pieces: [], total: undefined, timer };
      this.#gatherings.set(key, gathering);
    }
    if (!fragment.moreFragments) gathering.total = fragment.offset + fragment.length;
    gathering.pieces.push({ offset: fragment.offset, length: fragment.length });
    if (!isComplete(gathering)) return undefined;

    gathering.timer.cancel();
    this.#gatherings.delete(key);
    return withoutFragment(packet);
  }

  /** The packet itself when it fits or must not be cut. */
  cut(packet: Ipv4Packet, mtu: number): readonly Ipv4Packet[] {
    if (packetLength(packet) <= mtu || packet.dontFragment) return [packet];
    const total = payloadLength(packet.payload);
    const step = (mtu - IPV4_HEADER) & ~7;
    const pieces: Ipv4Packet[] = [];
    for (let offset = 0; offset < total; offset += step) {
      const length = Math.min(step, total - offset);
      pieces.push({ ...packet, fragment: { offset, length, moreFragments: offset + length < total } });
    }
    return pieces;
  }

  /** Only a sender cuts IPv6 packets; routers say that they are too big (RFC 8200, 5). */
  cut6(packet: Ipv6Packet, mtu: number, id: number): readonly Ipv6Packet[] {
    if (packetLength(packet) <= mtu) return [packet];
    const total = payloadLength(packet.payload);
    const step = (mtu - IPV6_HEADER - IPV6_FRAGMENT_HEADER) & ~7;
    const pieces: Ipv6Packet[] = [];
    for (let offset = 0; offset < total; offset += step) {
      const length = Math.min(step, total - offset);
      pieces.push({ ...packet, fragment: { id, offset, length, moreFragments: offset + length < total } });
    }
    return pieces;
  }

  close(): void {
    for (const gathering of this.#gatherings.values()) gathering.timer.cancel();
    this.#gatherings.clear();
  }
}

function isComplete(gathering: Gathering): boolean {
  if (gathering.total === undefined) return false;
  let reached = 0;
  for (const piece of [...gathering.pieces].sort((a, b) => a.offset - b.offset)) {
    if (piece.offset > reached) return false;
    reached = Math.max(reached, piece.offset + piece.length);
  }
  return reached >= gathering.total;
}

function withoutFragment(packet: Ipv4Packet | Ipv6Packet): Ipv4Packet | Ipv6Packet {
  if (packet.kind === "ipv4") {
    const { fragment: _, ...whole } = packet;
    return whole;
  }
  const { fragment: _, ...whole } = packet;
  return whole;
}
