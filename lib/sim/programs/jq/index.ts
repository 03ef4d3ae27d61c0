import type { NetProgram } from "@/lib/sim/kernel";
import { jq } from "./jq";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([["jq/jq", jq]]);
