/** The package `bridge-utils` (1.7). */

import type { NetProgram } from "@/lib/sim/kernel";
import { brctl } from "./brctl";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([["bridge-utils/brctl", brctl]]);
