/** What `ps`, `pgrep` and `top` know of a process: the kernel's list, and the numbers that only /proc has. */

import type { ProcessInfo, Sys } from "@/lib/sim/core/sys";
import { userName } from "../coreutils/identity";

export type ProcessFacts = ProcessInfo & {
  readonly session: number;
  readonly uid: number;
  readonly gid: number;
  /** The owner as this machine's /etc/passwd calls it. */
  readonly owner: string;
  /** The foreground group of its terminal. */
  readonly foreground: number;
};

export function listProcesses(sys: Sys): ProcessFacts[] {
  const owners = new Map<number, string>();
  return sys.processes().map((info) => {
    const stat = sys.readFile(`/proc/${info.pid}/stat`);
    const fields = stat.ok ? stat.value.slice(stat.value.lastIndexOf(")") + 2).split(" ") : [];
    const status = sys.readFile(`/proc/${info.pid}/status`);
    const id = (name: string): number =>
      Number((status.ok ? new RegExp(`^${name}:\\t(\\d+)`, "m").exec(status.value)?.[1] : undefined) ?? 0);
    const uid = id("Uid");
    const owner = owners.get(uid) ?? userName(sys, uid) ?? String(uid);
    owners.set(uid, owner);
    return { ...info, session: Number(fields[3] ?? 0), foreground: Number(fields[5] ?? -1), uid, gid: id("Gid"), owner };
  });
}

/** The command line on one line; a process without one (a zombie, the kernel's own) is shown by its name. */
export function commandLine(process: ProcessFacts): string {
  if (process.state === "Z") return `[${process.name}] <defunct>`;
  return process.argv.length > 0 ? process.argv.join(" ").replaceAll("\n", " ") : `[${process.name}]`;
}

/** STAT: the state, `s` for a session leader, `+` in the foreground. */
export function statLetters(process: ProcessFacts, forPs: "procps" | "busybox"): string {
  if (forPs === "busybox") return process.state;
  return (
    process.state +
    (process.session === process.pid ? "s" : "") +
    (process.foreground > 0 && process.foreground === process.group ? "+" : "")
  );
}
