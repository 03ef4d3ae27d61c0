/**
 * `ps`: procps-ng 4.0.7 with its three kinds of options (UNIX `-ef`, BSD `aux`, GNU `--sort`), and busybox's, which knows
 * little more than `-o`. A learner sees here what the pid namespaces of containers are. Memory is shown as nought.
 */

import type { Program, Sys } from "@/lib/sim/core/sys";
import { complain } from "@/lib/sim/core/stdio";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Flavour } from "../command/command";
import { commandLine, listProcesses, type ProcessFacts } from "./process-facts";
import { bsdTime, type Column, COLUMNS } from "./ps-columns";

type Chosen = { readonly key: string; readonly column: Column };

/** What the options ask for. */
type Request = {
  select: ((process: ProcessFacts) => boolean)[];
  all: boolean;
  /** BSD `x`: also without a terminal; `a`: also other people's. */
  bsdX: boolean;
  bsdA: boolean;
  negate: boolean;
  columns: Chosen[] | undefined;
  format: "default" | "full" | "long" | "bsd" | "user" | "threads" | "jobs";
  headers: boolean;
  forest: "none" | "ascii" | "indent";
  sort: { readonly key: string; readonly descending: boolean }[];
  wide: boolean;
};

class PsError extends Error {}

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
    yield* complain(sys, `error: ${error.message}\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`);
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

function parse(args: readonly string[]): Request {
  const request: Request = { select: [], all: false, bsdX: false, bsdA: false, negate: false, columns: undefined, format: "default", headers: true, forest: "none", sort: [], wide: false };
  const queue = [...args];
  const addColumns = (list: string): void => {
    request.columns = [...(request.columns ?? []), ...parseColumns(list)];
  };
  const listed = (list: string): string[] => list.split(/[\s,]+/).filter((one) => one !== "");
  const pids = (list: string): Set<number> => {
    for (const one of listed(list)) if (!/^\d+$/.test(one)) throw new PsError("process ID list syntax error");
    return new Set(listed(list).map(Number));
  };
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg.startsWith("--")) {
      parseLong(arg, queue, request, addColumns, pids, listed);
      continue;
    }
    const isUnix = arg.startsWith("-");
    const letters = isUnix ? arg.slice(1) : arg;
    if (!isUnix && /^\d+(,\d+)*$/.test(arg)) {
      const wanted = pids(arg);
      request.select.push((one) => wanted.has(one.pid));
      continue;
    }
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i] ?? "";
      const value = (): string => {
        const rest = letters.slice(i + 1);
        i = letters.length;
        const given = rest !== "" ? rest : queue.shift();
        if (given === undefined) throw new PsError(VALUE_MISSING[letter] ?? "list of process IDs must follow -p");
        return given;
      };
      if (isUnix) unixOption(letter, value, request, addColumns, pids, listed);
      else bsdOption(letter, value, request, addColumns, pids, listed);
    }
  }
  return request;
}

const VALUE_MISSING: Readonly<Record<string, string>> = { o: "format specification must follow -o", C: "list of command names must follow -C", u: "user selection list must follow -u", U: "user selection list must follow -U", p: "list of process IDs must follow -p", t: "list of terminals (pty, tty...) must follow -t" };

type Lists = (list: string) => string[];

function unixOption(letter: string, value: () => string, request: Request, addColumns: (list: string) => void, pids: (list: string) => Set<number>, listed: Lists): void {
  switch (letter) {
    case "A":
    case "e":
      request.all = true;
      return;
    case "a":
      // All with a terminal, but session leaders.
      request.select.push((one) => one.tty !== "?" && one.session !== one.pid);
      return;
    case "d":
      request.select.push((one) => one.session !== one.pid);
      return;
    case "N":
      request.negate = true;
      return;
    case "f":
    case "F":
      request.format = "full";
      return;
    case "l":
      request.format = "long";
      return;
    case "j":
      request.format = "jobs";
      return;
    case "H":
      request.forest = "indent";
      return;
    case "w":
    case "c":
    case "M":
    case "y":
      if (letter === "y" && request.format !== "long") throw new PsError("modifier -y without format -l makes no sense");
      request.wide = true;
      return;
    case "T":
    case "L":
      request.format = "threads";
      return;
    case "o":
      addColumns(value());
      return;
    case "p":
    case "q": {
      const wanted = pids(value());
      request.select.push((one) => wanted.has(one.pid));
      return;
    }
    case "C": {
      const names = listed(value());
      request.select.push((one) => names.some((name) => one.name === name.slice(0, 15)));
      return;
    }
    case "u":
    case "U": {
      const names = listed(value());
      request.select.push((one) => names.includes(one.owner) || names.includes(String(one.uid)));
      return;
    }
    case "g":
    case "s": {
      const wanted = pids(value());
      request.select.push((one) => wanted.has(one.session));
      return;
    }
    case "t": {
      const names = listed(value()).map((name) => name.replace(/^\/dev\//, ""));
      request.select.push((one) => names.includes(one.tty) || names.includes(one.tty.replace(/^pts\//, "")));
      return;
    }
    case "x":
      // Taken as BSD's, as procps does.
      request.bsdX = true;
      return;
    default:
      throw new PsError("unsupported SysV option");
  }
}

function bsdOption(letter: string, value: () => string, request: Request, addColumns: (list: string) => void, pids: (list: string) => Set<number>, listed: Lists): void {
  switch (letter) {
    case "a":
      request.bsdA = true;
      break;
    case "x":
      request.bsdX = true;
      break;
    case "u":
      request.format = "user";
      return;
    case "l":
      request.format = "long";
      return;
    case "f":
      request.forest = "ascii";
      break;
    case "w":
    case "e":
    case "c":
    case "n":
      request.wide = true;
      break;
    case "h":
      request.headers = false;
      return;
    case "r":
      request.select.push((one) => one.state === "R");
      break;
    case "o":
      addColumns(value());
      return;
    case "p": {
      const wanted = pids(value());
      request.select.push((one) => wanted.has(one.pid));
      break;
    }
    case "U": {
      const names = listed(value());
      request.select.push((one) => names.includes(one.owner));
      break;
    }
    case "T":
      break;
    default:
      throw new PsError("unsupported option (BSD syntax)");
  }
  if (request.format === "default") request.format = "bsd";
}

function parseLong(arg: string, queue: string[], request: Request, addColumns: (list: string) => void, pids: (list: string) => Set<number>, listed: Lists): void {
  const equals = arg.indexOf("=");
  const name = arg.slice(2, equals < 0 ? undefined : equals);
  const value = (): string => (equals < 0 ? (queue.shift() ?? "") : arg.slice(equals + 1));
  switch (name) {
    case "no-headers":
    case "no-heading":
    case "noheaders":
    case "noheading":
      request.headers = false;
      return;
    case "headers":
      return;
    case "forest":
      request.forest = "ascii";
      return;
    case "sort":
      for (const one of listed(value())) request.sort.push({ key: one.replace(/^[+-]/, ""), descending: one.startsWith("-") });
      for (const { key } of request.sort) if (!COLUMNS[key]) throw new PsError("unknown sort specifier");
      return;
    case "format":
      addColumns(value());
      return;
    case "pid": {
      const wanted = pids(value());
      request.select.push((one) => wanted.has(one.pid));
      return;
    }
    case "ppid": {
      const wanted = pids(value());
      request.select.push((one) => wanted.has(one.ppid));
      return;
    }
    case "user":
    case "User": {
      const names = listed(value());
      request.select.push((one) => names.includes(one.owner) || names.includes(String(one.uid)));
      return;
    }
    case "deselect":
      request.negate = true;
      return;
    case "cols":
    case "columns":
    case "width":
    case "rows":
    case "lines":
      value();
      return;
    case "help":
    case "version":
    case "info":
      throw new PsError(notSimulated(`ps --${name}`));
    default:
      throw new PsError("unknown gnu long option");
  }
}

/** `pid,comm=NAME,user:20`. A header is everything up to the end of the word when it is the last, else up to the comma. */
function parseColumns(list: string): Chosen[] {
  const chosen: Chosen[] = [];
  let rest = list;
  while (rest !== "") {
    const match = /^([^,\s=:]+)(?::(\d+))?/.exec(rest);
    if (!match) throw new PsError("improper format list");
    rest = rest.slice(match[0].length);
    let header: string | undefined;
    if (rest.startsWith("=")) {
      // `pid=,comm=`: an empty header ends at the comma.
      const empty = rest.startsWith("=,");
      header = empty ? "" : rest.slice(1);
      rest = empty ? rest.slice(1) : "";
    }
    const key = match[1] ?? "";
    const column = COLUMNS[key];
    if (!column) throw new PsError(`unknown user-defined format specifier "${key}"`);
    const width = match[2] === undefined ? column.width : Number(match[2]);
    chosen.push({ key, column: { ...column, width: Math.max(width, header?.length ?? 0), header: header ?? column.header } });
    rest = rest.replace(/^[,\s]+/, "");
  }
  return chosen;
}

function pick(...keys: readonly string[]): Chosen[] {
  return keys.flatMap((key) => {
    const column = COLUMNS[key];
    return column ? [{ key, column }] : [];
  });
}

const TTY: Chosen = { key: "tty", column: { header: "TTY", width: 8, align: "left", value: (one) => one.tty } };
const CMD: Chosen = { key: "cmd", column: { header: "CMD", width: 27, align: "left", value: commandLine } };
const NAME: Chosen = { key: "comm", column: { header: "CMD", width: 15, align: "left", value: (one) => (one.state === "Z" ? `${one.name} <defunct>` : one.name) } };

function columnsOf({ format, columns }: Request): Chosen[] {
  if (columns) return columns;
  switch (format) {
    case "default":
      return [...pick("pid"), TTY, ...pick("time"), NAME];
    case "full":
      return [{ key: "user", column: { header: "UID", width: 8, align: "left", value: (one) => one.owner } }, ...pick("pid", "ppid", "c", "stime"), TTY, ...pick("time"), CMD];
    case "jobs":
      return [...pick("pid", "pgid", "sid"), TTY, ...pick("time"), NAME];
    case "long":
      return [...pick("f", "s", "uid", "pid", "ppid", "c", "opri", "ni", "addr", "sz", "wchan"), TTY, ...pick("time"), NAME];
    case "threads":
      return [...pick("pid", "spid"), TTY, ...pick("time"), NAME];
    case "bsd":
      return [...pick("pid"), TTY, ...pick("stat"), { key: "time", column: { header: "TIME", width: 6, align: "right", value: bsdTime } }, ...pick("args")];
    case "user":
      return [...pick("user", "pid", "%cpu", "%mem", "vsz", "rss"), TTY, ...pick("stat", "start_time"), { key: "time", column: { header: "TIME", width: 6, align: "right", value: bsdTime } }, ...pick("args")];
  }
}

/** Sorted, or as a tree: then each process has what stands before its command. */
function arrange(processes: readonly ProcessFacts[], request: Request, sys: Sys): { readonly process: ProcessFacts; readonly prefix: string }[] {
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
    const line = cells.map((cell, i) => {
      const column = columns[i]?.column;
      if (!column) return cell;
      if (column.align === "right") return cell.padStart(column.width);
      return i === columns.length - 1 ? cell : cell.padEnd(column.width);
    }).join(" ");
    return `${width !== undefined && !request.wide ? line.slice(0, width) : line}\n`;
  };
  let text = "";
  if (request.headers && columns.some(({ column }) => column.header !== "")) text += shape(columns.map(({ column }) => column.header));
  for (const { process, prefix } of rows) {
    text += shape(columns.map(({ key, column }) => {
      const value = column.value(process, sys);
      // A name too long for its column gives way to the number.
      const cell = (key === "user" || key === "uname") && value.length > column.width ? `${value.slice(0, column.width - 1)}+` : value;
      return key === "args" || key === "cmd" || key === "command" || key === "comm" ? prefix + cell : cell;
    }));
  }
  yield* sys.write(1, text);
}

const BUSYBOX_COLUMNS: Readonly<Record<string, { readonly header: string; readonly width: number; readonly right?: true; readonly value: (one: ProcessFacts) => string }>> = {
  user: { header: "USER", width: 8, value: (one) => one.owner },
  group: { header: "GROUP", width: 8, value: (one) => String(one.gid) },
  comm: { header: "COMMAND", width: 16, value: (one) => one.name },
  args: { header: "COMMAND", width: 256, value: busyboxCommand },
  pid: { header: "PID", width: 5, right: true, value: (one) => String(one.pid) },
  ppid: { header: "PPID", width: 5, right: true, value: (one) => String(one.ppid) },
  pgid: { header: "PGID", width: 5, right: true, value: (one) => String(one.group) },
  nice: { header: "NI", width: 5, right: true, value: () => "0" },
  rgroup: { header: "RGROUP", width: 8, value: (one) => String(one.gid) },
  ruser: { header: "RUSER", width: 8, value: (one) => one.owner },
  tty: { header: "TT", width: 6, value: (one) => (one.tty === "?" ? "?" : "136,0") },
  vsz: { header: "VSZ", width: 4, right: true, value: () => "0" },
  sid: { header: "SID", width: 5, right: true, value: (one) => String(one.session) },
  stat: { header: "STAT", width: 4, value: (one) => one.state },
  rss: { header: "RSS", width: 4, right: true, value: () => "0" },
};

/** A name that the command line does not begin with comes first, in braces: `{nginx} /bin/sh /usr/sbin/nginx`. */
export function busyboxCommand(process: ProcessFacts): string {
  if (process.state === "Z" || process.argv.length === 0) return `[${process.name}]`;
  const [path = ""] = process.argv;
  const called = path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "");
  return called.slice(0, 15) === process.name ? commandLine(process) : `{${process.name}} ${commandLine(process)}`;
}

function busybox(): Program {
  // Other options are taken and do nothing; so are words, `aux` among them.
  return command({ name: "ps", usage: { gnu: "", busybox: "[-o COL1,COL2=HEADER] [-T]" }, options: { gnu: { short: "" }, busybox: { short: "o:Taefdlwux" } } }, "busybox", function* (context) {
    const { args, sys, out } = context;
    const chosen: { readonly header: string; readonly width: number; readonly right?: true; readonly value: (one: ProcessFacts) => string }[] = [];
    for (const list of args.has("o") ? args.values("o") : ["pid,user,args"]) {
      for (const part of list.split(",")) {
        const [key = "", header] = part.split("=");
        const column = BUSYBOX_COLUMNS[key];
        if (!column) {
          yield* context.complain(`bad -o argument '${key}', supported arguments: ${Object.keys(BUSYBOX_COLUMNS).join(",")}`);
          return 1;
        }
        chosen.push(header === undefined ? column : { ...column, header, width: Math.max(column.width, header.length) });
      }
    }
    const width = sys.tty(1)?.columns;
    const cut = (line: string): string => (width === undefined ? line : line.slice(0, Math.max(0, width - 1)));
    const last = chosen.length - 1;
    if (chosen.some((column) => column.header !== "")) yield* out.put(`${cut(chosen.map((column, i) => (i === last ? column.header : column.header.padEnd(column.width))).join(" "))}\n`);
    for (const process of listProcesses(sys)) {
      yield* out.put(`${cut(chosen.map((column, i) => (column.right ? column.value(process).padStart(column.width) : i === last ? column.value(process) : column.value(process).padEnd(column.width))).join(" "))}\n`);
    }
    return 0;
  });
}
