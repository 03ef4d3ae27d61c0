/**
 * busybox itself: one executable whose applet is named by how it was called, or by its first argument.
 *
 * In images `ls` is a link to /bin/busybox. An applet that the real one has and this one has not is real, not simulated.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { BUSYBOX_BANNER } from "./command/command";
import { BUSYBOX_APPLETS } from "./install";

/** The multi-call program over the `busybox/…` of `programs`. */
export function makeBusybox(programs: ReadonlyMap<string, NetProgram>): NetProgram {
  const applets = [...BUSYBOX_APPLETS].sort();
  return function* (sys) {
    const isItself = nameOf(sys.argv[0] ?? "busybox") === "busybox";
    const argv = isItself ? sys.argv.slice(1) : sys.argv;
    const name = nameOf(argv[0] ?? "");
    if (isItself && (argv.length === 0 || name === "--help")) {
      yield* sys.write(
        1,
        `${BUSYBOX_BANNER}\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: function [arguments]...\n\nCurrently defined functions:\n${wrapped(applets)}\n`,
      );
      return 0;
    }
    if (isItself && name === "--list") {
      yield* sys.write(1, applets.map((applet) => `${applet}\n`).join(""));
      return 0;
    }
    const applet = programs.get(`busybox/${name}`);
    if (applet) return yield* applet(isItself ? withArgv(sys, argv) : sys);
    const isReal = applets.includes(name);
    yield* complain(sys, isReal ? `${notSimulated(`the program ${name}`)}\n` : `${name}: applet not found\n`);
    return isReal ? 126 : 127;
  };
}

function wrapped(names: readonly string[]): string {
  const lines: string[] = [];
  let line = "\t";
  for (const [i, name] of names.entries()) {
    const piece = i < names.length - 1 ? `${name}, ` : name;
    if (line.length + piece.length > 70) {
      lines.push(line.trimEnd());
      line = "\t";
    }
    line += piece;
  }
  return [...lines, line].join("\n");
}

function nameOf(path: string): string {
  // A login shell is called with a dash in front.
  return path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "");
}

/** The same system calls under another command line. */
function withArgv(sys: NetSys, argv: readonly string[]): NetSys {
  return new Proxy(sys, {
    get(target, key) {
      if (key === "argv") return argv;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set: (target, key, value: unknown) => Reflect.set(target, key, value, target),
  });
}
