/** `sort`: lines in order, by whole lines or by keys. POSIX `sort`, with GNU's -h, -V, -R left out or said. */

import type { Program } from "@/lib/sim/core/sys";
import { command, type Context, type Flavour } from "../command/command";
import { cannotRead, openInput } from "../command/input";

type Flags = {
  readonly numeric: boolean;
  readonly general: boolean;
  readonly human: boolean;
  readonly version: boolean;
  readonly month: boolean;
  readonly reverse: boolean;
  readonly fold: boolean;
  readonly dictionary: boolean;
  readonly printable: boolean;
  readonly skipBlanks: boolean;
};

type Key = {
  readonly start: { readonly field: number; readonly char: number; readonly skipBlanks: boolean };
  readonly end: { readonly field: number; readonly char: number; readonly skipBlanks: boolean } | undefined;
  readonly flags: Flags;
};

export function sort(flavour: Flavour): Program {
  return command(
    {
      name: "sort",
      usage: {
        gnu: "[OPTION]... [FILE]...",
        busybox: "[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...",
      },
      options: {
        gnu: {
          short: "bcCdfghik:mMno:rst:uVz",
          long: {
            "ignore-leading-blanks": "b",
            check: "c",
            "dictionary-order": "d",
            "ignore-case": "f",
            "general-numeric-sort": "g",
            "human-numeric-sort": "h",
            "ignore-nonprinting": "i",
            key: "k:",
            merge: "m",
            "month-sort": "M",
            "numeric-sort": "n",
            output: "o:",
            reverse: "r",
            stable: "s",
            "field-separator": "t:",
            unique: "u",
            "version-sort": "V",
            "zero-terminated": "z",
          },
        },
        busybox: { short: "ngMucszbrdfihk:o:t:mVS:T:" },
      },
      unsimulated: flavour === "gnu" ? "RST" : "",
      unsimulatedLong: [
        "random-sort",
        "random-source:",
        "files0-from:",
        "parallel:",
        "batch-size:",
        "compress-program:",
        "debug",
        "sort:",
        "buffer-size:",
        "temporary-directory:",
      ],
      usageStatus: 2,
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const separator = args.value("t");
      if (separator !== undefined && [...separator].length !== 1 && separator !== "\\0") {
        if (flavour === "busybox") return yield* fatal(context, `bad -t parameter`);
        return yield* fatal(context, separator === "" ? "empty tab" : `multi-character tab ${context.quoted(separator)}`);
      }
      const common = flagsOf(args.all.map((option) => option.key).join(""));
      const keys: Key[] = [];
      for (const text of args.values("k")) {
        const key = parseKey(text, common);
        if (!key)
          return yield* fatal(
            context,
            flavour === "gnu"
              ? `invalid number at field start: invalid count at start of ${context.quoted(text)}`
              : `bad field specification`,
          );
        keys.push(key);
      }
      const end = args.has("z") ? "\0" : "\n";
      const lines: string[] = [];
      for (const path of args.operands.length > 0 ? args.operands : ["-"]) {
        const input = openInput(sys, path, out, end);
        if (!input.ok) {
          yield* context.complain(`${flavour === "gnu" ? "cannot read: " : ""}${path}: ${context.words(input.error)}`);
          return 2;
        }
        for (let line = yield* input.value.line(); line; line = yield* input.value.line()) lines.push(line.text);
        const { error } = input.value;
        if (error)
          return yield* fatal(
            context,
            flavour === "gnu" ? `read failed: ${path}: ${context.words(error)}` : cannotRead(context, path, error),
          );
        input.value.close();
      }
      const order = comparison(keys, common, separator === "\\0" ? "\0" : separator);
      const isStable = args.has("s") || args.has("u");
      const compare = (a: string, b: string): number => {
        const byKeys = order(a, b);
        if (byKeys !== 0 || isStable) return byKeys;
        const whole = byCodePoint(a, b);
        return common.reverse ? -whole : whole;
      };
      if (args.has("c") || args.has("C")) {
        const at = lines.findIndex(
          (line, i) => i > 0 && (args.has("u") ? compare(lines[i - 1] ?? "", line) >= 0 : compare(lines[i - 1] ?? "", line) > 0),
        );
        if (at < 0) return 0;
        if (flavour === "busybox") yield* sys.write(2, `Check line ${at}\n`);
        else if (!args.has("C")) yield* context.complain(`${args.operands[0] ?? "-"}:${at + 1}: disorder: ${lines[at]}`);
        return 1;
      }
      lines.sort(compare);
      const kept = args.has("u") ? lines.filter((line, i) => i === 0 || order(lines[i - 1] ?? "", line) !== 0) : lines;
      const text = kept.map((line) => line + end).join("");
      const file = args.value("o");
      if (file === undefined) {
        yield* out.put(text);
        return 0;
      }
      const written = sys.writeFile(file, text);
      if (written.ok) return 0;
      return yield* fatal(
        context,
        flavour === "gnu"
          ? `open failed: ${file}: ${context.words(written.error)}`
          : `can't open '${file}': ${context.words(written.error)}`,
      );
    },
  );
}

function* fatal(context: Context, message: string): ReturnType<Context["usageError"]> {
  yield* context.complain(message);
  return context.flavour === "gnu" ? 2 : 1;
}

function flagsOf(letters: string): Flags {
  return {
    numeric: letters.includes("n"),
    general: letters.includes("g"),
    human: letters.includes("h"),
    version: letters.includes("V"),
    month: letters.includes("M"),
    reverse: letters.includes("r"),
    fold: letters.includes("f"),
    dictionary: letters.includes("d"),
    printable: letters.includes("i"),
    skipBlanks: letters.includes("b"),
  };
}

/** `2`, `2,3`, `1.2n,1.4r`: a key without flags of its own takes the global ones. */
function parseKey(text: string, common: Flags): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([bdfghiMnrV]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnrV]*))?$/.exec(text);
  if (!match || Number(match[1]) < 1 || match[2] === "0") return undefined;
  const letters = (match[3] ?? "") + (match[6] ?? "");
  const flags = letters === "" ? common : flagsOf(letters);
  return {
    start: {
      field: Number(match[1]),
      char: Number(match[2] ?? 1),
      skipBlanks: letters === "" ? common.skipBlanks : (match[3] ?? "").includes("b"),
    },
    end:
      match[4] === undefined
        ? undefined
        : {
            field: Number(match[4]),
            char: Number(match[5] ?? 0),
            skipBlanks: letters === "" ? common.skipBlanks : (match[6] ?? "").includes("b"),
          },
    flags,
  };
}

function comparison(keys: readonly Key[], common: Flags, separator: string | undefined): (a: string, b: string) => number {
  if (keys.length === 0) {
    const compare = compareBy(common);
    return (a, b) => compare(common.skipBlanks ? a.replace(/^[ \t]+/, "") : a, common.skipBlanks ? b.replace(/^[ \t]+/, "") : b);
  }
  const comparisons = keys.map((key) => ({ key, compare: compareBy(key.flags) }));
  return (a, b) => {
    for (const { key, compare } of comparisons) {
      const result = compare(part(a, key, separator), part(b, key, separator));
      if (result !== 0) return result;
    }
    return 0;
  };
}

/** The text of a key. Without -t a field begins with the blanks before it. */
function part(line: string, { start, end }: Key, separator: string | undefined): string {
  const fields = fieldsOf(line, separator);
  const position = (field: number, char: number, skipBlanks: boolean): number => {
    const found = fields[field - 1];
    if (!found) return line.length;
    let at = found.start;
    if (skipBlanks) while (at < found.end && /[ \t]/.test(line[at] ?? "")) at++;
    return Math.min(at + char, line.length);
  };
  const from = position(start.field, start.char - 1, start.skipBlanks);
  if (!end) return line.slice(from);
  const to = end.char === 0 ? (fields[end.field - 1]?.end ?? line.length) : position(end.field, end.char, end.skipBlanks);
  return line.slice(from, Math.max(from, to));
}

function fieldsOf(line: string, separator: string | undefined): { readonly start: number; readonly end: number }[] {
  const fields: { start: number; end: number }[] = [];
  if (separator !== undefined) {
    let start = 0;
    for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, start)) {
      fields.push({ start, end: at });
      start = at + separator.length;
    }
    fields.push({ start, end: line.length });
    return fields;
  }
  for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) fields.push({ start: match.index, end: match.index + match[0].length });
  return fields;
}

function compareBy(flags: Flags): (a: string, b: string) => number {
  const base = baseComparison(flags);
  return flags.reverse ? (a, b) => -base(a, b) : base;
}

function baseComparison(flags: Flags): (a: string, b: string) => number {
  if (flags.numeric) return (a, b) => sign(numberAt(a) - numberAt(b));
  if (flags.general) return (a, b) => sign(generalNumber(a) - generalNumber(b));
  if (flags.human) return (a, b) => sign(humanNumber(a) - humanNumber(b));
  if (flags.version) return compareVersions;
  if (flags.month) return (a, b) => sign(month(a) - month(b));
  const shape = (text: string): string => {
    let shaped = text;
    if (flags.dictionary) shaped = shaped.replace(/[^\p{L}\p{N}\s]/gu, "");
    if (flags.printable) shaped = shaped.replace(/[^\x20-\x7e]/g, "");
    return flags.fold ? shaped.toUpperCase() : shaped;
  };
  return (a, b) => byCodePoint(shape(a), shape(b));
}

function sign(difference: number): number {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

function numberAt(text: string): number {
  const match = /^\s*(-?(?:\d+\.?\d*|\.\d+))/.exec(text);
  return match ? Number(match[1]) : 0;
}

function generalNumber(text: string): number {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text);
  return match ? Number(match[1]) : Number.NEGATIVE_INFINITY;
}

function humanNumber(text: string): number {
  const match = /^\s*(-?(?:\d+\.?\d*|\.\d+))([kKMGTPEZY]?)/.exec(text);
  if (!match) return 0;
  const power = match[2] ? "KMGTPEZY".indexOf(match[2].toUpperCase()) + 1 : 0;
  return Number(match[1]) * 1024 ** power;
}

const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

function month(text: string): number {
  return MONTH_NAMES.indexOf(text.trim().slice(0, 3).toUpperCase()) + 1;
}

/** By bytes of UTF-8, as in the C.UTF-8 locale: that is by code point. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    const high = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
    return high(x) - high(y) < 0 ? -1 : 1;
  }
  return sign(a.length - b.length);
}

/** Runs of digits by value, the rest by character (strverscmp without its rule for leading zeros). */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [left, right] = [x[i], y[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const bothNumbers = /^\d/.test(left) && /^\d/.test(right);
    const result = bothNumbers ? sign(Number(left) - Number(right)) : byCodePoint(left, right);
    if (result !== 0) return result;
  }
  return 0;
}
