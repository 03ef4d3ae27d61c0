/**
 * The process table of one host: how processes begin and end.
 *
 * Models fork, execve, exit and wait of Linux (kernel/fork.c, exit.c, pid_namespace.c); signals are in delivery.ts. A learner
 * sees it as `ps`, `docker top`, zombies, and containers whose processes all go when their first one does.
 * Differs: starting a process costs half a millisecond of simulated time; processes that the kernel's user started have no
 * parent here and are waited for at once.
 */

import { invariant } from "@/lib/base/invariant";
import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { CAPABILITIES } from "@/lib/sim/core/capability";
import type { Errno } from "@/lib/sim/core/errno";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { SignalName } from "@/lib/sim/core/signal";
import type { ExecRequest, ExitReport, Fd, Pid, ProcessInfo, SpawnRequest } from "@/lib/sim/core/sys";
import { type Routine, Task, type TaskEnd } from "@/lib/sim/core/task";
import { BOOT, type Duration, micros } from "@/lib/sim/core/time";
import { Mounts } from "../fs/mounts";
import { allows, statOf } from "../fs/vnode";
import type { NetProgram, Registry } from "../kernel";
import type { NetSys } from "../netns";
import type { Namespaces, PidNamespace, Process, Processes, StartProcess, Stdio } from "./contract";
import { SignalDelivery } from "./delivery";
import { Descriptors } from "./descriptors";
import { type Executable, findExecutable, nameOf } from "./execute";
import { PidId, PidNs } from "./pid-namespace";
import { inputEnd, outputEnd, Pipe, PipeReader, PipeWriter } from "./pipe";
import { Proc, type ProcNamespaces } from "./process";
import { Pty } from "./pty";
import { SimpleDevice } from "./regular-file";
import { type HeldStdio, StartedProcess } from "./started-process";
import { ROOT, userOf } from "./users";
import { viewerOf } from "./viewer";

/** What starting a process costs: fork, exec and the dynamic linker on a small machine. */
const START_COST: Duration = micros(500);

/** How many numbers runc uses up in a container when it starts a process there (read off: pids 1, 7, 13, …). */
const RUNC_THREADS = 5;

const ALL_CAPABILITIES: ReadonlySet<(typeof CAPABILITIES)[number]> = new Set(CAPABILITIES);

export type TableEnvironment = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly programs: Registry;
  readonly rootPid: PidNs;
  newPipeNumber(): number;
  newNamespaceId(): string;
  /** Those of the machine itself. */
  rootNamespaces(): ProcNamespaces;
  /** The system calls for a process. */
  systemCalls(of: Proc): NetSys;
};

export class ProcessTable implements Processes {
  readonly #environment: TableEnvironment;
  readonly #delivery: SignalDelivery;
  readonly rootPid: PidNs;

  constructor(environment: TableEnvironment) {
    this.#environment = environment;
    this.rootPid = environment.rootPid;
    this.#delivery = new SignalDelivery(this.rootPid);
  }

  get signals(): SignalDelivery {
    return this.#delivery;
  }

  // --- for the kernel's users -----------------------------------------------------------------------------------------

  start(request: StartProcess): Result<Process, Errno> {
    const namespaces = asProcNamespaces(request.namespaces);
    const readAccounts = (path: string): string => {
      const text = namespaces.mnt.root.readFile(path);
      return text.ok ? text.value : "";
    };
    const user = userOf(request.user, readAccounts("/etc/passwd"), readAccounts("/etc/group"));
    if (!user.ok) return fail("EINVAL");
    const capabilities = request.capabilities ? new Set(request.capabilities) : ALL_CAPABILITIES;
    namespaces.mnt.procPid ??= namespaces.pid;
    namespaces.mnt.sysfsNetns ??= namespaces.net;
    const viewer = viewerOf({ namespaces, user: user.value, capabilities, now: this.#environment.scheduler.now });
    const cwd = namespaces.mnt.find(request.cwd, "/", viewer);
    if (!cwd.ok) return cwd;
    const executable = request.run
      ? ok({ program: request.run, argv: request.argv, exe: request.path, name: nameOf(request.path) })
      : findExecutable(namespaces.mnt, request.path, cwd.value.path, request.argv, viewer, this.#environment.programs);
    if (!executable.ok) return executable;
    const id = namespaces.pid.allocate();
    if (!id.ok) return id;

    const stdio = this.#connect(request.stdio, namespaces.mnt);
    const proc = new Proc({
      ...this.#common(id.value),
      id: id.value,
      parent: undefined,
      group: id.value,
      session: id.value,
      namespaces,
      pidNamespaceOfChildren: namespaces.pid,
      argv: executable.value.argv,
      env: request.env,
      cwd: cwd.value.path,
      name: executable.value.name,
      exe: executable.value.exe,
      user: user.value,
      capabilities,
      umask: 0o022,
      descriptors: stdio.descriptors,
      terminal: stdio.terminal,
    });
    if (request.sockets) {
      proc.inherited = request.sockets;
      for (const socket of request.sockets.values()) proc.sockets.add(socket);
    }
    if (stdio.terminal) {
      stdio.terminal.session = id.value;
      stdio.terminal.foreground = id.value;
    }
    this.#run(proc, executable.value.program);
    // runc's own threads take the next numbers before they go.
    if (namespaces.pid !== this.rootPid) namespaces.pid.skip(RUNC_THREADS);
    return ok(
      new StartedProcess(proc, id.value.in(this.rootPid), request.namespaces, stdio.held, (frozen) => this.#delivery.freeze(proc, frozen)),
    );
  }

  /** The host's pid 1. It adopts orphans and never waits for long. */
  startInit(namespaces: ProcNamespaces, program: NetProgram): void {
    const id = namespaces.pid.allocate();
    invariant(id.ok, "the first process finds a number");
    const proc = new Proc({
      ...this.#common(id.value),
      id: id.value,
      parent: undefined,
      group: id.value,
      session: id.value,
      namespaces,
      pidNamespaceOfChildren: namespaces.pid,
      argv: ["/sbin/init"],
      env: new Map(),
      cwd: "/",
      name: "systemd",
      exe: "/usr/lib/systemd/systemd",
      user: ROOT,
      capabilities: ALL_CAPABILITIES,
      umask: 0,
      descriptors: new Descriptors(),
      terminal: undefined,
    });
    proc.signals.set("CHLD", "ignored");
    namespaces.mnt.procPid = namespaces.pid;
    namespaces.mnt.sysfsNetns = namespaces.net;
    this.#run(proc, program);
  }

  kill(pid: Pid, signal: SignalName): Result<void, Errno> {
    const proc = this.rootPid.find(pid);
    if (!proc) return fail("ESRCH");
    this.#delivery.deliver(proc, signal, undefined);
    return DONE;
  }

  list(within: PidNamespace = this.rootPid): readonly ProcessInfo[] {
    invariant(within instanceof PidNs, "a pid namespace was made by this kernel");
    return within.list().map((proc) => infoOf(proc, this.rootPid));
  }

  lookup(namespaces: Pick<Namespaces, "mnt">, name: string, path: string | undefined, cwd: string): Result<string, Errno> {
    const { mnt } = namespaces;
    invariant(mnt instanceof Mounts, "a mount namespace was made by this kernel");
    const viewer = viewerOf({
      namespaces: { ...this.#environment.rootNamespaces(), mnt },
      user: ROOT,
      capabilities: ALL_CAPABILITIES,
      now: this.#environment.scheduler.now,
    });
    const check = (file: string): Result<string, Errno> => {
      const found = mnt.find(file, cwd, viewer);
      if (!found.ok) return found;
      const stat = statOf(found.value.vnode);
      if (stat.kind === "directory") return fail("EISDIR");
      return allows(stat, viewer, 1) ? ok(file) : fail("EACCES");
    };
    if (name.includes("/")) return check(name);
    for (const directory of (path ?? "").split(":")) {
      const found = name === "" || directory === "" ? undefined : check(`${directory.replace(/\/+$/, "")}/${name}`);
      if (found?.ok) return found;
    }
    return fail("ENOENT");
  }

  newPidNamespace(): PidNs {
    return new PidNs(this.#environment.newNamespaceId(), this.rootPid);
  }

  // --- for system calls -----------------------------------------------------------------------------------------------

  spawn(parent: Proc, request: SpawnRequest): Result<Pid, Errno> {
    const descriptors = parent.descriptors.select(request.fds ?? standardStreams(parent));
    if (!descriptors) return fail("EBADF");
    const refuse = (errno: Errno): Result<never, Errno> => {
      descriptors.closeAll();
      return fail(errno);
    };
    const cwd = request.cwd === undefined ? ok(parent.cwd) : this.#directory(parent, request.cwd);
    if (!cwd.ok) return refuse(cwd.error);
    const executable = this.#executable(parent, request, cwd.value);
    if (!executable.ok) return refuse(executable.error);
    const id = parent.pidNamespaceOfChildren.allocate();
    if (!id.ok) return refuse(id.error);
    const group =
      request.group === undefined ? parent.group : request.group === "own" ? id.value : this.#delivery.findGroup(request.group, parent);
    if (!group) return refuse("EPERM");

    const proc = new Proc({
      ...this.#common(id.value),
      id: id.value,
      parent,
      group,
      session: parent.session,
      namespaces: { ...parent.namespaces, pid: parent.pidNamespaceOfChildren },
      pidNamespaceOfChildren: parent.pidNamespaceOfChildren,
      argv: executable.value.argv,
      env: request.env ?? parent.env,
      cwd: cwd.value,
      name: executable.value.name,
      exe: executable.value.exe,
      user: parent.user,
      capabilities: parent.capabilities,
      umask: parent.umask,
      descriptors,
      terminal: parent.terminal,
    });
    parent.children.add(proc);
    proc.sysfsNetns = parent.sysfsNetns;
    proc.signals = parent.signals.afterExec();
    for (const signal of request.ignore ?? []) proc.signals.set(signal, "ignored");
    if (request.foreground && proc.terminal) proc.terminal.foreground = group;
    this.#run(proc, executable.value.program);
    return ok(id.value.in(parent.namespaces.pid));
  }

  exec(proc: Proc, request: ExecRequest): Result<Routine<number>, Errno> {
    const executable = findExecutable(
      proc.namespaces.mnt,
      request.path,
      proc.cwd,
      request.argv,
      viewerOf(proc),
      this.#environment.programs,
    );
    if (!executable.ok) return executable;
    if (request.fds) {
      const descriptors = proc.descriptors.select(request.fds);
      if (!descriptors) return fail("EBADF");
      for (const [fd, file] of descriptors.list()) proc.descriptors.set(fd, file);
      for (const [fd] of proc.descriptors.list()) if (!descriptors.find(fd)) proc.descriptors.close(fd);
      descriptors.closeAll();
    }
    this.#closeSockets(proc);
    if (request.env) proc.env = new Map(request.env);
    proc.argv = executable.value.argv;
    proc.name = executable.value.name;
    proc.exe = executable.value.exe;
    proc.signals = proc.signals.afterExec();
    return ok(executable.value.program(this.#environment.systemCalls(proc)));
  }

  *wait(
    parent: Proc,
    which: Pid | "any",
    options: { readonly noHang?: boolean; readonly untraced?: boolean },
  ): Routine<Result<ExitReport | undefined, Errno>> {
    const namespace = parent.namespaces.pid;
    const isMeant = (child: Proc): boolean => {
      if (which === "any" || which === -1) return true;
      if (which > 0) return child.id.in(namespace) === which;
      return which === 0 ? child.group === parent.group : child.group.in(namespace) === -which;
    };
    for (;;) {
      const children = [...parent.children].filter(isMeant);
      if (children.length === 0) return fail("ECHILD");
      for (const child of children) {
        const pid = child.id.in(namespace);
        if (child.end) {
          this.#reap(child);
          return ok({ ...child.end, pid });
        }
        if (options.untraced && child.hasUnreportedStop && child.stopped) {
          child.hasUnreportedStop = false;
          return ok({ kind: "stopped", pid, signal: child.stopped });
        }
      }
      if (options.noHang) return ok(undefined);
      const wake = yield { on: [parent.childChanged] };
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  setGroup(by: Proc, pid: Pid, group: Pid): Result<void, Errno> {
    const proc = pid === 0 ? by : by.namespaces.pid.find(pid);
    if (!proc || (proc !== by && proc.parent !== by)) return fail("ESRCH");
    if (proc.id === proc.session || proc.session !== by.session) return fail("EPERM");
    const number = group === 0 ? proc.id.in(by.namespaces.pid) : group;
    const target = number === proc.id.in(by.namespaces.pid) ? proc.id : this.#delivery.findGroup(number, by);
    if (!target) return fail("EPERM");
    target.hold();
    proc.group.release();
    proc.group = target;
    return DONE;
  }

  newPipe(): Pipe {
    return new Pipe(this.#environment.newPipeNumber(), this.#environment.scheduler.now);
  }

  // --- private --------------------------------------------------------------------------------------------------------

  #common(id: PidId): Pick<ConstructorParameters<typeof Proc>[0], "scheduler" | "random" | "deliver"> {
    const { scheduler, random } = this.#environment;
    return {
      scheduler,
      random: random.fork(`process ${id.in(this.rootPid)} at ${scheduler.now}`),
      deliver: (to, signal) => this.#delivery.deliver(to, signal, to),
    };
  }

  #executable(parent: Proc, request: SpawnRequest, cwd: string): Result<Executable, Errno> {
    const { image } = request;
    if ("run" in image) {
      // A program of the caller's own sees the same system calls as one from the registry.
      const program = image.run as NetProgram;
      return ok({ program, argv: request.argv, exe: parent.exe, name: nameOf(image.name) });
    }
    return findExecutable(parent.namespaces.mnt, image.path, cwd, request.argv, viewerOf(parent), this.#environment.programs);
  }

  #directory(by: Proc, path: string): Result<string, Errno> {
    const found = by.namespaces.mnt.find(path, by.cwd, viewerOf(by));
    if (!found.ok) return found;
    return statOf(found.value.vnode).kind === "directory" ? ok(found.value.path) : fail("ENOTDIR");
  }

  #run(proc: Proc, program: NetProgram): void {
    proc.id.hold();
    proc.group.hold();
    proc.session.hold();
    proc.id.enter(proc);
    if (proc.namespaces.pid.isFrozen) proc.isFrozen = true;
    const { scheduler } = this.#environment;
    proc.task = new Task(scheduler, proc.drive(program(this.#environment.systemCalls(proc)), START_COST), (end) => this.#ended(proc, end));
  }

  #ended(proc: Proc, end: TaskEnd<number>): void {
    const pid = proc.id.in(this.rootPid);
    const report: ExitReport =
      proc.fatal || end.kind === "cancelled"
        ? { kind: "killed", pid, signal: proc.fatal ?? "KILL" }
        : { kind: "exited", pid, status: end.value & 0xff };
    proc.end = report;
    proc.stopped = undefined;
    proc.descriptors.closeAll();
    this.#closeSockets(proc);
    this.#leaveTerminal(proc);
    const orphanable = [...proc.children]
      .filter((child) => child.group !== proc.group && child.session === proc.session)
      .map((child) => child.group);
    if (proc.isInit) for (const other of proc.namespaces.pid.list()) if (other !== proc) this.#delivery.terminate(other, "KILL");
    this.#adopt(proc);
    for (const group of new Set(orphanable)) this.#delivery.hangUpIfOrphaned(group);

    const { parent } = proc;
    const isWaitedFor = parent !== undefined && !parent.end && parent.signals.disposition("CHLD") !== "ignored";
    if (isWaitedFor) {
      this.#delivery.deliver(parent, "CHLD", proc);
      parent.childChanged.wake();
    } else {
      this.#reap(proc);
      parent?.childChanged.wake();
    }
    proc.ended.wake();
  }

  /** Children go to the first process of their pid namespace. */
  #adopt(proc: Proc): void {
    const init = proc.namespaces.pid.init;
    const heir = init && init !== proc && !init.end ? init : undefined;
    for (const child of proc.children) {
      child.parent = heir;
      if (heir) heir.children.add(child);
      if (!child.end) continue;
      if (!heir || heir.signals.disposition("CHLD") === "ignored") this.#reap(child);
      else {
        this.#delivery.deliver(heir, "CHLD", child);
        heir.childChanged.wake();
      }
    }
    proc.children.clear();
  }

  #reap(proc: Proc): void {
    if (proc.isReaped) return;
    proc.isReaped = true;
    proc.parent?.children.delete(proc);
    proc.id.leave();
    proc.id.release();
    proc.group.release();
    proc.session.release();
  }

  #closeSockets(proc: Proc): void {
    const sockets = [...proc.sockets];
    proc.sockets.clear();
    for (const socket of sockets) socket.close();
  }

  #leaveTerminal(proc: Proc): void {
    const { terminal } = proc;
    if (!terminal) return;
    if (terminal.rawBy === proc) terminal.setRaw(false, undefined);
    if (terminal.session !== proc.id) return;
    const { foreground } = terminal;
    terminal.session = undefined;
    terminal.foreground = undefined;
    for (const other of this.rootPid.list()) if (other.session === proc.id) other.terminal = undefined;
    if (foreground) {
      this.#delivery.signalGroup(foreground, "HUP");
      this.#delivery.signalGroup(foreground, "CONT");
    }
  }

  #connect(
    stdio: Stdio,
    mounts: Mounts,
  ): { readonly descriptors: Descriptors; readonly terminal: Pty | undefined; readonly held: HeldStdio } {
    const descriptors = new Descriptors();
    const none = { stdin: undefined, stdout: undefined, stderr: undefined, pty: undefined };
    if (stdio.kind === "pty") {
      const { columns, rows } = stdio;
      const terminal = mounts.devpts.add(
        (number, onClose) => new Pty({ number, columns, rows, now: this.#environment.scheduler.now, jobs: this.#delivery, onClose }),
      );
      const slave = terminal.open();
      for (const fd of [0, 1, 2]) descriptors.set(fd, slave);
      return { descriptors, terminal, held: { ...none, pty: terminal } };
    }
    const isNull = stdio.kind === "null";
    const input = isNull || !stdio.stdin ? undefined : this.newPipe();
    if (input) descriptors.set(0, new PipeReader(input));
    else descriptors.set(0, nullDevice());
    if (isNull) {
      descriptors.set(1, nullDevice());
      descriptors.set(2, nullDevice());
      return { descriptors, terminal: undefined, held: none };
    }
    const [out, error] = [this.newPipe(), this.newPipe()];
    descriptors.set(1, new PipeWriter(out));
    descriptors.set(2, new PipeWriter(error));
    return {
      descriptors,
      terminal: undefined,
      held: { ...none, stdin: input && inputEnd(input), stdout: outputEnd(out), stderr: outputEnd(error) },
    };
  }
}

/** A process as `ps` lists it, with the numbers of `namespace`. */
export function infoOf(proc: Proc, namespace: PidNs): ProcessInfo {
  return {
    pid: proc.id.in(namespace),
    ppid: parentIn(proc, namespace),
    group: proc.group.in(namespace),
    argv: proc.argv,
    name: proc.name,
    state: proc.state,
    tty: proc.terminal ? `pts/${proc.terminal.number}` : "?",
    user: proc.user.name,
    startedAt: proc.startedAt,
    cpu: proc.cpu,
  };
}

/** The parent's number; on the host, what the kernel's user started is a child of pid 1. */
export function parentIn(proc: Proc, namespace: PidNs): number {
  if (proc.parent) return proc.parent.id.in(namespace);
  return namespace.parent === undefined && namespace.init !== proc ? 1 : 0;
}

function standardStreams(proc: Proc): ReadonlyMap<Fd, Fd> {
  return new Map([0, 1, 2].filter((fd) => proc.descriptors.find(fd)).map((fd) => [fd, fd]));
}

function nullDevice(): SimpleDevice {
  return new SimpleDevice(
    "/dev/null",
    { kind: "character-device", mode: 0o666, size: 0, links: 1, uid: 0, gid: 0, modifiedAt: BOOT, inode: 5, device: [1, 3] },
    { read: () => "", isFull: false },
  );
}

function asProcNamespaces({ net, mnt, uts, pid }: Namespaces): ProcNamespaces {
  invariant(mnt instanceof Mounts && pid instanceof PidNs, "namespaces were made by this kernel");
  return { net, mnt, uts, pid };
}
