/** nc, OpenBSD's and busybox's. */

import type { NetProgram } from "@/lib/sim/kernel";
import { busyboxNc } from "./busybox";
import { openbsdNc } from "./openbsd";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["netcat-openbsd/nc", openbsdNc],
  ["busybox/nc", busyboxNc],
]);
