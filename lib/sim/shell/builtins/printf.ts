/** `printf`: the format is used again while arguments are left; what is missing is empty or 0. */

import type { Routine } from "@/lib/sim/core/task";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { backslashed } from "../expand/quote";
import { ShellError } from "../run/unwind";
import { interpret } from "./escapes";
import { type BuiltinCall, say, usage } from "./builtin";
import { strftime } from "./strftime";

export function* printf(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  let { args } = call;
  let variable: string | undefined;
  if (dialect === "bash" && args[0] === "-v" && args[1] !== undefined) {
    variable = args[1];
    args = args.slice(2);
  } else if (dialect === "bash" && args[0] !== undefined && /^-[^-]/.test(args[0]))
    return yield* usage(call, `${args[0].slice(0, 2)}: invalid option`, "printf [-v var] format [arguments]");
  else if (dialect === "dash" && args[0] !== undefined && /^-[^-]/.test(args[0]))
    throw new ShellError(`Illegal option ${args[0].slice(0, 2)}`, 2);
  if (args[0] === "--") args = args.slice(1);
  const [format] = args;
  if (format === undefined) {
    if (dialect === "bash") {
      yield* shell.write(2, "printf: usage: printf [-v var] format [arguments]\n");
      return 2;
    }
    if (dialect === "dash") throw new ShellError("usage: printf format [arg ...]", 2);
    yield* shell.write(2, `BusyBox v1.38.0 (Debian 1:1.38.0-3+b1) multi-call binary.\n\nUsage: printf FORMAT [ARG]...\n`);
    return 1;
  }
  const run = new Formatter(call, args.slice(1));
  yield* run.all(format);
  if (variable !== undefined) {
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(variable);
    if (element?.[1] !== undefined) shell.variables.set(element[1], run.text, { key: element[2] ?? "" });
    else if (/^[A-Za-z_]\w*$/.test(variable)) shell.variables.set(variable, run.text);
    else {
      yield* shell.complain(`\`${variable}': not a valid identifier`);
      return 2;
    }
    return run.status;
  }
  const status = yield* say(call, run.text, run.status);
  yield* run.tell();
  return status;
}

const BASH_DIRECTIVE = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|j|z|t)?(\([^)]*\)T|[\s\S])?/;
const ASH_DIRECTIVE = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|j|z|t)?([\s\S])?/;
const DASH_DIRECTIVE = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|\d*))?([\s\S])?/;

class Formatter {
  readonly #call: BuiltinCall;
  readonly #args: readonly string[];
  #at = 0;
  #isCut = false;
  #took = false;
  /** Messages come after what was printed before them, as the real buffers have it. */
  #late: string[] = [];
  text = "";
  status = 0;

  constructor(call: BuiltinCall, args: readonly string[]) {
    this.#call = call;
    this.#args = args;
  }

  *all(format: string): Routine<void> {
    do {
      this.#took = false;
      yield* this.#once(format);
    } while (!this.#isCut && this.#took && this.#at < this.#args.length);
  }

  *tell(): Routine<void> {
    for (const message of this.#late) yield* this.#call.shell.write(2, message);
  }

  get #dialect(): "bash" | "dash" | "ash" {
    return this.#call.shell.flavour.dialect.name;
  }

  *#once(format: string): Routine<void> {
    for (let i = 0; i < format.length && !this.#isCut; ) {
      const c = format[i] ?? "";
      if (c === "\\") {
        const sequence =
          /^(?:\\[0-7]{1,3}|\\x[0-9a-fA-F]{1,2})+|^\\(?:u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[\s\S])?/.exec(format.slice(i))?.[0] ?? "\\";
        const made =
          sequence === '\\"'
            ? { text: '"', isCut: false }
            : sequence === "\\'" && this.#dialect !== "ash"
              ? { text: "'", isCut: false }
              : interpret(sequence, this.#dialect, true);
        this.text += made.text;
        // In a format only `%b` cuts off with `\c`, except in bash, where both do.
        if (made.isCut) {
          this.#isCut = true;
          return;
        }
        i += sequence.length;
        continue;
      }
      if (c !== "%") {
        this.text += c;
        i++;
        continue;
      }
      if (format[i + 1] === "%") {
        this.text += "%";
        i += 2;
        continue;
      }
      const directive = (this.#dialect === "bash" ? BASH_DIRECTIVE : this.#dialect === "ash" ? ASH_DIRECTIVE : DASH_DIRECTIVE).exec(
        format.slice(i),
      );
      const conversion = directive?.[4];
      if (!directive || conversion === undefined || !this.#knows(conversion)) {
        this.#badDirective(directive?.[0] ?? "%", format.slice(i));
        this.#isCut = true;
        return;
      }
      i += directive[0].length;
      yield* this.#directive(directive[1] ?? "", directive[2], directive[3], conversion);
    }
  }

  #knows(conversion: string): boolean {
    if ("diouxXcsbeEfFgGaA".includes(conversion)) return true;
    return this.#dialect === "bash" && (conversion === "q" || conversion === "Q" || conversion === "n" || conversion.endsWith("T"));
  }

  #badDirective(directive: string, rest: string): void {
    const letter = directive.at(-1) ?? "";
    switch (this.#dialect) {
      case "bash":
        this.#complain(
          directive.length > 1 && !/[\d.*#+ -]$/.test(directive) && !/[hlLjzt]$/.test(letter)
            ? `\`${letter}': invalid format character`
            : `\`${directive}': missing format character`,
        );
        this.status = 1;
        break;
      case "dash":
        this.#complain(`${directive}: invalid directive`);
        this.status = 2;
        break;
      case "ash":
        this.#late.push(
          `${this.#call.shell.name}: ${rest.replace(/^(%[-+ #0']*(?:\*|\d+)?(?:\.(?:\*|\d*))?)(?:hh|h|ll|l|L|j|z|t)/, "$1")}: invalid format\n`,
        );
        this.status = 1;
        break;
    }
  }

  *#directive(flags: string, width: string | undefined, precision: string | undefined, conversion: string): Routine<void> {
    const star = (value: string | undefined): number | undefined =>
      value === undefined ? undefined : value === "*" ? Number(this.#integer(this.#next() ?? "0")) : Number(value || "0");
    let wide = star(width) ?? 0;
    let isLeft = flags.includes("-");
    if (wide < 0) {
      isLeft = true;
      wide = -wide;
    }
    let exact = star(precision);
    if (exact !== undefined && exact < 0) exact = undefined;
    const pad = (text: string, zero: boolean): string => {
      if (isLeft) return text.padEnd(wide);
      if (!zero || !flags.includes("0")) return text.padStart(wide);
      const sign = /^(?:[-+ ]?0[xX]|[-+ ])/.exec(text)?.[0] ?? "";
      return sign + text.slice(sign.length).padStart(wide - sign.length, "0");
    };
    if (conversion.endsWith("T") && conversion.length > 1) {
      const at = this.#next();
      const { sys, startedAt } = this.#call.shell;
      const now = Math.floor(sys.dateMs / 1000);
      const seconds =
        at === undefined || at === "-1"
          ? now
          : at === "-2"
            ? now - Math.floor((sys.now - startedAt) / 1_000_000)
            : Number(this.#integer(at));
      this.text += pad(strftime(conversion.slice(1, -2) || "%X", seconds), false);
      return;
    }
    switch (conversion) {
      case "c":
        this.text += pad([...(this.#next() ?? "")][0] ?? "", false);
        return;
      case "s": {
        const text = this.#next() ?? "";
        this.text += pad(exact === undefined ? text : [...text].slice(0, exact).join(""), false);
        return;
      }
      case "q":
      case "Q":
        this.text += pad(backslashed(this.#next() ?? ""), false);
        return;
      case "b": {
        const { text, isCut } = interpret(this.#next() ?? "", this.#dialect, true);
        this.text += pad(exact === undefined ? text : text.slice(0, exact), false);
        this.#isCut = isCut;
        return;
      }
      case "n":
        this.#complain(notSimulated("printf's %n"));
        this.status = 1;
        return;
    }
    if ("diouxX".includes(conversion)) {
      const value = this.#integer(this.#next() ?? (this.#dialect === "ash" ? "" : "0"));
      this.text += pad(integer(value, conversion, flags, exact), exact === undefined);
      return;
    }
    this.text += pad(float(this.#float(this.#next() ?? "0"), conversion, flags, exact), true);
  }

  #next(): string | undefined {
    this.#took = true;
    return this.#args[this.#at++];
  }

  /** `12`, `0x1f`, `017`, `'a` (the character's number). */
  #integer(text: string): bigint {
    if (/^["']/.test(text)) return BigInt([...text][1]?.codePointAt(0) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    const digits = this.#dialect === "ash" && match?.[0] !== text ? undefined : match?.[2];
    const value = digits === undefined ? 0n : BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    this.#check(text, match?.[0]);
    return match?.[1] === "-" ? -value : value;
  }

  #float(text: string): number {
    if (/^["']/.test(text)) return [...text][1]?.codePointAt(0) ?? 0;
    const match = /^\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
    if (text !== "") this.#check(text, match?.[0]);
    const number = (match?.[0] ?? "0").trim().toLowerCase();
    if (/inf/.test(number)) return number.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return number === "nan" ? Number.NaN : Number(number);
  }

  #check(text: string, read: string | undefined): void {
    if (read === text) return;
    const isEmpty = text === "";
    this.status = 1;
    switch (this.#dialect) {
      case "bash":
        this.#complain(`${text}: invalid number`);
        return;
      case "dash":
        if (!isEmpty) this.#complain(read === undefined ? `${text}: expected numeric value` : `${text}: not completely converted`);
        else this.status = 0;
        return;
      case "ash":
        this.#late.push(`${this.#call.shell.name}: invalid number '${text}'\n`);
        return;
    }
  }

  #complain(message: string): void {
    this.#late.push(`${this.#call.shell.messagePrefix}${message}\n`);
  }
}

function integer(value: bigint, conversion: string, flags: string, precision: number | undefined): string {
  const isSigned = conversion === "d" || conversion === "i";
  const number = isSigned ? value : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  const magnitude = number < 0n ? -number : number;
  let digits = magnitude.toString(base);
  if (precision !== undefined) digits = precision === 0 && magnitude === 0n ? "" : digits.padStart(precision, "0");
  if (flags.includes("#") && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  if (flags.includes("#") && base === 16 && magnitude !== 0n) digits = `0x${digits}`;
  if (conversion === "X") digits = digits.toUpperCase();
  const sign = number < 0n ? "-" : isSigned && flags.includes("+") ? "+" : isSigned && flags.includes(" ") ? " " : "";
  return sign + digits;
}

function float(value: number, conversion: string, flags: string, precision: number | undefined): string {
  const lower = conversion.toLowerCase();
  const magnitude = Math.abs(value);
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : "inf";
  else if (lower === "f") text = magnitude.toFixed(Math.min(100, precision ?? 6));
  else if (lower === "e") text = exponent(magnitude.toExponential(Math.min(100, precision ?? 6)));
  else if (lower === "g") text = general(magnitude, precision, flags.includes("#"));
  else text = magnitude.toString(16);
  if (conversion !== lower) text = text.toUpperCase();
  const sign = value < 0 || Object.is(value, -0) ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + text;
}

/** C writes at least two digits of an exponent. */
function exponent(text: string): string {
  return text.replace(/e([-+])(\d)$/, "e$10$2");
}

function general(magnitude: number, precision: number | undefined, keepsZeros: boolean): string {
  const digits = precision === 0 ? 1 : Math.min(100, precision ?? 6);
  if (magnitude === 0) return "0";
  const power = Number(magnitude.toExponential(digits - 1).split("e")[1]);
  const text = power < -4 || power >= digits ? magnitude.toExponential(digits - 1) : magnitude.toFixed(Math.max(0, digits - 1 - power));
  if (keepsZeros) return exponent(text);
  const [mantissa = "", tail] = text.split("e");
  const trimmed = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent(tail === undefined ? trimmed : `${trimmed}e${tail}`);
}
