/** Values read, changed and removed by their paths: what assignments and `del` are made of. */

import { compareJson, isArray, isNumber, isObject, type Json, numberOf, typeOf } from "./json";
import { indexed, JqError, type Path, sliceBounds } from "./values";

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
