/** procps-ng and psmisc, and busybox's applets of the same names. */

import type { Program } from "@/lib/sim/core/sys";
import type { NetProgram } from "@/lib/sim/kernel";
import type { Flavour } from "../command/command";
import { uptime } from "../coreutils/identity";
import { kill, killall, pgrep, pidof, pkill } from "./kill";
import { free, top, vmstat, w, watch } from "./machine";
import { ps } from "./ps";
import { sysctl } from "./sysctl";

const APPLETS: Readonly<Record<string, (flavour: Flavour) => Program>> = {
  free,
  kill,
  pgrep,
  pidof,
  pkill,
  ps,
  sysctl,
  top,
  uptime,
  vmstat,
  w,
  watch,
};

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ...Object.entries(APPLETS).flatMap(([name, make]) => [
    [`procps/${name}`, make("gnu")] as const,
    [`busybox/${name}`, make("busybox")] as const,
  ]),
  ["psmisc/killall", killall("gnu")],
  ["busybox/killall", killall("busybox")],
]);
