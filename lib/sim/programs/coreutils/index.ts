/** GNU coreutils, and busybox's applets of the same names. */

import type { Program } from "@/lib/sim/core/sys";
import type { NetProgram } from "@/lib/sim/kernel";
import type { Flavour } from "../command/command";
import { cat, nl, rev, tac } from "./cat";
import { cp, mv } from "./copy";
import { cut, paste } from "./cut";
import { date } from "./date";
import { echo, falseProgram, seq, sleep, trueProgram, yes } from "./echo";
import { expr } from "./expr";
import { head, tail } from "./head-tail";
import { arch, groups, hostname, id, logname, nproc, tty, uname, uptime, who, whoami } from "./identity";
import { ls } from "./ls";
import { chgrp, chmod, chown, ln, mkdir, mktemp, sync, touch, truncate } from "./make";
import { basename, dirname, pwd, readlink, realpath, which } from "./paths";
import { printf } from "./printf";
import { rm, rmdir, unlink } from "./remove";
import { env, nice, nohup, printenv, timeout } from "./run";
import { sort } from "./sort";
import { stat } from "./stat";
import { tee } from "./tee";
import { bracket, test } from "./test";
import { tr } from "./tr";
import { comm, uniq } from "./uniq";
import { wc } from "./wc";

type Make = (flavour: Flavour) => Program;

/** Name, and what makes the program in either flavour. */
const APPLETS: Readonly<Record<string, Make>> = {
  "[": bracket, arch, basename, cat, chgrp, chmod, chown, comm, cp, cut, date, dirname, echo, env, expr, false: falseProgram, groups, head, hostname, id,
  ln, logname, ls, mkdir, mktemp, mv, nice, nl, nohup, nproc, paste, printenv, printf, pwd, readlink, realpath, rev, rm, rmdir, seq, sleep, sort, stat,
  sync, tac, tail, tee, test, timeout, touch, tr, true: trueProgram, truncate, tty, uname, uniq, unlink, uptime, wc, which, who, whoami, yes,
};

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>(
  Object.entries(APPLETS).flatMap(([name, make]) => [
    [`coreutils/${name}`, make("gnu")] as const,
    [`busybox/${name}`, make("busybox")] as const,
  ]),
);
