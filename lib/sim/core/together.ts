/**
 * Several routines inside one task: how a single-threaded server (nginx's worker, redis) serves many connections.
 *
 * It waits for whatever any of them waits for, and then lets each look again: waking is a hint, as everywhere.
 */

import type { Block, Routine, WaitQueue } from "./task";
import type { Instant } from "./time";

type Member = { readonly routine: Routine<void>; block: Block };

export class Together {
  readonly #members = new Set<Member>();

  /** Begins a routine at once; it joins those that `run` waits for. */
  add(routine: Routine<void>): void {
    const step = routine.next({ kind: "ready" });
    if (!step.done) this.#members.add({ routine, block: step.value });
  }

  get size(): number {
    return this.#members.size;
  }

  /** Runs until all have ended, or a caught signal arrives (then the others are still there, to be run again or ended). */
  *run(now: () => Instant): Routine<"ended" | "signal"> {
    while (this.#members.size > 0) {
      const queues: WaitQueue[] = [];
      let until: Instant | undefined;
      for (const { block } of this.#members) {
        queues.push(...block.on);
        if (block.until !== undefined && (until === undefined || block.until < until)) until = block.until;
      }
      const wake = yield until === undefined ? { on: queues } : { on: queues, until };
      if (wake.kind === "signal") return "signal";
      for (const member of [...this.#members]) {
        const isDue = member.block.until !== undefined && member.block.until <= now();
        const step = member.routine.next(isDue ? { kind: "timeout" } : { kind: "ready" });
        if (step.done) this.#members.delete(member);
        else member.block = step.value;
      }
    }
    return "ended";
  }

  /** Ends all that are left; their `finally` blocks run. */
  end(): void {
    for (const { routine } of this.#members) routine.return(undefined);
    this.#members.clear();
  }
}
