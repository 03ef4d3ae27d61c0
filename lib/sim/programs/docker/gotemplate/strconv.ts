/**
 * Go's package strconv, the parts that templates and flags show: quoted strings, character constants, floats.
 *
 * A learner sees `%q`, `unexpected "foo" in command` and `strconv.ParseBool: parsing "x": invalid syntax`.
 * It differs in that what is printable is decided by Unicode categories of the running JavaScript engine.
 */

import { fail, ok, type Result } from "@/lib/base/result";

const ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

export function isPrintable(character: string): boolean {
  return !UNPRINTABLE.test(character);
}

/** strconv.Quote, and with `'` strconv.QuoteRune's manner. */
export function quote(text: string, mark: '"' | "'" = '"', asciiOnly = false): string {
  let quoted = mark as string;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === mark || character === "\\") quoted += `\\${character}`;
    else if (ESCAPES[character] !== undefined) quoted += ESCAPES[character];
    else if (isPrintable(character) && (!asciiOnly || code < 0x80)) quoted += character;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    else quoted += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return quoted + mark;
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** One character of a Go literal quoted with `mark`, from `text[at]`, and where the next one begins. */
export function unquoteCharacter(
  text: string,
  at: number,
  mark: string,
): Result<{ readonly value: string; readonly next: number }, string> {
  const bad = fail("invalid syntax");
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (at >= text.length) return bad;
  if (character === mark) return bad;
  if (character !== "\\") return ok({ value: character, next: at + character.length });
  const letter = text[at + 1];
  if (letter === undefined) return bad;
  const simple = SIMPLE[letter];
  if (simple !== undefined) return ok({ value: simple, next: at + 2 });
  if (letter === "'" || letter === '"') return letter === mark ? ok({ value: letter, next: at + 2 }) : bad;
  const digits = { x: 2, u: 4, U: 8 }[letter];
  if (digits !== undefined) {
    const hex = text.slice(at + 2, at + 2 + digits);
    if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length !== digits) return bad;
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return bad;
    return ok({ value: String.fromCodePoint(code), next: at + 2 + digits });
  }
  const octal = /^[0-7]{3}/.exec(text.slice(at + 1))?.[0];
  if (octal === undefined || Number.parseInt(octal, 8) > 255) return bad;
  return ok({ value: String.fromCodePoint(Number.parseInt(octal, 8)), next: at + 4 });
}

/** strconv.Unquote of a literal in `"` or backquotes. */
export function unquote(literal: string): Result<string, string> {
  if (literal.length < 2) return fail("invalid syntax");
  if (literal[0] === "`") return ok(literal.slice(1, -1).replaceAll("\r", ""));
  let text = "";
  let at = 1;
  while (at < literal.length - 1) {
    const character = unquoteCharacter(literal, at, '"');
    if (!character.ok) return character;
    text += character.value.value;
    at = character.value.next;
  }
  return ok(text);
}

/** The words of strconv's errors: `strconv.Atoi: parsing "x": invalid syntax`. */
export function numError(func: string, text: string, why: "invalid syntax" | "value out of range"): string {
  return `strconv.${func}: parsing ${quote(text)}: ${why}`;
}

export function parseBool(text: string): Result<boolean, string> {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return ok(true);
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return ok(false);
  return fail(numError("ParseBool", text, "invalid syntax"));
}

/**
 * strconv.ParseInt and ParseUint. With base 0 the text's own prefix decides (0x, 0o, 0b, 0) and underscores may stand
 * between digits.
 */
export function parseInteger(
  text: string,
  options: { readonly base: 0 | 10; readonly bits: number; readonly isSigned: boolean; readonly func?: string },
): Result<bigint, string> {
  const func = options.func ?? (options.isSigned ? "ParseInt" : "ParseUint");
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  if (!options.isSigned && sign !== "") return fail(numError(func, text, "invalid syntax"));
  const digits = text.slice(sign.length);
  let magnitude: bigint | undefined;
  if (options.base === 10) {
    if (/^[0-9]+$/.test(digits)) magnitude = BigInt(digits);
  } else {
    const bare = digits.replaceAll(/(?<=[0-9a-fA-FxXoObB])_(?=[0-9a-fA-F])/g, "");
    if (/^0[xX][0-9a-fA-F]+$/.test(bare) || /^0[bB][01]+$/.test(bare) || /^0[oO][0-7]+$/.test(bare)) magnitude = BigInt(bare.toLowerCase());
    else if (/^0[0-7]+$/.test(bare)) magnitude = BigInt(`0o${bare.slice(1)}`);
    else if (/^(0|[1-9][0-9]*)$/.test(bare)) magnitude = BigInt(bare);
  }
  if (magnitude === undefined) return fail(numError(func, text, "invalid syntax"));
  const value = sign === "-" ? -magnitude : magnitude;
  const limit = 1n << BigInt(options.isSigned ? options.bits - 1 : options.bits);
  if (value >= limit || value < (options.isSigned ? -limit : 0n)) return fail(numError(func, text, "value out of range"));
  return ok(value);
}

/** strconv.Atoi. */
export function atoi(text: string): Result<number, string> {
  const value = parseInteger(text, { base: 10, bits: 64, isSigned: true, func: "Atoi" });
  return value.ok ? ok(Number(value.value)) : value;
}

export function parseFloat64(text: string): Result<number, string> {
  const bare = text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "");
  if (/^[+-]?(inf|infinity)$/i.test(text)) return ok(text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (/^[+-]?nan$/i.test(text)) return ok(Number.NaN);
  if (!/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(bare)) return fail(numError("ParseFloat", text, "invalid syntax"));
  const value = Number(bare);
  return Number.isFinite(value) ? ok(value) : fail(numError("ParseFloat", text, "value out of range"));
}

/** strconv.FormatFloat with the shortest digits that read back, or `precision` of them. */
export function formatFloat(value: number, verb: "e" | "f" | "g", precision: number, exponentFrom = 21): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Inf" : "+Inf";
  if (value < 0 || Object.is(value, -0)) return `-${formatFloat(-value, verb, precision, exponentFrom)}`;
  if (verb === "f") return precision < 0 ? plain(value) : fixed(value, precision);
  if (verb === "e") return withTwoDigits(exponential(value, precision));
  const digits = exponential(value, precision < 0 ? precision : Math.max(precision, 1) - 1);
  const exponent = Number(digits.slice(digits.indexOf("e") + 1));
  const threshold = precision < 0 ? exponentFrom : Math.max(precision, 1);
  const trimmed = precision < 0 ? digits : digits.replace(/\.?0+e/, "e");
  if (exponent < -4 || exponent >= threshold) return withTwoDigits(precision < 0 ? digits : trimmed);
  return plain(Number(digits));
}

/** JavaScript gives at most 100 digits; what a float has beyond those is not shown. */
const MOST_DIGITS = 100;

function fixed(value: number, precision: number): string {
  const digits = Math.min(precision, MOST_DIGITS);
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
  return halfToEven(value.toFixed(digits), value.toFixed(MOST_DIGITS), digits) + "0".repeat(precision - digits);
}

function exponential(value: number, precision: number): string {
  if (precision < 0) return value.toExponential();
  const digits = Math.min(precision, MOST_DIGITS);
  const [mantissa = "", exponent = ""] = value.toExponential(digits).split("e");
  const [exact = "", exactExponent = ""] = value.toExponential(MOST_DIGITS).split("e");
  const even = halfToEven(mantissa, exact, digits);
  return `${even}${"0".repeat(precision - digits)}e${even === mantissa ? exponent : exactExponent}`;
}

/** JavaScript rounds a half up, Go to the even digit. `exact` has all digits. */
function halfToEven(rounded: string, exact: string, digits: number): string {
  const end = exact.indexOf(".") + 1 + digits;
  const isHalf = /^50*$/.test(exact.slice(end));
  const kept = exact.slice(0, digits === 0 ? end - 1 : end);
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? kept : rounded;
}

function withTwoDigits(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** All digits, without an exponent. */
function plain(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", first = "", rest = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  const digits = first + rest;
  if (exponent >= 0) return sign + digits.padEnd(exponent + 1, "0");
  return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
}
