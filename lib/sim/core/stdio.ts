/** What almost every program does with its streams. */

import type { Fd, Sys } from "./sys";
import type { Routine } from "./task";

/** Writes to stdout. A failure (EPIPE) is left to the signal that comes with it. */
export function* print(sys: Sys, text: string): Routine<void> {
  if (text !== "") yield* sys.write(1, text);
}

/** Writes to stderr. */
export function* complain(sys: Sys, text: string): Routine<void> {
  if (text !== "") yield* sys.write(2, text);
}

/** Everything up to the end of `fd`. A read that fails ends it, as if it were the end. */
export function* readAll(sys: Sys, fd: Fd): Routine<string> {
  let text = "";
  for (;;) {
    const chunk = yield* sys.read(fd);
    if (!chunk.ok || chunk.value === "") return text;
    text += chunk.value;
  }
}

/** Reads `fd` line by line, so that a program answers as soon as a line is there. */
export class LineReader {
  readonly #sys: Sys;
  readonly #fd: Fd;
  #buffer = "";
  #ended = false;

  constructor(sys: Sys, fd: Fd) {
    this.#sys = sys;
    this.#fd = fd;
  }

  /** The next line without its newline, `undefined` at the end. `terminated` tells whether there was a newline. */
  *next(): Routine<{ readonly text: string; readonly terminated: boolean } | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) {
        const text = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        return { text, terminated: true };
      }
      if (this.#ended) {
        if (this.#buffer === "") return undefined;
        const text = this.#buffer;
        this.#buffer = "";
        return { text, terminated: false };
      }
      const chunk = yield* this.#sys.read(this.#fd);
      if (!chunk.ok || chunk.value === "") this.#ended = true;
      else this.#buffer += chunk.value;
    }
  }
}
