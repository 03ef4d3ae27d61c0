/** /proc/PID: proc_pid(5), as `ps`, `ls -l /proc/self/fd` and `readlink /proc/PID/ns/net` read it. */

import { ok } from "@/lib/base/result";
import { SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import { netDirectory } from "./proc-net";
import { computed, directory, link, type Synthetic, type SyntheticDirectory, text } from "./synthetic";
import type { ProcessView, Viewer } from "./viewer";

/** Clock ticks a second in /proc/PID/stat. */
export const HERTZ = 100;

const STATE_NAMES = { R: "running", S: "sleeping", T: "stopped", Z: "zombie" } as const;

export function processDirectory(process: ProcessView, viewer: Viewer): SyntheticDirectory {
  const may = process.mayInspect(viewer.uid);
  const privately = (read: () => string): Synthetic => ({ kind: "file", mode: 0o400, size: 0, read: () => (may.ok ? ok(read()) : may) });
  const isZombie = process.state === "Z";
  return directory({
    cgroup: () => text(() => "0::/\n"),
    cmdline: () => text(() => (isZombie ? "" : process.argv.map((arg) => `${arg}\0`).join(""))),
    comm: () => text(() => `${process.name}\n`),
    cwd: () => link(() => process.cwd),
    environ: () => privately(() => (isZombie ? "" : [...process.env].map(([name, value]) => `${name}=${value}\0`).join(""))),
    exe: () => link(() => process.exe),
    fd: () => descriptors(process, may.ok, viewer),
    limits: () => text(limits),
    mounts: () => text(() => mountsText(process)),
    net: () => netDirectory(process.netns, viewer),
    ns: () => namespaces(process, may.ok),
    root: () => ({ kind: "symlink", target: () => "/", mounts: () => (may.ok ? process.mounts : undefined) }),
    stat: () => text(() => statLine(process)),
    status: () => text(() => status(process)),
    task: () =>
      directory({
        [String(process.pid)]: () =>
          directory({
            comm: () => text(() => `${process.name}\n`),
            stat: () => text(() => statLine(process)),
            status: () => text(() => status(process)),
          }),
      }),
  });
}

/** `mount` and /proc/mounts. */
export function mountsText(process: Pick<ProcessView, "mounts">): string {
  return process.mounts.mounts
    .map(
      ({ at, source, type, readOnly, options }) =>
        `${source} ${at} ${type} ${[readOnly ? "ro" : "rw", ...(options === "" ? [] : [options])].join(",")} 0 0\n`,
    )
    .join("");
}

function descriptors(process: ProcessView, mayLook: boolean, viewer: Viewer): SyntheticDirectory {
  /** Who lists its own descriptors has this directory open as well, under the lowest free number. */
  const own = (): number[] => {
    let free = 0;
    while (process.descriptors.has(free)) free++;
    return process.pid === viewer.pid ? [free] : [];
  };
  return computed(
    () => (mayLook ? [...process.descriptors.keys(), ...own()].map(String) : []),
    (name) => {
      const file = mayLook ? process.descriptors.get(Number(name)) : undefined;
      if (!file && mayLook && own().includes(Number(name))) return link(() => `/proc/${process.pid}/fd`);
      return file && { kind: "symlink", target: () => file.target, opens: () => file };
    },
    0o500,
  );
}

function namespaces(process: ProcessView, mayLook: boolean): SyntheticDirectory {
  const one = (file: string, kind: keyof ProcessView["namespaces"]): (() => Synthetic | undefined) => {
    return () =>
      mayLook
        ? {
            kind: "symlink",
            target: () => `${kind}:[${process.namespaces[kind]}]`,
            ...(file === "net" ? { netns: () => process.netns } : {}),
          }
        : undefined;
  };
  return directory(
    {
      cgroup: one("cgroup", "cgroup"),
      ipc: one("ipc", "ipc"),
      mnt: one("mnt", "mnt"),
      net: one("net", "net"),
      pid: one("pid", "pid"),
      pid_for_children: one("pid_for_children", "pid"),
      time: one("time", "time"),
      time_for_children: one("time_for_children", "time"),
      user: one("user", "user"),
      uts: one("uts", "uts"),
    },
    0o511,
  );
}

function statLine(process: ProcessView): string {
  const ticks = Math.floor((process.cpu / 1_000_000) * HERTZ);
  const started = Math.floor((process.startedAt / 1_000_000) * HERTZ);
  const [major, minor] = process.tty?.device ?? [0, 0];
  const device = (minor & 0xff) | (major << 8) | ((minor & 0xfff00) << 12);
  const fields = [
    process.pid,
    `(${process.name})`,
    process.state,
    process.ppid,
    process.group,
    process.session,
    device,
    process.tty?.foreground ?? -1,
    0,
    0,
    0,
    0,
    0,
    ticks,
    0,
    0,
    0,
    20,
    0,
    1,
    0,
    started,
    0,
    0,
  ];
  return `${[...fields, ...Array.from({ length: 52 - fields.length }, () => 0)].join(" ")}\n`;
}

function status(process: ProcessView): string {
  const mask = (signals: readonly SignalName[]): string =>
    signals
      .reduce((bits, name) => bits | (1n << BigInt(SIGNAL_NUMBERS[name] - 1)), 0n)
      .toString(16)
      .padStart(16, "0");
  const capabilities = process.capabilities.toString(16).padStart(16, "0");
  const bounding = capabilities;
  const rows: readonly (readonly [string, string | number])[] = [
    ["Name", process.name],
    ["Umask", "0022"],
    ["State", `${process.state} (${STATE_NAMES[process.state]})`],
    ["Tgid", process.pid],
    ["Ngid", 0],
    ["Pid", process.pid],
    ["PPid", process.ppid],
    ["TracerPid", 0],
    ["Uid", [process.uid, process.uid, process.uid, process.uid].join("\t")],
    ["Gid", [process.gid, process.gid, process.gid, process.gid].join("\t")],
    ["FDSize", 64],
    ["Groups", `${process.gid} `],
    ["NStgid", process.nsPids.join("\t")],
    ["NSpid", process.nsPids.join("\t")],
    ["Threads", 1],
    ["SigQ", "0/15651"],
    ["SigPnd", mask([])],
    ["ShdPnd", mask(process.signals.pending)],
    ["SigBlk", mask([])],
    ["SigIgn", mask(process.signals.ignored)],
    ["SigCgt", mask(process.signals.caught)],
    ["CapInh", "0000000000000000"],
    ["CapPrm", process.uid === 0 ? capabilities : "0000000000000000"],
    ["CapEff", process.uid === 0 ? capabilities : "0000000000000000"],
    ["CapBnd", bounding],
    ["CapAmb", "0000000000000000"],
    ["NoNewPrivs", 0],
  ];
  return rows.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

function limits(): string {
  const row = (name: string, soft: string, hard: string, unit: string): string =>
    `${name.padEnd(26)}${soft.padEnd(21)}${hard.padEnd(21)}${unit.padEnd(10)}\n`;
  return [
    row("Limit", "Soft Limit", "Hard Limit", "Units"),
    row("Max cpu time", "unlimited", "unlimited", "seconds"),
    row("Max file size", "unlimited", "unlimited", "bytes"),
    row("Max data size", "unlimited", "unlimited", "bytes"),
    row("Max stack size", "8388608", "unlimited", "bytes"),
    row("Max core file size", "0", "unlimited", "bytes"),
    row("Max resident set", "unlimited", "unlimited", "bytes"),
    row("Max processes", "2000", "2000", "processes"),
    row("Max open files", "1024", "1024", "files"),
  ].join("");
}
