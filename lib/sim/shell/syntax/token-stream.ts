/**
 * Tokens with one of lookahead, and what the grammar asks of them: keywords where they are keywords, what was expected, and which
 * construct was open when something else came.
 */

import type { Lexer, Place, Token } from "./lexer";
import type { TokenName } from "./problem";

const KEYWORDS = new Set(["!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while", "{", "}"]);

export const ANYWHERE: Place = { assignable: false };
/** Where a command begins: `name=value` is an assignment. */
export const COMMAND: Place = { assignable: true };

export class TokenStream {
  readonly lexer: Lexer;
  #peeked: Token | undefined;
  /** Constructs that are open, innermost last. */
  #open: { readonly opener: string; readonly line: number }[] = [];
  /** What is parsed stands in `$(…)`. */
  #isSubstitution = false;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  /** Goes on at the lexer's position, or with a token that was taken before. */
  restart(token?: Token): void {
    this.#peeked = token;
  }

  /** Parses what stands in `$(…)`, and then goes on as before. */
  nested<T>(parse: () => T): T {
    const { pendingHere } = this.lexer;
    const peeked = this.#peeked;
    const open = this.#open;
    const isSubstitution = this.#isSubstitution;
    this.#isSubstitution = true;
    this.lexer.enter();
    this.lexer.pendingHere = [];
    this.#peeked = undefined;
    this.#open = [];
    const result = parse();
    this.lexer.pendingHere = [...pendingHere, ...this.lexer.pendingHere];
    this.#peeked = peeked;
    this.#open = open;
    this.#isSubstitution = isSubstitution;
    this.lexer.depth--;
    return result;
  }

  peek(place: Place): Token {
    this.#peeked ??= this.lexer.next(place);
    return this.#peeked;
  }

  take(): void {
    this.#peeked = undefined;
  }

  skipNewlines(place: Place): void {
    while (this.peek(place).kind === "newline") this.take();
  }

  isOperator(token: Token, text: string): boolean {
    return token.kind === "operator" && token.text === text;
  }

  keyword(token: Token): string | undefined {
    if (token.kind !== "word" || token.bare === undefined) return undefined;
    const { bare } = token;
    if (KEYWORDS.has(bare)) return bare;
    const dialect = this.lexer.dialect;
    if (bare === "[[" && dialect.conditionals === "keyword") return bare;
    if (bare === "function" && dialect.functionKeyword) return bare;
    if (bare === "select" && dialect.select) return bare;
    if (bare === "coproc" && dialect.coproc) return bare;
    return undefined;
  }

  expectKeyword(keyword: string): void {
    const token = this.peek(COMMAND);
    if (this.keyword(token) !== keyword) this.unexpected(token, keyword);
    this.take();
  }

  expectOperator(operator: string): void {
    const token = this.peek(ANYWHERE);
    if (!this.isOperator(token, operator)) this.unexpected(token, operator);
    this.take();
  }

  within<T>(opener: string, line: number, parse: () => T): T {
    this.#open.push({ opener, line });
    const result = parse();
    this.#open.pop();
    return result;
  }

  unexpected(token: Token, expecting?: string): never {
    if (token.kind === "end" && this.#isSubstitution && this.lexer.dialect.name === "bash") {
      this.lexer.fail({ kind: "unterminated", opener: "$(", startLine: token.line }, token.start, true);
    }
    const within = this.#open.at(-1);
    const fault = { kind: "unexpected", token: this.#nameOf(token), expecting, within, inSubstitution: this.#isSubstitution } as const;
    return this.lexer.fail(fault, token.start, token.kind === "end");
  }

  /** Where the line may not end: bash puts a newline to the end of its text and stumbles over that. */
  unexpectedHere(token: Token, expecting?: string): never {
    if (token.kind !== "end" || this.lexer.dialect.name !== "bash") this.unexpected(token, expecting);
    return this.lexer.fail(
      {
        kind: "unexpected",
        token: { kind: "newline", text: "newline" },
        expecting,
        within: undefined,
        inSubstitution: this.#isSubstitution,
      },
      token.start,
      false,
    );
  }

  #nameOf(token: Token): TokenName {
    switch (token.kind) {
      case "end":
        return { kind: "end-of-file", text: "" };
      case "newline":
        return { kind: "newline", text: "newline" };
      case "redirect":
        return { kind: "redirection", text: token.operator };
      case "operator":
        return { kind: "operator", text: token.text };
      case "word":
        return { kind: this.keyword(token) === undefined ? "word" : "keyword", text: token.word.text };
    }
  }
}
