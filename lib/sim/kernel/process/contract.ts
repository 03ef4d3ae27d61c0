/** Processes as the kernel's users (the daemon, world) start and hold them. Programs see processes only through `Sys`. */

import type { Result } from "@/lib/base/result";
import type { Capability } from "@/lib/sim/core/capability";
import type { Errno } from "@/lib/sim/core/errno";
import type { SignalName } from "@/lib/sim/core/signal";
import type { ExitReport, Fd, Pid, ProcessInfo, Program } from "@/lib/sim/core/sys";
import type { Routine, WaitQueue } from "@/lib/sim/core/task";
import type { MountNamespace } from "../fs/contract";
import type { TcpListener, UdpSocket } from "../net/socket";
import type { Netns, NetSys } from "../netns";

/** The hostname and domain name that a process sees. */
export interface UtsNamespace {
  hostname: string;
  domainname: string;
}

/** A numbering of processes. The first process in it is 1; when that ends, all others in it are killed. */
export interface PidNamespace {
  readonly id: string;
}

export type Namespaces = { readonly net: Netns; readonly mnt: MountNamespace; readonly uts: UtsNamespace; readonly pid: PidNamespace };

/** One end of a byte stream (text here) that the kernel's user holds: the other end is a process's descriptor. */
export interface StreamEnd {
  /** For an input of the process: gives it text. Dropped once the process has closed its end. */
  write(text: string): void;
  /** For an input: the end (EOF). */
  close(): void;
  /** For an output: the next text, `undefined` at the end. */
  read(): Routine<string | undefined>;
  /** For an output: what is there now without waiting, `""` if nothing. */
  take(): string;
  readonly readable: WaitQueue;
  readonly hasEnded: boolean;
}

/**
 * A pseudo-terminal seen from its master side: what a terminal emulator or `docker attach` holds.
 * The slave side has the line discipline (termios): echo, editing, signals from keys.
 */
export interface PtyMaster {
  /** Keys, as a terminal sends them: text, `\r` for Enter, `\x03` for Ctrl-C, escape sequences. */
  input(text: string): void;
  /** What to show, as a terminal gets it (`\r\n` line ends); `undefined` when the last holder of the slave is gone. */
  read(): Routine<string | undefined>;
  take(): string;
  /** UTF-16 units that `take` would give. */
  readonly pending: number;
  readonly readable: WaitQueue;
  resize(columns: number, rows: number): void;
  /** Hangs up: SIGHUP to the session. */
  hangup(): void;
  readonly hasEnded: boolean;
  readonly isRaw: boolean;
}

export type Stdio =
  | { readonly kind: "null" }
  | { readonly kind: "streams"; readonly stdin: boolean }
  | { readonly kind: "pty"; readonly columns: number; readonly rows: number };

export type StartProcess = {
  readonly namespaces: Namespaces;
  /** An executable file's absolute path, as seen in its mount namespace. */
  readonly path: string;
  /** Runs this in place of the file at `path` (a probe of the world's, a thread of the daemon's). */
  readonly run?: Program<NetSys>;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** `USER[:GROUP]` by name or number, as in an image's config. Default: root. */
  readonly user?: string;
  /** Default: all. */
  readonly capabilities?: readonly Capability[];
  readonly stdio: Stdio;
  /** Open sockets that it inherits, by descriptor: `NetSys.inheritedSocket`. */
  readonly sockets?: ReadonlyMap<Fd, TcpListener | UdpSocket>;
};

/** A process that the daemon or the world started and waits for. */
export interface Process {
  /** In the host's numbering. */
  readonly pid: Pid;
  readonly namespaces: Namespaces;
  readonly stdin: StreamEnd | undefined;
  readonly stdout: StreamEnd | undefined;
  readonly stderr: StreamEnd | undefined;
  readonly pty: PtyMaster | undefined;
  readonly end: ExitReport | undefined;
  /** Woken when it has ended. */
  readonly ended: WaitQueue;
  /** Freezes or thaws it with all in its pid namespace (the freezer cgroup: `docker pause`). */
  freeze(frozen: boolean): void;
}

export interface Processes {
  /** EACCES, ENOENT, ENOEXEC as execve(2); ENOTDIR and EISDIR too. */
  start(request: StartProcess): Result<Process, Errno>;
  kill(pid: Pid, signal: SignalName): Result<void, Errno>;
  /** Host numbering; `within` limits it to one pid namespace (and those below it), still in host numbering. */
  list(within?: PidNamespace): readonly ProcessInfo[];
  /** The first executable that `name` finds: a path as it is, a bare name along PATH. As runc looks a command up. */
  lookup(namespaces: Pick<Namespaces, "mnt">, name: string, path: string | undefined, cwd: string): Result<string, Errno>;
  newPidNamespace(): PidNamespace;
}
