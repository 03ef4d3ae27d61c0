/**
 * Runs an awk program (POSIX.1-2017, awk). What it prints and reads goes through the process's descriptors; commands in pipes run
 * under `/bin/sh -c`.
 *
 * Differs: `rand` draws from the machine's seeded randomness, whatever `srand` says; `RS` may be a regular expression, as in mawk.
 */

import { utf8Bytes, utf8Length, utf8Text } from "@/lib/base/utf8";
import { strerror } from "@/lib/sim/core/errno";
import type { Fd, Pid, Sys } from "@/lib/sim/core/sys";
import { complain, LineReader } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { micros } from "@/lib/sim/core/time";
import { PosixRegex } from "../regex/posix-regex";
import type { AwkFunction, AwkProgram, Expression, Redirect, Rule, Statement, Target } from "./syntax";
import { compileAwkRegex } from "./regex";
import { compare, formatAwk, fromInput, isTrue, toNumber, toText, type Value } from "./value";

/** Ends the program with a message; status 2. */
export class AwkFatal extends Error {
  override readonly name = "AwkFatal";
}

export type Dialect = "mawk" | "busybox";

class Jump {
  readonly kind: "next" | "nextfile" | "break" | "continue" | "exit" | "return";
  readonly value: Value;
  constructor(kind: Jump["kind"], value?: Value) {
    this.kind = kind;
    this.value = value;
  }
}

type Cell = { value: Value };
type AwkArray = Map<string, Value>;
type Frame = { readonly scalars: Map<string, Cell>; readonly arrays: Map<string, AwkArray> };

type OutputStream = { readonly fd: Fd; readonly pid?: Pid };
type InputStream = { readonly reader: RecordReader; readonly fd: Fd; readonly pid?: Pid };

/** Statements between two payments of processor time, so that loops neither cost an event each nor hold the clock still. */
const STATEMENTS_PER_SLICE = 200;

export class Interpreter {
  readonly #sys: Sys;
  readonly #program: AwkProgram;
  readonly #name: string;
  readonly #dialect: Dialect;
  readonly #globals: Frame = { scalars: new Map(), arrays: new Map() };
  #frame: Frame | undefined;
  #fields: Value[] = [];
  #record: Value = "";
  #fieldsAreStale = false;
  #recordIsStale = false;
  readonly #regexes = new Map<string, PosixRegex>();
  readonly #active = new Set<number>();
  readonly #outputs = new Map<string, OutputStream>();
  readonly #inputs = new Map<string, InputStream>();
  #main: { readonly reader: RecordReader; readonly fd: Fd } | undefined;
  #argIndex = 1;
  #usedInput = false;
  #buffer = "";
  #statements = 0;
  #depth = 0;

  constructor(sys: Sys, name: string, dialect: Dialect, program: AwkProgram, args: readonly string[]) {
    this.#sys = sys;
    this.#dialect = dialect;
    this.#name = name;
    this.#program = program;
    const set = (key: string, value: Value): void => {
      this.#globals.scalars.set(key, { value });
    };
    set("FS", " ");
    set("OFS", " ");
    set("ORS", "\n");
    set("RS", "\n");
    set("NF", 0);
    set("NR", 0);
    set("FNR", 0);
    set("SUBSEP", "\x1c");
    set("CONVFMT", "%.6g");
    set("OFMT", "%.6g");
    set("RSTART", 0);
    set("RLENGTH", -1);
    set("FILENAME", undefined);
    set("ARGC", args.length + 1);
    const argv: AwkArray = new Map([
      ["0", name as Value],
      ...args.map((arg, index): [string, Value] => [String(index + 1), fromInput(arg)]),
    ]);
    this.#globals.arrays.set("ARGV", argv);
    this.#globals.arrays.set("ENVIRON", new Map([...sys.env].map(([key, value]): [string, Value] => [key, fromInput(value)])));
  }

  setVariable(name: string, text: string): void {
    this.#setScalar(name, fromInput(text));
  }

  *run(): Routine<number> {
    let status = 0;
    try {
      const { rules } = this.#program;
      let exit = yield* this.#runRules(rules.filter((rule) => rule.pattern.kind === "begin"));
      const needsInput = rules.some((rule) => rule.pattern.kind !== "begin");
      const main = rules.filter((rule) => rule.pattern.kind !== "begin" && rule.pattern.kind !== "end");
      while (!exit && needsInput) {
        const record = yield* this.#readMain();
        if (record === undefined) break;
        this.#setRecord(record);
        exit = yield* this.#runRules(main);
        if (exit?.kind === "next" || exit?.kind === "nextfile") {
          if (exit.kind === "nextfile") this.#closeMain();
          exit = undefined;
        }
      }
      if (exit) status = toNumber(exit.value) & 255;
      // END runs after an `exit` elsewhere too; an `exit` in END ends it.
      const ended = yield* this.#runRules(rules.filter((rule) => rule.pattern.kind === "end"));
      if (ended?.value !== undefined) status = toNumber(ended.value) & 255;
    } finally {
      this.#closeMain();
    }
    yield* this.#flush();
    for (const key of [...this.#outputs.keys(), ...this.#inputs.keys()]) yield* this.#close(key);
    return status;
  }

  *#runRules(rules: readonly Rule[]): Routine<Jump | undefined> {
    for (const rule of rules) {
      if (!(yield* this.#applies(rule))) continue;
      const jump = rule.action ? yield* this.#execute(rule.action) : yield* this.#print([], undefined);
      if (jump) return jump;
    }
    return undefined;
  }

  *#applies(rule: Rule): Routine<boolean> {
    const { pattern } = rule;
    switch (pattern.kind) {
      case "always":
      case "begin":
      case "end":
        return true;
      case "test":
        return isTrue(yield* this.#evaluate(pattern.test));
      case "range": {
        if (!this.#active.has(pattern.id)) {
          if (!isTrue(yield* this.#evaluate(pattern.from))) return false;
          this.#active.add(pattern.id);
        }
        if (isTrue(yield* this.#evaluate(pattern.to))) this.#active.delete(pattern.id);
        return true;
      }
    }
  }

  // --- statements ---------------------------------------------------------------------------------------------------

  *#execute(statement: Statement): Routine<Jump | undefined> {
    if (++this.#statements % STATEMENTS_PER_SLICE === 0) yield* this.#sys.compute(micros(100));
    switch (statement.kind) {
      case "expression":
        yield* this.#evaluate(statement.expression);
        return undefined;
      case "print":
        return yield* this.#print(statement.values, statement.redirect);
      case "printf": {
        const [format, ...values] = yield* this.#all(statement.values);
        yield* this.#write(formatAwk(this.#text(format), values, this.#convFmt), statement.redirect);
        return undefined;
      }
      case "block":
        for (const one of statement.body) {
          const jump = yield* this.#execute(one);
          if (jump) return jump;
        }
        return undefined;
      case "if":
        if (isTrue(yield* this.#evaluate(statement.test))) return yield* this.#execute(statement.then);
        return statement.else ? yield* this.#execute(statement.else) : undefined;
      case "while":
        while (isTrue(yield* this.#evaluate(statement.test))) {
          const jump = yield* this.#loopBody(statement.body);
          if (jump === "break") break;
          if (jump) return jump;
        }
        return undefined;
      case "do":
        do {
          const jump = yield* this.#loopBody(statement.body);
          if (jump === "break") break;
          if (jump) return jump;
        } while (isTrue(yield* this.#evaluate(statement.test)));
        return undefined;
      case "for":
        if (statement.first) yield* this.#execute(statement.first);
        while (!statement.test || isTrue(yield* this.#evaluate(statement.test))) {
          const jump = yield* this.#loopBody(statement.body);
          if (jump === "break") break;
          if (jump) return jump;
          if (statement.step) yield* this.#execute(statement.step);
        }
        return undefined;
      case "for-in":
        for (const key of this.#keys(this.#array(statement.array))) {
          this.#setScalar(statement.variable, fromInput(key));
          const jump = yield* this.#loopBody(statement.body);
          if (jump === "break") break;
          if (jump) return jump;
        }
        return undefined;
      case "delete":
        if (statement.subscripts) this.#array(statement.array).delete(yield* this.#subscript(statement.subscripts));
        else this.#array(statement.array).clear();
        return undefined;
      case "next":
      case "nextfile":
      case "break":
      case "continue":
        return new Jump(statement.kind);
      case "exit":
      case "return":
        return new Jump(statement.kind, statement.value ? yield* this.#evaluate(statement.value) : undefined);
    }
  }

  *#loopBody(body: Statement): Routine<Jump | "break" | undefined> {
    const jump = yield* this.#execute(body);
    // An empty body must cost something too, or `while (1);` would never let go.
    if (++this.#statements % STATEMENTS_PER_SLICE === 0) yield* this.#sys.compute(micros(100));
    if (jump?.kind === "break") return "break";
    return jump?.kind === "continue" ? undefined : jump;
  }

  *#print(values: readonly Expression[], redirect: Redirect | undefined): Routine<undefined> {
    const parts =
      values.length === 0 ? [this.#recordText()] : (yield* this.#all(values)).map((value) => toText(value, this.#scalarText("OFMT")));
    yield* this.#write(parts.join(this.#scalarText("OFS")) + this.#scalarText("ORS"), redirect);
    return undefined;
  }

  // --- expressions --------------------------------------------------------------------------------------------------

  *#all(expressions: readonly Expression[]): Routine<Value[]> {
    const values: Value[] = [];
    for (const expression of expressions) values.push(yield* this.#evaluate(expression));
    return values;
  }

  *#evaluate(expression: Expression): Routine<Value> {
    switch (expression.kind) {
      case "number":
      case "string":
        return expression.value;
      case "regex":
        return this.#regex(expression.source).test(this.#recordText()) ? 1 : 0;
      case "group":
        return yield* this.#evaluate(expression.inner);
      case "variable":
      case "element":
      case "field":
        return yield* this.#read(expression);
      case "assign": {
        const value = yield* this.#evaluate(expression.value);
        if (expression.operator === "=") return yield* this.#assign(expression.target, value);
        const before = toNumber(yield* this.#read(expression.target));
        return yield* this.#assign(expression.target, this.#arithmetic(expression.operator.slice(0, -1), before, toNumber(value)));
      }
      case "step": {
        const before = toNumber(yield* this.#read(expression.target));
        yield* this.#assign(expression.target, before + expression.by);
        return expression.prefix ? before + expression.by : before;
      }
      case "unary": {
        const operand = yield* this.#evaluate(expression.operand);
        if (expression.operator === "!") return isTrue(operand) ? 0 : 1;
        return expression.operator === "-" ? -toNumber(operand) : toNumber(operand);
      }
      case "binary":
        return yield* this.#binary(expression);
      case "match": {
        const text = this.#text(yield* this.#evaluate(expression.left));
        return (yield* this.#regexOf(expression.right)).test(text) !== expression.negated ? 1 : 0;
      }
      case "in":
        return this.#array(expression.array).has(yield* this.#subscript(expression.subscripts)) ? 1 : 0;
      case "condition":
        return isTrue(yield* this.#evaluate(expression.test))
          ? yield* this.#evaluate(expression.then)
          : yield* this.#evaluate(expression.else);
      case "call":
        return yield* this.#call(expression.name, expression.args);
      case "getline":
        return yield* this.#getline(expression);
    }
  }

  *#binary(expression: Extract<Expression, { kind: "binary" }>): Routine<Value> {
    const { operator } = expression;
    if (operator === "&&") return isTrue(yield* this.#evaluate(expression.left)) && isTrue(yield* this.#evaluate(expression.right)) ? 1 : 0;
    if (operator === "||") return isTrue(yield* this.#evaluate(expression.left)) || isTrue(yield* this.#evaluate(expression.right)) ? 1 : 0;
    const left = yield* this.#evaluate(expression.left);
    const right = yield* this.#evaluate(expression.right);
    switch (operator) {
      case " ":
        return this.#text(left) + this.#text(right);
      case "<":
        return compare(left, right, this.#convFmt) < 0 ? 1 : 0;
      case "<=":
        return compare(left, right, this.#convFmt) <= 0 ? 1 : 0;
      case "==":
        return compare(left, right, this.#convFmt) === 0 ? 1 : 0;
      case "!=":
        return compare(left, right, this.#convFmt) !== 0 ? 1 : 0;
      case ">":
        return compare(left, right, this.#convFmt) > 0 ? 1 : 0;
      case ">=":
        return compare(left, right, this.#convFmt) >= 0 ? 1 : 0;
      default:
        return this.#arithmetic(operator, toNumber(left), toNumber(right));
    }
  }

  /** Debian's busybox is built without libm. */
  #needMath(): void {
    if (this.#dialect === "busybox") throw new AwkFatal("cmd. line:1: Math support is not compiled in");
  }

  #arithmetic(operator: string, left: number, right: number): number {
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "/":
        // mawk goes on with infinity.
        if (right === 0 && this.#dialect === "busybox") throw new AwkFatal("cmd. line:1: Division by zero");
        return left / right;
      case "%":
        if (right === 0 && this.#dialect === "busybox") throw new AwkFatal("cmd. line:1: Division by zero");
        return left % right;
      default:
        this.#needMath();
        return left ** right;
    }
  }

  *#read(target: Target): Routine<Value> {
    switch (target.kind) {
      case "variable":
        return this.#scalar(target.name);
      case "element": {
        const array = this.#array(target.array);
        const key = yield* this.#subscript(target.subscripts);
        // Looking at an element makes it.
        if (!array.has(key)) array.set(key, undefined);
        return array.get(key);
      }
      case "field": {
        const index = Math.trunc(toNumber(yield* this.#evaluate(target.index)));
        if (index < 0) throw new AwkFatal(`attempt to access field ${index}`);
        if (index === 0) return this.#wholeRecord();
        this.#split();
        return this.#fields[index - 1];
      }
    }
  }

  *#assign(target: Target, value: Value): Routine<Value> {
    switch (target.kind) {
      case "variable":
        this.#setScalar(target.name, value);
        return value;
      case "element":
        this.#array(target.array).set(yield* this.#subscript(target.subscripts), value);
        return value;
      case "field": {
        const index = Math.trunc(toNumber(yield* this.#evaluate(target.index)));
        if (index < 0) throw new AwkFatal(`attempt to access field ${index}`);
        this.#setField(index, value);
        return value;
      }
    }
  }

  *#subscript(subscripts: readonly Expression[]): Routine<string> {
    return (yield* this.#all(subscripts)).map((value) => this.#text(value)).join(this.#scalarText("SUBSEP"));
  }

  // --- records and fields -------------------------------------------------------------------------------------------

  #setRecord(text: string): void {
    this.#record = fromInput(text);
    this.#fieldsAreStale = true;
    this.#recordIsStale = false;
  }

  #recordText(): string {
    return this.#text(this.#wholeRecord());
  }

  #wholeRecord(): Value {
    if (this.#recordIsStale) {
      this.#record = fromInput(this.#fields.map((field) => this.#text(field)).join(this.#scalarText("OFS")));
      this.#recordIsStale = false;
    }
    return this.#record;
  }

  #split(): void {
    if (!this.#fieldsAreStale) return;
    this.#fieldsAreStale = false;
    this.#fields = this.#splitText(this.#text(this.#record), this.#scalarText("FS")).map(fromInput);
    this.#rawScalar("NF").value = this.#fields.length;
  }

  #splitText(text: string, separator: string): string[] {
    if (text === "") return [];
    if (separator === " ") return text.split(/[ \t\n]+/).filter((part) => part !== "");
    if (separator === "") return [...text];
    if (separator.length === 1 && separator !== "\\") return text.split(separator);
    return this.#splitByRegex(text, separator);
  }

  #splitByRegex(text: string, source: string): string[] {
    const regex = this.#regex(source);
    const parts: string[] = [];
    let start = 0;
    for (let from = 0; from <= text.length; ) {
      const match = regex.exec(text, from);
      if (!match) break;
      if (match.end === match.start) {
        from = match.end + 1;
        continue;
      }
      parts.push(text.slice(start, match.start));
      start = match.end;
      from = match.end;
    }
    parts.push(text.slice(start));
    return parts;
  }

  /** The order of `for (k in a)`: both walk their hash tables. */
  #keys(array: AwkArray): string[] {
    const keys = [...array.keys()];
    return this.#dialect === "busybox" ? busyboxOrder(keys) : mawkOrder(keys);
  }

  #setField(index: number, value: Value): void {
    if (index === 0) {
      this.#setRecord(this.#text(value));
      return;
    }
    this.#split();
    while (this.#fields.length < index) this.#fields.push("");
    this.#fields[index - 1] = value;
    this.#rawScalar("NF").value = this.#fields.length;
    this.#recordIsStale = true;
  }

  // --- variables ----------------------------------------------------------------------------------------------------

  #rawScalar(name: string): Cell {
    const scalars = this.#frame?.scalars.has(name) ? this.#frame.scalars : this.#globals.scalars;
    let cell = scalars.get(name);
    if (!cell) {
      cell = { value: undefined };
      scalars.set(name, cell);
    }
    return cell;
  }

  #scalar(name: string): Value {
    if (name === "NF") this.#split();
    return this.#rawScalar(name).value;
  }

  #setScalar(name: string, value: Value): void {
    if (name === "NF" && !this.#frame?.scalars.has("NF")) {
      this.#split();
      const count = Math.max(0, Math.trunc(toNumber(value)));
      while (this.#fields.length < count) this.#fields.push("");
      this.#fields.length = count;
      this.#recordIsStale = true;
    }
    this.#rawScalar(name).value = value;
  }

  #scalarText(name: string): string {
    return this.#text(this.#globals.scalars.get(name)?.value);
  }

  get #convFmt(): string {
    const value = this.#globals.scalars.get("CONVFMT")?.value;
    return typeof value === "string" ? value : "%.6g";
  }

  #text(value: Value): string {
    return toText(value, this.#convFmt);
  }

  #array(name: string): AwkArray {
    const local = this.#frame?.arrays.get(name);
    if (local) return local;
    const arrays = this.#frame?.scalars.has(name) ? this.#frame.arrays : this.#globals.arrays;
    let array = arrays.get(name);
    if (!array) {
      array = new Map();
      arrays.set(name, array);
    }
    return array;
  }

  // --- regular expressions ------------------------------------------------------------------------------------------

  *#regexOf(expression: Expression): Routine<PosixRegex> {
    const inner = expression.kind === "group" ? expression.inner : expression;
    return this.#regex(inner.kind === "regex" ? inner.source : this.#text(yield* this.#evaluate(expression)));
  }

  #regex(source: string): PosixRegex {
    let regex = this.#regexes.get(source);
    if (!regex) {
      const made = compileAwkRegex(source);
      if (!made.ok)
        throw new AwkFatal(
          this.#dialect === "mawk"
            ? `regular expression compile failed (${made.error.toLowerCase()})\n${source}`
            : `bad regex '${source}': ${made.error}`,
        );
      regex = made.value;
      this.#regexes.set(source, regex);
    }
    return regex;
  }

  // --- functions ----------------------------------------------------------------------------------------------------

  *#call(name: string, args: readonly Expression[]): Routine<Value> {
    const own = this.#program.functions.get(name);
    if (own) return yield* this.#callOwn(own, args);
    switch (name) {
      case "length": {
        const [first] = args;
        if (!first) return utf8Length(this.#recordText());
        if (first.kind === "variable" && this.#isArray(first.name)) return this.#array(first.name).size;
        // Neither awk knows characters of several bytes.
        return utf8Length(this.#text(yield* this.#evaluate(first)));
      }
      case "split": {
        const [textExpression, arrayExpression, separator] = args;
        if (!textExpression || arrayExpression?.kind !== "variable") throw new AwkFatal("split needs an array");
        const text = this.#text(yield* this.#evaluate(textExpression));
        const by = separator
          ? separator.kind === "regex"
            ? separator.source
            : this.#text(yield* this.#evaluate(separator))
          : this.#scalarText("FS");
        const parts = separator?.kind === "regex" && text !== "" ? this.#splitByRegex(text, by) : this.#splitText(text, by);
        const array = this.#array(arrayExpression.name);
        array.clear();
        parts.forEach((part, index) => array.set(String(index + 1), fromInput(part)));
        return parts.length;
      }
      case "sub":
      case "gsub":
        return yield* this.#substitute(args, name === "gsub");
      case "match": {
        const [text, pattern] = args;
        if (!text || !pattern) throw new AwkFatal("match needs two arguments");
        const subject = this.#text(yield* this.#evaluate(text));
        const found = (yield* this.#regexOf(pattern)).exec(subject, 0);
        const start = found ? utf8Length(subject.slice(0, found.start)) + 1 : 0;
        this.#setScalar("RSTART", start);
        this.#setScalar("RLENGTH", found ? utf8Length(subject.slice(found.start, found.end)) : -1);
        return start;
      }
      default:
        return yield* this.#callPlain(name, yield* this.#all(args));
    }
  }

  *#callPlain(name: string, args: readonly Value[]): Routine<Value> {
    const [first, second, third] = args;
    switch (name) {
      case "substr": {
        return this.#substring(this.#text(first), toNumber(second), args.length > 2 ? toNumber(third) : undefined);
      }
      case "index": {
        const [text, wanted] = [this.#text(first), this.#text(second)];
        const at = text.indexOf(wanted);
        if (wanted === "") return this.#dialect === "mawk" ? 1 : 0;
        return at < 0 ? 0 : utf8Length(text.slice(0, at)) + 1;
      }
      case "sprintf":
        return formatAwk(this.#text(first), args.slice(1), this.#convFmt);
      case "tolower":
        return this.#text(first).toLowerCase();
      case "toupper":
        return this.#text(first).toUpperCase();
      case "int":
        return Math.trunc(toNumber(first));
      case "sqrt":
        this.#needMath();
        return Math.sqrt(toNumber(first));
      case "exp":
        this.#needMath();
        return Math.exp(toNumber(first));
      case "log":
        this.#needMath();
        return Math.log(toNumber(first));
      case "sin":
        this.#needMath();
        return Math.sin(toNumber(first));
      case "cos":
        this.#needMath();
        return Math.cos(toNumber(first));
      case "atan2":
        this.#needMath();
        return Math.atan2(toNumber(first), toNumber(second));
      case "rand":
        return this.#sys.random.fraction();
      case "srand":
        return 0;
      case "systime":
        return Math.floor(this.#sys.dateMs / 1000);
      case "system":
        yield* this.#flush();
        return yield* this.#system(this.#text(first));
      case "close":
        yield* this.#flush();
        return yield* this.#close(this.#text(first));
      case "fflush":
        yield* this.#flush();
        return 0;
      default:
        throw new AwkFatal(`function ${name} never defined`);
    }
  }

  /** Bytes from `start`, counted from 1. What lies before the text: mawk and busybox each have their own idea of it. */
  #substring(text: string, start: number, length: number | undefined): string {
    const bytes = utf8Bytes(text);
    const from = Math.round(start);
    const count = length === undefined ? Number.POSITIVE_INFINITY : Math.round(length);
    const first = Math.max(0, from - 1);
    const before = from < 1 ? (this.#dialect === "mawk" ? -from : 0) : 0;
    return utf8Text(bytes.slice(first, first + Math.max(0, count + before)));
  }

  *#callOwn(own: AwkFunction, args: readonly Expression[]): Routine<Value> {
    if (++this.#depth > 1000) throw new AwkFatal("function call nesting is limited to 1000 levels here");
    const frame: Frame = { scalars: new Map(), arrays: new Map() };
    for (const [index, parameter] of own.parameters.entries()) {
      const arg = args[index];
      if (arg?.kind === "variable" && (this.#isArray(arg.name) || this.#rawScalar(arg.name).value === undefined)) {
        // An array goes by reference; what is neither yet may become one in the function.
        frame.arrays.set(parameter, this.#array(arg.name));
        frame.scalars.set(parameter, { value: this.#rawScalar(arg.name).value });
      } else frame.scalars.set(parameter, { value: arg ? yield* this.#evaluate(arg) : undefined });
    }
    const before = this.#frame;
    this.#frame = frame;
    const jump = yield* this.#execute(own.body);
    this.#frame = before;
    this.#depth--;
    return jump?.kind === "return" ? jump.value : undefined;
  }

  #isArray(name: string): boolean {
    if (this.#frame?.scalars.has(name)) return (this.#frame.arrays.get(name)?.size ?? 0) > 0;
    return this.#globals.arrays.has(name);
  }

  *#substitute(args: readonly Expression[], everywhere: boolean): Routine<number> {
    const [pattern, replacement, given] = args;
    if (!pattern || !replacement) throw new AwkFatal("sub and gsub need two arguments");
    const target: Target =
      given && (given.kind === "variable" || given.kind === "element" || given.kind === "field")
        ? given
        : { kind: "field", index: { kind: "number", value: 0 } };
    const regex = yield* this.#regexOf(pattern);
    const by = this.#text(yield* this.#evaluate(replacement));
    const text = this.#text(yield* this.#read(target));
    let count = 0;
    let changed = "";
    let copied = 0;
    let previousEnd = -1;
    for (let from = 0; from <= text.length; ) {
      const match = regex.exec(text, from);
      if (!match) break;
      // An empty match right after another one does not count.
      if (match.end > match.start || match.start !== previousEnd) {
        const whole = text.slice(match.start, match.end);
        count++;
        changed +=
          text.slice(copied, match.start) +
          by.replace(/\\\\&|\\&|&/g, (mark) => (mark === "&" ? whole : mark === "\\&" ? "&" : `\\${whole}`));
        copied = match.end;
        if (!everywhere) break;
      }
      previousEnd = match.end;
      from = match.end > match.start ? match.end : match.end + 1;
    }
    changed += text.slice(copied);
    if (count > 0) yield* this.#assign(target, changed);
    return count;
  }

  // --- input and output ---------------------------------------------------------------------------------------------

  *#readMain(): Routine<string | undefined> {
    for (;;) {
      const main: { readonly reader: RecordReader } | undefined = this.#main ?? (yield* this.#openNext());
      if (!main) return undefined;
      const record = yield* main.reader.next(this.#scalarText("RS"));
      if (record !== undefined) {
        for (const name of ["NR", "FNR"]) this.#rawScalar(name).value = toNumber(this.#rawScalar(name).value) + 1;
        return record;
      }
      this.#closeMain();
    }
  }

  /** Opens the next file of ARGV; assignments among the arguments are made on the way. Without any file: standard input, once. */
  *#openNext(): Routine<{ readonly reader: RecordReader } | undefined> {
    const argv = this.#array("ARGV");
    while (this.#argIndex < toNumber(this.#rawScalar("ARGC").value)) {
      const arg = this.#text(argv.get(String(this.#argIndex++)));
      if (arg === "") continue;
      const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(arg);
      if (assignment) {
        this.setVariable(assignment[1] ?? "", assignment[2] ?? "");
        continue;
      }
      this.#usedInput = true;
      if (arg === "-") {
        this.#main = { reader: new RecordReader(this.#sys, 0), fd: 0 };
      } else {
        const opened = this.#sys.open(arg, { read: true });
        if (!opened.ok)
          throw new AwkFatal(
            this.#dialect === "mawk" ? `cannot open "${arg}" (${strerror(opened.error)})` : `${arg}: ${strerror(opened.error)}`,
          );
        this.#main = { reader: new RecordReader(this.#sys, opened.value), fd: opened.value };
      }
      this.#rawScalar("FILENAME").value = arg;
      this.#rawScalar("FNR").value = 0;
      return this.#main;
    }
    if (this.#usedInput) return undefined;
    this.#usedInput = true;
    this.#main = { reader: new RecordReader(this.#sys, 0), fd: 0 };
    return this.#main;
  }

  #closeMain(): void {
    if (this.#main && this.#main.fd !== 0) this.#sys.close(this.#main.fd);
    this.#main = undefined;
  }

  *#getline(expression: Extract<Expression, { kind: "getline" }>): Routine<number> {
    let record: string | undefined;
    if (expression.from === "input") {
      record = yield* this.#readMain();
      if (record === undefined) return 0;
    } else {
      const source = expression.source ? this.#text(yield* this.#evaluate(expression.source)) : "";
      yield* this.#flush();
      const stream = this.#inputs.get(source) ?? this.#openInput(source, expression.from);
      if (!stream) return -1;
      this.#inputs.set(source, stream);
      record = yield* stream.reader.next(this.#scalarText("RS"));
      if (record === undefined) return 0;
      if (expression.from === "command") this.#rawScalar("NR").value = toNumber(this.#rawScalar("NR").value) + 1;
    }
    if (expression.target) yield* this.#assign(expression.target, fromInput(record));
    else this.#setRecord(record);
    return 1;
  }

  #openInput(source: string, from: "file" | "command"): InputStream | undefined {
    if (from === "file") {
      if (source === "-") return { reader: new RecordReader(this.#sys, 0), fd: 0 };
      const opened = this.#sys.open(source, { read: true });
      return opened.ok ? { reader: new RecordReader(this.#sys, opened.value), fd: opened.value } : undefined;
    }
    const pipe = this.#sys.pipe();
    const spawned = this.#sys.spawn({
      image: { path: "/bin/sh" },
      argv: ["sh", "-c", source],
      fds: new Map([
        [0, 0],
        [1, pipe.write],
        [2, 2],
      ]),
    });
    this.#sys.close(pipe.write);
    if (!spawned.ok) {
      this.#sys.close(pipe.read);
      return undefined;
    }
    return { reader: new RecordReader(this.#sys, pipe.read), fd: pipe.read, pid: spawned.value };
  }

  *#write(text: string, redirect: Redirect | undefined): Routine<void> {
    if (!redirect) {
      this.#buffer += text;
      if (this.#buffer.length > 4096 || this.#sys.tty(1) !== undefined) yield* this.#flush();
      return;
    }
    const to = this.#text(yield* this.#evaluate(redirect.to));
    yield* this.#flush();
    let stream = this.#outputs.get(to);
    if (!stream) {
      stream = this.#openOutput(to, redirect.kind);
      this.#outputs.set(to, stream);
    }
    yield* this.#sys.write(stream.fd, text);
  }

  #openOutput(to: string, kind: Redirect["kind"]): OutputStream {
    if (kind !== "|") {
      if (to === "/dev/stdout" || to === "-") return { fd: 1 };
      if (to === "/dev/stderr") return { fd: 2 };
      const opened = this.#sys.open(to, { write: true, create: true, ...(kind === ">" ? { truncate: true } : { append: true }) });
      if (!opened.ok) throw new AwkFatal(`cannot open "${to}" for output`);
      return { fd: opened.value };
    }
    const pipe = this.#sys.pipe();
    const spawned = this.#sys.spawn({
      image: { path: "/bin/sh" },
      argv: ["sh", "-c", to],
      fds: new Map([
        [0, pipe.read],
        [1, 1],
        [2, 2],
      ]),
    });
    this.#sys.close(pipe.read);
    if (!spawned.ok) throw new AwkFatal(`cannot open pipe "${to}" for output`);
    return { fd: pipe.write, pid: spawned.value };
  }

  *#close(key: string): Routine<number> {
    const stream = this.#outputs.get(key) ?? this.#inputs.get(key);
    if (!stream) return -1;
    this.#outputs.delete(key);
    this.#inputs.delete(key);
    if (stream.fd > 2) this.#sys.close(stream.fd);
    if (stream.pid === undefined) return 0;
    const report = yield* this.#sys.waitpid(stream.pid);
    return report.ok && report.value?.kind === "exited" ? report.value.status : -1;
  }

  *#system(command: string): Routine<number> {
    const spawned = this.#sys.spawn({ image: { path: "/bin/sh" }, argv: ["sh", "-c", command] });
    if (!spawned.ok) return 127;
    const report = yield* this.#sys.waitpid(spawned.value);
    return report.ok && report.value?.kind === "exited" ? report.value.status : 256;
  }

  *#flush(): Routine<void> {
    if (this.#buffer === "") return;
    const text = this.#buffer;
    this.#buffer = "";
    yield* this.#sys.write(1, text);
  }

  /** What was printed before a fatal error is not lost. */
  *fatal(message: string): Routine<number> {
    yield* this.#flush();
    yield* complain(this.#sys, `${this.#name}: ${message}\n`);
    return this.#dialect === "mawk" ? 2 : 1;
  }
}

/** Records off a descriptor, by the separator of the moment: one character, a regular expression, or blank lines (`RS=""`). */
class RecordReader {
  readonly #sys: Sys;
  readonly #fd: Fd;
  readonly #lines: LineReader;
  #buffer = "";
  #ended = false;
  #usesBuffer = false;

  constructor(sys: Sys, fd: Fd) {
    this.#sys = sys;
    this.#fd = fd;
    this.#lines = new LineReader(sys, fd);
  }

  *next(separator: string): Routine<string | undefined> {
    if (separator === "\n" && !this.#usesBuffer) return (yield* this.#lines.next())?.text;
    this.#usesBuffer = true;
    const isParagraphs = separator === "";
    const made = isParagraphs ? compileAwkRegex("\n\n+") : separator.length === 1 ? undefined : compileAwkRegex(separator);
    const pattern = made?.ok ? made.value : undefined;
    for (;;) {
      if (isParagraphs) this.#buffer = this.#buffer.replace(/^\n+/, "");
      const match = pattern ? pattern.exec(this.#buffer, 0) : this.#find(separator);
      // A match that touches the end may grow with what comes next.
      if (match && match.end > match.start && (this.#ended || !pattern || match.end < this.#buffer.length)) {
        const record = this.#buffer.slice(0, match.start);
        this.#buffer = this.#buffer.slice(match.end);
        return record;
      }
      if (this.#ended) {
        if (this.#buffer === "") return undefined;
        const record = this.#buffer.replace(/\n$/, "");
        this.#buffer = "";
        return record;
      }
      const chunk = yield* this.#sys.read(this.#fd);
      if (!chunk.ok || chunk.value === "") this.#ended = true;
      else this.#buffer += chunk.value;
    }
  }

  #find(separator: string): { readonly start: number; readonly end: number } | undefined {
    const start = this.#buffer.indexOf(separator);
    return start < 0 ? undefined : { start, end: start + separator.length };
  }
}

/** The order in which mawk walks an array: buckets by FNV-1, from 64 of them upwards, in each the newest first (array.w). */
function mawkOrder(keys: readonly string[]): string[] {
  let size = 64;
  while (keys.length > size * 12) size *= 2;
  const buckets: string[][] = Array.from({ length: size }, () => []);
  for (const key of keys) {
    let hash = 2_166_136_261;
    for (const byte of utf8Bytes(key)) hash = (Math.imul(hash, 16_777_619) ^ byte) >>> 0;
    buckets[hash & (size - 1)]?.unshift(key);
  }
  return buckets.flat();
}

/** Sizes of busybox's hash table as it grows (editors/awk.c). */
const TABLE_SIZES = [31, 257, 1021, 4093, 16_381];

/** The order in which busybox walks an array: by bucket, in each the newest first. A table that grew was filled in its old order. */
function busyboxOrder(keys: readonly string[]): string[] {
  let order: string[] = [];
  let size = 0;
  let buckets: string[][] = [];
  const put = (key: string): void => {
    let hash = 0;
    for (let i = 0; i < key.length; i++) hash = (key.charCodeAt(i) + (hash << 6) + (hash >>> 26)) >>> 0;
    buckets[hash % (TABLE_SIZES[size] ?? 31)]?.unshift(key);
  };
  const clear = (): void => {
    buckets = Array.from({ length: TABLE_SIZES[size] ?? 31 }, () => []);
  };
  clear();
  keys.forEach((key, count) => {
    if (count > (TABLE_SIZES[size] ?? 31) * 10 && size < TABLE_SIZES.length - 1) {
      order = buckets.flat();
      size++;
      clear();
      for (const old of order) put(old);
    }
    put(key);
  });
  return buckets.flat();
}
