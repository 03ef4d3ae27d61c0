/** Builtins: commands that the shell runs itself, because they change it or because they always did. */

import { strerror } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import type { Mode } from "../run/interpreter";
import type { Shell } from "../run/shell";
import type { Assignment } from "../syntax/ast";

export type BuiltinCall = {
  readonly shell: Shell;
  /** The name it was called by. */
  readonly name: string;
  /** Without the name. */
  readonly args: readonly string[];
  /** `name=(…)` among the words, by position with the name as 0. */
  readonly arrays: ReadonlyMap<number, DeclaredArray>;
  readonly how: Mode;
};

export type DeclaredArray = { readonly assignment: Assignment };

type BuiltinRun = (call: BuiltinCall) => Routine<number>;

export type Builtin = { readonly isSpecial: boolean; readonly run: BuiltinRun };

/** Which shells have a builtin: b(ash), d(ash), a(sh of busybox). */
type BuiltinEntry = { readonly in: string; readonly special?: boolean; readonly run: BuiltinRun };

export type BuiltinTable = Readonly<Record<string, BuiltinEntry>>;

/** The builtins of one flavour by name, in order. */
export type Builtins = ReadonlyMap<string, Builtin>;

/** Writes a builtin's output; a failure is said and becomes status 1. */
export function* say(call: BuiltinCall, text: string, status = 0): Routine<number> {
  const { shell } = call;
  const error = yield* shell.print(text);
  if (error === undefined) return status;
  switch (shell.flavour.dialect.name) {
    case "bash":
      yield* shell.complain(`write error: ${strerror(error)}`);
      break;
    case "dash":
      yield* shell.complain(`${call.name}: I/O error`);
      break;
    case "ash":
      yield* shell.write(2, `${shell.name}: write error: ${strerror(error)}\n`);
      break;
  }
  return 1;
}

/** bash's usage line, which stands after a message about options. */
export function* usage(call: BuiltinCall, message: string, synopsis: string): Routine<number> {
  yield* call.shell.complain(message);
  yield* call.shell.write(2, `${call.name}: usage: ${synopsis}\n`);
  return 2;
}
