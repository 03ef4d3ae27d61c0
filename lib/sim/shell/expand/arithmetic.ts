/**
 * Evaluates arithmetic in 64-bit integers. A variable's value is read as an expression of its own in bash and ash, as a number
 * in dash; an unset or empty one is 0.
 */

import type { Flavour } from "../flavour";
import { ShellError } from "../run/unwind";
import type { Variables } from "../run/variables";
import { type Arithmetic, ArithmeticFailure, type ArithmeticVariable, parseArithmetic } from "./arithmetic-parser";

/** bash's own limit on expressions that name each other. */
const MAX_DEPTH = 1024;

export class ArithmeticEvaluator {
  readonly #flavour: Flavour;
  readonly #variables: Variables;
  readonly #isStrict: () => boolean;
  readonly #parsed = new Map<string, Arithmetic>();

  /** `isStrict`: whether `set -u` is on. */
  constructor(flavour: Flavour, variables: Variables, isStrict: () => boolean) {
    this.#flavour = flavour;
    this.#variables = variables;
    this.#isStrict = isStrict;
  }

  evaluate(text: string): bigint {
    return this.#text(text, 0);
  }

  #text(text: string, depth: number): bigint {
    if (/^\s*\d{1,15}\s*$/.test(text) && !/^\s*0\d/.test(text)) return BigInt(text.trim());
    try {
      let tree = this.#parsed.get(text);
      if (!tree) {
        tree = parseArithmetic(text, this.#flavour.dialect.name);
        if (this.#parsed.size > 500) this.#parsed.clear();
        this.#parsed.set(text, tree);
      }
      return this.#tree(tree, text, depth);
    } catch (error) {
      if (error instanceof ArithmeticFailure)
        throw new ShellError(this.#flavour.words.arithmetic(error.fault, text), this.#flavour.errorStatus);
      throw error;
    }
  }

  #tree(tree: Arithmetic, text: string, depth: number): bigint {
    switch (tree.kind) {
      case "number":
        return tree.value;
      case "variable":
        return this.#read(tree, text, depth);
      case "unary": {
        const value = this.#tree(tree.operand, text, depth);
        if (tree.operator === "!") return value === 0n ? 1n : 0n;
        return tree.operator === "-" ? wrap(-value) : tree.operator === "~" ? ~value : value;
      }
      case "step": {
        const before = this.#read(tree.target, text, depth);
        const after = wrap(before + (tree.operator === "++" ? 1n : -1n));
        this.#write(tree.target, after, text, depth);
        return tree.isPrefix ? after : before;
      }
      case "choose":
        return this.#tree(tree.test, text, depth) === 0n ? this.#tree(tree.otherwise, text, depth) : this.#tree(tree.then, text, depth);
      case "assign": {
        let value = this.#tree(tree.value, text, depth);
        if (tree.operator !== "=")
          value = this.#operate(tree.operator.slice(0, -1), this.#read(tree.target, text, depth), value, text, tree.rest);
        this.#write(tree.target, value, text, depth);
        return value;
      }
      case "binary": {
        const left = this.#tree(tree.left, text, depth);
        if (tree.operator === "&&") return left !== 0n && this.#tree(tree.right, text, depth) !== 0n ? 1n : 0n;
        if (tree.operator === "||") return left !== 0n || this.#tree(tree.right, text, depth) !== 0n ? 1n : 0n;
        return this.#operate(tree.operator, left, this.#tree(tree.right, text, depth), text, tree.rest);
      }
    }
  }

  #operate(operator: string, left: bigint, right: bigint, text: string, rest: string): bigint {
    switch (operator) {
      case "+":
        return wrap(left + right);
      case "-":
        return wrap(left - right);
      case "*":
        return wrap(left * right);
      case "/":
      case "%":
        if (right === 0n) throw new ShellError(this.#flavour.words.divisionByZero(text, rest), this.#flavour.errorStatus);
        return wrap(operator === "/" ? left / right : left % right);
      case "**":
        if (right < 0n) throw new ShellError(this.#flavour.words.negativeExponent(text, rest), this.#flavour.errorStatus);
        return power(left, right);
      case "<<":
        return wrap(left << (right & 63n));
      case ">>":
        return left >> (right & 63n);
      case "&":
        return left & right;
      case "|":
        return left | right;
      case "^":
        return left ^ right;
      case "==":
        return left === right ? 1n : 0n;
      case "!=":
        return left !== right ? 1n : 0n;
      case "<":
        return left < right ? 1n : 0n;
      case ">":
        return left > right ? 1n : 0n;
      case "<=":
        return left <= right ? 1n : 0n;
      case ">=":
        return left >= right ? 1n : 0n;
      default:
        return right;
    }
  }

  #read(target: ArithmeticVariable, text: string, depth: number): bigint {
    const { name } = target;
    const value = target.key === undefined ? this.#variables.get(name) : this.#variables.getElement(name, target.key);
    if (value === undefined) {
      if (this.#isStrict()) throw new ShellError(this.#flavour.words.unset(name), this.#flavour.unsetStatus, true);
      return 0n;
    }
    if (value.trim() === "") return 0n;
    if (/^\s*-?[1-9]\d{0,17}\s*$/.test(value)) return BigInt(value.trim());
    if (this.#flavour.dialect.name === "dash") {
      if (!/^\s*[-+]?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)\s*$/.test(value))
        throw new ShellError(this.#flavour.words.illegalNumber(value), this.#flavour.errorStatus);
      return this.#text(value, depth);
    }
    if (depth > MAX_DEPTH) throw new ShellError(this.#flavour.words.recursionExceeded(value), this.#flavour.errorStatus);
    return this.#text(value, depth + 1);
  }

  #write(target: ArithmeticVariable, value: bigint, _text: string, _depth: number): void {
    this.#variables.set(target.name, String(value), target.key === undefined ? {} : { key: target.key });
  }
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = wrap(result * factor);
    factor = wrap(factor * factor);
  }
  return result;
}
