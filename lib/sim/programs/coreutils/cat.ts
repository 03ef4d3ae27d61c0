/** `cat`, `tac`, `rev` and `nl`: files as they are, backwards, and with numbers. */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Flavour } from "../command/command";
import { eachInput, type Input } from "../command/input";

export function cat(flavour: Flavour): Program {
  return command(
    {
      name: "cat",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-nbvteA] [FILE]..." },
      options: {
        gnu: {
          short: "AbeEnstTuv",
          long: {
            "show-all": "A",
            "number-nonblank": "b",
            "show-ends": "E",
            number: "n",
            "squeeze-blank": "s",
            "show-tabs": "T",
            "show-nonprinting": "v",
          },
        },
        busybox: { short: "nbvteAu" },
      },
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const all = args.has("A");
      // busybox has -E and -T only by way of -e, -t and -A.
      const ends = all || args.has("E") || args.has("e");
      const tabs = all || args.has("T") || args.has("t");
      const nonPrinting = all || args.has("v") || args.has("e") || args.has("t");
      const numbering = args.has("b") ? "nonblank" : args.has("n") ? "all" : "none";
      const isPlain = !ends && !tabs && !nonPrinting && numbering === "none" && !args.has("s");
      let number = 0;
      let blanks = 0;
      const copy = function* (input: Input): Routine<void> {
        if (isPlain) {
          for (let chunk = yield* input.chunk(); chunk !== ""; chunk = yield* input.chunk()) yield* out.put(chunk);
          return;
        }
        for (let line = yield* input.line(); line; line = yield* input.line()) {
          blanks = line.text === "" ? blanks + 1 : 0;
          if (args.has("s") && blanks > 1) continue;
          const isNumbered = numbering === "all" || (numbering === "nonblank" && line.text !== "");
          const shown = visible(line.text, { nonPrinting, tabs });
          const end = line.terminated ? `${ends ? "$" : ""}\n` : flavour === "busybox" && numbering !== "none" ? "\n" : "";
          yield* out.put(`${isNumbered ? `${String(++number).padStart(6)}\t` : ""}${shown}${end}`);
        }
      };
      return (yield* eachInput(context, args.operands, copy)) ? 0 : 1;
    },
  );
}

/** `^I`, `^@`; what is not ASCII is left as text here, where GNU cat would show bytes (`M-CM-<`). */
function visible(text: string, show: { readonly nonPrinting: boolean; readonly tabs: boolean }): string {
  const shown = show.nonPrinting
    ? text.replace(/[\x00-\x08\x0b-\x1f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) + 64)}`).replaceAll("\x7f", "^?")
    : text;
  return show.tabs ? shown.replaceAll("\t", "^I") : shown;
}

export function tac(flavour: Flavour): Program {
  return command(
    {
      name: "tac",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[FILE]..." },
      options: both({ short: "" }),
      unsimulated: flavour === "gnu" ? "brs" : "",
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const reverse = function* (input: Input): Routine<void> {
        const lines: string[] = [];
        for (let line = yield* input.line(); line; line = yield* input.line()) lines.push(line.terminated ? `${line.text}\n` : line.text);
        yield* out.put(lines.reverse().join(""));
      };
      return (yield* eachInput(context, args.operands, reverse)) ? 0 : 1;
    },
  );
}

export function rev(flavour: Flavour): Program {
  return command(
    { name: "rev", usage: { gnu: "[options] [<file> ...]", busybox: "[FILE]..." }, options: both({ short: "" }), package: "util-linux" },
    flavour,
    function* (context) {
      const { args, out } = context;
      const reverse = function* (input: Input): Routine<void> {
        for (let line = yield* input.line(); line; line = yield* input.line())
          yield* out.put([...line.text].reverse().join("") + (line.terminated ? "\n" : ""));
      };
      return (yield* eachInput(context, args.operands, reverse)) ? 0 : 1;
    },
  );
}

export function nl(flavour: Flavour): Program {
  return command(
    {
      name: "nl",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[OPTIONS] [FILE]..." },
      options: {
        gnu: {
          short: "b:i:n:s:v:w:",
          long: {
            "body-numbering": "b:",
            "line-increment": "i:",
            "number-format": "n:",
            "number-separator": "s:",
            "starting-line-number": "v:",
            "number-width": "w:",
          },
        },
        busybox: {
          short: "b:i:s:v:w:",
          long: {
            "body-numbering": "b:",
            "line-increment": "i:",
            "number-separator": "s:",
            "starting-line-number": "v:",
            "number-width": "w:",
          },
        },
      },
      unsimulated: "dfhlp",
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const style = args.value("b") ?? "t";
      if (!/^[atn]$/.test(style))
        return style.startsWith("p")
          ? yield* context.notSimulated("-b p")
          : yield* context.usageError(`invalid body numbering style: ${context.quoted(style)}`);
      const width = Number(args.value("w") ?? 6);
      const step = Number(args.value("i") ?? 1);
      const separator = args.value("s") ?? "\t";
      const format = args.value("n") ?? "rn";
      let number = Number(args.value("v") ?? 1);
      const shape = (n: number): string =>
        format === "ln" ? String(n).padEnd(width) : format === "rz" ? String(n).padStart(width, "0") : String(n).padStart(width);
      const copy = function* (input: Input): Routine<void> {
        for (let line = yield* input.line(); line; line = yield* input.line()) {
          const isNumbered = style === "a" || (style === "t" && line.text !== "");
          yield* out.put(
            isNumbered ? `${shape(number)}${separator}${line.text}\n` : `${" ".repeat(width + separator.length)}${line.text}\n`,
          );
          if (isNumbered) number += step;
        }
      };
      return (yield* eachInput(context, args.operands, copy)) ? 0 : 1;
    },
  );
}
