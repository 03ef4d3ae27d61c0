/**
 * The parser: tokens to commands, one complete command at a time.
 *
 * Follows list, andor, pipeline, command and simplecmd of dash's parser.c, including where an error is found and what was
 * expected there, since dash and ash print that. bash's grammar (parse.y) has the same errors at the same tokens; what it has
 * more stands beside it under its dialect. A shell runs each complete command before it reads the next, so an alias counts
 * from the next line on and what stands before a syntax error has been done. Longer than most files: it is one grammar.
 */

import type { CaseItem, Node, Part, Redirect, Word } from "./ast";
import { parseConditional } from "./conditional";
import type { Dialect } from "./dialect";
import { Lexer, type Token } from "./lexer";
import { SyntaxFailure, type SyntaxProblem } from "./problem";
import { braced, SimpleCommandParser } from "./simple-command";
import { ANYWHERE, COMMAND, TokenStream } from "./token-stream";
import { scanArithmetic, scanExpansions } from "./word-parts";

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

export class Parser {
  readonly lexer: Lexer;
  readonly #dialect: Dialect;
  readonly #tokens: TokenStream;
  readonly #simple: SimpleCommandParser;

  constructor(text: string, options: ParserOptions) {
    this.#dialect = options.dialect;
    const parserFor = (other: string, firstLine: number): Parser =>
      new Parser(other, { ...options, firstLine, depth: this.lexer.depth + 1 });
    this.lexer = new Lexer(text, {
      dialect: options.dialect,
      firstLine: options.firstLine ?? 1,
      extendedPatterns: options.extendedPatterns ?? (() => false),
      parseSubstitution: () => this.#substitution(),
      parseBackquoted: (other, line) => parserFor(other, line).#backquoted(),
      lexerFor: (other, line) => parserFor(other, line).lexer,
      depth: options.depth ?? 0,
    });
    this.#tokens = new TokenStream(this.lexer);
    this.#simple = new SimpleCommandParser(this.#tokens, { pipe: () => this.#pipe(), command: () => this.#command() }, (name) =>
      options.alias?.(name),
    );
  }

  /** The next complete command, up to the end of its line. */
  next(): Parsed {
    try {
      for (;;) {
        const token = this.#tokens.peek(COMMAND);
        if (token.kind === "end") return { kind: "end" };
        if (token.kind !== "newline") break;
        this.#tokens.take();
      }
      const node = this.#line();
      return { kind: "command", node };
    } catch (error) {
      if (error instanceof SyntaxFailure) return { kind: "problem", problem: error.problem };
      throw error;
    }
  }

  /** The whole text as one list (backquotes, `eval` in one piece). Throws `SyntaxFailure`. */
  whole(): Node | undefined {
    const commands: Node[] = [];
    for (;;) {
      const token = this.#tokens.peek(COMMAND);
      if (token.kind === "end") break;
      if (token.kind === "newline") this.#tokens.take();
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
      const first = this.#tokens.peek(COMMAND);
      if (commands.length > 0 && (first.kind === "newline" || first.kind === "end")) {
        this.#tokens.take();
        break;
      }
      const node = this.#andOr();
      const after = this.#tokens.peek(ANYWHERE);
      commands.push(this.#tokens.isOperator(after, "&") ? { kind: "background", command: node } : node);
      if (this.#tokens.isOperator(after, "&") || this.#tokens.isOperator(after, ";")) {
        this.#tokens.take();
        continue;
      }
      if (after.kind !== "newline" && after.kind !== "end") this.#tokens.unexpected(after);
      this.#tokens.take();
      break;
    }
    if (this.lexer.position >= this.lexer.text.length) this.lexer.finishHere();
    return sequence(commands);
  }

  /** Commands over any number of lines, up to a token that ends a list. `mayBeEmpty`: that token may come at once. */
  #list(mayBeEmpty: boolean): Node | undefined {
    const commands: Node[] = [];
    for (;;) {
      this.#tokens.skipNewlines(COMMAND);
      const token = this.#tokens.peek(COMMAND);
      if (token.kind === "end") break;
      if ((mayBeEmpty || commands.length > 0) && this.#endsList(token)) break;
      const node = this.#andOr();
      const after = this.#tokens.peek(ANYWHERE);
      commands.push(this.#tokens.isOperator(after, "&") ? { kind: "background", command: node } : node);
      if (this.#tokens.isOperator(after, "&") || this.#tokens.isOperator(after, ";") || after.kind === "newline") this.#tokens.take();
      else break;
    }
    return commands.length === 0 ? undefined : sequence(commands);
  }

  #body(): Node {
    return this.#list(false) ?? sequence([]);
  }

  #endsList(token: Token): boolean {
    if (token.kind === "operator") return token.text === ")" || token.text === ";;" || token.text === ";&" || token.text === ";;&";
    const keyword = this.#tokens.keyword(token);
    return keyword !== undefined && ["}", "do", "done", "elif", "else", "esac", "fi", "then"].includes(keyword);
  }

  #andOr(): Node {
    let left = this.#pipeline();
    for (;;) {
      const token = this.#tokens.peek(ANYWHERE);
      if (!this.#tokens.isOperator(token, "&&") && !this.#tokens.isOperator(token, "||")) return left;
      this.#tokens.take();
      this.#tokens.skipNewlines(COMMAND);
      left = { kind: this.#tokens.isOperator(token, "&&") ? "and" : "or", left, right: this.#pipeline() };
    }
  }

  #pipeline(): Node {
    const token = this.#tokens.peek(COMMAND);
    const keyword = this.#tokens.keyword(token);
    if (keyword === "!") {
      this.#tokens.take();
      const next = this.#tokens.peek(COMMAND);
      const isBare = this.#dialect.looseNegation && (next.kind === "end" || next.kind === "newline" || this.#tokens.isOperator(next, ";"));
      if (isBare) return { kind: "not", command: undefined };
      return { kind: "not", command: this.#dialect.looseNegation ? this.#pipeline() : this.#pipe() };
    }
    if (this.#dialect.timeKeyword && token.kind === "word" && token.bare === "time") {
      this.#tokens.take();
      const option = this.#tokens.peek(COMMAND);
      const posix = option.kind === "word" && option.bare === "-p";
      if (posix) this.#tokens.take();
      const next = this.#tokens.peek(COMMAND);
      if (next.kind === "end" || next.kind === "newline" || this.#tokens.isOperator(next, ";"))
        return { kind: "time", posix, command: undefined };
      return { kind: "time", posix, command: this.#pipeline() };
    }
    return this.#pipe();
  }

  #pipe(): Node {
    const commands = [this.#command()];
    for (;;) {
      const token = this.#tokens.peek(ANYWHERE);
      if (!this.#tokens.isOperator(token, "|") && !this.#tokens.isOperator(token, "|&")) break;
      this.#tokens.take();
      if (this.#tokens.isOperator(token, "|&")) commands.push(withStderr(commands.pop()));
      this.#tokens.skipNewlines(COMMAND);
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
    const token = this.#tokens.peek(COMMAND);
    const keyword = this.#tokens.keyword(token);
    const { line } = token;
    if (keyword !== undefined) {
      const node = this.#compound(keyword, token);
      if (node) return node;
      this.#tokens.unexpected(token);
    }
    if (this.#tokens.isOperator(token, "(")) {
      if (this.#dialect.arithmeticCommands && this.lexer.text.startsWith("((", token.start)) {
        const arithmetic = this.#arithmeticCommand(token);
        if (arithmetic) return arithmetic;
      }
      this.#tokens.take();
      const body = this.#tokens.within("(", line, () => {
        const list = this.#body();
        this.#tokens.expectOperator(")");
        return list;
      });
      return { kind: "subshell", line, body, redirects: this.#simple.redirects() };
    }
    if (token.kind !== "word" && token.kind !== "redirect") this.#tokens.unexpected(token);
    return this.#simple.simple();
  }

  #compound(keyword: string, token: Token): Node | undefined {
    const { line } = token;
    switch (keyword) {
      case "if":
        this.#tokens.take();
        return this.#tokens.within("if", line, () => this.#if(line));
      case "while":
      case "until": {
        this.#tokens.take();
        const parts = this.#tokens.within(keyword, line, () => {
          const test = this.#body();
          this.#tokens.expectKeyword("do");
          return { test, body: this.#bodyUntil("done") };
        });
        return { kind: "while", until: keyword === "until", line, ...parts, redirects: this.#simple.redirects() };
      }
      case "for":
      case "select":
        this.#tokens.take();
        return this.#tokens.within(keyword, line, () => this.#for(keyword, line));
      case "case":
        this.#tokens.take();
        return this.#tokens.within("case", line, () => this.#case(line));
      case "{": {
        this.#tokens.take();
        const body = this.#tokens.within("{", line, () => this.#bodyUntil("}"));
        return { kind: "group", line, body, redirects: this.#simple.redirects() };
      }
      case "[[": {
        this.#tokens.take();
        const expression = parseConditional(this.lexer);
        return { kind: "conditional", line, expression, redirects: this.#simple.redirects() };
      }
      case "function": {
        this.#tokens.take();
        const name = this.#tokens.peek(ANYWHERE);
        if (name.kind !== "word" || name.bare === undefined) this.#tokens.unexpectedHere(name);
        this.#tokens.take();
        if (this.#tokens.isOperator(this.#tokens.peek(ANYWHERE), "(")) {
          this.#tokens.take();
          this.#tokens.expectOperator(")");
        }
        this.#tokens.skipNewlines(COMMAND);
        return { kind: "function", line, name: name.bare, body: this.#simple.functionBody() };
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
    this.#tokens.expectKeyword("then");
    clauses.push({ test, body: this.#body() });
    for (;;) {
      const token = this.#tokens.peek(COMMAND);
      const keyword = this.#tokens.keyword(token);
      if (keyword === "elif") {
        this.#tokens.take();
        const also = this.#body();
        this.#tokens.expectKeyword("then");
        clauses.push({ test: also, body: this.#body() });
        continue;
      }
      if (keyword === "else") {
        this.#tokens.take();
        otherwise = this.#body();
      }
      break;
    }
    this.#tokens.expectKeyword("fi");
    return { kind: "if", line, clauses, otherwise, redirects: this.#simple.redirects() };
  }

  #for(kind: "for" | "select", line: number): Node {
    if (kind === "for" && this.#dialect.arithmeticCommands) {
      const next = this.#tokens.peek(ANYWHERE);
      if (this.#tokens.isOperator(next, "(") && this.lexer.text.startsWith("((", next.start)) return this.#forArithmetic(line, next);
    }
    const variable = this.#tokens.peek(ANYWHERE);
    const named = variable.kind === "word" ? variable.bare : undefined;
    if (this.#dialect.lateForVariable) {
      if (variable.kind !== "word") this.#tokens.unexpectedHere(variable);
    } else if (named === undefined || !/^[A-Za-z_]\w*$/.test(named))
      this.lexer.fail({ kind: "bad-for-variable" }, this.lexer.position, variable.kind === "end");
    this.#tokens.take();
    const name = variable.kind === "word" ? variable.word.text : "";

    this.#tokens.skipNewlines(COMMAND);
    let words: Word[] | undefined;
    const token = this.#tokens.peek(COMMAND);
    if (this.#tokens.keyword(token) === "in") {
      this.#tokens.take();
      words = [];
      for (;;) {
        const next = this.#tokens.peek(ANYWHERE);
        if (next.kind === "word") {
          words.push(...braced(next.word, this.#dialect));
          this.#tokens.take();
          continue;
        }
        if (next.kind !== "newline" && !this.#tokens.isOperator(next, ";")) this.#tokens.unexpected(next);
        this.#tokens.take();
        break;
      }
    } else if (this.#tokens.isOperator(token, ";")) this.#tokens.take();
    this.#tokens.skipNewlines(COMMAND);
    const body = this.#loopBody();
    return { kind, line, name, words, body, redirects: this.#simple.redirects() };
  }

  /** `do … done`; in bash also `{ … }`. */
  #loopBody(): Node {
    const token = this.#tokens.peek(COMMAND);
    if (this.#dialect.name === "bash" && this.#tokens.keyword(token) === "{") {
      this.#tokens.take();
      return this.#tokens.within("{", token.line, () => this.#bodyUntil("}"));
    }
    this.#tokens.expectKeyword("do");
    return this.#bodyUntil("done");
  }

  #forArithmetic(line: number, open: Token): Node {
    this.#tokens.restart();
    this.lexer.position = open.start + 2;
    const init = scanArithmetic(this.lexer, true);
    this.#skipSemicolon();
    const test = scanArithmetic(this.lexer, true);
    this.#skipSemicolon();
    const step = scanArithmetic(this.lexer, true);
    if (!this.lexer.text.startsWith("))", this.lexer.position)) {
      this.lexer.fail(
        { kind: "unterminated", opener: "((", startLine: line },
        this.lexer.position,
        this.lexer.position >= this.lexer.text.length,
      );
    }
    this.lexer.position += 2;
    const text = this.lexer.text.slice(open.start, this.lexer.position);
    if (this.#tokens.isOperator(this.#tokens.peek(COMMAND), ";")) this.#tokens.take();
    this.#tokens.skipNewlines(COMMAND);
    const body = this.#loopBody();
    return { kind: "for-arithmetic", line, init, test, step, body, text, redirects: this.#simple.redirects() };
  }

  #skipSemicolon(): void {
    if (this.lexer.text[this.lexer.position] === ";") this.lexer.position++;
  }

  #arithmeticCommand(open: Token): Node | undefined {
    const before = this.lexer.position;
    this.#tokens.restart();
    this.lexer.position = open.start + 2;
    const expression = scanArithmetic(this.lexer, false);
    if (this.lexer.text.startsWith("))", this.lexer.position)) {
      this.lexer.position += 2;
      const text = this.lexer.text.slice(open.start, this.lexer.position);
      return { kind: "arithmetic", line: open.line, expression, text, redirects: this.#simple.redirects() };
    }
    if (this.lexer.position >= this.lexer.text.length)
      this.lexer.fail({ kind: "unterminated", opener: "((", startLine: open.line }, this.lexer.position, true);
    this.lexer.position = before;
    this.#tokens.restart(open);
    return undefined;
  }

  #case(line: number): Node {
    const subject = this.#tokens.peek(ANYWHERE);
    if (subject.kind !== "word") this.#tokens.unexpectedHere(subject, "word");
    this.#tokens.take();
    this.#tokens.skipNewlines(COMMAND);
    this.#tokens.expectKeyword("in");
    const items: CaseItem[] = [];
    for (;;) {
      this.#tokens.skipNewlines(ANYWHERE);
      let token = this.#tokens.peek(ANYWHERE);
      if (this.#tokens.keyword(token) === "esac") break;
      if (this.#tokens.isOperator(token, "(")) {
        this.#tokens.take();
        token = this.#tokens.peek(ANYWHERE);
      }
      const patterns: Word[] = [];
      for (;;) {
        token = this.#tokens.peek(ANYWHERE);
        // dash and ash take whatever stands here for the pattern and then miss the parenthesis.
        if (token.kind === "word") patterns.push(token.word);
        else if (this.#dialect.name === "bash" || token.kind === "end") this.#tokens.unexpected(token, ")");
        this.#tokens.take();
        if (!this.#tokens.isOperator(this.#tokens.peek(ANYWHERE), "|")) break;
        this.#tokens.take();
      }
      this.#tokens.expectOperator(")");
      const body = this.#list(true);
      this.#tokens.skipNewlines(COMMAND);
      const after = this.#tokens.peek(COMMAND);
      if (after.kind === "operator" && (after.text === ";;" || after.text === ";&" || after.text === ";;&")) {
        this.#tokens.take();
        items.push({ patterns, body, terminator: after.text });
        continue;
      }
      items.push({ patterns, body, terminator: ";;" });
      if (this.#tokens.keyword(after) === "esac") break;
      this.#tokens.unexpected(after, ";;");
    }
    this.#tokens.take();
    return { kind: "case", line, word: subject.word, items, redirects: this.#simple.redirects() };
  }

  #substitution(): Node | undefined {
    const start = this.lexer.position;
    return this.#tokens.nested(() => {
      const body = this.#list(true);
      const end = this.#tokens.peek(ANYWHERE);
      if (end.kind === "end" && this.#dialect.name === "bash") {
        this.lexer.fail({ kind: "unterminated", opener: "$(", startLine: this.lexer.lineAt(start) }, this.lexer.text.length, true);
      }
      this.#tokens.expectOperator(")");
      return body;
    });
  }

  #bodyUntil(keyword: string): Node {
    const body = this.#body();
    this.#tokens.expectKeyword(keyword);
    return body;
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

/** The expansions in a text that is no word: a prompt, PS4. Throws `SyntaxFailure`. */
export function parseExpansions(text: string, options: ParserOptions): readonly Part[] {
  return scanExpansions(new Parser(text, options).lexer);
}
