/** The columns of procps's `ps` (output specifiers of ps(1)). Memory is not simulated: it is shown as nought. */

import { formatDate } from "../coreutils/date";
import { groupName } from "../coreutils/identity";
import type { Sys } from "@/lib/sim/core/sys";
import { commandLine, type ProcessFacts, statLetters } from "./process-facts";

export type Column = {
  readonly header: string;
  readonly width: number;
  readonly align: "left" | "right";
  readonly value: (process: ProcessFacts, sys: Sys) => string;
};

const right = (header: string, width: number, value: Column["value"]): Column => ({ header, width, align: "right", value });
const left = (header: string, width: number, value: Column["value"]): Column => ({ header, width, align: "left", value });

const two = (value: number): string => String(value).padStart(2, "0");

function startMs(process: ProcessFacts, sys: Sys): number {
  return sys.dateMs - (sys.now - process.startedAt) / 1_000;
}

/** Since midnight by the clock, earlier by the date. */
function startTime(process: ProcessFacts, sys: Sys, today: string): string {
  const ms = startMs(process, sys);
  const isToday = Math.floor(ms / 86_400_000) === Math.floor(sys.dateMs / 86_400_000);
  return formatDate(ms, isToday ? today : formatDate(ms, "%Y") === formatDate(sys.dateMs, "%Y") ? "%b%d" : "%Y");
}

function cpuTime(process: ProcessFacts): string {
  const seconds = Math.floor(process.cpu / 1_000_000);
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `0:00`, BSD's. */
export function bsdTime(process: ProcessFacts): string {
  const seconds = Math.floor(process.cpu / 1_000_000);
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

function elapsed(process: ProcessFacts, sys: Sys): string {
  const total = Math.floor((sys.now - process.startedAt) / 1_000_000);
  const [days, hours, minutes, seconds] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3_600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const clock = `${two(minutes)}:${two(seconds)}`;
  return days > 0 ? `${days}-${two(hours)}:${clock}` : hours > 0 ? `${two(hours)}:${clock}` : clock;
}

export function cpuShare(process: ProcessFacts, sys: Sys): number {
  const lived = sys.now - process.startedAt;
  return lived > 0 ? Math.min(100, (process.cpu / lived) * 100) : 0;
}

function namespace(kind: string): Column["value"] {
  return ({ pid }, sys) => {
    const link = sys.readlink(`/proc/${pid}/ns/${kind}`);
    return (link.ok ? /\[(\d+)\]/.exec(link.value)?.[1] : undefined) ?? "-";
  };
}

const pid = right("PID", 7, (one) => String(one.pid));
const ppid = right("PPID", 7, (one) => String(one.ppid));
const group = right("PGID", 7, (one) => String(one.group));
const session = right("SID", 7, (one) => String(one.session));
const tt = left("TT", 8, (one) => one.tty);
const user = left("USER", 8, (one) => one.owner);
const uid = right("UID", 5, (one) => String(one.uid));
const gid = right("GID", 5, (one) => String(one.gid));
const comm = left("COMMAND", 15, (one) => (one.state === "Z" ? `${one.name} <defunct>` : one.name));
const args = left("COMMAND", 27, commandLine);
const time = right("TIME", 8, cpuTime);
const cpu = right("%CPU", 4, (one, sys) => cpuShare(one, sys).toFixed(1));
const nice = right("NI", 3, () => "0");
const nought = (header: string, width: number): Column => right(header, width, () => "0");

export const COLUMNS: Readonly<Record<string, Column>> = {
  pid,
  tgid: pid,
  ppid,
  pgid: group,
  pgrp: group,
  sid: session,
  sess: session,
  session,
  tpgid: right("TPGID", 7, (one) => String(one.foreground)),
  tty: tt,
  tt,
  tname: { ...tt, header: "TTY" },
  user,
  euser: { ...user, header: "EUSER" },
  uname: user,
  ruser: { ...user, header: "RUSER" },
  uid,
  euid: { ...uid, header: "EUID" },
  ruid: { ...uid, header: "RUID" },
  gid,
  egid: { ...gid, header: "EGID" },
  rgid: { ...gid, header: "RGID" },
  group: left("GROUP", 8, (one, sys) => groupName(sys, one.gid) ?? String(one.gid)),
  egroup: left("EGROUP", 8, (one, sys) => groupName(sys, one.gid) ?? String(one.gid)),
  comm,
  ucmd: { ...comm, header: "CMD" },
  ucomm: comm,
  args,
  cmd: { ...args, header: "CMD" },
  command: args,
  stat: left("STAT", 4, (one) => statLetters(one, "procps")),
  state: left("S", 1, (one) => one.state),
  s: left("S", 1, (one) => one.state),
  time,
  cputime: time,
  bsdtime: right("TIME", 6, bsdTime),
  etime: right("ELAPSED", 11, elapsed),
  etimes: right("ELAPSED", 7, (one, sys) => String(Math.floor((sys.now - one.startedAt) / 1_000_000))),
  start: right("STARTED", 8, (one, sys) => startTime(one, sys, "%H:%M:%S")),
  lstart: right("STARTED", 24, (one, sys) => formatDate(startMs(one, sys), "%a %b %e %H:%M:%S %Y")),
  stime: left("STIME", 5, (one, sys) => startTime(one, sys, "%H:%M")),
  start_time: left("START", 5, (one, sys) => startTime(one, sys, "%H:%M")),
  bsdstart: right("START", 6, (one, sys) => startTime(one, sys, "%H:%M")),
  "%cpu": cpu,
  pcpu: cpu,
  c: right("C", 2, (one, sys) => String(Math.floor(cpuShare(one, sys)))),
  "%mem": right("%MEM", 4, () => "0.0"),
  pmem: right("%MEM", 4, () => "0.0"),
  vsz: nought("VSZ", 6),
  vsize: nought("VSZ", 6),
  rss: nought("RSS", 5),
  rssize: nought("RSS", 5),
  sz: nought("SZ", 5),
  ni: nice,
  nice,
  pri: right("PRI", 3, () => "19"),
  nlwp: right("NLWP", 4, () => "1"),
  thcount: right("THCNT", 5, () => "1"),
  f: right("F", 1, () => "4"),
  flags: right("F", 1, () => "4"),
  addr: left("ADDR", 4, () => "-"),
  wchan: left("WCHAN", 6, () => "-"),
  opri: right("PRI", 3, () => "80"),
  lwp: right("LWP", 7, (one) => String(one.pid)),
  spid: right("SPID", 7, (one) => String(one.pid)),
  cls: left("CLS", 3, () => "TS"),
  psr: right("PSR", 3, () => "0"),
  cgroupns: right("CGROUPNS", 10, namespace("cgroup")),
  ipcns: right("IPCNS", 10, namespace("ipc")),
  mntns: right("MNTNS", 10, namespace("mnt")),
  netns: right("NETNS", 10, namespace("net")),
  pidns: right("PIDNS", 10, namespace("pid")),
  userns: right("USERNS", 10, namespace("user")),
  utsns: right("UTSNS", 10, namespace("uts")),
};
