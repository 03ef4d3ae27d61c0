/** busybox's network applets (1.38.0, Debian), as every image here has them. */

import type { NetProgram } from "@/lib/sim/kernel";
import { arp } from "./arp";
import { brctl } from "./brctl";
import { ifconfig } from "./ifconfig";
import { ip } from "./ip";
import { netstat } from "./netstat";
import { route } from "./route";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["busybox/ip", ip],
  ["busybox/ifconfig", ifconfig],
  ["busybox/route", route],
  ["busybox/arp", arp],
  ["busybox/netstat", netstat],
  ["busybox/brctl", brctl],
]);
