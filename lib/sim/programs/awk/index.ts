import type { NetProgram } from "@/lib/sim/kernel";
import { awk } from "./awk";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["mawk/awk", awk("mawk")],
  ["busybox/awk", awk("busybox")],
]);
