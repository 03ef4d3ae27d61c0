/** `jobs`, `fg`, `bg`, `wait`, `kill`, `disown`, `suspend`. */

import { strerror } from "@/lib/sim/core/errno";
import { parseSignal, SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import type { Routine } from "@/lib/sim/core/task";
import { jobLine } from "../run/job-line";
import { type Job, statusOf } from "../run/jobs";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";
import { signalList, signalOfNumber } from "./signal-names";

/** The words for a job that is not there. */
function noSuchJob(shell: Shell, spec: string): string {
  return shell.flavour.dialect.name === "dash" ? `No such job: ${spec}` : `${spec}: no such job`;
}

function* jobs(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const options = yield* parseOptions(call, isBash ? "lnprsx" : "lp", "jobs [-lnprs] [jobspec ...] or jobs -x command [args]");
  if (!options) return 2;
  yield* shell.interpreter.processes.poll();
  const wanted: Job[] = [];
  for (const spec of options.rest) {
    const job = shell.jobs.find(spec, isBash);
    if (!job || job === "ambiguous") {
      if (!isBash) throw new ShellError(noSuchJob(shell, spec), 2);
      yield* shell.complain(job === "ambiguous" ? `${spec}: ambiguous job spec` : noSuchJob(shell, spec));
      return 1;
    }
    wanted.push(job);
  }
  // dash and ash list the latest first.
  const all = isBash ? shell.jobs.list : shell.jobs.recent;
  for (const job of options.rest.length > 0 ? wanted : all) {
    if (options.has("r") && job.state !== "running") continue;
    if (options.has("s") && job.state !== "stopped") continue;
    if (options.has("n") && job.isReported) continue;
    yield* say(call, options.has("p") ? `${job.pids[0]}\n` : `${jobLine(shell, job, options.has("l"))}\n`);
    job.isReported = true;
    if (job.state === "done") shell.jobs.remove(job);
  }
  return 0;
}

/** The job that `fg` and `bg` mean, or the refusal in the flavour's words. */
function* jobToMove(call: BuiltinCall, spec: string | undefined): Routine<Job | undefined> {
  const { shell } = call;
  const { isBash } = shell.options;
  if (isBash && !shell.hasJobControl) {
    yield* shell.complain("no job control");
    return undefined;
  }
  yield* shell.interpreter.processes.poll();
  const job = spec === undefined ? shell.jobs.current : shell.jobs.find(spec.startsWith("%") ? spec : `%${spec}`);
  if (job && job !== "ambiguous") {
    if (job.group !== undefined) return job;
    const message = `job ${spec ?? "(null)"} not created under job control`;
    if (!isBash) throw new ShellError(message, 2);
    yield* shell.complain(message);
    return undefined;
  }
  if (!isBash) throw new ShellError(spec === undefined ? "No current job" : noSuchJob(shell, spec), 2);
  yield* shell.complain(`${spec ?? "current"}: ${job === "ambiguous" ? "ambiguous job spec" : "no such job"}`);
  return undefined;
}

function* fg(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const job = yield* jobToMove(call, args[0] === "--" ? args[1] : args[0]);
  if (!job?.group) return 1;
  if (job.state === "done") {
    shell.jobs.remove(job);
    yield* shell.complain("job has terminated");
    return 1;
  }
  yield* say(call, `${job.text}\n`);
  const tty = shell.sys.tty(shell.descriptors.real(2) ?? 2) ?? shell.sys.tty(shell.descriptors.real(0) ?? 0);
  if (tty) tty.foreground = job.group;
  job.resume();
  shell.sys.kill(-job.group, "CONT");
  return yield* shell.interpreter.processes.foreground(job);
}

function* bg(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  let status = 0;
  for (const spec of call.args.length > 0 ? call.args : [undefined]) {
    const job = yield* jobToMove(call, spec);
    if (!job?.group) {
      status = 1;
      continue;
    }
    if (shell.options.isBash && job.state === "running") {
      yield* shell.complain(`job ${job.id} already in background`);
      continue;
    }
    shell.jobs.touch(job);
    job.resume();
    shell.sys.kill(-job.group, "CONT");
    shell.lastBackground = job.pids.at(-1);
    yield* say(call, shell.options.isBash ? `[${job.id}]${shell.jobs.mark(job)} ${job.text} &\n` : `[${job.id}] ${job.text}\n`);
  }
  return status;
}

function* wait(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  const options = yield* parseOptions(call, dialect === "bash" ? "fnp:" : dialect === "ash" ? "n" : "", "wait [-fn] [-p var] [id ...]");
  if (!options) return 2;
  const { processes } = shell.interpreter;
  yield* processes.poll();
  if (options.has("n")) return yield* waitForNext(shell);
  if (options.rest.length === 0) {
    for (const job of shell.jobs.list) {
      const interrupted = yield* waitForJob(shell, job);
      if (interrupted !== undefined) return interrupted;
      if (job.state !== "done" || !shell.options.isBash) continue;
      shell.jobs.remove(job);
      shell.remember(job);
    }
    return 0;
  }
  let status = 0;
  for (const id of options.rest) {
    if (id.startsWith("%")) {
      const job = shell.jobs.find(id);
      if (!job || job === "ambiguous") {
        if (dialect !== "bash") throw new ShellError(noSuchJob(shell, id), 2);
        yield* shell.complain(noSuchJob(shell, id));
        status = 127;
        continue;
      }
      status = yield* waitAndTell(shell, job);
      continue;
    }
    if (!/^\d+$/.test(id)) {
      if (dialect !== "bash") throw new ShellError(shell.flavour.words.illegalNumber(id), 2);
      yield* shell.complain(`\`${id}': not a pid or valid job spec`);
      return 1;
    }
    const pid = Number(id);
    const job = shell.jobs.byPid(pid);
    if (!job) {
      const known = shell.endedPids.get(pid);
      if (known === undefined && dialect === "bash") yield* shell.complain(`pid ${pid} is not a child of this shell`);
      status = known ?? 127;
      continue;
    }
    status = yield* waitAndTell(shell, job, pid);
  }
  return status;
}

function* waitAndTell(shell: Shell, job: Job, pid?: number): Routine<number> {
  const interrupted = yield* waitForJob(shell, job);
  if (interrupted !== undefined) return interrupted;
  if (job.state === "stopped") return 128 + SIGNAL_NUMBERS[job.stoppedBy ?? "TSTP"];
  const end = pid === undefined ? job.end : job.endOf(pid);
  shell.jobs.remove(job);
  shell.remember(job);
  if (end?.kind === "killed" && end.signal !== "INT" && end.signal !== "PIPE") yield* shell.interpreter.processes.tellDeath(job, end);
  return end ? statusOf(end) : 127;
}

/** Until the job has ended or stopped; a trapped signal ends the wait with its status. */
function* waitForJob(shell: Shell, job: Job): Routine<number | undefined> {
  const { sys } = shell;
  for (let pid = job.pending; pid !== undefined && job.state === "running"; pid = job.pending) {
    const report = yield* sys.waitpid(pid, { untraced: shell.options.monitor });
    if (report.ok) {
      if (report.value) shell.interpreter.processes.note(report.value, job);
      continue;
    }
    if (report.error !== "EINTR") {
      job.note({ kind: "exited", pid, status: 127 });
      continue;
    }
    const status = yield* signalled(shell);
    if (status !== undefined) return status;
  }
  return undefined;
}

function* waitForNext(shell: Shell): Routine<number> {
  const { sys } = shell;
  for (;;) {
    const done = shell.jobs.list.find((job) => job.state === "done");
    if (done) {
      shell.jobs.remove(done);
      shell.remember(done);
      return done.end ? statusOf(done.end) : 0;
    }
    if (shell.jobs.list.length === 0) return 127;
    const report = yield* sys.waitpid("any", { untraced: shell.options.monitor });
    if (report.ok) {
      if (report.value) shell.interpreter.processes.note(report.value);
    } else if (report.error === "EINTR") {
      const status = yield* signalled(shell);
      if (status !== undefined) return status;
    } else return 127;
  }
}

/** Runs the traps of signals that came; the status of the first. */
function* signalled(shell: Shell): Routine<number | undefined> {
  let status: number | undefined;
  for (let signal = shell.sys.takeSignal(); signal !== undefined; signal = shell.sys.takeSignal()) {
    const command = shell.traps.get(signal);
    if (command !== undefined) yield* shell.interpreter.runTrap(signal);
    if (command !== undefined || signal === "INT") status ??= 128 + SIGNAL_NUMBERS[signal];
  }
  return status;
}

function* kill(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  let { args } = call;
  const usage = function* (): Routine<number> {
    if (dialect === "bash")
      yield* shell.write(2, "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n");
    else if (dialect === "dash")
      throw new ShellError("Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]", 2);
    else yield* shell.write(2, `${shell.name}: you need to specify whom to kill\n`);
    return dialect === "ash" ? 1 : 2;
  };
  const badSignal = function* (text: string): Routine<number> {
    if (dialect === "bash") yield* shell.complain(`${text}: invalid signal specification`);
    else if (dialect === "dash") throw new ShellError(`Illegal option -${text.charAt(0)}`, 2);
    else yield* shell.write(2, `${shell.name}: bad signal name '${text}'\n`);
    return 1;
  };
  if (args[0] === "-l" || args[0] === "-L") return yield* listSignals(call, args.slice(1));
  let signal: SignalName | 0 = "TERM";
  if (args[0] === "-s" || args[0] === "-n") {
    const text = args[1];
    if (text === undefined) return yield* usage();
    const parsed = text === "0" || text.toUpperCase() === "EXIT" ? 0 : parseSignal(text);
    if (parsed === undefined) return yield* badSignal(text);
    signal = parsed;
    args = args.slice(2);
  } else if (args[0] !== undefined && args[0] !== "--" && args[0].startsWith("-") && args[0].length > 1) {
    const text = args[0].slice(1);
    const parsed = text === "0" ? 0 : parseSignal(text);
    if (parsed === undefined) return yield* badSignal(text);
    signal = parsed;
    args = args.slice(1);
  }
  if (args[0] === "--") args = args.slice(1);
  if (args.length === 0) return yield* usage();
  let status = 0;
  for (const target of args) status = (yield* killOne(shell, target, signal)) ? status : 1;
  return status;
}

function* killOne(shell: Shell, target: string, signal: SignalName | 0): Routine<boolean> {
  const dialect = shell.flavour.dialect.name;
  let pid: number;
  if (target.startsWith("%")) {
    yield* shell.interpreter.processes.poll();
    const job = shell.jobs.find(target);
    if (!job || job === "ambiguous") {
      if (dialect !== "bash") throw new ShellError(noSuchJob(shell, target), 2);
      yield* shell.complain(noSuchJob(shell, target));
      return false;
    }
    // Without a group of its own only its processes are known.
    if (job.group === undefined) {
      let sent = false;
      for (const each of job.pids) sent = shell.sys.kill(each, signal).ok || sent;
      return sent;
    }
    pid = -job.group;
    if (signal === "TERM" || signal === "HUP") shell.sys.kill(pid, "CONT");
  } else {
    if (!/^-?\d+$/.test(target)) {
      if (dialect === "dash") throw new ShellError(shell.flavour.words.illegalNumber(target), 2);
      if (dialect === "bash") yield* shell.complain(`\`${target}': not a pid or valid job spec`);
      else yield* shell.write(2, `${shell.name}: invalid number '${target}'\n`);
      return false;
    }
    pid = Number(target);
  }
  const sent = shell.sys.kill(pid, signal);
  if (sent.ok) return true;
  const why = strerror(sent.error);
  if (dialect === "bash") yield* shell.complain(`(${pid}) - ${why}`);
  else if (dialect === "dash") yield* shell.complain(`${why}\n`);
  else yield* shell.write(2, `${shell.name}: can't kill pid ${pid}: ${why}\n`);
  return false;
}

function* listSignals(call: BuiltinCall, args: readonly string[]): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  if (args.length === 0) return yield* say(call, signalList(shell.flavour));
  let status = 0;
  for (const arg of args) {
    const number = /^\d+$/.test(arg) ? Number(arg) : undefined;
    if (number !== undefined) {
      const name = signalOfNumber(number);
      if (name) yield* say(call, `${name}\n`);
      else if (dialect === "ash") yield* say(call, `${number & 127}\n`);
      else if (dialect === "dash") throw new ShellError(`invalid signal number or exit status: ${arg}`, 2);
      else {
        yield* shell.complain(`${arg}: invalid signal specification`);
        status = 1;
      }
      continue;
    }
    if (dialect === "dash") throw new ShellError(shell.flavour.words.illegalNumber(arg), 2);
    const signal = parseSignal(arg);
    if (signal) yield* say(call, `${SIGNAL_NUMBERS[signal]}\n`);
    else {
      if (dialect === "bash") yield* shell.complain(`${arg}: invalid signal specification`);
      else yield* shell.write(2, `${shell.name}: unknown signal '${arg}'\n`);
      status = 1;
    }
  }
  return status;
}

function* disown(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "ahr", "disown [-h] [-ar] [jobspec ... | pid ...]");
  if (!options) return 2;
  const all = options.has("a") || options.has("r");
  const chosen: Job[] = all ? shell.jobs.list.filter((job) => !options.has("r") || job.state === "running") : [];
  for (const spec of options.rest.length > 0 ? options.rest : all ? [] : ["%%"]) {
    const job = /^\d+$/.test(spec) ? shell.jobs.byPid(Number(spec)) : shell.jobs.find(spec);
    if (!job || job === "ambiguous") {
      yield* shell.complain(`${spec === "%%" ? "current" : spec}: no such job`);
      return 1;
    }
    chosen.push(job);
  }
  for (const job of chosen) {
    if (options.has("h")) job.isDisowned = true;
    else shell.jobs.remove(job);
  }
  return 0;
}

function* suspend(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (!shell.hasJobControl && call.args[0] !== "-f") {
    yield* shell.complain("cannot suspend: no job control");
    return 1;
  }
  shell.sys.kill(shell.sys.pid, "STOP");
  yield* shell.tick();
  return 0;
}

export const jobBuiltins: BuiltinTable = {
  jobs: { in: "bda", run: jobs },
  fg: { in: "bda", run: fg },
  bg: { in: "bda", run: bg },
  wait: { in: "bda", run: wait },
  kill: { in: "bda", run: kill },
  disown: { in: "b", run: disown },
  suspend: { in: "b", run: suspend },
};
