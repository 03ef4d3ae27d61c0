/** A process as the file systems see it: who looks (fs/viewer.ts), and what /proc shows of it. */

import { DONE, fail } from "@/lib/base/result";
import { type Capability, capabilityBits } from "@/lib/sim/core/capability";
import type { UserIds } from "@/lib/sim/core/sys";
import type { Instant } from "@/lib/sim/core/time";
import type { ProcessView, Viewer } from "../fs/viewer";
import type { PidNs } from "./pid-namespace";
import { Proc, type ProcNamespaces } from "./process";
import { parentIn } from "./table";

/** Somebody about to become a process. */
export type Subject = {
  readonly namespaces: ProcNamespaces;
  readonly user: UserIds;
  readonly capabilities: ReadonlySet<Capability>;
  readonly now: Instant;
};

export function viewerOf(subject: Proc | Subject): Viewer {
  const { namespaces, user, capabilities } = subject;
  const proc = subject instanceof Proc ? subject : undefined;
  const shown: PidNs = namespaces.mnt.procPid ?? namespaces.pid;
  const pid = proc ? proc.id.in(shown) : 0;
  return {
    uid: user.uid,
    gid: user.gid,
    netns: namespaces.net,
    sysfsNetns: proc?.sysfsNetns ?? namespaces.mnt.sysfsNetns ?? namespaces.net,
    uts: namespaces.uts,
    mounts: namespaces.mnt,
    now: subject.now,
    may: (capability) => capabilities.has(capability),
    pid: pid > 0 ? pid : undefined,
    pids: () => shown.list().map((one) => one.id.in(shown)),
    process: (number) => {
      const found = shown.find(number);
      return found && processView(found, shown);
    },
    terminal: () => proc?.terminal?.open(),
  };
}

function processView(proc: Proc, shown: PidNs): ProcessView {
  const { namespaces, terminal, signals } = proc;
  return {
    pid: proc.id.in(shown),
    ppid: parentIn(proc, shown),
    group: proc.group.in(shown),
    session: proc.session.in(shown),
    nsPids: proc.id.below(shown),
    name: proc.name,
    argv: proc.argv,
    env: proc.env,
    cwd: proc.cwd,
    exe: proc.exe,
    state: proc.state,
    uid: proc.user.uid,
    gid: proc.user.gid,
    startedAt: proc.startedAt,
    cpu: proc.cpu,
    tty: terminal && { name: `pts/${terminal.number}`, device: [136, terminal.number], foreground: terminal.foreground?.in(shown) ?? -1 },
    capabilities: capabilityBits(proc.capabilities),
    signals: { pending: signals.pending, ignored: signals.list("ignored"), caught: signals.list("caught") },
    netns: namespaces.net,
    mounts: namespaces.mnt,
    // What is not unshared here has the numbers of the first namespaces, as on every Linux (include/linux/proc_ns.h).
    namespaces: {
      cgroup: "4026531835",
      ipc: String(namespaces.mnt.id + 2),
      mnt: String(namespaces.mnt.id),
      net: namespaces.net.id,
      pid: namespaces.pid.id,
      time: "4026531834",
      user: "4026531837",
      uts: String(namespaces.mnt.id + 1),
    },
    descriptors: new Map(proc.descriptors.list()),
    mayInspect: (uid) => (uid === 0 || uid === proc.user.uid ? DONE : fail("EACCES")),
  };
}
