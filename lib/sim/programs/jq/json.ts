/**
 * JSON values as jq holds them: objects keep the order of their keys, numbers keep how they were written until they are changed.
 */

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

/** A number as jq reads it, which is more than JSON allows; undefined if it is none. */
export function parseNumber(word: string): number | JsonNumber | undefined {
  const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(word);
  if (special) return special[2] !== undefined ? Number.NaN : special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const text = canonicalNumber(word);
  return text === undefined ? undefined : new JsonNumber(text);
}

/** jq keeps a number's digits, and writes them as decNumber does (General Decimal Arithmetic, "to-scientific-string"). */
function canonicalNumber(text: string): string | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  const exponent = Number(power) - fraction.length;
  const adjusted = exponent + digits.length - 1;
  const minus = sign === "-" ? "-" : "";
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return `${minus}${digits}`;
    const padded = digits.padStart(1 - exponent, "0");
    return `${minus}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${minus}${mantissa}E${adjusted < 0 ? "-" : "+"}${Math.abs(adjusted)}`;
}

export type PrintOptions = {
  readonly indent: number | "tab";
  readonly sortKeys: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
};

export const COMPACT: PrintOptions = { indent: 0, sortKeys: false, ascii: false, color: false };

const COLORS = { null: "0;90", false: "0;39", true: "0;39", number: "0;39", string: "0;32", structure: "1;39", key: "1;34" };

/** The text of a value, on one line when `indent` is 0. */
export function printJson(value: Json, options: PrintOptions, depth = 0): string {
  const paint = (color: keyof typeof COLORS, text: string): string => (options.color ? `\x1b[${COLORS[color]}m${text}\x1b[0m` : text);
  if (value === null) return paint("null", "null");
  if (typeof value === "boolean") return paint(`${value}`, String(value));
  if (isNumber(value)) return paint("number", numberText(value));
  if (typeof value === "string") return paint("string", quoteJson(value, options.ascii));
  const unit = options.indent === "tab" ? "\t" : " ".repeat(options.indent);
  const isFlat = unit === "";
  const inner = isFlat ? "" : `\n${unit.repeat(depth + 1)}`;
  const outer = isFlat ? "" : `\n${unit.repeat(depth)}`;
  const [open, close] = isArray(value) ? ["[", "]"] : ["{", "}"];
  const comma = `${paint("structure", ",")}${inner}`;
  let items: string[];
  if (isArray(value)) items = value.map((item) => printJson(item, options, depth + 1));
  else {
    const entries = options.sortKeys ? [...value].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : [...value];
    items = entries.map(
      ([key, item]) =>
        `${paint("key", quoteJson(key, options.ascii))}${paint("structure", ":")}${isFlat ? "" : " "}${printJson(item, options, depth + 1)}`,
    );
  }
  if (items.length === 0) return paint("structure", `${open}${close}`);
  return `${paint("structure", open)}${inner}${items.join(comma)}${outer}${paint("structure", close)}`;
}

export function numberText(value: number | JsonNumber): string {
  if (value instanceof JsonNumber) return value.text;
  if (Number.isNaN(value)) return "null";
  if (!Number.isFinite(value)) return value > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
  if (value === 0) return "0";
  // David Gay's g_fmt, with jq's bounds: digits and where the point is.
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const digits = mantissa.replace(/[-.]/g, "").length;
  const power = Number(exponent);
  if (power > -5 && power < digits + 15) return plainNumber(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** All digits, where JavaScript would go over to an exponent. */
function plainNumber(value: number): string {
  return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString();
}

function quoteJson(text: string, ascii: boolean): string {
  const escaped = text.replace(
    /["\\\x00-\x1f\x7f]/g,
    (c) =>
      ({ '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c] ??
      `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
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

/** NaN sorts below everything, even itself. Whole numbers as they were written are compared with all their digits. */
function compareNumbers(a: number | JsonNumber, b: number | JsonNumber): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (Number.isNaN(x)) return -1;
  if (x === y && a instanceof JsonNumber && b instanceof JsonNumber && /^-?\d+$/.test(a.text) && /^-?\d+$/.test(b.text))
    return Number(BigInt(a.text) - BigInt(b.text));
  return x < y ? -1 : x === y ? 0 : 1;
}

function isArrayValue(value: Json): value is readonly Json[] {
  return isArray(value);
}
