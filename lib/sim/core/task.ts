/**
 * Tasks: generators that the scheduler resumes.
 *
 * Whatever can wait (a program, a thread of the daemon, a resolver) is a generator. It yields a `Block`, the things it
 * waits for, and is resumed with a `Wake` that says why. There are no promises in the simulator.
 *
 *     function* readAll(pipe: Channel<string>): Routine<string> { … const chunk = yield* pipe.read(); … }
 */

import type { Scheduler, Timer } from "./scheduler";
import type { SignalName } from "./signal";
import { after, type Duration, type Instant } from "./time";

/** What a task waits for: any of `on` to be woken, or `until`, whichever comes first. */
export type Block = { readonly on: readonly WaitQueue[]; readonly until?: Instant };

/** Why a task goes on. `signal`: a caught signal is pending, the system call ends early (EINTR). */
export type Wake = { readonly kind: "ready" } | { readonly kind: "timeout" } | { readonly kind: "signal"; readonly signal: SignalName };

/** Something that runs in steps and ends with a `T`. */
export type Routine<T> = Generator<Block, T, Wake>;

const READY: Wake = { kind: "ready" };
const TIMEOUT: Wake = { kind: "timeout" };

/** Where tasks wait for one condition. Waking is a hint: who is woken looks again (as in the kernel). */
export class WaitQueue {
  #waiting = new Set<() => void>();

  /** Wakes all who wait now, in the order in which they began to wait. */
  wake(): void {
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resume of waiting) resume();
  }

  /** @internal for `Task`, and for whoever must be called rather than resumed. Returns how to stop waiting. */
  add(resume: () => void): () => void {
    this.#waiting.add(resume);
    return () => this.#waiting.delete(resume);
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }
}

export type TaskEnd<T> =
  | { readonly kind: "returned"; readonly value: T }
  /** It was cancelled; its `finally` blocks have run. */
  | { readonly kind: "cancelled" };

/** A routine under the scheduler. */
export class Task<T> {
  readonly #scheduler: Scheduler;
  readonly #routine: Routine<T>;
  readonly #onEnd: (end: TaskEnd<T>) => void;
  /** Woken when the task has ended. */
  readonly ended = new WaitQueue();
  #end: TaskEnd<T> | undefined;
  #stopWaiting: (() => void)[] = [];
  #timer: Timer | undefined;
  #resumption: Timer | undefined;
  #isRunning = false;
  #cancelRequested = false;

  constructor(scheduler: Scheduler, routine: Routine<T>, onEnd: (end: TaskEnd<T>) => void = () => {}) {
    this.#scheduler = scheduler;
    this.#routine = routine;
    this.#onEnd = onEnd;
    this.#resumption = scheduler.soon(() => this.#resume(READY));
  }

  get end(): TaskEnd<T> | undefined {
    return this.#end;
  }

  /** Ends the current wait early with a caught signal. Nothing happens when the task is not waiting. */
  interrupt(signal: SignalName): void {
    if (this.#end || this.#isRunning || this.#resumption) return;
    this.#goOn({ kind: "signal", signal });
  }

  /** Ends the task where it waits. Its `finally` blocks run now; they must not wait. */
  cancel(): void {
    if (this.#end) return;
    if (this.#isRunning) {
      this.#cancelRequested = true;
      return;
    }
    this.#forgetWaits();
    this.#resumption?.cancel();
    this.#isRunning = true;
    let step = this.#routine.return(undefined as never);
    while (!step.done) step = this.#routine.return(undefined as never);
    this.#isRunning = false;
    this.#finish({ kind: "cancelled" });
  }

  #resume(wake: Wake): void {
    this.#resumption = undefined;
    this.#isRunning = true;
    let step: IteratorResult<Block, T>;
    try {
      step = this.#routine.next(wake);
    } finally {
      this.#isRunning = false;
    }
    if (step.done) return this.#finish({ kind: "returned", value: step.value });
    if (this.#cancelRequested) return this.cancel();

    const { on, until } = step.value;
    for (const queue of on) this.#stopWaiting.push(queue.add(() => this.#goOn(READY)));
    if (until !== undefined) {
      const when = until < this.#scheduler.now ? this.#scheduler.now : until;
      this.#timer = this.#scheduler.at(when, () => this.#goOn(TIMEOUT));
    }
  }

  #goOn(wake: Wake): void {
    this.#forgetWaits();
    if (this.#resumption) return;
    this.#resumption = this.#scheduler.soon(() => this.#resume(wake));
  }

  #forgetWaits(): void {
    for (const stop of this.#stopWaiting) stop();
    this.#stopWaiting = [];
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #finish(end: TaskEnd<T>): void {
    this.#end = end;
    this.#onEnd(end);
    this.ended.wake();
  }
}

/** Waits for a span of simulated time. A caught signal ends it early. */
export function* sleep(scheduler: Scheduler, span: Duration): Routine<Wake> {
  return yield { on: [], until: after(scheduler.now, span) };
}

/** A wait for any of the queues, at the longest until `until`. */
export function* waitFor(on: readonly WaitQueue[], until?: Instant): Routine<Wake> {
  return yield until === undefined ? { on } : { on, until };
}
