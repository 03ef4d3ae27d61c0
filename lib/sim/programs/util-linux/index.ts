/** util-linux, less, ncurses' `clear`, and busybox's applets of the same names. */

import type { NetProgram } from "@/lib/sim/kernel";
import { rev } from "../coreutils/cat";
import { hexdump } from "../coreutils/bytes";
import { findmnt, mount, mountpoint, umount } from "./mount";
import { lsns, nsenter } from "./namespaces";
import { pager } from "./pager";
import { clear, dmesg, logger, setsid, unshare } from "./session";

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["util-linux/nsenter", nsenter("gnu")],
  ["busybox/nsenter", nsenter("busybox")],
  ["util-linux/lsns", lsns()],
  ["util-linux/unshare", unshare("gnu")],
  ["busybox/unshare", unshare("busybox")],
  ["util-linux/mount", mount("gnu")],
  ["busybox/mount", mount("busybox")],
  ["util-linux/umount", umount("gnu")],
  ["busybox/umount", umount("busybox")],
  ["util-linux/mountpoint", mountpoint("gnu")],
  ["util-linux/findmnt", findmnt("gnu")],
  ["util-linux/setsid", setsid("gnu")],
  ["busybox/setsid", setsid("busybox")],
  ["util-linux/rev", rev("gnu")],
  ["util-linux/hexdump", hexdump("gnu")],
  ["util-linux/dmesg", dmesg("gnu")],
  ["busybox/dmesg", dmesg("busybox")],
  ["util-linux/logger", logger("gnu")],
  ["busybox/logger", logger("busybox")],
  ["util-linux/more", pager("more")("gnu")],
  ["busybox/more", pager("more")("busybox")],
  ["less/less", pager("less")("gnu")],
  ["busybox/less", pager("less")("busybox")],
  ["ncurses/clear", clear("gnu")],
  ["busybox/clear", clear("busybox")],
]);
