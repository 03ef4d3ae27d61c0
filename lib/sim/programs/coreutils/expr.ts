/** `expr`: POSIX expressions, one token a word. */

import type { Program } from "@/lib/sim/core/sys";
import type { Flavour } from "../command/command";
import { complain, print } from "@/lib/sim/core/stdio";
import { PosixRegex } from "../regex/posix-regex";
import { curly } from "./test";

class ExprError extends Error {}

type Token = string;

export function expr(flavour: Flavour): Program {
  return function* (sys) {
    let words = sys.argv.slice(1);
    if (words[0] === "--") words = words.slice(1);
    if (words.length === 0) {
      yield* complain(
        sys,
        flavour === "gnu" ? "expr: missing operand\nTry 'expr --help' for more information.\n" : "expr: too few arguments\n",
      );
      return 2;
    }
    let value: string;
    try {
      value = new Expr(words, flavour).parse();
    } catch (error) {
      if (!(error instanceof ExprError)) throw error;
      yield* complain(sys, `expr: ${curly(sys, error.message)}\n`);
      return 2;
    }
    yield* print(sys, `${value}\n`);
    return value === "" || /^-?0+$/.test(value) ? 1 : 0;
  };
}

class Expr {
  readonly #words: readonly Token[];
  readonly #flavour: Flavour;
  #at = 0;

  constructor(words: readonly Token[], flavour: Flavour) {
    this.#words = words;
    this.#flavour = flavour;
  }

  parse(): string {
    const value = this.#or();
    const extra = this.#words[this.#at];
    if (extra !== undefined) throw this.#syntax(`unexpected argument '${extra}'`);
    return value;
  }

  #syntax(detail: string): ExprError {
    return new ExprError(this.#flavour === "gnu" ? `syntax error: ${detail}` : "syntax error");
  }

  #take(...tokens: readonly Token[]): Token | undefined {
    const word = this.#words[this.#at];
    if (word === undefined || !tokens.includes(word)) return undefined;
    this.#at++;
    return word;
  }

  #or(): string {
    let left = this.#and();
    while (this.#take("|")) {
      const right = this.#and();
      left = isNull(left) ? (isNull(right) ? "0" : right) : left;
    }
    return left;
  }

  #and(): string {
    let left = this.#compare();
    while (this.#take("&")) {
      const right = this.#compare();
      left = isNull(left) || isNull(right) ? "0" : left;
    }
    return left;
  }

  #compare(): string {
    let left = this.#sum();
    for (
      let operator = this.#take("<", "<=", "=", "==", "!=", ">=", ">");
      operator;
      operator = this.#take("<", "<=", "=", "==", "!=", ">=", ">")
    ) {
      const right = this.#sum();
      const [a, b] = [integer(left), integer(right)];
      const order = a !== undefined && b !== undefined ? (a < b ? -1 : a > b ? 1 : 0) : left < right ? -1 : left > right ? 1 : 0;
      const holds = {
        "<": order < 0,
        "<=": order <= 0,
        "=": order === 0,
        "==": order === 0,
        "!=": order !== 0,
        ">=": order >= 0,
        ">": order > 0,
      }[operator];
      left = holds ? "1" : "0";
    }
    return left;
  }

  #sum(): string {
    let left = this.#product();
    for (let operator = this.#take("+", "-"); operator; operator = this.#take("+", "-")) {
      const [a, b] = this.#numbers(left, this.#product());
      left = String(operator === "+" ? a + b : a - b);
    }
    return left;
  }

  #product(): string {
    let left = this.#match();
    for (let operator = this.#take("*", "/", "%"); operator; operator = this.#take("*", "/", "%")) {
      const [a, b] = this.#numbers(left, this.#match());
      if (operator !== "*" && b === 0n) throw new ExprError("division by zero");
      left = String(operator === "*" ? a * b : operator === "/" ? a / b : a % b);
    }
    return left;
  }

  #numbers(left: string, right: string): [bigint, bigint] {
    const [a, b] = [integer(left), integer(right)];
    if (a === undefined || b === undefined) throw new ExprError(this.#flavour === "gnu" ? "non-integer argument" : "non-numeric argument");
    return [a, b];
  }

  #match(): string {
    let left = this.#primary();
    while (this.#take(":")) left = this.#matched(left, this.#primary());
    return left;
  }

  #matched(text: string, pattern: string): string {
    const regex = PosixRegex.compile(pattern, { extended: false });
    if (!regex.ok) throw new ExprError(regex.error);
    const match = regex.value.exec(text, 0);
    const isAtStart = match?.start === 0;
    if (regex.value.groups > 0) return isAtStart ? (match.groups[0] ?? "") : "";
    return isAtStart ? String([...text.slice(0, match.end)].length) : "0";
  }

  #primary(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw this.#syntax(`missing argument after '${this.#words[this.#at - 1] ?? ""}'`);
    this.#at++;
    const more = this.#at < this.#words.length;
    if (word === "(") {
      const inner = this.#or();
      if (!this.#take(")")) throw this.#syntax(`expecting ')' after '${this.#words[this.#at - 1]}'`);
      return inner;
    }
    if (word === ")") throw this.#syntax("unexpected ')'");
    if (word === "+" && more) return this.#words[this.#at++] ?? "";
    if (!more) return word;
    switch (word) {
      case "match": {
        const text = this.#primary();
        return this.#matched(text, this.#primary());
      }
      case "length":
        return String([...this.#primary()].length);
      case "index": {
        const text = [...this.#primary()];
        const characters = new Set(this.#primary());
        return String(text.findIndex((c) => characters.has(c)) + 1);
      }
      case "substr": {
        const text = [...this.#primary()];
        const [from, count] = [integer(this.#primary()), integer(this.#primary())];
        if (from === undefined || count === undefined || from < 1n || count < 1n) return "";
        return text.slice(Number(from) - 1, Number(from) - 1 + Number(count)).join("");
      }
      default:
        return word;
    }
  }
}

function integer(text: string): bigint | undefined {
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function isNull(text: string): boolean {
  return text === "" || /^-?0+$/.test(text);
}
