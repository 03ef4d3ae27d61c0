/**
 * Runs jq programs: each filter gives any number of outputs for an input (jq 1.8 manual, "Basic filters").
 *
 * Paths and values are computed together: what can be assigned to knows where it came from. Builtins are in builtins.ts.
 */

import { calculate, type Operator } from "./arithmetic";
import { builtin } from "./builtins";
import { format } from "./formats";
import { isArray, isNumber, type Json, JsonNumber, numberOf, typeOf } from "./json";
import { deletePaths, getPath, setPath } from "./paths";
import { type Definition, Scope } from "./scope";
import type { Filter, Pattern } from "./filter";
import {
  described,
  free,
  indexed,
  isTrue,
  iterate,
  JqError,
  JqLimit,
  made,
  type Output,
  type Path,
  plainText,
  recurse,
  shortened,
  sliced,
} from "./values";

class Break extends Error {
  readonly label: object;
  constructor(label: object) {
    super("break");
    this.label = label;
  }
}

const MAX_STEPS = 5_000_000;

export function* run(filter: Filter, input: Output, scope: Scope): Generator<Output> {
  const { machine } = scope;
  if (++machine.steps > MAX_STEPS)
    throw new JqLimit(`drydock: jq stopped after ${MAX_STEPS} steps; this is a limit of the simulator, not of jq`);
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
        yield made(
          value instanceof JsonNumber && value.value !== 0
            ? new JsonNumber(value.text.startsWith("-") ? value.text.slice(1) : `-${value.text}`)
            : -numberOf(value),
        );
      }
      return;
    case "binary":
      yield* binary(filter, input, scope);
      return;
    case "assign":
      yield* assign(filter, input, scope);
      return;
    case "if":
      for (const { value } of run(filter.test, free(input), scope))
        yield* isTrue(value) ? run(filter.yes, input, scope) : filter.no ? run(filter.no, input, scope) : [input];
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
      inner.functions.set(`${filter.name}/${filter.parameters.length}`, {
        parameters: filter.parameters,
        body: filter.body,
        scope: () => inner,
      });
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
      yield made(
        filter.name === "ENV"
          ? machine.env
          : filter.name === "__loc__"
            ? new Map<string, Json>([
                ["file", "<top-level>"],
                ["line", 1],
              ])
            : (scope.variable(filter.name) ?? null),
      );
      return;
    case "call":
      yield* call(filter.name, filter.args, input, scope);
      return;
  }
}

/** Calls within each other. */
const MAX_DEPTH = 200;

/** One call more within a call. */
export function deeper(depth: number): number {
  if (depth >= MAX_DEPTH)
    throw new JqLimit(`drydock: jq stopped at ${MAX_DEPTH} calls within each other; this is a limit of the simulator, not of jq`);
  return depth + 1;
}

export function* call(name: string, args: readonly Filter[], input: Output, scope: Scope): Generator<Output> {
  const known = scope.function(`${name}/${args.length}`);
  if (!known) {
    yield* builtin(
      name,
      args.map((filter) => ({ filter, scope })),
      input,
      scope,
    );
    return;
  }
  if ("filter" in known) {
    yield* run(known.filter, input, known.scope.child(deeper(scope.depth)));
    return;
  }
  const inner = known.scope().child(deeper(scope.depth));
  yield* passArguments(known, args, 0, inner, input, scope);
}

/** Parameters are filters; those written `$x` are values, and the function runs once for each. */
function* passArguments(
  known: Definition,
  args: readonly Filter[],
  at: number,
  inner: Scope,
  input: Output,
  scope: Scope,
): Generator<Output> {
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
  for (const right of run(filter.right, free(input), scope))
    for (const left of run(filter.left, free(input), scope)) yield made(calculate(operator, left.value, right.value));
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
      const after =
        operator === "="
          ? operand
          : operator === "//="
            ? isTrue(before)
              ? before
              : operand
            : calculate(operator.slice(0, -1) as Operator, before, operand);
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

function* objects(
  entries: Extract<Filter, { kind: "object" }>["entries"],
  at: number,
  built: ReadonlyMap<string, Json>,
  input: Output,
  scope: Scope,
): Generator<Output> {
  const entry = entries[at];
  if (!entry) {
    yield made(built);
    return;
  }
  for (const key of run(entry.key, free(input), scope)) {
    if (typeof key.value !== "string") throw new JqError(`Object keys must be strings`);
    for (const { value } of run(entry.value, free(input), scope))
      yield* objects(entries, at + 1, new Map(built).set(key.value, value), input, scope);
  }
}

function* interpolate(
  { format: name, parts }: Extract<Filter, { kind: "string" }>,
  input: Output,
  scope: Scope,
  at = 0,
  text = "",
): Generator<Output> {
  const part = parts[at];
  const next = (more: string): Generator<Output> => interpolate({ kind: "string", format: name, parts }, input, scope, at + 1, text + more);
  if (part === undefined) yield made(text);
  else if (typeof part === "string") yield* next(part);
  else for (const { value } of run(part, free(input), scope)) yield* next(name === undefined ? plainText(value) : format(name, value));
}
