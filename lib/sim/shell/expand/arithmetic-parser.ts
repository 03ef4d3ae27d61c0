/**
 * Arithmetic expressions as trees. C's grammar with bash's `**` and `,` (bash's expr.c); dash has neither, nor `++`, `--`
 * and `base#number` (arith_yacc.c).
 */

export type Arithmetic =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "variable"; readonly name: string; readonly key: string | undefined }
  | { readonly kind: "unary"; readonly operator: "+" | "-" | "!" | "~"; readonly operand: Arithmetic }
  | { readonly kind: "step"; readonly operator: "++" | "--"; readonly isPrefix: boolean; readonly target: ArithmeticVariable }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Arithmetic;
      readonly right: Arithmetic /** Text from the right operand on, for messages. */;
      readonly rest: string;
    }
  | {
      readonly kind: "assign";
      readonly operator: string;
      readonly target: ArithmeticVariable;
      readonly value: Arithmetic;
      readonly rest: string;
    }
  | { readonly kind: "choose"; readonly test: Arithmetic; readonly then: Arithmetic; readonly otherwise: Arithmetic };

export type ArithmeticVariable = Arithmetic & { readonly kind: "variable" };

/** Why an expression could not be read. `rest`: the text from the token in the way. */
export type ArithmeticFault =
  | { readonly kind: "operand-expected"; readonly rest: string }
  | { readonly kind: "operator-expected"; readonly rest: string }
  | { readonly kind: "missing"; readonly what: ")" | ":"; readonly rest: string }
  | { readonly kind: "not-a-variable"; readonly rest: string }
  | { readonly kind: "bad-number"; readonly why: "digit" | "base"; readonly rest: string };

export class ArithmeticFailure extends Error {
  override readonly name = "ArithmeticFailure";
  readonly fault: ArithmeticFault;
  constructor(fault: ArithmeticFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

export type ArithmeticDialect = "bash" | "dash" | "ash";

const ASSIGN = ["=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", "&=", "^=", "|="];
/** Binary operators by precedence, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const OPERATORS = /<<=|>>=|\*\*|\+\+|--|&&|\|\||[<>=!]=|<<|>>|[-*/%+&^|]=|[-+*/%<>=!~&|^?:(),]/y;

type Token = { readonly text: string; readonly kind: "operator" | "number" | "name" | "end"; readonly at: number };

export function parseArithmetic(text: string, dialect: ArithmeticDialect): Arithmetic {
  return new ArithmeticParser(text, dialect).whole();
}

class ArithmeticParser {
  readonly #text: string;
  readonly #dialect: ArithmeticDialect;
  #at = 0;
  #lastAt = 0;
  #depth = 0;
  #token: Token;

  constructor(text: string, dialect: ArithmeticDialect) {
    this.#text = text;
    this.#dialect = dialect;
    this.#token = this.#read();
  }

  whole(): Arithmetic {
    if (this.#isEnd() && this.#dialect !== "dash") return { kind: "number", value: 0n };
    const tree = this.#comma();
    if (!this.#isEnd()) this.#fail({ kind: "operator-expected", rest: this.#rest() });
    return tree;
  }

  #comma(): Arithmetic {
    let left = this.#assignment();
    while (this.#is(",") && this.#dialect !== "dash") {
      this.#next();
      const rest = this.#rest();
      left = { kind: "binary", operator: ",", left, right: this.#assignment(), rest };
    }
    return left;
  }

  #assignment(): Arithmetic {
    const left = this.#conditional();
    if (this.#token.kind !== "operator" || !ASSIGN.includes(this.#token.text)) return left;
    if (left.kind !== "variable") this.#fail({ kind: "not-a-variable", rest: this.#rest() });
    const operator = this.#token.text;
    this.#next();
    const rest = this.#rest();
    return { kind: "assign", operator, target: left, value: this.#assignment(), rest };
  }

  #conditional(): Arithmetic {
    const test = this.#binary(0);
    if (!this.#is("?")) return test;
    this.#next();
    const then = this.#dialect === "bash" ? this.#comma() : this.#assignment();
    if (!this.#is(":")) this.#fail({ kind: "missing", what: ":", rest: this.#rest() });
    this.#next();
    return { kind: "choose", test, then, otherwise: this.#dialect === "bash" ? this.#conditional() : this.#assignment() };
  }

  #binary(level: number): Arithmetic {
    const operators = LEVELS[level];
    if (!operators) return this.#power();
    let left = this.#binary(level + 1);
    while (this.#token.kind === "operator" && operators.includes(this.#token.text)) {
      const operator = this.#token.text;
      this.#next();
      const rest = this.#rest();
      left = { kind: "binary", operator, left, right: this.#binary(level + 1), rest };
    }
    return left;
  }

  #power(): Arithmetic {
    const base = this.#unary();
    if (!this.#is("**") || this.#dialect === "dash") return base;
    this.#next();
    const rest = this.#rest();
    return { kind: "binary", operator: "**", left: base, right: this.#power(), rest };
  }

  #unary(): Arithmetic {
    const { kind, text } = this.#token;
    if (kind === "operator" && (text === "+" || text === "-" || text === "!" || text === "~")) {
      this.#next();
      return { kind: "unary", operator: text, operand: this.#unary() };
    }
    if (kind === "operator" && (text === "++" || text === "--")) {
      this.#next();
      const target = this.#unary();
      if (target.kind === "variable") return { kind: "step", operator: text, isPrefix: true, target };
      const sign = text === "++" ? "+" : "-";
      return { kind: "unary", operator: sign, operand: { kind: "unary", operator: sign, operand: target } };
    }
    const operand = this.#primary();
    if (operand.kind === "variable" && (this.#is("++") || this.#is("--"))) {
      const operator = this.#is("++") ? "++" : "--";
      this.#next();
      return { kind: "step", operator, isPrefix: false, target: operand };
    }
    return operand;
  }

  #primary(): Arithmetic {
    const token = this.#token;
    if (token.kind === "number") {
      const value = this.#number(token);
      this.#next();
      return { kind: "number", value };
    }
    if (token.kind === "name") {
      this.#next();
      return { kind: "variable", name: token.text, key: this.#subscript() };
    }
    if (this.#is("(") && this.#depth < 100) {
      this.#depth++;
      this.#next();
      const inner = this.#comma();
      this.#depth--;
      if (!this.#is(")")) this.#fail({ kind: "missing", what: ")", rest: this.#rest() });
      this.#next();
      return inner;
    }
    return this.#fail({ kind: "operand-expected", rest: this.#rest() });
  }

  #subscript(): string | undefined {
    if (this.#dialect !== "bash" || this.#text[this.#token.at] !== "[") return undefined;
    let depth = 0;
    for (let i = this.#token.at; i < this.#text.length; i++) {
      if (this.#text[i] === "[") depth++;
      else if (this.#text[i] === "]" && --depth === 0) {
        const key = this.#text.slice(this.#token.at + 1, i);
        this.#at = i + 1;
        this.#token = this.#read();
        return key;
      }
    }
    return this.#fail({ kind: "operator-expected", rest: this.#rest() });
  }

  #number(token: Token): bigint {
    const { text } = token;
    const rest = this.#text.slice(token.at).trimEnd();
    if (/^0[xX][0-9a-fA-F]+$/.test(text)) return BigInt.asIntN(64, BigInt(text));
    const based = /^(\d+)#([0-9A-Za-z@_]*)$/.exec(text);
    if (based && this.#dialect !== "dash") {
      const base = Number(based[1]);
      if (base < 2 || base > 64) this.#fail({ kind: "bad-number", why: "base", rest });
      let value = 0n;
      for (const digit of based[2] ?? "") {
        const worth = digitValue(digit, base);
        if (worth >= base) this.#fail({ kind: "bad-number", why: "digit", rest });
        value = value * BigInt(base) + BigInt(worth);
      }
      return BigInt.asIntN(64, value);
    }
    if (/^0[0-7]*$/.test(text)) return BigInt.asIntN(64, BigInt(`0o${text.slice(1) || "0"}`));
    if (/^[1-9]\d*$/.test(text)) return BigInt.asIntN(64, BigInt(text));
    return this.#fail({ kind: "bad-number", why: "digit", rest });
  }

  #read(): Token {
    const text = this.#text;
    while (/\s/.test(text[this.#at] ?? "")) this.#at++;
    const at = this.#at;
    const c = text[at];
    if (c === undefined) return { kind: "end", text: "", at };
    const word = (this.#dialect === "dash" ? /[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|0[0-7]*|\d+/y : /[A-Za-z_]\w*|\d[\w#@]*/y) as RegExp;
    word.lastIndex = at;
    const found = word.exec(text)?.[0];
    if (found !== undefined) {
      this.#at += found.length;
      const kind = /^\d/.test(found) ? "number" : "name";
      return { kind, text: found, at };
    }
    OPERATORS.lastIndex = at;
    let operator = OPERATORS.exec(text)?.[0];
    if (operator === undefined) {
      this.#at++;
      return { kind: "operator", text: c, at };
    }
    // dash has no such operators: `--x` is minus minus x, and `2**3` a product without its right side.
    if (this.#dialect === "dash" && (operator === "++" || operator === "--" || operator === "**")) operator = operator.slice(0, 1);
    this.#at += operator.length;
    return { kind: "operator", text: operator, at };
  }

  #isEnd(): boolean {
    return this.#token.kind === "end";
  }

  #is(operator: string): boolean {
    return this.#token.kind === "operator" && this.#token.text === operator;
  }

  #next(): void {
    this.#lastAt = this.#token.at;
    this.#token = this.#read();
  }

  /** The text from the token in the way; at the end, from the last token there was. */
  #rest(): string {
    return this.#text.slice(this.#token.kind === "end" ? this.#lastAt : this.#token.at);
  }

  #fail(fault: ArithmeticFault): never {
    throw new ArithmeticFailure(fault);
  }
}

function digitValue(digit: string, base: number): number {
  if (/\d/.test(digit)) return Number(digit);
  if (/[a-z]/.test(digit)) return digit.charCodeAt(0) - 87;
  if (/[A-Z]/.test(digit)) return digit.charCodeAt(0) - (base <= 36 ? 55 : 29);
  return digit === "@" ? 62 : 63;
}
