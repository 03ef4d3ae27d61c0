/**
 * POSIX regular expressions: the leftmost match, and of those that begin there the longest.
 *
 * Whether a text matches is asked of JavaScript's engine, with the expression translated. How far a match goes can differ
 * there, since JavaScript takes the first alternative that works and POSIX the longest: expressions in which that can happen
 * (alternatives, repeated groups) run on the machine in nfa.ts; those with back-references stay with JavaScript.
 */

import { ok, type Result } from "@/lib/base/result";
import { compileNfa, type Nfa, runNfa } from "./nfa";
import { type ParsedRegex, parseRegex, type RegexNode, type RegexOptions } from "./syntax";

export type RegexMatch = {
  readonly start: number;
  readonly end: number;
  /** What each group matched, from the first; undefined for one that took no part. */
  readonly groups: readonly (string | undefined)[];
};

export class PosixRegex {
  readonly #test: RegExp;
  readonly #search: RegExp;
  readonly #nfa: Nfa | undefined;
  /** How many groups it has. */
  readonly groups: number;

  private constructor(parsed: ParsedRegex, options: RegexOptions) {
    const source = translate(parsed.root);
    const flags = `u${options.ignoreCase ? "i" : ""}${options.multiline ? "m" : "s"}`;
    this.#test = new RegExp(source, flags);
    this.#search = new RegExp(source, `${flags}g`);
    this.#nfa = parsed.hasBackReference || !mayBeTooShort(parsed.root) ? undefined : compileNfa(parsed.root, options);
    this.groups = parsed.groups;
  }

  static compile(pattern: string, options: RegexOptions): Result<PosixRegex, string> {
    const parsed = parseRegex(pattern, options);
    return parsed.ok ? ok(new PosixRegex(parsed.value, options)) : parsed;
  }

  test(text: string): boolean {
    return this.#test.test(text);
  }

  /** The first match at `from` or after it. */
  exec(text: string, from: number): RegexMatch | undefined {
    this.#search.lastIndex = from;
    const match = this.#search.exec(text);
    if (!match) return undefined;
    if (this.#nfa) {
      const longest = runNfa(this.#nfa, text, match.index);
      if (longest) return longest;
    }
    return { start: match.index, end: match.index + match[0].length, groups: match.slice(1) };
  }
}

/** A text that an expression matches literally, character for character. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*[\]]/g, "\\$&");
}

function translate(node: RegexNode): string {
  switch (node.kind) {
    case "empty":
      return "(?:)";
    case "char":
      return /[\\^$.*+?()[\]{}|/]/.test(node.char) ? `\\${node.char}` : node.char === "\n" ? "\\n" : node.char;
    case "any":
      return ".";
    case "class":
      return `[${node.negated ? "^" : ""}${node.inside}]`;
    case "assert":
      return ASSERT_SOURCES[node.what];
    case "group":
      return `(${translate(node.body)})`;
    case "back":
      // In POSIX a reference to a group that took no part does not match; in JavaScript it matches nothing.
      return `(?:\\${node.index})`;
    case "sequence":
      return node.parts.map(translate).join("");
    case "choice":
      return `(?:${node.branches.map(translate).join("|")})`;
    case "repeat": {
      const { min, max } = node;
      const body = translate(node.body);
      const single =
        node.body.kind === "char" || node.body.kind === "any" || node.body.kind === "class" || node.body.kind === "group"
          ? body
          : `(?:${body})`;
      if (max === Number.POSITIVE_INFINITY) return `${single}${min === 0 ? "*" : min === 1 ? "+" : `{${min},}`}`;
      return `${single}${min === 0 && max === 1 ? "?" : `{${min},${max}}`}`;
    }
  }
}

const WORD = "[\\p{L}\\p{N}_]";

const ASSERT_SOURCES = {
  start: "^",
  end: "$",
  "buffer-start": "(?<![^])",
  "buffer-end": "(?![^])",
  word: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  "not-word": `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
  "word-start": `(?<!${WORD})(?=${WORD})`,
  "word-end": `(?<=${WORD})(?!${WORD})`,
} as const;

/** Whether the first way that works may be shorter than another: only with alternatives, or repeated groups of several parts. */
function mayBeTooShort(node: RegexNode): boolean {
  switch (node.kind) {
    case "choice":
      return true;
    case "group":
      return mayBeTooShort(node.body);
    case "sequence":
      return node.parts.some(mayBeTooShort);
    case "repeat":
      return mayBeTooShort(node.body) || !isSingle(node.body);
    default:
      return false;
  }
}

function isSingle(node: RegexNode): boolean {
  return node.kind === "char" || node.kind === "any" || node.kind === "class" || (node.kind === "group" && isSingle(node.body));
}
