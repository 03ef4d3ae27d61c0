/**
 * A program's standard output as stdio keeps it: text is collected and written in blocks.
 *
 * Differs from stdio: it is also written before the program waits for input (`flush` in input.ts), so that `tail -f | grep`
 * shows lines as they come whatever stdout is.
 */

import type { Errno } from "@/lib/sim/core/errno";
import type { Fd, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";

const BLOCK = 4_096;

export class Output {
  readonly #sys: Sys;
  readonly #fd: Fd;
  #pending: string[] = [];
  #length = 0;
  #failure: Errno | undefined;

  constructor(sys: Sys, fd: Fd = 1) {
    this.#sys = sys;
    this.#fd = fd;
  }

  /** Why writing failed, if it did; what comes later is dropped. */
  get failure(): Errno | undefined {
    return this.#failure;
  }

  *put(text: string): Routine<void> {
    if (text === "" || this.#failure) return;
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= BLOCK) yield* this.flush();
  }

  *flush(): Routine<void> {
    if (this.#length === 0) return;
    const text = this.#pending.join("");
    this.#pending = [];
    this.#length = 0;
    const written = yield* this.#sys.write(this.#fd, text);
    if (!written.ok) this.#failure = written.error;
  }
}
