/**
 * The system calls: all that a program sees of the world it runs in.
 *
 * A program is a function from `Sys` to a routine that ends with an exit status. It sees one set of namespaces, its
 * descriptors and its environment; it cannot reach the world, the scheduler or another host. The kernel implements this
 * contract (kernel/process), the shell and the programs are its users. Programs that use the network take `NetSys`,
 * which the kernel's door adds to it.
 *
 * Text, not bytes: everything that is read or written is a JavaScript string of Unicode text. What counts bytes (`wc -c`,
 * segment lengths, `ls -l`) counts UTF-8. Arbitrary binary data cannot be represented, and no simulated program makes any.
 */

import type { Result } from "@/lib/base/result";
import type { Capability } from "./capability";
import type { Errno } from "./errno";
import type { Random } from "./random";
import type { SignalName } from "./signal";
import type { Block, Routine, Wake } from "./task";
import type { Duration, Instant } from "./time";

/** A program. What it returns is its exit status, 0 to 255. */
export type Program<S extends Sys = Sys> = (sys: S) => Routine<number>;

export type Fd = number;
export type Pid = number;

/** How a process ended, as `wait(2)` tells. */
export type ExitReport =
  | { readonly kind: "exited"; readonly pid: Pid; readonly status: number }
  | { readonly kind: "killed"; readonly pid: Pid; readonly signal: SignalName }
  /** Only when asked for with `untraced`: it was stopped (Ctrl-Z). */
  | { readonly kind: "stopped"; readonly pid: Pid; readonly signal: SignalName };

export type OpenFlags = {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  /** With `create`: fail with EEXIST when it is there already. */
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  readonly append?: boolean;
  /** Permission bits of a file that is made (default 0o666 less the umask 022). */
  readonly mode?: number;
};

export type FileKind = "file" | "directory" | "symlink" | "character-device" | "fifo" | "socket";

export type FileStat = {
  readonly kind: FileKind;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** Bytes of UTF-8; of a symlink, of its target. Synthetic files (/proc, /sys) say 0 or 4096 as Linux does. */
  readonly size: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAt: Instant;
  readonly inode: number;
  /** Of a character device: major and minor number. */
  readonly device?: readonly [number, number];
};

/** What to run as a new process. */
export type SpawnRequest = {
  /** `path`: an executable file (no search in PATH). `run`: a routine in place of an executable, as `fork` without `exec`. */
  readonly image: { readonly path: string } | { readonly run: Program<never>; readonly name: string };
  readonly argv: readonly string[];
  /** Default: the caller's. */
  readonly env?: ReadonlyMap<string, string>;
  /** Default: the caller's. */
  readonly cwd?: string;
  /** The child's descriptors: its number → the caller's number. Default: 0, 1, 2 as they are. The caller keeps its own. */
  readonly fds?: ReadonlyMap<Fd, Fd>;
  /** The process group: `"own"` makes a new one, a number joins that one. Default: the caller's. */
  readonly group?: "own" | Pid;
  /** Makes the child's group the terminal's foreground group before it runs (a shell with job control). */
  readonly foreground?: boolean;
  /** Signals that the child ignores (`nohup`, background jobs of a shell without job control). */
  readonly ignore?: readonly SignalName[];
};

/** What to become: `execve(2)`. */
export type ExecRequest = {
  /** An executable file (no search in PATH). */
  readonly path: string;
  readonly argv: readonly string[];
  /** Default: the caller's. */
  readonly env?: ReadonlyMap<string, string>;
  /** The descriptors after it: their number → the number now. What is not named is closed. Default: all as they are. */
  readonly fds?: ReadonlyMap<Fd, Fd>;
};

export type ProcessInfo = {
  readonly pid: Pid;
  readonly ppid: Pid;
  readonly group: Pid;
  readonly argv: readonly string[];
  readonly name: string;
  /** ps's letter: R running, S sleeping, T stopped, Z zombie. */
  readonly state: "R" | "S" | "T" | "Z";
  /** `pts/0`, or `?` without a terminal. */
  readonly tty: string;
  readonly user: string;
  readonly startedAt: Instant;
  /** Simulated processor time used. */
  readonly cpu: Duration;
};

/** A terminal as the process that holds it can change it. */
export interface Tty {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  /** Raw: no echo, no line editing, no signals from keys. The kernel puts it back when the holder exits. */
  setRaw(raw: boolean): void;
  readonly isRaw: boolean;
  /** The foreground process group. */
  foreground: Pid;
}

/**
 * A service that listens on a Unix socket and speaks HTTP, such as the Docker daemon.
 * Requests pass as values; that they would be text on the wire is not simulated, what they say is.
 */
export interface LocalService {
  /** Runs the request until the response's status and headers are there. The body may go on. */
  call(request: ServiceRequest): Routine<ServiceResponse>;
}

export type ServiceRequest = {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Path and query as on the request line: `/v1.51/containers/json?all=1`. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
};

export type ServiceResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ServiceBody;
};

export type StreamName = "stdout" | "stderr";

export type ServiceBody =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  /** Chunks as they come. `cancel` is what closing the connection does. */
  | { readonly kind: "chunks"; read(): Routine<string | undefined>; cancel(): void }
  /** A hijacked connection (101 UPGRADED): multiplexed output, or raw when a TTY is attached (all "stdout"). */
  | {
      readonly kind: "upgrade";
      read(): Routine<{ readonly stream: StreamName; readonly text: string } | undefined>;
      /** Input for the other side. */
      write(text: string): void;
      /** Half-close: no more input. */
      closeWrite(): void;
      cancel(): void;
    };

/** `name` is what /etc/passwd says, or the number without an entry there. */
export type UserIds = { readonly name: string; readonly uid: number; readonly gid: number };

export interface Sys {
  readonly pid: Pid;
  readonly ppid: Pid;
  readonly group: Pid;
  readonly argv: readonly string[];
  /** The process's own copy; changing it changes what children inherit. */
  readonly env: Map<string, string>;
  readonly cwd: string;
  /** Whom it runs as. */
  readonly user: UserIds;
  readonly capabilities: ReadonlySet<Capability>;
  /** Permission bits that a file made by it does not get. */
  umask: number;
  readonly random: Random;
  readonly now: Instant;
  /** Simulated date in milliseconds since 1970, UTC. */
  readonly dateMs: number;

  // --- waiting and signals ------------------------------------------------------------------------------------------
  /** Waits; the bare form of every call below that can wait. */
  wait(block: Block): Routine<Wake>;
  sleep(span: Duration): Routine<Wake>;
  /** Uses processor time. Loops that call nothing else must call this, or they would hold the world's clock still. */
  compute(span: Duration): Routine<void>;
  /** Catches signals: they no longer have their default effect, and end waits early (`Wake.signal`, EINTR). */
  catchSignals(...names: SignalName[]): void;
  ignoreSignals(...names: SignalName[]): void;
  defaultSignals(...names: SignalName[]): void;
  /** A caught signal that arrived and was not taken yet. */
  takeSignal(): SignalName | undefined;
  /** A negative `pid` names a process group. */
  kill(pid: Pid, signal: SignalName | 0): Result<void, Errno>;

  // --- descriptors --------------------------------------------------------------------------------------------------
  /** The next text there is, at the longest `max` UTF-16 units; `""` is the end. Waits until there is some. */
  read(fd: Fd, max?: number): Routine<Result<string, Errno>>;
  /** Writes all of it, waiting for room. Without a reader: SIGPIPE, and EPIPE if that is ignored. */
  write(fd: Fd, text: string): Routine<Result<void, Errno>>;
  open(path: string, flags: OpenFlags): Result<Fd, Errno>;
  close(fd: Fd): Result<void, Errno>;
  /** Makes `to` the same open file as `from`, closing what `to` was. */
  dup2(from: Fd, to: Fd): Result<void, Errno>;
  /** A free descriptor, from `from` upwards, for the same open file. */
  dup(fd: Fd, from?: Fd): Result<Fd, Errno>;
  pipe(): { readonly read: Fd; readonly write: Fd };
  /** Whether a read would not wait (data or the end is there). */
  isReadable(fd: Fd): boolean;
  /** A block that ends when `fd` becomes readable, to be joined with others. */
  readable(fd: Fd): Block;
  /** The terminal behind `fd`, if it is one. */
  tty(fd: Fd): Tty | undefined;
  /** The process's open descriptors in ascending order, with what each is (`/dev/null`, `pipe:[12]`, a path, …). */
  descriptors(): readonly { readonly fd: Fd; readonly target: string }[];

  // --- files --------------------------------------------------------------------------------------------------------
  stat(path: string): Result<FileStat, Errno>;
  lstat(path: string): Result<FileStat, Errno>;
  /** Names in a directory, sorted, without `.` and `..`. */
  readdir(path: string): Result<readonly string[], Errno>;
  readFile(path: string): Result<string, Errno>;
  writeFile(path: string, text: string, flags?: { readonly append?: boolean; readonly mode?: number }): Result<void, Errno>;
  mkdir(path: string, mode?: number): Result<void, Errno>;
  rmdir(path: string): Result<void, Errno>;
  unlink(path: string): Result<void, Errno>;
  rename(from: string, to: string): Result<void, Errno>;
  link(from: string, to: string): Result<void, Errno>;
  symlink(target: string, path: string): Result<void, Errno>;
  readlink(path: string): Result<string, Errno>;
  chmod(path: string, mode: number): Result<void, Errno>;
  chown(path: string, owner: { readonly uid: number; readonly gid: number }): Result<void, Errno>;
  /** Sets the time of last change to now. */
  touch(path: string): Result<void, Errno>;
  chdir(path: string): Result<void, Errno>;
  /** The canonical absolute path, symlinks resolved. */
  realpath(path: string): Result<string, Errno>;

  // --- processes ----------------------------------------------------------------------------------------------------
  spawn(request: SpawnRequest): Result<Pid, Errno>;
  /**
   * Becomes another program under the same pid. Caught signals have their default effect again, ignored ones stay ignored.
   * On success the caller is that program from now on and ends with it: `return yield* image.value`.
   */
  exec(request: ExecRequest): Result<Routine<number>, Errno>;
  /** Waits for a child to end; `"any"` for whichever ends first. ECHILD when there is none, EINTR on a caught signal. */
  waitpid(
    pid: Pid | "any",
    options?: { readonly noHang?: boolean; readonly untraced?: boolean },
  ): Routine<Result<ExitReport | undefined, Errno>>;
  /** All processes in this pid namespace, by pid. */
  processes(): readonly ProcessInfo[];
  setGroup(pid: Pid, group: Pid): Result<void, Errno>;

  // --- the machine --------------------------------------------------------------------------------------------------
  readonly hostname: string;
  sethostname(name: string): Result<void, Errno>;
  /** The service that listens on a Unix socket. ENOENT: no such file; ECONNREFUSED: nobody listens. */
  connectUnix(path: string): Result<LocalService, Errno>;
}
