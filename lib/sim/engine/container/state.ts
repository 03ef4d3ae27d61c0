/**
 * The state of a container and who waits for it to change: `docker ps`, `docker inspect` (State), `docker wait`.
 * Modelled on moby's daemon/container/state.go, flags and all: running, paused and restarting are not exclusive there.
 */

import { type ContainerState, type ContainerStatus, type WaitCondition, ZERO_TIME } from "@/lib/sim/api";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Duration } from "@/lib/sim/core/time";
import { type EpochMicros, humanDuration, rfc3339Nano } from "../go/time";

/** How a container's process ended, for those who waited. */
export type ExitStatus = { readonly exitCode: number; readonly error: string };

/** One wait: its result is there at once or later. */
export class Wait {
  #status: ExitStatus | undefined;
  readonly #settled = new WaitQueue();

  settle(status: ExitStatus): void {
    this.#status ??= status;
    this.#settled.wake();
  }

  get status(): ExitStatus | undefined {
    return this.#status;
  }

  get settled(): WaitQueue {
    return this.#settled;
  }

  *result(): Routine<ExitStatus> {
    for (;;) {
      if (this.#status) return this.#status;
      yield { on: [this.#settled] };
    }
  }
}

export class State {
  running = false;
  paused = false;
  restarting = false;
  dead = false;
  removalInProgress = false;
  removed = false;
  pid = 0;
  exitCode = 0;
  error = "";
  startedAt: EpochMicros | undefined;
  finishedAt: EpochMicros | undefined;
  #stopWaits: Wait[] = [];
  #removeWaits: Wait[] = [];

  wait(condition: WaitCondition): Wait {
    const wait = new Wait();
    const isMet = condition === "not-running" ? !this.running : condition === "removed" && this.removed;
    if (isMet) wait.settle(this.#exitStatus);
    else if (condition === "removed") this.#removeWaits.push(wait);
    else this.#stopWaits.push(wait);
    return wait;
  }

  setRunning(pid: number, startedAt: EpochMicros): void {
    this.error = "";
    this.running = true;
    this.paused = false;
    this.restarting = false;
    this.exitCode = 0;
    this.pid = pid;
    this.startedAt = startedAt;
  }

  setStopped(exitCode: number, finishedAt: EpochMicros): void {
    this.running = false;
    this.paused = false;
    this.restarting = false;
    this.pid = 0;
    this.finishedAt = finishedAt;
    this.exitCode = exitCode;
    this.#settleStopWaits();
  }

  /** Between two runs of a restart policy: it counts as running, without a process. */
  setRestarting(exitCode: number, finishedAt: EpochMicros): void {
    this.running = true;
    this.restarting = true;
    this.paused = false;
    this.pid = 0;
    this.finishedAt = finishedAt;
    this.exitCode = exitCode;
    this.#settleStopWaits();
  }

  setRemoved(): void {
    this.error = "";
    this.removed = true;
    for (const wait of this.#removeWaits) wait.settle(this.#exitStatus);
    this.#removeWaits = [];
    this.#settleStopWaits();
  }

  get status(): ContainerStatus {
    if (this.running) return this.paused ? "paused" : this.restarting ? "restarting" : "running";
    if (this.removalInProgress) return "removing";
    if (this.dead) return "dead";
    return this.startedAt === undefined ? "created" : "exited";
  }

  /** `docker ps`'s STATUS. */
  describe(now: EpochMicros): string {
    const since = (time: EpochMicros | undefined): string => humanDuration((now - (time ?? now)) as Duration);
    if (this.running) {
      if (this.paused) return `Up ${since(this.startedAt)} (Paused)`;
      if (this.restarting) return `Restarting (${this.exitCode}) ${since(this.finishedAt)} ago`;
      return `Up ${since(this.startedAt)}`;
    }
    if (this.removalInProgress) return "Removal In Progress";
    if (this.dead) return "Dead";
    if (this.startedAt === undefined) return "Created";
    return this.finishedAt === undefined ? "" : `Exited (${this.exitCode}) ${since(this.finishedAt)} ago`;
  }

  get view(): ContainerState {
    return {
      Status: this.status,
      Running: this.running,
      Paused: this.paused,
      Restarting: this.restarting,
      OOMKilled: false,
      Dead: this.dead,
      Pid: this.pid,
      ExitCode: this.exitCode,
      Error: this.error,
      StartedAt: this.startedAt === undefined ? ZERO_TIME : rfc3339Nano(this.startedAt),
      FinishedAt: this.finishedAt === undefined ? ZERO_TIME : rfc3339Nano(this.finishedAt),
    };
  }

  get #exitStatus(): ExitStatus {
    return { exitCode: this.exitCode, error: this.error };
  }

  #settleStopWaits(): void {
    const waits = this.#stopWaits;
    this.#stopWaits = [];
    for (const wait of waits) wait.settle(this.#exitStatus);
  }
}
