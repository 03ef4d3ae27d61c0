import type { NetProgram } from "@/lib/sim/kernel";
import { curl } from "./curl";
import { wget } from "./wget";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["curl/curl", curl],
  ["wget/wget", wget("gnu")],
  ["busybox/wget", wget("busybox")],
]);
