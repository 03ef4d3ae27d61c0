/** The grammar of awk (POSIX.1-2017, awk, "Grammar"), by recursive descent. Messages are mawk's. */

import { AwkSyntaxError, type Token, tokenize } from "./lexer";
import type { AwkFunction, AwkProgram, BinaryOperator, Expression, Pattern, Redirect, Rule, Statement, Target } from "./syntax";

export function parseAwk(source: string): AwkProgram {
  return new Parser(tokenize(source)).program();
}

/** What an expression may not contain where it stands. */
type Limits = { readonly noIn?: true; readonly noGreater?: true; readonly noPipe?: true };

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #ranges = 0;
  readonly #functions = new Map<string, AwkFunction>();
  readonly #calls: { readonly name: string; readonly line: number }[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  program(): AwkProgram {
    const rules: Rule[] = [];
    this.#skipTerminators();
    while (this.#token.kind !== "end") {
      if (this.#takes("keyword", "function")) this.#function();
      else rules.push(this.#rule());
      this.#skipTerminators();
    }
    for (const { name } of this.#calls)
      if (!this.#functions.has(name)) throw new AwkSyntaxError(`function ${name} never defined`, this.#token.line);
    return { rules, functions: this.#functions };
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", line: 0, text: "end of file" };
  }

  #peek(offset: number): Token | undefined {
    return this.#tokens[this.#at + offset];
  }

  #sees(kind: Token["kind"], text?: string): boolean {
    return this.#token.kind === kind && (text === undefined || this.#token.text === text);
  }

  #takes(kind: Token["kind"], text?: string): boolean {
    if (!this.#sees(kind, text)) return false;
    this.#at++;
    return true;
  }

  #operator(...texts: readonly string[]): string | undefined {
    if (this.#token.kind !== "operator" || !texts.includes(this.#token.text)) return undefined;
    const { text } = this.#token;
    this.#at++;
    return text;
  }

  #expect(text: string): void {
    if (this.#operator(text) !== undefined) return;
    if (text === ")" || text === "}") throw new AwkSyntaxError(`missing ${text} near ${nameOf(this.#token)}`, this.#token.line);
    throw this.#unexpected();
  }

  #unexpected(): AwkSyntaxError {
    return new AwkSyntaxError("syntax error", this.#token.line, nameOf(this.#token));
  }

  #skipNewlines(): void {
    while (this.#takes("newline"));
  }

  #skipTerminators(): void {
    while (this.#takes("newline") || this.#operator(";") !== undefined);
  }

  // --- rules ------------------------------------------------------------------------------------------------------------

  #function(): void {
    const { text, line, kind } = this.#token;
    if (kind !== "name" && kind !== "funcname") throw this.#unexpected();
    this.#at++;
    this.#expect("(");
    const parameters: string[] = [];
    while (this.#token.kind === "name") {
      parameters.push(this.#token.text);
      this.#at++;
      if (this.#operator(",") === undefined) break;
      this.#skipNewlines();
    }
    this.#expect(")");
    this.#skipNewlines();
    if (this.#functions.has(text)) throw new AwkSyntaxError(`redefinition of function ${text}`, line);
    // Known before its body, for recursion.
    this.#functions.set(text, { name: text, parameters, body: { kind: "block", body: [] } });
    this.#functions.set(text, { name: text, parameters, body: { kind: "block", body: this.#block() } });
  }

  #rule(): Rule {
    const pattern = this.#pattern();
    if (this.#sees("operator", "{")) return { pattern, action: { kind: "block", body: this.#block() } };
    if (pattern.kind === "begin" || pattern.kind === "end" || pattern.kind === "always") throw this.#unexpected();
    if (!this.#sees("newline") && !this.#sees("operator", ";") && !this.#sees("end")) throw this.#unexpected();
    return { pattern };
  }

  #pattern(): Pattern {
    if (this.#takes("keyword", "BEGIN")) return { kind: "begin" };
    if (this.#takes("keyword", "END")) return { kind: "end" };
    if (this.#sees("operator", "{")) return { kind: "always" };
    const from = this.#expression({});
    if (this.#operator(",") === undefined) return { kind: "test", test: from };
    this.#skipNewlines();
    return { kind: "range", from, to: this.#expression({}), id: this.#ranges++ };
  }

  // --- statements -------------------------------------------------------------------------------------------------------

  #block(): Statement[] {
    this.#expect("{");
    const body: Statement[] = [];
    this.#skipTerminators();
    while (!this.#sees("operator", "}")) {
      if (this.#sees("end")) throw new AwkSyntaxError("missing } near end of file", this.#token.line);
      body.push(this.#statement());
      this.#skipTerminators();
    }
    this.#expect("}");
    return body;
  }

  #statement(): Statement {
    if (this.#sees("operator", "{")) return { kind: "block", body: this.#block() };
    if (this.#takes("keyword", "if")) {
      const test = this.#parenthesised();
      this.#skipNewlines();
      const yes = this.#body();
      const mark = this.#at;
      this.#skipTerminators();
      if (this.#takes("keyword", "else")) {
        this.#skipNewlines();
        return { kind: "if", test, then: yes, else: this.#body() };
      }
      this.#at = mark;
      return { kind: "if", test, then: yes };
    }
    if (this.#takes("keyword", "while")) {
      const test = this.#parenthesised();
      if (this.#operator(";") !== undefined) return { kind: "while", test, body: { kind: "block", body: [] } };
      this.#skipNewlines();
      return { kind: "while", test, body: this.#body() };
    }
    if (this.#takes("keyword", "do")) {
      this.#skipNewlines();
      const body = this.#body();
      this.#skipTerminators();
      if (!this.#takes("keyword", "while")) throw this.#unexpected();
      const test = this.#parenthesised();
      this.#endOfSimple();
      return { kind: "do", test, body };
    }
    if (this.#takes("keyword", "for")) return this.#for();
    const simple = this.#simple();
    this.#endOfSimple();
    return simple;
  }

  /** The statement that `if`, `while` and `for` hold; `;` alone is an empty one. */
  #body(): Statement {
    if (this.#operator(";") !== undefined) return { kind: "block", body: [] };
    return this.#statement();
  }

  #endOfSimple(): void {
    if (this.#sees("operator", "}") || this.#sees("end")) return;
    if (this.#operator(";") !== undefined || this.#takes("newline")) return;
    throw this.#unexpected();
  }

  #parenthesised(): Expression {
    this.#expect("(");
    this.#skipNewlines();
    const test = this.#expression({});
    this.#skipNewlines();
    this.#expect(")");
    return test;
  }

  #for(): Statement {
    this.#expect("(");
    const [first, second, third, fourth] = [this.#token, this.#peek(1), this.#peek(2), this.#peek(3)];
    if (first.kind === "name" && second?.text === "in" && third?.kind === "name" && fourth?.text === ")") {
      this.#at += 4;
      this.#skipNewlines();
      return { kind: "for-in", variable: first.name, array: third.name, body: this.#body() };
    }
    const start = this.#sees("operator", ";") ? undefined : this.#simple();
    this.#expect(";");
    this.#skipNewlines();
    const test = this.#sees("operator", ";") ? undefined : this.#expression({});
    this.#expect(";");
    this.#skipNewlines();
    const step = this.#sees("operator", ")") ? undefined : this.#simple();
    this.#expect(")");
    this.#skipNewlines();
    return { kind: "for", ...(start ? { first: start } : {}), ...(test ? { test } : {}), ...(step ? { step } : {}), body: this.#body() };
  }

  #simple(): Statement {
    const { kind, text } = this.#token;
    if (kind === "keyword") {
      switch (text) {
        case "print":
        case "printf":
          this.#at++;
          return this.#print(text);
        case "next":
        case "nextfile":
        case "break":
        case "continue":
          this.#at++;
          return { kind: text };
        case "exit":
        case "return": {
          this.#at++;
          const ends = this.#sees("newline") || this.#sees("operator", ";") || this.#sees("operator", "}") || this.#sees("end");
          return ends ? { kind: text } : { kind: text, value: this.#expression({}) };
        }
        case "delete": {
          this.#at++;
          const token = this.#peek(0);
          if (token?.kind !== "name") throw this.#unexpected();
          this.#at++;
          if (this.#operator("[") === undefined) return { kind: "delete", array: token.name };
          return { kind: "delete", array: token.name, subscripts: this.#list("]") };
        }
      }
    }
    return { kind: "expression", expression: this.#expression({}) };
  }

  #print(kind: "print" | "printf"): Statement {
    let args: readonly Expression[] = [];
    const isDone = (): boolean =>
      this.#sees("newline") ||
      this.#sees("operator", ";") ||
      this.#sees("operator", "}") ||
      this.#sees("operator", ">") ||
      this.#sees("operator", ">>") ||
      this.#sees("operator", "|") ||
      this.#sees("end");
    if (!isDone()) {
      const grouped = this.#groupedArguments(isDone);
      if (grouped) args = grouped;
      else {
        const list = [this.#expression({ noGreater: true, noPipe: true })];
        while (this.#operator(",") !== undefined) {
          this.#skipNewlines();
          list.push(this.#expression({ noGreater: true, noPipe: true }));
        }
        args = list;
      }
    }
    const operator = this.#operator(">", ">>", "|");
    if (operator === undefined) return { kind, values: args };
    const redirect: Redirect = { kind: operator as Redirect["kind"], to: this.#conditional({ noGreater: true, noIn: true, noPipe: true }) };
    return { kind, values: args, redirect };
  }

  /** `print (a, b)`: the parentheses hold the arguments, unless more of an expression follows. */
  #groupedArguments(isDone: () => boolean): readonly Expression[] | undefined {
    if (!this.#sees("operator", "(")) return undefined;
    const mark = this.#at;
    this.#at++;
    this.#skipNewlines();
    const list = this.#list(")");
    if (isDone() && list.length > 0) return list;
    this.#at = mark;
    return undefined;
  }

  /** Expressions up to the closing bracket, which is taken too. */
  #list(close: ")" | "]"): Expression[] {
    const list: Expression[] = [];
    this.#skipNewlines();
    if (this.#operator(close) !== undefined) return list;
    for (;;) {
      list.push(this.#expression({}));
      this.#skipNewlines();
      if (this.#operator(",") === undefined) break;
      this.#skipNewlines();
    }
    this.#expect(close);
    return list;
  }

  // --- expressions, from the loosest to the tightest ----------------------------------------------------------------------

  #expression(limits: Limits): Expression {
    const left = this.#conditional(limits);
    const operator = isLValue(left) ? this.#operator("=", "+=", "-=", "*=", "/=", "%=", "^=") : undefined;
    if (operator === undefined || !isLValue(left)) return left;
    this.#skipNewlines();
    const value = this.#expression(limits);
    return { kind: "assign", operator: operator as "=", target: left, value };
  }

  #conditional(limits: Limits): Expression {
    const test = this.#or(limits);
    if (this.#operator("?") === undefined) return test;
    this.#skipNewlines();
    const yes = this.#expression(limits);
    this.#skipNewlines();
    this.#expect(":");
    this.#skipNewlines();
    return { kind: "condition", test, then: yes, else: this.#expression(limits) };
  }

  #or(limits: Limits): Expression {
    let left = this.#and(limits);
    while (this.#operator("||") !== undefined) {
      this.#skipNewlines();
      left = { kind: "binary", operator: "||", left, right: this.#and(limits) };
    }
    return left;
  }

  #and(limits: Limits): Expression {
    let left = this.#in(limits);
    while (this.#operator("&&") !== undefined) {
      this.#skipNewlines();
      left = { kind: "binary", operator: "&&", left, right: this.#in(limits) };
    }
    return left;
  }

  #in(limits: Limits): Expression {
    let left = this.#matching(limits);
    while (!limits.noIn && this.#takes("keyword", "in")) {
      const token = this.#token;
      if (token.kind !== "name") throw this.#unexpected();
      this.#at++;
      left = {
        kind: "in",
        subscripts: left.kind === "group" && left.inner.kind === "call" && left.inner.name === "," ? left.inner.args : [left],
        array: token.name,
      };
    }
    return left;
  }

  #matching(limits: Limits): Expression {
    let left = this.#comparison(limits);
    for (;;) {
      const negated = this.#sees("operator", "!") && this.#peek(1)?.text === "~" && this.#peek(1)?.kind === "operator";
      if (negated) this.#at += 2;
      else if (this.#operator("~") === undefined) return left;
      this.#skipNewlines();
      left = { kind: "match", negated, left, right: this.#comparison(limits) };
    }
  }

  #comparison(limits: Limits): Expression {
    const left = this.#concatenation(limits);
    const operator = this.#operator("<", "<=", "==", "!=", ">=", ...(limits.noGreater ? [] : [">"]));
    if (operator === undefined) return left;
    return { kind: "binary", operator: operator as BinaryOperator, left, right: this.#concatenation(limits) };
  }

  #concatenation(limits: Limits): Expression {
    let left = this.#additive(limits);
    for (;;) {
      if (!limits.noPipe && this.#sees("operator", "|") && this.#peek(1)?.text === "getline") {
        this.#at += 2;
        left = this.#getlineFrom("command", left, this.#optionalLValue());
        continue;
      }
      if (!this.#startsOperand()) return left;
      left = { kind: "binary", operator: " ", left, right: this.#additive(limits) };
    }
  }

  #startsOperand(): boolean {
    const { kind, text } = this.#token;
    if (kind === "number" || kind === "string" || kind === "regex" || kind === "name" || kind === "funcname" || kind === "builtin")
      return true;
    // A sign would have been an operator already; `!` and `getline` need parentheses.
    return kind === "operator" && (text === "(" || text === "$" || text === "++" || text === "--");
  }

  #additive(limits: Limits): Expression {
    let left = this.#multiplicative(limits);
    for (let operator = this.#operator("+", "-"); operator; operator = this.#operator("+", "-"))
      left = { kind: "binary", operator: operator as BinaryOperator, left, right: this.#multiplicative(limits) };
    return left;
  }

  #multiplicative(limits: Limits): Expression {
    let left = this.#unary(limits);
    for (let operator = this.#operator("*", "/", "%"); operator; operator = this.#operator("*", "/", "%"))
      left = { kind: "binary", operator: operator as BinaryOperator, left, right: this.#unary(limits) };
    return left;
  }

  #unary(limits: Limits): Expression {
    const operator = this.#operator("!", "-", "+");
    if (operator !== undefined) return { kind: "unary", operator: operator as "!" | "-" | "+", operand: this.#unary(limits) };
    return this.#power(limits);
  }

  #power(limits: Limits): Expression {
    const base = this.#postfix(limits);
    if (this.#operator("^") === undefined) return base;
    // Right to left, and tighter than a minus on its left only.
    const exponent =
      this.#sees("operator", "-") || this.#sees("operator", "+") || this.#sees("operator", "!") ? this.#unary(limits) : this.#power(limits);
    return { kind: "binary", operator: "^", left: base, right: exponent };
  }

  #postfix(limits: Limits): Expression {
    const operand = this.#primary(limits);
    if (!isLValue(operand)) return operand;
    const operator = this.#operator("++", "--");
    return operator === undefined ? operand : { kind: "step", by: operator === "++" ? 1 : -1, prefix: false, target: operand };
  }

  #primary(limits: Limits): Expression {
    const token = this.#token;
    switch (token.kind) {
      case "number":
        this.#at++;
        return { kind: "number", value: token.value };
      case "string":
        this.#at++;
        return { kind: "string", value: token.value };
      case "regex":
        this.#at++;
        return { kind: "regex", source: token.source };
      case "name":
        this.#at++;
        if (this.#operator("[") === undefined) return { kind: "variable", name: token.name };
        return { kind: "element", array: token.name, subscripts: this.#list("]") };
      case "funcname": {
        this.#at++;
        this.#expect("(");
        this.#calls.push({ name: token.name, line: token.line });
        return { kind: "call", name: token.name, args: this.#list(")") };
      }
      case "builtin":
        this.#at++;
        if (this.#operator("(") !== undefined) return { kind: "call", name: token.name, args: this.#list(")") };
        if (token.name !== "length") throw this.#unexpected();
        return { kind: "call", name: "length", args: [] };
      case "keyword":
        if (token.text !== "getline") break;
        this.#at++;
        return this.#getline(limits);
      case "operator":
        return this.#operatorPrimary(token.text, limits);
      default:
        break;
    }
    throw this.#unexpected();
  }

  #operatorPrimary(text: string, limits: Limits): Expression {
    switch (text) {
      case "$": {
        this.#at++;
        const operator = this.#operator("++", "--");
        if (operator !== undefined) {
          const target = this.#primary(limits);
          if (!isLValue(target)) throw this.#unexpected();
          return { kind: "field", index: { kind: "step", by: operator === "++" ? 1 : -1, prefix: true, target } };
        }
        if (this.#operator("-") !== undefined)
          return { kind: "field", index: { kind: "unary", operator: "-", operand: this.#primary(limits) } };
        return { kind: "field", index: this.#primary(limits) };
      }
      case "++":
      case "--": {
        this.#at++;
        const target = this.#primary(limits);
        if (!isLValue(target)) throw this.#unexpected();
        return { kind: "step", by: text === "++" ? 1 : -1, prefix: true, target };
      }
      case "(": {
        this.#at++;
        const list = this.#list(")");
        const [only] = list;
        if (list.length === 1 && only) return { kind: "group", inner: only };
        if (list.length > 1 && this.#sees("keyword", "in")) return { kind: "group", inner: { kind: "call", name: ",", args: list } };
        throw this.#unexpected();
      }
      case "!":
      case "-":
      case "+":
        return this.#unary(limits);
    }
    throw this.#unexpected();
  }

  #getline(limits: Limits): Expression {
    const target = this.#optionalLValue();
    if (this.#operator("<") === undefined) return this.#getlineFrom("input", undefined, target);
    // The file name binds tighter than concatenation.
    return this.#getlineFrom("file", this.#postfix(limits), target);
  }

  #getlineFrom(from: "input" | "file" | "command", source: Expression | undefined, target: Target | undefined): Expression {
    return { kind: "getline", from, ...(source ? { source } : {}), ...(target ? { target } : {}) };
  }

  #optionalLValue(): Target | undefined {
    if (!(this.#token.kind === "name" || this.#sees("operator", "$"))) return undefined;
    const operand = this.#primary({});
    if (!isLValue(operand)) throw this.#unexpected();
    return operand;
  }
}

function isLValue(expression: Expression): expression is Target {
  return expression.kind === "variable" || expression.kind === "field" || expression.kind === "element";
}

/** What a message calls a token. */
function nameOf(token: Token): string {
  return token.kind === "newline" ? "end of line" : token.kind === "end" ? "end of file" : token.text;
}
