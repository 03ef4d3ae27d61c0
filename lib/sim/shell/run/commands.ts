/**
 * Simple commands: what a name means, and running it (evalcommand and find_command of dash's eval.c and exec.c,
 * execute_simple_command of bash's execute_cmd.c).
 */

import type { Errno } from "@/lib/sim/core/errno";
import type { SpawnRequest } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Builtin, DeclaredArray } from "../builtins/builtin";
import type { Argument, Assignment, SimpleCommand } from "../syntax/ast";
import { unparse } from "../syntax/unparse";
import { CommandSearch } from "./command-search";
import type { Mode } from "./interpreter";
import { Job } from "./jobs";
import { bashReplacement } from "./last-command";
import { Replaced } from "./processes";
import type { Shell, ShellFunction } from "./shell";
import { trace, traced } from "./trace";
import { Abort, ShellError } from "./unwind";

/** What is run as a simple command once its words are known. */
export type Call = {
  readonly args: readonly string[];
  /** `NAME=value` before the command. */
  readonly assignments: readonly Assignment[];
  /** `name=(…)` among the arguments, by their position. */
  readonly arrays: ReadonlyMap<number, DeclaredArray>;
  /** As typed, for job listings. */
  readonly text: () => string;
  readonly how: Mode;
};

const NO_ARRAYS: ReadonlyMap<number, DeclaredArray> = new Map();
const DECLARING = new Set(["export", "readonly", "local", "declare", "typeset"]);

export class Commands {
  readonly #shell: Shell;
  readonly search: CommandSearch;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.search = new CommandSearch(shell);
  }

  *simple(node: SimpleCommand, how: Mode): Routine<number> {
    const shell = this.#shell;
    shell.line = node.line;
    shell.substitutionStatus = undefined;
    const hasLayer = node.redirects.length > 0;
    const fds = shell.processFds;
    shell.processFds = [];
    if (hasLayer) shell.descriptors.enter();
    try {
      const { args, arrays } = yield* this.#arguments(node.words);
      if (args.length === 0) return yield* this.#onlyAssignments(node);
      const first = args.findIndex((arg) => arg !== "command" && arg !== "builtin");
      const isExec = args[first] === "exec" && !shell.functions.has("exec");
      if (hasLayer && !isExec && !(yield* shell.interpreter.redirects.apply(node.redirects))) return this.#redirectFailed(args[0] ?? "");
      if (isExec) return yield* this.#exec(node, args.slice(first));
      return yield* this.call({
        args,
        arrays,
        assignments: node.assignments,
        text: () => unparse(node),
        how: how.isLast && !(shell.mayBecome(node, how) && (!hasLayer || this.#mayReplace(args))) ? { ...how, isLast: false } : how,
      });
    } catch (error) {
      if (error instanceof ShellError) return yield* this.refuse(error);
      throw error;
    } finally {
      if (hasLayer) shell.descriptors.leave();
      for (const fd of shell.processFds) shell.descriptors.close(fd);
      shell.processFds = fds;
    }
  }

  /** Runs a command whose words are known. */
  *call(call: Call, options: { readonly skipFunctions?: boolean } = {}): Routine<number> {
    const shell = this.#shell;
    const name = call.args[0] ?? "";
    const overlay = call.assignments.length > 0 ? yield* this.#overlay(call.assignments) : undefined;
    if (shell.options.xtrace) {
      const before = (overlay ?? []).map(([key, text]) => `${key}=${text === "" ? "" : traced(shell, text)}`);
      if (shell.options.isBash) for (const line of before) yield* trace(shell, [line]);
      yield* trace(shell, [...(shell.options.isBash ? [] : before), ...call.args.map((arg) => traced(shell, arg))]);
    }
    if (shell.options.isBash) shell.lastArgument = call.args.at(-1) ?? "";
    const meaning = this.search.find(name, {
      skipFunctions: options.skipFunctions ?? false,
      path: overlay?.find(([key]) => key === "PATH")?.[1],
    });
    switch (meaning.kind) {
      case "function":
        return yield* this.#function(meaning.function, call.args, overlay, call.how);
      case "builtin":
        return yield* this.#builtin(meaning.builtin, call, overlay);
      case "file":
        return yield* this.#file(meaning.path, call, overlay);
      case "unusable":
        yield* shell.complain(shell.flavour.words.cannotExecute(meaning.path, meaning.errno, meaning.isDirectory));
        return meaning.status ?? 126;
      case "missing":
        yield* shell.complain(shell.flavour.words.notFound(name));
        return 127;
    }
  }

  /** What an error of the shell does to the command in which it came up. */
  *refuse(error: ShellError): Routine<number> {
    const shell = this.#shell;
    const { commandName } = shell;
    if (shell.options.isBash) shell.commandName = undefined;
    yield* shell.complain(error.message);
    shell.commandName = commandName;
    if (error.isFatal && shell.options.isBash) throw new Abort(shell.depth > 0 || shell.options.errexit ? 1 : error.status, "shell");
    throw new Abort(error.status, shell.flavour.errorsAreFatal ? "shell" : "line");
  }

  // --- words --------------------------------------------------------------------------------------------------------
  *#arguments(
    words: readonly Argument[],
  ): Routine<{ readonly args: readonly string[]; readonly arrays: ReadonlyMap<number, DeclaredArray> }> {
    const { expander } = this.#shell;
    if (!words.some((word) => word.assignment)) {
      return { args: yield* expander.words(words), arrays: NO_ARRAYS };
    }
    const args: string[] = [];
    const arrays = new Map<number, DeclaredArray>();
    for (const word of words) {
      const { assignment } = word;
      if (!assignment) {
        args.push(...(yield* expander.words([word])));
        continue;
      }
      if (!DECLARING.has(args[0] ?? "")) {
        args.push(word.text);
        continue;
      }
      const subscript = assignment.subscript ? `[${yield* expander.text(assignment.subscript)}]` : "";
      const head = `${assignment.name}${subscript}${assignment.append ? "+" : ""}`;
      if (assignment.value.kind === "array") {
        arrays.set(args.length, { assignment });
        args.push(head);
      } else args.push(`${head}=${yield* expander.text(assignment.value.word)}`);
    }
    return { args, arrays };
  }

  *#onlyAssignments(node: SimpleCommand): Routine<number> {
    const shell = this.#shell;
    // bash assigns first; the others have the redirections in force meanwhile.
    const { isBash } = shell.options;
    if (!isBash && !(yield* shell.interpreter.redirects.apply(node.redirects))) return shell.flavour.redirectStatus;
    const shown: string[] = [];
    for (const assignment of node.assignments) {
      yield* shell.expander.assign(assignment);
      if (!shell.options.xtrace) continue;
      const text = shell.variables.get(assignment.name) ?? "";
      shown.push(`${assignment.name}${assignment.append ? "+" : ""}=${text === "" ? "" : traced(shell, text)}`);
    }
    // bash shows each on a line of its own.
    for (const line of isBash ? shown : shown.length > 0 ? [shown.join(" ")] : []) yield* trace(shell, [line]);
    if (isBash && !(yield* shell.interpreter.redirects.apply(node.redirects))) return shell.flavour.redirectStatus;
    return shell.substitutionStatus ?? 0;
  }

  /** Values of `NAME=value` before a command. */
  *#overlay(assignments: readonly Assignment[]): Routine<[string, string][]> {
    const shell = this.#shell;
    const values: [string, string][] = [];
    for (const { name, append, value } of assignments) {
      if (shell.variables.find(name)?.isReadonly) {
        const error = new ShellError(shell.flavour.words.isReadonly(name), shell.flavour.errorStatus);
        if (!shell.options.isBash) throw error;
        yield* shell.complain(error.message);
        continue;
      }
      const text = value.kind === "scalar" ? yield* shell.expander.text(value.word) : "";
      values.push([name, append ? (shell.variables.get(name) ?? "") + text : text]);
    }
    return values;
  }

  #redirectFailed(name: string): number {
    const shell = this.#shell;
    const meaning = this.search.find(name);
    if (shell.flavour.errorsAreFatal && meaning.kind === "builtin" && meaning.builtin.isSpecial)
      throw new Abort(shell.flavour.redirectStatus, "shell");
    return shell.flavour.redirectStatus;
  }

  // --- running ------------------------------------------------------------------------------------------------------
  *#function(
    { definition, source: definedIn }: ShellFunction,
    args: readonly string[],
    overlay: readonly (readonly [string, string])[] | undefined,
    how: Mode,
  ): Routine<number> {
    const shell = this.#shell;
    const { positional, loops, line, commandName, source } = shell;
    shell.positional = args.slice(1);
    // In ash a `break` leaves the loops of whoever called the function.
    if (shell.flavour.dialect.name !== "ash") shell.loops = 0;
    shell.source = definedIn;
    shell.frames.push({ name: definition.name, callLine: line, source: shell.isInteractive ? "main" : definedIn });
    shell.variables.enter();
    try {
      for (const [name, text] of overlay ?? []) {
        shell.variables.makeLocal(name);
        shell.variables.set(name, text, { exported: true });
      }
      yield* shell.tick();
      // bash goes on looking into a function that ends a `$(…)`.
      const isLooking = how.isLast && shell.options.isBash && shell.place === "substitution";
      if (isLooking)
        shell.replacement = definition.body.kind === "group" ? bashReplacement(definition.body.body, "substitution") : undefined;
      const status = yield* shell.interpreter.run(definition.body, { isLast: isLooking, isTested: how.isTested });
      if (shell.skip?.kind !== "return") return status;
      shell.skip = undefined;
      return shell.status;
    } finally {
      shell.variables.leave();
      const kept = shell.frames.pop()?.options;
      if (kept) shell.options.restore(kept);
      shell.positional = positional;
      shell.loops = loops;
      shell.line = line;
      shell.source = source;
      shell.commandName = commandName;
    }
  }

  *#builtin(builtin: Builtin, call: Call, overlay: readonly (readonly [string, string])[] | undefined): Routine<number> {
    const shell = this.#shell;
    const { commandName, line } = shell;
    const name = call.args[0] ?? "";
    const isLasting = builtin.isSpecial && shell.flavour.specialBuiltinsKeepAssignments;
    if (overlay && !isLasting) shell.variables.enter();
    shell.commandName = name;
    try {
      for (const [key, text] of overlay ?? []) {
        if (!isLasting) shell.variables.makeLocal(key);
        shell.variables.set(key, text, { exported: !isLasting });
      }
      yield* shell.tick();
      const status = yield* builtin.run({ shell, name, args: call.args.slice(1), arrays: call.arrays, how: call.how });
      shell.lastBuiltin = name;
      return status;
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      shell.line = line;
      yield* shell.complain(error.message);
      if (error.isFatal || (builtin.isSpecial && shell.flavour.errorsAreFatal)) throw new Abort(error.status, "shell");
      return error.status;
    } finally {
      shell.commandName = commandName;
      if (overlay && !isLasting) shell.variables.leave();
    }
  }

  *#file(path: string, call: Call, overlay: readonly (readonly [string, string])[] | undefined): Routine<number> {
    const shell = this.#shell;
    shell.lastBuiltin = undefined;
    const env = this.#environment(path, overlay);
    if (call.how.isLast && !shell.traps.holdsShell) return yield* this.replace(path, call.args, env);
    const group = shell.hasJobControl ? ("own" as const) : undefined;
    const pid = this.#spawn({ image: { path }, argv: call.args, env, group });
    if (typeof pid !== "number") return yield* this.#cannotRun(path, call, pid);
    return yield* shell.interpreter.processes.foreground(new Job([pid], group && pid, [call.text()]));
  }

  #spawn(request: {
    readonly image: SpawnRequest["image"];
    readonly argv: readonly string[];
    readonly env: ReadonlyMap<string, string>;
    readonly group: "own" | undefined;
  }): number | Errno {
    const shell = this.#shell;
    const { ignored } = shell.traps;
    const made = shell.sys.spawn({
      image: request.image,
      argv: request.argv,
      env: request.env,
      fds: shell.descriptors.table(),
      ...(request.group ? { group: request.group, foreground: true } : {}),
      ...(ignored.length > 0 ? { ignore: ignored } : {}),
    });
    return made.ok ? made.value : made.error;
  }

  *#cannotRun(path: string, call: Call, errno: Errno): Routine<number> {
    const shell = this.#shell;
    if (errno === "ENOEXEC") return yield* this.#runAsScript(path, call);
    const interpreter = errno === "ENOENT" && shell.options.isBash ? this.#interpreterOf(path) : undefined;
    if (interpreter !== undefined) {
      yield* shell.write(2, `${shell.sourceName}: ${path}: ${interpreter}: bad interpreter: No such file or directory\n`);
      return 126;
    }
    yield* shell.complain(
      errno === "ENOENT" ? shell.flavour.words.notFound(call.args[0] ?? path) : shell.flavour.words.cannotExecute(path, errno, false),
    );
    return errno === "ENOENT" ? 127 : 126;
  }

  /** What a script's first line asks for. */
  #interpreterOf(path: string): string | undefined {
    const text = this.#shell.sys.readFile(path);
    return text.ok ? /^#!\s*(\S+)/.exec(text.value)?.[1] : undefined;
  }

  /** A file that is no program the kernel knows is read by the shell itself. */
  *#runAsScript(path: string, call: Call): Routine<number> {
    const { processes } = this.#shell.interpreter;
    const pid = processes.fork({}, function* (child) {
      child.name = path;
      child.positional = call.args.slice(1);
      child.functions.clear();
      child.isCommandText = false;
      return yield* child.interpreter.text.runFile(path);
    });
    if (pid === undefined) return 126;
    return yield* processes.foreground(new Job([pid], undefined, [call.text()]));
  }

  /** Becomes the program: `exec`, and the last command of `sh -c`. Comes back only when it cannot. */
  *replace(path: string, args: readonly string[], env: ReadonlyMap<string, string>): Routine<number> {
    const shell = this.#shell;
    const environment = new Map(env);
    // The shell that goes away does not count as a level (bash).
    const level = environment.get("SHLVL");
    if (shell.options.isBash && level !== undefined) environment.set("SHLVL", String((Number(level) || 1) - 1));
    const image = shell.sys.exec({ path, argv: args, env: environment, fds: shell.descriptors.table() });
    if (!image.ok)
      return yield* this.#cannotRun(
        path,
        { args, arrays: NO_ARRAYS, assignments: [], text: () => args.join(" "), how: { isLast: true, isTested: false } },
        image.error,
      );
    throw new Replaced(yield* image.value);
  }

  #environment(path: string, overlay: readonly (readonly [string, string])[] | undefined): ReadonlyMap<string, string> {
    const shell = this.#shell;
    const environment = shell.variables.environment();
    if (!overlay && !shell.options.isBash) return environment;
    const made = new Map(environment);
    for (const [name, text] of overlay ?? []) made.set(name, text);
    if (shell.options.isBash) made.set("_", path);
    return made;
  }

  /** Redirections before a program that takes the shell's place need not be undone. */
  #mayReplace(args: readonly string[]): boolean {
    return this.search.find(args[0] ?? "").kind === "file";
  }

  // --- exec ---------------------------------------------------------------------------------------------------------
  *#exec(node: SimpleCommand, words: readonly string[]): Routine<number> {
    const shell = this.#shell;
    let args = words.slice(1);
    let argv0: string | undefined;
    let isClean = false;
    const { commandName } = shell;
    if (shell.options.xtrace)
      yield* trace(
        shell,
        words.map((word) => traced(shell, word)),
      );
    while (args[0]?.startsWith("-") && args[0].length > 1) {
      const [option = "", ...rest] = args;
      args = rest;
      if (option === "--") break;
      if (option === "-a" && !shell.flavour.errorsAreFatal) {
        argv0 = args[0];
        args = args.slice(1);
      } else if (option === "-c" && shell.options.isBash) isClean = true;
      else if (option === "-l" && shell.options.isBash) argv0 = `-${args[0] ?? ""}`;
      else {
        shell.commandName = "exec";
        yield* shell.complain(
          shell.options.isBash
            ? `${option}: invalid option`
            : `${shell.flavour.dialect.name === "dash" ? "Illegal" : "illegal"} option ${option}`,
        );
        shell.commandName = commandName;
        if (shell.options.isBash) yield* shell.write(2, "exec: usage: exec [-cl] [-a name] [command [argument ...]] [redirection ...]\n");
        if (shell.flavour.errorsAreFatal) throw new Abort(2, "shell");
        return 2;
      }
    }
    const hasRedirects = node.redirects.length > 0;
    if (hasRedirects && !(yield* shell.interpreter.redirects.apply(node.redirects))) return this.#redirectFailed("exec");
    if (args.length === 0) {
      for (const assignment of node.assignments) yield* shell.expander.assign(assignment);
      if (hasRedirects) {
        shell.descriptors.keep();
        // `simple` leaves a layer; this one takes its place.
        shell.descriptors.enter();
      }
      return 0;
    }
    const overlay = node.assignments.length > 0 ? yield* this.#overlay(node.assignments) : undefined;
    const name = args[0] ?? "";
    const meaning = this.search.findFile(name, overlay?.find(([key]) => key === "PATH")?.[1]);
    if (meaning.kind === "file") {
      const env = isClean ? new Map<string, string>() : this.#environment(meaning.path, overlay);
      return yield* this.replace(meaning.path, argv0 === undefined ? args : [argv0, ...args.slice(1)], env);
    }
    if (meaning.kind === "unusable") {
      if (!shell.options.isBash) shell.commandName = "exec";
      yield* shell.complain(shell.flavour.words.cannotExecute(meaning.path, meaning.errno, meaning.isDirectory));
    } else {
      if (!shell.options.isBash || !name.includes("/")) shell.commandName = "exec";
      yield* shell.complain(shell.options.isBash && !name.includes("/") ? `${name}: not found` : shell.flavour.words.notFound(name));
    }
    shell.commandName = commandName;
    const status = meaning.kind === "unusable" ? 126 : 127;
    if (shell.isInteractive) return status;
    throw new Abort(status, "shell");
  }
}
