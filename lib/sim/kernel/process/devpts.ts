/** The terminals of one devpts mount, by number: /dev/pts. Each mount namespace has its own, as containers do. */

import type { Pty } from "./pty";

export class Devpts {
  readonly #ptys = new Map<number, Pty>();

  /** Makes a terminal under the lowest free number. */
  add(make: (number: number, onClose: () => void) => Pty): Pty {
    let number = 0;
    while (this.#ptys.has(number)) number++;
    const pty = make(number, () => this.#ptys.delete(number));
    this.#ptys.set(number, pty);
    return pty;
  }

  find(number: number): Pty | undefined {
    return this.#ptys.get(number);
  }

  list(): Pty[] {
    return [...this.#ptys.values()].sort((a, b) => a.number - b.number);
  }
}
