/**
 * `sed`: the stream editor. GNU sed 4.9, and busybox's, which is a smaller one of the same kind.
 *
 * Differs: `e`, `--posix`, `--debug` and `--follow-symlinks` are not simulated; `w /dev/stdout` and `/dev/stderr` are files like
 * any other.
 */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Context, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { Editor } from "./editor";
import { parseScript, type ScriptPiece } from "./script";

export function sed(flavour: Flavour): Program {
  return command(
    {
      name: "sed",
      usage: {
        gnu: "[OPTION]... {script-only-if-no-other-script} [input-file]...",
        busybox: "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...",
      },
      options: {
        gnu: {
          short: "bsnrzuEe:f:l:i::V:hs",
          long: {
            quiet: "n",
            silent: "n",
            expression: "e:",
            file: "f:",
            "in-place": "i::",
            "regexp-extended": "E",
            separate: "s",
            "null-data": "z",
            unbuffered: "u",
            "line-length": "l:",
            sandbox: "sandbox",
          },
        },
        busybox: {
          short: "i::rEne:f:sz",
          long: { "in-place": "i::", "regexp-extended": "r", quiet: "n", silent: "n", expression: "e:", file: "f:" },
        },
      },
      unsimulatedLong: ["posix", "debug", "follow-symlinks"],
      package: "GNU sed",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const pieces: ScriptPiece[] = [];
      for (const option of args.all) {
        if (option.key === "e") pieces.push({ kind: "expression", name: "", text: option.value ?? "" });
        if (option.key !== "f") continue;
        const path = option.value ?? "";
        const text = path === "-" ? yield* new Input(sys, 0).rest() : yield* readScript(context, path);
        if (text === undefined) return 1;
        pieces.push({ kind: "file", name: path, text: text.replace(/^#!.*\n/, "\n") });
      }
      let operands = args.operands;
      if (pieces.length === 0) {
        const [script, ...files] = operands;
        if (script === undefined) {
          if (flavour === "busybox") return yield* context.usageError();
          yield* sys.write(2, "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n");
          return 1;
        }
        pieces.push({ kind: "expression", name: "", text: script });
        operands = files;
      }
      const script = parseScript(pieces, { extended: args.has("E") || args.has("r") });
      if (!script.ok) {
        const { where, message } = script.error;
        if (flavour === "gnu") yield* context.complain(where === "" ? message : `${where}: ${message}`);
        else yield* context.complain(busyboxWords(message));
        return flavour === "gnu" && message.startsWith("can't find label") ? 4 : 1;
      }
      return yield* new Editor(context, script.value).run(operands.length > 0 ? operands : ["-"]);
    },
  );
}

function* readScript(context: Context, path: string): Routine<string | undefined> {
  const text = context.sys.readFile(path);
  if (text.ok) return text.value;
  yield* context.complain(
    context.flavour === "gnu"
      ? `couldn't open file ${path}: ${context.words(text.error)}`
      : `can't open '${path}': ${context.words(text.error)}`,
  );
  return undefined;
}

function busyboxWords(message: string): string {
  const unknown = /^unknown command: `(.)'$/.exec(message);
  if (unknown) return `unsupported command ${unknown[1]}`;
  if (message.startsWith("unterminated")) return "unmatched '/'";
  if (message.startsWith("unknown option to `s'")) return "bad option in substitution expression";
  if (message.startsWith("can't find label"))
    return message.replace(/^can't find label for jump to `(.*)'$/, "can't find label for jump to '$1'");
  if (message === "unmatched `{'") return "unmatched '{'";
  return message;
}
