/** How busybox applets fail: `APPLET: MESSAGE`, or their usage under the banner (libbb's bb_error_msg, bb_show_usage). */

import { type Errno, strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { BUSYBOX_BANNER } from "../command/command";

/** Why an applet ends: its sentence and status. */
export type Failure = { readonly message: string; readonly status: number };

export function* sayAndStop(sys: Sys, applet: string, { message, status }: Failure): Routine<number> {
  yield* complain(sys, message.startsWith("drydock:") ? `${message}\n` : `${applet}: ${message}\n`);
  return status;
}

/** `usage` is what follows `Usage: `. */
export function* showUsage(sys: Sys, usage: string, complaint = ""): Routine<number> {
  yield* complain(sys, `${complaint}${BUSYBOX_BANNER}\n\nUsage: ${usage}\n`);
  return 1;
}

/** What the kernel said to a netlink request. */
export function rtnetlinkAnswer(errno: Errno): Failure {
  return { message: `RTNETLINK answers: ${strerror(errno)}`, status: 2 };
}

export function notHere(what: string, status = 1): Failure {
  return { message: notSimulated(what), status };
}
