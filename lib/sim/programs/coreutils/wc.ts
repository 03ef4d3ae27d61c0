/** `wc`: lines, words, characters and bytes. */

import { utf8Length } from "@/lib/base/utf8";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Flavour } from "../command/command";
import { cannotOpen, cannotRead, openInput } from "../command/input";

type Counts = { lines: number; words: number; chars: number; bytes: number; longest: number };

export function wc(flavour: Flavour): Program {
  return command(
    {
      name: "wc",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-cmlwL] [FILE]..." },
      options: {
        gnu: { short: "clLmw", long: { bytes: "c", chars: "m", lines: "l", "max-line-length": "L", words: "w" } },
        busybox: { short: "lwcmL" },
      },
      unsimulatedLong: ["files0-from:", "total:"],
    },
    flavour,
    function* (context) {
      const { sys, args, out } = context;
      const wanted = ["l", "w", "m", "c", "L"].filter((key) => args.has(key));
      const keys = wanted.length > 0 ? wanted : ["l", "w", "c"];
      const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
      const rows: { readonly counts: Counts; readonly name: string }[] = [];
      let status = 0;
      let hasNonFile = false;
      for (const path of args.operands.length > 0 ? args.operands : ["-"]) {
        const name = path === "-" && args.operands.length === 0 ? "" : path;
        const input = openInput(sys, path, out);
        if (!input.ok) {
          yield* context.complain(flavour === "gnu" ? cannotOpen(context, path, input.error) : `${path}: ${context.words(input.error)}`);
          status = 1;
          continue;
        }
        const counts = count(yield* input.value.rest());
        const { error } = input.value;
        if (error) {
          yield* context.complain(flavour === "gnu" ? cannotRead(context, path, error) : `${path}: ${context.words(error)}`);
          hasNonFile = true;
          status = 1;
        }
        input.value.close();
        rows.push({ counts, name });
        total.lines += counts.lines;
        total.words += counts.words;
        total.chars += counts.chars;
        total.bytes += counts.bytes;
        total.longest = Math.max(total.longest, counts.longest);
      }
      if (args.operands.length > 1) rows.push({ counts: total, name: "total" });
      const width = widthOf(rows.length, keys, flavour, hasNonFile ? ["-"] : args.operands, total);
      for (const { counts, name } of rows) yield* printRow(counts, name);
      return status;

      function* printRow(counts: Counts, name: string): Routine<void> {
        const numbers = keys.map((key) => String(value(counts, key)).padStart(width));
        yield* out.put(`${numbers.join(" ")}${name === "" ? "" : ` ${name}`}\n`);
      }
    },
  );
}

function count(text: string): Counts {
  let longest = 0;
  for (const line of text.split("\n"))
    longest = Math.max(longest, [...line.replace(/\t/g, (_, at: number) => " ".repeat(8 - (at % 8)))].length);
  return {
    lines: text.split("\n").length - 1,
    words: text.split(/\s+/).filter((word) => word !== "").length,
    chars: [...text].length,
    bytes: utf8Length(text),
    longest,
  };
}

function value(counts: Counts, key: string): number {
  return key === "l" ? counts.lines : key === "w" ? counts.words : key === "m" ? counts.chars : key === "c" ? counts.bytes : counts.longest;
}

/** GNU: as wide as the total of bytes needs, but 7 for what has no size; busybox: 9, or as it comes for one number. */
function widthOf(rows: number, keys: readonly string[], flavour: Flavour, operands: readonly string[], total: Counts): number {
  if (rows <= 1 && keys.length === 1) return 1;
  if (flavour === "busybox") return 9;
  if (operands.length === 0 || operands.includes("-")) return 7;
  return String(total.bytes).length;
}
