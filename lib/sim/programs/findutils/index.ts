/** GNU findutils, and busybox's `find` and `xargs`. */

import type { NetProgram } from "@/lib/sim/kernel";
import { find } from "./find";
import { xargs } from "./xargs";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["findutils/find", find("gnu")],
  ["findutils/xargs", xargs("gnu")],
  ["busybox/find", find("busybox")],
  ["busybox/xargs", xargs("busybox")],
]);
