/** A process's streams as the daemon holds them, and how it ended (moby: daemon/container/stream, containerd's I/O copying). */

import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import type { ExitReport, StreamName } from "@/lib/sim/core/sys";
import { type Routine, waitFor, WaitQueue } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import type { Process, StreamEnd } from "@/lib/sim/kernel";
import type { Engine } from "../engine";

/** Input for a process, by pipe or terminal. */
export function feed(process: Process, text: string): void {
  if (process.pty) process.pty.input(text);
  else process.stdin?.write(text);
}

/**
 * Copies what a process writes until it ended and its streams did. It is taken at each write: what goes to two pipes stays
 * in the order in which it was written.
 */
export function* copyOutput(engine: Engine, process: Process, take: (stream: StreamName, text: string) => void): Routine<void> {
  const copies = [
    ...(process.pty ? [new OutputCopy(process.pty, (text) => take("stdout", text))] : []),
    ...(process.stdout ? [new OutputCopy(process.stdout, (text) => take("stdout", text))] : []),
    ...(process.stderr ? [new OutputCopy(process.stderr, (text) => take("stderr", text))] : []),
  ];
  while (!process.end) yield { on: [process.ended] };
  // Somebody else may hold the streams open: moby gives them two seconds.
  const deadline = after(engine.kernel.scheduler.now, seconds(2));
  for (const copy of copies) {
    while (!copy.isDone && engine.kernel.scheduler.now < deadline) yield* waitFor([copy.done], deadline);
    copy.stop();
  }
}

class OutputCopy {
  readonly done = new WaitQueue();
  isDone = false;
  readonly #from: Pick<StreamEnd, "take" | "readable" | "hasEnded">;
  readonly #to: (text: string) => void;
  #stopWaiting = (): void => {};

  constructor(from: Pick<StreamEnd, "take" | "readable" | "hasEnded">, to: (text: string) => void) {
    this.#from = from;
    this.#to = to;
    this.#drain();
  }

  stop(): void {
    this.#stopWaiting();
  }

  #drain(): void {
    const text = this.#from.take();
    if (text !== "") this.#to(text);
    this.isDone = this.#from.hasEnded;
    if (this.isDone) this.done.wake();
    else this.#stopWaiting = this.#from.readable.add(() => this.#drain());
  }
}

export function exitCodeOf(report: ExitReport | undefined): number {
  if (report?.kind === "exited") return report.status;
  return report ? 128 + SIGNAL_NUMBERS[report.signal] : 137;
}
