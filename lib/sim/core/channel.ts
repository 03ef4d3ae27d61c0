/** A queue of values between tasks, with an end. What pipes, attached streams and event feeds are made of. */

import { type Routine, WaitQueue } from "./task";

export class Channel<T> {
  readonly #items: T[] = [];
  #ended = false;
  /** Woken when there is something to take, or the end was reached. */
  readonly readable = new WaitQueue();

  /** Adds a value. After the end it is dropped: nobody is left to read it. */
  push(item: T): void {
    if (this.#ended) return;
    this.#items.push(item);
    this.readable.wake();
  }

  /** No more will come. What is queued can still be taken. */
  end(): void {
    this.#ended = true;
    this.readable.wake();
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The next value if there is one now. */
  take(): T | undefined {
    return this.#items.shift();
  }

  /** Waits for the next value; `undefined` is the end, or that a caught signal came first. */
  *read(): Routine<T | undefined> {
    for (;;) {
      if (this.#items.length > 0) return this.#items.shift();
      if (this.#ended) return undefined;
      const wake = yield { on: [this.readable] };
      if (wake.kind === "signal") return undefined;
    }
  }
}
