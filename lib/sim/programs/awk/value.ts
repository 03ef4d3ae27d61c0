/** Values of awk: numbers, strings, and strings from outside that look like numbers (POSIX "numeric strings"). */

import { formatFloat, formatInteger, formatText, parseFormat } from "../command/c-format";

/** `strnum` keeps the text; it compares as a number when both sides can. `undefined` is uninitialized. */
export type Value = number | string | StrNum | undefined;

export class StrNum {
  readonly text: string;
  readonly number: number;
  constructor(text: string, number: number) {
    this.text = text;
    this.number = number;
  }
}

const LOOKS_NUMERIC = /^[ \t\n]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n]*$/;

/** What comes from input, fields, `split`, `ARGV`, `-v`. */
export function fromInput(text: string): Value {
  return LOOKS_NUMERIC.test(text) ? new StrNum(text, Number(text)) : text;
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  if (value instanceof StrNum) return value.number;
  const match = /^[ \t\n]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(value);
  return match ? Number(match[0]) : 0;
}

/** `format` is CONVFMT, or OFMT for `print`. */
export function toText(value: Value, format: string): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  if (value instanceof StrNum) return value.text;
  if (Number.isInteger(value)) return Math.abs(value) < 1e16 ? String(value === 0 ? 0 : value) : formatAwk("%d", [value], "%.6g");
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return formatAwk(format, [value], format);
}

export function isTrue(value: Value): boolean {
  if (value === undefined) return false;
  if (typeof value === "number") return value !== 0;
  if (value instanceof StrNum) return value.number !== 0;
  return value !== "";
}

/** Below, at or above zero. Numbers with numbers, else as text. */
export function compare(left: Value, right: Value, format: string): number {
  if (typeof left !== "string" && typeof right !== "string") return Math.sign(toNumber(left) - toNumber(right));
  const [a, b] = [toText(left, format), toText(right, format)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `printf`'s formatting. Missing values count as uninitialized. */
export function formatAwk(format: string, values: readonly Value[], convFmt: string): string {
  let at = 0;
  const take = (): Value => values[at++];
  return parseFormat(format)
    .map((part) => {
      if (part.kind === "text") return part.text;
      const width = part.width === "*" ? Math.trunc(toNumber(take())) : part.width;
      const precision = part.precision === "*" ? Math.trunc(toNumber(take())) : part.precision;
      const directive = { flags: part.flags, width, precision, conversion: part.conversion };
      switch (part.conversion) {
        case "d":
        case "i":
        case "o":
        case "x":
        case "X":
        case "u": {
          const number = toNumber(take());
          if (!Number.isFinite(number)) return formatText(String(number).toLowerCase().replace("infinity", "inf"), directive);
          return formatInteger(BigInt(Math.trunc(number)), directive);
        }
        case "c": {
          const value = take();
          const text =
            typeof value === "number"
              ? String.fromCodePoint(Math.max(0, Math.trunc(value)) & 0x1fffff)
              : ([...toText(value, convFmt)][0] ?? "");
          return formatText(text, directive);
        }
        case "s":
          return formatText(toText(take(), convFmt), directive);
        case "e":
        case "E":
        case "f":
        case "F":
        case "g":
        case "G":
          return formatFloat(toNumber(take()), directive);
        default:
          return part.source;
      }
    })
    .join("");
}
