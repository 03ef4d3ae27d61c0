/**
 * Runs commands: the tree walk (evaltree of dash's eval.c, execute_command_internal of bash's execute_cmd.c).
 *
 * Everything that can wait is a routine. A loop lets simulated time pass in each round, so that an endless one neither holds the
 * world nor escapes Ctrl-C.
 */

import type { Routine } from "@/lib/sim/core/task";
import { elapsed } from "@/lib/sim/core/time";
import type { CompoundCommand, Node, Part } from "../syntax/ast";
import { Commands } from "./commands";
import { evaluateConditional } from "./conditional";
import { bashReplacement, type Place } from "./last-command";
import { Processes } from "./processes";
import { Redirects } from "./redirects";
import { runSelect } from "./select";
import { MAX_NESTING, type Shell } from "./shell";
import { TextRunner } from "./text-runner";
import { trace } from "./trace";
import type { TrapName } from "./traps";
import { Abort, Exit, Interrupted, ShellError } from "./unwind";

/** How a command runs. */
export type Mode = {
  /** Nothing of the shell comes after it: a program may take the shell's place. */
  readonly isLast: boolean;
  /** Its status is tested (`if`, `&&`, `!`): neither `set -e` nor ERR concern it. */
  readonly isTested: boolean;
};

const ONE_SUCCESS: readonly number[] = [0];

export const ORDINARY: Mode = { isLast: false, isTested: false };
const TESTED: Mode = { isLast: false, isTested: true };
const LAST: Mode = { isLast: true, isTested: false };
const LAST_TESTED: Mode = { isLast: true, isTested: true };

function mode(isLast: boolean, isTested: boolean): Mode {
  if (isLast) return isTested ? LAST_TESTED : LAST;
  return isTested ? TESTED : ORDINARY;
}

export class Interpreter {
  readonly #shell: Shell;
  readonly commands: Commands;
  readonly processes: Processes;
  readonly redirects: Redirects;
  readonly text: TextRunner;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.commands = new Commands(shell);
    this.processes = new Processes(shell);
    this.redirects = new Redirects(shell);
    this.text = new TextRunner(shell);
  }

  /** Runs a command; its status is `$?` afterwards. */
  *run(node: Node, how: Mode): Routine<number> {
    const shell = this.#shell;
    if (shell.options.noexec && !shell.isInteractive) return shell.status;
    if ("line" in node) shell.line = node.line;
    let status: number;
    let mayFail = false;
    if (++shell.nesting > MAX_NESTING) yield* this.#refuseDepth();
    try {
      switch (node.kind) {
        case "simple":
          status = yield* this.commands.simple(node, how);
          mayFail = true;
          break;
        case "sequence":
          return yield* this.#sequence(node.commands, how);
        case "and":
        case "or": {
          const left = yield* this.run(node.left, TESTED);
          if (shell.skip || (left === 0) !== (node.kind === "and")) return left;
          return yield* this.run(node.right, how);
        }
        case "not":
          status = node.command ? yield* this.run(node.command, TESTED) : 0;
          // ash turns round even what `return` gave.
          if (shell.skip && shell.flavour.dialect.name !== "ash") return status;
          status = status === 0 ? 1 : 0;
          break;
        case "pipeline":
          status = yield* this.processes.pipeline(node.commands, how);
          mayFail = true;
          break;
        case "background":
          status = yield* this.processes.background(node.command);
          break;
        case "function":
          shell.functions.set(node.name, { definition: node, source: shell.sourceName });
          status = 0;
          break;
        case "invalid":
          return yield* this.text.problem(node.problem, "substitution", undefined);
        case "time":
          status = yield* this.#time(node.command, node.posix, how);
          break;
        default:
          status = yield* this.#redirected(node, how);
          mayFail = node.kind === "subshell" || node.kind === "arithmetic" || node.kind === "conditional";
      }
    } finally {
      shell.nesting--;
    }
    shell.status = status;
    // A command that is no pipeline is one of one command.
    if (mayFail && node.kind !== "pipeline") shell.pipeStatus = status === 0 ? ONE_SUCCESS : [status];
    yield* this.#afterwards(status, mayFail && !how.isTested);
    return shell.status;
  }

  /** Runs what the process has left to do. */
  *runLast(node: Node, place: Place, isTested: boolean): Routine<number> {
    const shell = this.#shell;
    shell.place = place;
    if (shell.options.isBash) shell.replacement = bashReplacement(node, place);
    return yield* this.run(node, mode(true, isTested));
  }

  *#refuseDepth(): Routine<never> {
    const shell = this.#shell;
    yield* shell.complain(`drydock: commands are nested more than ${MAX_NESTING} deep; this is a limit of the simulator`);
    shell.nesting--;
    throw new Abort(2, "shell");
  }

  /** Traps whose signals have come; then `set -e` and ERR. */
  *#afterwards(status: number, mayEnd: boolean): Routine<void> {
    const shell = this.#shell;
    yield* this.runPendingTraps();
    if (status === 0 || !mayEnd || shell.skip) return;
    if (shell.traps.get("ERR") !== undefined && (shell.frames.length === 0 || shell.options.has("errtrace"))) yield* this.runTrap("ERR");
    if (shell.options.errexit) throw new Exit(status);
  }

  *runPendingTraps(): Routine<void> {
    const shell = this.#shell;
    for (let signal = shell.sys.takeSignal(); signal !== undefined; signal = shell.sys.takeSignal()) {
      if (shell.traps.get(signal)) yield* this.runTrap(signal);
      else if (signal === "INT" && shell.isInteractive) throw new Interrupted(true);
    }
  }

  /** Runs a trap's command; `$?` is afterwards what it was before. */
  *runTrap(name: TrapName): Routine<void> {
    const shell = this.#shell;
    const command = shell.traps.get(name);
    if (!command) return;
    const { status, skip } = shell;
    shell.skip = undefined;
    const firstLine = shell.flavour.dialect.name === "ash" ? shell.line : 1;
    yield* this.text.run(command, { kind: name === "INT" ? "interrupt trap" : "trap", firstLine });
    if (!shell.skip) shell.skip = skip;
    shell.status = status;
  }

  /** What remains to be done when the shell ends; the status it ends with. */
  *finish(status: number): Routine<number> {
    const shell = this.#shell;
    shell.status = status;
    const command = shell.traps.get("EXIT");
    if (!command) return status;
    shell.traps.set("EXIT", undefined);
    shell.skip = undefined;
    try {
      yield* this.text.run(command, { kind: "exit trap", firstLine: shell.flavour.dialect.name === "ash" ? shell.line : 1 });
    } catch (error) {
      if (error instanceof Exit || error instanceof Abort) return error.status;
      throw error;
    }
    return status;
  }

  /** The commands of `$(…)`, in the child. `$(<file)` is the file's text (bash). */
  *substituted(body: Node): Routine<number> {
    const shell = this.#shell;
    // Neither bash nor ash takes `set -e` along.
    if (shell.flavour.dialect.name !== "dash" && !shell.options.shopt("inherit_errexit")) shell.options.set("errexit", false);
    const only = body.kind === "simple" && body.words.length + body.assignments.length === 0 ? body.redirects[0] : undefined;
    if (only?.kind === "file" && only.operator === "<" && shell.options.isBash) {
      shell.descriptors.enter();
      if (!(yield* this.redirects.apply([only]))) return 1;
      for (;;) {
        const chunk = yield* shell.sys.read(shell.descriptors.real(0) ?? 0);
        if (!chunk.ok || chunk.value === "") return 0;
        yield* shell.print(chunk.value);
      }
    }
    return yield* this.runLast(body, "substitution", false);
  }

  *#sequence(commands: readonly Node[], how: Mode): Routine<number> {
    const shell = this.#shell;
    let status = 0;
    for (const [i, command] of commands.entries()) {
      status = yield* this.run(command, i === commands.length - 1 ? how : mode(false, how.isTested));
      if (shell.skip) break;
    }
    return status;
  }

  *#time(command: Node | undefined, isPosix: boolean, how: Mode): Routine<number> {
    const shell = this.#shell;
    const start = shell.sys.now;
    const status = command ? yield* this.run(command, mode(false, how.isTested)) : 0;
    const real = elapsed(start, shell.sys.now) / 1_000_000;
    const text = isPosix
      ? `real ${real.toFixed(2)}\nuser 0.00\nsys 0.00\n`
      : `\nreal\t${Math.floor(real / 60)}m${(real % 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
    yield* shell.write(2, text);
    return status;
  }

  // --- compound commands ----------------------------------------------------------------------------------------------
  *#redirected(node: CompoundCommand, how: Mode): Routine<number> {
    const shell = this.#shell;
    if (node.redirects.length === 0) return yield* this.#compound(node, how);
    shell.line = node.line;
    shell.descriptors.enter();
    try {
      if (!(yield* this.redirects.apply(node.redirects))) {
        yield* this.#afterwards(shell.flavour.redirectStatus, !how.isTested);
        return shell.flavour.dialect.name === "ash" && node.kind === "subshell" ? 2 : shell.flavour.redirectStatus;
      }
      // What a subshell has redirected need not be undone when the shell ends with it.
      return yield* this.#compound(node, node.kind === "subshell" ? how : mode(false, how.isTested));
    } finally {
      shell.descriptors.leave();
    }
  }

  *#compound(node: CompoundCommand, how: Mode): Routine<number> {
    const shell = this.#shell;
    switch (node.kind) {
      case "group":
        return yield* this.run(node.body, how);
      case "subshell":
        return yield* this.processes.subshell(node, how);
      case "if":
        for (const clause of node.clauses) {
          const test = yield* this.run(clause.test, TESTED);
          if (shell.skip) return test;
          if (test === 0) return yield* this.run(clause.body, how);
        }
        return node.otherwise ? yield* this.run(node.otherwise, how) : 0;
      case "while": {
        let status = 0;
        shell.loops++;
        try {
          for (;;) {
            yield* shell.tick();
            const test = yield* this.run(node.test, TESTED);
            if (shell.skip) {
              if (this.#leavesLoop()) break;
              continue;
            }
            if ((test === 0) === node.until) break;
            status = yield* this.run(node.body, mode(false, how.isTested));
            if (shell.skip && this.#leavesLoop()) break;
          }
        } finally {
          shell.loops--;
        }
        return status;
      }
      case "for":
        return yield* this.#for(node, how);
      case "select":
        return yield* runSelect(
          shell,
          node,
          function* (this: Interpreter) {
            const status = yield* this.run(node.body, mode(false, how.isTested));
            return { status, leaves: shell.skip !== undefined && this.#leavesLoop() };
          }.bind(this),
        );
      case "for-arithmetic":
        return yield* this.#forArithmetic(node, how);
      case "case":
        return yield* this.#case(node, how);
      case "arithmetic":
        shell.line = node.line;
        if (shell.options.xtrace) yield* trace(shell, [`((${node.text.slice(2, -2)}))`]);
        return yield* this.#refusing(
          function* (this: Interpreter) {
            const value = yield* this.#arithmetic(node.expression);
            return value === undefined || value === 0n ? 1 : 0;
          }.bind(this),
        );
      case "conditional":
        shell.line = node.line;
        return yield* this.#refusing(() => evaluateConditional(shell, node.expression));
    }
  }

  /** An expansion that fails gives up the line, as in a simple command. */
  *#refusing(run: () => Routine<number>): Routine<number> {
    try {
      return yield* run();
    } catch (error) {
      if (error instanceof ShellError) return yield* this.commands.refuse(error);
      throw error;
    }
  }

  /** The value of an expression of `((`. One that is wrong is only reported: `undefined`. */
  *#arithmetic(expression: readonly Part[]): Routine<bigint | undefined> {
    const shell = this.#shell;
    const text = yield* shell.expander.textOf(expression, true);
    try {
      return shell.arithmetic.evaluate(text);
    } catch (error) {
      if (!(error instanceof ShellError) || error.isFatal) throw error;
      const { commandName } = shell;
      shell.commandName = "((";
      yield* shell.complain(error.message);
      shell.commandName = commandName;
      return undefined;
    }
  }

  *#for(node: CompoundCommand & { readonly kind: "for" }, how: Mode): Routine<number> {
    const shell = this.#shell;
    shell.line = node.line;
    let status = 0;
    let items: readonly string[];
    try {
      items = node.words ? yield* shell.expander.words(node.words) : shell.positional;
    } catch (error) {
      if (error instanceof ShellError) return yield* this.commands.refuse(error);
      throw error;
    }
    if (!/^[A-Za-z_]\w*$/.test(node.name)) {
      yield* shell.complain(`\`${node.name}': not a valid identifier`);
      return 1;
    }
    shell.loops++;
    try {
      for (const item of items) {
        yield* shell.tick();
        if (shell.options.xtrace && shell.options.isBash)
          yield* trace(shell, [`for ${node.name} in ${(node.words ?? []).map((word) => word.text).join(" ")}`]);
        try {
          shell.variables.set(node.name, item);
        } catch (error) {
          if (!(error instanceof ShellError)) throw error;
          if (!shell.options.isBash) return yield* this.commands.refuse(error);
          yield* shell.complain(error.message);
          return 1;
        }
        status = yield* this.run(node.body, mode(false, how.isTested));
        if (shell.skip && this.#leavesLoop()) break;
      }
    } finally {
      shell.loops--;
    }
    return status;
  }

  *#forArithmetic(node: CompoundCommand & { readonly kind: "for-arithmetic" }, how: Mode): Routine<number> {
    const shell = this.#shell;
    shell.line = node.line;
    let status = 0;
    shell.loops++;
    try {
      return yield* this.#refusing(
        function* (this: Interpreter) {
          if ((yield* this.#arithmetic(node.init)) === undefined) return 1;
          for (;;) {
            yield* shell.tick();
            const test = node.test.length > 0 ? yield* this.#arithmetic(node.test) : 1n;
            if (test === undefined) return 1;
            if (test === 0n) return status;
            status = yield* this.run(node.body, mode(false, how.isTested));
            if (shell.skip && this.#leavesLoop()) return status;
            if ((yield* this.#arithmetic(node.step)) === undefined) return 1;
          }
        }.bind(this),
      );
    } finally {
      shell.loops--;
    }
  }

  *#case(node: CompoundCommand & { readonly kind: "case" }, how: Mode): Routine<number> {
    const shell = this.#shell;
    shell.line = node.line;
    try {
      const subject = yield* shell.expander.text(node.word);
      if (shell.options.xtrace && shell.options.isBash) yield* trace(shell, [`case ${node.word.text} in`]);
      let status = 0;
      let fallsThrough = false;
      for (const item of node.items) {
        let matches = fallsThrough;
        for (const word of matches ? [] : item.patterns) {
          if ((yield* shell.expander.pattern(word)).matches(subject)) {
            matches = true;
            break;
          }
        }
        if (!matches) continue;
        status = item.body ? yield* this.run(item.body, mode(how.isLast && item.terminator === ";;", how.isTested)) : 0;
        if (item.terminator === ";;" || shell.skip) return status;
        fallsThrough = item.terminator === ";&";
      }
      return status;
    } catch (error) {
      if (error instanceof ShellError) return yield* this.commands.refuse(error);
      throw error;
    }
  }

  /** Deals with `break` and `continue` at the end of a round; whether the loop ends. */
  #leavesLoop(): boolean {
    const { skip } = this.#shell;
    if (!skip) return false;
    if (skip.kind === "return") return true;
    skip.levels--;
    if (skip.levels > 0) return true;
    this.#shell.skip = undefined;
    return skip.kind === "break";
  }
}
