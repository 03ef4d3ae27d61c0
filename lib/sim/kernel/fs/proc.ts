/**
 * /proc: proc(5). What is here of one machine; processes are in proc-pid.ts, /proc/net in proc-net.ts, /proc/sys in
 * proc-sys.ts. Differs: files that nothing simulated could fill are not there.
 */

import { BOOT, dateMs } from "@/lib/sim/core/time";
import { processDirectory } from "./proc-pid";
import { sysDirectory } from "./proc-sys";
import { computed, directory, link, merged, type Provider, text } from "./synthetic";
import type { Viewer } from "./viewer";

/** The kernel release that is modelled, as `uname -r` says it. */
export const RELEASE = "6.12.57+deb13-amd64";
export const VERSION = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.57-1 (2025-11-05)";

/** Memory of the simulated machine, in KiB. Nothing uses it up. */
export const MEMORY = { total: 4_013_452, free: 2_687_116, available: 3_411_904, buffers: 42_312, cached: 871_220, shared: 9_412 } as const;
export const PROCESSORS = 2;

export const procfs: Provider = (viewer) => merged(machine(viewer), processes(viewer));

function processes(viewer: Viewer): ReturnType<Provider> {
  return computed(
    () => viewer.pids().map(String),
    (name) => {
      const process = /^[1-9]\d*$/.test(name) ? viewer.process(Number(name)) : undefined;
      return process && processDirectory(process, viewer);
    },
  );
}

function machine(viewer: Viewer): ReturnType<Provider> {
  const uptime = (): number => viewer.now / 1_000_000;
  return directory({
    cmdline: () => text(() => `BOOT_IMAGE=/boot/vmlinuz-${RELEASE} root=/dev/vda1 ro quiet\n`),
    cpuinfo: () => text(cpuinfo),
    filesystems: () =>
      text(() =>
        ["nodev\tsysfs", "nodev\ttmpfs", "nodev\tproc", "nodev\tdevpts", "nodev\toverlay", "\text4"].map((line) => `${line}\n`).join(""),
      ),
    loadavg: () => text(() => `0.00 0.01 0.00 1/${viewer.pids().length} ${Math.max(1, ...viewer.pids())}\n`),
    meminfo: () => text(meminfo),
    modules: () => text(() => MODULES.map((name) => `${name} 16384 0 - Live 0x0000000000000000\n`).join("")),
    mounts: () => link(() => "self/mounts"),
    net: () => link(() => "self/net"),
    self: () => (viewer.pid === undefined ? undefined : link(() => String(viewer.pid))),
    stat: () => text(() => statText(viewer)),
    swaps: () => text(() => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
    sys: () => sysDirectory(viewer),
    "thread-self": () => (viewer.pid === undefined ? undefined : link(() => `${viewer.pid}/task/${viewer.pid}`)),
    uptime: () => text(() => `${uptime().toFixed(2)} ${(uptime() * PROCESSORS).toFixed(2)}\n`),
    version: () =>
      text(
        () =>
          `Linux version ${RELEASE} (debian-kernel@lists.debian.org) (x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0, GNU ld (GNU Binutils for Debian) 2.44) ${VERSION}\n`,
      ),
  });
}

const MODULES = [
  "br_netfilter",
  "bridge",
  "ip_vs",
  "nf_conntrack",
  "nf_nat",
  "nf_tables",
  "overlay",
  "veth",
  "vxlan",
  "xt_MASQUERADE",
  "xt_conntrack",
];

function cpuinfo(): string {
  const one = (processor: number): string =>
    [
      `processor\t: ${processor}`,
      "vendor_id\t: GenuineIntel",
      "model name\t: Simulated CPU",
      "cpu MHz\t\t: 2400.000",
      `siblings\t: ${PROCESSORS}`,
      `core id\t\t: ${processor}`,
      `cpu cores\t: ${PROCESSORS}`,
      "",
    ]
      .map((line) => `${line}\n`)
      .join("");
  return Array.from({ length: PROCESSORS }, (_, processor) => one(processor)).join("");
}

function meminfo(): string {
  const row = (name: string, value: number): string => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;
  return [
    row("MemTotal", MEMORY.total),
    row("MemFree", MEMORY.free),
    row("MemAvailable", MEMORY.available),
    row("Buffers", MEMORY.buffers),
    row("Cached", MEMORY.cached),
    row("SwapCached", 0),
    row("Shmem", MEMORY.shared),
    row("SReclaimable", 0),
    row("SwapTotal", 0),
    row("SwapFree", 0),
  ].join("");
}

function statText(viewer: Viewer): string {
  const jiffies = Math.floor(viewer.now / 10_000);
  const line = (name: string, idle: number): string => `${name} 0 0 0 ${idle} 0 0 0 0 0 0\n`;
  const cpus = Array.from({ length: PROCESSORS }, (_, n) => line(`cpu${n}`, jiffies)).join("");
  return `${line("cpu ", jiffies * PROCESSORS)}${cpus}intr 0\nctxt 0\nbtime ${Math.floor(dateMs(BOOT) / 1_000)}\nprocesses ${Math.max(1, ...viewer.pids())}\nprocs_running 1\nprocs_blocked 0\n`;
}
