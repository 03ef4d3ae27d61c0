/** A process as the kernel's user holds it, and the other ends of its standard streams. */

import type { ExitReport, Pid } from "@/lib/sim/core/sys";
import type { WaitQueue } from "@/lib/sim/core/task";
import type { Namespaces, Process, PtyMaster, StreamEnd } from "./contract";
import type { Proc } from "./process";

export type HeldStdio = {
  readonly stdin: StreamEnd | undefined;
  readonly stdout: StreamEnd | undefined;
  readonly stderr: StreamEnd | undefined;
  readonly pty: PtyMaster | undefined;
};

export class StartedProcess implements Process {
  readonly pid: Pid;
  readonly namespaces: Namespaces;
  readonly stdin: StreamEnd | undefined;
  readonly stdout: StreamEnd | undefined;
  readonly stderr: StreamEnd | undefined;
  readonly pty: PtyMaster | undefined;
  readonly #proc: Proc;
  readonly #freeze: (frozen: boolean) => void;

  constructor(proc: Proc, pid: Pid, namespaces: Namespaces, stdio: HeldStdio, freeze: (frozen: boolean) => void) {
    this.pid = pid;
    this.namespaces = namespaces;
    this.stdin = stdio.stdin;
    this.stdout = stdio.stdout;
    this.stderr = stdio.stderr;
    this.pty = stdio.pty;
    this.#proc = proc;
    this.#freeze = freeze;
  }

  get end(): ExitReport | undefined {
    return this.#proc.end;
  }

  get ended(): WaitQueue {
    return this.#proc.ended;
  }

  freeze(frozen: boolean): void {
    this.#freeze(frozen);
  }
}
