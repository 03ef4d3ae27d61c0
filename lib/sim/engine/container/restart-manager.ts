/**
 * Whether and when a container that ended is started again: `--restart`.
 * Modelled on moby's daemon/internal/restartmanager: 100 ms, doubled each time up to a minute, back to 100 ms after a run
 * of ten seconds.
 */

import type { RestartPolicy } from "@/lib/sim/api";
import { WaitQueue } from "@/lib/sim/core/task";
import { type Duration, millis, seconds } from "@/lib/sim/core/time";

const FIRST_PAUSE = millis(100);
const LONGEST_PAUSE = seconds(60);
const LONG_RUN = seconds(10);

export class RestartManager {
  #policy: RestartPolicy;
  #restartCount: number;
  #pause: Duration | undefined;
  #isCancelled = false;
  /** Woken when it shall not start the container any more. */
  readonly cancelled = new WaitQueue();

  constructor(policy: RestartPolicy, restartCount: number) {
    this.#policy = policy;
    this.#restartCount = restartCount;
  }

  setPolicy(policy: RestartPolicy): void {
    this.#policy = policy;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.cancelled.wake();
  }

  /** How long to wait before the next start; undefined when there will be none. */
  nextStart(exit: { readonly code: number; readonly wasStoppedByHand: boolean; readonly ranFor: Duration }): Duration | undefined {
    const { Name: name, MaximumRetryCount: most } = this.#policy;
    if (name === "no" || name === "" || this.#isCancelled) return undefined;
    if (exit.ranFor >= LONG_RUN) this.#pause = undefined;
    this.#pause = this.#pause === undefined ? FIRST_PAUSE : (Math.min(this.#pause * 2, LONGEST_PAUSE) as Duration);

    const again =
      name === "always" ||
      (name === "unless-stopped" && !exit.wasStoppedByHand) ||
      (name === "on-failure" && exit.code !== 0 && (most === 0 || this.#restartCount < most));
    if (!again) return undefined;
    this.#restartCount++;
    return this.#pause;
  }
}
