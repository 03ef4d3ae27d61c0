/**
 * What a GNU tool and a busybox applet have in common besides what they do: options, usage errors, buffered output, and the
 * complaint about output that could not be written.
 *
 * A command is one implementation in two flavours; where they differ in words or options it asks `flavour`. GNU: coreutils
 * 9.10, grep 3.12, sed 4.9 of Debian; busybox 1.38.0 of Debian, which is what every image here holds. Differs: `--help` prints
 * the synopsis only, and a busybox usage error too.
 */

import { type Errno, strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { getopt, type OptionTable, type ParsedOptions } from "./getopt";
import { Output } from "./output";

export type Flavour = "gnu" | "busybox";

export const BUSYBOX_BANNER = "BusyBox v1.38.0 (Debian 1:1.38.0-3+b1) multi-call binary.";

export type CommandSpec = {
  readonly name: string;
  /** What follows the name in `Usage:`. */
  readonly usage: Readonly<Record<Flavour, string>>;
  readonly options: Readonly<Record<Flavour, OptionTable>>;
  /** Options that the real tool has and this one does not, by key, in either flavour. */
  readonly unsimulated?: string;
  /** … and long ones. */
  readonly unsimulatedLong?: readonly string[];
  /** Exit status of a GNU usage error (1 unless said otherwise). */
  readonly usageStatus?: number;
  readonly busyboxUsageStatus?: number;
  /** Said before the hint of a GNU usage error, as grep does. */
  readonly usageFirst?: true;
  /** For `--version`. */
  readonly package?: string;
  /** Old forms such as `head -5`, put into new ones before options are read. */
  readonly rewrite?: (args: readonly string[]) => readonly string[];
};

export class Args {
  readonly #parsed: ParsedOptions;

  constructor(parsed: ParsedOptions) {
    this.#parsed = parsed;
  }

  get operands(): readonly string[] {
    return this.#parsed.operands;
  }

  get all(): ParsedOptions["options"] {
    return this.#parsed.options;
  }

  has(key: string): boolean {
    return this.#parsed.options.some((option) => option.key === key);
  }

  /** The argument of the last `key`; `""` when it was given without one. */
  value(key: string): string | undefined {
    const option = this.#parsed.options.findLast((one) => one.key === key);
    return option && (option.value ?? "");
  }

  values(key: string): string[] {
    return this.#parsed.options.flatMap((option) => (option.key === key ? [option.value ?? ""] : []));
  }

  /** Which of several options that undo each other came last. */
  last(...keys: readonly string[]): string | undefined {
    return this.#parsed.options.findLast((option) => keys.includes(option.key))?.key;
  }
}

/** What the body of a command works with. */
export type Context = {
  readonly sys: Sys;
  readonly flavour: Flavour;
  readonly name: string;
  readonly args: Args;
  readonly out: Output;
  /** Prints `NAME: MESSAGE` on stderr. What is on stdout comes before it. */
  complain(message: string): Routine<void>;
  /** A complaint and the usage hint; the status to return. */
  usageError(message?: string): Routine<number>;
  /** Says that something real is not simulated; the status to return. */
  notSimulated(what: string): Routine<number>;
  /** In quotes, as the tool quotes what is no file name: GNU's are curly where the locale has them. */
  quoted(text: string): string;
  /** `strerror` in this flavour's words. */
  words(errno: Errno): string;
};

export type Body = (context: Context) => Routine<number>;

export function command(spec: CommandSpec, flavour: Flavour, body: Body): Program {
  return function* (sys) {
    const out = new Output(sys);
    const say = function* (message: string): Routine<void> {
      yield* out.flush();
      yield* complain(sys, `${spec.name}: ${message}\n`);
    };
    const usageError = function* (message?: string): Routine<number> {
      if (message !== undefined) yield* say(message);
      if (flavour === "gnu") {
        if (spec.usageFirst) yield* complain(sys, `Usage: ${spec.name} ${spec.usage.gnu}\n`);
        yield* complain(sys, `Try '${spec.name} --help' for more information.\n`);
        return spec.usageStatus ?? 1;
      }
      yield* complain(sys, `${BUSYBOX_BANNER}\n\nUsage: ${spec.name} ${spec.usage.busybox}\n`);
      return spec.busyboxUsageStatus ?? 1;
    };
    const refuse = function* (what: string): Routine<number> {
      yield* out.flush();
      yield* complain(sys, `${notSimulated(`${spec.name} ${what}`)}\n`);
      return spec.usageStatus ?? 1;
    };
    const table = withUnsimulated(spec, flavour);
    const args = sys.argv.slice(1);
    const parsed = getopt(spec.rewrite ? spec.rewrite(args) : args, table);
    if (!parsed.ok) return yield* usageError(parsed.error);
    const context: Context = {
      sys,
      flavour,
      name: spec.name,
      args: new Args(parsed.value),
      out,
      complain: say,
      usageError,
      notSimulated: refuse,
      quoted: (text) => quoted(sys, flavour, text),
      words: (errno) => strerror(errno),
    };
    const keys = parsed.value.options.map((option) => option.key);
    if (keys.includes("--help")) return yield* help(spec, flavour, sys);
    if (keys.includes("--version")) {
      yield* out.put(`${spec.name} (${spec.package ?? "GNU coreutils"}) ${VERSIONS[spec.package ?? "GNU coreutils"] ?? ""}\n`);
      yield* out.flush();
      return 0;
    }
    const unsimulated = parsed.value.options.find(
      (option) => option.key.startsWith("unsimulated ") || spec.unsimulated?.includes(option.key),
    );
    if (unsimulated) return yield* refuse(unsimulated.spelled);

    const status = yield* body(context);
    yield* out.flush();
    if (!out.failure) return status;
    yield* complain(sys, `${spec.name}: write error: ${strerror(out.failure)}\n`);
    return status === 0 ? 1 : status;
  };
}

function quoted(sys: Sys, flavour: Flavour, text: string): string {
  const locale = sys.env.get("LC_ALL") || sys.env.get("LC_CTYPE") || sys.env.get("LANG") || "";
  return flavour === "gnu" && /utf-?8/i.test(locale) ? `\u2018${text}\u2019` : `'${text}'`;
}

const VERSIONS: Readonly<Record<string, string>> = {
  "GNU coreutils": "9.10",
  "GNU grep": "3.12",
  "GNU sed": "4.9",
  "GNU findutils": "4.11.0",
  "procps-ng": "4.0.7",
  "util-linux": "2.42.4",
};

function withUnsimulated(spec: CommandSpec, flavour: Flavour): OptionTable {
  const table = spec.options[flavour];
  const long =
    flavour === "gnu"
      ? {
          ...Object.fromEntries((spec.unsimulatedLong ?? []).map((name) => [name.replace(/[:]+$/, ""), `unsimulated ${name}`])),
          help: "--help",
          version: "--version",
          ...table.long,
        }
      : { help: "--help", ...table.long };
  return { ...table, short: table.short + (spec.unsimulated ?? ""), long };
}

function* help(spec: CommandSpec, flavour: Flavour, sys: Sys): Routine<number> {
  const usage = `Usage: ${spec.name} ${spec.usage[flavour]}\n${notSimulated(`the rest of ${spec.name}'s help text`)}\n`;
  if (flavour === "busybox") yield* complain(sys, `${BUSYBOX_BANNER}\n\n${usage}`);
  else yield* sys.write(1, usage);
  return 0;
}

/** The same options in both flavours. */
export function both(table: OptionTable): Readonly<Record<Flavour, OptionTable>> {
  return {
    gnu: table,
    busybox: { short: table.short, ...(table.long ? { long: table.long } : {}), ...(table.stopsAtOperand ? { stopsAtOperand: true } : {}) },
  };
}
