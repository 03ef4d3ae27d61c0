/** Holds off whoever comes second until the first is done, as moby's container lock does: an inspect waits for a start. */

import { invariant } from "@/lib/base/invariant";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";

export class Lock {
  #held = false;
  readonly #released = new WaitQueue();

  *acquire(): Routine<void> {
    while (this.#held) yield { on: [this.#released] };
    this.#held = true;
  }

  release(): void {
    invariant(this.#held, "a lock is released by whoever holds it");
    this.#held = false;
    this.#released.wake();
  }

  /** Runs `work` while holding it. */
  *with<T>(work: () => Routine<T>): Routine<T> {
    yield* this.acquire();
    try {
      return yield* work();
    } finally {
      this.release();
    }
  }
}
