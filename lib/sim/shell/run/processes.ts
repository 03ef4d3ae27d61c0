/**
 * Processes of the shell: subshells, pipelines, background commands, substitutions, and waiting for them (forkshell and
 * waitforjob of dash's jobs.c, make_child and wait_for of bash's jobs.c).
 */

import type { SignalName } from "@/lib/sim/core/signal";
import type { ExitReport, Fd, Pid, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { CompoundCommand, Node } from "../syntax/ast";
import { unparse } from "../syntax/unparse";
import type { Mode } from "./interpreter";
import { Job, SIGNAL_TEXT, statusOf } from "./jobs";
import { jobLine } from "./job-line";
import { Shell } from "./shell";
import { Abort, Exit, Interrupted } from "./unwind";

/** What `$(…)` may give; a limit of the simulator. */
const MAX_SUBSTITUTION = 8_000_000;

export type Fork = {
  /** Descriptors that differ from the shell's: the child's number → the kernel's number here. */
  readonly fds?: ReadonlyMap<number, Fd>;
  /** Numbers that the child has not. */
  readonly without?: readonly number[];
  /** The group to be in; `"own"`: one of its own. */
  readonly group?: "own" | Pid | undefined;
  readonly foreground?: boolean;
  /** A background command without job control does not hear Ctrl-C. */
  readonly ignore?: readonly SignalName[];
};

export class Processes {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  // --- starting -----------------------------------------------------------------------------------------------------
  /** A child with a copy of this shell, as it is now. */
  fork(how: Fork, body: (child: Shell) => Routine<number>): Pid | undefined {
    const shell = this.#shell;
    const copy = new Shell(shell.flavour, shell.session, shell);
    const fds = shell.descriptors.table();
    for (const [fd, real] of how.fds ?? []) fds.set(fd, real);
    for (const fd of how.without ?? []) fds.delete(fd);
    const ignored = [...shell.traps.ignored, ...(how.ignore ?? [])];
    const made = shell.sys.spawn({
      image: { run: (sys: Sys) => endsAs(copy.attach(sys), body), name: shell.processName },
      argv: shell.sys.argv,
      fds,
      env: shell.sys.env,
      ...(how.group === undefined ? {} : { group: how.group }),
      ...(how.foreground ? { foreground: true } : {}),
      ...(ignored.length > 0 ? { ignore: ignored } : {}),
    });
    return made.ok ? made.value : undefined;
  }

  *subshell(node: CompoundCommand & { readonly kind: "subshell" }, how: Mode): Routine<number> {
    const shell = this.#shell;
    if (shell.mayBecome(node, how)) {
      shell.depth++;
      return yield* shell.interpreter.runLast(node.body, "subshell", how.isTested);
    }
    const group = this.#newGroup();
    const pid = this.fork({ group, foreground: group !== undefined }, (child) =>
      child.interpreter.runLast(node.body, "subshell", how.isTested),
    );
    if (pid === undefined) return yield* this.#cannotFork();
    return yield* this.foreground(new Job([pid], group && pid, [unparse(node)]));
  }

  *pipeline(commands: readonly Node[], how: Mode): Routine<number> {
    if (this.#shell.options.shopt("lastpipe") === true && this.#shell.options.isBash && !this.#shell.hasJobControl)
      return yield* this.#lastInShell(commands, how);
    const job = this.#startPipeline(commands, how.isTested, this.#newGroup() !== undefined, true, undefined);
    if (!job) return yield* this.#cannotFork();
    return yield* this.foreground(job);
  }

  /** `shopt -s lastpipe`: the shell itself runs the last command of a pipeline. */
  *#lastInShell(commands: readonly Node[], how: Mode): Routine<number> {
    const shell = this.#shell;
    const last = commands.at(-1);
    const { read, write } = shell.sys.pipe();
    const job = this.#startPipeline(commands.slice(0, -1), how.isTested, false, true, undefined, write);
    shell.sys.close(write);
    if (!job || !last) return yield* this.#cannotFork();
    shell.descriptors.enter();
    shell.descriptors.set(0, read);
    let status: number;
    try {
      status = yield* shell.interpreter.run(last, { isLast: false, isTested: how.isTested });
    } finally {
      shell.descriptors.leave();
    }
    yield* this.#waitFor(job);
    shell.pipeStatus = [...job.statuses(), status];
    return shell.options.pipefail ? (shell.pipeStatus.findLast((each) => each !== 0) ?? 0) : status;
  }

  *background(node: Node): Routine<number> {
    const shell = this.#shell;
    const hasGroup = this.#newGroup() !== undefined;
    const commands = node.kind === "pipeline" ? node.commands : [node];
    // Without job control a background command neither reads the terminal nor hears its keys.
    const nothing = hasGroup ? undefined : shell.sys.open("/dev/null", { read: true });
    const job = this.#startPipeline(commands, false, hasGroup, false, nothing?.ok ? nothing.value : undefined);
    if (nothing?.ok) shell.sys.close(nothing.value);
    if (!job) return yield* this.#cannotFork();
    shell.lastBackground = job.pids.at(-1);
    shell.jobs.add(job);
    if (shell.isInteractive) yield* shell.write(2, shell.options.isBash ? `[${job.id}] ${shell.lastBackground}\n` : "");
    return 0;
  }

  #startPipeline(
    commands: readonly Node[],
    isTested: boolean,
    hasGroup: boolean,
    isForeground: boolean,
    stdin: Fd | undefined,
    stdout?: Fd,
  ): Job | undefined {
    const shell = this.#shell;
    const { sys } = shell;
    const pids: Pid[] = [];
    let input = stdin;
    let leader: Pid | undefined;
    for (const [i, command] of commands.entries()) {
      const isLast = i === commands.length - 1;
      const pipe = isLast ? undefined : sys.pipe();
      const fds = new Map<number, Fd>();
      if (input !== undefined) fds.set(0, input);
      if (pipe) fds.set(1, pipe.write);
      else if (stdout !== undefined) fds.set(1, stdout);
      const pid = this.fork(
        {
          fds,
          group: hasGroup ? (leader ?? "own") : undefined,
          foreground: hasGroup && isForeground,
          ...(hasGroup || isForeground ? {} : { ignore: ["INT", "QUIT"] }),
        },
        (child) => child.interpreter.runLast(command, "child", isTested),
      );
      if (input !== undefined && input !== stdin) sys.close(input);
      if (pipe) sys.close(pipe.write);
      input = pipe?.read;
      if (pid === undefined) {
        if (input !== undefined) sys.close(input);
        return undefined;
      }
      leader ??= pid;
      pids.push(pid);
    }
    return new Job(
      pids,
      hasGroup ? leader : undefined,
      commands.map((command) => unparse(command)),
    );
  }

  *#cannotFork(): Routine<never> {
    yield* this.#shell.complain(this.#shell.options.isBash ? "fork: Resource temporarily unavailable" : "Cannot fork");
    throw new Abort(254, "shell");
  }

  #newGroup(): "own" | undefined {
    return this.#shell.hasJobControl ? "own" : undefined;
  }

  // --- substitutions ------------------------------------------------------------------------------------------------
  /** The output of `$(…)`. */
  *substitute(body: Node | undefined): Routine<string> {
    const shell = this.#shell;
    const { sys } = shell;
    if (!body) {
      shell.substitutionStatus = 0;
      return "";
    }
    const { read, write } = sys.pipe();
    const how: Fork = { fds: new Map([[1, write]]), ...(shell.hasJobControl ? { ignore: ["TSTP", "TTIN", "TTOU"] } : {}) };
    const pid = this.fork(how, (child) => {
      child.substitutionDepth++;
      return child.interpreter.substituted(body);
    });
    sys.close(write);
    let output = "";
    try {
      output = yield* this.#readSubstitution(read);
    } finally {
      sys.close(read);
    }
    if (pid === undefined) return yield* this.#cannotFork();
    const job = new Job([pid], undefined, [""]);
    yield* this.#waitFor(job);
    shell.substitutionStatus = job.end ? statusOf(job.end) : 0;
    // In bash it is `$?` for the words that follow.
    if (shell.options.isBash) shell.status = shell.substitutionStatus;
    return output.replaceAll("\0", "");
  }

  *#readSubstitution(fd: Fd): Routine<string> {
    const shell = this.#shell;
    let output = "";
    for (;;) {
      const chunk = yield* shell.sys.read(fd);
      if (!chunk.ok) {
        if (chunk.error !== "EINTR") return output;
        if (shell.isInteractive) yield* shell.interpreter.runPendingTraps();
        continue;
      }
      if (chunk.value === "") return output;
      output += chunk.value;
      if (output.length <= MAX_SUBSTITUTION) continue;
      yield* shell.complain(
        `drydock: the output of a command substitution is limited to ${MAX_SUBSTITUTION} characters; this is a limit of the simulator`,
      );
      return output;
    }
  }

  /** The path of `<(…)` or `>(…)`; the descriptor is closed when the command is done. */
  *substituteProcess(direction: "<" | ">", body: Node | undefined): Routine<string> {
    const shell = this.#shell;
    const { read, write } = shell.sys.pipe();
    const [ours, theirs, number] = direction === "<" ? [read, write, 1] : [write, read, 0];
    if (body) this.fork({ fds: new Map([[number, theirs]]) }, (child) => child.interpreter.runLast(body, "substitution", false));
    shell.sys.close(theirs);
    let fd = shell.options.isBash ? 63 : 64;
    while (shell.descriptors.real(fd) !== undefined) fd += shell.options.isBash ? -1 : 1;
    shell.descriptors.set(fd, ours);
    shell.processFds.push(fd);
    return `/dev/fd/${fd}`;
  }

  // --- waiting ------------------------------------------------------------------------------------------------------
  /** Waits for a job in the foreground; its status. What stopped becomes a numbered job. */
  *foreground(job: Job): Routine<number> {
    const shell = this.#shell;
    yield* this.#waitFor(job);
    this.takeTerminal();
    if (job.state === "stopped") {
      shell.jobs.add(job);
      job.isReported = true;
      yield* shell.write(2, `${shell.options.isBash ? "\n" : ""}${jobLine(shell, job)}\n`);
      const status = 128 + (job.stoppedBy === "TSTP" ? 20 : 19);
      shell.pipeStatus = [status];
      // bash leaves the loops that it was in.
      if (shell.options.isBash && shell.loops > 0) shell.skip = { kind: "break", levels: shell.loops };
      return status;
    }
    shell.jobs.remove(job);
    const statuses = job.statuses();
    shell.pipeStatus = statuses;
    yield* this.#tellDeath(job);
    if (shell.isInteractive && job.end?.kind === "killed" && job.end.signal === "INT" && shell.loops + shell.frames.length > 0)
      throw new Interrupted(false);
    const last = statuses.at(-1) ?? 0;
    if (!shell.options.pipefail) return last;
    return statuses.findLast((status) => status !== 0) ?? 0;
  }

  /** The terminal is the shell's again. */
  takeTerminal(): void {
    const shell = this.#shell;
    if (!shell.hasJobControl) return;
    const tty = shell.sys.tty(shell.descriptors.real(2) ?? 2) ?? shell.sys.tty(shell.descriptors.real(0) ?? 0);
    if (!tty) return;
    if (tty.foreground !== shell.sys.group) tty.foreground = shell.sys.group;
  }

  /** Until the job has ended or stopped. */
  *#waitFor(job: Job): Routine<void> {
    const { sys, options } = this.#shell;
    for (let pid = job.pending; pid !== undefined && job.state === "running"; pid = job.pending) {
      const report = yield* sys.waitpid(pid, { untraced: options.monitor });
      if (!report.ok) {
        if (report.error === "EINTR") continue;
        job.note({ kind: "exited", pid, status: 127 });
      } else if (report.value) this.note(report.value, job);
    }
  }

  /** A change of some child. */
  note(report: ExitReport, job?: Job): void {
    const known = job?.pids.includes(report.pid) ? job : this.#shell.jobs.byPid(report.pid);
    known?.note(report);
  }

  /** Learns what happened to children meanwhile, without waiting. */
  *poll(): Routine<void> {
    const { sys, options } = this.#shell;
    for (;;) {
      const report = yield* sys.waitpid("any", { noHang: true, untraced: options.monitor });
      if (!report.ok || !report.value) return;
      this.note(report.value);
    }
  }

  /** What killed a command in the foreground, unless the user did. */
  *#tellDeath(job: Job): Routine<void> {
    const shell = this.#shell;
    const { end } = job;
    if (end?.kind !== "killed") return;
    if (end.signal === "INT" || end.signal === "PIPE") {
      if (shell.isInteractive && end.signal === "INT") yield* shell.write(2, "\n");
      return;
    }
    yield* this.tellDeath(job, end, true);
  }

  *tellDeath(job: Job, end: ExitReport & { readonly kind: "killed" }, isForeground = false): Routine<void> {
    const shell = this.#shell;
    const text = SIGNAL_TEXT[end.signal];
    if (!shell.options.isBash) {
      yield* shell.write(2, `${text}\n`);
      return;
    }
    if (end.signal === "TERM" || shell.isInteractive) {
      // Without the name and line of the shell; of a background command nothing at all (Debian's DONT_REPORT_SIGTERM).
      if (isForeground) yield* shell.write(2, `${text.padEnd(26)} ${job.text}\n`);
      return;
    }
    yield* shell.write(2, `${shell.name}: line ${shell.line}: ${String(end.pid).padStart(5)} ${text.padEnd(26)} ${job.text}\n`);
  }
}

/** Runs a subshell's body to the shell's end: its EXIT trap, and what unwinds it. */
function* endsAs(shell: Shell, body: (child: Shell) => Routine<number>): Routine<number> {
  let status: number;
  try {
    status = yield* body(shell);
  } catch (error) {
    if (error instanceof Replaced) return error.status;
    if (error instanceof Exit || error instanceof Abort) ({ status } = error);
    else if (error instanceof Interrupted) return 130;
    else throw error;
  }
  return yield* shell.interpreter.finish(status);
}

/** A program took the shell's place and has ended. */
export class Replaced extends Error {
  override readonly name = "Replaced";
  readonly status: number;
  constructor(status: number) {
    super("replaced by a program");
    this.status = status;
  }
}
