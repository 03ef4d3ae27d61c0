/** ping, of iputils and of busybox. */

import type { NetProgram } from "@/lib/sim/kernel";
import { busyboxPing } from "./busybox";
import { iputilsPing } from "./iputils";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["iputils/ping", iputilsPing],
  ["busybox/ping", busyboxPing],
]);
