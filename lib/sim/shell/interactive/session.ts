/**
 * An interactive shell: prompt, line, command, until it ends (bash's reader_loop, dash's and ash's cmdloop).
 *
 * bash and ash edit lines themselves, with the terminal in raw mode; dash reads what the terminal's own editing gives it. While a
 * command runs the terminal is cooked and belongs to the command's process group.
 */

import type { SignalName } from "@/lib/sim/core/signal";
import type { Tty } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { jobLine } from "../run/job-line";
import type { Shell } from "../run/shell";
import { Traps } from "../run/traps";
import { Abort, Exit, Interrupted } from "../run/unwind";
import { ORDINARY } from "../run/interpreter";
import { Replaced } from "../run/processes";
import { expandHistory } from "./history-expansion";
import { History } from "./history";
import { LineReader, type ReadResult } from "./line-reader";
import { expandPrompt } from "./prompt";

/**
 * Signals that do not have their default effect on an interactive shell. Of these only INT and WINCH do anything; the others are
 * caught rather than ignored, because what is ignored would stay so in every program that the shell starts.
 */
const OWN_SIGNALS: ReadonlySet<SignalName> = new Set(["INT", "WINCH", "QUIT", "TERM", "TSTP", "TTIN", "TTOU"]);

export function* runSession(shell: Shell, readStartFiles: (shell: Shell) => Routine<void>): Routine<number> {
  const session = new Session(shell);
  session.begin();
  let status: number;
  try {
    yield* session.guarded(() => readStartFiles(shell));
    session.loadHistory();
    status = yield* session.loop();
  } catch (error) {
    if (error instanceof Replaced) return error.status;
    if (!(error instanceof Exit)) throw error;
    ({ status } = error);
  }
  session.saveHistory();
  return (yield* shell.interpreter.finish(status)) & 0xff;
}

class Session {
  readonly #shell: Shell;
  readonly #tty: Tty | undefined;
  readonly #reader: LineReader | undefined;
  /** Lines of the history that are in its file already. */
  #savedLines = 0;
  #ignoredEnds = 0;
  /** The line that the next command begins on. */
  #line0 = 1;

  constructor(shell: Shell) {
    this.#shell = shell;
    const real = shell.descriptors.real(0) ?? 0;
    this.#tty = shell.sys.tty(real);
    if (this.#tty && shell.flavour.dialect.name !== "dash") this.#reader = new LineReader(shell, this.#tty, real);
    shell.history = new History(
      shell.options.isBash ? 1000 : 256,
      () => /(^|:)(ignoredups|ignoreboth)(:|$)/.test(shell.variables.get("HISTCONTROL") ?? "") || !shell.options.isBash,
    );
  }

  begin(): void {
    const shell = this.#shell;
    const { sys, variables } = shell;
    shell.traps = new Traps(sys, OWN_SIGNALS);
    sys.catchSignals(...OWN_SIGNALS);
    if (this.#tty) {
      if (sys.group !== sys.pid) sys.setGroup(sys.pid, sys.pid);
      this.#tty.foreground = sys.group;
      shell.options.set("monitor", true);
    }
    if (!shell.options.isBash) return;
    for (const name of ["histexpand", "history", "emacs"]) shell.options.set(name, true);
    shell.options.setShopt("expand_aliases", true);
    const set = (name: string, value: string): void => {
      if (variables.get(name) === undefined) variables.set(name, value);
    };
    // What Debian's /etc/bash.bashrc sets.
    set("PS1", "\\u@\\h:\\w\\$ ");
    set("PS2", "> ");
    set("HISTFILE", `${variables.get("HOME") ?? ""}/.bash_history`);
    set("HISTSIZE", "500");
    set("HISTFILESIZE", "500");
  }

  *loop(): Routine<number> {
    const shell = this.#shell;
    for (;;) {
      shell.loops = 0;
      shell.skip = undefined;
      shell.commandName = undefined;
      yield* this.#tellJobs();
      const text = yield* this.#command();
      if (text === "end") {
        if (yield* this.#mayLeave()) return shell.status;
        continue;
      }
      if (text === "interrupt") {
        shell.status = 130;
        if (shell.traps.get("INT")) yield* this.guarded(() => shell.interpreter.runTrap("INT"));
        continue;
      }
      this.#ignoredEnds = 0;
      yield* this.guarded(() => this.#run(text));
    }
  }

  /** Runs something; what unwinds it ends here, except the shell's end. */
  *guarded(run: () => Routine<unknown>): Routine<void> {
    const shell = this.#shell;
    const depth = shell.variables.depth;
    try {
      yield* run();
    } catch (error) {
      if (error instanceof Abort) shell.status = error.status;
      else if (error instanceof Interrupted) {
        shell.status = 130;
        if (error.needsNewline) yield* shell.write(2, "\n");
      } else throw error;
    }
    while (shell.variables.depth > depth) shell.variables.leave();
    shell.frames = [];
    shell.nesting = 0;
    shell.source = undefined;
    shell.interpreter.processes.takeTerminal();
    // A signal that came while a command ran was for that command.
    while (shell.sys.takeSignal() !== undefined);
  }

  *#run(text: string): Routine<void> {
    const shell = this.#shell;
    const runner = shell.interpreter.text;
    const parser = runner.parser(text, this.#line0);
    let lines = text.split("\n").length - 1;
    for (;;) {
      const parsed = parser.next();
      if (parsed.kind === "end") break;
      if (parsed.kind === "problem") {
        // The line with the fault does not count.
        this.#line0 += lines - 1;
        lines = 0;
        yield* runner.problem(parsed.problem, "interactive", parser);
        break;
      }
      yield* runner.warnOpenHere(parser);
      this.#line0 += lines;
      lines = 0;
      yield* shell.interpreter.run(parsed.node, ORDINARY);
      if (shell.skip) break;
    }
    shell.commandNumber++;
  }

  // --- reading ------------------------------------------------------------------------------------------------------
  /** A complete command, over as many lines as it takes. */
  *#command(): Routine<string | "end" | "interrupt"> {
    const shell = this.#shell;
    let text = "";
    for (;;) {
      const result = yield* this.#line(text === "" ? "PS1" : "PS2");
      if (result.kind === "interrupt") {
        this.#line0 += text.split("\n").length - 1;
        return "interrupt";
      }
      if (result.kind === "end") {
        if (text === "") return "end";
        this.#line0--;
        // The end of input inside a command: what there is is tried, and found wanting.
        return text;
      }
      let line = result.text;
      if (shell.options.histexpand && /!|^\^/.test(line)) {
        const expanded = expandHistory(line, { entries: shell.history?.entries ?? [], first: shell.history?.first ?? 1 });
        if (expanded.kind === "not-found") {
          yield* shell.write(2, `${shell.messagePrefix}${expanded.event}: ${expanded.reason}\n`);
          return "interrupt";
        }
        if (expanded.kind === "expanded") {
          ({ line } = expanded);
          yield* shell.write(2, `${line}\n`);
          if (expanded.isPrintOnly) {
            shell.history?.add(line);
            return "interrupt";
          }
        }
      }
      text += `${line}\n`;
      if (this.#isIncomplete(text)) continue;
      this.#remember(text);
      if (text.trim() === "") {
        this.#line0++;
        text = "";
        yield* this.#tellJobs();
        continue;
      }
      return text;
    }
  }

  #isIncomplete(text: string): boolean {
    if (/(^|[^\\])(\\\\)*\\\n$/.test(text)) return true;
    const parser = this.#shell.interpreter.text.parser(text, 1);
    for (;;) {
      const parsed = parser.next();
      if (parser.lexer.openHere) return true;
      if (parsed.kind === "end") return false;
      if (parsed.kind === "problem") return parsed.problem.incomplete;
    }
  }

  *#line(prompt: "PS1" | "PS2"): Routine<ReadResult> {
    const shell = this.#shell;
    if (this.#tty && shell.options.isBash) {
      // shopt checkwinsize.
      shell.variables.set("COLUMNS", String(this.#tty.columns));
      shell.variables.set("LINES", String(this.#tty.rows));
    }
    const hook = prompt === "PS1" && shell.options.isBash ? shell.variables.get("PROMPT_COMMAND") : undefined;
    if (hook) {
      const { status } = shell;
      yield* this.guarded(() => shell.interpreter.text.run(hook, { kind: "eval" }));
      shell.status = status;
    }
    const template = shell.variables.get(prompt) ?? "";
    const decoded = expandPrompt(shell, template);
    const shown = yield* shell.interpreter.text.expandText(decoded);
    if (this.#reader) return yield* this.#reader.read(shown);
    yield* shell.write(2, shown);
    return yield* this.#plainLine();
  }

  /** A line from the terminal's own editing (dash), or from whatever is no terminal (`sh -i`). */
  *#plainLine(): Routine<ReadResult> {
    const shell = this.#shell;
    const real = shell.descriptors.real(0);
    if (real === undefined) return { kind: "end" };
    let text = "";
    for (;;) {
      const chunk = yield* shell.sys.read(real, this.#tty ? 4096 : 1);
      if (chunk.ok) {
        text += chunk.value;
        if (text.endsWith("\n")) return { kind: "line", text: text.slice(0, -1) };
        if (chunk.value === "") return text === "" ? { kind: "end" } : { kind: "line", text };
        continue;
      }
      if (chunk.error !== "EINTR") return { kind: "end" };
      for (let signal = shell.sys.takeSignal(); signal !== undefined; signal = shell.sys.takeSignal()) {
        if (shell.traps.get(signal)) yield* shell.interpreter.runTrap(signal);
        else if (signal === "INT") {
          yield* shell.write(2, "\n");
          return { kind: "interrupt" };
        }
      }
    }
  }

  // --- the end ------------------------------------------------------------------------------------------------------
  /** Ctrl-D: whether the shell ends. */
  *#mayLeave(): Routine<boolean> {
    const shell = this.#shell;
    if (shell.options.has("ignoreeof") && this.#ignoredEnds < 10) {
      this.#ignoredEnds++;
      yield* shell.write(2, shell.options.isBash ? 'Use "exit" to leave the shell.\n' : '\nUse "exit" to leave shell.\n');
      return false;
    }
    const hasStopped = shell.jobs.list.some((job) => job.state === "stopped");
    if (hasStopped && shell.lastBuiltin !== "jobs" && shell.lastBuiltin !== "exit") {
      shell.lastBuiltin = "exit";
      yield* shell.write(
        2,
        shell.options.isBash ? `${shell.isLogin ? "logout" : "exit"}\nThere are stopped jobs.\n` : "You have stopped jobs.\n",
      );
      return false;
    }
    // The editor has gone to a new line already.
    yield* shell.write(2, shell.options.isBash ? `${shell.isLogin ? "logout" : "exit"}\n` : this.#reader ? "" : "\n");
    return true;
  }

  // --- jobs ---------------------------------------------------------------------------------------------------------
  /** Tells of background jobs that ended or stopped since the last prompt. */
  *#tellJobs(): Routine<void> {
    const shell = this.#shell;
    yield* shell.interpreter.processes.poll();
    for (const job of shell.jobs.list) {
      if (job.state === "running" || job.isReported) continue;
      yield* shell.write(2, `${jobLine(shell, job)}\n`);
      job.isReported = true;
      if (job.state !== "done") continue;
      shell.remember(job);
      shell.jobs.remove(job);
    }
  }

  // --- history ------------------------------------------------------------------------------------------------------
  #remember(text: string): void {
    const shell = this.#shell;
    const line = asOneLine(text.replace(/\n$/, ""));
    if (line.trim() === "") return;
    if (shell.options.isBash && /(^|:)(ignorespace|ignoreboth)(:|$)/.test(shell.variables.get("HISTCONTROL") ?? "") && line.startsWith(" "))
      return;
    shell.history?.add(line);
  }

  loadHistory(): void {
    const shell = this.#shell;
    const path = shell.options.isBash ? shell.variables.get("HISTFILE") : undefined;
    const text = path ? shell.sys.readFile(path) : undefined;
    if (text?.ok) for (const line of text.value.split("\n")) shell.history?.add(line);
    this.#savedLines = shell.history?.next ?? 1;
  }

  saveHistory(): void {
    const shell = this.#shell;
    const path = shell.options.isBash ? shell.variables.get("HISTFILE") : undefined;
    const { history } = shell;
    if (!path || !history) return;
    const added = history.entries.slice(Math.max(0, this.#savedLines - history.first));
    if (added.length > 0) shell.sys.writeFile(path, `${added.join("\n")}\n`, { append: true, mode: 0o600 });
  }
}

/** A command of several lines as one, as bash keeps it (cmdhist): with semicolons where a newline ended a command. */
function asOneLine(text: string): string {
  const lines = text.split("\n");
  if (lines.length === 1 || /<</.test(text)) return text;
  let made = lines[0] ?? "";
  for (const line of lines.slice(1)) {
    if (made.endsWith("\\")) {
      made = made.slice(0, -1) + line;
      continue;
    }
    const isOpenQuote = (made.match(/'/g)?.length ?? 0) % 2 === 1 || (made.match(/"/g)?.length ?? 0) % 2 === 1;
    const goesOn = /(?:^|[\s;&|(])(?:do|then|else|elif|in|\{|\(|\||\|\||&&|!)$|[;&|({]$/.test(made.trimEnd());
    made += isOpenQuote ? `\n${line}` : goesOn || line.trim() === "" ? ` ${line.trimStart()}` : `; ${line.trimStart()}`;
  }
  return made;
}
