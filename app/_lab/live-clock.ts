/**
 * Lets a world's time follow the wall's, as far as the machine keeps up.
 *
 * It runs the world in slices and lets go when a turn has lasted too long, so that a key is never kept waiting by a program
 * that floods or spins. A world that cannot keep up gets slower, not further behind: the clocks are put together again.
 */

import { after, elapsed, type Duration, type Instant, micros, millis, type WorldContract } from "@/lib/sim";

/** Of the wall's time, in milliseconds: one turn, and what a slice should take. */
const LONGEST_TURN = 40;
const GOOD_SLICE = { least: 3, most: 12 };
const SMALLEST: Duration = micros(20);
const LARGEST: Duration = millis(50);

type Paced = Pick<WorldContract, "now" | "nextAt" | "advanceTo">;

export class LiveClock {
  readonly #world: Paced;
  readonly #wall: () => number;
  /** At this wall time, in milliseconds, virtual time was `#virtual`. */
  #anchor: number;
  #virtual: Instant;
  #slice: Duration = millis(1);

  /** `wall` reads a clock that never goes back, in milliseconds. */
  constructor(world: Paced, wall: () => number) {
    this.#world = world;
    this.#wall = wall;
    this.#anchor = wall();
    this.#virtual = world.now;
  }

  /** Runs the world towards the wall's time, and answers the instant that it stands at now. */
  catchUp(): Instant {
    const target = after(this.#virtual, micros((this.#wall() - this.#anchor) * 1_000));
    const began = this.#wall();
    while (this.#world.now < target) {
      const { nextAt } = this.#world;
      // Where nothing happens there is nothing to measure.
      if (nextAt === undefined || nextAt >= target) {
        this.#world.advanceTo(target);
        break;
      }
      const before = this.#wall();
      const start = Math.max(this.#world.now, nextAt) as Instant;
      this.#world.advanceTo(Math.min(after(start, this.#slice), target) as Instant);
      const now = this.#wall();
      this.#fitSlice(now - before);
      if (now - began > LONGEST_TURN && this.#world.now < target) {
        this.#join();
        break;
      }
    }
    return this.#world.now;
  }

  /** In how many milliseconds of the wall's the world wants to run again; undefined when it is at rest. */
  dueIn(): number | undefined {
    const { nextAt } = this.#world;
    return nextAt === undefined ? undefined : Math.max(0, this.#anchor + elapsed(this.#virtual, nextAt) / 1_000 - this.#wall());
  }

  #fitSlice(took: number): void {
    if (took > GOOD_SLICE.most) this.#slice = Math.max(micros((this.#slice * GOOD_SLICE.most) / took), SMALLEST) as Duration;
    else if (took < GOOD_SLICE.least) this.#slice = Math.min(this.#slice * 2, LARGEST) as Duration;
  }

  /** From here on the two clocks run together again. */
  #join(): void {
    this.#anchor = this.#wall();
    this.#virtual = this.#world.now;
  }
}
