/** `du` and `df`. Differs: a file takes as many 4 KiB blocks as its bytes need, a directory none; the disk is 20 GB and does not fill up. */

import type { FileStat, Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Context, type Flavour } from "../command/command";
import { quote } from "../command/quote";
import { matchesGlob } from "../grep/grep";
import { humanSize } from "./size";

export function du(flavour: Flavour): Program {
  return command(
    {
      name: "du",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-aHLdclsxhmk] [FILE]..." },
      options: {
        gnu: {
          short: "abcd:DhHkLlmPsSxB:t:0X:",
          long: {
            all: "a",
            bytes: "b",
            total: "c",
            "max-depth": "d:",
            "human-readable": "h",
            dereference: "L",
            summarize: "s",
            "separate-dirs": "S",
            "one-file-system": "x",
            "apparent-size": "apparent",
            exclude: "exclude:",
            "block-size": "B:",
            si: "si",
          },
        },
        busybox: { short: "aHLdclsxhmkP", long: {} },
      },
      unsimulated: flavour === "gnu" ? "BtX0" : "",
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const depth = args.has("s") ? 0 : args.has("d") ? Number(args.value("d")) : Number.POSITIVE_INFINITY;
      const isApparent = args.has("b") || args.has("apparent");
      const sizeOf = (stat: FileStat): number => (isApparent ? stat.size : stat.kind === "file" ? Math.ceil(stat.size / 4_096) * 4_096 : 0);
      const unit = args.last("b", "k", "m", "h", "si");
      const show = (bytes: number): string =>
        unit === "h" || unit === "si"
          ? humanSize(bytes, flavour, unit === "si" ? { base: 1_000 } : {})
          : String(unit === "b" ? bytes : Math.ceil(bytes / (unit === "m" ? 1_048_576 : 1_024)));
      const seen = new Set<number>();
      let status = 0;
      let total = 0;
      const excluded = args.values("exclude");
      const visit = function* (path: string, level: number, isOperand: boolean): Routine<number> {
        const stat = args.has("L") ? sys.stat(path) : sys.lstat(path);
        if (!stat.ok) {
          yield* context.complain(
            flavour === "gnu" ? `cannot access ${quote(path)}: ${context.words(stat.error)}` : `${path}: ${context.words(stat.error)}`,
          );
          status = 1;
          return 0;
        }
        if (excluded.some((glob) => matchesGlob(glob, path.slice(path.lastIndexOf("/") + 1)))) return 0;
        // A file with several names counts once.
        if (stat.value.kind === "file" && stat.value.links > 1) {
          if (seen.has(stat.value.inode)) return 0;
          seen.add(stat.value.inode);
        }
        let size = sizeOf(stat.value);
        const isDirectory = stat.value.kind === "directory";
        let own = size;
        if (isDirectory) {
          const names = sys.readdir(path);
          if (!names.ok) {
            yield* context.complain(
              flavour === "gnu"
                ? `cannot read directory ${quote(path)}: ${context.words(names.error)}`
                : `can't open '${path}': ${context.words(names.error)}`,
            );
            status = 1;
          }
          for (const name of names.ok ? names.value : []) {
            const child = `${path.replace(/(?<=.)\/+$/, "")}/${name}`.replace(/^\/\//, "/");
            const below = yield* visit(child, level + 1, false);
            size += below;
            const childStat = sys.lstat(child);
            if (!(childStat.ok && childStat.value.kind === "directory")) own += below;
          }
        }
        if (level <= depth && (isDirectory || args.has("a") || isOperand)) yield* out.put(`${show(args.has("S") ? own : size)}\t${path}\n`);
        return size;
      };
      for (const path of args.operands.length > 0 ? args.operands : ["."]) total += yield* visit(path, 0, true);
      if (args.has("c")) yield* out.put(`${show(total)}\ttotal\n`);
      return status;
    },
  );
}

/** KiB of the simulated disk. */
const DISK = { size: 20_509_264, used: 3_214_872 } as const;
const TMPFS = { size: 2_006_724, used: 0 } as const;

type Row = { readonly source: string; readonly type: string; readonly at: string; readonly size: number; readonly used: number };

export function df(flavour: Flavour): Program {
  return command(
    {
      name: "df",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]..." },
      options: {
        gnu: {
          short: "aB:hHikmPt:Tx:l",
          long: {
            all: "a",
            "human-readable": "h",
            inodes: "i",
            "print-type": "T",
            type: "t:",
            "exclude-type": "x:",
            portability: "P",
            si: "H",
            local: "l",
          },
        },
        busybox: { short: "PkmhTaiB:t:" },
      },
      unsimulated: "iB",
      unsimulatedLong: ["output::", "total", "sync", "block-size:"],
    },
    flavour,
    function* (context) {
      const { args } = context;
      const all = mounted(context.sys).filter(
        (row) => (args.has("t") ? args.values("t").includes(row.type) : true) && !args.values("x").includes(row.type),
      );
      let rows = all.filter((row) => row.size > 0 || args.has("a"));
      let status = 0;
      if (args.operands.length > 0) {
        rows = [];
        for (const path of args.operands) {
          const real = context.sys.realpath(path);
          if (!real.ok) {
            yield* context.complain(flavour === "gnu" ? `${path}: ${context.words(real.error)}` : `${path}: can't find mount point`);
            status = 1;
            continue;
          }
          const found = all
            .filter((row) => row.at === "/" || real.value === row.at || real.value.startsWith(`${row.at}/`))
            .sort((a, b) => b.at.length - a.at.length)[0];
          if (found) rows.push(found);
        }
        if (rows.length === 0 && flavour === "gnu") return status;
      }
      yield* print(context, rows);
      return status;
    },
  );
}

/** What /proc/mounts says, with sizes. What is made up by the kernel has none. */
function mounted(sys: Sys): Row[] {
  const text = sys.readFile("/proc/self/mounts");
  return (text.ok ? text.value : "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [source = "", at = "", type = ""] = line.split(" ");
      const space = type === "ext4" || type === "overlay" ? DISK : type === "tmpfs" ? TMPFS : { size: 0, used: 0 };
      return { source, at, type, ...space };
    });
}

function* print({ args, out, flavour }: Context, rows: readonly Row[]): Routine<void> {
  const human = args.last("h", "H", "k", "m");
  const show = (kib: number): string => {
    if (human === "h" || human === "H")
      return kib === 0 && flavour === "gnu" ? "0" : humanSize(kib * 1_024, flavour, human === "H" ? { base: 1_000 } : {});
    return String(human === "m" ? Math.ceil(kib / 1_024) : kib);
  };
  const percent = ({ size, used }: Row): string => (size === 0 ? "-" : `${Math.ceil((used / size) * 100)}%`);
  const blocks = human === "h" || human === "H" ? "Size" : human === "m" ? "1M-blocks" : args.has("P") ? "1024-blocks" : "1K-blocks";
  const headers = [
    "Filesystem",
    ...(args.has("T") ? ["Type"] : []),
    blocks,
    "Used",
    human === "h" || human === "H" ? (flavour === "gnu" ? "Avail" : "Available") : "Available",
    args.has("P") ? "Capacity" : "Use%",
    "Mounted on",
  ];
  const cells = rows.map((row) => [
    row.source,
    ...(args.has("T") ? [row.type] : []),
    show(row.size),
    show(row.used),
    show(row.size - row.used),
    percent(row),
    row.at,
  ]);
  const isLeft = (column: number): boolean => column === 0 || column === headers.length - 1 || (args.has("T") && column === 1);
  if (flavour === "busybox") {
    const widths = [20, ...(args.has("T") ? [10] : []), 10, 10, 9, 4];
    const line = (row: readonly string[]): string =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : isLeft(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join(" ");
    yield* out.put([headers, ...cells].map((row) => `${line(row)}\n`).join(""));
    return;
  }
  const widths = headers.map((header, i) =>
    Math.max(
      header.length,
      i === 0 ? 14 : i >= 1 && !isLeft(i) && i !== headers.length - 2 ? 5 : 0,
      ...cells.map((row) => (row[i] ?? "").length),
    ),
  );
  for (const row of [headers, ...cells])
    yield* out.put(
      `${row.map((cell, i) => (i === row.length - 1 ? cell : isLeft(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" ")}\n`,
    );
}
