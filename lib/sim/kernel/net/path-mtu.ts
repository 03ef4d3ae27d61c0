/** What "fragmentation needed" taught about the way to each destination (RFC 1191); forgotten after ten minutes. */

import type { Scheduler } from "@/lib/sim/core/scheduler";
import { after, elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import type { Ip } from "@/lib/sim/net/address";

const LIFETIME = seconds(600);
/** net.ipv4.route.min_pmtu. */
const SMALLEST = 552;

export class PathMtus {
  readonly #scheduler: Scheduler;
  readonly #known = new Map<Ip, { readonly mtu: number; readonly until: Instant }>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  learn(destination: Ip, mtu: number): void {
    this.#known.set(destination, { mtu: Math.max(mtu, SMALLEST), until: after(this.#scheduler.now, LIFETIME) });
  }

  /** What is known of the destination, and for how many seconds yet. */
  find(destination: Ip): { readonly mtu: number; readonly secondsLeft: number } | undefined {
    const known = this.#known.get(destination);
    const left = known ? elapsed(this.#scheduler.now, known.until) : 0;
    return known && left > 0 ? { mtu: known.mtu, secondsLeft: Math.floor(left / 1_000_000) } : undefined;
  }

  /** The smaller of the way's MTU and what was learned about the destination. */
  limit(destination: Ip, mtu: number): number {
    if (this.#known.size === 0) return mtu;
    const known = this.#known.get(destination);
    return known && known.until > this.#scheduler.now ? Math.min(known.mtu, mtu) : mtu;
  }
}
