/** `echo`: bash and ash know `-n`, `-e`, `-E`; dash interprets backslashes always and knows `-n`. */

import type { Routine } from "@/lib/sim/core/task";
import { type BuiltinCall, say } from "./builtin";
import { interpret } from "./escapes";

export function* echo(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const isDash = shell.flavour.dialect.name === "dash";
  let { args } = call;
  let interprets = isDash || shell.options.shopt("xpg_echo") === true;
  let newline = true;
  if (isDash) {
    if (args[0] === "-n") {
      newline = false;
      args = args.slice(1);
    }
  } else {
    while (args[0] !== undefined && /^-[neE]+$/.test(args[0])) {
      for (const letter of args[0].slice(1)) {
        if (letter === "n") newline = false;
        else interprets = letter === "e";
      }
      args = args.slice(1);
    }
  }
  const text = args.join(" ");
  if (!interprets) return yield* say(call, newline ? `${text}\n` : text);
  const { text: made, isCut } = interpret(text, shell.flavour.dialect.name);
  return yield* say(call, newline && !isCut ? `${made}\n` : made);
}
