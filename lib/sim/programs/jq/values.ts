/** What flows through a jq program: values with the place they came from, and what stops it. */

import { utf8Length, utf8Prefix } from "@/lib/base/utf8";
import { COMPACT, compareJson, isArray, isNumber, isObject, type Json, numberOf, printJson, typeOf } from "./json";

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

/** `halt` and `halt_error`: the program ends here. */
export class JqHalt extends Error {
  readonly status: number;
  /** For standard error. */
  readonly text: string;
  constructor(status: number, text: string) {
    super("halt");
    this.status = status;
    this.text = text;
  }
}

export type Path = readonly Json[];

/** A value and where in the input it is; `undefined` for one that was made. */
export type Output = { readonly path: Path | undefined; readonly value: Json };

/** `tostring`: strings as they are, everything else as JSON. */
export function plainText(value: Json): string {
  return typeof value === "string" ? value : printJson(value, COMPACT);
}

export function made(value: Json): Output {
  return { path: undefined, value };
}

/** The same value without its place: what is computed from it is no path. */
export function free(input: Output): Output {
  return { path: undefined, value: input.value };
}

export function isTrue(value: Json): boolean {
  return value !== null && value !== false;
}

/** `number (1)`, as errors name a value; long ones are cut short. */
export function described(value: Json): string {
  return `${typeOf(value)} (${shortened(value)})`;
}

export function shortened(value: Json): string {
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
  if (value === null && isObject(key)) return { path: next, value: null };
  if (isArray(value) && isObject(key)) return slicedBy({ path, value }, key);
  if (isArray(value) && isArray(key)) {
    const found = value.flatMap((_, i) =>
      key.length > 0 && key.every((item, k) => compareJson(value[i + k] ?? null, item) === 0 && i + k < value.length) ? [i] : [],
    );
    return made(found);
  }
  throw new JqError(`Cannot index ${typeOf(value)} with ${described(key)}`);
}

function slicedBy(output: Output, key: ReadonlyMap<string, Json>): Output {
  const [from, to] = [key.get("start"), key.get("end")];
  const isBound = (at: Json | undefined): at is Json => at === null || (at !== undefined && isNumber(at));
  if (!isBound(from) || !isBound(to)) throw new JqError("Array/string slice indices must be integers");
  return sliced(output, from, to);
}

export function sliceBounds(value: { readonly length: number }, from: Json, to: Json): { readonly from: number; readonly to: number } {
  const bound = (at: Json, otherwise: number, round: (n: number) => number): number => {
    if (at === null) return otherwise;
    if (!isNumber(at)) throw new JqError("Start and end indices of an array slice must be numbers");
    const number = numberOf(at) < 0 ? numberOf(at) + value.length : numberOf(at);
    return Math.max(0, Math.min(value.length, round(number)));
  };
  const start = bound(from, 0, Math.floor);
  return { from: start, to: Math.max(start, bound(to, value.length, Math.ceil)) };
}

export function sliced({ path, value }: Output, from: Json, to: Json): Output {
  const next = path && [
    ...path,
    new Map<string, Json>([
      ["start", from],
      ["end", to],
    ]),
  ];
  if (value === null) return { path: next, value: null };
  if (typeof value === "string") {
    const letters = [...value];
    const bounds = sliceBounds(letters, from, to);
    return made(letters.slice(bounds.from, bounds.to).join(""));
  }
  if (!isArray(value))
    throw new JqError(
      `Cannot index ${typeOf(value)} with ${described(
        new Map<string, Json>([
          ["start", from],
          ["end", to],
        ]),
      )}`,
    );
  const bounds = sliceBounds(value, from, to);
  return { path: next, value: value.slice(bounds.from, bounds.to) };
}

export function* iterate({ path, value }: Output): Generator<Output> {
  if (isArray(value)) for (const [i, item] of value.entries()) yield { path: path && [...path, i], value: item };
  else if (isObject(value)) for (const [key, item] of value) yield { path: path && [...path, key], value: item };
  else throw new JqError(`Cannot iterate over ${described(value)}`);
}

export function* recurse(input: Output): Generator<Output> {
  yield input;
  if (isArray(input.value) || isObject(input.value)) for (const inner of iterate(input)) yield* recurse(inner);
}
