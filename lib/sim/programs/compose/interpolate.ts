/**
 * Variables in a Compose file: `$X`, `${X:-default}`, `${X?message}`, `${X:+other}`, `$$`.
 *
 * Follows compose-go template/template.go and interpolation/interpolation.go.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Data, isList, isMap } from "./yaml/data";

export type Lookup = (name: string) => string | undefined;

export type Interpolation = {
  readonly lookup: Lookup;
  /** Told of each variable that is not set, once for each use. */
  readonly onUnset: (name: string) => void;
};

/** The tree with all its texts interpolated; keys stay. */
export function interpolateTree(data: Data, path: string, context: Interpolation): Result<Data, string> {
  if (typeof data === "string") {
    const text = interpolate(data, context);
    if (text.ok) return text;
    if (text.error !== INVALID) return fail(`error while interpolating ${path}: ${text.error}`);
    return fail(`invalid interpolation format for ${path}.\nYou may need to escape any $ with another $.\n${data}`);
  }
  if (isList(data)) {
    const items: Data[] = [];
    for (const item of data) {
      const one = interpolateTree(item, `${path}.[]`, context);
      if (!one.ok) return one;
      items.push(one.value);
    }
    return ok(items);
  }
  if (!isMap(data)) return ok(data);
  const entries = new Map<string, Data>();
  for (const [key, value] of data) {
    const one = interpolateTree(value, path === "" ? key : `${path}.${key}`, context);
    if (!one.ok) return one;
    entries.set(key, one.value);
  }
  return ok(entries);
}

const INVALID = "Invalid template";

export function interpolate(text: string, context: Interpolation): Result<string, string> {
  let out = "";
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) return ok(out + text.slice(at));
    out += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    if (rest.startsWith("$")) {
      out += "$";
      at = dollar + 2;
      continue;
    }
    const bare = /^[_a-zA-Z][_a-zA-Z0-9]*/.exec(rest)?.[0];
    if (bare !== undefined) {
      out += plain(bare, context);
      at = dollar + 1 + bare.length;
      continue;
    }
    const end = rest.startsWith("{") ? closing(text, dollar + 1) : undefined;
    if (end === undefined) return fail(INVALID);
    const value = braced(text.slice(dollar + 2, end), context);
    if (!value.ok) return value;
    out += value.value;
    at = end + 1;
  }
  return ok(out);
}

function plain(name: string, context: Interpolation): string {
  const value = context.lookup(name);
  if (value === undefined) context.onUnset(name);
  return value ?? "";
}

/** The brace that closes the one at `open`. */
function closing(text: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{" && (i === open || text[i - 1] === "$")) depth++;
    if (text[i] === "}" && --depth === 0) return i;
  }
  return undefined;
}

function braced(body: string, context: Interpolation): Result<string, string> {
  const match = /^([_a-zA-Z][_a-zA-Z0-9]*)(?:(:?[-?+])([\s\S]*))?$/.exec(body);
  if (!match) return fail(INVALID);
  const [, name = "", operator, word = ""] = match;
  if (operator === undefined) return ok(plain(name, context));
  const value = context.lookup(name);
  const isThere = value !== undefined && (!operator.startsWith(":") || value !== "");
  switch (operator.at(-1)) {
    case "-":
      return isThere ? ok(value) : interpolate(word, context);
    case "+":
      return isThere ? interpolate(word, context) : ok("");
    default: {
      if (isThere) return ok(value);
      const message = interpolate(word, context);
      return message.ok ? fail(`required variable ${name} is missing a value: ${message.value}`) : message;
    }
  }
}
