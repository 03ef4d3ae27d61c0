/** `cut` and `paste`: columns out of lines, and lines side by side. */

import { utf8Bytes, utf8Text } from "@/lib/base/utf8";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Flavour } from "../command/command";
import { cannotOpen, eachInput, type Input, openInput } from "../command/input";

/** Positions from 1; `to` undefined is the end of the line. */
type Range = { readonly from: number; readonly to: number | undefined };

export function cut(flavour: Flavour): Program {
  return command(
    {
      name: "cut",
      usage: { gnu: "OPTION... [FILE]...", busybox: "{-b|c LIST | -f|F LIST [-d SEP] [-s]} [-D] [-O SEP] [FILE]..." },
      options: {
        gnu: {
          short: "b:c:d:f:nsz",
          long: {
            bytes: "b:",
            characters: "c:",
            delimiter: "d:",
            fields: "f:",
            complement: "complement",
            "only-delimited": "s",
            "output-delimiter": "O:",
            "zero-terminated": "z",
          },
        },
        busybox: { short: "b:c:f:d:sDnO:", long: { "output-delimiter": "O:" } },
      },
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const kinds = ["b", "c", "f"].filter((key) => args.has(key));
      const [kind] = kinds;
      if (kind === undefined || kinds.length > 1 || args.values(kind).length > 1) {
        if (flavour === "busybox") return yield* context.usageError();
        return yield* context.usageError(
          kind === undefined ? "you must specify a list of bytes, characters, or fields" : "only one list may be specified",
        );
      }
      const list = args.value(kind) ?? "";
      const ranges = parseRanges(list);
      if (typeof ranges === "string") {
        if (flavour === "busybox") {
          yield* context.complain(`invalid range ${/^\d+$/.test(list) ? `${list}-${list}` : list}`);
          return 1;
        }
        return yield* context.usageError(
          ranges === ""
            ? `invalid ${kind === "f" ? "field value" : "byte/character position"} ${context.quoted(list)}`
            : ranges.replace("%", kind === "f" ? "fields are" : "byte/character positions are"),
        );
      }
      const given = args.value("d");
      if (flavour === "gnu" && kind !== "f" && (given !== undefined || args.has("s"))) {
        return yield* context.usageError(
          given !== undefined
            ? "an input delimiter may be specified only when operating on fields"
            : "suppressing non-delimited lines makes sense\n\tonly when operating on fields",
        );
      }
      if (given !== undefined && [...given].length > 1) return yield* context.usageError("the delimiter must be a single character");
      const delimiter = given === undefined ? "\t" : given === "" ? "\0" : given;
      const joint = args.value("O") ?? (kind === "f" ? delimiter : "");
      const isComplement = args.has("complement");
      const end = args.has("z") ? "\0" : "\n";
      const shape = (line: string): string | undefined => {
        if (kind === "f") {
          if (!line.includes(delimiter)) return args.has("s") ? undefined : line;
          return pick(line.split(delimiter), ranges, isComplement)
            .map((part) => part.join(delimiter))
            .join(joint);
        }
        // GNU's and busybox's -c count bytes like -b.
        return pick(utf8Bytes(line), ranges, isComplement).map(utf8Text).join(joint);
      };
      const copy = function* (input: Input): Routine<void> {
        for (let line = yield* input.line(); line; line = yield* input.line()) {
          const shaped = shape(line.text);
          if (shaped !== undefined) yield* out.put(shaped + end);
        }
      };
      return (yield* eachInput(context, args.operands, copy, end)) ? 0 : 1;
    },
  );
}

/** The list's ranges, merged and in order; a message, or `""` for one that depends on the kind of list. */
function parseRanges(list: string): readonly Range[] | string {
  const ranges: Range[] = [];
  for (const part of list.split(/[,\s]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === "") return part === "" ? "% numbered from 1" : "";
    const [, from = "", dash = "", to = ""] = match;
    if (from === "" && to === "") return "invalid range with no endpoint: -";
    if (from === "0" || (dash === "" && Number(from) === 0)) return "% numbered from 1";
    const range = { from: from === "" ? 1 : Number(from), to: dash === "" ? Number(from) : to === "" ? undefined : Number(to) };
    if (range.to !== undefined && range.to < range.from) return "invalid decreasing range";
    ranges.push(range);
  }
  ranges.sort((a, b) => a.from - b.from);
  return ranges;
}

/** The chosen items, in runs: overlapping or adjacent ones that were given apart stay apart only for the output delimiter. */
function pick<T>(items: readonly T[], ranges: readonly Range[], isComplement: boolean): T[][] {
  const isChosen = (n: number): boolean =>
    ranges.some((range) => n >= range.from && n <= (range.to ?? Number.POSITIVE_INFINITY)) !== isComplement;
  const startsRange = (n: number): boolean =>
    !isComplement &&
    ranges.some((range) => range.from === n) &&
    !ranges.some((range) => range.from < n && n <= (range.to ?? Number.POSITIVE_INFINITY));
  const runs: T[][] = [];
  let wasChosen = false;
  items.forEach((item, i) => {
    const chosen = isChosen(i + 1);
    if (chosen && (!wasChosen || startsRange(i + 1))) runs.push([]);
    if (chosen) runs.at(-1)?.push(item);
    wasChosen = chosen;
  });
  return runs;
}

export function paste(flavour: Flavour): Program {
  return command(
    {
      name: "paste",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-d LIST] [-s] [FILE]..." },
      options: { gnu: { short: "d:sz", long: { delimiters: "d:", serial: "s", "zero-terminated": "z" } }, busybox: { short: "d:s" } },
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const delimiters = delimitersOf(args.value("d") ?? "\t");
      const end = args.has("z") ? "\0" : "\n";
      const paths = args.operands.length > 0 ? args.operands : ["-"];
      const inputs: Input[] = [];
      const stdin = openInput(sys, "-", out, end);
      for (const path of paths) {
        const input = path === "-" ? stdin : openInput(sys, path, out, end);
        if (!input.ok) {
          yield* context.complain(cannotOpen(context, path, input.error));
          return 1;
        }
        inputs.push(input.value);
      }
      const at = (i: number): string => delimiters[i % delimiters.length] ?? "";
      if (args.has("s")) {
        for (const input of inputs) {
          let text = "";
          let n = 0;
          for (let line = yield* input.line(); line; line = yield* input.line()) text += (n++ > 0 ? at(n - 2) : "") + line.text;
          yield* out.put(text + end);
        }
        return 0;
      }
      for (;;) {
        const lines: (string | undefined)[] = [];
        for (const input of inputs) lines.push((yield* input.line())?.text);
        if (lines.every((line) => line === undefined)) return 0;
        yield* out.put(lines.map((line, i) => (line ?? "") + (i < lines.length - 1 ? at(i) : "")).join("") + end);
      }
    },
  );
}

function delimitersOf(list: string): string[] {
  if (list === "") return [""];
  return (list.match(/\\.|[^\\]/gu) ?? []).map((one) =>
    one === "\\n" ? "\n" : one === "\\t" ? "\t" : one === "\\0" ? "" : one === "\\\\" ? "\\" : one.replace(/^\\/, ""),
  );
}
