/** `umask`, `ulimit`, `times`. Limits can be looked at and lowered; nothing in the simulator enforces them. */

import type { Routine } from "@/lib/sim/core/task";
import { ShellError } from "../run/unwind";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";

function* umask(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { sys } = shell;
  const options = yield* parseOptions(call, shell.options.isBash ? "pS" : "S", "umask [-p] [-S] [mode]");
  if (!options) return 2;
  const [mode] = options.rest;
  if (mode === undefined) {
    const octal = sys.umask.toString(8).padStart(4, "0");
    return yield* say(
      call,
      options.has("S") ? `${options.has("p") ? "umask -S " : ""}${symbolic(sys.umask)}\n` : `${options.has("p") ? "umask " : ""}${octal}\n`,
    );
  }
  if (/^\d+$/.test(mode)) {
    if (/^[0-7]+$/.test(mode) && Number.parseInt(mode, 8) <= 0o777) {
      sys.umask = Number.parseInt(mode, 8);
      return 0;
    }
    switch (shell.flavour.dialect.name) {
      case "bash":
        yield* shell.complain(`${mode}: octal number out of range`);
        return 1;
      case "dash":
        throw new ShellError(shell.flavour.words.illegalNumber(mode), 2);
      case "ash":
        throw new ShellError(`illegal mode: ${mode}`, 2);
    }
  }
  const mask = applySymbolic(mode, sys.umask);
  if (mask !== undefined) {
    sys.umask = mask;
    return 0;
  }
  switch (shell.flavour.dialect.name) {
    case "bash":
      yield* shell.complain(`\`${/[^ugoa]/.exec(mode)?.[0] ?? mode.charAt(0)}': invalid symbolic mode operator`);
      return 1;
    case "dash":
      throw new ShellError(`Illegal mode: ${mode}`, 2);
    case "ash":
      throw new ShellError(`illegal mode: ${mode}`, 2);
  }
}

function symbolic(mask: number): string {
  const allowed = ~mask & 0o777;
  return (["u", "g", "o"] as const)
    .map((who, i) => {
      const bits = (allowed >> (6 - 3 * i)) & 7;
      return `${who}=${bits & 4 ? "r" : ""}${bits & 2 ? "w" : ""}${bits & 1 ? "x" : ""}`;
    })
    .join(",");
}

/** `u=rwx,g-w`: what is allowed, as chmod writes it. */
function applySymbolic(mode: string, mask: number): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of mode.split(",")) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!match) return undefined;
    const [, who = "", operator = "", what = ""] = match;
    const bits = (what.includes("r") ? 4 : 0) | (what.includes("w") ? 2 : 0) | (what.includes("x") ? 1 : 0);
    for (const [i, letter] of ["u", "g", "o"].entries()) {
      if (who !== "" && !who.includes("a") && !who.includes(letter)) continue;
      const shift = 6 - 3 * i;
      if (operator === "=") allowed &= ~(7 << shift);
      if (operator === "-") allowed &= ~(bits << shift);
      else allowed |= bits << shift;
    }
  }
  return ~allowed & 0o777;
}

type Limit = {
  readonly letter: string;
  readonly bash: string;
  readonly unit: string;
  readonly ash: string | undefined;
  readonly dash: string | undefined;
  readonly value: number | "unlimited";
};

/** Of a Debian machine of some size (getrlimit(2) as root). */
const LIMITS: readonly Limit[] = [
  { letter: "R", bash: "real-time non-blocking time", unit: "microseconds", ash: undefined, dash: undefined, value: "unlimited" },
  { letter: "c", bash: "core file size", unit: "blocks", ash: "core file size (blocks)", dash: "coredump(blocks)", value: 0 },
  { letter: "d", bash: "data seg size", unit: "kbytes", ash: "data seg size (kb)", dash: "data(kbytes)", value: "unlimited" },
  { letter: "e", bash: "scheduling priority", unit: "", ash: "scheduling priority", dash: undefined, value: 0 },
  { letter: "f", bash: "file size", unit: "blocks", ash: "file size (blocks)", dash: "file(blocks)", value: "unlimited" },
  { letter: "i", bash: "pending signals", unit: "", ash: "pending signals", dash: undefined, value: 31_523 },
  { letter: "l", bash: "max locked memory", unit: "kbytes", ash: "max locked memory (kb)", dash: "locked memory(kbytes)", value: 8_192 },
  { letter: "m", bash: "max memory size", unit: "kbytes", ash: "max memory size (kb)", dash: "memory(kbytes)", value: "unlimited" },
  { letter: "n", bash: "open files", unit: "", ash: "open files", dash: "nofiles", value: 1_024 },
  { letter: "p", bash: "pipe size", unit: "512 bytes", ash: undefined, dash: undefined, value: 8 },
  { letter: "q", bash: "POSIX message queues", unit: "bytes", ash: "POSIX message queues (bytes)", dash: undefined, value: 819_200 },
  { letter: "r", bash: "real-time priority", unit: "", ash: "real-time priority", dash: "rtprio", value: 0 },
  { letter: "s", bash: "stack size", unit: "kbytes", ash: "stack size (kb)", dash: "stack(kbytes)", value: 8_192 },
  { letter: "t", bash: "cpu time", unit: "seconds", ash: "cpu time (seconds)", dash: "time(seconds)", value: "unlimited" },
  { letter: "u", bash: "max user processes", unit: "", ash: "max user processes", dash: "process", value: 31_523 },
  { letter: "v", bash: "virtual memory", unit: "kbytes", ash: "virtual memory (kb)", dash: "vmemory(kbytes)", value: "unlimited" },
  { letter: "x", bash: "file locks", unit: "", ash: "file locks", dash: "locks", value: "unlimited" },
];

/** The order in which dash lists them. */
const DASH_ORDER = "tfdscmlpnvwxr";

function* ulimit(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  const known = LIMITS.filter((limit) => dialect === "bash" || limit[dialect] !== undefined);
  if (
    dialect === "ash" &&
    call.args[0] !== undefined &&
    /^-[^SHa]/.test(call.args[0]) &&
    !known.some((limit) => call.args[0]?.[1] === limit.letter)
  ) {
    yield* shell.write(2, `ulimit: invalid option -- '${call.args[0].charAt(1)}'\n`);
    return 1;
  }
  const options = yield* parseOptions(
    call,
    `SHa${known.map((limit) => limit.letter).join("")}`,
    "ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]",
  );
  if (!options) return 2;
  const value = (limit: Limit): string => String(shell.limits.get(limit.letter) ?? limit.value);
  if (options.has("a")) {
    const listed = dialect === "dash" ? [...known].sort((a, b) => DASH_ORDER.indexOf(a.letter) - DASH_ORDER.indexOf(b.letter)) : known;
    return yield* say(call, listed.map((limit) => `${label(limit, dialect)}${value(limit)}\n`).join(""));
  }
  const chosen = options.given
    .filter(({ letter }) => letter !== "S" && letter !== "H")
    .map(({ letter }) => known.find((limit) => limit.letter === letter));
  const limits = chosen.length > 0 ? chosen : [known.find((limit) => limit.letter === "f")];
  const [wanted] = options.rest;
  if (wanted === undefined) {
    const lines = limits.map((limit) => (limit ? `${limits.length > 1 ? label(limit, dialect) : ""}${value(limit)}\n` : ""));
    return yield* say(call, lines.join(""));
  }
  if (!/^(\d+|unlimited|hard|soft)$/.test(wanted)) {
    if (dialect === "dash") throw new ShellError("bad number", 2);
    if (dialect === "bash") yield* shell.complain(`${wanted}: invalid number`);
    else yield* shell.write(2, `${shell.name}: invalid number '${wanted}'\n`);
    return 1;
  }
  if (wanted === "hard" || wanted === "soft") return 0;
  for (const limit of limits) if (limit) shell.limits.set(limit.letter, wanted === "unlimited" ? wanted : Number(wanted));
  return 0;
}

function label(limit: Limit, dialect: "bash" | "dash" | "ash"): string {
  if (dialect === "dash") return (limit.dash ?? "").padEnd(21);
  if (dialect === "ash") return `${(limit.ash ?? "").padEnd(31)} (-${limit.letter}) `;
  const unit = limit.unit === "" ? `(-${limit.letter})` : `(${limit.unit}, -${limit.letter})`;
  return `${limit.bash.padEnd(20)} ${unit.padStart(20 - Math.max(0, limit.bash.length - 20))} `;
}

function* times(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const own = shell.sys.processes().find((process) => process.pid === shell.sys.pid)?.cpu ?? 0;
  const digits = shell.flavour.dialect.name === "dash" ? 6 : 3;
  const show = (micros: number): string => `${Math.floor(micros / 60_000_000)}m${((micros % 60_000_000) / 1_000_000).toFixed(digits)}s`;
  if (shell.options.isBash && !(yield* parseOptions(call, "", "times"))) return 2;
  return yield* say(call, `${show(own)} ${show(0)}\n${show(0)} ${show(0)}\n`);
}

export const limitBuiltins: BuiltinTable = {
  umask: { in: "bda", run: umask },
  ulimit: { in: "bda", run: ulimit },
  times: { in: "bda", special: true, run: times },
};
