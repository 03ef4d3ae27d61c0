/** `uniq` and `comm`: lines that follow each other, and lines that two sorted files share. */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Context, type Flavour } from "../command/command";
import { cannotOpen, type Input, openInput } from "../command/input";
import { Output } from "../command/output";
import { byCodePoint } from "./sort";

export function uniq(flavour: Flavour): Program {
  return command(
    {
      name: "uniq",
      usage: { gnu: "[OPTION]... [INPUT [OUTPUT]]", busybox: "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]" },
      options: {
        gnu: {
          short: "cdDf:is:uw:z",
          long: {
            count: "c",
            repeated: "d",
            "skip-fields": "f:",
            "ignore-case": "i",
            "skip-chars": "s:",
            unique: "u",
            "check-chars": "w:",
            "zero-terminated": "z",
          },
        },
        busybox: { short: "cduf:s:w:iz" },
      },
      unsimulatedLong: ["all-repeated::", "group::"],
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const [from = "-", to, extra] = args.operands;
      if (extra !== undefined) return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(extra)}` : undefined);
      const end = args.has("z") ? "\0" : "\n";
      const input = openInput(sys, from, out, end);
      if (!input.ok) {
        yield* context.complain(cannotOpen(context, from, input.error));
        return 1;
      }
      let target = out;
      if (to !== undefined && to !== "-") {
        const opened = sys.open(to, { write: true, create: true, truncate: true });
        if (!opened.ok) {
          yield* context.complain(cannotOpen(context, to, opened.error));
          return 1;
        }
        target = new Output(sys, opened.value);
      }
      const fields = Number(args.value("f") ?? 0);
      const skip = Number(args.value("s") ?? 0);
      const check = args.value("w");
      const keyOf = (text: string): string => {
        let key = text.replace(new RegExp(`^(?:[ \\t]*[^ \\t]*){0,${fields}}`), "");
        key = key.slice(skip);
        if (check !== undefined) key = key.slice(0, Number(check));
        return args.has("i") ? key.toLowerCase() : key;
      };
      let group: string[] = [];
      const emit = function* (): Routine<void> {
        const [first] = group;
        if (first === undefined) return;
        const isRepeated = group.length > 1;
        if (args.has("D")) {
          if (isRepeated) for (const line of group) yield* target.put(line + end);
          return;
        }
        if ((args.has("d") && !isRepeated) || (args.has("u") && isRepeated)) return;
        yield* target.put(`${args.has("c") ? `${String(group.length).padStart(7)} ` : ""}${first}${end}`);
      };
      for (let line = yield* input.value.line(); line; line = yield* input.value.line()) {
        if (group[0] !== undefined && keyOf(group[0]) !== keyOf(line.text)) {
          yield* emit();
          group = [];
        }
        group.push(line.text);
      }
      yield* emit();
      yield* target.flush();
      return 0;
    },
  );
}

export function comm(flavour: Flavour): Program {
  return command(
    {
      name: "comm",
      usage: { gnu: "[OPTION]... FILE1 FILE2", busybox: "[-123] FILE1 FILE2" },
      options: both({ short: "123" }),
      unsimulatedLong: ["check-order", "nocheck-order", "output-delimiter:", "total"],
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const [one, two, extra] = args.operands;
      if (one === undefined || two === undefined) {
        return yield* context.usageError(
          flavour === "gnu" ? (one === undefined ? "missing operand" : `missing operand after '${one}'`) : undefined,
        );
      }
      if (extra !== undefined) return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(extra)}` : undefined);
      const inputs: Input[] = [];
      for (const path of [one, two]) {
        const input = openInput(sys, path, out);
        if (!input.ok) {
          yield* context.complain(cannotOpen(context, path, input.error));
          return 1;
        }
        inputs.push(input.value);
      }
      return yield* merge(context, inputs);
    },
  );
}

function* merge(context: Context, [left, right]: readonly Input[]): Routine<number> {
  const { args, out } = context;
  const indent = (column: number): string => "\t".repeat([1, 2].filter((one) => one < column && !args.has(String(one))).length);
  const show = function* (column: 1 | 2 | 3, text: string): Routine<void> {
    if (!args.has(String(column))) yield* out.put(`${indent(column)}${text}\n`);
  };
  const disordered = new Set<number>();
  let hasUnpaired = false;
  /** The next line of a file, which must not come before the one that was there. */
  const advance = function* (file: 1 | 2, before: string): Routine<string | undefined> {
    const line = yield* next(file === 1 ? left : right);
    if (line !== undefined && hasUnpaired && byCodePoint(before, line) > 0 && !disordered.has(file)) {
      disordered.add(file);
      yield* context.complain(`file ${file} is not in sorted order`);
    }
    return line;
  };
  let a = yield* next(left);
  let b = yield* next(right);
  while (a !== undefined || b !== undefined) {
    const order = a === undefined ? 1 : b === undefined ? -1 : byCodePoint(a, b);
    if (order !== 0) hasUnpaired = true;
    if (order <= 0 && a !== undefined) yield* show(order === 0 ? 3 : 1, a);
    else if (b !== undefined) yield* show(2, b);
    const [wasA, wasB] = [a, b];
    if (order <= 0) a = yield* advance(1, wasA ?? "");
    if (order >= 0) b = yield* advance(2, wasB ?? "");
  }
  if (disordered.size === 0) return 0;
  yield* context.complain("input is not in sorted order");
  return 1;
}

function* next(input: Input | undefined): Routine<string | undefined> {
  return (yield* input?.line() ?? nothing())?.text;
}

function* nothing(): Routine<undefined> {
  return undefined;
}
