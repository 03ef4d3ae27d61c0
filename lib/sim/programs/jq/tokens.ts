/** The words of a jq program. */

import { type Filter, JqSyntaxError } from "./filter";

export type Token = {
  readonly kind: "number" | "string" | "word" | "field" | "variable" | "format" | "operator" | "end";
  readonly text: string;
  readonly at: number;
  readonly parts?: readonly (string | Filter)[];
};

const OPERATORS = [
  "?//",
  "|=",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "//=",
  "//",
  "==",
  "!=",
  "<=",
  ">=",
  "..",
  "?",
  "|",
  ",",
  "+",
  "-",
  "*",
  "/",
  "%",
  "=",
  "<",
  ">",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ":",
  ";",
  ".",
];

export const KEYWORDS = new Set([
  "def",
  "if",
  "then",
  "elif",
  "else",
  "end",
  "as",
  "reduce",
  "foreach",
  "try",
  "catch",
  "label",
  "and",
  "or",
  "not",
  "import",
  "include",
  "__loc__",
]);

/** The program's words. What stands in `\(…)` is parsed by `parse`. */
export function tokenize(source: string, offset: number, parse: (part: string, offset: number) => Filter): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const blank = /^(\s+|#[^\n]*)/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const start = at + offset;
    const number = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/.exec(rest);
    const field = /^\.([A-Za-z_]\w*)/.exec(rest);
    const word = /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*/.exec(rest);
    const variable = /^\$(__prog_args|[A-Za-z_]\w*)/.exec(rest);
    const format = /^@[A-Za-z0-9]+/.exec(rest);
    if (number) {
      tokens.push({ kind: "number", text: number[0], at: start });
      at += number[0].length;
    } else if (field) {
      tokens.push({ kind: "field", text: field[1] ?? "", at: start });
      at += field[0].length;
    } else if (word) {
      tokens.push({ kind: "word", text: word[0], at: start });
      at += word[0].length;
    } else if (variable) {
      tokens.push({ kind: "variable", text: variable[1] ?? "", at: start });
      at += variable[0].length;
    } else if (format) {
      tokens.push({ kind: "format", text: format[0], at: start });
      at += format[0].length;
    } else if (rest[0] === '"') {
      const { parts, length } = readString(source, at, offset, parse);
      tokens.push({ kind: "string", text: source.slice(at, at + length), at: start, parts });
      at += length;
    } else {
      const operator = OPERATORS.find((one) => rest.startsWith(one));
      if (!operator) throw new JqSyntaxError("syntax error, unexpected INVALID_CHARACTER", start, 1);
      tokens.push({ kind: "operator", text: operator, at: start });
      at += operator.length;
    }
  }
  tokens.push({ kind: "end", text: "", at: source.trimEnd().length + offset });
  return tokens;
}

/** A string, with `\(…)` in it parsed. */
function readString(
  source: string,
  start: number,
  offset: number,
  parse: (part: string, offset: number) => Filter,
): { readonly parts: (string | Filter)[]; readonly length: number } {
  const parts: (string | Filter)[] = [""];
  const add = (text: string): void => {
    const last = parts.at(-1);
    if (typeof last === "string") parts[parts.length - 1] = last + text;
    else parts.push(text);
  };
  for (let at = start + 1; at < source.length; at++) {
    const c = source[at] ?? "";
    if (c === '"') return { parts, length: at + 1 - start };
    if (c !== "\\") {
      add(c);
      continue;
    }
    const next = source[++at] ?? "";
    const unicode = /^u([0-9a-fA-F]{4})/.exec(source.slice(at, at + 5));
    if (next === "(") {
      const end = closing(source, at);
      if (end < 0) break;
      parts.push(parse(source.slice(at + 1, end), offset + at + 1));
      at = end;
    } else if (unicode) {
      add(String.fromCharCode(Number.parseInt(unicode[1] ?? "", 16)));
      at += 4;
    } else add({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\\": "\\", "/": "/", '"': '"' }[next] ?? next);
  }
  throw new JqSyntaxError(
    "syntax error, unexpected end of file, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END",
    start + offset,
    1,
  );
}

/** The parenthesis that closes the one at `start`. */
function closing(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const c = source[at];
    if (c === '"') {
      for (at++; at < source.length && source[at] !== '"'; at++) {
        if (source[at] !== "\\") continue;
        at++;
        if (source[at] === "(") at = closing(source, at);
        if (at < 0) return -1;
      }
    } else if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return at;
  }
  return -1;
}
