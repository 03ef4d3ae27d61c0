/**
 * Gathers what a word expands to into fields.
 *
 * Text from unquoted expansions is split at the characters of IFS (POSIX 2.6.5): runs of IFS white space are one delimiter,
 * every other IFS character is one, with the white space around it. Quoted text is never split and never a pattern.
 */

import { escapePattern, hasPatternCharacter } from "./pattern";

/** One field, with what of it was quoted, so that pathname expansion can tell. */
export type Field = { readonly text: string /** Set when an unquoted pattern character is in it. */; readonly pattern: string | undefined };

type Piece = { readonly text: string; readonly isQuoted: boolean };

export class FieldBuilder {
  readonly fields: Field[] = [];
  readonly #ifs: string;
  readonly #isSplitting: boolean;
  readonly #extended: boolean;
  #pieces: Piece[] = [];
  #isStarted = false;
  /** What ended the last field. */
  #delimiter: "none" | "space" | "other" = "none";

  constructor(options: { readonly ifs: string; readonly isSplitting: boolean; readonly extended: boolean }) {
    this.#ifs = options.ifs;
    this.#isSplitting = options.isSplitting;
    this.#extended = options.extended;
  }

  /** Quotes were there, so that there is a field even if it is empty. */
  start(): void {
    this.#isStarted = true;
  }

  addQuoted(text: string): void {
    this.#isStarted = true;
    if (text !== "") this.#pieces.push({ text, isQuoted: true });
  }

  /** Unquoted text of the word itself: not split. */
  addLiteral(text: string): void {
    this.#isStarted = true;
    this.#pieces.push({ text, isQuoted: false });
  }

  /** The result of an unquoted expansion. */
  addSplit(text: string): void {
    if (!this.#isSplitting) {
      if (text !== "") this.#pieces.push({ text, isQuoted: false });
      return;
    }
    const ifs = this.#ifs;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charAt(i);
      if (!ifs.includes(c)) continue;
      if (i > from) this.addLiteral(text.slice(from, i));
      from = i + 1;
      const isSpace = c === " " || c === "\t" || c === "\n";
      if (this.#isStarted) {
        this.#finish();
        this.#delimiter = isSpace ? "space" : "other";
      } else if (!isSpace) {
        // `a : b`: the colon belongs to the delimiter that the space began.
        if (this.#delimiter !== "space") this.#finish();
        this.#delimiter = "other";
      }
    }
    if (from < text.length) this.addLiteral(text.slice(from));
  }

  /** Between the elements of `"$@"`. */
  breakField(): void {
    if (this.#isSplitting) {
      if (this.#isStarted) this.#finish();
      this.#delimiter = "none";
    } else this.#pieces.push({ text: " ", isQuoted: true });
  }

  end(): readonly Field[] {
    if (this.#isStarted) this.#finish();
    return this.fields;
  }

  /** All of it as one text. */
  text(): string {
    return this.#pieces.map((piece) => piece.text).join("");
  }

  /** All of it as one pattern: what was quoted stands for itself. */
  pattern(): string {
    return this.#pieces.map((piece) => (piece.isQuoted ? escapePattern(piece.text) : piece.text)).join("");
  }

  /** For `=~`: what was quoted stands for itself in a regular expression. */
  regex(): string {
    return this.#pieces.map((piece) => (piece.isQuoted ? piece.text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : piece.text)).join("");
  }

  #finish(): void {
    const isOnlyQuoted = this.#pieces.every((piece) => piece.isQuoted || !/[*?[(]/.test(piece.text));
    const pattern = isOnlyQuoted ? undefined : this.pattern();
    const isPattern = pattern !== undefined && hasPatternCharacter(pattern.replace(/\\[\s\S]/g, ""), this.#extended);
    this.fields.push({ text: this.text(), pattern: isPattern ? pattern : undefined });
    this.#pieces = [];
    this.#isStarted = false;
  }
}
