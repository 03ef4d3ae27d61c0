/**
 * One host's kernel, put together from its parts: network stack, file systems, processes.
 *
 * What boots here is a machine with an empty disk, its /proc, /sys and /dev, one network namespace with `lo`, and pid 1.
 * Everything else (programs, network cards, the daemon) is put on by the kernel's users.
 */

import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Frame } from "@/lib/sim/net/frame";
import type { FileSystem } from "./fs/contract";
import { devpts, fillDev } from "./fs/dev";
import { Mounts } from "./fs/mounts";
import { procfs } from "./fs/proc";
import { sysfs } from "./fs/sysfs";
import { directory } from "./fs/synthetic";
import { Tree } from "./fs/tree";
import { NetworkStack } from "./net";
import type { Netns, NetSys } from "./netns";
import { PidNs } from "./process/pid-namespace";
import type { ProcNamespaces } from "./process/process";
import { SystemCalls } from "./process/system-calls";
import { ProcessTable } from "./process/table";
import type { KernelTrace } from "./trace";

export type NetProgram = Program<NetSys>;

/** Programs by the name that executables carry (`iproute2/ip`, `busybox/ping`, `docker`). */
export type Registry = ReadonlyMap<string, NetProgram>;

export type KernelEnvironment = {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  readonly programs: Registry;
};

/** The numbers of the machine's own namespaces are the same on every Linux (include/linux/proc_ns.h). */
const ROOT_PID_NAMESPACE = "4026531836";
/** mnt; the two that follow it here stand for uts and ipc. */
const ROOT_MOUNT_NAMESPACE = 4_026_531_840;
/** Numbers of namespaces made later. */
const FIRST_NAMESPACE = 4_026_532_300;
const FIRST_PIPE = 8_200;

export class Kernel {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  readonly processes: ProcessTable;
  /** The namespaces of the machine itself. */
  readonly root: ProcNamespaces;
  readonly #network: NetworkStack;
  #nextNamespace = FIRST_NAMESPACE;
  #nextPipe = FIRST_PIPE;

  constructor(environment: KernelEnvironment) {
    const { host, scheduler, random, trace, programs } = environment;
    this.host = host;
    this.scheduler = scheduler;
    this.random = random;
    this.trace = trace;
    this.#network = new NetworkStack({ host, scheduler, random: random.fork("net"), trace });
    const pid = new PidNs(ROOT_PID_NAMESPACE);
    this.root = {
      net: this.#network.root,
      mnt: this.#mount(this.createFileSystem(), { id: ROOT_MOUNT_NAMESPACE, rootType: "overlay", rootSource: "overlay" }),
      uts: { hostname: host, domainname: "" },
      pid,
    };
    this.processes = new ProcessTable({
      scheduler,
      random: random.fork("processes"),
      programs,
      rootPid: pid,
      newPipeNumber: () => this.#nextPipe++,
      newNamespaceId: () => String(this.#takeNamespace()),
      rootNamespaces: () => this.root,
      systemCalls: (proc) => new SystemCalls(proc, this.processes, this.#namespaces),
    });
    this.processes.startInit(this.root, waitForever);
  }

  readonly #namespaces = {
    byId: (id: string): Netns | undefined => this.#network.byId(id),
    create: (): Netns => this.createNetns(),
    releaseIfUnused: (netns: Netns): void => {
      const isEntered = this.root.pid.list().some((proc) => !proc.end && proc.namespaces.net.id === netns.id);
      const isBound = this.root.mnt.holdsNetns(netns);
      const found = this.#network.byId(netns.id);
      if (!isEntered && !isBound && found && found.id !== this.root.net.id) this.#network.destroy(found);
    },
  };

  /** A namespace with nothing but a `lo` that is down. */
  createNetns(): Netns {
    return this.#network.create();
  }

  /** All that exist, by id. */
  netnses(): readonly Netns[] {
    return this.#network.list();
  }

  /** Removes its links (peers of veths too) and ends its sockets. */
  destroyNetns(netns: Netns): void {
    this.#network.destroy(netns);
  }

  /** Names a namespace in the root mount namespace: `/var/run/docker/netns/<key>`. */
  bindNetns(path: string, netns: Netns): void {
    this.root.mnt.mountNetns(path, netns);
  }

  unbindNetns(path: string): void {
    this.root.mnt.unmount(path);
    this.root.mnt.root.remove(path);
  }

  createFileSystem(): Tree {
    return new Tree(() => this.scheduler.now);
  }

  /** A namespace with `root` at `/`, and /proc, /sys and /dev of its own: what runc sets up for a container. */
  createMountNamespace(root: FileSystem): Mounts {
    const id = this.#takeNamespace();
    this.#takeNamespace();
    this.#takeNamespace();
    return this.#mount(root, { id, rootType: "overlay", rootSource: "overlay" });
  }

  /** Puts a network card `name` on a cable; frames go to `send` and come back by calling what this returns. */
  plugIn(
    card: { readonly name: string; readonly mac: string; readonly mtu?: number },
    send: (frame: Frame) => void,
  ): (frame: Frame) => void {
    return this.#network.plugIn(card, send);
  }

  #mount(root: FileSystem, kind: { readonly id: number; readonly rootType: string; readonly rootSource: string }): Mounts {
    const newTree = (): Tree => this.createFileSystem();
    const mounts = new Mounts(root, { ...kind, newTree });
    const dev = newTree();
    fillDev(dev);
    mounts.mountProvider("/proc", "proc", procfs);
    mounts.mountTree("/dev", dev, "tmpfs");
    mounts.mountProvider("/dev/pts", "devpts", (viewer) => devpts(viewer.mounts));
    mounts.mountProvider("/sys", "sysfs", sysfs);
    const shm = newTree();
    shm.setMode(shm.root, 0o1777);
    mounts.mountTree("/dev/shm", shm, "tmpfs");
    mounts.mountProvider("/sys/fs/cgroup", "cgroup2", () => directory({}, 0o755), kind.id === ROOT_MOUNT_NAMESPACE ? "cgroup2" : "cgroup");
    if (kind.id === ROOT_MOUNT_NAMESPACE) return mounts;
    const queues = newTree();
    queues.setMode(queues.root, 0o1777);
    mounts.mountTree("/dev/mqueue", queues, "mqueue");
    return mounts;
  }

  #takeNamespace(): number {
    return this.#nextNamespace++;
  }
}

function* waitForever(): Routine<number> {
  for (;;) yield { on: [] };
}
