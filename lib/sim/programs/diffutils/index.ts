/** GNU diffutils, and busybox's `diff` and `cmp`. */

import type { NetProgram } from "@/lib/sim/kernel";
import { cmp, diff } from "./diff";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["diffutils/diff", diff("gnu")],
  ["diffutils/cmp", cmp("gnu")],
  ["busybox/diff", diff("busybox")],
  ["busybox/cmp", cmp("busybox")],
]);
