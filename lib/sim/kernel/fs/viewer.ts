/** Who looks at a file system: what procfs, sysfs, devpts and permission checks need to know of the process that asks. */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { SignalName } from "@/lib/sim/core/signal";
import type { Duration, Instant } from "@/lib/sim/core/time";
import type { Netns } from "../netns";
import type { OpenFile } from "../process/open-file";
import type { UtsNamespace } from "../process/contract";
import type { Mounts } from "./mounts";

export interface Viewer {
  readonly uid: number;
  readonly gid: number;
  readonly netns: Netns;
  /** Whose interfaces /sys shows it. */
  readonly sysfsNetns: Netns;
  readonly uts: UtsNamespace;
  readonly mounts: Mounts;
  readonly now: Instant;
  /** Whether it may change the machine's settings (CAP_SYS_ADMIN, or CAP_NET_ADMIN for /proc/sys/net). */
  may(capability: "NET_ADMIN" | "SYS_ADMIN"): boolean;
  /** Its own number in the pid namespace that /proc shows; undefined when it is not in it. */
  readonly pid: number | undefined;
  /** The processes in that pid namespace, by number. */
  pids(): readonly number[];
  process(pid: number): ProcessView | undefined;
  /** The controlling terminal (/dev/tty). */
  terminal(): OpenFile | undefined;
}

/** A process as /proc/PID shows it. Numbers are those of the viewer's pid namespace, 0 for what is outside. */
export interface ProcessView {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  /** Its numbers from the viewer's namespace down to its own (NSpid). */
  readonly nsPids: readonly number[];
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly exe: string;
  readonly state: "R" | "S" | "T" | "Z";
  readonly uid: number;
  readonly gid: number;
  readonly startedAt: Instant;
  readonly cpu: Duration;
  readonly tty: { readonly name: string; readonly device: readonly [number, number]; readonly foreground: number } | undefined;
  readonly capabilities: bigint;
  readonly signals: {
    readonly pending: readonly SignalName[];
    readonly ignored: readonly SignalName[];
    readonly caught: readonly SignalName[];
  };
  readonly netns: Netns;
  readonly mounts: Mounts;
  readonly namespaces: Readonly<Record<"cgroup" | "ipc" | "mnt" | "net" | "pid" | "time" | "user" | "uts", string>>;
  readonly descriptors: ReadonlyMap<number, OpenFile>;
  /** Only the process itself and root may look into its descriptors and environment. */
  mayInspect(uid: number): Result<void, Errno>;
}
