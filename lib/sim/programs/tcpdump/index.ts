/** tcpdump. */

import type { NetProgram } from "@/lib/sim/kernel";
import { tcpdump } from "./tcpdump";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([["tcpdump/tcpdump", tcpdump]]);
