/**
 * The functions that every Go template has (`len`, `index`, `eq`, `printf`, …) and those that the docker CLI adds (`json`,
 * `split`, `join`, `upper`, …).
 *
 * Follows text/template/funcs.go and docker/cli templates/templates.go. It differs in that `call` is always refused, as no
 * value that docker hands to a template is a function.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { ANY, BOOL, type GoType, INT, isAssignable, STRING, STRINGS, typeName } from "./go-type";
import {
  goBool,
  type GoFunc,
  goInt,
  goString,
  goStrings,
  type GoValue,
  indirect,
  indirectInterface,
  isTrue,
  typeOf,
  zeroOf,
} from "./go-value";
import { encodeJson } from "./json";
import { display, sprint, sprintf, sprintln } from "./print-verbs";
import { isPrintable } from "./strconv";

export type FuncMap = ReadonlyMap<string, GoFunc>;

export function truthOf(value: GoValue): boolean {
  return isTrue(indirectInterface(value));
}

type Outcome = Result<GoValue, string>;

function variadic(params: readonly GoType[], result: GoType, call: (args: readonly GoValue[]) => Outcome): GoFunc {
  return { params, isVariadic: true, result, call };
}

function fixed(params: readonly GoType[], result: GoType, call: (args: readonly GoValue[]) => Outcome): GoFunc {
  return { params, result, call };
}

export const BUILTINS: FuncMap = new Map<string, GoFunc>([
  // Their arguments are evaluated one by one; exec does that itself.
  ["and", variadic([ANY, ANY], ANY, (args) => ok(args.find((arg) => !truthOf(arg)) ?? args.at(-1) ?? goBool(false)))],
  ["or", variadic([ANY, ANY], ANY, (args) => ok(args.find(truthOf) ?? args.at(-1) ?? goBool(false)))],
  ["not", fixed([ANY], BOOL, ([arg]) => ok(goBool(!truthOf(at(arg)))))],
  // Nothing that docker hands to a template can be called; exec says so, as it knows the argument's text.
  ["call", variadic([ANY, ANY], ANY, () => fail("call of nil"))],
  ["index", variadic([ANY, ANY], ANY, ([item, ...indices]) => index(at(item), indices))],
  ["slice", variadic([ANY, ANY], ANY, ([item, ...bounds]) => slice(at(item), bounds))],
  ["len", fixed([ANY], INT, ([item]) => length(at(item)))],
  ["print", variadic([ANY], STRING, (args) => ok(goString(sprint(args))))],
  ["println", variadic([ANY], STRING, (args) => ok(goString(sprintln(args))))],
  ["printf", variadic([STRING, ANY], STRING, ([format, ...args]) => ok(goString(sprintf(textOf(format), args))))],
  ["html", variadic([ANY], STRING, (args) => ok(goString(escapeHtml(joined(args)))))],
  ["js", variadic([ANY], STRING, (args) => ok(goString(escapeJs(joined(args)))))],
  ["urlquery", variadic([ANY], STRING, (args) => ok(goString(queryEscape(joined(args)))))],
  ["eq", variadic([ANY, ANY], BOOL, ([first, ...others]) => equalsAny(at(first), others))],
  ["ne", fixed([ANY, ANY], BOOL, ([a, b]) => map(equalsAny(at(a), [at(b)]), (equal) => !equal))],
  ["lt", fixed([ANY, ANY], BOOL, ([a, b]) => less(at(a), at(b)))],
  ["le", fixed([ANY, ANY], BOOL, ([a, b]) => lessOrEqual(at(a), at(b)))],
  ["gt", fixed([ANY, ANY], BOOL, ([a, b]) => map(lessOrEqual(at(a), at(b)), (value) => !value))],
  ["ge", fixed([ANY, ANY], BOOL, ([a, b]) => map(less(at(a), at(b)), (value) => !value))],
]);

/** docker's own. */
export const DOCKER_FUNCTIONS: FuncMap = new Map<string, GoFunc>([
  ["json", fixed([ANY], STRING, ([value]) => ok(goString(encodeJson(at(value), { escapeHtml: false }))))],
  ["split", fixed([STRING, STRING], STRINGS, ([text, separator]) => ok(goStrings(split(textOf(text), textOf(separator)))))],
  ["join", fixed([STRINGS, STRING], STRING, ([items, separator]) => ok(goString(textsOf(at(items)).join(textOf(separator)))))],
  [
    "title",
    fixed([STRING], STRING, ([text]) =>
      ok(goString(textOf(text).replaceAll(/(?<![\p{L}\p{Nd}_'])\p{L}/gu, (letter) => letter.toUpperCase()))),
    ),
  ],
  ["lower", fixed([STRING], STRING, ([text]) => ok(goString(textOf(text).toLowerCase())))],
  ["upper", fixed([STRING], STRING, ([text]) => ok(goString(textOf(text).toUpperCase())))],
  ["pad", fixed([STRING, INT, INT], STRING, ([text, before, after]) => pad(textOf(text), numberOf(before), numberOf(after)))],
  ["truncate", fixed([STRING, INT], STRING, ([text, count]) => truncate(textOf(text), numberOf(count)))],
]);

/** What the functions do to the header of a table: nothing, so that it keeps its words. */
export const HEADER_FUNCTIONS: FuncMap = new Map<string, GoFunc>([
  ...DOCKER_FUNCTIONS,
  ["json", fixed([STRING], STRING, ([text]) => ok(at(text)))],
  ["split", fixed([STRING, STRING], STRING, ([text]) => ok(at(text)))],
  ["join", fixed([STRING, STRING], STRING, ([text]) => ok(at(text)))],
  ["title", fixed([STRING], STRING, ([text]) => ok(at(text)))],
  ["lower", fixed([STRING], STRING, ([text]) => ok(at(text)))],
  ["upper", fixed([STRING], STRING, ([text]) => ok(at(text)))],
  ["truncate", fixed([STRING, INT], STRING, ([text]) => ok(at(text)))],
]);

/** The names that a template may call. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...BUILTINS.keys(), ...DOCKER_FUNCTIONS.keys()]);

function at(value: GoValue | undefined): GoValue {
  return value ?? { kind: "invalid" };
}

function textOf(value: GoValue | undefined): string {
  return value?.kind === "string" ? value.value : "";
}

function numberOf(value: GoValue | undefined): number {
  return value?.kind === "int" ? Number(value.value) : 0;
}

function textsOf(value: GoValue): readonly string[] {
  return value.kind === "slice" ? (value.items ?? []).map(textOf) : [];
}

function map(result: Outcome, change: (value: boolean) => boolean): Outcome {
  return result.ok ? ok(goBool(change(isTrue(result.value)))) : result;
}

function index(given: GoValue, indices: readonly GoValue[]): Outcome {
  let item = indirectInterface(given);
  if (item.kind === "invalid") return fail("index of untyped nil");
  for (const each of indices) {
    const position = indirectInterface(each);
    const target = indirect(item);
    if (target.isNil) return fail("index of nil pointer");
    const value = target.value;
    switch (value.kind) {
      case "slice":
      case "string": {
        const count = value.kind === "slice" ? (value.items?.length ?? 0) : value.value.length;
        const number = indexNumber(position, count);
        if (!number.ok) return number;
        if (number.value === count) return fail(`reflect: ${value.kind} index out of range`);
        item =
          value.kind === "slice"
            ? at(value.items?.[number.value])
            : { kind: "uint", type: UINT8, value: BigInt(value.value.charCodeAt(number.value)) };
        break;
      }
      case "map":
        if (position.kind === "invalid") return fail(`value is nil; should be of type ${typeName(value.type.key)}`);
        // A string is no key of a map by nat.Port: the inspector then tries the raw JSON, where it is one.
        if (position.kind !== "string" || !isAssignable(position.type, value.type.key)) {
          return fail(`value has type ${typeName(typeOf(position))}; should be ${typeName(value.type.key)}`);
        }
        item = value.entries?.get(position.value) ?? zeroOf(value.type.elem);
        break;
      default:
        return fail(`can't index item of type ${typeName(typeOf(value))}`);
    }
  }
  return ok(item);
}

const UINT8: GoType = { kind: "uint", name: "uint8" };

function indexNumber(position: GoValue, count: number): Result<number, string> {
  if (position.kind === "invalid") return fail("cannot index slice/array with nil");
  if (position.kind !== "int" && position.kind !== "uint") return fail(`cannot index slice/array with type ${typeName(typeOf(position))}`);
  const number = Number(position.value);
  return number < 0 || number > count ? fail(`index out of range: ${number}`) : ok(number);
}

function slice(given: GoValue, bounds: readonly GoValue[]): Outcome {
  const item = indirectInterface(given);
  if (item.kind === "invalid") return fail("slice of untyped nil");
  if (bounds.length > 3) return fail(`too many slice indexes: ${bounds.length}`);
  if (item.kind === "string" && bounds.length === 3) return fail("cannot 3-index slice a string");
  if (item.kind !== "string" && item.kind !== "slice") return fail(`can't slice item of type ${typeName(typeOf(item))}`);
  const count = item.kind === "string" ? item.value.length : (item.items?.length ?? 0);
  const limits = [0, count, count];
  for (const [i, bound] of bounds.entries()) {
    const number = indexNumber(indirectInterface(bound), count);
    if (!number.ok) return number;
    limits[i] = number.value;
  }
  const [from = 0, to = count, cap = count] = limits;
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`);
  if (to > cap) return fail(`invalid slice index: ${to} > ${cap}`);
  return ok(
    item.kind === "string" ? goString(item.value.slice(from, to), item.type) : { ...item, items: (item.items ?? []).slice(from, to) },
  );
}

function length(given: GoValue): Outcome {
  const { value, isNil } = indirect(given);
  if (given.kind === "invalid" || (given.kind === "interface" && isNil)) return fail("reflect: call of reflect.Value.Type on zero Value");
  if (isNil) return fail("len of nil pointer");
  switch (value.kind) {
    case "string":
      return ok(goInt(byteLength(value.value)));
    case "slice":
      return ok(goInt(value.items?.length ?? 0));
    case "map":
      return ok(goInt(value.entries?.size ?? 0));
    default:
      return fail(`len of type ${typeName(typeOf(value))}`);
  }
}

function byteLength(text: string): number {
  return encodeURIComponent(text).replaceAll(/%../g, "x").length;
}

// --- comparison -----------------------------------------------------------------------------------------------------

function incompatible(a: GoValue, b: GoValue): string {
  return `incompatible types for comparison: ${typeName(typeOf(a))} and ${typeName(typeOf(b))}`;
}

const BAD_TYPE = "invalid type for comparison";
const NO_ARGUMENT = "missing argument for comparison";

function equalsAny(given: GoValue, others: readonly GoValue[]): Outcome {
  const first = indirectInterface(given);
  if (others.length === 0) return fail(NO_ARGUMENT);
  for (const each of others) {
    const other = indirectInterface(each);
    const equal = equals(first, other);
    if (!equal.ok) return equal;
    if (equal.value) return ok(goBool(true));
  }
  return ok(goBool(false));
}

function basicKind(value: GoValue): "bool" | "int" | "uint" | "float" | "string" | "other" {
  switch (value.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "string":
      return value.kind;
    default:
      return "other";
  }
}

function equals(a: GoValue, b: GoValue): Result<boolean, string> {
  if (basicKind(a) !== basicKind(b)) {
    if ((a.kind === "int" && b.kind === "uint") || (a.kind === "uint" && b.kind === "int")) return ok(a.value === b.value);
    return a.kind !== "invalid" && b.kind !== "invalid" ? fail(incompatible(a, b)) : ok(false);
  }
  switch (a.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "string":
      return ok("value" in b && a.value === b.value);
    default:
      break;
  }
  const aIsNil = isNil(a);
  const bIsNil = isNil(b);
  if (aIsNil || bIsNil) return ok(aIsNil === bIsNil);
  if (b.kind === "slice" || b.kind === "map") return fail(`non-comparable type ${display(b)}: ${typeName(typeOf(b))}`);
  if (a.kind === "pointer" && b.kind === "pointer") return ok(a.to === b.to);
  return ok(typeName(typeOf(a)) === typeName(typeOf(b)) && display(a) === display(b));
}

function isNil(value: GoValue): boolean {
  switch (value.kind) {
    case "invalid":
      return true;
    case "pointer":
      return value.to === undefined;
    case "slice":
      return value.items === undefined;
    case "map":
      return value.entries === undefined;
    case "interface":
      return value.value === undefined;
    default:
      return false;
  }
}

function less(given: GoValue, than: GoValue): Outcome {
  const a = indirectInterface(given);
  const b = indirectInterface(than);
  if (basicKind(a) === "other" || basicKind(b) === "other") return fail(BAD_TYPE);
  if (basicKind(a) !== basicKind(b)) {
    if ((a.kind === "int" && b.kind === "uint") || (a.kind === "uint" && b.kind === "int")) return ok(goBool(a.value < b.value));
    return fail(incompatible(a, b));
  }
  if (a.kind === "int" || a.kind === "uint" || a.kind === "float" || a.kind === "string")
    return ok(goBool("value" in b && b.value !== undefined && a.value < b.value));
  return fail(BAD_TYPE);
}

function lessOrEqual(a: GoValue, b: GoValue): Outcome {
  const isLess = less(a, b);
  if (!isLess.ok || isTrue(isLess.value)) return isLess;
  return equalsAny(a, [b]);
}

// --- escaping -------------------------------------------------------------------------------------------------------

/** The arguments as an action would print them, as one text. */
function joined(args: readonly GoValue[]): string {
  return sprint(
    args.map((arg) => {
      const value = indirectInterface(arg);
      const shown = value.kind === "pointer" ? indirect(value).value : value;
      return shown.kind === "invalid" ? goString("<no value>") : shown;
    }),
  );
}

const HTML: Readonly<Record<string, string>> = { '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd" };

function escapeHtml(text: string): string {
  return text.replaceAll(/["'&<>\0]/g, (character) => HTML[character] ?? character);
}

const JS: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

function escapeJs(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (JS[character] !== undefined) escaped += JS[character];
    else if (code < 0x20 || (code >= 0x80 && !isPrintable(character))) escaped += `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    else escaped += character;
  }
  return escaped;
}

function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

// --- docker's -------------------------------------------------------------------------------------------------------

function split(text: string, separator: string): readonly string[] {
  return separator === "" ? [...text] : text.split(separator);
}

const MAX_PADDING = 1_000_000;

function pad(text: string, before: number, after: number): Outcome {
  if (text === "") return ok(goString(""));
  if (before < 0 || after < 0) return fail("strings: negative Repeat count");
  if (before + after > MAX_PADDING) return fail(notSimulated(`padding of more than ${MAX_PADDING} characters`));
  return ok(goString(" ".repeat(before) + text + " ".repeat(after)));
}

function truncate(text: string, count: number): Outcome {
  if (byteLength(text) < count) return ok(goString(text));
  if (count < 0) return fail(`runtime error: slice bounds out of range [:${count}]`);
  return ok(goString(text.slice(0, count)));
}
