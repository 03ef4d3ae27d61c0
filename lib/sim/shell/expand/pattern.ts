/**
 * Shell patterns: `*`, `?`, `[…]` and bash's `@(…)`; a backslash makes the next character ordinary.
 *
 * What fnmatch(3) and bash's sm_loop.c match. Ranges go by code point (the C locale). Characters are Unicode ones.
 */

type Node =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | { readonly kind: "set"; readonly negated: boolean; readonly has: (char: string) => boolean }
  | { readonly kind: "group"; readonly operator: "?" | "*" | "+" | "@" | "!"; readonly choices: readonly (readonly Node[])[] };

export type PatternOptions = {
  /** `@(a|b)` and its like. */
  readonly extended: boolean;
  /** `shopt -s nocasematch`. */
  readonly ignoreCase?: boolean;
};

/** A compiled pattern. */
export class Pattern {
  readonly #nodes: readonly Node[];
  readonly #ignoreCase: boolean;

  constructor(source: string, options: PatternOptions) {
    this.#ignoreCase = options.ignoreCase ?? false;
    this.#nodes = new PatternParser([...(this.#ignoreCase ? source.toLowerCase() : source)], options.extended).sequence(false);
  }

  /** Whether the whole text matches. */
  matches(text: string): boolean {
    const chars = this.#characters(text);
    return endsOf(this.#nodes, chars, [0]).at(-1) === chars.length;
  }

  /** Where the longest or the shortest match that begins at `start` ends. `undefined`: there is none. */
  matchAt(text: readonly string[], start: number, longest: boolean): number | undefined {
    return endsOf(this.#nodes, this.#folded(text), [start]).at(longest ? -1 : 0);
  }

  /** Where the longest or shortest suffix that matches begins. */
  suffix(text: readonly string[], longest: boolean): number | undefined {
    const chars = this.#folded(text);
    for (let i = 0; i <= chars.length; i++) {
      const start = longest ? i : chars.length - i;
      if (endsOf(this.#nodes, chars, [start]).at(-1) === chars.length) return start;
    }
    return undefined;
  }

  #characters(text: string): readonly string[] {
    return [...(this.#ignoreCase ? text.toLowerCase() : text)];
  }

  #folded(chars: readonly string[]): readonly string[] {
    return this.#ignoreCase ? chars.map((char) => char.toLowerCase()) : chars;
  }
}

/** Whether a pattern, or unquoted text, can match anything but itself. A `[` without `]` cannot. */
export function hasPatternCharacter(text: string, extended: boolean): boolean {
  return /[*?]|\[[\s\S]*\]/.test(text) || (extended && /[@+!]\(/.test(text));
}

/** Makes every character of `text` ordinary. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]()|!@+^-]/g, "\\$&");
}

/** A pattern without pattern characters as the text that it matches. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, "$1");
}

class PatternParser {
  readonly #chars: readonly string[];
  readonly #extended: boolean;
  #at = 0;

  constructor(chars: readonly string[], extended: boolean) {
    this.#chars = chars;
    this.#extended = extended;
  }

  /** Up to the end, or inside a group up to `|` or `)`. */
  sequence(inGroup: boolean): readonly Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const char = this.#chars[this.#at];
      if (char === undefined || (inGroup && (char === "|" || char === ")"))) return nodes;
      if (this.#extended && "?*+@!".includes(char) && this.#chars[this.#at + 1] === "(") {
        const group = this.#group(char as "?" | "*" | "+" | "@" | "!");
        if (group) {
          nodes.push(group);
          continue;
        }
      }
      this.#at++;
      if (char === "*") {
        if (nodes.at(-1)?.kind !== "star") nodes.push({ kind: "star" });
      } else if (char === "?") nodes.push({ kind: "any" });
      else if (char === "[") nodes.push(this.#set() ?? { kind: "char", char });
      else if (char === "\\" && this.#chars[this.#at] !== undefined) nodes.push({ kind: "char", char: this.#chars[this.#at++] ?? "" });
      else nodes.push({ kind: "char", char });
    }
  }

  #group(operator: "?" | "*" | "+" | "@" | "!"): Node | undefined {
    const before = this.#at;
    this.#at += 2;
    const choices: (readonly Node[])[] = [];
    for (;;) {
      choices.push(this.sequence(true));
      const char = this.#chars[this.#at++];
      if (char === ")") return { kind: "group", operator, choices };
      if (char === undefined) {
        this.#at = before;
        return undefined;
      }
    }
  }

  /** From after `[`. `undefined` when no `]` closes it: then `[` is an ordinary character. */
  #set(): Node | undefined {
    const before = this.#at;
    const negated = this.#chars[this.#at] === "!" || this.#chars[this.#at] === "^";
    if (negated) this.#at++;
    const tests: ((char: string) => boolean)[] = [];
    for (let first = true; ; first = false) {
      let char = this.#chars[this.#at++];
      if (char === undefined || char === "/") {
        this.#at = before;
        return undefined;
      }
      if (char === "]" && !first) return { kind: "set", negated, has: (c) => tests.some((test) => test(c)) };
      if (char === "[" && this.#chars[this.#at] === ":") {
        const end = this.#chars.indexOf(":", this.#at + 1);
        const name = this.#chars.slice(this.#at + 1, end).join("");
        const test = end > 0 && this.#chars[end + 1] === "]" ? CLASSES[name] : undefined;
        if (test) {
          this.#at = end + 2;
          tests.push((c) => test.test(c));
          continue;
        }
      }
      if (char === "\\") char = this.#chars[this.#at++] ?? "\\";
      const low = char;
      if (this.#chars[this.#at] === "-" && this.#chars[this.#at + 1] !== undefined && this.#chars[this.#at + 1] !== "]") {
        this.#at++;
        let high = this.#chars[this.#at++] ?? "";
        if (high === "\\") high = this.#chars[this.#at++] ?? "\\";
        const [from, to] = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
        tests.push((c) => {
          const point = c.codePointAt(0) ?? 0;
          return from <= point && point <= to;
        });
      } else tests.push((c) => c === low);
    }
  }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /^[\p{L}\p{N}]$/u,
  alpha: /^\p{L}$/u,
  blank: /^[ \t]$/,
  cntrl: /^[\x00-\x1f\x7f]$/,
  digit: /^[0-9]$/,
  graph: /^[^\s\x00-\x1f\x7f]$/u,
  lower: /^\p{Ll}$/u,
  print: /^[^\x00-\x1f\x7f]$/u,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^\p{Lu}$/u,
  word: /^[\p{L}\p{N}_]$/u,
  xdigit: /^[0-9A-Fa-f]$/,
};

/**
 * All places where a match of `nodes` that begins at one of `starts` can end, in ascending order. Following all places at
 * once keeps the work within pattern × text, whatever the pattern.
 */
function endsOf(nodes: readonly Node[], text: readonly string[], starts: readonly number[]): readonly number[] {
  let places = starts;
  for (const node of nodes) {
    if (places.length === 0) return places;
    places = step(node, text, places);
  }
  return places;
}

function step(node: Node, text: readonly string[], places: readonly number[]): readonly number[] {
  switch (node.kind) {
    case "char":
      return places.filter((i) => text[i] === node.char).map((i) => i + 1);
    case "any":
      return places.filter((i) => i < text.length).map((i) => i + 1);
    case "set":
      return places
        .filter((i) => {
          const char = text[i];
          return char !== undefined && node.has(char) !== node.negated;
        })
        .map((i) => i + 1);
    case "star":
      return upTo(text.length, places[0] ?? 0);
    case "group":
      return group(node, text, places);
  }
}

function group(node: Node & { readonly kind: "group" }, text: readonly string[], places: readonly number[]): readonly number[] {
  const once = (from: readonly number[]): readonly number[] => merge(node.choices.map((choice) => endsOf(choice, text, from)));
  switch (node.operator) {
    case "@":
      return once(places);
    case "?":
      return merge([places, once(places)]);
    case "*":
    case "+": {
      let all = once(places);
      for (;;) {
        const more = merge([all, once(all)]);
        if (more.length === all.length) break;
        all = more;
      }
      return node.operator === "+" ? all : merge([places, all]);
    }
    case "!":
      return merge(
        places.map((place) => {
          const excluded = new Set(once([place]));
          return upTo(text.length, place).filter((end) => !excluded.has(end));
        }),
      );
  }
}

function upTo(last: number, first: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function merge(lists: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
