/**
 * `nsenter`: run a program in the namespaces of another process (util-linux 2.42, and busybox's). `unshare` and `lsns`.
 *
 * A learner looks into a container's network with it from the host. Differs: cgroup, ipc, user and time namespaces are not
 * apart here, so entering them changes nothing; `unshare` is not simulated.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain } from "@/lib/sim/core/stdio";
import type { ExitReport } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { BUSYBOX_BANNER, type Flavour } from "../command/command";
import { getopt } from "../command/getopt";
import { cannotRunWords } from "../command/wording";
import { become, findProgram, statusOf } from "../coreutils/run";
import { commandLine, listProcesses } from "../procps/process-facts";

type Kind = "net" | "mnt" | "uts" | "pid";

/** Short option, /proc/PID/ns file, and which of the kernel's namespaces it is. */
const KINDS: readonly { readonly option: string; readonly long: string; readonly file: string; readonly kind: Kind | undefined }[] = [
  { option: "C", long: "cgroup", file: "cgroup", kind: undefined },
  { option: "i", long: "ipc", file: "ipc", kind: undefined },
  { option: "U", long: "user", file: "user", kind: undefined },
  { option: "T", long: "time", file: "time", kind: undefined },
  { option: "n", long: "net", file: "net", kind: "net" },
  { option: "m", long: "mount", file: "mnt", kind: "mnt" },
  { option: "u", long: "uts", file: "uts", kind: "uts" },
  { option: "p", long: "pid", file: "pid", kind: "pid" },
];

export function nsenter(flavour: Flavour): NetProgram {
  return function* (sys) {
    const say = (text: string): Routine<void> => complain(sys, `nsenter: ${text}\n`);
    const long = Object.fromEntries([
      ...KINDS.map(({ option, long: name }) => [name, `${option}::`] as const),
      ["target", "t:"],
      ["all", "a"],
      ["root", "r::"],
      ["wd", "w::"],
      ["no-fork", "F"],
      ["preserve-credentials", "preserve"],
      ["setuid", "S:"],
      ["setgid", "G:"],
      ["env", "e"],
      ["follow-context", "Z"],
    ]);
    const parsed = getopt(sys.argv.slice(1), { short: "at:m::u::i::n::p::C::U::T::S:G:r::w::FZe", long, stopsAtOperand: true });
    if (!parsed.ok) {
      yield* say(parsed.error);
      yield* complain(
        sys,
        flavour === "gnu" ? "Try 'nsenter --help' for more information.\n" : `${BUSYBOX_BANNER}\n\nUsage: nsenter [OPTIONS] [PROG ARGS]\n`,
      );
      return 1;
    }
    const { options, operands } = parsed.value;
    const value = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
    const has = (key: string): boolean => options.some((option) => option.key === key);
    const target = value("t");
    if (target !== undefined && !/^\d+$/.test(target)) {
      yield* say(flavour === "gnu" ? `failed to parse pid: '${target}'` : `invalid number '${target}'`);
      return 1;
    }
    const wanted = KINDS.filter(({ option }) => has(option) || has("a"));
    const kinds: Kind[] = [];
    for (const { option, file, kind } of wanted) {
      const path = value(option);
      if (path === undefined && target === undefined) {
        if (flavour === "gnu") yield* say("no target PID specified");
        else yield* complain(sys, `${BUSYBOX_BANNER}\n\nUsage: nsenter [OPTIONS] [PROG ARGS]\n`);
        return 1;
      }
      const from = path ?? `/proc/${target}/ns/${file}`;
      if (kind === "net") {
        const netns = sys.netnsByPath(from);
        if (!netns.ok) {
          yield* say(
            netns.error === "EINVAL"
              ? `reassociate to namespace '${flavour === "gnu" ? "ns/net" : from}' failed: ${strerror("EINVAL")}`
              : flavour === "gnu"
                ? `cannot open ${from}: ${strerror(netns.error)}`
                : `can't open '${from}': ${strerror(netns.error)}`,
          );
          return 1;
        }
        if (!sys.capabilities.has("SYS_ADMIN")) {
          yield* say(`reassociate to namespace 'ns/net' failed: ${strerror("EPERM")}`);
          return 1;
        }
        sys.enterNetns(netns.value);
        continue;
      }
      if (path === undefined && sys.lstat(`/proc/${target}`).ok === false) {
        yield* say(flavour === "gnu" ? `cannot open ${from}: ${strerror("ENOENT")}` : `can't open '${from}': ${strerror("ENOENT")}`);
        return 1;
      }
      if (kind && path !== undefined) {
        yield* complain(sys, `drydock: entering the namespace of a file (${from}) is real, but simulated here only for --net\n`);
        return 1;
      }
      if (kind) kinds.push(kind);
    }
    if (kinds.length > 0 && target !== undefined) {
      const entered = sys.enterNamespacesOf(Number(target), kinds);
      if (!entered.ok) {
        yield* say(`reassociate to namespace 'ns/${kinds[0]}' failed: ${strerror(entered.error)}`);
        return 1;
      }
    }
    const directory = value("w");
    if (directory !== undefined) {
      const moved = sys.chdir(directory);
      if (!moved.ok) {
        yield* say(`cannot open current working directory: ${strerror(moved.error)}`);
        return 1;
      }
    }
    const argv = operands.length > 0 ? operands : [sys.env.get("SHELL") ?? "/bin/sh"];
    // Only a child is in another pid namespace.
    if (kinds.includes("pid") && !has("F")) return yield* runChild(sys, argv, flavour);
    const ran = yield* become(sys, argv);
    if ("status" in ran) return ran.status;
    yield* say(cannotRunWords(flavour, argv[0] ?? "", ran.errno));
    return ran.errno === "ENOENT" ? 127 : 126;
  };
}

function* runChild(sys: NetSys, argv: readonly string[], flavour: Flavour): Routine<number> {
  const found = findProgram(sys, argv[0] ?? "");
  const child = "errno" in found ? found : sys.spawn({ image: { path: found.path }, argv });
  if ("errno" in child || !child.ok) {
    const errno = "errno" in child ? child.errno : child.error;
    yield* complain(sys, `nsenter: ${cannotRunWords(flavour, argv[0] ?? "", errno)}\n`);
    return errno === "ENOENT" ? 127 : 126;
  }
  let report: ExitReport | undefined;
  while (!report) {
    const waited = yield* sys.waitpid(child.value);
    if (!waited.ok && waited.error === "ECHILD") return 1;
    if (waited.ok) report = waited.value;
  }
  return statusOf(report);
}

/** The namespaces that processes are in: one line each. */
export function lsns(): NetProgram {
  return function* (sys) {
    const args = sys.argv.slice(1);
    const type = args.includes("-t") ? args[args.indexOf("-t") + 1] : args.find((arg) => arg.startsWith("--type="))?.slice(7);
    const rows = new Map<
      string,
      { readonly type: string; count: number; readonly pid: number; readonly user: string; readonly command: string }
    >();
    for (const process of listProcesses(sys)) {
      for (const kind of ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]) {
        if (type !== undefined && type !== kind) continue;
        const link = sys.readlink(`/proc/${process.pid}/ns/${kind}`);
        const id = link.ok ? /\[(\d+)\]/.exec(link.value)?.[1] : undefined;
        if (id === undefined) continue;
        const row = rows.get(`${kind} ${id}`);
        if (row) row.count++;
        else rows.set(`${kind} ${id}`, { type: kind, count: 1, pid: process.pid, user: process.owner, command: commandLine(process) });
      }
    }
    const cells = [...rows]
      .map(([key, row]) => [key.split(" ")[1] ?? "", row.type, String(row.count), String(row.pid), row.user, row.command])
      .sort((a, b) => Number(a[0]) - Number(b[0]));
    const table = [["NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND"], ...cells];
    const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
    const isRight = (column: number): boolean => column === 0 || column === 2 || column === 3;
    yield* sys.write(
      1,
      table
        .map(
          (row) =>
            `${row.map((cell, i) => (i === 5 ? cell : isRight(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join(" ")}\n`,
        )
        .join(""),
    );
    return 0;
  };
}
