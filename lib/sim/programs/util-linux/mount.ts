/** `mount` (as a list), `umount`, `mountpoint`, `findmnt`. Mounting by hand is not simulated: mounts are made by the daemon. */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { both, command, type Flavour } from "../command/command";

type MountLine = { readonly source: string; readonly at: string; readonly type: string; readonly options: string };

function mounts(sys: Sys): MountLine[] {
  const text = sys.readFile("/proc/self/mounts");
  return (text.ok ? text.value : "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [source = "", at = "", type = "", options = ""] = line.split(" ");
      return { source, at, type, options };
    });
}

export function mount(flavour: Flavour): Program {
  return command(
    {
      name: "mount",
      usage: { gnu: "[-lhV]", busybox: "[OPTIONS] [-o OPT] DEVICE NODE" },
      options: both({ short: "lt:o:rwavBMR", long: { types: "t:", options: "o:", bind: "B", "read-only": "r" } }),
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length > 0 || args.has("a"))
        return yield* context.notSimulated("by hand (docker run -v and --mount bind files and directories)");
      const types = args.value("t")?.split(",");
      for (const one of mounts(sys))
        if (!types || types.includes(one.type)) yield* out.put(`${one.source} on ${one.at} type ${one.type} (${one.options})\n`);
      return 0;
    },
  );
}

export function umount(flavour: Flavour): Program {
  return command(
    {
      name: "umount",
      usage: { gnu: "[-hV]", busybox: "[-rlfda] [-t FSTYPE] FILESYSTEM|DIRECTORY" },
      options: both({ short: "rlfdant:O:v" }),
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const [path] = args.operands;
      if (path === undefined) return yield* context.usageError();
      const real = sys.realpath(path);
      if (!real.ok)
        yield* context.complain(
          flavour === "gnu" ? `${path}: no mount point specified.` : `can't unmount ${path}: ${context.words(real.error)}`,
        );
      else if (!mounts(sys).some((one) => one.at === real.value || one.source === path))
        yield* context.complain(flavour === "gnu" ? `${path}: not mounted.` : `can't unmount ${path}: Invalid argument`);
      else return yield* context.notSimulated("by hand");
      return flavour === "gnu" ? 32 : 1;
    },
  );
}

export function mountpoint(flavour: Flavour): Program {
  return command(
    {
      name: "mountpoint",
      usage: { gnu: "[-qd] /path/to/directory", busybox: "[-q] { [-dn] DIR | -x DEVICE }" },
      options: both({ short: "qdxn", long: { quiet: "q" } }),
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const [path] = args.operands;
      if (path === undefined) return yield* context.usageError(flavour === "gnu" ? "bad usage" : undefined);
      const real = sys.realpath(path);
      if (!real.ok) {
        if (!args.has("q")) yield* context.complain(`${path}: ${context.words(real.error)}`);
        return 1;
      }
      const isMounted = mounts(sys).some((one) => one.at === real.value);
      if (!args.has("q")) yield* out.put(`${path} is ${isMounted ? "" : "not "}a mountpoint\n`);
      return isMounted ? 0 : flavour === "gnu" ? 32 : 1;
    },
  );
}

export function findmnt(flavour: Flavour): Program {
  return command(
    {
      name: "findmnt",
      usage: { gnu: "[options] [device|mountpoint]", busybox: "" },
      options: both({ short: "lnt:T:o:D", long: { list: "l", noheadings: "n", types: "t:", target: "T:", output: "o:" } }),
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const wanted = args.operands[0];
      const types = args.value("t")?.split(",");
      const rows = mounts(sys).filter(
        (one) => (wanted === undefined || one.at === wanted || one.source === wanted) && (!types || types.includes(one.type)),
      );
      if (rows.length === 0) return 1;
      const columns = (args.value("o") ?? "TARGET,SOURCE,FSTYPE,OPTIONS").toUpperCase().split(",");
      const cell = (one: MountLine, column: string): string =>
        ({ TARGET: one.at, SOURCE: one.source, FSTYPE: one.type, OPTIONS: one.options })[column] ?? "";
      const isTree = wanted === undefined && !args.has("l");
      const cells = rows.map((one, i) =>
        columns.map((column) =>
          column === "TARGET" && isTree && one.at !== "/" ? `${i === rows.length - 1 ? "└─" : "├─"}${one.at}` : cell(one, column),
        ),
      );
      const table = args.has("n") ? cells : [columns, ...cells];
      const widths = columns.map((_, i) => Math.max(...table.map((row) => (row[i] ?? "").length)));
      for (const row of table)
        yield* out.put(`${row.map((text, i) => (i === row.length - 1 ? text : text.padEnd(widths[i] ?? 0))).join(" ")}\n`);
      return 0;
    },
  );
}
