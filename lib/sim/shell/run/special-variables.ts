/** Variables that the shell computes: `$RANDOM`, `$SECONDS`, `$LINENO` and the like. */

import type { Random } from "@/lib/sim/core/random";
import { elapsed } from "@/lib/sim/core/time";
import type { Shell } from "./shell";
import type { DynamicVariable } from "./variables";

export function specialVariables(shell: Shell): ReadonlyMap<string, DynamicVariable> {
  const made = new Map<string, DynamicVariable>();
  const { sys } = shell;
  let zero = shell.startedAt;
  const wholeSeconds = (): number => Math.floor(elapsed(zero, sys.now) / 1_000_000);
  // Debian builds dash without LINENO.
  if (shell.flavour.dialect.name === "dash") return made;
  made.set("LINENO", { read: () => String(shell.line), write: () => {} });

  let seeded: Random | undefined;
  const random = (): Random => {
    seeded ??= sys.random.fork("shell-random");
    return seeded;
  };
  made.set("RANDOM", {
    read: () => String(random().below(32_768)),
    write: (text) => {
      seeded = sys.random.fork(`shell-random-${text}`);
    },
  });
  const epoch = (): number => sys.dateMs / 1000;
  made.set("EPOCHSECONDS", { read: () => String(Math.floor(epoch())) });
  made.set("EPOCHREALTIME", { read: () => epoch().toFixed(6) });
  if (shell.flavour.dialect.name === "ash") {
    made.set("FUNCNAME", { read: () => shell.frames.at(-1)?.name ?? "" });
    return made;
  }

  let offset = 0;
  made.set("SECONDS", {
    read: () => String(wholeSeconds() + offset),
    write: (text) => {
      zero = sys.now;
      offset = Number.parseInt(text, 10) || 0;
    },
  });
  made.set("BASHPID", { read: () => String(sys.pid) });
  made.set("SRANDOM", { read: () => String(random().u32()) });
  made.set("BASH_SUBSHELL", { read: () => String(shell.depth) });
  const list = (name: string, values: () => readonly string[]): void => {
    made.set(name, { read: () => values()[0], list: values });
  };
  list("PIPESTATUS", () => shell.pipeStatus.map(String));
  list("FUNCNAME", () => (shell.frames.length === 0 ? [] : [...shell.frames.map((frame) => frame.name).reverse(), "main"]));
  list("BASH_SOURCE", () => shell.frames.map((frame) => frame.source).reverse());
  list("BASH_LINENO", () => shell.frames.map((frame) => String(frame.callLine)).reverse());
  list("DIRSTACK", () => [sys.cwd, ...shell.directoryStack]);
  list("GROUPS", () => ["0"]);
  return made;
}
