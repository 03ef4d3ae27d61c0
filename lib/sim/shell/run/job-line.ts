/** A job as `jobs` lists it. */

import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import { type Job, SIGNAL_TEXT } from "./jobs";
import type { Shell } from "./shell";

/** `[1]+  Stopped                    sleep 100`, without the newline. `withPids` (`jobs -l`): a line for each process. */
export function jobLine(shell: Shell, job: Job, withPids = false): string {
  const mark = shell.jobs.mark(job);
  const dialect = shell.flavour.dialect.name;
  if (dialect === "bash") {
    const after = job.state === "running" ? " &" : "";
    const state = stateText(job, true).padEnd(27);
    if (!withPids) return `[${job.id}]${mark}  ${state}${job.text}${after}`;
    const last = job.pids.length - 1;
    return job.pids
      .map(
        (pid, i) =>
          `${i === 0 ? `[${job.id}]${mark}` : "    "} ${String(pid).padStart(5)} ${i === 0 ? state : `${" ".repeat(25)}| `}${job.texts[i] ?? ""}${i === last ? after : ""}`,
      )
      .join("\n");
  }
  // dash and ash: the state in 33 columns with what stands before it, and the command only under job control.
  const head = dialect === "dash" ? `[${job.id}] ${mark} ` : `[${job.id}]${mark}  `;
  const hasText = job.group !== undefined;
  if (!withPids) return `${head}${stateText(job, false)}`.padEnd(33) + (hasText ? job.text : "");
  const bars = (text: string, i: number): string =>
    !hasText ? "" : dialect === "dash" ? `${text}${i < job.pids.length - 1 ? " |" : ""}` : `${i > 0 ? "| " : ""}${text}`;
  return job.pids
    .map((pid, i) => `${i === 0 ? head : "      "}${pid} ${i === 0 ? stateText(job, false) : ""}`.padEnd(33) + bars(job.texts[i] ?? "", i))
    .join("\n");
}

function stateText(job: Job, isBash: boolean): string {
  if (job.state === "running") return "Running";
  if (job.state === "stopped") {
    if (!isBash) return SIGNAL_TEXT[job.stoppedBy ?? "TSTP"];
    return job.stoppedBy === "STOP"
      ? "Stopped(SIGSTOP)"
      : job.stoppedBy === "TTIN"
        ? "Stopped(SIGTTIN)"
        : job.stoppedBy === "TTOU"
          ? "Stopped(SIGTTOU)"
          : "Stopped";
  }
  const { end } = job;
  if (end?.kind === "killed") return SIGNAL_TEXT[end.signal] ?? `Signal ${SIGNAL_NUMBERS[end.signal]}`;
  if (end?.kind === "exited" && end.status !== 0) return isBash ? `Exit ${end.status}` : `Done(${end.status})`;
  return "Done";
}
