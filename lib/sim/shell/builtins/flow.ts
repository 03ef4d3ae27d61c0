/** Builtins that steer: `break`, `return`, `exit`, `eval`, `.`, `command`, and those that do nothing. */

import type { Routine } from "@/lib/sim/core/task";
import type { Shell } from "../run/shell";
import { Abort, Exit, ShellError } from "../run/unwind";
import { describeCommand } from "./names";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, usage } from "./builtin";

/** A whole number that is not negative, as dash and ash read one. */
function numberOrRefuse(shell: Shell, text: string): number {
  if (!/^\d+$/.test(text)) throw new ShellError(shell.flavour.words.illegalNumber(text), 2);
  return Number(text);
}

function* leaveLoop(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const kind = call.name === "break" ? "break" : "continue";
  const { isBash } = shell.options;
  if (isBash && shell.loops === 0) {
    yield* shell.complain("only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  const [text] = args;
  let levels = 1;
  if (text !== undefined) {
    if (isBash && !/^[-+]?\d+$/.test(text)) {
      yield* shell.complain(`${text}: numeric argument required`);
      throw new Exit(2);
    }
    levels = isBash ? Number(text) : numberOrRefuse(shell, text);
    if (levels <= 0) {
      if (!isBash) throw new ShellError(shell.flavour.words.illegalNumber(text), 2);
      yield* shell.complain(`${text}: loop count out of range`);
      shell.skip = { kind: "break", levels: shell.loops };
      return 1;
    }
  }
  if (shell.loops > 0) shell.skip = { kind, levels: Math.min(levels, shell.loops) };
  return 0;
}

/** The status that `return` and `exit` take: an argument, or the last one. */
function* statusArgument(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const [text] = args[0] === "--" ? args.slice(1) : args;
  if (text === undefined) return shell.status;
  if (shell.options.isBash) {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) {
      yield* shell.complain(`${text}: numeric argument required`);
      return 2;
    }
    return Number(BigInt.asUintN(8, BigInt(text.trim().replace(/^\+/, ""))));
  }
  const status = numberOrRefuse(shell, text);
  return shell.flavour.dialect.name === "dash" ? status : status & 0xff;
}

function* returnFrom(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (shell.options.isBash && shell.frames.length === 0 && shell.sourceDepth === 0) {
    yield* shell.complain("can only `return' from a function or sourced script");
    return 2;
  }
  const status = yield* statusArgument(call);
  shell.skip = { kind: "return" };
  return status;
}

function* exit(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (shell.isInteractive && shell.options.isBash) {
    yield* shell.write(2, "exit\n");
    const stopped = shell.jobs.list.some((job) => job.state === "stopped");
    if (stopped && shell.lastBuiltin !== "jobs" && shell.lastBuiltin !== "exit" && shell.lastBuiltin !== "logout") {
      yield* shell.write(2, "There are stopped jobs.\n");
      return 1;
    }
  }
  if (shell.options.isBash && call.args.length > 1 && /^\d+$/.test(call.args[0] ?? "")) {
    yield* shell.complain("too many arguments");
    throw new Abort(1, "line");
  }
  throw new Exit((yield* statusArgument(call)) & 0xff);
}

function* evaluate(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  const text = args.join(" ");
  if (text.trim() === "") return 0;
  const { line } = shell;
  const firstLine = shell.flavour.dialect.name === "dash" ? 1 : shell.line;
  const status = yield* shell.interpreter.text.run(text, { kind: "eval", firstLine, isTested: call.how.isTested });
  shell.line = line;
  return status;
}

function* source(call: BuiltinCall): Routine<number> {
  const { shell, name } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  const [file] = args;
  const { isBash } = shell.options;
  if (file === undefined) {
    if (isBash) return yield* usage(call, "filename argument required", `${name} [-p path] filename [arguments]`);
    return 0;
  }
  const path = findSource(shell, file);
  if (path === undefined) throw new ShellError(`${file}: not found`, 2);
  const text = shell.sys.readFile(path);
  if (!text.ok) {
    if (!isBash) throw new ShellError(shell.flavour.words.cannotOpen(file, text.error), 2);
    const { commandName } = shell;
    shell.commandName = text.error === "EISDIR" ? name : undefined;
    yield* shell.complain(text.error === "EISDIR" ? `${file}: is a directory` : shell.flavour.words.cannotOpen(file, text.error));
    shell.commandName = commandName;
    return 1;
  }
  const { positional, loops, line, commandName } = shell;
  const takesArguments = args.length > 1 && shell.flavour.dialect.name !== "dash";
  if (takesArguments) shell.positional = args.slice(1);
  shell.sourceDepth++;
  shell.loops = 0;
  if (!isBash) shell.commandName = path;
  const outer = shell.source;
  shell.source = path;
  try {
    yield* shell.interpreter.text.run(text.value, { kind: "source", isTested: call.how.isTested });
    if (shell.skip?.kind === "return") shell.skip = undefined;
    return text.value.trim() === "" ? 0 : shell.status;
  } finally {
    shell.sourceDepth--;
    shell.loops = loops;
    shell.line = line;
    shell.commandName = commandName;
    shell.source = outer;
    if (takesArguments) shell.positional = positional;
  }
}

/** Along PATH, unless the name has a slash; in bash also in the current directory. */
function findSource(shell: Shell, file: string): string | undefined {
  if (file.includes("/")) return file;
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const path = `${directory === "" ? "." : directory}/${file}`;
    const stat = shell.sys.stat(path);
    if (stat.ok && stat.value.kind === "file") return path;
  }
  return shell.options.isBash ? file : undefined;
}

function* command(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "pvV", "command [-pVv] command [arg ...]");
  if (!options) return 2;
  const { rest } = options;
  if (rest.length === 0) return 0;
  if (options.has("v") || options.has("V")) {
    let found = 0;
    for (const name of shell.options.isBash ? rest : rest.slice(0, 1))
      if ((yield* describeCommand(call, name, options.has("V"))) === 0) found++;
    if (found > 0) return 0;
    return shell.options.isBash ? 1 : 127;
  }
  shell.commandName = undefined;
  const line = shell.line;
  try {
    return yield* shell.interpreter.commands.call(
      { args: rest, assignments: [], arrays: new Map(), text: () => rest.join(" "), how: call.how },
      { skipFunctions: true },
    );
  } finally {
    shell.line = line;
  }
}

function* runBuiltin(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const [name, ...args] = call.args;
  if (name === undefined) return 0;
  const builtin = shell.builtins.get(name);
  if (!builtin) {
    yield* shell.complain(`${name}: not a shell builtin`);
    return 1;
  }
  shell.commandName = name;
  return yield* builtin.run({ ...call, name, args });
}

function* nothing(): Routine<number> {
  return 0;
}

function* failure(): Routine<number> {
  return 1;
}

export const flowBuiltins: BuiltinTable = {
  ":": { in: "bda", special: true, run: nothing },
  true: { in: "bda", run: nothing },
  false: { in: "bda", run: failure },
  break: { in: "bda", special: true, run: leaveLoop },
  continue: { in: "bda", special: true, run: leaveLoop },
  return: { in: "bda", special: true, run: returnFrom },
  exit: { in: "bda", special: true, run: exit },
  eval: { in: "bda", special: true, run: evaluate },
  ".": { in: "bda", special: true, run: source },
  source: { in: "ba", special: true, run: source },
  command: { in: "bda", run: command },
  builtin: { in: "b", run: runBuiltin },
  // `exec` is run by commands.ts, which alone can keep its redirections; it stands here so that `type` knows it.
  exec: { in: "bda", special: true, run: nothing },
};
