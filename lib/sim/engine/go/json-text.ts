/**
 * JSON text as Go's encoding/json reads it, with its words for what it does not like. Learners meet them as
 * `invalid JSON: …` from `docker` with a bad body, and when dockerd does not start because of a comma in daemon.json.
 *
 * Follows the states of Go's scanner (encoding/json/scanner.go). It differs in reading text, not bytes: a character that
 * is not ASCII is quoted whole.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { quoteRune } from "./quote";

/** A number keeps its spelling: `1.0` is no Go int. */
export type JsonNumber = { readonly number: string };
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

export type JsonError = {
  readonly message: string /** The text ended before a value began, or in its middle. */;
  readonly eof?: "EOF" | "unexpected EOF";
};

/** What a Decoder's `Decode` reads: one value. `rest` is whether anything but white space follows. */
export function parseFirst(text: string): Result<{ readonly value: JsonValue; readonly rest: boolean }, JsonError> {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    return ok({ value, rest: reader.more() });
  } catch (error) {
    if (error instanceof Refusal) return fail(error.reason);
    throw error;
  }
}

/** What `Unmarshal` reads: one value and nothing after it. */
export function parseWhole(text: string): Result<JsonValue, JsonError> {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    reader.end();
    return ok(value);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return fail(error.reason.eof ? { ...error.reason, message: "unexpected end of JSON input" } : error.reason);
  }
}

/** Thrown inside this file only. */
class Refusal extends Error {
  readonly reason: JsonError;
  constructor(reason: JsonError) {
    super(reason.message);
    this.reason = reason;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  more(): boolean {
    this.#skipSpace();
    return this.#at < this.#text.length;
  }

  end(): void {
    if (this.more()) this.#refuse("after top-level value");
  }

  value(): JsonValue {
    this.#skipSpace();
    if (this.#at >= this.#text.length) throw new Refusal({ message: "EOF", eof: "EOF" });
    return this.#value();
  }

  #value(): JsonValue {
    this.#skipSpace();
    const next = this.#peek();
    switch (next) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
        return this.#literal("true", true);
      case "f":
        return this.#literal("false", false);
      case "n":
        return this.#literal("null", null);
      default:
        if (next === "-" || isDigit(next)) return this.#number();
        return this.#refuse("looking for beginning of value");
    }
  }

  #object(): JsonValue {
    this.#at++;
    const members = new Map<string, JsonValue>();
    this.#skipSpace();
    if (this.#peek() === "}") {
      this.#at++;
      return members;
    }
    for (;;) {
      this.#skipSpace();
      if (this.#peek() !== '"') this.#refuse("looking for beginning of object key string");
      const key = this.#string();
      this.#skipSpace();
      if (this.#peek() !== ":") this.#refuse("after object key");
      this.#at++;
      members.set(key, this.#value());
      this.#skipSpace();
      const separator = this.#peek();
      if (separator === "}") {
        this.#at++;
        return members;
      }
      if (separator !== ",") this.#refuse("after object key:value pair");
      this.#at++;
    }
  }

  #array(): JsonValue {
    this.#at++;
    const items: JsonValue[] = [];
    this.#skipSpace();
    if (this.#peek() === "]") {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.#value());
      this.#skipSpace();
      const separator = this.#peek();
      if (separator === "]") {
        this.#at++;
        return items;
      }
      if (separator !== ",") this.#refuse("after array element");
      this.#at++;
    }
  }

  #string(): string {
    this.#at++;
    let out = "";
    for (;;) {
      const next = this.#peek();
      if (next === '"') {
        this.#at++;
        return out;
      }
      if (next === "\\") {
        this.#at++;
        out += this.#escape();
      } else if (next < " ") this.#refuse("in string literal");
      else {
        out += next;
        this.#at += next.length;
      }
    }
  }

  #escape(): string {
    const kind = this.#peek();
    const simple = SIMPLE_ESCAPES[kind];
    if (simple !== undefined) {
      this.#at++;
      return simple;
    }
    if (kind !== "u") return this.#refuse("in string escape code");
    this.#at++;
    let digits = "";
    while (digits.length < 4) {
      const digit = this.#peek();
      if (!/^[0-9a-fA-F]$/.test(digit)) this.#refuse("in \\u hexadecimal character escape");
      digits += digit;
      this.#at++;
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): JsonNumber {
    const start = this.#at;
    if (this.#peek() === "-") {
      this.#at++;
      if (!isDigit(this.#peek())) this.#refuse("in numeric literal");
    }
    if (this.#peek() === "0") this.#at++;
    else this.#digits();
    if (this.#ahead() === ".") {
      this.#at++;
      if (!isDigit(this.#peek())) this.#refuse("after decimal point in numeric literal");
      this.#digits();
    }
    if (this.#ahead() === "e" || this.#ahead() === "E") {
      this.#at++;
      if (this.#ahead() === "+" || this.#ahead() === "-") this.#at++;
      if (!isDigit(this.#peek())) this.#refuse("in exponent of numeric literal");
      this.#digits();
    }
    return { number: this.#text.slice(start, this.#at) };
  }

  #digits(): void {
    while (isDigit(this.#ahead())) this.#at++;
  }

  #literal<T extends JsonValue>(word: string, value: T): T {
    for (let i = 0; i < word.length; i++) {
      const expected = word.charAt(i);
      if (this.#peek() !== expected) this.#refuse(`in literal ${word} (expecting ${quoteRune(expected)})`);
      this.#at++;
    }
    return value;
  }

  #skipSpace(): void {
    while (/^[ \t\r\n]$/.test(this.#ahead())) this.#at++;
  }

  /** The next character, `""` at the end. */
  #ahead(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** The next character, where one must follow. */
  #peek(): string {
    const next = this.#ahead();
    if (next === "") throw new Refusal({ message: "unexpected EOF", eof: "unexpected EOF" });
    return next;
  }

  #refuse(context: string): never {
    throw new Refusal({ message: `invalid character ${quoteRune(this.#peek())} ${context}` });
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9" && character.length === 1;
}
