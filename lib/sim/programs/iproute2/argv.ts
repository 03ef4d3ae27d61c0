/** Words of a command line, one after the other, as iproute2's parsers take them (NEXT_ARG, matches). */

import { ok } from "@/lib/base/result";
import { type Checked, incomplete } from "./outcome";

export class Argv {
  readonly #words: readonly string[];
  #next = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** The word to look at, without taking it. */
  get word(): string | undefined {
    return this.#words[this.#next];
  }

  get rest(): readonly string[] {
    return this.#words.slice(this.#next);
  }

  get isEmpty(): boolean {
    return this.#next >= this.#words.length;
  }

  take(): string | undefined {
    const word = this.word;
    if (word !== undefined) this.#next++;
    return word;
  }

  /** The value of an option that was just taken. */
  value(): Checked<string> {
    const word = this.take();
    return word === undefined ? incomplete() : ok(word);
  }

  /** Takes the next word if it is one of these. */
  takeIf(...words: readonly string[]): boolean {
    if (this.word === undefined || !words.includes(this.word)) return false;
    this.#next++;
    return true;
  }
}

/** The first of `commands` that begins with `word` (matches() in the order of the source). */
export function abbreviated<T extends string>(word: string, commands: readonly T[]): T | undefined {
  return commands.find((command) => command.startsWith(word));
}

/** The name for each first match, for commands with several spellings. */
export function findCommand<T>(word: string, table: readonly (readonly [spelling: string, command: T])[]): T | undefined {
  return table.find(([spelling]) => spelling.startsWith(word))?.[1];
}
