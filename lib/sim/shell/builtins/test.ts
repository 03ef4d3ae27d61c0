/**
 * `test` and `[`. Up to four arguments are read as POSIX says, by their number; more by a grammar (bash's test.c, dash's and
 * busybox's test.c).
 */

import type { Routine } from "@/lib/sim/core/task";
import type { Shell } from "../run/shell";
import type { BuiltinCall } from "./builtin";
import { testFile, testUnary, unaryOperators } from "./test-primaries";

const BINARY = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "=~"]);

/** The expression is wrong. */
class TestFailure extends Error {
  override readonly name = "TestFailure";
}

export function* test(call: BuiltinCall): Routine<number> {
  const { shell, name } = call;
  let { args } = call;
  try {
    if (name !== "test") {
      const closer = name === "[[" ? "]]" : "]";
      if (args.at(-1) !== closer) throw new TestFailure(shell.options.isBash ? `missing \`${closer}'` : `missing ${closer}`);
      args = args.slice(0, -1);
    }
    return new Expression(shell, args, name === "[[").evaluate() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFailure)) throw error;
    if (shell.flavour.dialect.name === "ash") yield* shell.write(2, `${shell.name}: ${error.message}\n`);
    else yield* shell.complain(error.message);
    return 2;
  }
}

class Expression {
  readonly #shell: Shell;
  readonly #args: readonly string[];
  readonly #isDouble: boolean;
  #at = 0;

  constructor(shell: Shell, args: readonly string[], isDouble: boolean) {
    this.#shell = shell;
    this.#args = args;
    this.#isDouble = isDouble;
  }

  evaluate(): boolean {
    const args = this.#args;
    switch (args.length) {
      case 0:
        return false;
      case 1:
        return args[0] !== "";
      case 2:
        return this.#two(args[0] ?? "", args[1] ?? "");
      case 3:
        return this.#three(args[0] ?? "", args[1] ?? "", args[2] ?? "");
      case 4: {
        const [a = "", b = "", c = "", d = ""] = args;
        if (a === "!") return !this.#three(b, c, d);
        if (a === "(" && d === ")") return this.#two(b, c);
        return this.#whole();
      }
      default:
        return this.#whole();
    }
  }

  #two(a: string, b: string): boolean {
    if (a === "!") return b === "";
    if (this.#isUnary(a)) return testUnary(this.#shell, a, b);
    if (!this.#shell.options.isBash && this.#isBinary(b)) throw new TestFailure(`${b}: argument expected`);
    throw this.#unexpected(a, b, "unary");
  }

  #three(a: string, b: string, c: string): boolean {
    if (this.#isBinary(b)) return this.#compare(a, b, c);
    if (b === "-a") return a !== "" && c !== "";
    if (b === "-o") return a !== "" || c !== "";
    if (a === "!") return !this.#two(b, c);
    if (a === "(" && c === ")") return b !== "";
    if (!this.#shell.options.isBash && this.#isUnary(a)) throw this.#extra(c);
    throw this.#unexpected(a, b, "binary");
  }

  // --- the grammar --------------------------------------------------------------------------------------------------
  #whole(): boolean {
    const result = this.#or();
    const extra = this.#args[this.#at];
    // dash names what it had read last.
    if (extra !== undefined) throw this.#extra(this.#shell.flavour.dialect.name === "dash" ? (this.#args[this.#at - 1] ?? extra) : extra);
    return result;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#args[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      result = result || right;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.#args[this.#at] === "-a") {
      this.#at++;
      const right = this.#not();
      result = result && right;
    }
    return result;
  }

  #not(): boolean {
    if (this.#args[this.#at] !== "!") return this.#primary();
    this.#at++;
    return !this.#not();
  }

  #primary(): boolean {
    const a = this.#args[this.#at];
    if (a === undefined) throw new TestFailure("argument expected");
    const b = this.#args[this.#at + 1];
    const c = this.#args[this.#at + 2];
    if (b !== undefined && c !== undefined && this.#isBinary(b)) {
      this.#at += 3;
      return this.#compare(a, b, c);
    }
    if (a === "(") {
      this.#at++;
      const result = this.#or();
      if (this.#args[this.#at] !== ")") throw new TestFailure(this.#shell.options.isBash ? "`)' expected" : "closing paren expected");
      this.#at++;
      return result;
    }
    if (this.#isUnary(a)) {
      if (b === undefined) {
        if (this.#shell.options.isBash) throw new TestFailure("argument expected");
        this.#at++;
        return true;
      }
      this.#at += 2;
      return testUnary(this.#shell, a, b);
    }
    this.#at++;
    return a !== "";
  }

  #isUnary(text: string): boolean {
    return text.length === 2 && text.startsWith("-") && unaryOperators(this.#shell).includes(text.charAt(1));
  }

  #isBinary(operator: string): boolean {
    if (operator === "==" || operator === "=~") return operator === "==" ? this.#shell.flavour.dialect.name !== "dash" : this.#isDouble;
    return BINARY.has(operator);
  }

  #compare(a: string, operator: string, b: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        return this.#isDouble ? this.#shell.expander.compile(b).matches(a) : a === b;
      case "!=":
        return this.#isDouble ? !this.#shell.expander.compile(b).matches(a) : a !== b;
      case "=~":
        return new RegExp(b, "u").test(a);
      case "<":
        return a < b;
      case ">":
        return a > b;
      case "-nt":
      case "-ot":
      case "-ef":
        return testFile(this.#shell, a, operator, b);
    }
    const [x, y] = [this.#number(a), this.#number(b)];
    return { "-eq": x === y, "-ne": x !== y, "-lt": x < y, "-le": x <= y, "-gt": x > y, "-ge": x >= y }[operator] ?? false;
  }

  #number(text: string): bigint {
    if (/^\s*[-+]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ""));
    switch (this.#shell.flavour.dialect.name) {
      case "bash":
        throw new TestFailure(`${text}: integer expected`);
      case "dash":
        throw new TestFailure(`Illegal number: ${text}`);
      case "ash":
        throw new TestFailure(text === "" ? "bad number" : `${text}: bad number`);
    }
  }

  #unexpected(a: string, b: string, wanted: "unary" | "binary"): TestFailure {
    switch (this.#shell.flavour.dialect.name) {
      case "bash":
        return new TestFailure(wanted === "unary" ? `${a}: unary operator expected` : `${b}: binary operator expected`);
      case "dash":
        return new TestFailure(`${a}: unexpected operator`);
      case "ash":
        return new TestFailure(`${b}: unknown operand`);
    }
  }

  #extra(text: string): TestFailure {
    switch (this.#shell.flavour.dialect.name) {
      case "bash":
        return new TestFailure("too many arguments");
      case "dash":
        return new TestFailure(`${text}: unexpected operator`);
      case "ash":
        return new TestFailure(`${text}: unknown operand`);
    }
  }
}
