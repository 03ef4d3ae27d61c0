/** The words of an awk program: POSIX awk's lexical grammar. Whether `/` begins a regular expression depends on what came before. */

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly line: number; readonly text: string }
  | { readonly kind: "string"; readonly value: string; readonly line: number; readonly text: string }
  | { readonly kind: "regex"; readonly source: string; readonly line: number; readonly text: string }
  /** A function's name right before its `(`. */
  | { readonly kind: "funcname"; readonly name: string; readonly line: number; readonly text: string }
  | { readonly kind: "name"; readonly name: string; readonly line: number; readonly text: string }
  | { readonly kind: "builtin"; readonly name: string; readonly line: number; readonly text: string }
  | { readonly kind: "keyword"; readonly line: number; readonly text: string }
  | { readonly kind: "operator"; readonly line: number; readonly text: string }
  | { readonly kind: "newline"; readonly line: number; readonly text: string }
  | { readonly kind: "end"; readonly line: number; readonly text: string };

export class AwkSyntaxError extends Error {
  override readonly name = "AwkSyntaxError";
  readonly line: number;
  /** What was there instead of what was wanted; undefined when the message says it all. */
  readonly near: string | undefined;
  constructor(message: string, line: number, near?: string) {
    super(message);
    this.line = line;
    this.near = near;
  }
}

const KEYWORDS = new Set([
  "BEGIN",
  "END",
  "function",
  "func",
  "if",
  "else",
  "while",
  "for",
  "do",
  "break",
  "continue",
  "next",
  "nextfile",
  "exit",
  "return",
  "delete",
  "in",
  "getline",
  "print",
  "printf",
]);

export const BUILTINS = new Set([
  "length",
  "substr",
  "index",
  "split",
  "sub",
  "gsub",
  "match",
  "sprintf",
  "sin",
  "cos",
  "atan2",
  "exp",
  "log",
  "sqrt",
  "int",
  "rand",
  "srand",
  "tolower",
  "toupper",
  "system",
  "close",
  "fflush",
  "systime",
  "strftime",
  "mktime",
  "and",
  "or",
  "xor",
  "compl",
  "lshift",
  "rshift",
  "gensub",
]);

const OPERATORS = [
  "**=",
  "**",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "^=",
  "==",
  "<=",
  ">=",
  "!=",
  "++",
  "--",
  "&&",
  "||",
  ">>",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  ";",
  ",",
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "!",
  "<",
  ">",
  "|",
  "?",
  ":",
  "~",
  "$",
  "=",
];

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const c = source[at] ?? "";
    if (c === "\n") {
      tokens.push({ kind: "newline", line, text: "\n" });
      line++;
      at++;
      continue;
    }
    if (/[ \t\r]/.test(c)) {
      at++;
      continue;
    }
    if (c === "\\" && /^\\\r?\n/.test(source.slice(at, at + 3))) {
      at = source.indexOf("\n", at) + 1;
      line++;
      continue;
    }
    if (c === "#") {
      while (at < source.length && source[at] !== "\n") at++;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(source.slice(at, at + 400));
    if (number && /[\d.]/.test(c)) {
      tokens.push({ kind: "number", value: Number(number[0]), line, text: number[0] });
      at += number[0].length;
      continue;
    }
    const word = /^[A-Za-z_]\w*/.exec(source.slice(at, at + 400));
    if (word) {
      const text = word[0];
      at += text.length;
      if (KEYWORDS.has(text)) tokens.push({ kind: "keyword", line, text: text === "func" ? "function" : text });
      else if (BUILTINS.has(text)) tokens.push({ kind: "builtin", name: text, line, text });
      else tokens.push({ kind: source[at] === "(" ? "funcname" : "name", name: text, line, text });
      continue;
    }
    if (c === '"') {
      const { value, end } = readString(source, at, line);
      tokens.push({ kind: "string", value, line, text: source.slice(at, end) });
      at = end;
      continue;
    }
    if (c === "/" && isRegexPlace(tokens.at(-1))) {
      const { source: regex, end } = readRegex(source, at, line);
      tokens.push({ kind: "regex", source: regex, line, text: source.slice(at, end) });
      at = end;
      continue;
    }
    const operator = OPERATORS.find((one) => source.startsWith(one, at));
    if (!operator) throw new AwkSyntaxError(`unexpected character '${c}'`, line);
    // POSIX awk has no `**`; it is two stars, which no grammar takes.
    tokens.push({ kind: "operator", line, text: operator });
    at += operator.length;
  }
  tokens.push({ kind: "newline", line, text: "end of line" }, { kind: "end", line: line + 1, text: "end of file" });
  return tokens;
}

/** After a value `/` divides. */
function isRegexPlace(before: Token | undefined): boolean {
  if (!before) return true;
  switch (before.kind) {
    case "number":
    case "string":
    case "regex":
    case "name":
      return false;
    case "builtin":
      return before.name !== "length";
    case "operator":
      return !(before.text === ")" || before.text === "]" || before.text === "$" || before.text === "++" || before.text === "--");
    default:
      return true;
  }
}

function readString(source: string, start: number, line: number): { readonly value: string; readonly end: number } {
  let value = "";
  for (let at = start + 1; at < source.length; at++) {
    const c = source[at] ?? "";
    if (c === '"') return { value, end: at + 1 };
    if (c === "\n") break;
    if (c !== "\\") {
      value += c;
      continue;
    }
    const escape = unescapeAt(source, at + 1);
    value += escape.text;
    at += escape.length;
  }
  throw new AwkSyntaxError(`runaway string constant ${source.slice(start, start + 10)} ...`, line);
}

/** What stands after a backslash in a string, and how long it is. */
function unescapeAt(source: string, at: number): { readonly text: string; readonly length: number } {
  const c = source[at] ?? "";
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3));
  if (octal) return { text: String.fromCharCode(Number.parseInt(octal[0], 8)), length: octal[0].length };
  const known: Readonly<Record<string, string>> = {
    a: "\x07",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
    v: "\v",
    "\\": "\\",
    '"': '"',
    "/": "/",
    "\n": "",
  };
  return { text: known[c] ?? `\\${c}`, length: 1 };
}

/** The escapes of a command-line assignment (`-v x='a\tb'`). */
export function unescapeAwk(text: string): string {
  let value = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\" || at + 1 >= text.length) {
      value += text[at];
      continue;
    }
    const escape = unescapeAt(text, at + 1);
    value += escape.text;
    at += escape.length;
  }
  return value;
}

function readRegex(source: string, start: number, line: number): { readonly source: string; readonly end: number } {
  let regex = "";
  let inBracket = false;
  for (let at = start + 1; at < source.length; at++) {
    const c = source[at] ?? "";
    if (c === "\n") break;
    if (c === "/" && !inBracket) return { source: regex, end: at + 1 };
    if (c === "\\") {
      const next = source[at + 1] ?? "";
      regex += next === "/" ? "/" : `\\${next}`;
      at++;
      continue;
    }
    if (inBracket) inBracket = c !== "]" || /\[\^?$/.test(regex);
    else if (c === "[") inBracket = true;
    regex += c;
  }
  throw new AwkSyntaxError(
    `runaway regular expression /${source
      .slice(start + 1)
      .split("\n", 1)[0]
      ?.slice(0, 10)} ...`,
    line,
  );
}
