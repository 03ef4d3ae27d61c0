/** What both pings keep count of: packets out and in, and the shortest, mean and longest round trip. */

import { dateMs, type Instant } from "@/lib/sim/core/time";

export class RoundTrips {
  transmitted = 0;
  received = 0;
  duplicates = 0;
  errors = 0;
  shortest = Number.POSITIVE_INFINITY;
  longest = 0;
  /** The moving average that iputils shows as `ewma`, in microseconds. */
  smoothed = 0;
  #sum = 0;
  #squares = 0;
  readonly #sentAt = new Map<number, Instant>();
  readonly #answered = new Set<number>();

  sent(sequence: number, now: Instant): void {
    this.transmitted++;
    this.#sentAt.set(sequence, now);
    this.#answered.delete(sequence);
  }

  /** Microseconds since the request went out; `undefined` when there was none. */
  heard(sequence: number, at: Instant): { readonly micros: number; readonly isDuplicate: boolean } | undefined {
    const sent = this.#sentAt.get(sequence);
    if (sent === undefined) return undefined;
    const micros = at - sent;
    const isDuplicate = this.#answered.has(sequence);
    this.#answered.add(sequence);
    if (isDuplicate) this.duplicates++;
    else this.received++;
    this.#sum += micros;
    this.#squares += micros * micros;
    this.shortest = Math.min(this.shortest, micros);
    this.longest = Math.max(this.longest, micros);
    this.smoothed = this.received === 1 && !isDuplicate ? micros : this.smoothed + (micros - this.smoothed) / 8;
    return { micros, isDuplicate };
  }

  isAnswered(sequence: number): boolean {
    return this.#answered.has(sequence);
  }

  get mean(): number {
    const count = this.received + this.duplicates;
    return count === 0 ? 0 : this.#sum / count;
  }

  get deviation(): number {
    const count = this.received + this.duplicates;
    return count === 0 ? 0 : Math.sqrt(Math.max(this.#squares / count - this.mean * this.mean, 0));
  }

  /** Percent, with fractions. */
  get loss(): number {
    return this.transmitted === 0 ? 0 : (100 * (this.transmitted - this.received)) / this.transmitted;
  }
}

/** Microseconds as milliseconds with three decimals. */
export function milliseconds(micros: number): string {
  const whole = Math.floor(micros);
  return `${Math.floor(whole / 1_000)}.${String(whole % 1_000).padStart(3, "0")}`;
}

/** `[1767603600.123456] `: what `-D` puts before a line. */
export function stamp(now: Instant): string {
  const micros = Math.round(dateMs(now) * 1_000);
  return `[${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}] `;
}
