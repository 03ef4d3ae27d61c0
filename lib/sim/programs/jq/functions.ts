/** jq's builtin functions of values, by name and number of arguments: their input and arguments are values, every combination of which is tried. */

import { utf8Length } from "@/lib/base/utf8";
import { datePartsOf, daysSince1970 } from "@/lib/sim/core/calendar";
import { formatDate, parseDate } from "../coreutils/date";
import { calculate } from "./arithmetic";
import { format } from "./formats";
import { COMPACT, compareJson, isArray, isNumber, isObject, type Json, numberOf, parseNumber, printJson, typeOf } from "./json";
import { matches } from "./matching";
import { deletePaths, setPath } from "./paths";
import { JsonReader } from "./reader";
import { described, indexed, isTrue, iterate, JqError, made, plainText } from "./values";

type Simple = (input: Json, ...args: Json[]) => Json;

export function number(value: Json, complaint: string): number {
  if (!isNumber(value)) throw new JqError(`${described(value)} ${complaint}`);
  return numberOf(value);
}

export function array(value: Json, verb: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${described(value)} cannot be ${verb}, as it is not an array`);
  return value;
}

function bothStrings(name: string, a: Json, b: Json): [string, string] {
  if (typeof a !== "string" || typeof b !== "string") throw new JqError(`${name}() requires string inputs`);
  return [a, b];
}

/** What `.[]` gives. */
export function items(value: Json): Json[] {
  return [...iterate(made(value))].map((one) => one.value);
}

function lengthOf(input: Json): number {
  if (input === null) return 0;
  if (typeof input === "string") return [...input].length;
  if (isArray(input)) return input.length;
  if (isObject(input)) return input.size;
  if (isNumber(input)) return Math.abs(numberOf(input));
  throw new JqError(`${described(input)} has no length`);
}

function math(calculateOne: (x: number) => number): Simple {
  return (input) => calculateOne(number(input, "number required"));
}

/** Functions of values: the input and arguments of which every combination is tried. */
export const SIMPLE: Readonly<Record<string, Simple>> = {
  "length/0": lengthOf,
  "utf8bytelength/0": (input) => {
    if (typeof input !== "string") throw new JqError(`${described(input)} only strings have UTF-8 byte length`);
    return utf8Length(input);
  },
  "not/0": (input) => !isTrue(input),
  "keys/0": (input) => {
    if (isObject(input)) return [...input.keys()].sort();
    if (isArray(input)) return input.map((_, i) => i);
    throw new JqError(`${described(input)} has no keys`);
  },
  "keys_unsorted/0": (input) => {
    if (isObject(input)) return [...input.keys()];
    if (isArray(input)) return input.map((_, i) => i);
    throw new JqError(`${described(input)} has no keys`);
  },
  "has/1": (input, key) => {
    if (isObject(input) && typeof key === "string") return input.has(key);
    if (isArray(input) && key !== undefined && isNumber(key)) return numberOf(key) >= 0 && numberOf(key) < input.length;
    throw new JqError(
      `Cannot check whether ${typeOf(input)} has a ${key !== undefined && typeof key === "string" ? "string" : typeOf(key ?? null)} key`,
    );
  },
  "contains/1": (input, other = null) => contains(input, other),
  "inside/1": (input, other = null) => contains(other, input),
  "add/0": (input) => items(input).reduce<Json>((sum, one) => calculate("+", sum, one), null),
  "any/0": (input) => items(input).some(isTrue),
  "all/0": (input) => items(input).every(isTrue),
  "flatten/0": (input) => flatten(items(input), Number.POSITIVE_INFINITY),
  "flatten/1": (input, depth = null) => {
    if (number(depth, "flatten depth must not be negative") < 0) throw new JqError("flatten depth must not be negative");
    return flatten(items(input), number(depth, ""));
  },
  "floor/0": math(Math.floor),
  "ceil/0": math(Math.ceil),
  "round/0": math((x) => Math.sign(x) * Math.round(Math.abs(x))),
  "trunc/0": math(Math.trunc),
  "sqrt/0": math(Math.sqrt),
  "fabs/0": math(Math.abs),
  "abs/0": (input) =>
    compareJson(input, 0) >= 0 ? input : isNumber(input) ? -numberOf(input) : fail(`${described(input)} cannot be negated`),
  "log/0": math(Math.log),
  "log2/0": math(Math.log2),
  "log10/0": math(Math.log10),
  "exp/0": math(Math.exp),
  "exp2/0": math((x) => 2 ** x),
  "exp10/0": math((x) => 10 ** x),
  "pow/2": (_, base = null, exponent = null) => number(base, "number required") ** number(exponent, "number required"),
  "infinite/0": () => Number.POSITIVE_INFINITY,
  "nan/0": () => Number.NaN,
  "isinfinite/0": (input) => !Number.isFinite(number(input, "number required")) && !Number.isNaN(number(input, "")),
  "isnan/0": (input) => Number.isNaN(number(input, "number required")),
  "isnormal/0": (input) => Number.isFinite(number(input, "number required")) && number(input, "") !== 0,
  "tostring/0": (input) => plainText(input),
  "tojson/0": (input) => printJson(input, COMPACT),
  "fromjson/0": (input) => {
    if (typeof input !== "string") throw new JqError(`${described(input)} only strings can be parsed`);
    const reader = new JsonReader(input);
    const value = reader.next();
    if (!value) throw new JqError(`Expected JSON value (while parsing '${input}')`);
    if (value.ok && reader.next()) throw new JqError(`Unexpected extra JSON values (while parsing '${input}')`);
    return value.ok ? value.value : fail(`${value.error} (while parsing '${input}')`);
  },
  "tonumber/0": (input) => {
    if (isNumber(input)) return input;
    const parsed = typeof input === "string" ? parseNumber(input) : undefined;
    if (parsed !== undefined) return parsed;
    throw new JqError(`${described(input)} cannot be parsed as a number`);
  },
  "toboolean/0": (input) =>
    typeof input === "boolean"
      ? input
      : input === "true"
        ? true
        : input === "false"
          ? false
          : fail(`${described(input)} cannot be parsed as a boolean`),
  "type/0": (input) => typeOf(input),
  "ascii_downcase/0": (input) =>
    typeof input === "string" ? input.replace(/[A-Z]/g, (c) => c.toLowerCase()) : fail("explode input must be a string"),
  "ascii_upcase/0": (input) =>
    typeof input === "string" ? input.replace(/[a-z]/g, (c) => c.toUpperCase()) : fail("explode input must be a string"),
  "startswith/1": (input, other = null) => {
    const [text, start] = bothStrings("startswith", input, other);
    return text.startsWith(start);
  },
  "endswith/1": (input, other = null) => {
    const [text, end] = bothStrings("endswith", input, other);
    return text.endsWith(end);
  },
  "ltrimstr/1": (input, other = null) => {
    const [text, start] = bothStrings("startswith", input, other);
    return text.startsWith(start) ? text.slice(start.length) : text;
  },
  "rtrimstr/1": (input, other = null) => {
    const [text, end] = bothStrings("endswith", input, other);
    return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
  },
  "trim/0": (input) => (typeof input === "string" ? input.trim() : fail("trim input must be a string")),
  "ltrim/0": (input) => (typeof input === "string" ? input.trimStart() : fail("trim input must be a string")),
  "rtrim/0": (input) => (typeof input === "string" ? input.trimEnd() : fail("trim input must be a string")),
  "explode/0": (input) =>
    typeof input === "string" ? [...input].map((c) => c.codePointAt(0) ?? 0) : fail(`${described(input)} cannot be exploded`),
  "implode/0": (input) =>
    isArray(input)
      ? input.map((code) => codePoint(number(code, "Unicode codepoint must be numeric"))).join("")
      : fail("implode input must be an array"),
  "split/1": (input, other = null) => {
    if (typeof input !== "string" || typeof other !== "string") throw new JqError("split input and separator must be strings");
    return input === "" ? [] : input.split(other);
  },
  "join/1": (input, separator = null) => {
    const joined = items(input).reduce<Json>((text, item) => {
      const before = text === null ? "" : calculate("+", text, separator);
      return calculate("+", before, typeof item === "boolean" || isNumber(item) ? plainText(item) : (item ?? ""));
    }, null);
    return joined ?? "";
  },
  "reverse/0": (input) => {
    if (isArray(input)) return [...input].reverse();
    const length = numberOf(lengthOf(input));
    return length > 0 ? fail(`Cannot index ${typeOf(input)} with number (${length - 1})`) : [];
  },
  "sort/0": (input) => [...sortable(input)].sort(compareJson),
  "unique/0": (input) => distinct([...sortable(input)].sort(compareJson), (item) => item),
  "min/0": (input) =>
    array(input, "iterated over").reduce<Json>((least, one, i) => (i === 0 || compareJson(one, least) < 0 ? one : least), null),
  "max/0": (input) =>
    array(input, "iterated over").reduce<Json>((most, one, i) => (i === 0 || compareJson(one, most) >= 0 ? one : most), null),
  "to_entries/0": (input) => {
    if (!isObject(input)) throw new JqError(`${described(input)} has no keys`);
    return [...input].map(
      ([key, value]) =>
        new Map<string, Json>([
          ["key", key],
          ["value", value],
        ]),
    );
  },
  "from_entries/0": (input) =>
    new Map(
      items(input).map((entry) => {
        const key = ["key", "Key", "name", "Name"].map((name) => indexed(made(entry), name).value).find(isTrue) ?? null;
        const value = indexed(made(entry), isObject(entry) && entry.has("value") ? "value" : "Value").value;
        return [typeof key === "string" ? key : fail(`Cannot use ${described(key)} as object key`), value] as const;
      }),
    ),
  "transpose/0": (input) => {
    const rows = items(input).map((row) => array(row, "iterated over"));
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) => rows.map((row) => row[i] ?? null));
  },
  "indices/1": (input, other = null) => indices(input, other),
  "index/1": (input, other = null) => indexed(made(indices(input, other)), 0).value,
  "rindex/1": (input, other = null) => indexed(made(indices(input, other)), -1).value,
  "setpath/2": (input, path = null, value = null) => setPath(input, array(path, "used as a path"), value),
  "delpaths/1": (input, paths = null) =>
    deletePaths(
      input,
      array(paths, "used as paths").map((path) => array(path, "used as a path")),
    ),
  "todate/0": (input) => formatDate(dateInput(input), "%Y-%m-%dT%H:%M:%SZ"),
  "fromdate/0": (input) => dateNumber(input),
  "fromdateiso8601/0": (input) => dateNumber(input),
  "todateiso8601/0": (input) => formatDate(dateInput(input), "%Y-%m-%dT%H:%M:%SZ"),
  "strftime/1": (input, text = null) =>
    formatDate(dateInput(input), typeof text === "string" ? text : fail("strftime/1 requires a string format")),
  "mktime/0": (input) => {
    const parts =
      isArray(input) && input.length >= 6 && input.every(isNumber) ? input.map(numberOf) : fail("mktime requires array of 6 numbers");
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
    return daysSince1970(year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + Math.floor(second);
  },
  "gmtime/0": (input) => {
    const d = datePartsOf(number(input, "gmtime() requires a number") * 1_000);
    return [d.year, d.month - 1, d.day, d.hour, d.minute, d.second, d.weekday, d.dayOfYear - 1];
  },
  "error/0": (input) => {
    throw new JqError(input);
  },
  "error/1": (_, message = null) => {
    throw new JqError(message);
  },
  "test/1": (input, pattern = null) => matches(input, pattern, null).length > 0,
  "test/2": (input, pattern = null, flags = null) => matches(input, pattern, flags).length > 0,
  "have_literal_numbers/0": () => true,
  "have_decnum/0": () => true,
  "trimstr/1": (input, other = null) => {
    const [text, part] = bothStrings("startswith", input, other);
    const rest = text.startsWith(part) ? text.slice(part.length) : text;
    return part !== "" && rest.endsWith(part) ? rest.slice(0, -part.length) : rest;
  },
  "format/1": (input, name = null) =>
    typeof name === "string" ? format(`@${name}`, input) : fail(`${described(name)} is not a valid format`),
  "isfinite/0": (input) => isNumber(input) && Number.isFinite(numberOf(input)),
  "significand/0": math((x) => (x === 0 ? 0 : x / 2 ** Math.floor(Math.log2(Math.abs(x))))),
};

export function fail(message: string): never {
  throw new JqError(message);
}

function dateInput(input: Json): number {
  return isNumber(input) ? numberOf(input) * 1_000 : fail("strftime/1 requires parsed datetime inputs");
}

function codePoint(code: number): string {
  return code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
}

function sortable(value: Json): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${described(value)} cannot be sorted, as it is not an array`);
  return value;
}

export function distinct<T>(sorted: readonly T[], key: (item: T) => Json): T[] {
  return sorted.filter((item, i) => i === 0 || compareJson(key(item), key(sorted[i - 1] ?? item)) !== 0);
}

function flatten(items: readonly Json[], depth: number): Json[] {
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function contains(value: Json, part: Json): boolean {
  if (isObject(value) && isObject(part)) return [...part].every(([key, item]) => value.has(key) && contains(value.get(key) ?? null, item));
  if (isArray(value) && isArray(part))
    return part.every((item) => value.some((one) => typeOf(one) === typeOf(item) && contains(one, item)));
  if (typeof value === "string" && typeof part === "string") return value.includes(part);
  if (typeOf(value) === typeOf(part)) return compareJson(value, part) === 0;
  throw new JqError(`${described(value)} and ${described(part)} cannot have their containment checked`);
}

function indices(value: Json, part: Json): Json {
  if (value === null) return null;
  if (typeof value === "string" && typeof part === "string") {
    if (part === "") return null;
    const found: number[] = [];
    for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + 1)) found.push([...value.slice(0, at)].length);
    return found;
  }
  if (!isArray(value)) return indexed(made(value), part).value;
  if (isArray(part))
    return part.length === 0
      ? null
      : value.flatMap((_, i) =>
          i + part.length <= value.length && part.every((item, k) => compareJson(value[i + k] ?? null, item) === 0) ? [i] : [],
        );
  return value.flatMap((item, i) => (compareJson(item, part) === 0 ? [i] : []));
}

function dateNumber(input: Json): number {
  const ms = typeof input === "string" ? parseDate(input.replace("T", " "), 0) : undefined;
  if (ms === undefined) throw new JqError(`date ${printJson(input, COMPACT)} does not match format "%Y-%m-%dT%H:%M:%SZ"`);
  return ms / 1_000;
}
