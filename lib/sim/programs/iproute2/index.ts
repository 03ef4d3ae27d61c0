/** The package `iproute2` (7.3.0, Debian): ip, bridge, ss. */

import type { NetProgram } from "@/lib/sim/kernel";
import { bridge } from "./bridge";
import { ip } from "./ip";
import { ss } from "./ss";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["iproute2/ip", ip],
  ["iproute2/bridge", bridge],
  ["iproute2/ss", ss],
]);
