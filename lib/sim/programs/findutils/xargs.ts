/** `xargs`: command lines out of input. Differs: `-P` runs one command after the other. */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Context, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { confirm } from "../coreutils/copy";
import { findProgram, statusOf } from "../coreutils/run";

export function xargs(flavour: Flavour): Program {
  return command(
    {
      name: "xargs",
      usage: { gnu: "[OPTION]... [COMMAND [INITIAL-ARGS]...]", busybox: "[OPTIONS] [PROG ARGS]" },
      options: {
        gnu: {
          short: "0a:d:E:e::I:i::L:l::n:oP:prs:tx",
          long: {
            null: "0",
            "arg-file": "a:",
            delimiter: "d:",
            eof: "e::",
            replace: "i::",
            "max-lines": "l::",
            "max-args": "n:",
            "max-procs": "P:",
            "open-tty": "o",
            interactive: "p",
            "no-run-if-empty": "r",
            "max-chars": "s:",
            verbose: "t",
            exit: "x",
          },
          stopsAtOperand: true,
        },
        busybox: { short: "0rtxn:s:I:E:e::pP:a:o", stopsAtOperand: true },
      },
      package: "GNU findutils",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const file = args.value("a");
      let text: string;
      if (file === undefined) text = yield* new Input(sys, 0).rest();
      else {
        const read = sys.readFile(file);
        if (!read.ok) {
          yield* context.complain(
            flavour === "gnu"
              ? `Cannot open input file ${context.quoted(file)}: ${context.words(read.error)}`
              : `can't open '${file}': ${context.words(read.error)}`,
          );
          return 1;
        }
        text = read.value;
      }
      const delimiter = args.has("0") ? "\0" : args.value("d");
      const replace = args.value("I") ?? (args.has("i") ? args.value("i") || "{}" : undefined);
      const items =
        delimiter === undefined
          ? words(text, { byLine: replace !== undefined || args.has("L"), end: args.value("E") ?? (args.value("e") || undefined) })
          : split(text, delimiter);
      if (items === undefined) {
        yield* context.complain(
          flavour === "gnu"
            ? `unmatched ${/'[^'\n]*$/m.test(text) ? "single" : "double"} quote; by default quotes are special to xargs unless you use the -0 option`
            : `unmatched ${/'[^'\n]*$/m.test(text) ? "single" : "double"} quote`,
        );
        return 1;
      }
      const base = args.operands.length > 0 ? args.operands : ["echo"];
      if (replace !== undefined) {
        return yield* runAll(
          context,
          items.map((item) => base.map((word) => word.replaceAll(replace, item))),
        );
      }
      if (items.length === 0) return args.has("r") ? 0 : yield* runAll(context, [base]);
      const count = args.value("n") ?? args.value("L") ?? args.value("l");
      const size = count === undefined ? items.length : Number(count);
      if (!Number.isInteger(size) || size < 1) {
        yield* context.complain(flavour === "gnu" ? `invalid number "${count}" for -n option` : `invalid number '${count}'`);
        return 1;
      }
      const lines: string[][] = [];
      for (let i = 0; i < items.length; i += size) lines.push([...base, ...items.slice(i, i + size)]);
      return yield* runAll(context, lines);
    },
  );
}

function* runAll(context: Context, lines: readonly (readonly string[])[]): Routine<number> {
  const { args, sys, flavour } = context;
  let status = 0;
  for (const argv of lines) {
    const name = argv[0] ?? "";
    if (args.has("p")) {
      if (!(yield* confirm(context, `${argv.join(" ")}?...`))) continue;
    } else if (args.has("t")) yield* sys.write(2, `${argv.join(" ")}\n`);
    const found = findProgram(sys, name);
    const nothing = sys.open("/dev/null", { read: true });
    const fds = new Map([
      [0, nothing.ok ? nothing.value : 0],
      [1, 1],
      [2, 2],
    ]);
    const child = "errno" in found ? found : sys.spawn({ image: { path: found.path }, argv, fds });
    if (nothing.ok) sys.close(nothing.value);
    if ("errno" in child || !child.ok) {
      const errno = "errno" in child ? child.errno : child.error;
      yield* context.complain(
        flavour === "gnu" ? `failed to run command ${context.quoted(name)}: ${context.words(errno)}` : `${name}: ${context.words(errno)}`,
      );
      return errno === "ENOENT" ? 127 : 126;
    }
    const report = yield* sys.waitpid(child.value);
    if (!report.ok || !report.value) return 1;
    const ended = statusOf(report.value);
    if (report.value.kind === "killed") {
      yield* context.complain(
        flavour === "gnu" ? `${name}: terminated by signal ${ended - 128}` : `'${name}' terminated by signal ${ended - 128}`,
      );
      return 125;
    }
    if (ended === 255) {
      yield* context.complain(`${name}: exited with status 255; aborting`);
      return 124;
    }
    if (ended !== 0) status = 123;
  }
  return status;
}

function split(text: string, delimiter: string): string[] {
  const by = { "\\n": "\n", "\\t": "\t", "\\0": "\0" }[delimiter] ?? delimiter;
  const items = text.split(by);
  if (items.at(-1) === "") items.pop();
  return items;
}

/** Words between blanks and newlines, with quotes and backslashes; or whole lines. Undefined: a quote is not closed. */
function words(text: string, { byLine, end }: { readonly byLine: boolean; readonly end: string | undefined }): string[] | undefined {
  const items: string[] = [];
  let item = "";
  let has = false;
  const finish = (): boolean => {
    if (has) items.push(item);
    item = "";
    has = false;
    return end !== undefined && items.at(-1) === end;
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? "";
    if (c === "\\" && at + 1 < text.length) {
      item += text[++at];
      has = true;
    } else if (c === "'" || c === '"') {
      const close = text.indexOf(c, at + 1);
      const line = text.indexOf("\n", at);
      if (close < 0 || (line >= 0 && line < close)) return undefined;
      item += text.slice(at + 1, close);
      has = true;
      at = close;
    } else if (c === "\n" || (!byLine && (c === " " || c === "\t"))) {
      if (finish()) {
        items.pop();
        return items;
      }
    } else if (byLine && !has && (c === " " || c === "\t")) {
      // Blanks at the beginning of a line do not count.
    } else {
      item += c;
      has = true;
    }
  }
  if (finish()) items.pop();
  return items;
}
