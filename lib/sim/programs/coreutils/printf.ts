/** `printf`: POSIX, with GNU's %q left out. */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { type Directive, formatFloat, formatInteger, formatText, parseFormat } from "../command/c-format";
import { both, command, type Context, type Flavour } from "../command/command";
import { unescape } from "./escapes";

export function printf(flavour: Flavour): Program {
  return command(
    {
      name: "printf",
      usage: { gnu: "FORMAT [ARGUMENT]...", busybox: "FORMAT [ARG]..." },
      options: both({ short: "", stopsAtOperand: true }),
      rewrite: (args) => (args[0]?.startsWith("-") && args[0] !== "--" && !args[0].startsWith("--") ? ["--", ...args] : args),
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const [format, ...rest] = args.operands;
      if (format === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      const parts = parseFormat(format);
      let status = 0;
      let left = rest;
      do {
        const before = left.length;
        for (const part of parts) {
          if (part.kind === "text") {
            const text = unescape(part.text, { octal: "any" });
            yield* out.put(text.text);
            if (text.stops) return status;
            continue;
          }
          const next = (): string | undefined => {
            const [first, ...others] = left;
            left = others;
            return first;
          };
          const amount = (given: number | "*" | undefined): number | undefined => (given === "*" ? Number(next() ?? 0) || 0 : given);
          const directive: Directive = {
            flags: part.flags,
            width: amount(part.width),
            precision: amount(part.precision),
            conversion: part.conversion,
          };
          const shown = yield* convert(context, directive, next, part.source);
          if (!shown) return 1;
          if (shown.failed) status = 1;
          yield* out.put(shown.text);
          if (shown.stops) return status;
        }
        if (left.length === before) {
          if (left.length > 0 && flavour === "gnu")
            yield* context.complain(`warning: ignoring excess arguments, starting with ${context.quoted(left[0] ?? "")}`);
          return status;
        }
      } while (left.length > 0);
      return status;
    },
  );
}

type Shown = { readonly text: string; readonly failed?: boolean; readonly stops?: boolean };

function* convert(context: Context, directive: Directive, next: () => string | undefined, source: string): Routine<Shown | undefined> {
  switch (directive.conversion) {
    case "s":
      return { text: formatText(next() ?? "", directive) };
    case "c":
      return { text: formatText([...(next() ?? "")][0] ?? "", directive) };
    case "b": {
      const text = unescape(next() ?? "", { octal: "both" });
      return { text: formatText(text.text, directive), stops: text.stops };
    }
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X": {
      const number = yield* integerOf(context, next());
      return { text: formatInteger(number.value, directive), failed: number.failed };
    }
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G": {
      const number = yield* numberOf(context, next());
      return { text: formatFloat(number.value, directive), failed: number.failed };
    }
    default:
      yield* context.complain(
        context.flavour === "gnu" ? `${source}: invalid conversion specification` : `${source.replace(/[a-zA-Z]$/, "")}: invalid format`,
      );
      return undefined;
  }
}

function* integerOf(context: Context, text: string | undefined): Routine<{ readonly value: bigint; readonly failed: boolean }> {
  if (text === undefined || text === "") return { value: 0n, failed: false };
  if (/^["']/.test(text)) return { value: BigInt(text.codePointAt(1) ?? 0), failed: false };
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  const digits = match?.[2] ?? "0";
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const failed = yield* checkConverted(context, text, match?.[0]);
  // busybox takes a number as a whole or not at all.
  if (failed && context.flavour === "busybox") return { value: 0n, failed };
  return { value: match?.[1] === "-" ? -magnitude : magnitude, failed };
}

function* numberOf(context: Context, text: string | undefined): Routine<{ readonly value: number; readonly failed: boolean }> {
  if (text === undefined || text === "") return { value: 0, failed: false };
  if (/^["']/.test(text)) return { value: text.codePointAt(1) ?? 0, failed: false };
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text);
  const magnitude = Number(match?.[2] ?? 0);
  const failed = yield* checkConverted(context, text, match?.[0]);
  return { value: match?.[1] === "-" ? -magnitude : magnitude, failed };
}

function* checkConverted(context: Context, text: string, read: string | undefined): Routine<boolean> {
  if (read?.length === text.length) return false;
  if (context.flavour === "busybox") yield* context.complain(`invalid number '${text}'`);
  else
    yield* context.complain(
      read === undefined ? `${context.quoted(text)}: expected a numeric value` : `${context.quoted(text)}: value not completely converted`,
    );
  return true;
}
