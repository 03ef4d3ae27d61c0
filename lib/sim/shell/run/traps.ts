/** `trap`: what to do on a signal, at the end, and in bash after an error (ERR), before each command (DEBUG), after a function (RETURN). */

import { parseSignal, type SignalName } from "@/lib/sim/core/signal";
import type { Sys } from "@/lib/sim/core/sys";
import type { Dialect } from "../syntax/dialect";

export type TrapName = SignalName | "EXIT" | "ERR" | "DEBUG" | "RETURN";

export class Traps {
  readonly #sys: Sys;
  /** `""`: ignored. */
  readonly #commands: Map<TrapName, string>;
  #inherited: readonly (readonly [TrapName, string])[] | undefined;
  /** Signals that the shell itself catches when they are not trapped (an interactive one). */
  readonly #own: ReadonlySet<SignalName>;

  constructor(sys: Sys, own: ReadonlySet<SignalName> = new Set()) {
    this.#sys = sys;
    this.#own = own;
    this.#commands = new Map();
  }

  /** In a subshell, only what is ignored stays so. */
  fork(sys: Sys): Traps {
    const copy = new Traps(sys);
    copy.#inherited = this.list();
    for (const [name, command] of this.#commands) if (command === "" && name !== "EXIT") copy.#commands.set(name, "");
    return copy;
  }

  get(name: TrapName): string | undefined {
    return this.#commands.get(name);
  }

  /** `undefined`: back to the default. */
  set(name: TrapName, command: string | undefined): void {
    this.#inherited = undefined;
    if (command === undefined) this.#commands.delete(name);
    else this.#commands.set(name, command);
    if (name === "EXIT" || name === "ERR" || name === "DEBUG" || name === "RETURN" || name === "KILL" || name === "STOP") return;
    if (command === "") this.#sys.ignoreSignals(name);
    else if (command !== undefined || this.#own.has(name)) this.#sys.catchSignals(name);
    else this.#sys.defaultSignals(name);
  }

  /** Signals that children ignore because of `trap ''`. */
  get ignored(): readonly SignalName[] {
    return [...this.#commands].flatMap(([name, command]) => (command === "" && isSignal(name) ? [name] : []));
  }

  /** A trap runs when the shell ends or is signalled: the shell must not become its last command. */
  get holdsShell(): boolean {
    for (const command of this.#commands.values()) if (command !== "") return true;
    return false;
  }

  /** In the order in which `trap` lists them. A subshell lists what it does not have any more, until it sets a trap itself. */
  list(): readonly (readonly [TrapName, string])[] {
    if (this.#inherited) return this.#inherited;
    const order = (name: TrapName): number => (name === "EXIT" ? 0 : isSignal(name) ? SIGNAL_ORDER.indexOf(name) + 1 : 100);
    return [...this.#commands].sort(([a], [b]) => order(a) - order(b));
  }

  clear(): void {
    for (const name of [...this.#commands.keys()]) this.set(name, undefined);
  }
}

const SIGNAL_ORDER: readonly SignalName[] = [
  "HUP",
  "INT",
  "QUIT",
  "ILL",
  "TRAP",
  "ABRT",
  "BUS",
  "FPE",
  "KILL",
  "USR1",
  "SEGV",
  "USR2",
  "PIPE",
  "ALRM",
  "TERM",
  "STKFLT",
  "CHLD",
  "CONT",
  "STOP",
  "TSTP",
  "TTIN",
  "TTOU",
  "URG",
  "XCPU",
  "XFSZ",
  "VTALRM",
  "PROF",
  "WINCH",
  "IO",
  "PWR",
  "SYS",
];

function isSignal(name: TrapName): name is SignalName {
  return name !== "EXIT" && name !== "ERR" && name !== "DEBUG" && name !== "RETURN";
}

/** `INT`, `SIGINT`, `2`, `0`, `EXIT`; in bash and ash ERR, DEBUG, RETURN as they have them. */
export function parseTrapName(text: string, dialect: Dialect): TrapName | undefined {
  const name = text.toUpperCase();
  if (name === "0" || name === "EXIT") return "EXIT";
  if (name === "ERR" && dialect.name !== "dash") return "ERR";
  if ((name === "DEBUG" || name === "RETURN") && dialect.name === "bash") return name;
  if (dialect.name === "dash" && name.startsWith("SIG")) return undefined;
  return parseSignal(name);
}
