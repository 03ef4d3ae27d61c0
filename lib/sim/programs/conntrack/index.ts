/** The package `conntrack`. */

import type { NetProgram } from "@/lib/sim/kernel";
import { conntrack } from "./conntrack";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([["conntrack/conntrack", conntrack]]);
