/** The expression of `[[ … ]]` (bash: parse_cond_command in parse.y). */

import type { Conditional, Word } from "./ast";
import type { Lexer, Token } from "./lexer";
import { scanRegex, scanWord } from "./words";

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = new Set(["=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);
const PLACE = { assignable: false, conditional: true };

/** From after `[[` to after `]]`. */
export function parseConditional(lexer: Lexer): Conditional {
  const parser = new ConditionalParser(lexer);
  const expression = parser.or();
  parser.close();
  return expression;
}

class ConditionalParser {
  readonly #lexer: Lexer;
  #token: Token;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
    this.#token = this.#read();
  }

  or(): Conditional {
    let left = this.#and();
    while (this.#isOperator("||")) {
      this.#token = this.#read();
      left = { kind: "or", left, right: this.#and() };
    }
    return left;
  }

  close(): void {
    if (this.#bare() === "]]") return;
    const isWord = this.#token.kind === "word";
    this.#fail(isWord ? `syntax error in conditional expression: unexpected token \`${this.#text()}'` : "", this.#token);
  }

  #and(): Conditional {
    let left = this.#term();
    while (this.#isOperator("&&")) {
      this.#token = this.#read();
      left = { kind: "and", left, right: this.#term() };
    }
    return left;
  }

  #term(): Conditional {
    const token = this.#token;
    if (this.#isOperator("(")) {
      this.#token = this.#read();
      const inner = this.or();
      if (!this.#isOperator(")")) this.#fail(`unexpected token \`${this.#text()}', expected \`)'`, this.#token);
      this.#token = this.#read();
      return inner;
    }
    if (token.kind !== "word") this.#fail("", token);
    if (token.bare === "!") {
      this.#token = this.#read();
      return { kind: "not", operand: this.#term() };
    }
    if (token.bare === "]]") this.#fail("", token);
    if (token.bare !== undefined && UNARY.test(token.bare)) {
      const next = this.#readHere();
      if (next.kind === "word" && next.bare !== "]]") {
        this.#token = this.#read();
        return { kind: "unary", operator: token.bare, operand: next.word };
      }
      if (next.kind !== "word") this.#fail(`unexpected argument \`${this.#text(next)}' to conditional unary operator`, next);
      this.#token = next;
    } else this.#token = this.#readHere();
    const operator = this.#bare();
    if (operator === undefined || !BINARY.has(operator)) {
      const ends =
        operator === "]]" || this.#isOperator("&&") || this.#isOperator("||") || this.#isOperator(")") || this.#token.kind === "newline";
      if (!ends) {
        if (this.#token.kind === "word") this.#fail("conditional binary operator expected", this.#token);
        this.#fail(`unexpected token \`${this.#text()}', conditional binary operator expected`, this.#token);
      }
      if (this.#token.kind === "newline") this.#token = this.#read();
      return { kind: "unary", operator: "-n", operand: token.word };
    }
    const right = this.#rightSide(operator);
    this.#token = this.#read();
    return { kind: "binary", operator, left: token.word, right };
  }

  #rightSide(operator: string): Word {
    const lexer = this.#lexer;
    while (lexer.text[lexer.position] === " " || lexer.text[lexer.position] === "\t") lexer.position++;
    const start = lexer.position;
    const word =
      operator === "=~"
        ? scanRegex(lexer)
        : operator === "==" || operator === "=" || operator === "!="
          ? scanPattern(lexer)
          : scanWord(lexer);
    if (lexer.position === start) {
      const token = lexer.next(PLACE);
      this.#fail(`unexpected argument \`${this.#text(token)}' to conditional binary operator`, token, operator);
    }
    return word;
  }

  /** The next token; newlines do not matter between terms. */
  #read(): Token {
    for (;;) {
      const token = this.#lexer.next(PLACE);
      if (token.kind !== "newline") return token;
    }
  }

  #readHere(): Token {
    return this.#lexer.next(PLACE);
  }

  #isOperator(text: string): boolean {
    return this.#token.kind === "operator" && this.#token.text === text;
  }

  #bare(): string | undefined {
    return this.#token.kind === "word" ? this.#token.bare : undefined;
  }

  #text(token: Token = this.#token): string {
    if (token.kind === "word") return token.word.text;
    if (token.kind === "redirect") return token.operator;
    return token.kind === "operator" ? token.text : "newline";
  }

  #fail(message: string, token: Token, near?: string): never {
    const isEnd = token.kind === "end";
    return this.#lexer.fail({ kind: "conditional", message, near: near ?? this.#text(token) }, token.start, isEnd);
  }
}

/** A pattern: `@(…)` and its like are patterns here, whatever extglob says. */
function scanPattern(lexer: Lexer): Word {
  return scanWord(lexer, true);
}
