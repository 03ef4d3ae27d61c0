/**
 * Flags as data, and the values that a command line gives them.
 *
 * A learner sees them in `docker COMMAND --help` and in errors such as `invalid argument "x" for "-n, --last" flag: …`.
 * Follows spf13/pflag's Value types and those of docker/cli (package opts). Each flag is declared once, in the tables of
 * ../tree and ../commands; help, parsing, completion and the fidelity ledger read that declaration.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { fail, ok, type Result } from "@/lib/base/result";
import { numError, parseBool, parseInteger } from "../gotemplate/strconv";
import { parseDuration, ramInBytes } from "../units";
import { readCsvLine } from "./csv";

/** What a validator may look at beside the text: the environment and files of whoever typed it. */
export type FlagContext = {
  env(name: string): string | undefined;
  readFile(path: string): Result<string, string>;
  /** The canonical absolute path of a relative one. */
  absolute(path: string): string;
};

/** Checks one given value and returns what is kept of it. The error is the real one's text. */
export type Validator = (text: string, context: FlagContext) => Result<string, string>;

/**
 * How the text of a value is understood. `strings` is pflag's StringSlice (one CSV line each time), `array` its
 * StringArray, `list` docker's ListOpts, `map` its MapOpts (`k=v`, later ones win), `filter` its FilterOpt.
 */
export type FlagKind =
  | "bool"
  | "string"
  | "int"
  | "int64"
  | "uint"
  | "uint16"
  | "float"
  | "duration"
  | "bytes"
  | "swap-bytes"
  | "decimal"
  | "strings"
  | "array"
  | "list"
  | "map"
  | "filter";

export type FlagSpec = {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** The word for its value in help, when it is not the kind's own. */
  readonly word?: string;
  readonly usage: string;
  /** Its value when it is not given. */
  readonly initial?: string;
  /** What help says of the initial value, when pflag's rule does not lead to it: `(default map[])`. */
  readonly note?: string;
  readonly hidden?: boolean;
  readonly deprecated?: string;
  readonly shortDeprecated?: string;
  readonly validate?: Validator;
  /** Only of a daemon on that system (`windows`); refused by others. */
  readonly os?: "linux" | "windows";
  /** Only of a daemon with experimental features; refused by others. */
  readonly experimental?: boolean;
  /** Hidden on nodes that are not swarm managers. */
  readonly swarm?: "manager";
  /** Another flag that it only is an older name of (`--net`): values go there. */
  readonly sameAs?: string;
  /** Whether using it has its effect here. Without the field: yes. */
  readonly simulated?: "no";
};

type FlagValue =
  | { readonly kind: "bool"; value: boolean }
  | { readonly kind: "text"; value: string }
  | { readonly kind: "number"; value: number }
  | { readonly kind: "list"; value: string[] }
  | { readonly kind: "map"; value: Map<string, string> }
  | { readonly kind: "filter"; value: Map<string, Set<string>> };

const VALUE_KIND: Readonly<Record<FlagKind, FlagValue["kind"]>> = {
  bool: "bool",
  string: "text",
  int: "number",
  int64: "number",
  uint: "number",
  uint16: "number",
  float: "number",
  duration: "number",
  bytes: "number",
  "swap-bytes": "number",
  decimal: "number",
  strings: "list",
  array: "list",
  list: "list",
  map: "map",
  filter: "filter",
};

function initialValue(spec: FlagSpec): FlagValue {
  const kind = VALUE_KIND[spec.kind];
  switch (kind) {
    case "bool":
      return { kind, value: spec.initial === "true" };
    case "text":
      return { kind, value: spec.initial ?? "" };
    case "number":
      return { kind, value: Number(spec.initial ?? 0) };
    case "list":
      return { kind, value: [] };
    case "map":
      return { kind, value: new Map() };
    case "filter":
      return { kind, value: new Map() };
  }
}

/** The flags of one command line, with their values. */
export class FlagSet {
  readonly #specs = new Map<string, FlagSpec>();
  readonly #values = new Map<string, FlagValue>();
  readonly #changed = new Set<string>();

  constructor(specs: readonly FlagSpec[]) {
    for (const spec of specs) {
      this.#specs.set(spec.name, spec);
      this.#values.set(spec.name, initialValue(spec));
    }
  }

  /** In the order of their names, as pflag visits them. */
  get specs(): readonly FlagSpec[] {
    return [...this.#specs.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): FlagSpec | undefined {
    return this.#specs.get(name);
  }

  findShort(letter: string): FlagSpec | undefined {
    return [...this.#specs.values()].find((spec) => spec.short === letter);
  }

  /** Gives the flag the value that `text` means. The error is without the `invalid argument` before it. */
  set(spec: FlagSpec, text: string, context: FlagContext): Result<void, string> {
    const value = this.#values.get(spec.sameAs ?? spec.name);
    if (!value) throw new InvariantViolation(`--${spec.name} is a flag of this command`);
    const checked = spec.validate ? spec.validate(text, context) : ok(text);
    if (!checked.ok) return checked;
    const set = assign(spec, value, checked.value, !this.#changed.has(spec.name));
    if (set.ok) this.#changed.add(spec.name);
    return set;
  }

  changed(name: string): boolean {
    return this.#changed.has(name);
  }

  /** The flags that were given, by name. */
  get given(): readonly FlagSpec[] {
    return this.specs.filter((spec) => this.#changed.has(spec.name));
  }

  bool(name: string): boolean {
    return this.#get(name, "bool").value;
  }

  text(name: string): string {
    return this.#get(name, "text").value;
  }

  number(name: string): number {
    return this.#get(name, "number").value;
  }

  list(name: string): readonly string[] {
    return this.#get(name, "list").value;
  }

  map(name: string): ReadonlyMap<string, string> {
    return this.#get(name, "map").value;
  }

  filter(name: string): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#get(name, "filter").value;
  }

  /** What a flag's value comes to, one text for each part of it, so that two ways of writing the same are equal. */
  canonical(name: string): readonly string[] {
    const value = this.#values.get(name);
    if (!value) throw new InvariantViolation(`--${name} is a flag of this command`);
    switch (value.kind) {
      case "list":
        return [...value.value].sort();
      case "map":
        return [...value.value].map(([key, text]) => `${key}=${text}`).sort();
      case "filter":
        return [...value.value].flatMap(([key, texts]) => [...texts].map((text) => `${key}=${text}`)).sort();
      default:
        return [String(value.value)];
    }
  }

  #get<K extends FlagValue["kind"]>(name: string, kind: K): Extract<FlagValue, { kind: K }> {
    const value = this.#values.get(name);
    if (!value || !isKind(value, kind)) throw new InvariantViolation(`--${name} is a flag of this command with a ${kind} value`);
    return value;
  }
}

function isKind<K extends FlagValue["kind"]>(value: FlagValue, kind: K): value is Extract<FlagValue, { kind: K }> {
  return value.kind === kind;
}

function assign(spec: FlagSpec, value: FlagValue, text: string, isFirst: boolean): Result<void, string> {
  switch (value.kind) {
    case "bool": {
      const parsed = parseBool(text);
      if (!parsed.ok) return parsed;
      value.value = parsed.value;
      return ok(undefined);
    }
    case "text":
      value.value = text;
      return ok(undefined);
    case "number": {
      const parsed = parseNumber(spec.kind, text);
      if (!parsed.ok) return parsed;
      value.value = parsed.value;
      return ok(undefined);
    }
    case "list": {
      if (spec.kind !== "strings") {
        value.value.push(text);
        return ok(undefined);
      }
      const fields = text === "" ? ok([]) : readCsvLine(text);
      if (!fields.ok) return fields;
      if (isFirst) value.value.length = 0;
      value.value.push(...fields.value);
      return ok(undefined);
    }
    case "map": {
      const equals = text.indexOf("=");
      value.value.set(equals < 0 ? text : text.slice(0, equals), equals < 0 ? "" : text.slice(equals + 1));
      return ok(undefined);
    }
    case "filter": {
      if (text === "") return ok(undefined);
      const equals = text.indexOf("=");
      if (equals < 0) return fail("bad format of filter (expected name=value)");
      const name = text.slice(0, equals).trim().toLowerCase();
      const known = value.value.get(name) ?? new Set();
      known.add(text.slice(equals + 1).trim());
      value.value.set(name, known);
      return ok(undefined);
    }
  }
}

function parseNumber(kind: FlagKind, text: string): Result<number, string> {
  switch (kind) {
    case "int":
    case "int64":
      return asNumber(parseInteger(text, { base: 0, bits: 64, isSigned: true }));
    case "uint":
      return asNumber(parseInteger(text, { base: 0, bits: 64, isSigned: false }));
    case "uint16":
      return asNumber(parseInteger(text, { base: 0, bits: 16, isSigned: false }));
    case "float":
      return /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)
        ? ok(Number(text))
        : fail(numError("ParseFloat", text, "invalid syntax"));
    case "duration":
      return parseDuration(text);
    case "bytes":
      return ramInBytes(text);
    case "swap-bytes":
      return text === "-1" ? ok(-1) : ramInBytes(text);
    case "decimal":
      return parseCpus(text);
    default:
      throw new InvariantViolation(`${kind} is a kind of number`);
  }
}

function asNumber(value: Result<bigint, string>): Result<number, string> {
  return value.ok ? ok(Number(value.value)) : value;
}

/** opts.ParseCPUs: a decimal or a fraction, in billionths. */
function parseCpus(text: string): Result<number, string> {
  const match = /^([+-]?[0-9]*\.?[0-9]*)(?:\/([0-9]+))?$/.exec(text);
  const above = Number(match?.[1] === "" ? Number.NaN : match?.[1]);
  const below = match?.[2] === undefined ? 1 : Number(match[2]);
  if (!match || Number.isNaN(above) || below === 0) return fail(`failed to parse ${text} as a rational number`);
  const nano = (above * 1e9) / below;
  const rounded = Math.round(nano);
  return Math.abs(nano - rounded) > 1e-6 ? fail("value is too precise") : ok(rounded);
}

/** The word for a flag's value in help; none for a switch. */
export function valueWord(spec: FlagSpec): string {
  if (spec.word !== undefined) return spec.word;
  switch (spec.kind) {
    case "bool":
      return "";
    case "int64":
      return "int";
    case "swap-bytes":
      return "bytes";
    case "array":
      return "stringArray";
    default:
      return spec.kind;
  }
}
