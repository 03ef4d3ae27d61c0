/** Text that was parsed before: loop bodies of `eval`, traps, functions of a profile, a line typed again. */

import type { Node } from "../syntax/ast";

/** Texts are dropped when there are more; the parser is quick. */
const LIMIT = 500;

export class ParseCache {
  readonly #parsed = new Map<string, readonly Node[]>();

  find(key: string): readonly Node[] | undefined {
    return this.#parsed.get(key);
  }

  add(key: string, nodes: readonly Node[]): void {
    if (this.#parsed.size >= LIMIT) this.#parsed.clear();
    this.#parsed.set(key, nodes);
  }
}
