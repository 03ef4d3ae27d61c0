/**
 * Who gets a signal, and what becomes of it: Linux's kernel/signal.c and the job control of drivers/tty/tty_jobctrl.c.
 *
 * The first process of a pid namespace ignores every signal that it has no handler for; from outside (`docker kill`), KILL
 * and STOP reach it all the same. That is why `docker stop` waits ten seconds for a shell. What comes to a stopped or frozen
 * process waits until it may run again, except KILL.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { SignalName } from "@/lib/sim/core/signal";
import type { Pid } from "@/lib/sim/core/sys";
import type { PidId, PidNs } from "./pid-namespace";
import type { Proc } from "./process";
import type { JobControl } from "./pty";
import { defaultAction } from "./signals";

export class SignalDelivery implements JobControl {
  readonly #rootPid: PidNs;

  constructor(rootPid: PidNs) {
    this.#rootPid = rootPid;
  }

  /** kill(2). Signal 0 only asks whether it could be sent. */
  kill(by: Proc, pid: Pid, signal: SignalName | 0): Result<void, Errno> {
    const namespace = by.namespaces.pid;
    const targets =
      pid > 0
        ? [namespace.find(pid)].filter((proc) => proc !== undefined)
        : pid === -1
          ? namespace.list().filter((proc) => proc !== by && !proc.isInit)
          : namespace.list().filter((proc) => (pid === 0 ? proc.group === by.group : proc.group.in(namespace) === -pid));
    if (targets.length === 0) return fail("ESRCH");
    const allowed = targets.filter((proc) => by.user.uid === 0 || by.user.uid === proc.user.uid);
    if (allowed.length === 0) return fail("EPERM");
    if (signal !== 0) for (const proc of allowed) this.deliver(proc, signal, by);
    return DONE;
  }

  /** `from` is undefined when it comes from outside of all pid namespaces: the kernel, the kernel's user. */
  deliver(proc: Proc, signal: SignalName, from: Proc | undefined): void {
    if (proc.end || proc.fatal) return;
    const disposition = proc.signals.disposition(signal);
    if (proc.isInit && disposition === "default") {
      const isFromOutside =
        proc.namespaces.pid.parent !== undefined && (from === undefined || !from.namespaces.pid.isWithin(proc.namespaces.pid));
      if (!(isFromOutside && (signal === "KILL" || signal === "STOP"))) {
        if (signal === "CONT") this.#continue(proc);
        return;
      }
    }
    if (signal === "KILL") return this.terminate(proc, signal);
    if (signal === "CONT") this.#continue(proc);
    if (disposition === "ignored") return;
    if (disposition === "caught") {
      proc.signals.add(signal);
      if (!proc.isHalted && !proc.isComputing) proc.task?.interrupt(signal);
      return;
    }
    switch (defaultAction(signal)) {
      case "ignore":
      case "continue":
        return;
      case "stop":
        if (signal === "STOP" || !this.isOrphaned(proc.group)) this.#stop(proc, signal);
        return;
      case "terminate":
        if (proc.isHalted) proc.deferred.push(signal);
        else this.terminate(proc, signal);
        return;
    }
  }

  /** Ends a process by a signal, whatever state it is in. */
  terminate(proc: Proc, signal: SignalName): void {
    if (proc.end || proc.fatal) return;
    proc.fatal = signal;
    proc.task?.cancel();
  }

  signalGroup(group: PidId, signal: SignalName): void {
    for (const proc of this.#members(group)) this.deliver(proc, signal, undefined);
  }

  /** Nobody outside the group, in its session, could continue it. */
  isOrphaned(group: PidId): boolean {
    return !this.#members(group).some(
      ({ parent, session }) => parent && !parent.end && parent.group !== group && parent.session === session,
    );
  }

  findGroup(pid: number, by: Proc): PidId | undefined {
    return by.namespaces.pid.list().find((proc) => proc.session === by.session && proc.group.in(by.namespaces.pid) === pid)?.group;
  }

  /** POSIX: a group that became orphaned while some of it is stopped gets HUP and CONT. */
  hangUpIfOrphaned(group: PidId): void {
    const members = this.#members(group);
    if (!members.some((proc) => proc.stopped) || !this.isOrphaned(group)) return;
    for (const proc of members) {
      this.deliver(proc, "HUP", undefined);
      this.deliver(proc, "CONT", undefined);
    }
  }

  /** The freezer cgroup of a container; for a process that is not the first of a namespace, it and its descendants. */
  freeze(first: Proc, frozen: boolean): void {
    const namespace = first.namespaces.pid;
    const isWhole = first.isInit;
    if (isWhole) namespace.isFrozen = frozen;
    for (const proc of isWhole ? namespace.list() : descendants(first)) {
      if (proc.isFrozen === frozen) continue;
      proc.isFrozen = frozen;
      if (!frozen) this.#resume(proc);
    }
  }

  #members(group: PidId): Proc[] {
    return this.#rootPid.list().filter((proc) => proc.group === group && !proc.end);
  }

  #stop(proc: Proc, signal: SignalName): void {
    if (proc.stopped) return;
    proc.stopped = signal;
    proc.hasUnreportedStop = true;
    const { parent } = proc;
    if (!parent || parent.end) return;
    this.deliver(parent, "CHLD", proc);
    parent.childChanged.wake();
  }

  #continue(proc: Proc): void {
    if (!proc.stopped) return;
    proc.stopped = undefined;
    proc.hasUnreportedStop = false;
    this.#resume(proc);
  }

  #resume(proc: Proc): void {
    if (proc.isHalted) return;
    proc.resumed.wake();
    const deferred = proc.deferred;
    proc.deferred = [];
    for (const signal of deferred) this.deliver(proc, signal, undefined);
    const pending = proc.signals.pending[0];
    if (pending && !proc.end && !proc.isComputing && proc.signals.hasUntold) proc.task?.interrupt(pending);
  }
}

function descendants(proc: Proc): Proc[] {
  return [proc, ...[...proc.children].flatMap(descendants)];
}
