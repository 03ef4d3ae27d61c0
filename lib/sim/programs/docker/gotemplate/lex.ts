/**
 * The tokens of a Go template. A learner meets the lexer in errors such as `unclosed action` and `bad character U+002D '-'`.
 *
 * Follows text/template/parse/lex.go. It differs in that comments are always dropped.
 */

import { quote } from "./strconv";

export type TokenType =
  | "error"
  | "bool"
  | "char"
  | "char-constant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "left-delim"
  | "left-paren"
  | "number"
  | "pipe"
  | "raw-string"
  | "right-delim"
  | "right-paren"
  | "space"
  | "string"
  | "text"
  | "variable"
  | "dot"
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

export type Token = { readonly type: TokenType; readonly position: number; readonly text: string; readonly line: number };

const KEYWORDS: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

/** The token as parse errors show it. */
export function tokenText(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.text;
  if (token.type === "dot" || KEYWORDS.has(token.type)) return `<${token.text}>`;
  const characters = [...token.text];
  return characters.length > 10 ? `${quote(characters.slice(0, 10).join(""))}...` : quote(token.text);
}

const LEFT = "{{";
const RIGHT = "}}";
const SPACE = /[ \t\r\n]/;
const ALPHANUMERIC = /[_\p{L}\p{Nd}]/u;

/** `%#U`: `U+002D '-'`. */
function unicodeName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
}

/** All tokens; the last one is `eof` or `error`. */
export function lex(input: string): readonly Token[] {
  const lexer = new Lexer(input);
  lexer.run();
  return lexer.tokens;
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #input: string;
  #at = 0;
  #start = 0;
  #depth = 0;

  constructor(input: string) {
    this.#input = input;
  }

  run(): void {
    while (this.#text()) {
      while (this.#insideAction()) {
        // One token after the other, until the action ends.
      }
      if (this.tokens.at(-1)?.type === "error") return;
    }
  }

  #emit(type: TokenType): true {
    const line = 1 + newlines(this.#input.slice(0, this.#start));
    this.tokens.push({ type, position: this.#start, text: this.#input.slice(this.#start, this.#at), line });
    this.#start = this.#at;
    return true;
  }

  #error(text: string): false {
    const line = 1 + newlines(this.#input.slice(0, this.#start));
    this.tokens.push({ type: "error", position: this.#start, text, line });
    return false;
  }

  #peek(): string {
    const code = this.#input.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** Text up to an action. False at the end of the input. */
  #text(): boolean {
    for (;;) {
      const open = this.#input.indexOf(LEFT, this.#at);
      if (open < 0) {
        this.#at = this.#input.length;
        if (this.#at > this.#start) this.#emit("text");
        this.#emit("eof");
        return false;
      }
      const trims = this.#input[open + 2] === "-" && SPACE.test(this.#input[open + 3] ?? "");
      this.#at = open;
      if (trims) while (this.#at > this.#start && SPACE.test(this.#input[this.#at - 1] ?? "")) this.#at--;
      if (this.#at > this.#start) this.#emit("text");
      this.#at = open;
      this.#start = open;
      const body = open + 2 + (trims ? 2 : 0);
      if (!this.#input.startsWith("/*", body)) {
        this.#at = open + 2;
        this.#emit("left-delim");
        this.#at = body;
        this.#start = body;
        this.#depth = 0;
        return true;
      }
      const close = this.#input.indexOf("*/", body + 2);
      if (close < 0) return this.#error("unclosed comment");
      this.#at = close + 2;
      if (!this.#skipRightDelim()) return this.#error("comment ends before closing delimiter");
    }
  }

  #atRightDelim(): { readonly trims: boolean } | undefined {
    if (SPACE.test(this.#input[this.#at] ?? "") && this.#input.startsWith(`-${RIGHT}`, this.#at + 1)) return { trims: true };
    return this.#input.startsWith(RIGHT, this.#at) ? { trims: false } : undefined;
  }

  #skipRightDelim(): boolean {
    const delim = this.#atRightDelim();
    if (!delim) return false;
    this.#at += delim.trims ? 4 : 2;
    if (delim.trims) while (SPACE.test(this.#input[this.#at] ?? "")) this.#at++;
    this.#start = this.#at;
    return true;
  }

  /** The next token of an action. False when the action, or the input, has ended. */
  #insideAction(): boolean {
    const delim = this.#atRightDelim();
    if (delim) {
      if (this.#depth > 0) return this.#error("unclosed left paren");
      if (delim.trims) this.#at += 2;
      this.#start = this.#at;
      this.#at += RIGHT.length;
      this.#emit("right-delim");
      if (delim.trims) while (SPACE.test(this.#input[this.#at] ?? "")) this.#at++;
      this.#start = this.#at;
      return false;
    }
    const character = this.#peek();
    this.#at += character.length;
    if (character === "") return this.#error("unclosed action");
    if (SPACE.test(character)) return this.#space();
    switch (character) {
      case "=":
        return this.#emit("assign");
      case ":":
        if (this.#peek() !== "=") return this.#error("expected :=");
        this.#at++;
        return this.#emit("declare");
      case "|":
        return this.#emit("pipe");
      case '"':
        return this.#quoted('"', "string", "unterminated quoted string");
      case "`": {
        const end = this.#input.indexOf("`", this.#at);
        if (end < 0) return this.#error("unterminated raw quoted string");
        this.#at = end + 1;
        return this.#emit("raw-string");
      }
      case "$":
        return this.#fieldOrVariable("variable");
      case "'":
        return this.#quoted("'", "char-constant", "unterminated character constant");
      case "(":
        this.#depth++;
        return this.#emit("left-paren");
      case ")":
        if (--this.#depth < 0) return this.#error("unexpected right paren");
        return this.#emit("right-paren");
      case ".":
        // At the very end it begins a number, a wrong one.
        if (/[^0-9]/.test(this.#input[this.#at] ?? "")) return this.#fieldOrVariable("field");
        break;
    }
    if (/[.+\-0-9]/.test(character)) {
      this.#at -= character.length;
      return this.#number();
    }
    if (ALPHANUMERIC.test(character)) return this.#identifier();
    if (/[\x20-\x7e]/.test(character)) return this.#emit("char");
    return this.#error(`unrecognized character in action: ${unicodeName(character)}`);
  }

  #space(): boolean {
    while (SPACE.test(this.#peek())) this.#at++;
    if (this.#input.startsWith(`-${RIGHT}`, this.#at)) {
      // The last space belongs to the trim marker of the right delimiter.
      this.#at--;
      if (this.#at === this.#start) return true;
    }
    return this.#emit("space");
  }

  #quoted(mark: string, type: TokenType, unterminated: string): boolean {
    for (;;) {
      const character = this.#peek();
      this.#at += character.length;
      if (character === "\\") {
        const escaped = this.#peek();
        if (escaped === "" || escaped === "\n") return this.#error(unterminated);
        this.#at += escaped.length;
      } else if (character === "" || character === "\n") return this.#error(unterminated);
      else if (character === mark) return this.#emit(type);
    }
  }

  #atTerminator(): boolean {
    const character = this.#peek();
    return character === "" || SPACE.test(character) || ".,|:)(".includes(character) || this.#input.startsWith(RIGHT, this.#at);
  }

  #word(): void {
    while (ALPHANUMERIC.test(this.#peek())) this.#at += this.#peek().length;
  }

  #fieldOrVariable(type: "field" | "variable"): boolean {
    if (this.#atTerminator()) return this.#emit(type === "variable" ? "variable" : "dot");
    this.#word();
    if (!this.#atTerminator()) return this.#error(`bad character ${unicodeName(this.#peek())}`);
    return this.#emit(type);
  }

  #identifier(): boolean {
    this.#word();
    if (!this.#atTerminator()) return this.#error(`bad character ${unicodeName(this.#peek())}`);
    const word = this.#input.slice(this.#start, this.#at);
    if (KEYWORDS.has(word)) return this.#emit(word as TokenType);
    if (word === "true" || word === "false") return this.#emit("bool");
    return this.#emit("identifier");
  }

  #number(): boolean {
    if (!this.#scanNumber()) return this.#error(`bad number syntax: ${quote(this.#input.slice(this.#start, this.#at))}`);
    const sign = this.#peek();
    if (sign !== "+" && sign !== "-") return this.#emit("number");
    if (!this.#scanNumber() || this.#input[this.#at - 1] !== "i")
      return this.#error(`bad number syntax: ${quote(this.#input.slice(this.#start, this.#at))}`);
    return this.#emit("complex");
  }

  #scanNumber(): boolean {
    const rest = this.#input.slice(this.#at);
    const match =
      /^[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[bB][01_]*|0[oO][0-7_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/.exec(
        rest,
      );
    this.#at += match?.[0].length ?? 0;
    if (!ALPHANUMERIC.test(this.#peek())) return true;
    this.#at += this.#peek().length;
    return false;
  }
}

function newlines(text: string): number {
  return text.split("\n").length - 1;
}
