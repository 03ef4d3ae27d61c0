/** GNU coreutils, and busybox's applets of the same names. */

import type { Program } from "@/lib/sim/core/sys";
import type { NetProgram } from "@/lib/sim/kernel";
import type { Flavour } from "../command/command";
import { base64, hexdump, od, sum, xxd } from "./bytes";
import { cat, nl, rev, tac } from "./cat";
import { cp, mv } from "./copy";
import { cut, paste } from "./cut";
import { date } from "./date";
import { df, du } from "./disk";
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
  "[": bracket,
  arch,
  base64,
  basename,
  cat,
  chgrp,
  chmod,
  chown,
  comm,
  cp,
  cut,
  date,
  df,
  dirname,
  du,
  echo,
  env,
  expr,
  false: falseProgram,
  groups,
  head,
  hostname,
  id,
  ln,
  logname,
  ls,
  md5sum: sum("md5"),
  mkdir,
  mktemp,
  mv,
  nice,
  nl,
  nohup,
  nproc,
  od,
  paste,
  printenv,
  printf,
  pwd,
  readlink,
  realpath,
  rm,
  rmdir,
  seq,
  sha1sum: sum("sha1"),
  sha256sum: sum("sha256"),
  sha512sum: sum("sha512"),
  sleep,
  sort,
  stat,
  sync,
  tac,
  tail,
  tee,
  test,
  timeout,
  touch,
  tr,
  true: trueProgram,
  truncate,
  tty,
  uname,
  uniq,
  unlink,
  wc,
  who,
  whoami,
  yes,
};

/** Debian's busybox is built without these. */
const NOT_IN_BUSYBOX = new Set(["comm", "nice", "nohup", "printenv"]);

/** Applets whose tool on a Debian host comes from another package. */
const ELSEWHERE: Readonly<Record<string, Make>> = { hexdump, rev, which, xxd, uptime };

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ...Object.entries(APPLETS).map(([name, make]) => [`coreutils/${name}`, make("gnu")] as const),
  ...Object.entries({ ...APPLETS, ...ELSEWHERE }).flatMap(([name, make]) =>
    NOT_IN_BUSYBOX.has(name) ? [] : [[`busybox/${name}`, make("busybox")] as const],
  ),
  ["hostname/hostname", hostname("gnu")],
  ["debianutils/which", which("gnu")],
  ["xxd/xxd", xxd("gnu")],
]);
