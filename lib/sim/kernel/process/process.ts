/**
 * One process: struct task_struct of Linux, with one thread.
 *
 * It holds what belongs to a process; what processes do to each other (spawn, signals, the end) is in table.ts. The program
 * runs as a routine under the scheduler. `drive` stands between the two: it holds a stopped or frozen process, and ends
 * waits for caught signals.
 */

import type { Capability } from "@/lib/sim/core/capability";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { SignalName } from "@/lib/sim/core/signal";
import type { ExitReport, UserIds } from "@/lib/sim/core/sys";
import { type Block, type Routine, type Task, WaitQueue, type Wake } from "@/lib/sim/core/task";
import { after, type Duration, type Instant, micros } from "@/lib/sim/core/time";
import type { TcpListener, UdpSocket } from "../net/socket";
import type { Netns } from "../netns";
import type { Mounts } from "../fs/mounts";
import type { UtsNamespace } from "./contract";
import type { Descriptors } from "./descriptors";
import type { PidId, PidNs } from "./pid-namespace";
import type { Pty } from "./pty";
import { Signals } from "./signals";

export type ProcNamespaces = { net: Netns; mnt: Mounts; uts: UtsNamespace; pid: PidNs };

/** What a process begins with. */
export type ProcSeed = {
  readonly id: PidId;
  readonly parent: Proc | undefined;
  readonly group: PidId;
  readonly session: PidId;
  readonly namespaces: ProcNamespaces;
  readonly pidNamespaceOfChildren: PidNs;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly name: string;
  readonly exe: string;
  readonly user: UserIds;
  readonly capabilities: ReadonlySet<Capability>;
  readonly umask: number;
  readonly descriptors: Descriptors;
  readonly terminal: Pty | undefined;
  readonly scheduler: Scheduler;
  readonly random: Random;
  deliver(to: Proc, signal: SignalName): void;
};

/** Simulated time that a call may cost before the process lets others run. */
const SLICE: Duration = micros(200);

export class Proc {
  readonly id: PidId;
  readonly namespaces: ProcNamespaces;
  readonly descriptors: Descriptors;
  readonly startedAt: Instant;
  readonly random: Random;
  readonly children = new Set<Proc>();
  /** Sockets that whoever started it left open for it, by descriptor. */
  inherited: ReadonlyMap<number, TcpListener | UdpSocket> = new Map();
  /** Sockets that it opened and did not close. */
  readonly sockets = new Set<{ close(): void }>();
  /** Woken when a child ended or stopped. */
  readonly childChanged = new WaitQueue();
  /** Woken when it may go on after a stop or a freeze. */
  readonly resumed = new WaitQueue();
  readonly ended = new WaitQueue();
  readonly #scheduler: Scheduler;
  readonly #deliver: (to: Proc, signal: SignalName) => void;
  parent: Proc | undefined;
  group: PidId;
  session: PidId;
  pidNamespaceOfChildren: PidNs;
  argv: readonly string[];
  env: Map<string, string>;
  cwd: string;
  name: string;
  exe: string;
  user: UserIds;
  capabilities: ReadonlySet<Capability>;
  /** Whose interfaces /sys shows it, if it mounted that anew (`ip netns exec`). */
  sysfsNetns: Netns | undefined;
  umask: number;
  terminal: Pty | undefined;
  signals = new Signals();
  task: Task<number> | undefined;
  isRunning = false;
  isFrozen = false;
  /** The signal that stopped it. */
  stopped: SignalName | undefined;
  /** It stopped, and no waitpid has told its parent. */
  hasUnreportedStop = false;
  /** Signals with a default effect that came while it could not run. */
  deferred: SignalName[] = [];
  /** The signal that ends it. */
  fatal: SignalName | undefined;
  end: ExitReport | undefined;
  /** Ended, and waited for (or nobody ever will). */
  isReaped = false;
  /** It computes: signals wait until it is done. */
  isComputing = false;
  #cpu = 0;
  #debt = 0;

  constructor(seed: ProcSeed) {
    this.id = seed.id;
    this.parent = seed.parent;
    this.group = seed.group;
    this.session = seed.session;
    this.namespaces = { ...seed.namespaces };
    this.pidNamespaceOfChildren = seed.pidNamespaceOfChildren;
    this.argv = seed.argv;
    this.env = new Map(seed.env);
    this.cwd = seed.cwd;
    this.name = seed.name;
    this.exe = seed.exe;
    this.user = seed.user;
    this.capabilities = seed.capabilities;
    this.umask = seed.umask;
    this.descriptors = seed.descriptors;
    this.terminal = seed.terminal;
    this.startedAt = seed.scheduler.now;
    this.random = seed.random;
    this.#scheduler = seed.scheduler;
    this.#deliver = seed.deliver;
  }

  get now(): Instant {
    return this.#scheduler.now;
  }

  get pid(): number {
    return this.id.in(this.namespaces.pid);
  }

  get cpu(): Duration {
    return this.#cpu as Duration;
  }

  /** Whether it may not run now. */
  get isHalted(): boolean {
    return this.stopped !== undefined || this.isFrozen;
  }

  get isInit(): boolean {
    return this.namespaces.pid.init === this;
  }

  get state(): "R" | "S" | "T" | "Z" {
    if (this.end) return "Z";
    if (this.stopped !== undefined) return "T";
    return this.isRunning ? "R" : "S";
  }

  /** Sends itself a signal that a system call causes (SIGPIPE). Does not return when that ends it. */
  *raise(signal: SignalName): Routine<void> {
    this.#deliver(this, signal);
    while (this.fatal) yield { on: [] };
  }

  /** Notes that `span` of processor time was used; waits for it to pass once enough came together. */
  *use(span: Duration): Routine<void> {
    this.#cpu += span;
    this.#debt += span;
    if (this.#debt < SLICE) return;
    const debt = this.#debt as Duration;
    this.#debt = 0;
    yield* this.#spend(debt);
  }

  /** Uses processor time, caught signals or not. */
  *compute(span: Duration): Routine<void> {
    this.#cpu += span;
    yield* this.#spend(span);
  }

  *#spend(span: Duration): Routine<void> {
    const until = after(this.now, span);
    this.isComputing = true;
    try {
      while (this.now < until) yield { on: [], until };
    } finally {
      this.isComputing = false;
    }
  }

  /** The routine that the scheduler runs: the program's, held by stops and interrupted by signals. */
  *drive(routine: Routine<number>, startAfter: Duration): Routine<number> {
    let isDone = false;
    try {
      let wake: Wake = yield { on: [], until: after(this.now, startAfter) };
      this.#cpu += startAfter;
      for (;;) {
        while (this.isHalted) yield { on: [this.resumed] };
        if (this.fatal) yield { on: [] };
        this.isRunning = true;
        let step: IteratorResult<Block, number>;
        try {
          step = routine.next(wake);
        } finally {
          this.isRunning = false;
        }
        if (step.done) {
          isDone = true;
          return step.value;
        }
        const untold = this.isHalted || this.isComputing ? undefined : this.signals.tell();
        if (untold) {
          wake = { kind: "signal", signal: untold };
          continue;
        }
        wake = yield step.value;
        if (wake.kind === "signal" && !this.isComputing) this.signals.tell();
      }
    } finally {
      if (!isDone) finish(routine);
    }
  }
}

/** Ends a routine where it waits: its `finally` blocks run. */
function finish(routine: Routine<number>): void {
  let step = routine.return(0);
  while (!step.done) step = routine.return(0);
}
