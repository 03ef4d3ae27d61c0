/** `trap`. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { dashQuoted, singleQuoted } from "../expand/quote";
import type { Shell } from "../run/shell";
import { parseTrapName, type TrapName } from "../run/traps";
import { parseOptions } from "./options";
import { type BuiltinCall, say } from "./builtin";
import { signalTable } from "./signal-names";

export function* trap(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const options = yield* parseOptions(call, isBash ? "lpP" : "", "trap [-Plp] [[action] signal_spec ...]");
  if (!options) return 2;
  if (options.has("l")) return yield* say(call, signalTable());
  const { rest } = options;
  if (rest.length === 0 || options.has("p") || options.has("P")) {
    const wanted = rest.map((name) => parseTrapName(name, shell.flavour.dialect));
    const shown = shell.traps.list().filter(([name]) => rest.length === 0 || wanted.includes(name));
    return yield* say(call, shown.map(([name, command]) => (options.has("P") ? `${command}\n` : line(shell, name, command))).join(""));
  }
  // A single argument, or a number first: back to the default.
  const resets = rest.length === 1 || /^\d+$/.test(rest[0] ?? "");
  const action = resets || rest[0] === "-" ? undefined : rest[0];
  let status = 0;
  for (const text of resets && !(rest.length > 1 && rest[0] === "-") ? rest : rest.slice(1)) {
    const name = parseTrapName(text, shell.flavour.dialect);
    if (name === undefined) {
      if (shell.flavour.dialect.name === "dash") yield* shell.write(2, `trap: ${text}: bad trap\n`);
      else yield* shell.complain(`${text}: invalid signal specification`);
      status = 1;
      continue;
    }
    if (name === "DEBUG" || name === "RETURN") {
      yield* shell.complain(notSimulated(`trap … ${name}`));
      status = 1;
      continue;
    }
    shell.traps.set(name, action);
  }
  return status;
}

function line(shell: Shell, name: TrapName, command: string): string {
  const isSignal = name !== "EXIT" && name !== "ERR" && name !== "DEBUG" && name !== "RETURN";
  return `trap -- ${shell.options.isBash ? singleQuoted(command) : dashQuoted(command)} ${isSignal && shell.options.isBash ? "SIG" : ""}${name}\n`;
}
