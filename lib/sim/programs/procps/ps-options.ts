/** `ps`'s command line: UNIX options (`-ef`), BSD ones (`aux`), long ones, and the columns they choose. procps-ng 4. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { commandLine, type ProcessFacts } from "./process-facts";
import { type Column, COLUMNS } from "./ps-columns";

export type Chosen = { readonly key: string; readonly column: Column };

/** What the options ask for. */
export type Request = {
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

export class PsError extends Error {}

export function parse(args: readonly string[]): Request {
  const request: Request = {
    select: [],
    all: false,
    bsdX: false,
    bsdA: false,
    negate: false,
    columns: undefined,
    format: "default",
    headers: true,
    forest: "none",
    sort: [],
    wide: false,
  };
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

const VALUE_MISSING: Readonly<Record<string, string>> = {
  o: "format specification must follow -o",
  C: "list of command names must follow -C",
  u: "user selection list must follow -u",
  U: "user selection list must follow -U",
  p: "list of process IDs must follow -p",
  t: "list of terminals (pty, tty...) must follow -t",
};

type Lists = (list: string) => string[];

function unixOption(
  letter: string,
  value: () => string,
  request: Request,
  addColumns: (list: string) => void,
  pids: (list: string) => Set<number>,
  listed: Lists,
): void {
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

function bsdOption(
  letter: string,
  value: () => string,
  request: Request,
  addColumns: (list: string) => void,
  pids: (list: string) => Set<number>,
  listed: Lists,
): void {
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

function parseLong(
  arg: string,
  queue: string[],
  request: Request,
  addColumns: (list: string) => void,
  pids: (list: string) => Set<number>,
  listed: Lists,
): void {
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

export function pick(...keys: readonly string[]): Chosen[] {
  return keys.flatMap((key) => {
    const column = COLUMNS[key];
    return column ? [{ key, column }] : [];
  });
}

export const TTY: Chosen = { key: "tty", column: { header: "TTY", width: 8, align: "left", value: (one) => one.tty } };

export const CMD: Chosen = { key: "cmd", column: { header: "CMD", width: 27, align: "left", value: commandLine } };

export const NAME: Chosen = {
  key: "comm",
  column: { header: "CMD", width: 15, align: "left", value: (one) => (one.state === "Z" ? `${one.name} <defunct>` : one.name) },
};
