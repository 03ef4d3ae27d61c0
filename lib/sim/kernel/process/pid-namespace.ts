/**
 * Process numbers: pid_namespaces(7), as Linux's struct pid keeps them (kernel/pid.c, kernel/pid_namespace.c).
 *
 * A process has one number in its own namespace and one in each above. The number of a group or session is that of the
 * process that began it, and stays when that process is gone. A learner sees it as `ps` in a container against `ps` on the host.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { PidNamespace } from "./contract";
import type { Proc } from "./process";

/** What systemd sets on a 64-bit machine. */
export const PID_MAX = 4_194_304;

/** A limit of the simulator, in the host's namespace and so for all below. */
export const MAX_PROCESSES = 2_000;

export class PidNs implements PidNamespace {
  readonly id: string;
  readonly parent: PidNs | undefined;
  readonly #processes = new Map<number, Proc>();
  readonly #taken = new Map<number, number>();
  #last = 0;
  isFrozen = false;

  constructor(id: string, parent?: PidNs) {
    this.id = id;
    this.parent = parent;
  }

  /** The first process, whose end ends all others. */
  get init(): Proc | undefined {
    return this.#processes.get(1);
  }

  get isEmpty(): boolean {
    return this.#processes.size === 0;
  }

  get size(): number {
    return this.#processes.size;
  }

  find(pid: number): Proc | undefined {
    return this.#processes.get(pid);
  }

  /** By number. */
  list(): Proc[] {
    return [...this.#processes.entries()].sort(([a], [b]) => a - b).map(([, process]) => process);
  }

  isWithin(other: PidNs): boolean {
    for (let at: PidNs | undefined = this; at; at = at.parent) if (at === other) return true;
    return false;
  }

  /** Numbers for a new process, here and in every namespace above. EAGAIN at the limit. */
  allocate(): Result<PidId, "EAGAIN"> {
    const path: PidNs[] = [];
    for (let at: PidNs | undefined = this; at; at = at.parent) path.push(at);
    if ((path.at(-1)?.size ?? 0) >= MAX_PROCESSES) return fail("EAGAIN");
    return ok(new PidId(new Map(path.map((namespace) => [namespace, namespace.#take()]))));
  }

  /** Uses up the next `count` numbers. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#take();
  }

  enter(pid: number, process: Proc): void {
    this.#processes.set(pid, process);
  }

  leave(pid: number): void {
    this.#processes.delete(pid);
  }

  /** A number stays taken while a process, group or session has it. */
  hold(pid: number): void {
    this.#taken.set(pid, (this.#taken.get(pid) ?? 0) + 1);
  }

  release(pid: number): void {
    const left = (this.#taken.get(pid) ?? 0) - 1;
    if (left > 0) this.#taken.set(pid, left);
    else this.#taken.delete(pid);
  }

  #take(): number {
    do {
      // As Linux does, numbers below 300 are not used again after the counter came round.
      this.#last = this.#last + 1 >= PID_MAX ? 300 : this.#last + 1;
    } while (this.#taken.has(this.#last));
    return this.#last;
  }
}

/** The numbers of a process, group or session (struct pid). */
export class PidId {
  readonly #numbers: ReadonlyMap<PidNs, number>;

  constructor(numbers: ReadonlyMap<PidNs, number>) {
    this.#numbers = numbers;
  }

  /** Its number in `namespace`; 0 if it cannot be seen from there. */
  in(namespace: PidNs): number {
    return this.#numbers.get(namespace) ?? 0;
  }

  /** From the outermost that is within `viewer` to the innermost. */
  below(viewer: PidNs): number[] {
    return [...this.#numbers]
      .filter(([namespace]) => namespace.isWithin(viewer))
      .map(([, pid]) => pid)
      .reverse();
  }

  hold(): void {
    for (const [namespace, pid] of this.#numbers) namespace.hold(pid);
  }

  release(): void {
    for (const [namespace, pid] of this.#numbers) namespace.release(pid);
  }

  enter(process: Proc): void {
    for (const [namespace, pid] of this.#numbers) namespace.enter(pid, process);
  }

  leave(): void {
    for (const [namespace, pid] of this.#numbers) namespace.leave(pid);
  }
}
