/** `echo`, `yes`, `true`, `false`, `seq`, `sleep`: what says, repeats, counts and waits. */

import type { Program } from "@/lib/sim/core/sys";
import { seconds } from "@/lib/sim/core/time";
import { formatFloat, parseFormat } from "../command/c-format";
import { both, command, type Context, type Flavour } from "../command/command";
import { Output } from "../command/output";
import { unescape } from "./escapes";

/** It reads its options by itself: whatever is not one is text. */
export function echo(_flavour: Flavour): Program {
  return function* (sys) {
    let words = sys.argv.slice(1);
    let newline = true;
    let escapes = false;
    for (let first = words[0]; first !== undefined && /^-[neE]+$/.test(first); first = words[0]) {
      for (const letter of first.slice(1)) {
        if (letter === "n") newline = false;
        else escapes = letter === "e";
      }
      words = words.slice(1);
    }
    const out = new Output(sys);
    const text = escapes ? unescape(words.join(" "), { octal: "zero" }) : { text: words.join(" "), stops: false };
    yield* out.put(text.text + (newline && !text.stops ? "\n" : ""));
    yield* out.flush();
    return out.failure ? 1 : 0;
  };
}

export function yes(flavour: Flavour): Program {
  return command(
    { name: "yes", usage: { gnu: "[STRING]...", busybox: "[STRING]" }, options: both({ short: "" }) },
    flavour,
    function* ({ args, out }) {
      const line = `${args.operands.length > 0 ? args.operands.join(" ") : "y"}\n`;
      const block = line.repeat(Math.max(1, Math.floor(4_096 / line.length)));
      while (!out.failure) yield* out.put(block);
      return 1;
    },
  );
}

export function trueProgram(_flavour: Flavour): Program {
  return function* () {
    return 0;
  };
}

export function falseProgram(_flavour: Flavour): Program {
  return function* () {
    return 1;
  };
}

export function seq(flavour: Flavour): Program {
  return command(
    {
      name: "seq",
      usage: { gnu: "[OPTION]... FIRST INCREMENT LAST", busybox: "[-w] [-s SEP] [FIRST [INC]] LAST" },
      options: {
        gnu: { short: "f:s:w", long: { format: "f:", separator: "s:", "equal-width": "w" }, stopsAtOperand: true },
        busybox: { short: "ws:", stopsAtOperand: true },
      },
      // A negative number is no option.
      rewrite: (args) => {
        const at = args.findIndex((arg) => /^-\.?\d/.test(arg));
        return at < 0 || args.slice(0, at).some((arg) => !arg.startsWith("-")) ? args : [...args.slice(0, at), "--", ...args.slice(at)];
      },
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const { operands } = args;
      if (operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      if (operands.length > 3)
        return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(operands[3] ?? "")}` : undefined);
      for (const operand of operands) {
        if (operand.trim() === "" || !Number.isFinite(Number(operand))) return yield* badNumber(context, operand);
      }
      const [firstText = "1", stepText = "1", lastText = "1"] =
        operands.length === 1 ? ["1", "1", operands[0]] : operands.length === 2 ? [operands[0], "1", operands[1]] : operands;
      const [first, step, last] = [Number(firstText), Number(stepText), Number(lastText)];
      if (step === 0 && flavour === "gnu") return yield* context.usageError(`invalid Zero increment value: ${context.quoted(stepText)}`);
      const decimals = Math.max(...[firstText, stepText].map((text) => (/\.(\d*)/.exec(text)?.[1] ?? "").length));
      const shown = (value: number): string => value.toFixed(decimals);
      const width = args.has("w") ? Math.max(shown(first).length, shown(last).length) : 0;
      const separator = args.value("s") ?? "\n";
      const format = args.value("f");
      const shape = (value: number): string => {
        if (format !== undefined)
          return parseFormat(format)
            .map((part) =>
              part.kind === "text"
                ? part.text
                : formatFloat(value, {
                    ...part,
                    width: part.width === "*" ? undefined : part.width,
                    precision: part.precision === "*" ? undefined : part.precision,
                  }),
            )
            .join("");
        const text = shown(value);
        return text.startsWith("-") ? `-${text.slice(1).padStart(width - 1, "0")}` : text.padStart(width, "0");
      };
      let printed = false;
      for (let n = 0; ; n++) {
        const value = first + n * step;
        // The last value may miss by a rounding error.
        if (step >= 0 ? value > last + Math.abs(step) * 1e-9 : value < last - Math.abs(step) * 1e-9) break;
        yield* out.put((printed ? separator : "") + shape(value));
        printed = true;
        if (out.failure) return 1;
      }
      if (printed) yield* out.put("\n");
      return 0;
    },
  );
}

function* badNumber(context: Context, operand: string): ReturnType<Context["usageError"]> {
  if (context.flavour === "gnu") return yield* context.usageError(`invalid floating point argument: ${context.quoted(operand)}`);
  return yield* context.usageError();
}

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** `1.5`, `2m`, `infinity`: seconds. */
export function parseSpan(text: string): number | undefined {
  const match = /^(\d+\.?\d*|\.\d+|inf(?:inity)?)([smhd]?)$/i.exec(text);
  if (!match) return undefined;
  const amount = /^inf/i.test(match[1] ?? "") ? Number.POSITIVE_INFINITY : Number(match[1]);
  return amount * (UNITS[match[2] ?? ""] ?? 1);
}

export function sleep(flavour: Flavour): Program {
  return command(
    { name: "sleep", usage: { gnu: "NUMBER[SUFFIX]...", busybox: "[N]..." }, options: both({ short: "" }) },
    flavour,
    function* (context) {
      const { args, sys } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      let total = 0;
      let isBad = false;
      for (const operand of args.operands) {
        const span = parseSpan(operand);
        if (span === undefined) {
          if (flavour === "busybox") {
            yield* context.complain(`invalid number '${operand}'`);
            return 1;
          }
          yield* context.complain(`invalid time interval ${context.quoted(operand)}`);
          isBad = true;
        } else total += span;
      }
      if (isBad) return yield* context.usageError();
      if (total === Number.POSITIVE_INFINITY) for (;;) yield* sys.wait({ on: [] });
      yield* sys.sleep(seconds(total));
      return 0;
    },
  );
}
