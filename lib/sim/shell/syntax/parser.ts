/**
 * The parser: tokens to commands, one complete command at a time.
 *
 * Follows list, andor, pipeline, command and simplecmd of dash's parser.c, including where an error is found and what was
 * expected there, since dash and ash print that. bash's grammar (parse.y) has the same errors at the same tokens; what it has
 * more stands beside it under its dialect. A shell runs each complete command before it reads the next, so an alias counts
 * from the next line on and what stands before a syntax error has been done.
 */

import type { Argument, Assignment, CaseItem, HereBody, Node, Part, Redirect, Word } from "./ast";
import { expandBraces } from "./braces";
import { parseConditional } from "./conditional";
import type { Dialect } from "./dialect";
import { Lexer, type Place, type Token } from "./lexer";
import { SyntaxFailure, type SyntaxProblem, type TokenName } from "./problem";
import { scanArithmetic, scanExpansions } from "./words";

export type ParserOptions = {
  readonly dialect: Dialect;
  /** The number of the text's first line. */
  readonly firstLine?: number;
  /** What an alias stands for. Only interactive shells of bash expand them. */
  readonly alias?: (name: string) => string | undefined;
  readonly extendedPatterns?: () => boolean;
  /** How deep the text stands in another. */
  readonly depth?: number;
};

export type Parsed =
  | { readonly kind: "command"; readonly node: Node }
  | { readonly kind: "end" }
  | { readonly kind: "problem"; readonly problem: SyntaxProblem };

/** Names that cannot be functions in dash (special builtins). */
const SPECIAL_BUILTINS = new Set([".", ":", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "times", "trap", "unset"]);
/** Builtins whose `name=value` arguments are assignments. */
const DECLARING = new Set(["export", "readonly", "local", "declare", "typeset"]);
const KEYWORDS = new Set(["!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while", "{", "}"]);

const ANYWHERE: Place = { assignable: false };
const COMMAND: Place = { assignable: true };

export class Parser {
  readonly lexer: Lexer;
  readonly #options: ParserOptions;
  readonly #dialect: Dialect;
  #peeked: Token | undefined;
  /** Constructs that are open, innermost last. */
  #open: { readonly opener: string; readonly line: number }[] = [];
  /** How much text follows an alias that ended with a blank. */
  #aliasTail: number | undefined;
  /** What is parsed stands in `$(…)`. */
  #isSubstitution = false;

  constructor(text: string, options: ParserOptions) {
    this.#options = options;
    this.#dialect = options.dialect;
    const parserFor = (other: string, firstLine: number): Parser => new Parser(other, { ...options, firstLine, depth: this.lexer.depth + 1 });
    this.lexer = new Lexer(text, {
      dialect: options.dialect,
      firstLine: options.firstLine ?? 1,
      extendedPatterns: options.extendedPatterns ?? (() => false),
      parseSubstitution: () => this.#substitution(),
      parseBackquoted: (other, line) => parserFor(other, line).#backquoted(),
      lexerFor: (other, line) => parserFor(other, line).lexer,
      depth: options.depth ?? 0,
    });
  }

  /** The next complete command, up to the end of its line. */
  next(): Parsed {
    try {
      for (;;) {
        const token = this.#peek(COMMAND);
        if (token.kind === "end") return { kind: "end" };
        if (token.kind !== "newline") break;
        this.#take();
      }
      const node = this.#line();
      return { kind: "command", node };
    } catch (error) {
      if (error instanceof SyntaxFailure) return { kind: "problem", problem: error.problem };
      throw error;
    }
  }

  /** Whether nothing but blanks, comments and newlines is left. */
  get isAtEnd(): boolean {
    const rest = this.lexer.text.slice(this.lexer.position);
    return (this.#peeked === undefined || this.#peeked.kind === "end") && rest.split("\n").every((line) => /^\s*(#.*)?$/.test(line));
  }

  /** The whole text as one list (backquotes, `eval` in one piece). Throws `SyntaxFailure`. */
  whole(): Node | undefined {
    const commands: Node[] = [];
    for (;;) {
      const token = this.#peek(COMMAND);
      if (token.kind === "end") break;
      if (token.kind === "newline") this.#take();
      else commands.push(this.#line());
    }
    return commands.length > 1 ? { kind: "sequence", commands } : commands[0];
  }

  /** Backquotes: bash reads what is in them when it runs it. */
  #backquoted(): Node | undefined {
    if (this.#dialect.name !== "bash") return this.whole();
    try {
      return this.whole();
    } catch (error) {
      if (error instanceof SyntaxFailure) return { kind: "invalid", problem: error.problem };
      throw error;
    }
  }

  // --- lists --------------------------------------------------------------------------------------------------------
  /** Commands up to a newline or the end. */
  #line(): Node {
    const commands: Node[] = [];
    for (;;) {
      const first = this.#peek(COMMAND);
      if (commands.length > 0 && (first.kind === "newline" || first.kind === "end")) {
        this.#take();
        break;
      }
      const node = this.#andOr();
      const after = this.#peek(ANYWHERE);
      commands.push(this.#isOperator(after, "&") ? { kind: "background", command: node } : node);
      if (this.#isOperator(after, "&") || this.#isOperator(after, ";")) {
        this.#take();
        continue;
      }
      if (after.kind !== "newline" && after.kind !== "end") this.#unexpected(after);
      this.#take();
      break;
    }
    if (this.lexer.position >= this.lexer.text.length) this.lexer.finishHere();
    return sequence(commands);
  }

  /** Commands over any number of lines, up to a token that ends a list. `mayBeEmpty`: that token may come at once. */
  #list(mayBeEmpty: boolean): Node | undefined {
    const commands: Node[] = [];
    for (;;) {
      this.#skipNewlines(COMMAND);
      const token = this.#peek(COMMAND);
      if (token.kind === "end") break;
      if ((mayBeEmpty || commands.length > 0) && this.#endsList(token)) break;
      const node = this.#andOr();
      const after = this.#peek(ANYWHERE);
      commands.push(this.#isOperator(after, "&") ? { kind: "background", command: node } : node);
      if (this.#isOperator(after, "&") || this.#isOperator(after, ";") || after.kind === "newline") this.#take();
      else break;
    }
    return commands.length === 0 ? undefined : sequence(commands);
  }

  #body(): Node {
    return this.#list(false) ?? sequence([]);
  }

  #endsList(token: Token): boolean {
    if (token.kind === "operator") return token.text === ")" || token.text === ";;" || token.text === ";&" || token.text === ";;&";
    const keyword = this.#keyword(token);
    return keyword !== undefined && ["}", "do", "done", "elif", "else", "esac", "fi", "then"].includes(keyword);
  }

  #andOr(): Node {
    let left = this.#pipeline();
    for (;;) {
      const token = this.#peek(ANYWHERE);
      if (!this.#isOperator(token, "&&") && !this.#isOperator(token, "||")) return left;
      this.#take();
      this.#skipNewlines(COMMAND);
      left = { kind: this.#isOperator(token, "&&") ? "and" : "or", left, right: this.#pipeline() };
    }
  }

  #pipeline(): Node {
    const token = this.#peek(COMMAND);
    const keyword = this.#keyword(token);
    if (keyword === "!") {
      this.#take();
      const next = this.#peek(COMMAND);
      const isBare = this.#dialect.looseNegation && (next.kind === "end" || next.kind === "newline" || this.#isOperator(next, ";"));
      if (isBare) return { kind: "not", command: undefined };
      return { kind: "not", command: this.#dialect.looseNegation ? this.#pipeline() : this.#pipe() };
    }
    if (this.#dialect.timeKeyword && token.kind === "word" && token.bare === "time") {
      this.#take();
      const option = this.#peek(COMMAND);
      const posix = option.kind === "word" && option.bare === "-p";
      if (posix) this.#take();
      const next = this.#peek(COMMAND);
      if (next.kind === "end" || next.kind === "newline" || this.#isOperator(next, ";")) return { kind: "time", posix, command: undefined };
      return { kind: "time", posix, command: this.#pipeline() };
    }
    return this.#pipe();
  }

  #pipe(): Node {
    const commands = [this.#command()];
    for (;;) {
      const token = this.#peek(ANYWHERE);
      if (!this.#isOperator(token, "|") && !this.#isOperator(token, "|&")) break;
      this.#take();
      if (this.#isOperator(token, "|&")) commands.push(withStderr(commands.pop()));
      this.#skipNewlines(COMMAND);
      commands.push(this.#command());
    }
    return commands.length === 1 ? (commands[0] as Node) : { kind: "pipeline", commands };
  }

  // --- commands -----------------------------------------------------------------------------------------------------
  #command(): Node {
    this.lexer.enter();
    const node = this.#anyCommand();
    this.lexer.depth--;
    return node;
  }

  #anyCommand(): Node {
    const token = this.#peek(COMMAND);
    const keyword = this.#keyword(token);
    const { line } = token;
    if (keyword !== undefined) {
      const node = this.#compound(keyword, token);
      if (node) return node;
      this.#unexpected(token);
    }
    if (this.#isOperator(token, "(")) {
      if (this.#dialect.arithmeticCommands && this.lexer.text.startsWith("((", token.start)) {
        const arithmetic = this.#arithmeticCommand(token);
        if (arithmetic) return arithmetic;
      }
      this.#take();
      const body = this.#within("(", line, () => {
        const list = this.#body();
        this.#expectOperator(")");
        return list;
      });
      return { kind: "subshell", line, body, redirects: this.#redirects() };
    }
    if (token.kind !== "word" && token.kind !== "redirect") this.#unexpected(token);
    return this.#simple();
  }

  #compound(keyword: string, token: Token): Node | undefined {
    const { line } = token;
    switch (keyword) {
      case "if":
        this.#take();
        return this.#within("if", line, () => this.#if(line));
      case "while":
      case "until": {
        this.#take();
        const parts = this.#within(keyword, line, () => {
          const test = this.#body();
          this.#expectKeyword("do");
          return { test, body: this.#bodyUntil("done") };
        });
        return { kind: "while", until: keyword === "until", line, ...parts, redirects: this.#redirects() };
      }
      case "for":
      case "select":
        this.#take();
        return this.#within(keyword, line, () => this.#for(keyword, line));
      case "case":
        this.#take();
        return this.#within("case", line, () => this.#case(line));
      case "{": {
        this.#take();
        const body = this.#within("{", line, () => this.#bodyUntil("}"));
        return { kind: "group", line, body, redirects: this.#redirects() };
      }
      case "[[": {
        this.#take();
        const expression = parseConditional(this.lexer);
        return { kind: "conditional", line, expression, redirects: this.#redirects() };
      }
      case "function": {
        this.#take();
        const name = this.#peek(ANYWHERE);
        if (name.kind !== "word" || name.bare === undefined) this.#unexpectedHere(name);
        this.#take();
        if (this.#isOperator(this.#peek(ANYWHERE), "(")) {
          this.#take();
          this.#expectOperator(")");
        }
        this.#skipNewlines(COMMAND);
        return { kind: "function", line, name: name.bare, body: this.#functionBody() };
      }
      case "coproc":
        return this.lexer.fail({ kind: "not-simulated", what: "coproc" }, token.start, false);
      default:
        return undefined;
    }
  }

  #if(line: number): Node {
    const clauses: { test: Node; body: Node }[] = [];
    let otherwise: Node | undefined;
    const test = this.#body();
    this.#expectKeyword("then");
    clauses.push({ test, body: this.#body() });
    for (;;) {
      const token = this.#peek(COMMAND);
      const keyword = this.#keyword(token);
      if (keyword === "elif") {
        this.#take();
        const also = this.#body();
        this.#expectKeyword("then");
        clauses.push({ test: also, body: this.#body() });
        continue;
      }
      if (keyword === "else") {
        this.#take();
        otherwise = this.#body();
      }
      break;
    }
    this.#expectKeyword("fi");
    return { kind: "if", line, clauses, otherwise, redirects: this.#redirects() };
  }

  #for(kind: "for" | "select", line: number): Node {
    if (kind === "for" && this.#dialect.arithmeticCommands) {
      const next = this.#peek(ANYWHERE);
      if (this.#isOperator(next, "(") && this.lexer.text.startsWith("((", next.start)) return this.#forArithmetic(line, next);
    }
    const variable = this.#peek(ANYWHERE);
    const named = variable.kind === "word" ? variable.bare : undefined;
    if (this.#dialect.lateForVariable) {
      if (variable.kind !== "word") this.#unexpectedHere(variable);
    } else if (named === undefined || !/^[A-Za-z_]\w*$/.test(named)) this.lexer.fail({ kind: "bad-for-variable" }, this.lexer.position, variable.kind === "end");
    this.#take();
    const name = variable.kind === "word" ? variable.word.text : "";

    this.#skipNewlines(COMMAND);
    let words: Word[] | undefined;
    const token = this.#peek(COMMAND);
    if (this.#keyword(token) === "in") {
      this.#take();
      words = [];
      for (;;) {
        const next = this.#peek(ANYWHERE);
        if (next.kind === "word") {
          words.push(...this.#braced(next.word));
          this.#take();
          continue;
        }
        if (next.kind !== "newline" && !this.#isOperator(next, ";")) this.#unexpected(next);
        this.#take();
        break;
      }
    } else if (this.#isOperator(token, ";")) this.#take();
    this.#skipNewlines(COMMAND);
    const body = this.#loopBody();
    return { kind, line, name, words, body, redirects: this.#redirects() };
  }

  /** `do … done`; in bash also `{ … }`. */
  #loopBody(): Node {
    const token = this.#peek(COMMAND);
    if (this.#dialect.name === "bash" && this.#keyword(token) === "{") {
      this.#take();
      return this.#within("{", token.line, () => this.#bodyUntil("}"));
    }
    this.#expectKeyword("do");
    return this.#bodyUntil("done");
  }

  #forArithmetic(line: number, open: Token): Node {
    this.#peeked = undefined;
    this.lexer.position = open.start + 2;
    const init = scanArithmetic(this.lexer, true);
    this.#skipSemicolon();
    const test = scanArithmetic(this.lexer, true);
    this.#skipSemicolon();
    const step = scanArithmetic(this.lexer, true);
    if (!this.lexer.text.startsWith("))", this.lexer.position)) {
      this.lexer.fail({ kind: "unterminated", opener: "(", startLine: line }, this.lexer.position, this.lexer.position >= this.lexer.text.length);
    }
    this.lexer.position += 2;
    const text = this.lexer.text.slice(open.start, this.lexer.position);
    if (this.#isOperator(this.#peek(COMMAND), ";")) this.#take();
    this.#skipNewlines(COMMAND);
    const body = this.#loopBody();
    return { kind: "for-arithmetic", line, init, test, step, body, text, redirects: this.#redirects() };
  }

  #skipSemicolon(): void {
    if (this.lexer.text[this.lexer.position] === ";") this.lexer.position++;
  }

  #arithmeticCommand(open: Token): Node | undefined {
    const before = this.lexer.position;
    this.#peeked = undefined;
    this.lexer.position = open.start + 2;
    const expression = scanArithmetic(this.lexer, false);
    if (this.lexer.text.startsWith("))", this.lexer.position)) {
      this.lexer.position += 2;
      const text = this.lexer.text.slice(open.start, this.lexer.position);
      return { kind: "arithmetic", line: open.line, expression, text, redirects: this.#redirects() };
    }
    if (this.lexer.position >= this.lexer.text.length) this.lexer.fail({ kind: "unterminated", opener: "(", startLine: open.line }, this.lexer.position, true);
    this.lexer.position = before;
    this.#peeked = open;
    return undefined;
  }

  #case(line: number): Node {
    const subject = this.#peek(ANYWHERE);
    if (subject.kind !== "word") this.#unexpectedHere(subject, "word");
    this.#take();
    this.#skipNewlines(COMMAND);
    this.#expectKeyword("in");
    const items: CaseItem[] = [];
    for (;;) {
      this.#skipNewlines(ANYWHERE);
      let token = this.#peek(ANYWHERE);
      if (this.#keyword(token) === "esac") break;
      if (this.#isOperator(token, "(")) {
        this.#take();
        token = this.#peek(ANYWHERE);
      }
      const patterns: Word[] = [];
      for (;;) {
        token = this.#peek(ANYWHERE);
        // dash and ash take whatever stands here for the pattern and then miss the parenthesis.
        if (token.kind === "word") patterns.push(token.word);
        else if (this.#dialect.name === "bash" || token.kind === "end") this.#unexpected(token, ")");
        this.#take();
        if (!this.#isOperator(this.#peek(ANYWHERE), "|")) break;
        this.#take();
      }
      this.#expectOperator(")");
      const body = this.#list(true);
      this.#skipNewlines(COMMAND);
      const after = this.#peek(COMMAND);
      if (after.kind === "operator" && (after.text === ";;" || after.text === ";&" || after.text === ";;&")) {
        this.#take();
        items.push({ patterns, body, terminator: after.text });
        continue;
      }
      items.push({ patterns, body, terminator: ";;" });
      if (this.#keyword(after) === "esac") break;
      this.#unexpected(after, ";;");
    }
    this.#take();
    return { kind: "case", line, word: subject.word, items, redirects: this.#redirects() };
  }

  #simple(): Node {
    const { line } = this.#peek(COMMAND);
    const assignments: Assignment[] = [];
    const words: Argument[] = [];
    const redirects: Redirect[] = [];
    let declares = false;
    /** Between `[[` and `]]` in ash, `&&` and `||` are words. */
    let inTest = false;
    for (;;) {
      const place: Place = words.length === 0 || declares ? COMMAND : ANYWHERE;
      const token = this.#peek(place);
      if (token.kind === "redirect") {
        this.#take();
        redirects.push(this.#redirect(token));
        continue;
      }
      if (inTest && (this.#isOperator(token, "&&") || this.#isOperator(token, "||"))) {
        this.#take();
        const text = this.#isOperator(token, "&&") ? "-a" : "-o";
        words.push({ parts: [{ kind: "literal", text }], text });
        continue;
      }
      if (token.kind === "word") {
        if (token.bare !== undefined && (words.length === 0 || this.#isAliasTail(token))) {
          const value = this.#options.alias?.(token.bare);
          if (value !== undefined && this.lexer.expandAlias(token, token.bare, value)) {
            this.#peeked = undefined;
            if (/[ \t]$/.test(value)) this.#aliasTail = this.lexer.text.length - this.lexer.position - value.length;
            if (words.length === 0 && assignments.length === 0 && redirects.length === 0) return this.#pipe();
            continue;
          }
        }
        this.#take();
        const { word } = token;
        if (word.assignment && words.length === 0) assignments.push(word.assignment);
        else if (word.assignment) words.push(word);
        else {
          if (words.length === 0) {
            declares = token.bare !== undefined && DECLARING.has(token.bare);
            inTest = this.#dialect.conditionals === "command" && token.bare === "[[";
          } else if (token.bare === "]]") inTest = false;
          words.push(...this.#braced(word));
        }
        continue;
      }
      if (this.#isOperator(token, "(") && words.length === 1 && assignments.length === 0 && redirects.length === 0) {
        this.#take();
        return this.#functionDefinition(words[0]?.text ?? "", line);
      }
      break;
    }
    return { kind: "simple", line, assignments, words, redirects };
  }

  #functionDefinition(name: string, line: number): Node {
    if (this.#dialect.name === "bash") {
      const token = this.#peek(ANYWHERE);
      if (token.kind === "end") this.#unexpectedHere(token);
    }
    this.#expectOperator(")");
    if (!this.#dialect.anyFunctionName && (!/^[A-Za-z_]\w*$/.test(name) || SPECIAL_BUILTINS.has(name))) {
      this.lexer.fail({ kind: "bad-function-name" }, this.lexer.position, false);
    }
    this.#skipNewlines(COMMAND);
    return { kind: "function", line, name, body: this.#functionBody() };
  }

  #functionBody(): Node {
    const token = this.#peek(COMMAND);
    if (this.#dialect.name === "bash" && token.kind !== "end") {
      const keyword = this.#keyword(token);
      const isCompound = this.#isOperator(token, "(") || (keyword !== undefined && keyword !== "!" && keyword !== "time" && keyword !== "function");
      if (!isCompound) this.#unexpected(token);
    }
    return this.#command();
  }

  /** The first word after an alias that ends with a blank may be an alias too. */
  #isAliasTail(token: Token): boolean {
    if (this.#aliasTail === undefined || token.start < this.lexer.text.length - this.#aliasTail) return false;
    this.#aliasTail = undefined;
    return true;
  }

  // --- redirections -------------------------------------------------------------------------------------------------
  #redirects(): Redirect[] {
    const redirects: Redirect[] = [];
    for (;;) {
      const token = this.#peek(ANYWHERE);
      if (token.kind !== "redirect") return redirects;
      this.#take();
      redirects.push(this.#redirect(token));
    }
  }

  #redirect(token: Token & { readonly kind: "redirect" }): Redirect {
    const target = this.#peek(ANYWHERE);
    if (target.kind !== "word") this.#unexpectedHere(target);
    this.#take();
    const { operator, fd } = token;
    if (operator === "<<" || operator === "<<-") {
      const body: HereBody = { parts: [], text: "", delimiter: unquoted(target.word), stripTabs: operator === "<<-", quoted: isQuoted(target.word) };
      this.lexer.pendingHere.push(body);
      // The body follows the newline, which may have been peeked at already; it was not: words end before it.
      return { kind: "here", fd, body };
    }
    if ((operator === ">&" || operator === "<&") && this.#dialect.name === "dash" && target.bare !== undefined && !/^(\d|-)$/.test(target.bare)) {
      this.lexer.fail({ kind: "bad-fd-number" }, this.lexer.position, false);
    }
    return { kind: "file", operator, fd, target: target.word };
  }

  // --- tokens -------------------------------------------------------------------------------------------------------
  #substitution(): Node | undefined {
    const { pendingHere } = this.lexer;
    const peeked = this.#peeked;
    const open = this.#open;
    const isSubstitution = this.#isSubstitution;
    const start = this.lexer.position;
    this.#isSubstitution = true;
    this.lexer.enter();
    this.lexer.pendingHere = [];
    this.#peeked = undefined;
    this.#open = [];
    const body = this.#list(true);
    const end = this.#peek(ANYWHERE);
    if (end.kind === "end" && this.#dialect.name === "bash") {
      this.lexer.fail({ kind: "unterminated", opener: "$(", startLine: this.lexer.lineAt(start) }, this.lexer.text.length, true);
    }
    this.#expectOperator(")");
    this.lexer.pendingHere = [...pendingHere, ...this.lexer.pendingHere];
    this.#peeked = peeked;
    this.#open = open;
    this.#isSubstitution = isSubstitution;
    this.lexer.depth--;
    return body;
  }

  #peek(place: Place): Token {
    this.#peeked ??= this.lexer.next(place);
    return this.#peeked;
  }

  #take(): void {
    this.#peeked = undefined;
  }

  #skipNewlines(place: Place): void {
    while (this.#peek(place).kind === "newline") this.#take();
  }

  #isOperator(token: Token, text: string): boolean {
    return token.kind === "operator" && token.text === text;
  }

  #keyword(token: Token): string | undefined {
    if (token.kind !== "word" || token.bare === undefined) return undefined;
    const { bare } = token;
    if (KEYWORDS.has(bare)) return bare;
    const dialect = this.#dialect;
    if (bare === "[[" && dialect.conditionals === "keyword") return bare;
    if (bare === "function" && dialect.functionKeyword) return bare;
    if (bare === "select" && dialect.select) return bare;
    if (bare === "coproc" && dialect.coproc) return bare;
    return undefined;
  }

  #expectKeyword(keyword: string): void {
    const token = this.#peek(COMMAND);
    if (this.#keyword(token) !== keyword) this.#unexpected(token, keyword);
    this.#take();
  }

  #expectOperator(operator: string): void {
    const token = this.#peek(ANYWHERE);
    if (!this.#isOperator(token, operator)) this.#unexpected(token, operator);
    this.#take();
  }

  #bodyUntil(keyword: string): Node {
    const body = this.#body();
    this.#expectKeyword(keyword);
    return body;
  }

  #within<T>(opener: string, line: number, parse: () => T): T {
    this.#open.push({ opener, line });
    const result = parse();
    this.#open.pop();
    return result;
  }

  #unexpected(token: Token, expecting?: string): never {
    if (token.kind === "end" && this.#isSubstitution && this.#dialect.name === "bash") {
      this.lexer.fail({ kind: "unterminated", opener: "$(", startLine: token.line }, token.start, true);
    }
    const within = this.#open.at(-1);
    const fault = { kind: "unexpected", token: this.#nameOf(token), expecting, within, inSubstitution: this.#isSubstitution } as const;
    return this.lexer.fail(fault, token.start, token.kind === "end");
  }

  /** Where the line may not end: bash puts a newline to the end of its text and stumbles over that. */
  #unexpectedHere(token: Token, expecting?: string): never {
    if (token.kind !== "end" || this.#dialect.name !== "bash") this.#unexpected(token, expecting);
    return this.lexer.fail({ kind: "unexpected", token: { kind: "newline", text: "newline" }, expecting, within: undefined, inSubstitution: this.#isSubstitution }, token.start, false);
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
        return { kind: this.#keyword(token) === undefined ? "word" : "keyword", text: token.word.text };
    }
  }

  #braced(word: Word): readonly Word[] {
    return this.#dialect.braces ? expandBraces(word) : [word];
  }
}

function sequence(commands: readonly Node[]): Node {
  return commands.length === 1 ? (commands[0] as Node) : { kind: "sequence", commands };
}

/** `a |& b` is `a 2>&1 | b`. */
function withStderr(node: Node | undefined): Node {
  const both: Redirect = { kind: "file", operator: ">&", fd: 2, target: { parts: [{ kind: "literal", text: "1" }], text: "1" } };
  if (node && "redirects" in node) return { ...node, redirects: [...node.redirects, both] };
  return { kind: "group", line: 0, body: node ?? sequence([]), redirects: [both] };
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

/** The expansions in a text that is no word: a prompt, PS4. Throws `SyntaxFailure`. */
export function parseExpansions(text: string, options: ParserOptions): readonly Part[] {
  return scanExpansions(new Parser(text, options).lexer);
}
