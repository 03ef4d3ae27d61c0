/** The package `net-tools` (2.10, Debian). */

import type { NetProgram } from "@/lib/sim/kernel";
import { arp } from "./arp";
import { ifconfig } from "./ifconfig";
import { netstat } from "./netstat";
import { route } from "./route";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["net-tools/ifconfig", ifconfig],
  ["net-tools/route", route],
  ["net-tools/arp", arp],
  ["net-tools/netstat", netstat],
]);
