/**
 * The `filters` parameter of lists and prunes: reading it, and the ways in which a value can match.
 * Modelled on moby's api/types/filters. Values are kept in the order in which they came; Go walks a map.
 */

import { ok } from "@/lib/base/result";
import { type EngineError, type Outcome, refuse } from "./error";
import { type JsonValue, parseWhole } from "./go/json-text";
import { printSlice } from "./go/quote";

export class Filters {
  readonly #fields: ReadonlyMap<string, readonly string[]>;

  constructor(fields: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#fields = fields;
  }

  /** `{"name":{"web":true}}`, or the older `{"name":["web"]}`. */
  static parse(text: string): Outcome<Filters> {
    if (text === "") return ok(new Filters());
    const parsed = parseWhole(text);
    const fields = parsed.ok ? readFields(parsed.value) : undefined;
    return fields ? ok(new Filters(fields)) : refuse("invalid", "invalid filter");
  }

  with(field: string, value: string): Filters {
    return new Filters(new Map([...this.#fields, [field, [...this.values(field), value]]]));
  }

  get size(): number {
    return this.#fields.size;
  }

  has(field: string): boolean {
    return this.#fields.has(field);
  }

  values(field: string): readonly string[] {
    return this.#fields.get(field) ?? [];
  }

  /** The first field that is not among the accepted ones is refused. */
  check(accepted: readonly string[]): Outcome<void> {
    for (const field of this.#fields.keys()) {
      if (!accepted.includes(field)) return refuse("invalid", `invalid filter '${field}'`);
    }
    return ok(undefined);
  }

  /** No values: everything matches. */
  exact(field: string, source: string): boolean {
    const values = this.values(field);
    return values.length === 0 || values.includes(source);
  }

  /** A value is taken as a regular expression; one that is none matches nothing. */
  match(field: string, source: string): boolean {
    if (this.exact(field, source)) return true;
    return this.values(field).some((value) => {
      const pattern = compile(value);
      return pattern?.test(source) ?? false;
    });
  }

  /** A value may be the beginning of what it is to match. */
  fuzzy(field: string, source: string): boolean {
    return this.exact(field, source) || this.values(field).some((value) => source.startsWith(value));
  }

  /** `key` or `key=value`; all of them must be there. */
  matchLabels(field: string, labels: Readonly<Record<string, string>> | null | undefined): boolean {
    const values = this.values(field);
    if (values.length === 0) return true;
    if (!labels) return false;
    return values.every((value) => {
      const equals = value.indexOf("=");
      const key = equals < 0 ? value : value.slice(0, equals);
      const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return found !== undefined && (equals < 0 || found === value.slice(equals + 1));
    });
  }

  /** `label` and `label!` of a prune. */
  matchPruneLabels(labels: Readonly<Record<string, string>> | null | undefined): boolean {
    if (!this.matchLabels("label", labels)) return false;
    return !(this.has("label!") && this.matchLabels("label!", labels));
  }

  bool(field: string, otherwise: boolean): Outcome<boolean> {
    if (!this.has(field)) return ok(otherwise);
    const values = this.values(field);
    const isFalse = values.includes("0") || values.includes("false");
    const isTrue = values.includes("1") || values.includes("true");
    if (isFalse === isTrue)
      return refuse("invalid", values.length === 0 ? `invalid filter '${field}'` : `invalid filter '${field}=${printSlice(values)}'`);
    return ok(isTrue);
  }

  /** Runs `check` on each value up to the first refusal. */
  walk(field: string, check: (value: string) => EngineError | undefined): EngineError | undefined {
    for (const value of this.values(field)) {
      const error = check(value);
      if (error) return error;
    }
    return undefined;
  }
}

function readFields(json: JsonValue): ReadonlyMap<string, readonly string[]> | undefined {
  if (json === null) return new Map();
  if (!(json instanceof Map)) return undefined;
  const fields = new Map<string, readonly string[]>();
  for (const [field, values] of json as ReadonlyMap<string, JsonValue>) {
    if (values instanceof Map) {
      const set = values as ReadonlyMap<string, JsonValue>;
      if (![...set.values()].every((value) => typeof value === "boolean")) return undefined;
      fields.set(field, [...set.keys()]);
    } else if (Array.isArray(values) && values.every((value) => typeof value === "string")) fields.set(field, values);
    else if (values === null) fields.set(field, []);
    else return undefined;
  }
  return fields;
}

/** Go's RE2 and JavaScript agree on what names are searched with; what JavaScript refuses, Go refuses too. */
function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "s");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
