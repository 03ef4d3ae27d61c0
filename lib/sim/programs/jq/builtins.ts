/** jq's builtin functions of filters, which decide how often and on what their arguments run; and how functions are found. */

import { InvariantViolation } from "@/lib/base/invariant";
import { calculate } from "./arithmetic";
import { deeper, pathsOf, run } from "./evaluate";
import { array, distinct, fail, items, number, SIMPLE } from "./functions";
import { COMPACT, compareJson, isArray, isNumber, isObject, type Json, numberOf, printJson } from "./json";
import { captures, matches, scanned, splitBy } from "./matching";
import { deletePaths, getPath, setPath } from "./paths";
import { type Closure, Scope } from "./scope";
import { described, free, indexed, isTrue, iterate, JqError, JqHalt, made, type Output, plainText, recurse } from "./values";

/** A call of one of jq's functions that is not simulated. */
export class NotDefined extends Error {}

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
    else if (isObject(value))
      yield made(
        new Map(
          [...value].flatMap(([key, item]) =>
            values(body, made(item))
              .slice(0, 1)
              .map((next) => [key, next] as const),
          ),
        ),
      );
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
    for (const { path, value } of recurse({ path: [], value: input.value }))
      if (path && path.length > 0 && values(test, made(value)).some(isTrue)) yield made(path);
  },
  "leaf_paths/0": function* (_, input) {
    for (const { path, value } of recurse({ path: [], value: input.value }))
      if (path && path.length > 0 && !isArray(value) && !isObject(value)) yield made(path);
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
    for (const start of values(from, input))
      for (const end of values(to, input))
        yield* range(number(start, "Range bounds must be numeric"), number(end, "Range bounds must be numeric"), 1);
  },
  "range/3": function* ([from, to, by], input) {
    for (const start of values(from, input))
      for (const end of values(to, input))
        for (const step of values(by, input))
          yield* range(
            number(start, "Range bounds must be numeric"),
            number(end, "Range bounds must be numeric"),
            number(step, "Range bounds must be numeric"),
          );
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
    yield indexed(input, -1);
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
      const skipped = notNegative(at, "nth doesn't support negative indices");
      const found = [...take(body, input, skipped + 1)][skipped];
      if (found) yield found;
    }
  },
  "limit/2": function* ([count, body], input) {
    for (const limit of values(count, input)) yield* take(body, input, notNegative(limit, "limit doesn't support negative count"));
  },
  "skip/2": function* ([count, body], input) {
    for (const skipped of values(count, input))
      yield* [...each(body, input)].slice(notNegative(skipped, "skip doesn't support negative count"));
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
    for (;;) yield* each(update, input);
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
    if (next === undefined) throw new JqError("break");
    yield made(next);
  },
  "inputs/0": function* (_, __, scope) {
    for (let next = scope.machine.nextInput(); next !== undefined; next = scope.machine.nextInput()) yield made(next);
  },
  "input_filename/0": function* (_, __, scope) {
    yield made(scope.machine.inputName);
  },
  "input_line_number/0": function* (_, __, scope) {
    yield made(scope.machine.inputLine());
  },
  "IN/1": function* ([source], input) {
    yield made(values(source, input).some((one) => compareJson(one, input.value) === 0));
  },
  "IN/2": function* ([source, among], input) {
    const all = values(among, input);
    yield made(values(source, input).some((one) => all.some((other) => compareJson(one, other) === 0)));
  },
  "combinations/0": (_, input) => combined(array(input.value, "iterated over"), []),
  "combinations/1": function* ([count], input) {
    for (const times of values(count, input))
      yield* combined(
        Array.from({ length: number(times, "number required") }, () => input.value),
        [],
      );
  },
  "tostream/0": (_, input) => streamed(input.value, []),
  "debug/0": function* (_, input, scope) {
    scope.machine.said.push(`["DEBUG:",${printJson(input.value, COMPACT)}]\n`);
    yield input;
  },
  "debug/1": function* ([message], input, scope) {
    for (const one of values(message, input)) scope.machine.said.push(`["DEBUG:",${printJson(one, COMPACT)}]\n`);
    yield input;
  },
  "stderr/0": function* (_, input, scope) {
    scope.machine.said.push(plainText(input.value));
    yield input;
  },
  "halt/0": () => {
    throw new JqHalt(0, "");
  },
  "halt_error/0": (_, { value }) => {
    throw new JqHalt(5, haltText(value));
  },
  "halt_error/1": ([status], input) => {
    for (const code of values(status, input)) throw new JqHalt(number(code, "halt_error/1: number required"), haltText(input.value));
    return none();
  },
  "match/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) for (const match of matches(input.value, one, null)) yield made(match);
  },
  "match/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input))
      for (const one of values(pattern, input)) for (const match of matches(input.value, one, flag)) yield made(match);
  },
  "capture/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) for (const match of matches(input.value, one, null)) yield made(captures(match));
  },
  "capture/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input))
      for (const one of values(pattern, input)) for (const match of matches(input.value, one, flag)) yield made(captures(match));
  },
  "scan/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input))
      for (const one of values(pattern, input)) yield* scanned(input.value, one, `g${typeof flag === "string" ? flag : ""}`);
  },
  "INDEX/1": function* ([key], input) {
    yield made(indexBy(items(input.value), key));
  },
  "INDEX/2": function* ([source, key], input) {
    yield made(indexBy(values(source, input), key));
  },
  "scan/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) {
      yield* scanned(input.value, one, "g");
    }
  },
  "splits/1": function* ([pattern], input) {
    for (const one of values(pattern, input)) yield* splitBy(input.value, one, null);
  },
  "split/2": function* ([pattern, flags], input) {
    for (const flag of values(flags, input))
      for (const one of values(pattern, input)) yield made([...splitBy(input.value, one, flag)].map((part) => part.value));
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
        ["finites", (value: Json) => isNumber(value) && Number.isFinite(numberOf(value))],
        ["normals", (value: Json) => isNumber(value) && Number.isFinite(numberOf(value)) && numberOf(value) !== 0],
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
  if (!simple) throw new InvariantViolation(`jq calls ${key}, which was checked not to exist`);
  yield* combinations(args, input, []);

  function* combinations(left: readonly Closure[], at: Output, chosen: readonly Json[]): Generator<Output> {
    const [first, ...rest] = left;
    if (!first) yield made((simple ?? fail(key))(at.value, ...chosen));
    else for (const value of values(first, at)) yield* combinations(rest, at, [...chosen, value]);
  }
}

/** What jq has and this does not. */
const NOT_HERE: ReadonlySet<string> = new Set(
  `
  JOIN/2 JOIN/3 JOIN/4 acos/0 acosh/0 asin/0 asinh/0 atan/0 atan2/2 atanh/0 bsearch/1 builtins/0 cbrt/0 copysign/2 cos/0 cosh/0
  drem/2 erf/0 erfc/0 expm1/0 fdim/2 fma/3 fmax/2 fmin/2 fmod/2 frexp/0 fromstream/1 gamma/0 get_jq_origin/0 get_prog_origin/0
  get_search_list/0 hypot/2 j0/0 j1/0 jn/2 ldexp/2 lgamma/0 lgamma_r/0 localtime/0 log1p/0 logb/0 modf/0 modulemeta/0 nearbyint/0
  nextafter/2 nexttoward/2 remainder/2 rint/0 scalb/2 scalbln/2 sin/0 sinh/0 strflocaltime/1 strptime/1 tan/0 tanh/0 tgamma/0
  truncate_stream/1 y0/0 y1/0 yn/2
`
    .trim()
    .split(/\s+/),
);

/** Whether a program may call it: jq refuses unknown functions before it runs anything. */
export function isBuiltin(key: string): boolean {
  if (NOT_HERE.has(key)) throw new NotDefined(key);
  return Object.hasOwn(FILTERS, key) || Object.hasOwn(SIMPLE, key);
}

export function* each(closure: Closure | undefined, input: Output): Generator<Output> {
  if (closure) yield* run(closure.filter, input, closure.scope);
}

export function values(closure: Closure | undefined, input: Output): Json[] {
  return [...each(closure, free(input))].map((one) => one.value);
}

function* recurseBy(body: Closure | undefined, test: Closure | undefined, input: Output, depth = 0): Generator<Output> {
  yield input;
  for (const next of each(body, input)) if (!test || values(test, next).some(isTrue)) yield* recurseBy(body, test, next, deeper(depth));
}

/** Bottom up, so that `body` sees what it made of the parts. */
function* walk(body: Closure | undefined, input: Output): Generator<Output> {
  const { value } = input;
  const inner = (item: Json): Json[] => [...walk(body, made(item))].map((one) => one.value);
  const walked: Json = isArray(value)
    ? value.flatMap(inner)
    : isObject(value)
      ? new Map(
          [...value].flatMap(([key, item]) =>
            inner(item)
              .slice(0, 1)
              .map((next) => [key, next] as const),
          ),
        )
      : value;
  yield* each(body, made(walked));
}

function indexBy(rows: readonly Json[], key: Closure | undefined): Json {
  return new Map(rows.flatMap((row) => values(key, made(row)).map((name) => [plainText(name), row] as const)));
}

function* none(): Generator<Output> {}

function haltText(value: Json): string {
  return value === null ? "" : typeof value === "string" ? value : `${printJson(value, COMPACT)}\n`;
}

function notNegative(value: Json, complaint: string): number {
  const count = number(value, "number required");
  return count >= 0 ? count : fail(complaint);
}

/** Every choice of one item out of each array. */
function* combined(sets: readonly Json[], chosen: readonly Json[]): Generator<Output> {
  const [first, ...rest] = sets;
  if (first === undefined) yield made(chosen);
  else for (const { value } of iterate(made(first))) yield* combined(rest, [...chosen, value]);
}

/** The leaves with their paths, and after the last item of each array or object its path alone. */
function* streamed(value: Json, path: readonly Json[]): Generator<Output> {
  const inner = isArray(value) ? value.map((item, i) => [i, item] as const) : isObject(value) ? [...value] : [];
  if (inner.length === 0) yield made([path, value]);
  for (const [key, item] of inner) yield* streamed(item, [...path, key]);
  const last = inner.at(-1);
  if (last) yield made([[...path, last[0]]]);
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

function sortedBy(body: Closure | undefined, input: Output): { readonly key: Json; readonly item: Json }[] {
  const keyed = items(input.value).map((item) => ({ key: values(body, made(item)), item }));
  if (!isArray(input.value))
    throw new JqError(
      `${described(input.value)} and ${described(keyed.map(({ key }) => key))} cannot be sorted, as they are not both arrays`,
    );
  return keyed.sort((a, b) => compareJson(a.key, b.key));
}

function* substitute(
  [pattern, replacement, flagsArgument]: readonly Closure[],
  input: Output,
  flags: string | undefined,
  more = "",
): Generator<Output> {
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
        results = replacements.flatMap((next) =>
          results.map(
            (before) =>
              before + between + (typeof next === "string" ? next : fail(`${described(captures(match))} cannot be added to a string`)),
          ),
        );
        start = offset + Number(match.get("length"));
      }
      for (const result of results) yield made(result + letters.slice(start).join(""));
    }
  }
}
