/** JSON text into values. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Json, parseNumber } from "./json";

type Structure = "[" | "{" | ":" | "," | "]" | "}";

/** What is open around the reader. A key waits in its object for its value. */
type Open =
  | { readonly kind: "array"; readonly items: Json[] }
  | { readonly kind: "object"; readonly entries: Map<string, Json>; key: string | undefined };

const MAX_DEPTH = 10_000;

/** Input that is not JSON. */
class ParseError extends Error {}

/**
 * Reads one value after the other out of a text. It goes by tokens with a stack, as jq's parser does, so that it objects at the same
 * place with the same words: a word is looked at when it ends, an error is told with the column of what showed it.
 */
export class JsonReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #column = 0;
  #word = "";
  readonly #open: Open[] = [];
  #next: Json | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next value; undefined at the end; a message about what is no JSON. */
  next(): Result<Json, string> | undefined {
    try {
      const value = this.#read();
      return value === undefined ? undefined : ok(value);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return fail(`${error.message} at line ${this.#line}, column ${this.#column}`);
    }
  }

  /** The lines read so far: jq reads whole ones, and its messages count their ends. */
  get lines(): number {
    const end = this.#at === 0 ? -1 : this.#text.indexOf("\n", this.#at - 1);
    return this.#text.slice(0, this.#at === 0 ? 0 : end < 0 ? this.#text.length : end + 1).split("\n").length - 1;
  }

  #read(): Json | undefined {
    while (this.#at < this.#text.length) {
      const c = this.#step();
      if (c === '"') {
        this.#endWord();
        const before = this.#takeDone();
        const string = this.#string();
        if (before !== undefined) {
          // What follows a number without a blank is the next value.
          this.#value(string);
          return before;
        }
        this.#value(string);
      } else if (isStructure(c)) {
        this.#endWord();
        const before = this.#takeDone();
        this.#structure(c);
        if (before !== undefined) return before;
      } else if (/\s/.test(c)) this.#endWord();
      else this.#word += c;
      const done = this.#takeDone();
      if (done !== undefined) return done;
    }
    try {
      this.#endWord();
    } catch (error) {
      throw error instanceof ParseError ? new ParseError(`${error.message} at EOF`) : error;
    }
    if (this.#open.length > 0) throw new ParseError("Unfinished JSON term at EOF");
    return this.#takeDone();
  }

  #step(): string {
    const c = this.#text[this.#at++] ?? "";
    if (c === "\n") {
      this.#line++;
      this.#column = 0;
    } else this.#column++;
    return c;
  }

  #takeDone(): Json | undefined {
    if (this.#open.length > 0) return undefined;
    const value = this.#next;
    this.#next = undefined;
    return value;
  }

  #value(value: Json): void {
    if (this.#next !== undefined) throw new ParseError("Expected separator between values");
    this.#next = value;
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = "";
    if (word === "") return;
    if (word.startsWith("'")) throw new ParseError("Invalid string literal; expected \", but got '");
    if (/^[tf]|^n(?!an)/.test(word)) {
      if (word !== "true" && word !== "false" && word !== "null") throw new ParseError("Invalid literal");
      this.#value(word === "null" ? null : word === "true");
      return;
    }
    const number = parseNumber(word);
    if (number === undefined) throw new ParseError("Invalid numeric literal");
    this.#value(number);
  }

  #structure(c: Structure): void {
    const top = this.#open.at(-1);
    switch (c) {
      case "[":
      case "{":
        if (this.#next !== undefined) throw new ParseError("Expected separator between values");
        if (this.#open.length >= MAX_DEPTH) throw new ParseError("Exceeds depth limit for parsing");
        this.#open.push(c === "[" ? { kind: "array", items: [] } : { kind: "object", entries: new Map(), key: undefined });
        return;
      case ":":
        if (this.#next === undefined) throw new ParseError("Expected string key before ':'");
        if (top?.kind !== "object" || top.key !== undefined) throw new ParseError("':' not as part of an object");
        if (typeof this.#next !== "string") throw new ParseError("Object keys must be strings");
        top.key = this.#next;
        this.#next = undefined;
        return;
      case ",":
        if (this.#next === undefined) throw new ParseError("Expected value before ','");
        this.#store(top, this.#next);
        return;
      case "]":
        if (top?.kind !== "array") throw new ParseError("Unmatched ']'");
        if (this.#next !== undefined) this.#store(top, this.#next);
        else if (top.items.length > 0) throw new ParseError("Expected another array element");
        this.#open.pop();
        this.#next = top.items;
        return;
      case "}":
        if (top?.kind !== "object" || (top.key !== undefined && this.#next === undefined)) throw new ParseError("Unmatched '}'");
        if (this.#next !== undefined) this.#store(top, this.#next);
        else if (top.entries.size > 0) throw new ParseError("Expected another key-value pair");
        this.#open.pop();
        this.#next = top.entries;
    }
  }

  #store(top: Open | undefined, value: Json): void {
    if (top?.kind === "array") top.items.push(value);
    else if (top?.key !== undefined) {
      top.entries.set(top.key, value);
      top.key = undefined;
    } else throw new ParseError("Objects must consist of key:value pairs");
    this.#next = undefined;
  }

  /** What stands between the quotes; problems are told at its end. */
  #string(): string {
    let raw = "";
    for (;;) {
      if (this.#at >= this.#text.length) throw new ParseError("Unfinished string at EOF");
      const c = this.#step();
      if (c === '"') break;
      raw += c;
      if (c === "\\" && this.#at < this.#text.length) raw += this.#step();
    }
    if (/[\x00-\x1f]/.test(raw)) throw new ParseError("Invalid string: control characters from U+0000 through U+001F must be escaped");
    return raw.replace(
      /\\(u([dD][89abAB][0-9a-fA-F]{2})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|u([0-9a-fA-F]{4})|[^])/g,
      (_, escape: string, high: string | undefined, low: string | undefined, code: string | undefined) => {
        if (high !== undefined) {
          if (low === undefined) throw new ParseError("Invalid \\uXXXX\\uXXXX surrogate pair escape");
          return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16));
        }
        if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
        if (escape === "u") throw new ParseError("Invalid \\uXXXX escape");
        const known = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[escape];
        if (known === undefined) throw new ParseError("Invalid escape");
        return known;
      },
    );
  }
}

function isStructure(c: string): c is Structure {
  return "[{:,]}".includes(c);
}
