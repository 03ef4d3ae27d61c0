/** `test` and `[`: POSIX test(1), with `-a`, `-o`, parentheses and the string comparisons `<` and `>`. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { complain } from "@/lib/sim/core/stdio";
import type { Flavour } from "../command/command";

/** Words about an argument, which GNU puts in curly quotes where the locale has them. */
class Failure {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const UNARY = /^-[bcdefghkLnprsStuwxzGOa]$/;
const BINARY = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);

export function test(flavour: Flavour): Program {
  return program("test", flavour);
}

export function bracket(flavour: Flavour): Program {
  return program("[", flavour);
}

function program(name: "test" | "[", flavour: Flavour): Program {
  return function* (sys) {
    let words = sys.argv.slice(1);
    if (name === "[") {
      if (words.at(-1) !== "]") {
        yield* complain(sys, flavour === "gnu" ? curly(sys, "[: missing ']'\n") : "[: missing ]\n");
        return 2;
      }
      words = words.slice(0, -1);
    }
    const result = evaluate(sys, words, flavour);
    if (!(result instanceof Failure)) return result ? 0 : 1;
    yield* complain(sys, `${name}: ${curly(sys, result.message)}\n`);
    return 2;
  };
}

/** POSIX decides by the number of words; with more than four it is a grammar. */
function evaluate(sys: Sys, words: readonly string[], flavour: Flavour): boolean | Failure {
  const [a = "", b = "", c = "", d = ""] = words;
  switch (words.length) {
    case 0:
      return false;
    case 1:
      return a !== "";
    case 2:
      if (a === "!") return b === "";
      if (UNARY.test(a)) return unary(sys, a, b);
      return new Failure(
        flavour === "gnu" ? (/^-./.test(a) ? `'${a}': unary operator expected` : `missing argument after '${b}'`) : `${b}: unknown operand`,
      );
    case 3:
      if (BINARY.has(b)) return binary(sys, a, b, c, flavour);
      if (b === "-a") return a !== "" && c !== "";
      if (b === "-o") return a !== "" || c !== "";
      if (a === "!") return negate(evaluate(sys, [b, c], flavour));
      if (a === "(" && c === ")") return b !== "";
      return new Failure(flavour === "gnu" ? `'${b}': binary operator expected` : `${b}: unknown operand`);
    case 4:
      if (a === "!") return negate(evaluate(sys, [b, c, d], flavour));
      if (a === "(" && d === ")") return evaluate(sys, [b, c], flavour);
  }
  return new Grammar(sys, words, flavour).parse();
}

/** The quotes of a message as GNU's `quote` makes them. busybox's messages have none. */
export function curly(sys: Sys, message: string): string {
  const locale = sys.env.get("LC_ALL") || sys.env.get("LC_CTYPE") || sys.env.get("LANG") || "";
  return /utf-?8/i.test(locale) ? message.replace(/'(.*)'/s, "\u2018$1\u2019") : message;
}

function negate(result: boolean | Failure): boolean | Failure {
  return result instanceof Failure ? result : !result;
}

class Grammar {
  readonly #sys: Sys;
  readonly #words: readonly string[];
  readonly #flavour: Flavour;
  #at = 0;

  constructor(sys: Sys, words: readonly string[], flavour: Flavour) {
    this.#sys = sys;
    this.#words = words;
    this.#flavour = flavour;
  }

  parse(): boolean | Failure {
    const result = this.#or();
    if (result instanceof Failure || this.#at === this.#words.length) return result;
    return new Failure(this.#flavour === "gnu" ? `extra argument '${this.#words[this.#at]}'` : `${this.#words[this.#at]}: unknown operand`);
  }

  #or(): boolean | Failure {
    let left = this.#and();
    while (this.#words[this.#at] === "-o") {
      this.#at++;
      const right = this.#and();
      if (left instanceof Failure) return left;
      if (right instanceof Failure) return right;
      left = left || right;
    }
    return left;
  }

  #and(): boolean | Failure {
    let left = this.#not();
    while (this.#words[this.#at] === "-a") {
      this.#at++;
      const right = this.#not();
      if (left instanceof Failure) return left;
      if (right instanceof Failure) return right;
      left = left && right;
    }
    return left;
  }

  #not(): boolean | Failure {
    if (this.#words[this.#at] === "!" && this.#at + 1 < this.#words.length) {
      this.#at++;
      return negate(this.#not());
    }
    return this.#primary();
  }

  #primary(): boolean | Failure {
    const [word, next, after] = [this.#words[this.#at], this.#words[this.#at + 1], this.#words[this.#at + 2]];
    if (word === undefined) return new Failure("argument expected");
    if (next !== undefined && after !== undefined && BINARY.has(next)) {
      this.#at += 3;
      return binary(this.#sys, word, next, after, this.#flavour);
    }
    if (word === "(") {
      this.#at++;
      const inner = this.#or();
      if (this.#words[this.#at] !== ")") return new Failure(this.#flavour === "gnu" ? "')' expected" : "closing paren expected");
      this.#at++;
      return inner;
    }
    if (UNARY.test(word) && next !== undefined) {
      this.#at += 2;
      return unary(this.#sys, word, next);
    }
    this.#at++;
    return word !== "";
  }
}

function unary(sys: Sys, operator: string, operand: string): boolean {
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") return /^\d+$/.test(operand) && sys.tty(Number(operand)) !== undefined;
  const stat = operator === "-h" || operator === "-L" ? sys.lstat(operand) : sys.stat(operand);
  if (!stat.ok) return false;
  const { kind, mode, size, uid, gid } = stat.value;
  const permitted = (want: number): boolean => {
    if (sys.user.uid === 0) return want !== 1 || kind === "directory" || (mode & 0o111) !== 0;
    const shift = uid === sys.user.uid ? 6 : gid === sys.user.gid ? 3 : 0;
    return ((mode >> shift) & want) !== 0;
  };
  switch (operator) {
    case "-a":
    case "-e":
      return true;
    case "-b":
      return false;
    case "-c":
      return kind === "character-device";
    case "-d":
      return kind === "directory";
    case "-f":
      return kind === "file";
    case "-g":
      return (mode & 0o2000) !== 0;
    case "-h":
    case "-L":
      return kind === "symlink";
    case "-k":
      return (mode & 0o1000) !== 0;
    case "-p":
      return kind === "fifo";
    case "-r":
      return permitted(4);
    case "-s":
      return size > 0;
    case "-S":
      return kind === "socket";
    case "-u":
      return (mode & 0o4000) !== 0;
    case "-w":
      return permitted(2);
    case "-x":
      return permitted(1);
    case "-G":
      return gid === sys.user.gid;
    case "-O":
      return uid === sys.user.uid;
    default:
      return false;
  }
}

function binary(sys: Sys, left: string, operator: string, right: string, flavour: Flavour): boolean | Failure {
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-nt":
    case "-ot": {
      const [a, b] = [sys.stat(left), sys.stat(right)];
      const [x, y] = operator === "-nt" ? [a, b] : [b, a];
      return x.ok && (!y.ok || x.value.modifiedAt > y.value.modifiedAt);
    }
    case "-ef": {
      const [a, b] = [sys.realpath(left), sys.realpath(right)];
      return a.ok && b.ok && a.value === b.value;
    }
  }
  const numbers: bigint[] = [];
  for (const text of [left, right]) {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) return new Failure(flavour === "gnu" ? `invalid integer '${text}'` : `${text}: bad number`);
    numbers.push(BigInt(text.trim().replace(/^\+/, "")));
  }
  const [a = 0n, b = 0n] = numbers;
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}
