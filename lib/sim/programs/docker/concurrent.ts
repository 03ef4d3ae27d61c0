/**
 * Routines side by side within one process, as the goroutines of the docker CLI are: one copies what is typed to a container,
 * another copies what it prints, a third waits for its end.
 *
 * A process of the simulator is one routine. This one runs several, waiting for whatever any of them waits for. Waking is a
 * hint (core/task), so each looks again when one of them is woken; one that only sleeps is resumed when its time has come.
 */

import type { SignalName } from "@/lib/sim/core/signal";
import type { Sys } from "@/lib/sim/core/sys";
import type { Block, Routine, WaitQueue, Wake } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";

export type Watch = {
  /** Looked at whenever something has happened. When it is true, the routines are ended where they are. */
  readonly isOver: () => boolean;
  readonly onSignal: (signal: SignalName) => Routine<void>;
};

type Strand = { readonly routine: Routine<void>; block: Block | undefined };

const READY: Wake = { kind: "ready" };
const TIMEOUT: Wake = { kind: "timeout" };

/** Runs the routines until all have ended, or `isOver`. */
export function* sideBySide(sys: Sys, routines: readonly Routine<void>[], watch: Watch): Routine<void> {
  const strands: Strand[] = routines.map((routine) => ({ routine, block: undefined }));
  for (const strand of strands) advance(strand, READY);
  try {
    for (;;) {
      const pending = sys.takeSignal();
      if (pending === undefined) {
        const waiting = strands.filter((strand) => strand.block !== undefined);
        if (waiting.length === 0 || watch.isOver()) return;
        const wake = yield joined(waiting);
        if (wake.kind === "signal") yield* watch.onSignal(sys.takeSignal() ?? wake.signal);
      } else yield* watch.onSignal(pending);
      // While a signal is dealt with nobody is woken, so all look again after one, too.
      for (const strand of strands) {
        const { block } = strand;
        if (!block || watch.isOver()) continue;
        if (block.until !== undefined && block.until <= sys.now) advance(strand, TIMEOUT);
        else if (block.on.length > 0) advance(strand, READY);
      }
    }
  } finally {
    for (const strand of strands) if (strand.block !== undefined) strand.routine.return(undefined);
  }
}

function advance(strand: Strand, wake: Wake): void {
  const step = strand.routine.next(wake);
  strand.block = step.done ? undefined : step.value;
}

function joined(strands: readonly Strand[]): Block {
  const on: WaitQueue[] = [];
  let until: Instant | undefined;
  for (const { block } of strands) {
    if (!block) continue;
    on.push(...block.on);
    if (block.until !== undefined && (until === undefined || block.until < until)) until = block.until;
  }
  return until === undefined ? { on } : { on, until };
}
