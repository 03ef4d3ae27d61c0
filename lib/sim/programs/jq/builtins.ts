/** jq's builtin functions, by name and number of arguments. Those that are not here are said to be not defined, as unknown ones are. */

import { utf8Length } from "@/lib/base/utf8";
import { datePartsOf } from "@/lib/sim/core/calendar";
import { formatDate, parseDate } from "../coreutils/date";
import { calculate, type Closure, deletePaths, described, getPath, indexed, isTrue, iterate, JqError, made, type Output, pathsOf, plainText, recurse, run, type Scope, setPath } from "./evaluate";
import { COMPACT, compareJson, isArray, isNumber, isObject, type Json, JsonReader, numberOf, printJson, typeOf } from "./json";

/** A call of something that does not exist: a compile error in jq. */
export class NotDefined extends Error {}

type Simple = (input: Json, ...args: Json[]) => Json;

function number(value: Json, complaint: string): number {
  if (!isNumber(value)) throw new JqError(`${described(value)} ${complaint}`);
  return numberOf(value);
}

function array(value: Json, verb: string): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${described(value)} cannot be ${verb}, as it is not an array`);
  return value;
}

function bothStrings(name: string, a: Json, b: Json): [string, string] {
  if (typeof a !== "string" || typeof b !== "string") throw new JqError(`${name}() requires string inputs`);
  return [a, b];
}

function math(calculateOne: (x: number) => number): Simple {
  return (input) => calculateOne(number(input, "number required"));
}

/** Functions of values: the input and arguments of which every combination is tried. */
const SIMPLE: Readonly<Record<string, Simple>> = {
  "length/0": (input) => {
    if (input === null) return 0;
    if (typeof input === "string") return [...input].length;
    if (isArray(input)) return input.length;
    if (isObject(input)) return input.size;
    if (isNumber(input)) return Math.abs(numberOf(input));
    throw new JqError(`${described(input)} has no length`);
  },
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
    throw new JqError(`Cannot check whether ${typeOf(input)} has a ${key !== undefined && typeof key === "string" ? "string" : typeOf(key ?? null)} key`);
  },
  "contains/1": (input, other = null) => contains(input, other),
  "inside/1": (input, other = null) => contains(other, input),
  "add/0": (input) => (isObject(input) ? [...input.values()] : isArray(input) ? input : fail(`Cannot iterate over ${input === null ? "null" : described(input)}`)).reduce<Json>((sum, one) => calculate("+", sum, one), null),
  "any/0": (input) => array(input, "iterated over").some(isTrue),
  "all/0": (input) => array(input, "iterated over").every(isTrue),
  "flatten/0": (input) => flatten(array(input, "flattened"), Number.POSITIVE_INFINITY),
  "flatten/1": (input, depth = null) => {
    if (number(depth, "flatten depth must not be negative") < 0) throw new JqError("flatten depth must not be negative");
    return flatten(array(input, "flattened"), number(depth, ""));
  },
  "floor/0": math(Math.floor),
  "ceil/0": math(Math.ceil),
  "round/0": math((x) => Math.sign(x) * Math.round(Math.abs(x))),
  "trunc/0": math(Math.trunc),
  "sqrt/0": math(Math.sqrt),
  "fabs/0": math(Math.abs),
  "abs/0": (input) => (isNumber(input) ? (numberOf(input) < 0 ? -numberOf(input) : input) : fail(`${described(input)} has no absolute value`)),
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
    const value = new JsonReader(input).next();
    if (!value) return null;
    return value.ok ? value.value : fail(`${value.error} (while parsing '${input}')`);
  },
  "tonumber/0": (input) => {
    if (isNumber(input)) return input;
    if (typeof input === "string" && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(input)) return Number(input);
    throw new JqError(`${described(input)} cannot be parsed as a number`);
  },
  "toboolean/0": (input) => (typeof input === "boolean" ? input : input === "true" ? true : input === "false" ? false : fail(`${described(input)} cannot be parsed as a boolean`)),
  "type/0": (input) => typeOf(input),
  "ascii_downcase/0": (input) => (typeof input === "string" ? input.replace(/[A-Z]/g, (c) => c.toLowerCase()) : fail("ascii_downcase input must be a string")),
  "ascii_upcase/0": (input) => (typeof input === "string" ? input.replace(/[a-z]/g, (c) => c.toUpperCase()) : fail("ascii_upcase input must be a string")),
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
  "trim/0": (input) => (typeof input === "string" ? input.trim() : fail(`${described(input)} cannot be trimmed`)),
  "ltrim/0": (input) => (typeof input === "string" ? input.trimStart() : fail(`${described(input)} cannot be trimmed`)),
  "rtrim/0": (input) => (typeof input === "string" ? input.trimEnd() : fail(`${described(input)} cannot be trimmed`)),
  "explode/0": (input) => (typeof input === "string" ? [...input].map((c) => c.codePointAt(0) ?? 0) : fail(`${described(input)} cannot be exploded`)),
  "implode/0": (input) => (isArray(input) ? input.map((code) => String.fromCodePoint(number(code, "Unicode codepoint must be numeric"))).join("") : fail("implode input must be an array")),
  "split/1": (input, other = null) => {
    if (typeof input !== "string" || typeof other !== "string") throw new JqError("split input and separator must be strings");
    return input === "" ? [] : input.split(other);
  },
  "join/1": (input, separator = null) => {
    const items = array(input, "iterated over");
    if (items.length === 0) return "";
    return items.map((item) => {
      if (isArray(item) || isObject(item)) throw new JqError(`${described(typeof separator === "string" ? separator : null)} and ${described(item)} cannot be added`);
      return item === null ? "" : plainText(item);
    }).join(typeof separator === "string" ? separator : fail(`${described(separator)} and string ("") cannot be added`));
  },
  "ascii/0": (input) => String.fromCharCode(number(input, "number required")),
  "reverse/0": (input) => (input === null ? [] : typeof input === "string" ? [...input].reverse().join("") : [...array(input, "reversed")].reverse()),
  "sort/0": (input) => [...sortable(input)].sort(compareJson),
  "unique/0": (input) => distinct([...sortable(input)].sort(compareJson), (item) => item),
  "min/0": (input) => array(input, "iterated over").reduce<Json>((least, one, i) => (i === 0 || compareJson(one, least) < 0 ? one : least), null),
  "max/0": (input) => array(input, "iterated over").reduce<Json>((most, one, i) => (i === 0 || compareJson(one, most) >= 0 ? one : most), null),
  "to_entries/0": (input) => {
    if (!isObject(input)) throw new JqError(`${described(input)} has no keys`);
    return [...input].map(([key, value]) => new Map<string, Json>([["key", key], ["value", value]]));
  },
  "from_entries/0": (input) => new Map(array(input, "iterated over").map((entry) => {
    const field = (...names: readonly string[]): Json | undefined => (isObject(entry) ? names.map((name) => entry.get(name)).find((value) => value !== undefined && value !== null) ?? names.map((name) => entry.get(name)).find((value) => value !== undefined) : undefined);
    const key = field("key", "k", "name", "Name", "Key", "K");
    const value = field("value", "v", "Value", "V") ?? null;
    if (key === undefined || key === null) return ["null", value] as const;
    return [typeof key === "string" ? key : isNumber(key) || typeof key === "boolean" ? plainText(key) : fail(`Cannot use ${described(key)} as object key`), value] as const;
  })),
  "transpose/0": (input) => {
    const rows = array(input, "iterated over").map((row) => array(row, "iterated over"));
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) => rows.map((row) => row[i] ?? null));
  },
  "indices/1": (input, other = null) => indices(input, other),
  "index/1": (input, other = null) => indices(input, other)?.[0] ?? null,
  "rindex/1": (input, other = null) => indices(input, other)?.at(-1) ?? null,
  "setpath/2": (input, path = null, value = null) => setPath(input, array(path, "used as a path"), value),
  "delpaths/1": (input, paths = null) => deletePaths(input, array(paths, "used as paths").map((path) => array(path, "used as a path"))),
  "todate/0": (input) => formatDate(number(input, "strftime/1 requires parsed datetime inputs") * 1_000, "%Y-%m-%dT%H:%M:%SZ"),
  "fromdate/0": (input) => dateNumber(input),
  "fromdateiso8601/0": (input) => dateNumber(input),
  "todateiso8601/0": (input) => formatDate(number(input, "strftime/1 requires parsed datetime inputs") * 1_000, "%Y-%m-%dT%H:%M:%SZ"),
  "strftime/1": (input, text = null) => formatDate(number(input, "strftime/1 requires parsed datetime inputs") * 1_000, typeof text === "string" ? text : fail("strftime/1 requires a string format")),
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
  "significand/0": math((x) => (x === 0 ? 0 : x / 2 ** Math.floor(Math.log2(Math.abs(x))))),
};

function fail(message: string): never {
  throw new JqError(message);
}

/** Functions of filters: they decide how often and on what their arguments run. */
const FILTERS: Readonly<Record<string, (args: readonly Closure[], input: Output, scope: Scope) => Generator<Output>>> = {
  "empty/0": function* () {},
  "select/1": function* ([test], input) {
    for (const one of each(test, input)) if (isTrue(one.value)) yield input;
  },
  "map/1": function* ([body], input) {
    yield made([...iterate(free(input))].flatMap((item) => values(body, item)));
  },
  "map_values/1": function* ([body], input) {
    const { value } = input;
    if (isArray(value)) yield made(value.flatMap((item) => values(body, made(item)).slice(0, 1)));
    else if (isObject(value)) yield made(new Map([...value].flatMap(([key, item]) => values(body, made(item)).slice(0, 1).map((next) => [key, next] as const))));
    else throw new JqError(`Cannot iterate over ${value === null ? "null" : described(value)}`);
  },
  "recurse/0": (_, input) => recurse(input),
  "recurse/1": ([body], input) => recurseBy(body, undefined, input),
  "recurse/2": ([body, test], input) => recurseBy(body, test, input),
  "path/1": function* ([body], input) {
    if (body) for (const path of pathsOf(body.filter, input.value, body.scope)) yield made(path);
  },
  "paths/0": function* (_, input) {
    for (const { path } of recurse({ path: [], value: input.value })) if (path && path.length > 0) yield made(path);
  },
  "paths/1": function* ([test], input) {
    for (const { path, value } of recurse({ path: [], value: input.value })) if (path && path.length > 0 && values(test, made(value)).some(isTrue)) yield made(path);
  },
  "leaf_paths/0": function* (_, input) {
    for (const { path, value } of recurse({ path: [], value: input.value })) if (path && path.length > 0 && !isArray(value) && !isObject(value)) yield made(path);
  },
  "del/1": function* ([body], input) {
    if (body) yield made(deletePaths(input.value, pathsOf(body.filter, input.value, body.scope)));
  },
  "with_entries/1": function* ([body], input) {
    const entries = SIMPLE["to_entries/0"]?.(input.value) ?? [];
    const changed = [...iterate(made(entries))].flatMap((entry) => values(body, entry));
    yield made(SIMPLE["from_entries/0"]?.(changed) ?? null);
  },
  "add/1": function* ([body], input) {
    yield made(values(body, input).reduce<Json>((sum, one) => calculate("+", sum, one), null));
  },
  "any/1": function* ([test], input) {
    yield made([...iterate(free(input))].some((item) => values(test, item).some(isTrue)));
  },
  "all/1": function* ([test], input) {
    yield made([...iterate(free(input))].every((item) => values(test, item).every(isTrue)));
  },
  "any/2": function* ([source, test], input) {
    yield made(values(source, input).some((item) => values(test, made(item)).some(isTrue)));
  },
  "all/2": function* ([source, test], input) {
    yield made(values(source, input).every((item) => values(test, made(item)).every(isTrue)));
  },
  "range/1": function* ([to], input) {
    for (const end of values(to, input)) yield* range(0, number(end, "Range bounds must be numeric"), 1);
  },
  "range/2": function* ([from, to], input) {
    for (const start of values(from, input)) for (const end of values(to, input)) yield* range(number(start, "Range bounds must be numeric"), number(end, "Range bounds must be numeric"), 1);
  },
  "range/3": function* ([from, to, by], input) {
    for (const start of values(from, input)) for (const end of values(to, input)) for (const step of values(by, input)) yield* range(number(start, "Range bounds must be numeric"), number(end, "Range bounds must be numeric"), number(step, "Range bounds must be numeric"));
  },
  "first/0": function* (_, input) {
    yield indexed(input, 0);
  },
  "first/1": function* ([body], input) {
    for (const one of each(body, input)) {
      yield one;
      return;
    }
  },
  "last/0": function* (_, input) {
    const { value } = input;
    yield made(isArray(value) ? (value.at(-1) ?? null) : value === null ? null : fail(`Cannot index ${typeOf(value)} with number`));
  },
  "last/1": function* ([body], input) {
    const last = [...each(body, input)].at(-1);
    if (last) yield last;
  },
  "nth/1": function* ([index], input) {
    for (const at of values(index, input)) yield made(getPath(input.value, [at]));
  },
  "nth/2": function* ([index, body], input) {
    for (const at of values(index, input)) {
      if (number(at, "Out of bounds negative array index") < 0) throw new JqError("Out of bounds negative array index");
      const found = [...take(body, input, number(at, "") + 1)][number(at, "")];
      if (found) yield found;
    }
  },
  "limit/2": function* ([count, body], input) {
    for (const limit of values(count, input)) yield* take(body, input, number(limit, "Invalid limit"));
  },
  "skip/2": function* ([count, body], input) {
    for (const skipped of values(count, input)) yield* [...each(body, input)].slice(Math.max(0, number(skipped, "Invalid count")));
  },
  "until/2": function* ([test, update], input) {
    let at = input;
    while (!values(test, at).some(isTrue)) {
      const [next] = each(update, at);
      if (!next) return;
      at = next;
    }
    yield at;
  },
  "while/2": function* ([test, update], input) {
    let at: Output | undefined = input;
    while (at && values(test, at).some(isTrue)) {
      yield at;
      [at] = each(update, at);
    }
  },
  "repeat/1": function* ([update], input) {
    let at: Output | undefined = input;
    while (at) {
      yield at;
      [at] = each(update, at);
    }
  },
  "isempty/1": function* ([body], input) {
    yield made([...take(body, input, 1)].length === 0);
  },
  "sort_by/1": function* ([body], input) {
    yield made(sortedBy(body, input).map(({ item }) => item));
  },
  "group_by/1": function* ([body], input) {
    const groups: { key: Json; items: Json[] }[] = [];
    for (const { key, item } of sortedBy(body, input)) {
      const last = groups.at(-1);
      if (last && compareJson(last.key, key) === 0) last.items.push(item);
      else groups.push({ key, items: [item] });
    }
    yield made(groups.map((group) => group.items));
  },
  "unique_by/1": function* ([body], input) {
    yield made(distinct(sortedBy(body, input), ({ key }) => key).map(({ item }) => item));
  },
  "min_by/1": function* ([body], input) {
    yield made(sortedBy(body, input)[0]?.item ?? null);
  },
  "max_by/1": function* ([body], input) {
    yield made(sortedBy(body, input).at(-1)?.item ?? null);
  },
  "env/0": function* (_, __, scope) {
    yield made(scope.machine.env);
  },
  "now/0": function* (_, __, scope) {
    yield made(scope.machine.now);
  },
  "input/0": function* (_, __, scope) {
    const next = scope.machine.nextInput();
    if (next === undefined) throw new JqError("No more inputs");
    yield made(next);
  },
  "inputs/0": function* (_, __, scope) {
    for (let next = scope.machine.nextInput(); next !== undefined; next = scope.machine.nextInput()) yield made(next);
  },
  "debug/0": function* (_, input) {
    yield input;
  },
  "match/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) for (const match of matches(input.value, one, null)) yield made(match);
  },
  "match/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input)) for (const one of values(pattern, input)) for (const match of matches(input.value, one, flag)) yield made(match);
  },
  "capture/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) for (const match of matches(input.value, one, null)) yield made(captures(match));
  },
  "scan/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) {
      for (const match of matches(input.value, one, "g")) {
        const groups = groupsOf(match);
        yield made(groups.length > 0 ? groups.map((group) => group.get("string") ?? null) : (match.get("string") ?? null));
      }
    }
  },
  "splits/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) yield* splitBy(input.value, one, null);
  },
  "split/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input)) for (const one of values(pattern, input)) yield made([...splitBy(input.value, one, flag)].map((part) => part.value));
  },
  "sub/2": (args, input) => substitute(args, input, ""),
  "sub/3": (args, input) => substitute(args, input, undefined),
  "gsub/2": (args, input) => substitute(args, input, "g"),
  "gsub/3": (args, input) => substitute(args, input, undefined, "g"),
  "walk/1": ([body], input) => walk(body, input),
  "in/1": function* ([other], input) {
    for (const one of values(other, input)) yield made(SIMPLE["has/1"]?.(one, input.value) ?? false);
  },
  "pick/1": function* ([body], input) {
    if (!body) return;
    let picked: Json = null;
    for (const path of pathsOf(body.filter, input.value, body.scope)) picked = setPath(picked, path, getPath(input.value, path));
    yield made(picked);
  },
  "getpath/1": function* ([body], input) {
    for (const path of values(body, input)) {
      if (!isArray(path)) throw new JqError("Path must be specified as an array");
      yield { path: input.path && [...input.path, ...path], value: getPath(input.value, path) };
    }
  },
  "splits/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input)) for (const one of values(pattern, input)) yield* splitBy(input.value, one, flag);
  },
  ...Object.fromEntries(
    (
      [
        ["arrays", isArray],
        ["objects", isObject],
        ["iterables", (value: Json) => isArray(value) || isObject(value)],
        ["booleans", (value: Json) => typeof value === "boolean"],
        ["numbers", isNumber],
        ["strings", (value: Json) => typeof value === "string"],
        ["nulls", (value: Json) => value === null],
        ["values", (value: Json) => value !== null],
        ["scalars", (value: Json) => !isArray(value) && !isObject(value)],
      ] as const
    ).map(([name, test]) => [
      `${name}/0`,
      function* (_: readonly Closure[], input: Output): Generator<Output> {
        if (test(input.value)) yield input;
      },
    ]),
  ),
};

export function* builtin(name: string, args: readonly Closure[], input: Output, scope: Scope): Generator<Output> {
  const key = `${name}/${args.length}`;
  const filter = FILTERS[key];
  if (filter) {
    yield* filter(args, input, scope);
    return;
  }
  const simple = SIMPLE[key];
  if (!simple) throw new NotDefined(key);
  yield* combinations(args, input, []);

  function* combinations(left: readonly Closure[], at: Output, chosen: readonly Json[]): Generator<Output> {
    const [first, ...rest] = left;
    if (!first) yield made((simple ?? fail(key))(at.value, ...chosen));
    else for (const value of values(first, at)) yield* combinations(rest, at, [...chosen, value]);
  }
}

/** Whether a program may call it: jq refuses unknown functions before it runs anything. */
export function isBuiltin(key: string): boolean {
  return Object.hasOwn(FILTERS, key) || Object.hasOwn(SIMPLE, key);
}

function* each(closure: Closure | undefined, input: Output): Generator<Output> {
  if (closure) yield* run(closure.filter, input, closure.scope);
}

function values(closure: Closure | undefined, input: Output): Json[] {
  return [...each(closure, free(input))].map((one) => one.value);
}

function free(input: Output): Output {
  return { path: undefined, value: input.value };
}

function* recurseBy(body: Closure | undefined, test: Closure | undefined, input: Output): Generator<Output> {
  yield input;
  for (const next of each(body, input)) if (!test || values(test, next).some(isTrue)) yield* recurseBy(body, test, next);
}

/** Bottom up, so that `body` sees what it made of the parts. */
function* walk(body: Closure | undefined, input: Output): Generator<Output> {
  const { value } = input;
  const inner = (item: Json): Json[] => [...walk(body, made(item))].map((one) => one.value);
  const walked: Json = isArray(value) ? value.flatMap(inner) : isObject(value) ? new Map([...value].flatMap(([key, item]) => inner(item).slice(0, 1).map((next) => [key, next] as const))) : value;
  yield* each(body, made(walked));
}

function* take(closure: Closure | undefined, input: Output, count: number): Generator<Output> {
  if (count <= 0) return;
  let taken = 0;
  for (const one of each(closure, input)) {
    yield one;
    if (++taken >= count) return;
  }
}

function* range(from: number, to: number, by: number): Generator<Output> {
  if (by > 0) for (let at = from; at < to; at += by) yield made(at);
  else if (by < 0) for (let at = from; at > to; at += by) yield made(at);
}

function sortable(value: Json): readonly Json[] {
  if (!isArray(value)) throw new JqError(`${described(value)} cannot be sorted, as it is not an array`);
  return value;
}

function sortedBy(body: Closure | undefined, input: Output): { readonly key: Json; readonly item: Json }[] {
  return sortable(input.value)
    .map((item) => ({ key: values(body, made(item)), item }))
    .sort((a, b) => compareJson(a.key, b.key));
}

function distinct<T>(sorted: readonly T[], key: (item: T) => Json): T[] {
  return sorted.filter((item, i) => i === 0 || compareJson(key(item), key(sorted[i - 1] ?? item)) !== 0);
}

function flatten(items: readonly Json[], depth: number): Json[] {
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function contains(value: Json, part: Json): boolean {
  if (isObject(value) && isObject(part)) return [...part].every(([key, item]) => value.has(key) && contains(value.get(key) ?? null, item));
  if (isArray(value) && isArray(part)) return part.every((item) => value.some((one) => typeOf(one) === typeOf(item) && contains(one, item)));
  if (typeof value === "string" && typeof part === "string") return value.includes(part);
  if (typeOf(value) === typeOf(part)) return compareJson(value, part) === 0;
  throw new JqError(`${described(value)} and ${described(part)} cannot have their containment checked`);
}

function indices(value: Json, part: Json): number[] | null {
  if (value === null) return null;
  if (typeof value === "string" && typeof part === "string") {
    if (part === "") return null;
    const found: number[] = [];
    for (let at = value.indexOf(part); at >= 0; at = value.indexOf(part, at + 1)) found.push([...value.slice(0, at)].length);
    return found;
  }
  const items = array(value, "searched");
  if (isArray(part)) return part.length === 0 ? null : items.flatMap((_, i) => (i + part.length <= items.length && part.every((item, k) => compareJson(items[i + k] ?? null, item) === 0) ? [i] : []));
  return items.flatMap((item, i) => (compareJson(item, part) === 0 ? [i] : []));
}

function dateNumber(input: Json): number {
  const ms = typeof input === "string" ? parseDate(input.replace("T", " "), 0) : undefined;
  if (ms === undefined) throw new JqError(`date ${printJson(input, COMPACT)} does not match format "%Y-%m-%dT%H:%M:%SZ"`);
  return ms / 1_000;
}

type Match = ReadonlyMap<string, Json>;

/** Matches as jq describes them. Its expressions are Oniguruma's; what JavaScript's do not know is refused. */
function matches(input: Json, pattern: Json, flags: Json): Match[] {
  if (typeof input !== "string") throw new JqError(`${described(input)} cannot be matched, as it is not a string`);
  const [source, given] = isArray(pattern) ? [pattern[0] ?? null, pattern[1] ?? null] : [pattern, flags];
  if (typeof source !== "string") throw new JqError(`${described(source)} cannot be matched, as it is not a string`);
  const letters = typeof given === "string" ? given : given === null ? "" : fail(`${described(given)} is not a string`);
  for (const letter of letters) if (!"gimnpslx".includes(letter)) throw new JqError(`${letters} is not a valid modifier string`);
  const extended = letters.includes("x") ? source.replace(/\\.|\[[^\]]*\]|\s+|#.*/g, (part) => (/^[\s#]/.test(part) ? "" : part)) : source;
  let regex: RegExp;
  try {
    regex = new RegExp(onigurumaToJs(extended), `gdu${letters.includes("i") ? "i" : ""}${/[sp]/.test(letters) ? "s" : ""}m`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JqError(`${source} (at offset 0) is not a valid regex: ${error.message}`);
  }
  const found: Match[] = [];
  const codePoints = (at: number): number => [...input.slice(0, at)].length;
  for (const match of input.matchAll(regex)) {
    const names = Object.entries(match.groups ?? {});
    const ranges = match.indices ?? [];
    const groups = match.slice(1).map((text: string | undefined, i) => {
      const at = ranges[i + 1]?.[0];
      const name = names.find(([key]) => match.indices?.groups?.[key]?.[0] === at && match.groups?.[key] === text && at !== undefined)?.[0];
      return new Map<string, Json>([["offset", at === undefined ? -1 : codePoints(at)], ["length", text === undefined ? 0 : [...text].length], ["string", text ?? null], ["name", name ?? null]]);
    });
    if (!(letters.includes("n") && match[0] === "")) found.push(new Map<string, Json>([["offset", codePoints(match.index)], ["length", [...match[0]].length], ["string", match[0]], ["captures", groups]]));
    if (!letters.includes("g")) break;
  }
  return found;
}

/** POSIX brackets and \\h, \\A, \\z are written differently in JavaScript. */
function onigurumaToJs(source: string): string {
  return source
    .replace(/\[:(\w+):\]/g, (all, name: string) => ({ alpha: "\\p{L}", digit: "0-9", alnum: "\\p{L}\\p{N}", space: "\\s", upper: "\\p{Lu}", lower: "\\p{Ll}", punct: "\\p{P}", xdigit: "0-9A-Fa-f" })[name] ?? all)
    .replace(/\\h/g, "[0-9A-Fa-f]")
    .replace(/\\A/g, "(?<![^])")
    .replace(/\\[zZ]/g, "(?![^])")
    .replace(/\\([-_"'@#%&=:;,<>!~` ])/g, "$1");
}

function groupsOf(match: Match): readonly ReadonlyMap<string, Json>[] {
  const groups = match.get("captures");
  return groups !== undefined && isArray(groups) ? groups.filter(isObject) : [];
}

function captures(match: Match): Json {
  return new Map(groupsOf(match).flatMap((group) => {
    const name = group.get("name");
    return typeof name === "string" ? [[name, group.get("string") ?? null] as const] : [];
  }));
}

function* splitBy(input: Json, pattern: Json, flags: Json): Generator<Output> {
  if (typeof input !== "string") throw new JqError(`${described(input)} cannot be matched, as it is not a string`);
  const letters = [...input];
  let start = 0;
  for (const match of matches(input, pattern, `g${typeof flags === "string" ? flags : ""}`)) {
    const offset = Number(match.get("offset"));
    yield made(letters.slice(start, offset).join(""));
    start = offset + Number(match.get("length"));
  }
  yield made(letters.slice(start).join(""));
}

function* substitute([pattern, replacement, flagsArgument]: readonly Closure[], input: Output, flags: string | undefined, more = ""): Generator<Output> {
  for (const one of values(pattern, input)) {
    for (const given of flags === undefined ? values(flagsArgument, input) : [flags]) {
      const text = input.value;
      if (typeof text !== "string") throw new JqError(`${described(text)} cannot be matched, as it is not a string`);
      const letters = [...text];
      let results = [""];
      let start = 0;
      for (const match of matches(text, one, `${typeof given === "string" ? given : ""}${more}`)) {
        const offset = Number(match.get("offset"));
        const between = letters.slice(start, offset).join("");
        const replacements = values(replacement, made(captures(match)));
        results = replacements.flatMap((next) => results.map((before) => before + between + (typeof next === "string" ? next : fail(`${described(captures(match))} cannot be added to a string`))));
        start = offset + Number(match.get("length"));
      }
      for (const result of results) yield made(result + letters.slice(start).join(""));
    }
  }
}
