/**
 * The retransmission timer of one connection (RFC 6298): how long an answer takes, and when it is missed.
 *
 * Modelled on tcp_input.c (tcp_rtt_estimator) and tcp_timer.c. Only one event stands in the scheduler; when it rings before
 * the deadline, it is set again, so that a stream of acknowledgements costs nothing.
 */

import type { Scheduler, Timer } from "@/lib/sim/core/scheduler";
import { after, elapsed, type Instant, micros, seconds } from "@/lib/sim/core/time";
import { isAfter } from "./tcp-sequence";

const FIRST = seconds(1);
const LONGEST = 120_000_000;

export class RetransmissionTimer {
  readonly #scheduler: Scheduler;
  /** net.ipv4.tcp_rto_min_us. */
  readonly #least: () => number;
  readonly #onRing: () => void;
  #span: number = FIRST;
  #smoothed: number | undefined;
  #variation = 0;
  /** The segment whose round trip is being measured. */
  #sample: { readonly sequence: number; readonly at: Instant } | undefined;
  #deadline: Instant | undefined;
  #timer: Timer | undefined;

  constructor(scheduler: Scheduler, least: () => number, onRing: () => void) {
    this.#scheduler = scheduler;
    this.#least = least;
    this.#onRing = onRing;
  }

  /** A segment that ends before `sequence` goes out; it is measured unless another one is. */
  sent(sequence: number): void {
    this.#sample ??= { sequence, at: this.#scheduler.now };
  }

  /** Karn: a segment that was sent twice says nothing about the round trip. */
  forgetSample(): void {
    this.#sample = undefined;
  }

  measure(acknowledgement: number): void {
    const sample = this.#sample;
    if (!sample || isAfter(sample.sequence, acknowledgement)) return;
    this.#sample = undefined;
    const roundTrip: number = elapsed(sample.at, this.#scheduler.now);
    if (this.#smoothed === undefined) {
      this.#smoothed = roundTrip;
      this.#variation = roundTrip / 2;
    } else {
      this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - roundTrip);
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * roundTrip;
    }
    this.settle();
  }

  /** Takes back what doubling did to the time-out. */
  settle(): void {
    this.#span = this.#smoothed === undefined ? FIRST : Math.min(this.#smoothed + Math.max(this.#least(), 4 * this.#variation), LONGEST);
  }

  backOff(): void {
    this.#span = Math.min(this.#span * 2, LONGEST);
  }

  /** Sets it unless it is set. */
  start(): void {
    if (this.#deadline === undefined) this.restart();
  }

  restart(): void {
    this.#deadline = after(this.#scheduler.now, micros(this.#span));
    if (this.#timer && this.#timer.when <= this.#deadline) return;
    this.#timer?.cancel();
    this.#timer = this.#scheduler.at(this.#deadline, () => this.#ring());
  }

  /** Nothing is waited for; what stands in the scheduler may ring in vain. */
  rest(): void {
    this.#deadline = undefined;
  }

  stop(): void {
    this.rest();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #ring(): void {
    this.#timer = undefined;
    if (this.#deadline === undefined) return;
    if (this.#deadline > this.#scheduler.now) {
      this.#timer = this.#scheduler.at(this.#deadline, () => this.#ring());
      return;
    }
    this.#deadline = undefined;
    this.#onRing();
  }
}
