/**
 * Runs jq programs: each filter gives any number of outputs for an input (jq 1.8 manual, "Basic filters").
 *
 * Paths and values are computed together: what can be assigned to knows where it came from. Builtins are in builtins.ts.
 */

import { utf8Bytes, utf8Length, utf8Prefix, utf8Text } from "@/lib/base/utf8";
import { decodeBase64, encodeBase64 } from "../coreutils/bytes";
import { builtin } from "./builtins";
import { compareJson, COMPACT, isArray, isNumber, isObject, type Json, numberOf, printJson, typeOf } from "./json";
import type { Filter, Pattern } from "./syntax";

/** An error of the program: `error("x")`, `1 + "a"`. It can be caught with `try`. */
export class JqError extends Error {
  readonly value: Json;
  constructor(value: Json) {
    super(typeof value === "string" ? value : printJson(value, COMPACT));
    this.value = value;
  }
}

/** A limit of the simulator. It cannot be caught. */
export class JqLimit extends Error {}

class Break extends Error {
  readonly label: object;
  constructor(label: object) {
    super("break");
    this.label = label;
  }
}

export type Path = readonly Json[];
/** A value and where in the input it is; `undefined` for one that was made. */
export type Output = { readonly path: Path | undefined; readonly value: Json };

export type Closure = { readonly filter: Filter; readonly scope: Scope };
type Definition = { readonly parameters: readonly string[]; readonly body: Filter; readonly scope: () => Scope };

/** What names mean at a place in the program. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly variables = new Map<string, Json>();
  readonly functions = new Map<string, Definition | Closure>();
  readonly labels = new Map<string, object>();
  readonly machine: Machine;

  constructor(machine: Machine, parent?: Scope) {
    this.machine = machine;
    this.#parent = parent;
  }

  child(): Scope {
    return new Scope(this.machine, this);
  }

  variable(name: string): Json | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) if (scope.variables.has(name)) return scope.variables.get(name);
    return undefined;
  }

  function(key: string): Definition | Closure | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const found = scope.functions.get(key);
      if (found) return found;
    }
    return undefined;
  }

  label(name: string): object | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const found = scope.labels.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** What a run shares: its input, its environment, and how much it may do. */
export type Machine = {
  readonly env: Json;
  readonly now: number;
  nextInput(): Json | undefined;
  steps: number;
};

const MAX_STEPS = 5_000_000;

export function* run(filter: Filter, input: Output, scope: Scope): Generator<Output> {
  const { machine } = scope;
  if (++machine.steps > MAX_STEPS) throw new JqLimit(`drydock: jq stopped after ${MAX_STEPS} steps; this is a limit of the simulator, not of jq`);
  switch (filter.kind) {
    case "identity":
      yield input;
      return;
    case "recurse-default":
      yield* recurse(input);
      return;
    case "literal":
      yield made(filter.value);
      return;
    case "string":
      yield* interpolate(filter, input, scope);
      return;
    case "format":
      yield made(format(filter.name, input.value));
      return;
    case "index":
      for (const of of run(filter.of, input, scope)) for (const key of run(filter.key, free(input), scope)) yield indexed(of, key.value);
      return;
    case "slice":
      for (const of of run(filter.of, input, scope)) {
        for (const to of filter.to ? run(filter.to, free(input), scope) : [made(null)]) {
          for (const from of filter.from ? run(filter.from, free(input), scope) : [made(null)]) yield sliced(of, from.value, to.value);
        }
      }
      return;
    case "iterate":
      for (const of of run(filter.of, input, scope)) yield* iterate(of);
      return;
    case "try":
      try {
        yield* run(filter.body, input, scope);
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (filter.handler) yield* run(filter.handler, made(error.value), scope);
      }
      return;
    case "array":
      yield made(filter.body ? [...run(filter.body, free(input), scope)].map((one) => one.value) : []);
      return;
    case "object":
      yield* objects(filter.entries, 0, new Map(), input, scope);
      return;
    case "pipe":
      for (const left of run(filter.left, input, scope)) yield* run(filter.right, left, scope);
      return;
    case "comma":
      yield* run(filter.left, input, scope);
      yield* run(filter.right, input, scope);
      return;
    case "negate":
      for (const { value } of run(filter.operand, free(input), scope)) {
        if (!isNumber(value)) throw new JqError(`${described(value)} cannot be negated`);
        yield made(-numberOf(value));
      }
      return;
    case "binary":
      yield* binary(filter, input, scope);
      return;
    case "assign":
      yield* assign(filter, input, scope);
      return;
    case "if":
      for (const { value } of run(filter.test, free(input), scope)) yield* isTrue(value) ? run(filter.yes, input, scope) : filter.no ? run(filter.no, input, scope) : [input];
      return;
    case "reduce": {
      for (const start of run(filter.start, input, scope)) {
        let state: Output | undefined = start;
        for (const one of run(filter.source, free(input), scope)) {
          for (const bound of bind(filter.pattern, one.value, scope)) {
            const last: Output | undefined = [...run(filter.update, state ?? made(null), bound)].at(-1);
            state = last ?? made(null);
          }
        }
        yield state ?? made(null);
      }
      return;
    }
    case "foreach":
      for (const start of run(filter.start, input, scope)) {
        let state = start;
        for (const one of run(filter.source, free(input), scope)) {
          for (const bound of bind(filter.pattern, one.value, scope)) {
            for (const next of run(filter.update, state, bound)) {
              state = next;
              yield* filter.extract ? run(filter.extract, next, bound) : [next];
            }
          }
        }
      }
      return;
    case "bind":
      for (const one of run(filter.source, free(input), scope)) yield* bindAny(filter.patterns, one.value, filter.body, input, scope);
      return;
    case "def": {
      const inner = scope.child();
      inner.functions.set(`${filter.name}/${filter.parameters.length}`, { parameters: filter.parameters, body: filter.body, scope: () => inner });
      yield* run(filter.rest, input, inner);
      return;
    }
    case "label": {
      const inner = scope.child();
      const label = {};
      inner.labels.set(filter.name, label);
      try {
        yield* run(filter.body, input, inner);
      } catch (error) {
        if (!(error instanceof Break) || error.label !== label) throw error;
      }
      return;
    }
    case "break":
      throw new Break(scope.label(filter.name) ?? {});
    case "variable":
      yield made(filter.name === "ENV" ? machine.env : filter.name === "__loc__" ? new Map<string, Json>([["file", "<top-level>"], ["line", 1]]) : (scope.variable(filter.name) ?? null));
      return;
    case "call":
      yield* call(filter.name, filter.args, input, scope);
      return;
  }
}

function* call(name: string, args: readonly Filter[], input: Output, scope: Scope): Generator<Output> {
  const known = scope.function(`${name}/${args.length}`);
  if (!known) {
    yield* builtin(name, args.map((filter) => ({ filter, scope })), input, scope);
    return;
  }
  if ("filter" in known) {
    yield* run(known.filter, input, known.scope);
    return;
  }
  const inner = known.scope().child();
  yield* passArguments(known, args, 0, inner, input, scope);
}

/** Parameters are filters; those written `$x` are values, and the function runs once for each. */
function* passArguments(known: Definition, args: readonly Filter[], at: number, inner: Scope, input: Output, scope: Scope): Generator<Output> {
  const parameter = known.parameters[at];
  const arg = args[at];
  if (parameter === undefined || !arg) {
    yield* run(known.body, input, inner);
    return;
  }
  if (!parameter.startsWith("$")) {
    const next = inner.child();
    next.functions.set(`${parameter}/0`, { filter: arg, scope });
    yield* passArguments(known, args, at + 1, next, input, scope);
    return;
  }
  for (const { value } of run(arg, free(input), scope)) {
    const next = inner.child();
    next.variables.set(parameter.slice(1), value);
    next.functions.set(`${parameter.slice(1)}/0`, { filter: { kind: "literal", value }, scope });
    yield* passArguments(known, args, at + 1, next, input, scope);
  }
}

function* binary(filter: Extract<Filter, { kind: "binary" }>, input: Output, scope: Scope): Generator<Output> {
  const { operator } = filter;
  if (operator === "//") {
    let any = false;
    try {
      for (const one of run(filter.left, input, scope)) {
        if (!isTrue(one.value)) continue;
        any = true;
        yield one;
      }
    } catch (error) {
      // Errors of the left side count as no output, once something may have come.
      if (!(error instanceof JqError)) throw error;
    }
    if (!any) yield* run(filter.right, input, scope);
    return;
  }
  if (operator === "and" || operator === "or") {
    for (const left of run(filter.left, free(input), scope)) {
      if (isTrue(left.value) === (operator === "or")) yield made(operator === "or");
      else for (const right of run(filter.right, free(input), scope)) yield made(isTrue(right.value));
    }
    return;
  }
  for (const right of run(filter.right, free(input), scope)) for (const left of run(filter.left, free(input), scope)) yield made(calculate(operator, left.value, right.value));
}

export type Operator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";

export function calculate(operator: Operator, left: Json, right: Json): Json {
  switch (operator) {
    case "==":
      return compareJson(left, right) === 0;
    case "!=":
      return compareJson(left, right) !== 0;
    case "<":
      return compareJson(left, right) < 0;
    case "<=":
      return compareJson(left, right) <= 0;
    case ">":
      return compareJson(left, right) > 0;
    case ">=":
      return compareJson(left, right) >= 0;
    case "+":
      if (left === null) return right;
      if (right === null) return left;
      if (isNumber(left) && isNumber(right)) return numberOf(left) + numberOf(right);
      if (typeof left === "string" && typeof right === "string") return left + right;
      if (isArray(left) && isArray(right)) return [...left, ...right];
      if (isObject(left) && isObject(right)) return new Map([...left, ...right]);
      break;
    case "-":
      if (isNumber(left) && isNumber(right)) return numberOf(left) - numberOf(right);
      if (isArray(left) && isArray(right)) return left.filter((one) => !right.some((other) => compareJson(one, other) === 0));
      break;
    case "*":
      if (isNumber(left) && isNumber(right)) return numberOf(left) * numberOf(right);
      if (typeof left === "string" && isNumber(right)) return numberOf(right) > 0 ? left.repeat(Math.max(1, Math.floor(numberOf(right)))) : null;
      if (isNumber(left) && typeof right === "string") return numberOf(left) > 0 ? right.repeat(Math.max(1, Math.floor(numberOf(left)))) : null;
      if (isObject(left) && isObject(right)) return mergeDeep(left, right);
      break;
    case "/":
      if (isNumber(left) && isNumber(right)) {
        if (numberOf(right) === 0) throw new JqError(`${described(left)} and ${described(right)} cannot be divided because the divisor is zero`);
        return numberOf(left) / numberOf(right);
      }
      if (typeof left === "string" && typeof right === "string") return left === "" ? [] : left.split(right);
      break;
    case "%":
      if (isNumber(left) && isNumber(right)) {
        const [a, b] = [Math.trunc(numberOf(left)), Math.trunc(numberOf(right))];
        if (b === 0) throw new JqError(`${described(left)} and ${described(right)} cannot be divided because the divisor is zero`);
        return a % Math.abs(b);
      }
      break;
  }
  const verb = { "+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided" }[operator];
  throw new JqError(`${described(left)} and ${described(right)} cannot be ${verb}`);
}

function mergeDeep(left: ReadonlyMap<string, Json>, right: ReadonlyMap<string, Json>): Json {
  const merged = new Map(left);
  for (const [key, value] of right) {
    const before = merged.get(key);
    merged.set(key, before !== undefined && isObject(before) && isObject(value) ? mergeDeep(before, value) : value);
  }
  return merged;
}

function* assign(filter: Extract<Filter, { kind: "assign" }>, input: Output, scope: Scope): Generator<Output> {
  const { operator, left, right } = filter;
  if (operator === "|=") {
    let value = input.value;
    const gone: Path[] = [];
    for (const path of pathsOf(left, input.value, scope)) {
      const [first] = run(right, made(getPath(value, path)), scope);
      if (first) value = setPath(value, path, first.value);
      else gone.push(path);
    }
    yield made(deletePaths(value, gone));
    return;
  }
  for (const { value: operand } of run(right, free(input), scope)) {
    let value = input.value;
    for (const path of pathsOf(left, input.value, scope)) {
      const before = getPath(value, path);
      const after = operator === "=" ? operand : operator === "//=" ? (isTrue(before) ? before : operand) : calculate(operator.slice(0, -1) as Operator, before, operand);
      value = setPath(value, path, after);
    }
    yield made(value);
  }
}

/** Where a filter leads in a value. */
export function pathsOf(filter: Filter, value: Json, scope: Scope): Path[] {
  return [...run(filter, { path: [], value }, scope)].map((one) => {
    if (!one.path) throw new JqError(`Invalid path expression with result ${shortened(one.value)}`);
    return one.path;
  });
}

export function getPath(value: Json, path: Path): Json {
  let at: Json = value;
  for (const key of path) at = at === null ? null : indexed({ path: undefined, value: at }, key).value;
  return at;
}

export function setPath(value: Json, path: Path, made: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return made;
  if (typeof key === "string") {
    if (value !== null && !isObject(value)) throw new JqError(`Cannot index ${typeOf(value)} with "${key}"`);
    return new Map(value ?? []).set(key, setPath(value?.get(key) ?? null, rest, made));
  }
  if (isNumber(key)) {
    if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with number`);
    const items = [...(value ?? [])];
    const index = Math.trunc(numberOf(key)) + (numberOf(key) < 0 ? items.length : 0);
    if (index < 0) throw new JqError("Out of bounds negative array index");
    while (items.length <= index) items.push(null);
    items[index] = setPath(items[index] ?? null, rest, made);
    return items;
  }
  if (isObject(key) && (value === null || isArray(value))) {
    const { from, to } = sliceBounds(value ?? [], key.get("start") ?? null, key.get("end") ?? null);
    const inner = setPath((value ?? []).slice(from, to), rest, made);
    if (!isArray(inner)) throw new JqError("A slice of an array can only be assigned another array");
    return [...(value ?? []).slice(0, from), ...inner, ...(value ?? []).slice(to)];
  }
  throw new JqError(`Cannot index ${typeOf(value)} with ${typeOf(key)}`);
}

export function deletePaths(value: Json, paths: readonly Path[]): Json {
  const ordered = [...paths].sort((a, b) => -compareJson(a, b));
  return ordered.reduce(deletePath, value);
}

function deletePath(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (key === undefined || value === null) return null;
  if (rest.length > 0) {
    const inner = getPath(value, [key]);
    return inner === null ? value : setPath(value, [key], deletePath(inner, rest));
  }
  if (typeof key === "string" && isObject(value)) {
    const left = new Map(value);
    left.delete(key);
    return left;
  }
  if (isNumber(key) && isArray(value)) {
    const index = Math.trunc(numberOf(key)) + (numberOf(key) < 0 ? value.length : 0);
    return value.filter((_, i) => i !== index);
  }
  if (isObject(key) && isArray(value)) {
    const { from, to } = sliceBounds(value, key.get("start") ?? null, key.get("end") ?? null);
    return [...value.slice(0, from), ...value.slice(to)];
  }
  throw new JqError(`Cannot delete field at ${typeof key === "string" ? "object" : "array"} index of ${typeOf(value)}`);
}

function* bindAny(patterns: readonly Pattern[], value: Json, body: Filter, input: Output, scope: Scope): Generator<Output> {
  for (const [i, pattern] of patterns.entries()) {
    try {
      for (const bound of bind(pattern, value, scope)) yield* run(body, input, bound);
      return;
    } catch (error) {
      if (!(error instanceof JqError) || i === patterns.length - 1) throw error;
    }
  }
}

function* bind(pattern: Pattern, value: Json, scope: Scope): Generator<Scope> {
  switch (pattern.kind) {
    case "variable": {
      const inner = scope.child();
      inner.variables.set(pattern.name, value);
      yield inner;
      return;
    }
    case "array": {
      if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with number`);
      yield* bindItems(pattern.items, 0, value ?? [], scope);
      return;
    }
    case "object": {
      yield* bindEntries(pattern.entries, 0, value, scope);
      return;
    }
  }
}

function* bindItems(items: readonly Pattern[], at: number, value: readonly Json[], scope: Scope): Generator<Scope> {
  const item = items[at];
  if (!item) {
    yield scope;
    return;
  }
  for (const inner of bind(item, value[at] ?? null, scope)) yield* bindItems(items, at + 1, value, inner);
}

function* bindEntries(entries: Extract<Pattern, { kind: "object" }>["entries"], at: number, value: Json, scope: Scope): Generator<Scope> {
  const entry = entries[at];
  if (!entry) {
    yield scope;
    return;
  }
  for (const key of run(entry.key, made(value), scope)) {
    const found = indexed(made(value), key.value).value;
    const inner = scope.child();
    if (entry.variable !== undefined) inner.variables.set(entry.variable, found);
    if (!entry.value) yield* bindEntries(entries, at + 1, value, inner);
    else for (const bound of bind(entry.value, found, inner)) yield* bindEntries(entries, at + 1, value, bound);
  }
}

function* objects(entries: Extract<Filter, { kind: "object" }>["entries"], at: number, built: ReadonlyMap<string, Json>, input: Output, scope: Scope): Generator<Output> {
  const entry = entries[at];
  if (!entry) {
    yield made(built);
    return;
  }
  for (const key of run(entry.key, free(input), scope)) {
    if (typeof key.value !== "string") throw new JqError(`Object keys must be strings`);
    for (const { value } of run(entry.value, free(input), scope)) yield* objects(entries, at + 1, new Map(built).set(key.value, value), input, scope);
  }
}

function* interpolate({ format: name, parts }: Extract<Filter, { kind: "string" }>, input: Output, scope: Scope, at = 0, text = ""): Generator<Output> {
  const part = parts[at];
  const next = (more: string): Generator<Output> => interpolate({ kind: "string", format: name, parts }, input, scope, at + 1, text + more);
  if (part === undefined) yield made(text);
  else if (typeof part === "string") yield* next(part);
  else for (const { value } of run(part, free(input), scope)) yield* next(name === undefined ? plainText(value) : format(name, value));
}

/** `tostring`: strings as they are, everything else as JSON. */
export function plainText(value: Json): string {
  return typeof value === "string" ? value : printJson(value, COMPACT);
}

export function format(name: string, value: Json): string {
  const rows = (shape: (item: Json) => string, separator: string, what: string): string => {
    if (!isArray(value)) throw new JqError(`${described(value)} cannot be ${what}-formatted, only an array can be`);
    return value.map((item) => {
      if (isArray(item) || isObject(item)) throw new JqError(`${described(item)} is not valid in a csv row`);
      return item === null ? "" : typeof item === "boolean" || isNumber(item) ? printJson(item, COMPACT) : shape(item);
    }).join(separator);
  };
  switch (name) {
    case "@text":
      return plainText(value);
    case "@json":
      return printJson(value, COMPACT);
    case "@csv":
      return rows((item) => `"${plainText(item).replaceAll('"', '""')}"`, ",", "csv");
    case "@tsv":
      return rows((item) => plainText(item).replace(/[\\\t\n\r]/g, (c) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[c] ?? c), "\t", "tsv");
    case "@html":
      return plainText(value).replace(/[<>&'"]/g, (c) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&#39;", '"': "&quot;" })[c] ?? c);
    case "@uri":
      return encodeURIComponent(plainText(value)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    case "@sh":
      return (isArray(value) ? value : [value]).map((item) => {
        if (isArray(item) || isObject(item)) throw new JqError(`${described(item)} can not be escaped for shell`);
        return typeof item === "string" ? `'${item.replaceAll("'", "'\\''")}'` : printJson(item, COMPACT);
      }).join(" ");
    case "@base64":
      return encodeBase64(utf8Bytes(plainText(value)));
    case "@base64d":
      return utf8Text(decodeBase64(plainText(value)).bytes);
    default:
      throw new JqError(`${name.slice(1)} is not a valid format`);
  }
}

export function made(value: Json): Output {
  return { path: undefined, value };
}

/** The same value without its place: what is computed from it is no path. */
function free(input: Output): Output {
  return { path: undefined, value: input.value };
}

export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

/** `number (1)`, as errors name a value; long ones are cut short. */
export function described(value: Json): string {
  return `${typeOf(value)} (${shortened(value)})`;
}

function shortened(value: Json): string {
  const text = printJson(value, COMPACT);
  if (utf8Length(text) <= 29) return text;
  return typeof value === "string" ? `${utf8Prefix(text, 25)}..."` : `${utf8Prefix(text, 26)}...`;
}

export function indexed({ path, value }: Output, key: Json): Output {
  const next = path && [...path, key];
  if (value === null && (typeof key === "string" || isNumber(key) || key === null)) return { path: next, value: null };
  if (isObject(value) && typeof key === "string") return { path: next, value: value.get(key) ?? null };
  if (isArray(value) && isNumber(key)) {
    const index = Math.floor(numberOf(key));
    return { path: next, value: value[index < 0 ? index + value.length : index] ?? null };
  }
  if ((isArray(value) || value === null) && isObject(key)) return sliced({ path, value }, key.get("start") ?? null, key.get("end") ?? null);
  if (isArray(value) && isArray(key)) {
    const found = value.flatMap((_, i) => (key.length > 0 && key.every((item, k) => compareJson(value[i + k] ?? null, item) === 0 && i + k < value.length) ? [i] : []));
    return made(found);
  }
  throw new JqError(`Cannot index ${typeOf(value)} with ${described(key)}`);
}

function sliceBounds(value: { readonly length: number }, from: Json, to: Json): { readonly from: number; readonly to: number } {
  const bound = (at: Json, otherwise: number, round: (n: number) => number): number => {
    if (at === null) return otherwise;
    if (!isNumber(at)) throw new JqError("Start and end indices of an array slice must be numbers");
    const number = numberOf(at) < 0 ? numberOf(at) + value.length : numberOf(at);
    return Math.max(0, Math.min(value.length, round(number)));
  };
  const start = bound(from, 0, Math.floor);
  return { from: start, to: Math.max(start, bound(to, value.length, Math.ceil)) };
}

function sliced({ path, value }: Output, from: Json, to: Json): Output {
  const next = path && [...path, new Map<string, Json>([["start", from], ["end", to]])];
  if (value === null) return { path: next, value: null };
  if (typeof value === "string") {
    const letters = [...value];
    const bounds = sliceBounds(letters, from, to);
    return made(letters.slice(bounds.from, bounds.to).join(""));
  }
  if (!isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with object`);
  const bounds = sliceBounds(value, from, to);
  return { path: next, value: value.slice(bounds.from, bounds.to) };
}

export function* iterate({ path, value }: Output): Generator<Output> {
  if (isArray(value)) for (const [i, item] of value.entries()) yield { path: path && [...path, i], value: item };
  else if (isObject(value)) for (const [key, item] of value) yield { path: path && [...path, key], value: item };
  else throw new JqError(`Cannot iterate over ${value === null ? "null" : described(value)}`);
}

export function* recurse(input: Output): Generator<Output> {
  yield input;
  if (isArray(input.value) || isObject(input.value)) for (const inner of iterate(input)) yield* recurse(inner);
}
