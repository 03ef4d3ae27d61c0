/**
 * awk: mawk 1.3.4 on the host (Debian's default), busybox awk in images. One language, two voices for errors.
 *
 * Where a learner sees it: `ip -br link | awk '{print $1, $2}'`.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { AwkFatal, Interpreter } from "./interpreter";
import { AwkSyntaxError, unescapeAwk } from "./lexer";
import { parseAwk } from "./parser";
import type { AwkProgram } from "./syntax";

type Flavour = "mawk" | "busybox";

const BUSYBOX_USAGE = `BusyBox v1.38.0 (Debian 1:1.38.0-3+b1) multi-call binary.

Usage: awk [OPTIONS] [AWK_PROGRAM] [FILE]...
`;

export function awk(flavour: Flavour): (sys: Sys) => Routine<number> {
  return function* (sys) {
    // mawk calls itself what it was called.
    const name = (sys.argv[0] ?? "awk").replace(/^.*\//, "");
    const sources: string[] = [];
    const variables: [string, string][] = [];
    const argv = sys.argv.slice(1);
    let at = 0;
    for (; at < argv.length; at++) {
      const arg = argv[at] ?? "";
      if (arg === "--") {
        at++;
        break;
      }
      if (!arg.startsWith("-") || arg === "-") break;
      const letter = arg[1] ?? "";
      const value = "Fvf".includes(letter) ? (arg.length > 2 ? arg.slice(2) : argv[++at]) : undefined;
      if ("Fvf".includes(letter) && value === undefined) {
        yield* complain(
          sys,
          flavour === "mawk"
            ? `${name}: option requires an argument -- ${letter}\n`
            : `awk: option requires an argument -- '${letter}'\n${BUSYBOX_USAGE}`,
        );
        return flavour === "mawk" ? 2 : 1;
      }
      if (letter === "F") variables.push(["FS", value === "t" ? "\t" : unescapeAwk(value ?? "")]);
      else if (letter === "v") {
        const [, key, text] = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(value ?? "") ?? [];
        if (key === undefined) {
          yield* complain(sys, `${name}: improper assignment: -v ${value}\n`);
          return 2;
        }
        variables.push([key, unescapeAwk(text ?? "")]);
      } else if (letter === "f") {
        const file = value === "-" ? undefined : sys.readFile(value ?? "");
        if (!file?.ok) {
          const words = strerror(file && !file.ok ? file.error : "ENOENT");
          yield* complain(
            sys,
            flavour === "mawk" ? `${name}: cannot open "${value}" (${words})\n` : `${name}: can't open '${value}': ${words}\n`,
          );
          return flavour === "mawk" ? 2 : 1;
        }
        sources.push(file.value);
      } else {
        yield* complain(
          sys,
          flavour === "mawk" ? `${name}: not an option: ${arg}\n` : `awk: invalid option -- '${letter}'\n${BUSYBOX_USAGE}`,
        );
        return flavour === "mawk" ? 2 : 1;
      }
    }
    if (sources.length === 0) {
      const source = argv[at++];
      if (source === undefined) {
        yield* complain(sys, flavour === "mawk" ? "Usage: mawk [Options] [Program] [file ...]\n" : BUSYBOX_USAGE);
        return flavour === "mawk" ? 2 : 1;
      }
      sources.push(source);
    }

    let program: AwkProgram;
    try {
      program = parseAwk(sources.join("\n"));
    } catch (error) {
      if (!(error instanceof AwkSyntaxError)) throw error;
      if (flavour === "mawk")
        yield* complain(
          sys,
          `${name}: line ${error.line}: ${error.message}${error.near === undefined ? "" : ` at or near ${error.near}`}\n`,
        );
      else
        yield* complain(
          sys,
          `awk: cmd. line:1: ${error.message.endsWith("never defined") ? "Call to undefined function" : "Unexpected token"}\n`,
        );
      return flavour === "mawk" ? 2 : 1;
    }
    const interpreter = new Interpreter(sys, name, flavour, program, argv.slice(at));
    for (const [key, text] of variables) interpreter.setVariable(key, text);
    try {
      return yield* interpreter.run();
    } catch (error) {
      if (!(error instanceof AwkFatal)) throw error;
      return yield* interpreter.fatal(error.message);
    }
  };
}
