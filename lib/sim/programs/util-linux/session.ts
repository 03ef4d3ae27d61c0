/** `setsid`, `flock`, `clear`, `logger`, `dmesg`: small tools around processes and terminals. */

import type { Program } from "@/lib/sim/core/sys";
import { both, command, type Flavour } from "../command/command";
import { cannotRunWords } from "../command/wording";
import { become, findProgram } from "../coreutils/run";

/** Sessions cannot be made by a program here: the command runs in a process group of its own, away from keys and hang-ups. */
export function setsid(flavour: Flavour): Program {
  return command(
    {
      name: "setsid",
      usage: { gnu: "[options] <program> [arguments ...]", busybox: "[-c] PROG ARGS" },
      options: both({ short: "cfw", long: { ctty: "c", fork: "f", wait: "w" }, stopsAtOperand: true }),
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const [name] = args.operands;
      if (name === undefined) return yield* context.usageError(flavour === "gnu" ? "no command specified" : undefined);
      sys.ignoreSignals("HUP");
      if (args.has("f")) {
        const found = findProgram(sys, name);
        const child =
          "errno" in found ? found : sys.spawn({ image: { path: found.path }, argv: args.operands, group: "own", ignore: ["HUP"] });
        if (!("errno" in child) && child.ok) {
          if (!args.has("w")) return 0;
          const report = yield* sys.waitpid(child.value);
          return report.ok && report.value?.kind === "exited" ? report.value.status : 1;
        }
        const errno = "errno" in child ? child.errno : child.error;
        yield* context.complain(cannotRunWords(flavour, name, errno));
        return errno === "ENOENT" ? 127 : 126;
      }
      sys.setGroup(0, 0);
      const ran = yield* become(sys, args.operands);
      if ("status" in ran) return ran.status;
      yield* context.complain(cannotRunWords(flavour, name, ran.errno));
      return ran.errno === "ENOENT" ? 127 : 126;
    },
  );
}

export function clear(flavour: Flavour): Program {
  return function* (sys) {
    if (flavour === "gnu" && !sys.env.get("TERM")) {
      yield* sys.write(2, "TERM environment variable not set.\n");
      return 1;
    }
    yield* sys.write(1, flavour === "gnu" ? "\x1b[H\x1b[2J\x1b[3J" : "\x1b[H\x1b[J");
    return 0;
  };
}

function unsimulated(name: string, why: string): (flavour: Flavour) => Program {
  return () =>
    function* (sys) {
      yield* sys.write(2, `drydock: ${name} is real, but not simulated here${why}\n`);
      return 1;
    };
}

export const dmesg = unsimulated("dmesg", " (the kernel keeps no log)");
export const logger = unsimulated("logger", " (there is no system log)");
export const unshare = unsimulated("unshare", " (ip netns add makes a network namespace)");
