/** What the four tools say alike: usage, version. */

import { complain, print } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Usage } from "./usage";

/** To standard error, or, when it was asked for, to standard output except for the lists in it. */
export function* showUsage(sys: Sys, usage: Usage, to: "stdout" | "stderr"): Routine<void> {
  for (const { text, isList } of usage) {
    if (to === "stdout" && !isList) yield* print(sys, text);
    else yield* complain(sys, text);
  }
}

const FAMILIES = "AF: (inet) +UNIX +INET +INET6 +IPX +AX25 +NETROM +X25 +ATALK +ECONET +ROSE -BLUETOOTH\n";
const HARDWARE = "+ETHER +ARC +SLIP +PPP +TUNNEL -TR +AX25 +NETROM +X25 +FR +ROSE +ASH +SIT +FDDI +HIPPI +HDLC/LAPB +EUI64 \n";

/** `--version`: the release, the tool's own lines, families and hardware. */
export function versionText(own: readonly string[], hardware: "HW:  " | "HW: (ether) "): string {
  return ["net-tools 2.10\n", ...own.map((line) => `${line}\n`), FAMILIES, hardware, HARDWARE].join("");
}
