/**
 * Go's package fmt: what `{{.}}`, `print`, `println` and `printf` write.
 *
 * A learner sees it wherever a template prints something that is not a string: `[a b]`, `map[k:v]`, `{a b}`, `<nil>`,
 * `%!d(string=web)`. Follows fmt/print.go and fmt/format.go. It differs in two ways:
 * - Addresses of pointers are invented (`0xc000010000` and up, in the order of printing); Go's differ from run to run.
 * - `%#v` and `%p` are written in their plain form for composite values.
 */

import { type GoType, typeName } from "./go-type";
import { type GoValue, indirect, INVALID, methodsOf, sortedKeys, typeOf } from "./go-value";
import { formatFloat, quote } from "./strconv";

type Flags = {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
};

const PLAIN: Flags = { minus: false, plus: false, sharp: false, space: false, zero: false, width: undefined, precision: undefined };

/** fmt.Sprint: spaces only between operands that are both not strings. */
export function sprint(args: readonly GoValue[]): string {
  const printer = new Printer();
  let text = "";
  let previousIsString = false;
  for (const [i, arg] of args.entries()) {
    const isString = concrete(arg).kind === "string";
    if (i > 0 && !isString && !previousIsString) text += " ";
    text += printer.value(arg, "v", PLAIN, 0);
    previousIsString = isString;
  }
  return text;
}

/** fmt.Sprintln: spaces between all, a newline at the end. */
export function sprintln(args: readonly GoValue[]): string {
  const printer = new Printer();
  return `${args.map((arg) => printer.value(arg, "v", PLAIN, 0)).join(" ")}\n`;
}

/** fmt.Sprintf. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  const printer = new Printer();
  const characters = [...format];
  let text = "";
  let next = 0;
  let reordered = false;
  for (let i = 0; i < characters.length; ) {
    if (characters[i] !== "%") {
      text += characters[i++];
      continue;
    }
    i++;
    const flags = { minus: false, plus: false, sharp: false, space: false, zero: false };
    for (; ; i++) {
      const c = characters[i];
      if (c === "-") {
        flags.minus = true;
        flags.zero = false;
      } else if (c === "+") flags.plus = true;
      else if (c === "#") flags.sharp = true;
      else if (c === " ") flags.space = true;
      else if (c === "0") flags.zero = !flags.minus;
      else break;
    }
    const index = readIndex(characters, i);
    if (index) {
      reordered = true;
      i = index.next;
      if (index.number !== undefined && index.number >= 1 && index.number <= args.length) next = index.number - 1;
    }
    let width: number | undefined;
    let precision: number | undefined;
    let prefix = "";
    if (characters[i] === "*") {
      i++;
      width = intArgument(args[next++]);
      if (width === undefined) prefix += "%!(BADWIDTH)";
      else if (width < 0) {
        flags.minus = true;
        flags.zero = false;
        width = -width;
      }
    } else {
      const number = readNumber(characters, i);
      width = number.value;
      i = number.next;
    }
    if (characters[i] === ".") {
      i++;
      if (characters[i] === "*") {
        i++;
        precision = intArgument(args[next++]);
        if (precision === undefined || precision < 0) {
          precision = undefined;
          prefix += "%!(BADPREC)";
        }
      } else {
        const number = readNumber(characters, i);
        precision = number.value ?? 0;
        i = number.next;
      }
    }
    text += prefix;
    const verb = characters[i++];
    if (verb === undefined) {
      text += "%!(NOVERB)";
      break;
    }
    if (verb === "%") {
      text += "%";
      continue;
    }
    const arg = args[next];
    if (arg === undefined) {
      text += `%!${verb}(MISSING)`;
      next++;
      continue;
    }
    next++;
    text += printer.value(arg, verb, { ...flags, width, precision }, 0);
  }
  if (!reordered && next < args.length) {
    const extra = args.slice(next).map((arg) => {
      const value = concrete(arg);
      return value.kind === "invalid" ? "<nil>" : `${typeName(typeOf(value))}=${printer.value(arg, "v", PLAIN, 0)}`;
    });
    text += `%!(EXTRA ${extra.join(", ")})`;
  }
  return text;
}

function readNumber(characters: readonly string[], from: number): { readonly value: number | undefined; readonly next: number } {
  let at = from;
  while (/^[0-9]$/.test(characters[at] ?? "")) at++;
  if (at === from) return { value: undefined, next: from };
  const value = Number(characters.slice(from, at).join(""));
  // Looked at before the last digit is added, as in Go.
  return Math.floor(value / 10) > MOST ? { value: undefined, next: characters.length } : { value, next: at };
}

function readIndex(
  characters: readonly string[],
  from: number,
): { readonly number: number | undefined; readonly next: number } | undefined {
  if (characters[from] !== "[") return undefined;
  const end = characters.indexOf("]", from);
  if (end < 0) return undefined;
  const number = readNumber(characters, from + 1);
  return { number: number.next === end ? number.value : undefined, next: end + 1 };
}

/** The largest width and precision; what is larger is taken for a mistake. */
const MOST = 1_000_000n;

function intArgument(value: GoValue | undefined): number | undefined {
  const number = concrete(value ?? INVALID);
  const isUsable = (number.kind === "int" || number.kind === "uint") && number.value <= MOST && number.value >= -MOST;
  return isUsable ? Number(number.value) : undefined;
}

/** What an interface holds; `invalid` for nil. */
function concrete(value: GoValue): GoValue {
  return value.kind === "interface" ? concrete(value.value ?? INVALID) : value;
}

/** One call of a print function; it knows the addresses it has given out. */
class Printer {
  readonly #addresses = new Map<GoValue, string>();

  value(given: GoValue, verb: string, flags: Flags, depth: number): string {
    const value = concrete(given);
    if (value.kind === "invalid") return verb === "v" || verb === "T" ? pad("<nil>", flags) : `%!${verb}(<nil>)`;
    if (verb === "T" && depth === 0) return pad(typeName(typeOf(value)), flags);

    const text = "vsxXq".includes(verb) && !(flags.sharp && verb === "v") ? textOf(value) : undefined;
    if (text !== undefined) return formatString(text, verb, flags) ?? bad(verb, value, this);

    switch (value.kind) {
      case "bool":
        return verb === "t" || verb === "v" ? pad(String(value.value), flags) : bad(verb, value, this);
      case "int":
      case "uint":
        return formatInteger(value.value, verb, verb === "v" ? { ...flags, plus: false } : flags) ?? bad(verb, value, this);
      case "float":
        return formatNumber(value.value, verb, verb === "v" ? { ...flags, plus: false } : flags) ?? bad(verb, value, this);
      case "string":
        return formatString(value.value, verb, flags) ?? bad(verb, value, this);
      case "slice": {
        if (verb === "p") return this.#address(value, flags);
        const elements = (value.items ?? []).map((item) => this.#element(item, verb, flags, depth + 1));
        if (verb === "v" && flags.sharp) {
          return value.items ? `${typeName(value.type)}{${elements.join(", ")}}` : `${typeName(value.type)}(nil)`;
        }
        return `[${elements.join(" ")}]`;
      }
      case "map": {
        if (verb === "p") return this.#address(value, flags);
        const entries = value.entries ?? new Map<string, GoValue>();
        const isSyntax = verb === "v" && flags.sharp;
        const pairs = sortedKeys(entries).map((key) => {
          const shown = this.value({ kind: "string", type: value.type.key, value: key }, verb, flags, depth + 1);
          return `${shown}:${this.#element(entries.get(key) ?? INVALID, verb, flags, depth + 1)}`;
        });
        if (isSyntax) return value.entries ? `${typeName(value.type)}{${pairs.join(", ")}}` : `${typeName(value.type)}(nil)`;
        return `map[${pairs.join(" ")}]`;
      }
      case "struct": {
        const named = verb === "v" && (flags.plus || flags.sharp);
        const fields = value.fields.map((field, i) => {
          const shown = this.#element(field, verb, flags, depth + 1);
          return named ? `${value.type.fields[i]?.name ?? ""}:${shown}` : shown;
        });
        return verb === "v" && flags.sharp ? `${typeName(value.type)}{${fields.join(", ")}}` : `{${fields.join(" ")}}`;
      }
      case "pointer": {
        if (verb === "p") return this.#address(value, flags);
        if (value.to === undefined) return verb === "v" ? pad("<nil>", flags) : `%!${verb}(${typeName(value.type)}=<nil>)`;
        const to = concrete(value.to);
        const isComposite = to.kind === "struct" || to.kind === "slice" || to.kind === "map";
        if (depth === 0 && isComposite) return `&${this.value(to, verb, flags, depth + 1)}`;
        if (verb === "v") return this.#address(value, flags);
        return formatInteger(BigInt(this.#addressOf(to)), verb, flags) ?? bad(verb, value, this);
      }
      case "interface":
        return "<nil>";
    }
  }

  #element(item: GoValue, verb: string, flags: Flags, depth: number): string {
    if (concrete(item).kind === "invalid") return verb === "v" ? pad("<nil>", flags) : `%!${verb}(<nil>)`;
    return this.value(item, verb, flags, depth);
  }

  #address(value: GoValue, flags: Flags): string {
    const to = value.kind === "pointer" ? value.to : value;
    if (to === undefined) return pad("%!p(nil)", flags);
    return pad(this.#addressOf(to), flags);
  }

  #addressOf(to: GoValue): string {
    const known = this.#addresses.get(to);
    if (known) return known;
    const address = `0x${(0xc000010000 + this.#addresses.size * 0x120).toString(16)}`;
    this.#addresses.set(to, address);
    return address;
  }
}

/** What the value's String method says, if it has one. */
function textOf(value: GoValue): string | undefined {
  const target = value.kind === "pointer" ? indirect(value).value : value;
  if (target.kind === "struct" && target.custom?.text !== undefined) return target.custom.text;
  const method = methodsOf(target).get("String");
  if (!method || method.params.length > 0) return undefined;
  const result = method.call([]);
  return result.ok && result.value.kind === "string" ? result.value.value : undefined;
}

function bad(verb: string, value: GoValue, printer: Printer): string {
  return `%!${verb}(${typeName(typeOf(value))}=${printer.value(value, "v", PLAIN, 0)})`;
}

function pad(text: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

function formatString(text: string, verb: string, flags: Flags): string | undefined {
  const cut = flags.precision === undefined ? text : [...text].slice(0, flags.precision).join("");
  switch (verb) {
    case "v":
      return flags.sharp ? pad(quote(cut), flags) : pad(cut, flags);
    case "s":
      return pad(cut, flags);
    case "q":
      if (flags.sharp && !cut.includes("`") && !/[\u0000-\u0008\u000a-\u001f]/.test(cut)) return pad(`\`${cut}\``, flags);
      return pad(quote(cut, '"', flags.plus), flags);
    case "x":
    case "X": {
      const hex = utf8(cut).map((byte) => (flags.sharp && flags.space ? "0x" : "") + byte.toString(16).padStart(2, "0"));
      const joined = (flags.sharp && !flags.space && hex.length > 0 ? "0x" : "") + hex.join(flags.space ? " " : "");
      return pad(verb === "X" ? joined.toUpperCase() : joined, flags);
    }
    default:
      return undefined;
  }
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/g)) {
    bytes.push(character[1] !== undefined ? Number.parseInt(character[1], 16) : (character[2] ?? "").charCodeAt(0));
  }
  return bytes;
}

const RADIX: Readonly<Record<string, { readonly base: number; readonly prefix: string }>> = {
  d: { base: 10, prefix: "" },
  v: { base: 10, prefix: "" },
  b: { base: 2, prefix: "0b" },
  o: { base: 8, prefix: "0" },
  O: { base: 8, prefix: "0o" },
  x: { base: 16, prefix: "0x" },
  X: { base: 16, prefix: "0X" },
};

function formatInteger(value: bigint, verb: string, flags: Flags): string | undefined {
  if (verb === "c") return pad(character(value), flags);
  if (verb === "q") return pad(quote(character(value), "'", flags.plus), flags);
  if (verb === "U") {
    const text = `U+${value
      .toString(16)
      .toUpperCase()
      .padStart(Math.max(4, flags.precision ?? 0), "0")}`;
    return pad(flags.sharp ? `${text} '${character(value)}'` : text, { ...flags, zero: false });
  }
  const radix = RADIX[verb];
  if (!radix) return undefined;
  const isNegative = value < 0n;
  let digits = (isNegative ? -value : value).toString(radix.base);
  if (verb === "X") digits = digits.toUpperCase();
  if (flags.precision !== undefined) digits = flags.precision === 0 && value === 0n ? "" : digits.padStart(flags.precision, "0");
  const sign = isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  const prefix = verb === "O" || (flags.sharp && verb !== "v") ? radix.prefix : "";
  if (flags.precision === undefined && flags.zero && flags.width !== undefined && !flags.minus) {
    digits = digits.padStart(flags.width - sign.length - prefix.length, "0");
  }
  return pad(sign + prefix + digits, { ...flags, zero: false });
}

function character(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : "\ufffd";
}

function formatNumber(value: number, verb: string, flags: Flags): string | undefined {
  const lower = verb.toLowerCase();
  let text: string;
  if (verb === "v") text = formatFloat(value, "g", flags.precision ?? -1, 21);
  else if (lower === "g") text = formatFloat(value, "g", flags.precision ?? -1, 21);
  else if (lower === "e") text = formatFloat(value, "e", flags.precision ?? 6);
  else if (lower === "f") text = formatFloat(value, "f", flags.precision ?? 6);
  else return undefined;
  if (verb !== lower) text = text.toUpperCase();
  const sign = text.startsWith("-") ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  let digits = text.replace(/^[+-]/, "");
  if (flags.zero && flags.width !== undefined && Number.isFinite(value)) digits = digits.padStart(flags.width - sign.length, "0");
  return pad(sign + digits, { ...flags, zero: false });
}

/** The text of a value of any kind as `%v` writes it. */
export function display(value: GoValue): string {
  return sprint([value]);
}

export type { GoType };
