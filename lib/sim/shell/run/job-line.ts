/** A job as `jobs` lists it. */

import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import { type Job, SIGNAL_TEXT } from "./jobs";
import type { Shell } from "./shell";

/** `[1]+  Stopped                    sleep 100`, without the newline. `withPids`: `jobs -l`. */
export function jobLine(shell: Shell, job: Job, withPids = false): string {
  const mark = shell.jobs.mark(job);
  const pid = withPids ? `${String(job.pids[0]).padStart(shell.options.isBash ? 5 : 0)} ` : "";
  if (shell.options.isBash) {
    const isRunning = job.state === "running";
    return `[${job.id}]${mark}  ${pid}${stateText(job, true).padEnd(27)}${job.text}${isRunning ? " &" : ""}`;
  }
  // dash and ash: the state in 33 columns with what stands before it, and the command only under job control.
  const head = shell.flavour.dialect.name === "dash" ? `[${job.id}] ${mark} ${pid}` : `[${job.id}]${mark}  ${pid}`;
  return `${head}${stateText(job, false)}`.padEnd(33) + (job.group === undefined ? "" : job.text);
}

function stateText(job: Job, isBash: boolean): string {
  if (job.state === "running") return "Running";
  if (job.state === "stopped") {
    if (!isBash) return SIGNAL_TEXT[job.stoppedBy ?? "TSTP"];
    return job.stoppedBy === "STOP" ? "Stopped(SIGSTOP)" : job.stoppedBy === "TTIN" ? "Stopped(SIGTTIN)" : job.stoppedBy === "TTOU" ? "Stopped(SIGTTOU)" : "Stopped";
  }
  const { end } = job;
  if (end?.kind === "killed") return SIGNAL_TEXT[end.signal] ?? `Signal ${SIGNAL_NUMBERS[end.signal]}`;
  if (end?.kind === "exited" && end.status !== 0) return isBash ? `Exit ${end.status}` : `Done(${end.status})`;
  return "Done";
}
