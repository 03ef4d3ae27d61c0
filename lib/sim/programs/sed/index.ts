/** GNU sed, and busybox's. */

import type { NetProgram } from "@/lib/sim/kernel";
import { sed } from "./sed";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["sed/sed", sed("gnu")],
  ["busybox/sed", sed("busybox")],
]);
