/** The system calls of one process: the contract of core/sys.ts and netns.ts over this kernel. */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Capability } from "@/lib/sim/core/capability";
import type { Errno } from "@/lib/sim/core/errno";
import type { Random } from "@/lib/sim/core/random";
import type { SignalName } from "@/lib/sim/core/signal";
import type {
  ExecRequest,
  ExitReport,
  Fd,
  FileStat,
  LocalService,
  OpenFlags,
  Pid,
  ProcessInfo,
  SpawnRequest,
  Tty,
  UserIds,
} from "@/lib/sim/core/sys";
import type { Block, Routine, Wake } from "@/lib/sim/core/task";
import { after, dateMs, type Duration, type Instant, micros } from "@/lib/sim/core/time";
import { netnsAt } from "../fs/vnode";
import type { TcpListener, UdpSocket } from "../net/socket";
import type { Netns, NetSys } from "../netns";
import { FileCalls } from "./file-calls";
import { netnsView } from "./netns-view";
import type { OpenFile } from "./open-file";
import { type Pipe, PipeReader, PipeWriter } from "./pipe";
import type { Proc } from "./process";
import { infoOf, type ProcessTable } from "./table";
import { viewerOf } from "./viewer";

/** What one read gives at most when the program does not say. */
const READ_SIZE = 65_536;

/** The network namespaces of the host, as system calls need them. */
export interface NetnsRegistry {
  byId(id: string): Netns | undefined;
  create(): Netns;
  /** Destroys it unless a process is in it or a file stands for it. */
  releaseIfUnused(netns: Netns): void;
}

export class SystemCalls implements NetSys {
  readonly #proc: Proc;
  readonly #table: ProcessTable;
  readonly #namespaces: NetnsRegistry;
  readonly #files: FileCalls;
  readonly #rootPid: number;
  #netns: { readonly of: Netns; readonly view: Netns; readonly name: string } | undefined;

  constructor(proc: Proc, table: ProcessTable, namespaces: NetnsRegistry) {
    this.#proc = proc;
    this.#table = table;
    this.#namespaces = namespaces;
    this.#files = new FileCalls(proc);
    this.#rootPid = proc.id.in(table.rootPid);
  }

  get pid(): Pid {
    return this.#proc.pid;
  }

  get ppid(): Pid {
    return this.#proc.parent?.id.in(this.#proc.namespaces.pid) ?? 0;
  }

  get group(): Pid {
    return this.#proc.group.in(this.#proc.namespaces.pid);
  }

  get argv(): readonly string[] {
    return this.#proc.argv;
  }

  get env(): Map<string, string> {
    return this.#proc.env;
  }

  get cwd(): string {
    return this.#proc.cwd;
  }

  get user(): UserIds {
    return this.#proc.user;
  }

  get capabilities(): ReadonlySet<Capability> {
    return this.#proc.capabilities;
  }

  get umask(): number {
    return this.#proc.umask;
  }

  set umask(mask: number) {
    this.#proc.umask = mask & 0o777;
  }

  get random(): Random {
    return this.#proc.random;
  }

  get now(): Instant {
    return this.#proc.now;
  }

  get dateMs(): number {
    return dateMs(this.#proc.now);
  }

  // --- waiting and signals --------------------------------------------------------------------------------------------

  *wait(block: Block): Routine<Wake> {
    return yield block;
  }

  *sleep(span: Duration): Routine<Wake> {
    return yield { on: [], until: after(this.now, span) };
  }

  compute(span: Duration): Routine<void> {
    return this.#proc.compute(span);
  }

  catchSignals(...names: SignalName[]): void {
    for (const name of names) this.#proc.signals.set(name, "caught");
  }

  ignoreSignals(...names: SignalName[]): void {
    for (const name of names) this.#proc.signals.set(name, "ignored");
  }

  defaultSignals(...names: SignalName[]): void {
    for (const name of names) this.#proc.signals.set(name, "default");
  }

  takeSignal(): SignalName | undefined {
    return this.#proc.signals.take();
  }

  kill(pid: Pid, signal: SignalName | 0): Result<void, Errno> {
    return this.#table.signals.kill(this.#proc, pid, signal);
  }

  // --- descriptors ----------------------------------------------------------------------------------------------------

  *read(fd: Fd, max: number = READ_SIZE): Routine<Result<string, Errno>> {
    const file = this.#proc.descriptors.find(fd);
    if (!file) return fail("EBADF");
    const read = yield* file.read(max, this.#proc);
    yield* this.#proc.use(costOf(read.ok ? read.value.length : 0));
    return read;
  }

  *write(fd: Fd, text: string): Routine<Result<void, Errno>> {
    const file = this.#proc.descriptors.find(fd);
    if (!file) return fail("EBADF");
    if (text === "") return DONE;
    const written = yield* file.write(text, this.#proc);
    yield* this.#proc.use(costOf(text.length));
    return written;
  }

  open(path: string, flags: OpenFlags): Result<Fd, Errno> {
    const file = this.#files.open(path, flags);
    return file.ok ? this.#add(file.value) : file;
  }

  close(fd: Fd): Result<void, Errno> {
    return this.#proc.descriptors.close(fd);
  }

  dup2(from: Fd, to: Fd): Result<void, Errno> {
    const file = this.#proc.descriptors.find(from);
    if (!file) return fail("EBADF");
    if (from !== to) this.#proc.descriptors.set(to, file);
    return DONE;
  }

  dup(fd: Fd, from: Fd = 0): Result<Fd, Errno> {
    const file = this.#proc.descriptors.find(fd);
    return file ? this.#proc.descriptors.add(file, from) : fail("EBADF");
  }

  /** Without free descriptors both numbers are −1, and their use says EBADF. */
  pipe(): { readonly read: Fd; readonly write: Fd } {
    const pipe: Pipe = this.#table.newPipe();
    const read = this.#add(new PipeReader(pipe));
    const write = this.#add(new PipeWriter(pipe));
    return { read: read.ok ? read.value : -1, write: write.ok ? write.value : -1 };
  }

  isReadable(fd: Fd): boolean {
    return this.#proc.descriptors.find(fd)?.isReadable ?? true;
  }

  readable(fd: Fd): Block {
    const file = this.#proc.descriptors.find(fd);
    return file?.readable && !file.isReadable ? { on: [file.readable] } : { on: [], until: this.now };
  }

  tty(fd: Fd): Tty | undefined {
    return this.#proc.descriptors.find(fd)?.tty(this.#proc);
  }

  descriptors(): readonly { readonly fd: Fd; readonly target: string }[] {
    return this.#proc.descriptors.list().map(([fd, file]) => ({ fd, target: file.target }));
  }

  // --- files ----------------------------------------------------------------------------------------------------------

  stat(path: string): Result<FileStat, Errno> {
    return this.#files.stat(path, true);
  }

  lstat(path: string): Result<FileStat, Errno> {
    return this.#files.stat(path, false);
  }

  readdir(path: string): Result<readonly string[], Errno> {
    return this.#files.readdir(path);
  }

  readFile(path: string): Result<string, Errno> {
    return this.#files.readFile(path);
  }

  writeFile(path: string, text: string, flags: { readonly append?: boolean; readonly mode?: number } = {}): Result<void, Errno> {
    return this.#files.writeFile(path, text, flags);
  }

  mkdir(path: string, mode = 0o777): Result<void, Errno> {
    return this.#files.mkdir(path, mode);
  }

  rmdir(path: string): Result<void, Errno> {
    return this.#files.rmdir(path);
  }

  unlink(path: string): Result<void, Errno> {
    return this.#files.unlink(path);
  }

  rename(from: string, to: string): Result<void, Errno> {
    return this.#files.rename(from, to);
  }

  link(from: string, to: string): Result<void, Errno> {
    return this.#files.link(from, to);
  }

  symlink(target: string, path: string): Result<void, Errno> {
    return this.#files.symlink(target, path);
  }

  readlink(path: string): Result<string, Errno> {
    return this.#files.readlink(path);
  }

  chmod(path: string, mode: number): Result<void, Errno> {
    return this.#files.chmod(path, mode);
  }

  chown(path: string, owner: { readonly uid: number; readonly gid: number }): Result<void, Errno> {
    return this.#files.chown(path, owner);
  }

  touch(path: string): Result<void, Errno> {
    return this.#files.touch(path);
  }

  chdir(path: string): Result<void, Errno> {
    return this.#files.chdir(path);
  }

  realpath(path: string): Result<string, Errno> {
    return this.#files.realpath(path);
  }

  connectUnix(path: string): Result<LocalService, Errno> {
    return this.#files.connectUnix(path);
  }

  // --- processes ------------------------------------------------------------------------------------------------------

  spawn(request: SpawnRequest): Result<Pid, Errno> {
    return this.#table.spawn(this.#proc, request);
  }

  exec(request: ExecRequest): Result<Routine<number>, Errno> {
    return this.#table.exec(this.#proc, request);
  }

  waitpid(
    pid: Pid | "any",
    options: { readonly noHang?: boolean; readonly untraced?: boolean } = {},
  ): Routine<Result<ExitReport | undefined, Errno>> {
    return this.#table.wait(this.#proc, pid, options);
  }

  processes(): readonly ProcessInfo[] {
    const shown = this.#proc.namespaces.mnt.procPid ?? this.#proc.namespaces.pid;
    return shown.list().map((proc) => infoOf(proc, shown));
  }

  setGroup(pid: Pid, group: Pid): Result<void, Errno> {
    return this.#table.setGroup(this.#proc, pid, group);
  }

  // --- the machine ----------------------------------------------------------------------------------------------------

  get hostname(): string {
    return this.#proc.namespaces.uts.hostname;
  }

  sethostname(name: string): Result<void, Errno> {
    if (!this.#proc.capabilities.has("SYS_ADMIN")) return fail("EPERM");
    if (name.length > 64) return fail("EINVAL");
    this.#proc.namespaces.uts.hostname = name;
    return DONE;
  }

  // --- network namespaces ---------------------------------------------------------------------------------------------

  get netns(): Netns {
    const { net } = this.#proc.namespaces;
    if (this.#netns?.of !== net || this.#netns.name !== this.#proc.name)
      this.#netns = { of: net, view: this.#view(net), name: this.#proc.name };
    return this.#netns.view;
  }

  inheritedSocket(fd: Fd): TcpListener | UdpSocket | undefined {
    return this.#proc.inherited.get(fd);
  }

  netnsByPath(path: string): Result<Netns, Errno> {
    const { namespaces, cwd } = this.#proc;
    const at = namespaces.mnt.find(path, cwd, viewerOf(this.#proc));
    if (!at.ok) return at;
    const netns = netnsAt(at.value.vnode);
    return netns ? ok(this.#view(netns)) : fail("EINVAL");
  }

  netnsOfPid(pid: number): Result<Netns, Errno> {
    const proc = this.#find(pid);
    return proc ? ok(this.#view(proc.namespaces.net)) : fail("ESRCH");
  }

  enterNetns(netns: Netns, options: { readonly remountSys?: boolean } = {}): void {
    const entered = this.#namespaces.byId(netns.id);
    if (!entered) return;
    this.#proc.namespaces.net = entered;
    if (options.remountSys) this.#proc.sysfsNetns = entered;
  }

  createNetns(path: string): Result<Netns, Errno> {
    if (!this.#proc.capabilities.has("SYS_ADMIN")) return fail("EPERM");
    const { mnt } = this.#proc.namespaces;
    const made = this.#files.open(path, { write: true, create: true, exclusive: true, mode: 0 });
    if (!made.ok) return made;
    const netns = this.#namespaces.create();
    mnt.mountNetns(path, netns);
    return ok(this.#view(netns));
  }

  deleteNetns(path: string): Result<void, Errno> {
    if (!this.#proc.capabilities.has("SYS_ADMIN")) return fail("EPERM");
    const { namespaces, cwd } = this.#proc;
    const at = namespaces.mnt.find(path, cwd, viewerOf(this.#proc));
    if (!at.ok) return at;
    const netns = netnsAt(at.value.vnode);
    if (netns) {
      const unmounted = namespaces.mnt.unmount(at.value.path);
      if (!unmounted.ok) return unmounted;
    }
    const removed = this.#files.unlink(path);
    if (netns) this.#namespaces.releaseIfUnused(netns);
    return removed;
  }

  enterNamespacesOf(pid: number, which: readonly ("net" | "mnt" | "uts" | "pid")[]): Result<void, Errno> {
    const target = this.#find(pid);
    if (!target) return fail("ESRCH");
    if (!this.#proc.capabilities.has("SYS_ADMIN")) return fail("EPERM");
    const { namespaces } = this.#proc;
    for (const kind of which) {
      switch (kind) {
        case "net":
          namespaces.net = target.namespaces.net;
          break;
        case "mnt":
          namespaces.mnt = target.namespaces.mnt;
          this.#proc.cwd = "/";
          break;
        case "uts":
          namespaces.uts = target.namespaces.uts;
          break;
        case "pid":
          // As setns(2): only children will be in it.
          this.#proc.pidNamespaceOfChildren = target.namespaces.pid;
          break;
      }
    }
    return DONE;
  }

  #view(netns: Netns): Netns {
    return netnsView(netns, this.#proc, { pid: this.#rootPid, name: this.#proc.name });
  }

  #find(pid: number): Proc | undefined {
    const shown = this.#proc.namespaces.mnt.procPid ?? this.#proc.namespaces.pid;
    return shown.find(pid);
  }

  #add(file: OpenFile): Result<Fd, Errno> {
    const fd = this.#proc.descriptors.add(file);
    if (fd.ok) return fd;
    // Held for a moment, so that letting go closes it.
    file.hold();
    file.release();
    return fd;
  }
}

/** Simulated processor time of a read or write: a microsecond, and one for each page. */
function costOf(length: number): Duration {
  return micros(1 + length / 4_096);
}
