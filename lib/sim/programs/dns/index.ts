import type { NetProgram } from "@/lib/sim/kernel";
import { dig, host } from "./dig";
import { getent } from "./getent";
import { bindNslookup, busyboxNslookup } from "./nslookup";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["bind/dig", dig],
  ["bind/host", host],
  ["bind/nslookup", bindNslookup],
  ["busybox/nslookup", busyboxNslookup],
  ["libc/getent", getent],
]);
