/** sed's input: the lines of several files as one stream, or each file for itself (`-s`, `-i`). */

import type { Routine } from "@/lib/sim/core/task";
import type { Context } from "../command/command";
import { Input, type Line } from "../command/input";

/** The lines of several files as one stream, with a look ahead: `$` is the last line of all. */
export class LineSource {
  readonly #context: Context;
  readonly #paths: readonly string[];
  readonly #separator: string;
  #at = 0;
  #input: Input | undefined;
  #ahead: Line | undefined;
  #isAhead = false;
  name = "-";
  failed = false;

  constructor(context: Context, paths: readonly string[], separator: string) {
    this.#context = context;
    this.#paths = paths;
    this.#separator = separator;
  }

  *next(): Routine<Line | undefined> {
    if (this.#isAhead) {
      this.#isAhead = false;
      return this.#ahead;
    }
    return yield* this.#read();
  }

  *isAtEnd(): Routine<boolean> {
    if (!this.#isAhead) {
      this.#ahead = yield* this.#read();
      this.#isAhead = true;
    }
    return this.#ahead === undefined;
  }

  *#read(): Routine<Line | undefined> {
    const { sys, out, flavour, words } = this.#context;
    for (;;) {
      if (!this.#input) {
        const path = this.#paths[this.#at++];
        if (path === undefined) return undefined;
        const fd = path === "-" ? { ok: true as const, value: 0 } : sys.open(path, { read: true });
        if (!fd.ok) {
          this.failed = true;
          yield* this.#context.complain(flavour === "gnu" ? `can't read ${path}: ${words(fd.error)}` : `${path}: ${words(fd.error)}`);
          continue;
        }
        this.name = path;
        this.#input = new Input(sys, fd.value, out, this.#separator);
      }
      const line = yield* this.#input.line();
      if (line) {
        // Between files a missing newline is made up.
        return line.terminated || this.#at >= this.#paths.length ? line : { ...line, terminated: true };
      }
      const { error } = this.#input;
      if (error) {
        this.failed = true;
        yield* this.#context.complain(flavour === "gnu" ? `read error on ${this.name}: ${words(error)}` : `read error: ${words(error)}`);
      }
      this.#input.close();
      this.#input = undefined;
    }
  }
}
