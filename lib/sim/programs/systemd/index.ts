import type { NetProgram } from "@/lib/sim/kernel";
import { systemctl } from "./systemctl";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([["systemd/systemctl", systemctl]]);
