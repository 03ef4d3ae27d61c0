/**
 * JSON as Go's encoding/json reads and writes it.
 *
 * A learner sees it in `docker inspect` (indented by four spaces), `--format json` and `{{json .}}`. Follows
 * encoding/json: keys of maps sorted, fields of structs in their order, `<`, `>`, `&` written as `\u003c` unless that is
 * switched off. It differs in that a number keeps its own text when it passes through untouched.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { GoType } from "./go-type";
import { goAnyMap, goAnys, goBool, goFloat, goString, type GoValue, indirectInterface, NIL, sortedKeys } from "./go-value";
import { formatFloat, quote } from "./strconv";

export type Json =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly Json[] }
  /** In the order of the text; of two entries with one name the later counts. */
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Json> };

/** Reads one JSON text. The error is Go's. */
export function parseJson(text: string): Result<Json, string> {
  const reader = new Reader(text);
  try {
    const value = reader.value();
    reader.space();
    if (!reader.atEnd) return fail(reader.unexpected("after top-level value"));
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxFault) return fail(error.message);
    throw error;
  }
}

/** Thrown inside this file only. */
class SyntaxFault extends Error {
  override readonly name = "SyntaxFault";
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  unexpected(where: string): string {
    const character = this.#text[this.#at];
    return character === undefined ? "unexpected end of JSON input" : `invalid character ${quote(character, "'")} ${where}`;
  }

  value(): Json {
    this.space();
    const rest = this.#text[this.#at];
    if (rest === "{") return this.#object();
    if (rest === "[") return this.#array();
    if (rest === '"') return { kind: "string", value: this.#string() };
    for (const word of ["null", "true", "false"]) if (rest === word[0]) return this.#word(word);
    return this.#number();
  }

  #word(word: string): Json {
    for (const letter of word) {
      if (this.#text[this.#at] !== letter) throw new SyntaxFault(this.unexpected(`in literal ${word} (expecting ${quote(letter, "'")})`));
      this.#at++;
    }
    return word === "null" ? { kind: "null" } : { kind: "bool", value: word === "true" };
  }

  #number(): Json {
    const start = this.#at;
    if (this.#take(/-/y) && !/\d/.test(this.#text[this.#at] ?? "")) throw new SyntaxFault(this.unexpected("in numeric literal"));
    if (!this.#take(/0|[1-9]\d*/y)) throw new SyntaxFault(this.unexpected("looking for beginning of value"));
    if (this.#take(/\./y) && !this.#take(/\d+/y)) throw new SyntaxFault(this.unexpected("after decimal point in numeric literal"));
    if (this.#take(/[eE][+-]?/y) && !this.#take(/\d+/y)) throw new SyntaxFault(this.unexpected("in exponent of numeric literal"));
    return { kind: "number", text: this.#text.slice(start, this.#at) };
  }

  /** Goes past what matches here. */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found !== undefined;
  }

  #object(): Json {
    const entries = new Map<string, Json>();
    this.#at++;
    this.space();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return { kind: "object", entries };
    }
    for (;;) {
      this.space();
      if (this.#text[this.#at] !== '"') throw new SyntaxFault(this.unexpected("looking for beginning of object key string"));
      const key = this.#string();
      this.space();
      if (this.#text[this.#at] !== ":") throw new SyntaxFault(this.unexpected("after object key"));
      this.#at++;
      entries.set(key, this.value());
      this.space();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "}") throw new SyntaxFault(this.unexpected("after object key:value pair"));
      this.#at++;
      if (next === "}") return { kind: "object", entries };
    }
  }

  #array(): Json {
    const items: Json[] = [];
    this.#at++;
    this.space();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return { kind: "array", items };
    }
    for (;;) {
      items.push(this.value());
      this.space();
      const next = this.#text[this.#at];
      if (next !== "," && next !== "]") throw new SyntaxFault(this.unexpected("after array element"));
      this.#at++;
      if (next === "]") return { kind: "array", items };
    }
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      this.#take(/[^"\\\u0000-\u001f]+/y);
      if (this.#take(/"/y)) return JSON.parse(this.#text.slice(start, this.#at)) as string;
      if (!this.#take(/\\/y)) throw new SyntaxFault(this.unexpected("in string literal"));
      if (this.#take(/u/y)) {
        for (let i = 0; i < 4; i++)
          if (!this.#take(/[0-9a-fA-F]/y)) throw new SyntaxFault(this.unexpected("in \\u hexadecimal character escape"));
      } else if (!this.#take(/["\\/bfnrt]/y)) throw new SyntaxFault(this.unexpected("in string escape code"));
    }
  }
}

/** json.Number: a string that keeps the number's text. */
export const NUMBER: GoType = { kind: "string", name: "json.Number" };

/** What decoding into `interface {}` makes of it, numbers as json.Number (`UseNumber`) or float64. */
export function toAny(json: Json, numbers: "number" | "float64" = "number"): GoValue {
  switch (json.kind) {
    case "null":
      return NIL;
    case "bool":
      return goBool(json.value);
    case "number":
      return numbers === "number" ? goString(json.text, NUMBER) : goFloat(Number(json.text));
    case "string":
      return goString(json.value);
    case "array":
      return goAnys(json.items.map((item) => toAny(item, numbers)));
    case "object":
      return goAnyMap([...json.entries].map(([key, item]) => [key, toAny(item, numbers)] as const));
  }
}

export type EncodeOptions = {
  /** Writes `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`. */
  readonly escapeHtml: boolean;
  /** Of each level; without it all is on one line. */
  readonly indent?: string;
};

/** json.Marshal and MarshalIndent. */
export function encodeJson(value: GoValue, options: EncodeOptions): string {
  return write(value, options, options.indent === undefined ? undefined : "\n");
}

function write(given: GoValue, options: EncodeOptions, line: string | undefined): string {
  const value = indirectInterface(given);
  const inner = line === undefined ? undefined : line + (options.indent ?? "");
  switch (value.kind) {
    case "invalid":
    case "interface":
      return "null";
    case "bool":
      return String(value.value);
    case "int":
    case "uint":
      return value.value.toString();
    case "float":
      return jsonFloat(value.value);
    case "string":
      return value.type === NUMBER ? value.value || "0" : jsonString(value.value, options.escapeHtml);
    case "pointer":
      return value.to ? write(value.to, options, line) : "null";
    case "slice":
      if (!value.items) return "null";
      return enclose(
        "[]",
        value.items.map((item) => write(item, options, inner)),
        line,
        inner,
      );
    case "map": {
      const entries = value.entries;
      if (!entries) return "null";
      const colon = line === undefined ? ":" : ": ";
      return enclose(
        "{}",
        sortedKeys(entries).map((key) => jsonString(key, options.escapeHtml) + colon + write(entries.get(key) ?? NIL, options, inner)),
        line,
        inner,
      );
    }
    case "struct":
      // A MarshalJSON of its own escapes, whatever the encoder around it does.
      if (value.custom?.json) return write(value.custom.json(), { ...options, escapeHtml: true }, line);
      return enclose("{}", members(value, options, inner), line, inner);
  }
}

function members(value: Extract<GoValue, { kind: "struct" }>, options: EncodeOptions, inner: string | undefined): readonly string[] {
  const written: string[] = [];
  const colon = inner === undefined ? ":" : ": ";
  for (const [i, field] of value.type.fields.entries()) {
    const item = value.fields[i] ?? NIL;
    if (field.isEmbedded && field.json === "") {
      const embedded = item.kind === "pointer" ? item.to : item;
      if (embedded?.kind === "struct") written.push(...members(embedded, options, inner));
      continue;
    }
    if (field.json === undefined) continue;
    if (field.omit === "empty" && isEmpty(item)) continue;
    if (field.omit === "zero" && isZero(item)) continue;
    written.push(jsonString(field.json, options.escapeHtml) + colon + write(item, options, inner));
  }
  return written;
}

/** What `omitempty` leaves out. */
function isEmpty(value: GoValue): boolean {
  switch (value.kind) {
    case "bool":
      return !value.value;
    case "int":
    case "uint":
      return value.value === 0n;
    case "float":
      return value.value === 0;
    case "string":
      return value.value === "";
    case "slice":
      return (value.items?.length ?? 0) === 0;
    case "map":
      return (value.entries?.size ?? 0) === 0;
    case "pointer":
      return value.to === undefined;
    case "interface":
      return value.value === undefined;
    case "struct":
      return false;
    case "invalid":
      return true;
  }
}

function isZero(value: GoValue): boolean {
  if (value.kind === "struct")
    return value.fields.every(isZero) && (value.custom?.text === undefined || value.custom.text.startsWith("0001-01-01"));
  if (value.kind === "slice") return value.items === undefined;
  if (value.kind === "map") return value.entries === undefined;
  return isEmpty(value);
}

function enclose(marks: "[]" | "{}", items: readonly string[], line: string | undefined, inner: string | undefined): string {
  if (items.length === 0) return marks;
  if (line === undefined || inner === undefined) return marks[0] + items.join(",") + marks[1];
  return marks[0] + inner + items.join(`,${inner}`) + line + marks[1];
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** A string as Go writes it. */
export function jsonString(text: string, escapeHtml = true): string {
  const special = escapeHtml ? /["\\<>&\u0000-\u001f\u2028\u2029]/g : /["\\\u0000-\u001f\u2028\u2029]/g;
  return `"${text.replaceAll(special, (character) => SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

function jsonFloat(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return formatFloat(value, "f", -1);
  return formatFloat(value, "e", -1).replace(/e-0(\d)$/, "e-$1");
}

/** json.Indent: the same tokens, laid out. Strings keep their escapes. */
export function indentJson(text: string, indent: string): string {
  let out = "";
  let depth = 0;
  let justOpened = false;
  const newline = (): string => `\n${indent.repeat(depth)}`;
  for (const token of tokens(text)) {
    if (token === "}" || token === "]") {
      depth--;
      if (!justOpened) out += newline();
      justOpened = false;
      out += token;
      continue;
    }
    if (justOpened) out += newline();
    justOpened = false;
    out += token;
    if (token === "{" || token === "[") {
      depth++;
      justOpened = true;
    } else if (token === ",") out += newline();
    else if (token === ":") out += " ";
  }
  return out;
}

/** json.Compact: the same tokens without space. */
export function compactJson(text: string): string {
  return tokens(text).join("");
}

function tokens(text: string): readonly string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
}
