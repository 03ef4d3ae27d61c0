/**
 * JSON values as jq holds them: objects keep the order of their keys, numbers keep how they were written until they are changed.
 */

import { fail, ok, type Result } from "@/lib/base/result";

export type Json = null | boolean | number | JsonNumber | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

/** A number from input, with its own spelling. */
export class JsonNumber {
  readonly text: string;
  readonly value: number;
  constructor(text: string) {
    this.text = text;
    this.value = Number(text);
  }
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return value instanceof Map;
}

export function isNumber(value: Json): value is number | JsonNumber {
  return typeof value === "number" || value instanceof JsonNumber;
}

export function numberOf(value: number | JsonNumber): number {
  return typeof value === "number" ? value : value.value;
}

export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

export function typeOf(value: Json): JsonType {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (isNumber(value)) return "number";
  if (typeof value === "string") return "string";
  return isArray(value) ? "array" : "object";
}

/** Reads one value after the other out of a text. */
export class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next value; undefined at the end; a message about what is no JSON. */
  next(): Result<Json, string> | undefined {
    this.#skip();
    if (this.#at >= this.#text.length) return undefined;
    return this.#value(0);
  }

  /** The line on which the reader is, as messages count. */
  get line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #fail(message: string): Result<never, string> {
    const before = this.#text.slice(0, Math.min(this.#at, this.#text.length)).split("\n");
    return fail(`${message} at line ${before.length}, column ${(before.at(-1) ?? "").length}`);
  }

  #value(depth: number): Result<Json, string> {
    if (depth > 10_000) return this.#fail("Exceeds depth limit for parsing");
    this.#skip();
    const c = this.#text[this.#at];
    if (c === undefined) return this.#unfinished();
    if (c === "{") return this.#object(depth);
    if (c === "[") return this.#array(depth);
    if (c === '"') return this.#string();
    const word = /^[^\s,:[\]{}"]+/.exec(this.#text.slice(this.#at, this.#at + 1_000))?.[0] ?? "";
    if (word === "") {
      this.#at++;
      return this.#fail(`Expected JSON value`);
    }
    this.#at += word.length;
    if (word === "null") return ok(null);
    if (word === "true" || word === "false") return ok(word === "true");
    if (word === "nan" || word === "NaN") return ok(null);
    if (/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word)) return ok(new JsonNumber(canonicalNumber(word)));
    // The tokenizer notices at what follows the word.
    this.#at = Math.min(this.#at + 1, this.#text.length);
    return this.#fail(this.#at >= this.#text.length && this.#text.at(-1) !== "\n" ? "Invalid numeric literal at EOF" : "Invalid numeric literal");
  }

  #unfinished(): Result<never, string> {
    this.#at = this.#text.length;
    return this.#fail("Unfinished JSON term at EOF");
  }

  #array(depth: number): Result<Json, string> {
    this.#at++;
    const items: Json[] = [];
    this.#skip();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return ok(items);
    }
    for (;;) {
      const item = this.#value(depth + 1);
      if (!item.ok) return item;
      items.push(item.value);
      this.#skip();
      const c = this.#text[this.#at++];
      if (c === "]") return ok(items);
      if (c === undefined) return this.#unfinished();
      if (c !== ",") return this.#fail("Expected separator between values");
    }
  }

  #object(depth: number): Result<Json, string> {
    this.#at++;
    const entries = new Map<string, Json>();
    this.#skip();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return ok(entries);
    }
    for (;;) {
      this.#skip();
      if (this.#at >= this.#text.length) return this.#unfinished();
      if (this.#text[this.#at] !== '"') {
        this.#at++;
        return this.#fail("Object keys must be strings");
      }
      const key = this.#string();
      if (!key.ok) return key;
      this.#skip();
      if (this.#at >= this.#text.length) return this.#unfinished();
      if (this.#text[this.#at++] !== ":") return this.#fail("Objects must consist of key:value pairs");
      const value = this.#value(depth + 1);
      if (!value.ok) return value;
      entries.set(key.value, value.value);
      this.#skip();
      const c = this.#text[this.#at++];
      if (c === "}") return ok(entries);
      if (c === undefined) return this.#unfinished();
      if (c !== ",") return this.#fail("Expected separator between values");
    }
  }

  #string(): Result<string, string> {
    let text = "";
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] ?? "";
      if (c === '"') {
        this.#at++;
        return ok(text);
      }
      if (c !== "\\") {
        text += c;
        continue;
      }
      const escape = this.#text[++this.#at] ?? "";
      const unicode = /^u([0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 5));
      if (unicode) {
        text += String.fromCharCode(Number.parseInt(unicode[1] ?? "", 16));
        this.#at += 4;
      } else {
        const known = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[escape];
        if (known === undefined) return this.#fail("Invalid escape");
        text += known;
      }
    }
    return this.#unfinished();
  }
}

/** jq keeps a number's digits, but not the plus of an exponent's absence nor leading zeros. */
function canonicalNumber(text: string): string {
  const match = /^(-?)0*(\d*)(\.\d*)?(?:[eE]([+-]?)0*(\d+))?$/.exec(text);
  if (!match) return text;
  const digits = `${match[1] ?? ""}${match[2] === "" ? "0" : (match[2] ?? "")}${match[3] === "." ? "" : (match[3] ?? "")}`;
  return match[5] === undefined ? digits : `${digits}E${match[4] === "-" ? "-" : "+"}${match[5]}`;
}

export type PrintOptions = { readonly indent: number | "tab"; readonly sortKeys: boolean; readonly ascii: boolean };

/** The text of a value, on one line when `indent` is 0. */
export function printJson(value: Json, options: PrintOptions, depth = 0): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (isNumber(value)) return numberText(value);
  if (typeof value === "string") return quoteJson(value, options.ascii);
  const unit = options.indent === "tab" ? "\t" : " ".repeat(options.indent);
  const isFlat = unit === "";
  const inner = isFlat ? "" : `\n${unit.repeat(depth + 1)}`;
  const outer = isFlat ? "" : `\n${unit.repeat(depth)}`;
  if (isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => printJson(item, options, depth + 1)).join(`,${inner}`)}${outer}]`;
  }
  if (value.size === 0) return "{}";
  const entries = options.sortKeys ? [...value].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : [...value];
  return `{${inner}${entries.map(([key, item]) => `${quoteJson(key, options.ascii)}:${isFlat ? "" : " "}${printJson(item, options, depth + 1)}`).join(`,${inner}`)}${outer}}`;
}

export const COMPACT: PrintOptions = { indent: 0, sortKeys: false, ascii: false };

export function numberText(value: number | JsonNumber): string {
  if (value instanceof JsonNumber) return value.text;
  if (Number.isNaN(value)) return "null";
  if (!Number.isFinite(value)) return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value === 0 ? 0 : value);
  // As C's %.17g chooses between the two forms.
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -5 && power < 17) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function quoteJson(text: string, ascii: boolean): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f]/g, (c) => ({ '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"${ascii ? escaped.replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`) : escaped}"`;
}

const TYPE_ORDER: readonly string[] = ["null", "false", "true", "number", "string", "array", "object"];

function rank(value: Json): number {
  return TYPE_ORDER.indexOf(typeof value === "boolean" ? String(value) : typeOf(value));
}

/** jq's total order: null < false < true < numbers < strings < arrays < objects. */
export function compareJson(a: Json, b: Json): number {
  const byType = rank(a) - rank(b);
  if (byType !== 0) return byType;
  if (isNumber(a) && isNumber(b)) return numberOf(a) - numberOf(b);
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (a === null || typeof a === "boolean" || b === null || typeof b === "boolean") return 0;
  if (isArrayValue(a) && isArrayValue(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareJson(a[i] ?? null, b[i] ?? null);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isObject(a) && isObject(b)) {
    const [keysA, keysB] = [[...a.keys()].sort(), [...b.keys()].sort()];
    const byKeys = compareJson(keysA, keysB);
    if (byKeys !== 0) return byKeys;
    for (const key of keysA) {
      const order = compareJson(a.get(key) ?? null, b.get(key) ?? null);
      if (order !== 0) return order;
    }
  }
  return 0;
}

function isArrayValue(value: Json): value is readonly Json[] {
  return isArray(value);
}
