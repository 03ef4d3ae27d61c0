/**
 * The lexer: shell text to tokens.
 *
 * Follows xxreadtoken and readtoken1 of dash's parser.c (ash's is the same file, grown), with bash's additions where the
 * dialect has them. Words are scanned by `words.ts`, which comes back here for `$(…)`. Unlike theirs, it holds the
 * whole text, so an alias is spliced into it, and what a token was written as can be cut out of it.
 */

import type { Dialect } from "./dialect";
import type { Argument, HereBody, Node, RedirectFd, RedirectOperator } from "./ast";
import { SyntaxFailure, type SyntaxFault } from "./problem";
import { scanAssignment, scanHereBody, scanWord } from "./words";

export type OperatorText = "&" | "&&" | "|" | "|&" | "||" | ";" | ";;" | ";&" | ";;&" | "(" | ")";

export type Token = { readonly start: number; readonly line: number } & (
  | {
      readonly kind: "word";
      readonly word: Argument;
      /** The text, when nothing in it is quoted or expanded: it may be a keyword, an alias or a function's name. */
      readonly bare: string | undefined;
    }
  | { readonly kind: "operator"; readonly text: OperatorText }
  | { readonly kind: "redirect"; readonly operator: RedirectOperator | "<<" | "<<-"; readonly fd: RedirectFd }
  | { readonly kind: "newline" }
  | { readonly kind: "end" }
);

/** What the parser knows about the place of the next token. */
export type Place = {
  /** `name=value` is an assignment here. */
  readonly assignable: boolean;
  /** Only for `[[`: `<`, `>`, `(` and `)` are operators, a redirection is not. */
  readonly conditional?: boolean;
};

/** Far beyond what anyone writes, and within the simulator's own stack. */
const MAX_DEPTH = 200;

export class Lexer {
  text: string;
  position = 0;
  readonly dialect: Dialect;
  /** `@(…)` and its like are patterns (shopt extglob). */
  readonly extendedPatterns: () => boolean;
  /** Parses the commands of `$(…)` from here to its `)`. */
  readonly parseSubstitution: () => Node | undefined;
  /** Parses the text of a pair of backquotes. */
  readonly parseBackquoted: (text: string, line: number) => Node | undefined;
  /** A lexer of the same kind for the body of a here-document. */
  readonly lexerFor: (text: string, line: number) => Lexer;
  /** Here-documents whose bodies begin after the next newline. */
  /** Commands and expansions that the scan is inside of. */
  depth = 0;
  pendingHere: HereBody[] = [];
  /** A here-document ended with the text rather than with its delimiter. */
  openHere: HereBody | undefined;
  /** Line of `openHere`'s command. */
  openHereLine = 0;
  readonly #firstLine: number;
  #knownPosition = 0;
  #knownLine = 0;
  readonly #aliases: { readonly name: string; readonly remaining: number }[] = [];

  constructor(
    text: string,
    options: {
      readonly dialect: Dialect;
      readonly firstLine: number;
      readonly extendedPatterns: () => boolean;
      readonly parseSubstitution: () => Node | undefined;
      readonly parseBackquoted: (text: string, line: number) => Node | undefined;
      readonly lexerFor: (text: string, line: number) => Lexer;
      /** How deep the text stands in another. */
      readonly depth: number;
    },
  ) {
    this.text = text;
    this.dialect = options.dialect;
    this.#firstLine = options.firstLine;
    this.extendedPatterns = options.extendedPatterns;
    this.parseSubstitution = options.parseSubstitution;
    this.parseBackquoted = options.parseBackquoted;
    this.lexerFor = options.lexerFor;
    this.depth = options.depth;
  }

  get firstLine(): number {
    return this.#firstLine;
  }

  lineAt(position: number): number {
    if (position < this.#knownPosition) {
      this.#knownPosition = 0;
      this.#knownLine = 0;
    }
    for (let i = this.text.indexOf("\n", this.#knownPosition); i >= 0 && i < position; i = this.text.indexOf("\n", i + 1))
      this.#knownLine++;
    this.#knownPosition = position;
    return this.#firstLine + this.#knownLine;
  }

  /** The next token; where the text ends, the token `end`, again and again. */
  next(place: Place): Token {
    const text = this.text;
    this.#skipBlanks();
    const start = this.position;
    const line = this.lineAt(start);
    const c = text[start];
    if (c === undefined) return { kind: "end", start, line };
    if (c === "\n") {
      this.position++;
      this.#readHereBodies();
      return { kind: "newline", start, line };
    }
    if (place.conditional && /^[<>](?![<>&|(])/.test(text.slice(start, start + 2))) {
      this.position++;
      return { kind: "word", bare: c, word: { parts: [{ kind: "literal", text: c }], text: c }, start, line };
    }
    const operator = this.#operator(start);
    if (operator) return { kind: "operator", text: operator, start, line };
    const redirect = this.#redirect(start, line);
    if (redirect) return redirect;

    const assignment = place.assignable ? scanAssignment(this) : undefined;
    if (assignment) {
      const word = { parts: [], text: text.slice(start, this.position), assignment };
      return { kind: "word", word, bare: undefined, start, line };
    }
    const word = scanWord(this);
    const only = word.parts.length === 1 ? word.parts[0] : undefined;
    return { kind: "word", word, bare: only?.kind === "literal" ? only.text : undefined, start, line };
  }

  /** Puts an alias's text in place of the word at `token`. False when that alias is being expanded already. */
  expandAlias(token: Token, name: string, value: string): boolean {
    const rest = this.text.length - this.position;
    while (this.#aliases.length > 0 && (this.#aliases.at(-1)?.remaining ?? 0) >= this.text.length - token.start) this.#aliases.pop();
    if (this.#aliases.some((open) => open.name === name)) return false;
    this.text = this.text.slice(0, token.start) + value + this.text.slice(this.position);
    this.position = token.start;
    this.#aliases.push({ name, remaining: rest });
    return true;
  }

  /** Goes one level into something; refuses what is nested beyond all reason. */
  enter(): void {
    if (++this.depth > MAX_DEPTH)
      this.fail({ kind: "not-simulated", what: `text nested more than ${MAX_DEPTH} deep` }, this.position, false);
  }

  fail(fault: SyntaxFault, at: number, incomplete: boolean): never {
    const lineStart = this.text.lastIndexOf("\n", at - 1) + 1;
    const lineEnd = this.text.indexOf("\n", at);
    const sourceLine = this.text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
    // dash and ash have read all of the token that they stumble over, also a newline.
    const line = this.lineAt(this.dialect.name !== "bash" && fault.kind === "unexpected" ? this.position : at);
    throw new SyntaxFailure({ line, incomplete, fault, sourceLine });
  }

  #skipBlanks(): void {
    for (;;) {
      const c = this.text[this.position];
      if (c === " " || c === "\t") this.position++;
      else if (c === "\\" && this.text[this.position + 1] === "\n") this.position += 2;
      else if (c === "#") {
        const end = this.text.indexOf("\n", this.position);
        this.position = end < 0 ? this.text.length : end;
      } else return;
    }
  }

  #operator(start: number): OperatorText | undefined {
    const [a, b, c] = [this.text[start], this.text[start + 1], this.text[start + 2]];
    let operator: OperatorText;
    switch (a) {
      case "&":
        if (b === ">" && this.dialect.outputBoth && (c !== ">" || this.dialect.appendBoth || this.dialect.name === "ash")) return undefined;
        operator = b === "&" ? "&&" : "&";
        break;
      case "|":
        operator = b === "|" ? "||" : b === "&" && this.dialect.pipeBoth ? "|&" : "|";
        break;
      case ";":
        if (b === ";") operator = c === "&" && this.dialect.caseFallThrough ? ";;&" : ";;";
        else operator = b === "&" && this.dialect.caseFallThrough ? ";&" : ";";
        break;
      case "(":
      case ")":
        operator = a;
        break;
      default:
        return undefined;
    }
    this.position = start + operator.length;
    return operator;
  }

  #redirect(start: number, line: number): Token | undefined {
    let at = start;
    let fd: RedirectFd;
    const digits = /\d+(?=[<>])/y;
    digits.lastIndex = at;
    const number = digits.exec(this.text)?.[0];
    if (number !== undefined && (number.length === 1 || this.dialect.longFds)) {
      fd = Number(number);
      at += number.length;
    } else if (this.dialect.fdVariables && this.text[at] === "{") {
      const braced = /\{([A-Za-z_]\w*)\}(?=[<>])/y;
      braced.lastIndex = at;
      const match = braced.exec(this.text);
      if (match?.[1] !== undefined) {
        fd = { variable: match[1] };
        at += match[0].length;
      }
    }
    const operators = /&>>|&>|<<<|<<-|<<|<>|<&|<|>>|>&|>\||>/y;
    operators.lastIndex = at;
    let operator = operators.exec(this.text)?.[0];
    if (operator === undefined) return undefined;
    if (operator === "<<<" && !this.dialect.hereStrings) operator = "<<";
    if (operator === "&>>" && !this.dialect.appendBoth) operator = "&>";
    if (fd === undefined && this.dialect.processSubstitution && (operator === "<" || operator === ">") && this.text[at + 1] === "(")
      return undefined;
    this.position = at + operator.length;
    return { kind: "redirect", operator: operator as RedirectOperator | "<<" | "<<-", fd, start, line };
  }

  #readHereBodies(): void {
    const pending = this.pendingHere;
    if (pending.length === 0) return;
    this.pendingHere = [];
    for (const here of pending) {
      const line = this.lineAt(this.position) - 1;
      if (!scanHereBody(this, here) && !this.openHere) {
        this.openHere = here;
        this.openHereLine = line;
      }
    }
  }

  /** At the end of the text: here-documents whose bodies never began are empty. */
  finishHere(): void {
    if (this.pendingHere.length > 0 && !this.openHere) {
      this.openHere = this.pendingHere[0];
      this.openHereLine = this.lineAt(this.position);
    }
    this.pendingHere = [];
  }
}
