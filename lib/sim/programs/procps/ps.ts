/**
 * `ps`: procps-ng 4.0.7 with its three kinds of options (UNIX `-ef`, BSD `aux`, GNU `--sort`), and busybox's, which knows
 * little more than `-o`. A learner sees here what the pid namespaces of containers are. Memory is shown as nought.
 */

import { complain } from "@/lib/sim/core/stdio";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Flavour } from "../command/command";
import { listProcesses, type ProcessFacts } from "./process-facts";
import { busybox } from "./ps-busybox";
import { bsdTime, COLUMNS } from "./ps-columns";
import { type Chosen, CMD, NAME, parse, pick, PsError, type Request, TTY } from "./ps-options";

export function ps(flavour: Flavour): Program {
  return flavour === "gnu" ? procps : busybox();
}

const procps: Program = function* (sys) {
  let request: Request;
  try {
    request = parse(sys.argv.slice(1));
  } catch (error) {
    if (!(error instanceof PsError)) throw error;
    if (error.message.startsWith("drydock:")) {
      yield* complain(sys, `${error.message}\n`);
      return 1;
    }
    yield* complain(
      sys,
      `error: ${error.message}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
    );
    return 1;
  }
  const everything = listProcesses(sys);
  const chosen = everything.filter((process) => isSelected(process, request, everything, sys));
  const ordered = arrange(chosen, request, sys);
  yield* show(sys, request, ordered);
  return chosen.length > 0 ? 0 : 1;
};

function isSelected(process: ProcessFacts, request: Request, all: readonly ProcessFacts[], sys: Sys): boolean {
  if (request.all) return !request.negate;
  if (request.select.length > 0) return request.select.some((test) => test(process)) !== request.negate;
  const self = all.find((one) => one.pid === sys.pid);
  if (request.bsdA && request.bsdX) return true;
  if (request.bsdX) return process.uid === self?.uid;
  if (request.bsdA) return process.tty !== "?";
  return process.uid === self?.uid && process.tty === self.tty;
}

function columnsOf({ format, columns }: Request): Chosen[] {
  if (columns) return columns;
  switch (format) {
    case "default":
      return [...pick("pid"), TTY, ...pick("time"), NAME];
    case "full":
      return [
        { key: "user", column: { header: "UID", width: 8, align: "left", value: (one) => one.owner } },
        ...pick("pid", "ppid", "c", "stime"),
        TTY,
        ...pick("time"),
        CMD,
      ];
    case "jobs":
      return [...pick("pid", "pgid", "sid"), TTY, ...pick("time"), NAME];
    case "long":
      return [...pick("f", "s", "uid", "pid", "ppid", "c", "opri", "ni", "addr", "sz", "wchan"), TTY, ...pick("time"), NAME];
    case "threads":
      return [...pick("pid", "spid"), TTY, ...pick("time"), NAME];
    case "bsd":
      return [
        ...pick("pid"),
        TTY,
        ...pick("stat"),
        { key: "time", column: { header: "TIME", width: 6, align: "right", value: bsdTime } },
        ...pick("args"),
      ];
    case "user":
      return [
        ...pick("user", "pid", "%cpu", "%mem", "vsz", "rss"),
        TTY,
        ...pick("stat", "start_time"),
        { key: "time", column: { header: "TIME", width: 6, align: "right", value: bsdTime } },
        ...pick("args"),
      ];
  }
}

/** Sorted, or as a tree: then each process has what stands before its command. */
function arrange(
  processes: readonly ProcessFacts[],
  request: Request,
  sys: Sys,
): { readonly process: ProcessFacts; readonly prefix: string }[] {
  const ordered = [...processes];
  for (const { key, descending } of [...request.sort].reverse()) {
    const value = (process: ProcessFacts): string => COLUMNS[key]?.value(process, sys) ?? "";
    ordered.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      const order = /^[\d.]+$/.test(x) && /^[\d.]+$/.test(y) ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
      return descending ? -order : order;
    });
  }
  if (request.forest === "none") return ordered.map((process) => ({ process, prefix: "" }));
  const known = new Set(ordered.map((process) => process.pid));
  const rows: { process: ProcessFacts; prefix: string }[] = [];
  const visit = (process: ProcessFacts, lead: string, depth: number, isLast: boolean): void => {
    const prefix = depth === 0 ? "" : request.forest === "indent" ? "  ".repeat(depth) : `${lead} \\_ `;
    rows.push({ process, prefix });
    const children = ordered.filter((one) => one.ppid === process.pid && one.pid !== process.pid);
    const nextLead = depth === 0 ? "" : `${lead}${isLast ? "    " : " |  "}`;
    children.forEach((child, i) => visit(child, nextLead, depth + 1, i === children.length - 1));
  };
  for (const process of ordered) if (!known.has(process.ppid) || process.ppid === process.pid) visit(process, "", 0, true);
  return rows;
}

function* show(sys: Sys, request: Request, rows: readonly { readonly process: ProcessFacts; readonly prefix: string }[]): Routine<void> {
  const columns = columnsOf(request);
  const width = sys.tty(1)?.columns;
  const shape = (cells: readonly string[]): string => {
    const line = cells
      .map((cell, i) => {
        const column = columns[i]?.column;
        if (!column) return cell;
        if (column.align === "right") return cell.padStart(column.width);
        return i === columns.length - 1 ? cell : cell.padEnd(column.width);
      })
      .join(" ");
    return `${width !== undefined && !request.wide ? line.slice(0, width) : line}\n`;
  };
  let text = "";
  if (request.headers && columns.some(({ column }) => column.header !== "")) text += shape(columns.map(({ column }) => column.header));
  for (const { process, prefix } of rows) {
    text += shape(
      columns.map(({ key, column }) => {
        const value = column.value(process, sys);
        // A name too long for its column gives way to the number.
        const cell = (key === "user" || key === "uname") && value.length > column.width ? `${value.slice(0, column.width - 1)}+` : value;
        return key === "args" || key === "cmd" || key === "command" || key === "comm" ? prefix + cell : cell;
      }),
    );
  }
  yield* sys.write(1, text);
}
