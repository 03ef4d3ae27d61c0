/**
 * Go structs as encoding/json fills and prints them: zero values, `omitempty`, the order of fields, keys in any case,
 * unknown keys passed over, and the words for a value of the wrong type.
 *
 * One description serves both ways: the daemon keeps what a client sent and prints it in `docker inspect`.
 * Modelled on Go's encoding/json. Differs: keys that look like array indices (`"10"`) are printed in numeric order.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Empty } from "@/lib/sim/api";
import type { JsonNumber, JsonValue } from "./json-text";

/** How values of one Go type are read and printed. */
export interface Shape<T> {
  /** As reflect prints it: `[]string`. */
  readonly goType: string;
  readonly zero: T;
  /** Whether `omitempty` leaves it out. */
  isEmpty(value: T): boolean;
  read(json: JsonValue, at: Place): T;
  /** In Go's order, without what `omitempty` leaves out. */
  write(value: T): T;
}

/** Where in the body a value stands, and the first complaint so far: Go goes on reading and reports that one. */
export class Place {
  readonly root: string;
  readonly path: readonly string[];
  readonly #complaints: string[];

  constructor(root: string, path: readonly string[] = [], complaints: string[] = []) {
    this.root = root;
    this.path = path;
    this.#complaints = complaints;
  }

  field(name: string): Place {
    return new Place(this.root, [...this.path, name], this.#complaints);
  }

  wrongType(json: JsonValue, goType: string): void {
    const what =
      this.path.length > 0 ? `Go struct field ${this.root}.${this.path.join(".")} of type ${goType}` : `Go value of type ${goType}`;
    this.#complaints.push(`json: cannot unmarshal ${nameOf(json)} into ${what}`);
  }

  complain(message: string): void {
    this.#complaints.push(message);
  }

  get complaint(): string | undefined {
    return this.#complaints[0];
  }
}

/** Reads `json` as a `shape`; `root` is the name of the Go type that errors mention. */
export function decode<T>(shape: Shape<T>, json: JsonValue, root: string): Result<T, string> {
  const place = new Place(root);
  const value = shape.read(json, place);
  return place.complaint === undefined ? ok(value) : fail(place.complaint);
}

export const string: Shape<string> = scalar("string", "", (json) => (typeof json === "string" ? json : undefined));
export const bool: Shape<boolean> = scalar("bool", false, (json) => (typeof json === "boolean" ? json : undefined));
export const int: Shape<number> = integer("int", -(2 ** 63), 2 ** 63);
export const int64: Shape<number> = integer("int64", -(2 ** 63), 2 ** 63);
export const uint: Shape<number> = integer("uint", 0, 2 ** 64);
export const uint16: Shape<number> = integer("uint16", 0, 2 ** 16 - 1);
export const uint32: Shape<number> = integer("uint32", 0, 2 ** 32 - 1);
export const uint64: Shape<number> = integer("uint64", 0, 2 ** 64);

/** `struct{}`. */
export const empty: Shape<Empty> = {
  goType: "struct {}",
  zero: {},
  isEmpty: () => false,
  read(json, at) {
    if (json !== null && !isObject(json)) at.wrongType(json, "struct {}");
    return {};
  },
  write: () => ({}),
};

export function slice<T>(of: Shape<T>): Shape<readonly T[] | null> {
  const goType = `[]${of.goType}`;
  return {
    goType,
    zero: null,
    isEmpty: (value) => value === null || value.length === 0,
    read(json, at) {
      if (json === null) return null;
      if (isArray(json)) return json.map((item) => of.read(item, at));
      at.wrongType(json, goType);
      return null;
    },
    write: (value) => value && value.map((item) => of.write(item)),
  };
}

/** moby's StrSlice: a lone string is a list of one. */
export const stringOrSlice: Shape<readonly string[] | null> = {
  ...slice(string),
  read(json, at) {
    if (typeof json === "string") return [json];
    return slice(string).read(json, at);
  },
};

export function map<T>(of: Shape<T>): Shape<Readonly<Record<string, T>> | null> {
  const goType = `map[string]${of.goType}`;
  return {
    goType,
    zero: null,
    isEmpty: (value) => value === null || Object.keys(value).length === 0,
    read(json, at) {
      if (json === null) return null;
      if (!isObject(json)) {
        at.wrongType(json, goType);
        return null;
      }
      return Object.fromEntries([...json].map(([key, value]) => [key, of.read(value, at)]));
    },
    write: (value) => value && sortedByKey(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of.write(item)]))),
  };
}

/** A pointer: `null` is nil. */
export function pointer<T>(to: Shape<T>): Shape<T | null> {
  return {
    goType: `*${to.goType}`,
    zero: null,
    isEmpty: (value) => value === null,
    read: (json, at) => (json === null ? null : to.read(json, at)),
    write: (value) => (value === null ? null : to.write(value)),
  };
}

/** `[2]uint`. */
export const uintPair: Shape<readonly [number, number]> = {
  goType: "[2]uint",
  zero: [0, 0],
  isEmpty: () => false,
  read(json, at) {
    if (json === null) return [0, 0];
    if (!isArray(json)) {
      at.wrongType(json, "[2]uint");
      return [0, 0];
    }
    const [first, second] = json;
    return [first === undefined ? 0 : uint.read(first, at), second === undefined ? 0 : uint.read(second, at)];
  },
  write: (value) => value,
};

/** A struct's fields: each always there, or left out when it is empty (`omitempty`). */
export type Fields<T> = { readonly [K in keyof T]-?: Shape<Exclude<T[K], undefined>> | Omitted<Exclude<T[K], undefined>> };
/** `holds` exists for the compiler only: it tells apart what may stand for which field. */
export type Omitted<T> = { readonly omitted: Shape<unknown>; readonly holds?: T };

/** Go's `omitempty`: the field is absent when it is empty, so that nil needs no value outside. */
export function omitEmpty<T>(shape: Shape<T>): Omitted<NonNullable<T>> {
  return { omitted: shape };
}

export function struct<T extends object>(goType: string, fields: Fields<T>): Shape<T> {
  // The one place where the types of fields are given up: what `read` builds has a value of the declared type for each.
  const entries = Object.entries(fields) as readonly [string, Shape<unknown> | Omitted<unknown>][];
  const byLowerCase = new Map(entries.map(([name]) => [name.toLowerCase(), name]));
  const build = (valueOf: (name: string, shape: Shape<unknown>) => unknown): T => {
    const out: Record<string, unknown> = {};
    for (const [name, field] of entries) {
      const shape = "omitted" in field ? field.omitted : field;
      const value = valueOf(name, shape);
      if (!("omitted" in field) || !shape.isEmpty(value)) out[name] = value;
    }
    return out as T;
  };
  const shapes = new Map(entries.map(([name, field]) => [name, "omitted" in field ? field.omitted : field]));
  const zero = build((_, shape) => shape.zero);
  return {
    goType,
    zero,
    isEmpty: () => false,
    read(json, at) {
      if (json === null) return zero;
      if (!isObject(json)) {
        at.wrongType(json, goType);
        return zero;
      }
      // In the order of the text: the first complaint is the one that is heard.
      const given = new Map<string, unknown>();
      for (const [key, value] of json) {
        const name = Object.hasOwn(fields, key) ? key : byLowerCase.get(key.toLowerCase());
        const shape = name === undefined ? undefined : shapes.get(name);
        if (name !== undefined && shape) given.set(name, shape.read(value, at.field(name)));
      }
      return build((name, shape) => (given.has(name) ? given.get(name) : shape.zero));
    },
    write(value) {
      const from = value as Readonly<Record<string, unknown>>;
      return build((name, shape) => (from[name] === undefined ? shape.zero : shape.write(from[name])));
    },
  };
}

/** A copy with its keys in byte order, as Go prints maps. */
export function sortedByKey<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function scalar<T>(goType: string, zero: T, accept: (json: JsonValue) => T | undefined): Shape<T> {
  return {
    goType,
    zero,
    isEmpty: (value) => value === zero,
    read(json, at) {
      if (json === null) return zero;
      const value = accept(json);
      if (value !== undefined) return value;
      at.wrongType(json, goType);
      return zero;
    },
    write: (value) => value,
  };
}

function integer(goType: string, least: number, most: number): Shape<number> {
  return {
    ...scalar(goType, 0, () => undefined),
    read(json, at) {
      if (json === null) return 0;
      if (!isNumber(json)) {
        at.wrongType(json, goType);
        return 0;
      }
      const value = Number(json.number);
      if (/^-?\d+$/.test(json.number) && value >= least && value <= most) return value;
      at.wrongType(json, goType);
      return 0;
    },
  };
}

function nameOf(json: JsonValue): string {
  if (typeof json === "string") return "string";
  if (typeof json === "boolean") return "bool";
  if (json === null) return "null";
  if (isArray(json)) return "array";
  if (isNumber(json)) return /^-?\d+$/.test(json.number) && json.number.length < 19 ? "number" : `number ${json.number}`;
  return "object";
}

function isArray(json: JsonValue): json is readonly JsonValue[] {
  return Array.isArray(json);
}

function isObject(json: JsonValue): json is ReadonlyMap<string, JsonValue> {
  return json instanceof Map;
}

function isNumber(json: JsonValue): json is JsonNumber {
  return typeof json === "object" && json !== null && !Array.isArray(json) && "number" in json;
}
