/** The lines that were typed, as `history`, the up key and `!` see them (GNU history; busybox's lineedit keeps 256). */

export class History {
  readonly #limit: number;
  readonly #ignoresRepeats: () => boolean;
  #entries: string[] = [];
  #dropped = 0;

  constructor(limit: number, ignoresRepeats: () => boolean = () => false) {
    this.#limit = limit;
    this.#ignoresRepeats = ignoresRepeats;
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** The number of the oldest entry that is kept. */
  get first(): number {
    return this.#dropped + 1;
  }

  /** The number that the next line will have. */
  get next(): number {
    return this.first + this.#entries.length;
  }

  add(line: string): void {
    if (line === "" || (this.#ignoresRepeats() && this.#entries.at(-1) === line)) return;
    this.#entries.push(line);
    while (this.#entries.length > this.#limit) {
      this.#entries.shift();
      this.#dropped++;
    }
  }

  clear(): void {
    this.#entries = [];
    this.#dropped = 0;
  }

  /** Forgets the entry with a number. */
  remove(number: number): boolean {
    const index = number - this.first;
    if (!Number.isInteger(index) || index < 0 || index >= this.#entries.length) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  entry(number: number): string | undefined {
    return this.#entries[number - this.first];
  }
}
