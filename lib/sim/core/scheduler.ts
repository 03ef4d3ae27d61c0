/**
 * The scheduler: the one queue of things that will happen, in order of time, and of arrival within one instant.
 *
 * Live, the worker calls `runUntil` with the instant that the wall clock stands for. In replay and grading the world
 * calls it with the time of the next transcript entry, and idle time costs nothing.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { after, BOOT, type Duration, type Instant } from "./time";

/** A thing that will happen unless it is cancelled first. */
export interface Timer {
  readonly when: Instant;
  cancel(): void;
}

/** The world did more than it may: an endless loop, a storm of frames. The limit's message says that it is one. */
export class EventLimitReached extends Error {
  override readonly name = "EventLimitReached";
  constructor(limit: number) {
    super(`drydock: stopped after ${limit} simulated events; this is a limit of the simulator, not of Docker`);
  }
}

type Entry = { readonly when: Instant; readonly order: number; run: (() => void) | undefined };

export class Scheduler {
  #now: Instant = BOOT;
  #order = 0;
  #executed = 0;
  #limit = Number.POSITIVE_INFINITY;
  readonly #heap: Entry[] = [];

  get now(): Instant {
    return this.#now;
  }

  /** Events run since boot. */
  get executed(): number {
    return this.#executed;
  }

  /** From now on, at most `events` more events may run before `EventLimitReached` is thrown. */
  limit(events: number): void {
    this.#limit = this.#executed + events;
  }

  at(when: Instant, run: () => void): Timer {
    if (when < this.#now) throw new InvariantViolation(`an event for ${when} was scheduled at ${this.#now}`);
    const entry: Entry = { when, order: this.#order++, run };
    this.#push(entry);
    return {
      when,
      cancel() {
        entry.run = undefined;
      },
    };
  }

  after(span: Duration, run: () => void): Timer {
    return this.at(after(this.#now, span), run);
  }

  /** At this very instant, after everything that is already due at it. */
  soon(run: () => void): Timer {
    return this.at(this.#now, run);
  }

  /** When the next event is due. */
  get nextAt(): Instant | undefined {
    while (this.#heap[0] && !this.#heap[0].run) this.#pop();
    return this.#heap[0]?.when;
  }

  /** Runs the next event. False when there is none. */
  step(): boolean {
    for (;;) {
      const entry = this.#pop();
      if (!entry) return false;
      if (!entry.run) continue;
      if (this.#executed >= this.#limit) {
        this.#push(entry);
        throw new EventLimitReached(this.#limit);
      }
      this.#executed++;
      this.#now = entry.when;
      entry.run();
      return true;
    }
  }

  /** Runs all that is due up to and including `until`; the clock then stands there. */
  runUntil(until: Instant): void {
    for (let next = this.nextAt; next !== undefined && next <= until; next = this.nextAt) this.step();
    if (until > this.#now) this.#now = until;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry) ? right : left;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.when < b.when || (a.when === b.when && a.order < b.order);
}
