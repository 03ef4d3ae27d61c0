/**
 * Jobs: pipelines that run on their own, as `jobs`, `fg`, `bg`, `wait` and `kill %1` see them (jobs.c of bash and dash).
 * Every command that the shell waits for is one while it runs; only background and stopped ones get a number.
 */

import type { ExitReport, Pid } from "@/lib/sim/core/sys";
import { SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";

export type JobState = "running" | "stopped" | "done";

export class Job {
  /** 0 while it is in the foreground and was never stopped. */
  id = 0;
  readonly pids: readonly Pid[];
  /** Its process group, when it has one of its own. */
  readonly group: Pid | undefined;
  /** What each process runs, as it was typed. */
  readonly texts: readonly string[];
  readonly #ends = new Map<Pid, ExitReport>();
  #stoppedBy: SignalName | undefined;
  /** Its last change was told to the user. */
  isReported = false;
  /** `disown -h` or `nohup`: no SIGHUP. */
  isDisowned = false;
  /** Someone asked for its status with `wait`. */
  wasWaitedFor = false;

  constructor(pids: readonly Pid[], group: Pid | undefined, texts: readonly string[]) {
    this.pids = pids;
    this.group = group;
    this.texts = texts;
  }

  /** The whole pipeline. */
  get text(): string {
    return this.texts.join(" | ");
  }

  note(report: ExitReport): void {
    if (report.kind === "stopped") {
      if (this.#stoppedBy !== undefined) return;
      this.#stoppedBy = report.signal;
      this.isReported = false;
      return;
    }
    this.#ends.set(report.pid, report);
    if (this.state === "done") this.isReported = false;
  }

  resume(): void {
    this.#stoppedBy = undefined;
    this.isReported = true;
  }

  get state(): JobState {
    if (this.pids.every((pid) => this.#ends.has(pid))) return "done";
    return this.#stoppedBy === undefined ? "running" : "stopped";
  }

  get stoppedBy(): SignalName | undefined {
    return this.#stoppedBy;
  }

  endOf(pid: Pid): ExitReport | undefined {
    return this.#ends.get(pid);
  }

  /** A process that has not ended. */
  get pending(): Pid | undefined {
    return this.pids.find((pid) => !this.#ends.has(pid));
  }

  /** How its last process ended. */
  get end(): ExitReport | undefined {
    const last = this.pids.at(-1);
    return last === undefined ? undefined : this.#ends.get(last);
  }

  /** Exit statuses in order. */
  statuses(): readonly number[] {
    return this.pids.map((pid) => {
      const end = this.#ends.get(pid);
      return end ? statusOf(end) : 0;
    });
  }
}

/** What `$?` is after a process ended so. */
export function statusOf(report: ExitReport): number {
  return report.kind === "exited" ? report.status : 128 + SIGNAL_NUMBERS[report.signal];
}

export class Jobs {
  #jobs: Job[] = [];
  /** Numbers by last use, for `%+` and `%-`. */
  #recent: Job[] = [];

  get list(): readonly Job[] {
    return this.#jobs.filter((job) => job.id > 0).sort((a, b) => a.id - b.id);
  }

  /** Makes a job known; gives it a number. */
  add(job: Job): void {
    if (job.id === 0) job.id = Math.max(0, ...this.#jobs.map((other) => other.id)) + 1;
    if (!this.#jobs.includes(job)) this.#jobs.push(job);
    this.touch(job);
  }

  touch(job: Job): void {
    this.#recent = [...this.#recent.filter((other) => other !== job), job];
  }

  remove(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
    this.#recent = this.#recent.filter((other) => other !== job);
  }

  clear(): void {
    this.#jobs = [];
    this.#recent = [];
  }

  byPid(pid: Pid): Job | undefined {
    return this.#jobs.find((job) => job.pids.includes(pid));
  }

  /** `%+`: the last one stopped, else the last one put into the background. */
  get current(): Job | undefined {
    return this.#order()[0];
  }

  /** `%-`. */
  get previous(): Job | undefined {
    return this.#order()[1];
  }

  /** By last use. */
  get recent(): readonly Job[] {
    return this.#order();
  }

  /** `+`, `-` or a blank, as `jobs` marks a job. */
  mark(job: Job): "+" | "-" | " " {
    return job === this.current ? "+" : job === this.previous ? "-" : " ";
  }

  /** `%1`, `%%`, `%+`, `%-`, `%name`, `%?text`, or the number alone where `bare` allows it. */
  find(spec: string, bare = false): Job | "ambiguous" | undefined {
    if (bare && /^\d+$/.test(spec)) return this.list.find((job) => job.id === Number(spec));
    if (!spec.startsWith("%")) return undefined;
    const what = spec.slice(1);
    if (what === "" || what === "%" || what === "+") return this.current;
    if (what === "-") return this.previous ?? this.current;
    if (/^\d+$/.test(what)) return this.list.find((job) => job.id === Number(what));
    const matching = this.list.filter((job) => (what.startsWith("?") ? job.text.includes(what.slice(1)) : job.text.startsWith(what)));
    return matching.length > 1 ? "ambiguous" : matching[0];
  }

  #order(): readonly Job[] {
    const numbered = this.#recent.filter((job) => job.id > 0).reverse();
    return [...numbered.filter((job) => job.state === "stopped"), ...numbered.filter((job) => job.state !== "stopped")];
  }
}

/** strsignal(3). */
export const SIGNAL_TEXT: Readonly<Record<SignalName, string>> = {
  HUP: "Hangup",
  INT: "Interrupt",
  QUIT: "Quit",
  ILL: "Illegal instruction",
  TRAP: "Trace/breakpoint trap",
  ABRT: "Aborted",
  BUS: "Bus error",
  FPE: "Floating point exception",
  KILL: "Killed",
  USR1: "User defined signal 1",
  SEGV: "Segmentation fault",
  USR2: "User defined signal 2",
  PIPE: "Broken pipe",
  ALRM: "Alarm clock",
  TERM: "Terminated",
  STKFLT: "Stack fault",
  CHLD: "Child exited",
  CONT: "Continued",
  STOP: "Stopped (signal)",
  TSTP: "Stopped",
  TTIN: "Stopped (tty input)",
  TTOU: "Stopped (tty output)",
  URG: "Urgent I/O condition",
  XCPU: "CPU time limit exceeded",
  XFSZ: "File size limit exceeded",
  VTALRM: "Virtual timer expired",
  PROF: "Profiling timer expired",
  WINCH: "Window changed",
  IO: "I/O possible",
  PWR: "Power failure",
  SYS: "Bad system call",
};
