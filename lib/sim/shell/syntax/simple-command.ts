/** Simple commands, redirections and function definitions (simplecmd and parsefname of dash's parser.c). */

import type { Argument, Assignment, HereBody, Node, Redirect, Word } from "./ast";
import { expandBraces } from "./braces";
import type { Dialect } from "./dialect";
import type { Place, Token } from "./lexer";
import { ANYWHERE, COMMAND, type TokenStream } from "./token-stream";

/** Names that cannot be functions in dash (special builtins). */
const SPECIAL_BUILTINS = new Set([
  ".",
  ":",
  "break",
  "continue",
  "eval",
  "exec",
  "exit",
  "export",
  "readonly",
  "return",
  "set",
  "shift",
  "times",
  "trap",
  "unset",
]);
/** Builtins whose `name=value` arguments are assignments. */
const DECLARING = new Set(["export", "readonly", "local", "declare", "typeset"]);

/** What of the grammar stands around a simple command. */
export type SurroundingGrammar = { readonly pipe: () => Node; readonly command: () => Node };

export class SimpleCommandParser {
  readonly #tokens: TokenStream;
  readonly #grammar: SurroundingGrammar;
  readonly #alias: (name: string) => string | undefined;
  /** How much text follows an alias that ended with a blank. */
  #aliasTail: number | undefined;

  constructor(tokens: TokenStream, grammar: SurroundingGrammar, alias: (name: string) => string | undefined) {
    this.#tokens = tokens;
    this.#grammar = grammar;
    this.#alias = alias;
  }

  /** Assignments, words and redirections up to an operator; or a function's definition. */
  simple(): Node {
    const { line } = this.#tokens.peek(COMMAND);
    const assignments: Assignment[] = [];
    const words: Argument[] = [];
    const redirects: Redirect[] = [];
    let declares = false;
    /** Between `[[` and `]]` in ash, `&&` and `||` are words. */
    let inTest = false;
    for (;;) {
      const place: Place = words.length === 0 || declares ? COMMAND : ANYWHERE;
      const token = this.#tokens.peek(place);
      if (token.kind === "redirect") {
        this.#tokens.take();
        redirects.push(this.#redirect(token));
        continue;
      }
      if (inTest && (this.#tokens.isOperator(token, "&&") || this.#tokens.isOperator(token, "||"))) {
        this.#tokens.take();
        const text = this.#tokens.isOperator(token, "&&") ? "-a" : "-o";
        words.push({ parts: [{ kind: "literal", text }], text });
        continue;
      }
      if (token.kind === "word") {
        if (token.bare !== undefined && (words.length === 0 || this.#isAliasTail(token))) {
          const value = this.#alias(token.bare);
          if (value !== undefined && this.#tokens.lexer.expandAlias(token, token.bare, value)) {
            this.#tokens.restart();
            if (/[ \t]$/.test(value)) this.#aliasTail = this.#tokens.lexer.text.length - this.#tokens.lexer.position - value.length;
            if (words.length === 0 && assignments.length === 0 && redirects.length === 0) return this.#grammar.pipe();
            continue;
          }
        }
        this.#tokens.take();
        const { word } = token;
        if (word.assignment && words.length === 0) assignments.push(word.assignment);
        else if (word.assignment) words.push(word);
        else {
          if (words.length === 0) {
            declares = token.bare !== undefined && DECLARING.has(token.bare);
            inTest = this.#tokens.lexer.dialect.conditionals === "command" && token.bare === "[[";
          } else if (token.bare === "]]") inTest = false;
          words.push(...braced(word, this.#tokens.lexer.dialect));
        }
        continue;
      }
      if (this.#tokens.isOperator(token, "(") && words.length === 1 && assignments.length === 0 && redirects.length === 0) {
        this.#tokens.take();
        return this.#functionDefinition(words[0]?.text ?? "", line);
      }
      break;
    }
    return { kind: "simple", line, assignments, words, redirects };
  }

  #functionDefinition(name: string, line: number): Node {
    if (this.#tokens.lexer.dialect.name === "bash") {
      const token = this.#tokens.peek(ANYWHERE);
      if (token.kind === "end") this.#tokens.unexpectedHere(token);
    }
    this.#tokens.expectOperator(")");
    if (!this.#tokens.lexer.dialect.anyFunctionName && (!/^[A-Za-z_]\w*$/.test(name) || SPECIAL_BUILTINS.has(name))) {
      this.#tokens.lexer.fail({ kind: "bad-function-name" }, this.#tokens.lexer.position, false);
    }
    this.#tokens.skipNewlines(COMMAND);
    return { kind: "function", line, name, body: this.functionBody() };
  }

  /** What follows `name ()`: in bash a compound command. */
  functionBody(): Node {
    const token = this.#tokens.peek(COMMAND);
    if (this.#tokens.lexer.dialect.name === "bash" && token.kind !== "end") {
      const keyword = this.#tokens.keyword(token);
      const isCompound =
        this.#tokens.isOperator(token, "(") || (keyword !== undefined && keyword !== "!" && keyword !== "time" && keyword !== "function");
      if (!isCompound) this.#tokens.unexpected(token);
    }
    return this.#grammar.command();
  }

  /** The first word after an alias that ends with a blank may be an alias too. */
  #isAliasTail(token: Token): boolean {
    if (this.#aliasTail === undefined || token.start < this.#tokens.lexer.text.length - this.#aliasTail) return false;
    this.#aliasTail = undefined;
    return true;
  }

  /** Redirections behind a compound command. */
  redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (;;) {
      const token = this.#tokens.peek(ANYWHERE);
      if (token.kind !== "redirect") return redirects;
      this.#tokens.take();
      redirects.push(this.#redirect(token));
    }
  }

  #redirect(token: Token & { readonly kind: "redirect" }): Redirect {
    const target = this.#tokens.peek(ANYWHERE);
    if (target.kind !== "word") this.#tokens.unexpectedHere(target);
    this.#tokens.take();
    const { operator, fd } = token;
    if (operator === "<<" || operator === "<<-") {
      const body: HereBody = {
        parts: [],
        text: "",
        delimiter: unquoted(target.word),
        stripTabs: operator === "<<-",
        quoted: isQuoted(target.word),
      };
      this.#tokens.lexer.pendingHere.push(body);
      // The body follows the newline, which may have been peeked at already; it was not: words end before it.
      return { kind: "here", fd, body };
    }
    if (
      (operator === ">&" || operator === "<&") &&
      this.#tokens.lexer.dialect.name === "dash" &&
      target.bare !== undefined &&
      !/^(\d|-)$/.test(target.bare)
    ) {
      this.#tokens.lexer.fail({ kind: "bad-fd-number" }, this.#tokens.lexer.position, false);
    }
    return { kind: "file", operator, fd, target: target.word };
  }
}

/** The words that a word's braces make. */
export function braced(word: Word, dialect: Dialect): readonly Word[] {
  return dialect.braces ? expandBraces(word) : [word];
}

function isQuoted(word: Word): boolean {
  return word.parts.some((part) => part.kind === "quoted" || part.kind === "double");
}

/** A here-document's delimiter: quotes removed, nothing expanded. */
function unquoted(word: Word): string {
  const plain = (parts: Word["parts"]): string =>
    parts
      .map((part) => {
        if (part.kind === "literal" || part.kind === "quoted") return part.text;
        if (part.kind === "double") return plain(part.parts);
        return part.kind === "tilde" ? `~${part.user}` : part.text;
      })
      .join("");
  return plain(word.parts);
}
