/**
 * The grammar of POSIX regular expressions, basic and extended, with GNU's additions (`\+ \? \| \w \s \b \< \> \' \``).
 *
 * POSIX.1-2017 chapter 9; what is undefined there is as glibc's regcomp does it, whose messages these are.
 */

import { fail, ok, type Result } from "@/lib/base/result";

export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "any" }
  /** A bracket expression, as the inside of a JavaScript class with the `u` flag. */
  | { readonly kind: "class"; readonly inside: string; readonly negated: boolean }
  | {
      readonly kind: "assert";
      readonly what: "start" | "end" | "buffer-start" | "buffer-end" | "word" | "not-word" | "word-start" | "word-end";
    }
  | { readonly kind: "group"; readonly index: number; readonly body: RegexNode }
  | { readonly kind: "back"; readonly index: number }
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly branches: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly body: RegexNode; readonly min: number; readonly max: number };

export type RegexOptions = {
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
  /** `^` and `$` at every newline, and `.` does not match one (sed's M). */
  readonly multiline?: boolean;
};

export type ParsedRegex = { readonly root: RegexNode; readonly groups: number; readonly hasBackReference: boolean };

class RegexSyntaxError extends Error {}

export function parseRegex(pattern: string, options: RegexOptions): Result<ParsedRegex, string> {
  try {
    return ok(new Parser(pattern, options.extended).parse());
  } catch (error) {
    if (error instanceof RegexSyntaxError) return fail(error.message);
    throw error;
  }
}

const NAMED: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "\\x21-\\x7e\\p{L}\\p{N}\\p{P}\\p{S}",
  lower: "\\p{Ll}",
  print: "\\x20-\\x7e\\p{L}\\p{N}\\p{P}\\p{S}",
  punct: "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e\\p{P}\\p{S}",
  space: "\\t\\n\\v\\f\\r ",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
};

class Parser {
  readonly #text: readonly string[];
  readonly #extended: boolean;
  #at = 0;
  #groups = 0;
  #open: number[] = [];
  #hasBack = false;

  constructor(pattern: string, extended: boolean) {
    this.#text = [...pattern];
    this.#extended = extended;
  }

  parse(): ParsedRegex {
    const root = this.#choice(0);
    if (this.#at < this.#text.length) throw new RegexSyntaxError("Unmatched ) or \\)");
    return { root, groups: this.#groups, hasBackReference: this.#hasBack };
  }

  #rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length).join("");
  }

  /** Whether the operator `letter` (`(`, `)`, `|`, `{`, `}`, `+`, `?`) is next, in this syntax's spelling. */
  #sees(letter: string): boolean {
    return this.#extended ? this.#text[this.#at] === letter : this.#text[this.#at] === "\\" && this.#text[this.#at + 1] === letter;
  }

  #skip(): void {
    this.#at += this.#extended ? 1 : 2;
  }

  #choice(depth: number): RegexNode {
    const branches = [this.#sequence(depth)];
    while (this.#sees("|")) {
      this.#skip();
      branches.push(this.#sequence(depth));
    }
    const [only] = branches;
    return branches.length === 1 && only ? only : { kind: "choice", branches };
  }

  #sequence(depth: number): RegexNode {
    const parts: RegexNode[] = [];
    while (this.#at < this.#text.length && !this.#sees("|")) {
      // In an ERE a `)` without a `(` stands for itself (POSIX leaves it undefined; glibc takes it as a character for grep -E).
      if (this.#sees(")") && (depth > 0 || !this.#extended)) {
        if (depth === 0) throw new RegexSyntaxError("Unmatched ) or \\)");
        break;
      }
      const isFirst =
        parts.length === 0 || (!this.#extended && parts.length === 1 && parts[0]?.kind === "assert" && parts[0].what === "start");
      parts.push(this.#repeats(this.#atom(isFirst, depth), isFirst));
    }
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    return parts.length === 0 ? { kind: "empty" } : { kind: "sequence", parts };
  }

  #repeats(atom: RegexNode, isFirst: boolean): RegexNode {
    let body = atom;
    // In a BRE `^*` is a literal star.
    if (!this.#extended && atom.kind === "assert" && atom.what === "start" && isFirst) return atom;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === "*") {
        this.#at++;
        body = { kind: "repeat", body, min: 0, max: Number.POSITIVE_INFINITY };
      } else if (this.#sees("+")) {
        this.#skip();
        body = { kind: "repeat", body, min: 1, max: Number.POSITIVE_INFINITY };
      } else if (this.#sees("?")) {
        this.#skip();
        body = { kind: "repeat", body, min: 0, max: 1 };
      } else if (this.#sees("{")) {
        const range = this.#interval();
        if (!range) return body;
        body = { kind: "repeat", body, ...range };
      } else return body;
    }
  }

  /** `{2}`, `{2,}`, `{,3}`, `{2,3}`. In an ERE, what is no interval is text. */
  #interval(): { readonly min: number; readonly max: number } | undefined {
    const rest = this.#text.slice(this.#at).join("");
    const match = (this.#extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\\\{(\d*)(,?)(\d*)\\\}/).exec(rest);
    if (!match || (match[1] === "" && match[2] === "")) {
      if (this.#extended) return undefined;
      throw new RegexSyntaxError(/\\\}/.test(rest) ? "Invalid content of \\{\\}" : "Unmatched \\{");
    }
    const min = match[1] === "" ? 0 : Number(match[1]);
    const max = match[2] === "" ? min : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    if (max < min) throw new RegexSyntaxError("Invalid content of \\{\\}");
    if (min > 32_767 || (max !== Number.POSITIVE_INFINITY && max > 32_767)) throw new RegexSyntaxError("Regular expression too big");
    this.#at += match[0].length;
    return { min, max };
  }

  #atom(isFirst: boolean, depth: number): RegexNode {
    const c = this.#text[this.#at] ?? "";
    if (this.#sees("(")) return this.#group(depth);
    if (c === "\\") return this.#escape();
    this.#at++;
    switch (c) {
      case ".":
        return { kind: "any" };
      case "[":
        return this.#bracket();
      case "^":
        if (this.#extended || isFirst) return { kind: "assert", what: "start" };
        break;
      case "$":
        if (this.#extended || this.#at === this.#text.length || /^\\[)|]/.test(this.#rest(2))) return { kind: "assert", what: "end" };
        break;
      case "*":
        // Nothing to repeat: itself in a BRE, and glibc skips it in an ERE.
        if (this.#extended && isFirst) return { kind: "empty" };
        break;
      case "+":
      case "?":
        if (this.#extended && isFirst) return { kind: "empty" };
        break;
      case "{":
        if (this.#extended && isFirst && /^\d*,?\d*\}/.test(this.#text.slice(this.#at).join("")))
          throw new RegexSyntaxError("Invalid preceding regular expression");
        break;
    }
    return { kind: "char", char: c };
  }

  #group(depth: number): RegexNode {
    this.#skip();
    const index = ++this.#groups;
    this.#open.push(index);
    const body = this.#choice(depth + 1);
    if (!this.#sees(")")) throw new RegexSyntaxError("Unmatched ( or \\(");
    this.#skip();
    this.#open.pop();
    return { kind: "group", index, body };
  }

  #escape(): RegexNode {
    const c = this.#text[this.#at + 1];
    if (c === undefined) throw new RegexSyntaxError("Trailing backslash");
    this.#at += 2;
    const asserted = ASSERTIONS[c];
    if (asserted) return { kind: "assert", what: asserted };
    switch (c) {
      case "w":
      case "W":
        return { kind: "class", inside: "\\p{L}\\p{N}_", negated: c === "W" };
      case "s":
      case "S":
        return { kind: "class", inside: "\\t\\n\\v\\f\\r ", negated: c === "S" };
      case "n":
        return { kind: "char", char: "n" };
    }
    if (/[1-9]/.test(c)) {
      const index = Number(c);
      if (index > this.#groups || this.#open.includes(index)) throw new RegexSyntaxError("Invalid back reference");
      this.#hasBack = true;
      return { kind: "back", index };
    }
    if (!this.#extended && c === "{") throw new RegexSyntaxError("Invalid preceding regular expression");
    return { kind: "char", char: c };
  }

  #bracket(): RegexNode {
    let inside = "";
    const negated = this.#text[this.#at] === "^";
    if (negated) this.#at++;
    let isFirst = true;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) throw new RegexSyntaxError("Unmatched [, [^, [:, [., or [=");
      if (c === "]" && !isFirst) {
        this.#at++;
        return { kind: "class", inside, negated };
      }
      isFirst = false;
      if (c === "[" && this.#text[this.#at + 1] === ":") {
        const end = this.#text.indexOf(":", this.#at + 2);
        if (end < 0 || this.#text[end + 1] !== "]") throw new RegexSyntaxError("Unmatched [, [^, [:, [., or [=");
        const name = this.#text.slice(this.#at + 2, end).join("");
        const named = NAMED[name];
        if (named === undefined) throw new RegexSyntaxError("Invalid character class name");
        inside += named;
        this.#at = end + 2;
        continue;
      }
      const low = this.#bracketChar();
      if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#text[this.#at + 1] !== undefined) {
        this.#at++;
        const high = this.#bracketChar();
        if ((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0)) throw new RegexSyntaxError("Invalid range end");
        inside += `${escapeInClass(low)}-${escapeInClass(high)}`;
      } else inside += escapeInClass(low);
    }
  }

  #bracketChar(): string {
    const special = /^\[([.=])(.)\1\]/u.exec(this.#rest(5));
    if (special) {
      this.#at += [...special[0]].length;
      return special[2] ?? "";
    }
    if (/^\[[.=]/.test(this.#rest(2))) throw new RegexSyntaxError("Invalid collation character");
    return this.#text[this.#at++] ?? "";
  }
}

const ASSERTIONS: Readonly<Record<string, Extract<RegexNode, { kind: "assert" }>["what"]>> = {
  b: "word",
  B: "not-word",
  "<": "word-start",
  ">": "word-end",
  "`": "buffer-start",
  "'": "buffer-end",
};

function escapeInClass(char: string): string {
  return /[\\\]^[\-/]/.test(char) ? `\\${char}` : char === "\n" ? "\\n" : char;
}
