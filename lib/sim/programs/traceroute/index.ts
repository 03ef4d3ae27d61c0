/** traceroute, of Debian and of busybox. */

import type { NetProgram } from "@/lib/sim/kernel";
import { busyboxTraceroute } from "./busybox";
import { debianTraceroute } from "./debian";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["traceroute/traceroute", debianTraceroute],
  ["busybox/traceroute", busyboxTraceroute],
]);
