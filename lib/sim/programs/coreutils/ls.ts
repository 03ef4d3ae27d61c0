/**
 * `ls`: names in directories.
 *
 * GNU coreutils 9.10 and busybox 1.38. Differs: no colours unless asked for (`--color=always` says that it is not simulated);
 * times of access and of status change are the time of last change; a file takes as many blocks as its bytes need, a directory none (as on tmpfs).
 */

import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat, Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { inColumns, textWidth } from "../command/columns";
import { command, type Context, type Flavour } from "../command/command";
import { modeText } from "../command/file-mode";
import { quote, quoteForShell } from "../command/quote";
import { formatDate } from "./date";
import { groupName, userName } from "./identity";
import { humanSize } from "./size";
import { byCodePoint, compareVersions } from "./sort";

type Entry = {
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
  readonly target: string | undefined;
  readonly targetStat: FileStat | undefined;
};

type Style = {
  readonly long: boolean;
  readonly layout: "long" | "one" | "columns" | "across" | "commas";
  readonly quotes: boolean;
  readonly width: number;
};

export function ls(flavour: Flavour): Program {
  return command(
    {
      name: "ls",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]..." },
      options: {
        gnu: {
          short: "aABcCdfFgGhHiklLmnNopqQrRsStT:uUvw:xX1",
          long: {
            all: "a",
            "almost-all": "A",
            "ignore-backups": "B",
            directory: "d",
            classify: "F::",
            "no-group": "G",
            "human-readable": "h",
            inode: "i",
            kibibytes: "k",
            dereference: "L",
            "dereference-command-line": "H",
            "numeric-uid-gid": "n",
            literal: "N",
            reverse: "r",
            recursive: "R",
            size: "s",
            width: "w:",
            color: "color::",
            sort: "sort:",
            "time-style": "time-style:",
            "full-time": "full-time",
            "group-directories-first": "group",
            "quote-name": "Q",
            "file-type": "p",
            format: "format:",
            time: "time:",
            "show-control-chars": "show",
            "hide-control-chars": "q",
            ignore: "I:",
            hide: "I:",
          },
        },
        busybox: {
          short: "1AaCxdLHRFplinshrSXvctuw:kTeQ",
          long: { color: "color::", "full-time": "full-time", "group-directories-first": "group" },
        },
      },
      unsimulated: flavour === "gnu" ? "bDIZ" : "",
      unsimulatedLong: [
        "author",
        "block-size:",
        "hyperlink::",
        "dired",
        "indicator-style:",
        "quoting-style:",
        "context",
        "si",
        "zero",
        "escape",
      ],
      usageStatus: 2,
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const color = args.value("color");
      if (color !== undefined && (color === "" || color === "always")) return yield* context.notSimulated("--color=always");
      const style = styleOf(context);
      let status = 0;
      const files: Entry[] = [];
      const directories: Entry[] = [];
      const operands = args.operands.length > 0 ? args.operands : ["."];
      for (const path of operands) {
        const entry = look(context, path, path, { isOperand: true });
        if (!entry.ok) {
          yield* context.complain(
            flavour === "gnu" ? `cannot access ${quote(path)}: ${context.words(entry.error)}` : `${path}: ${context.words(entry.error)}`,
          );
          status = flavour === "gnu" ? 2 : 1;
        } else if (entry.value.stat.kind === "directory" && !args.has("d")) directories.push(entry.value);
        else files.push(entry.value);
      }
      if (files.length > 0) yield* list(context, style, sorted(context, files), false);
      const pending = sorted(context, directories);
      const withHeaders = operands.length > 1 || args.has("R");
      let isFirst = files.length === 0;
      for (let directory = pending.shift(); directory; directory = pending.shift()) {
        const { sys } = context;
        const names = sys.readdir(directory.path);
        if (!names.ok) {
          yield* context.complain(
            flavour === "gnu"
              ? `cannot open directory ${quote(directory.path)}: ${context.words(names.error)}`
              : `can't open '${directory.path}': ${context.words(names.error)}`,
          );
          status = Math.max(status, flavour === "gnu" ? (operands.includes(directory.path) ? 2 : 1) : 1);
          continue;
        }
        if (withHeaders) yield* out.put(`${isFirst ? "" : "\n"}${style.quotes ? quoteForShell(directory.path) : directory.path}:\n`);
        isFirst = false;
        const entries: Entry[] = [];
        const shown = [
          ...(args.last("a", "A", "f") === "a" || args.has("f") ? [".", ".."] : []),
          ...names.value
            .filter((name) => !name.startsWith(".") || args.has("a") || args.has("A") || args.has("f"))
            .filter((name) => !(args.has("B") && name.endsWith("~"))),
        ];
        for (const name of shown) {
          const path = directory.path === "/" ? `/${name}` : `${directory.path.replace(/\/$/, "")}/${name}`;
          const entry = look(context, path, name, { isOperand: false });
          if (entry.ok) entries.push(entry.value);
        }
        const ordered = sorted(context, entries);
        yield* list(context, style, ordered, true);
        if (args.has("R"))
          pending.unshift(...ordered.filter((entry) => entry.stat.kind === "directory" && entry.name !== "." && entry.name !== ".."));
      }
      return status;
    },
  );
}

function styleOf({ args, sys, flavour }: Context): Style {
  const terminal = sys.tty(1);
  const long = args.has("n") || args.has("g") || args.has("o") || args.has("l") || args.has("full-time") || args.value("format") === "long";
  const layoutKey = args.last("1", "C", "x", "m", "l", "n", "g", "o", "full-time");
  const layout =
    layoutKey === "1" && !long
      ? "one"
      : layoutKey === "C"
        ? "columns"
        : layoutKey === "x"
          ? "across"
          : layoutKey === "m"
            ? "commas"
            : long
              ? "long"
              : terminal
                ? "columns"
                : "one";
  const asked = args.value("w");
  const width =
    asked !== undefined ? Number(asked) || Number.POSITIVE_INFINITY : (terminal?.columns ?? (Number(sys.env.get("COLUMNS")) || 80));
  return { long: layout === "long", layout, quotes: flavour === "gnu" && terminal !== undefined && !args.has("N"), width };
}

function look(
  { args, sys }: Context,
  path: string,
  name: string,
  { isOperand }: { readonly isOperand: boolean },
): { readonly ok: true; readonly value: Entry } | { readonly ok: false; readonly error: Errno } {
  const isLong = args.has("l") || args.has("n") || args.has("g") || args.has("o") || args.has("full-time");
  // Named on the command line, a link to a directory is followed, unless it would be shown itself.
  const follows = args.has("L") || (isOperand && (args.has("H") || !(isLong || args.has("d") || args.has("F"))));
  const own = sys.lstat(path);
  if (!own.ok) return own;
  const followed = follows ? sys.stat(path) : own;
  if (isOperand && path.endsWith("/") && !followed.ok) return followed;
  const stat = followed.ok && (args.has("L") || !isOperand || followed.value.kind === "directory" || !follows) ? followed.value : own.value;
  const target = stat.kind === "symlink" ? sys.readlink(path) : undefined;
  const targetStat = target ? sys.stat(path) : undefined;
  return {
    ok: true,
    value: { name, path, stat, target: target?.ok ? target.value : undefined, targetStat: targetStat?.ok ? targetStat.value : undefined },
  };
}

function sorted({ args, flavour }: Context, entries: readonly Entry[]): Entry[] {
  const key =
    { size: "S", time: "t", version: "v", extension: "X", none: "U", name: "name" }[args.value("sort") ?? ""] ??
    args.last("S", "t", "v", "X", "U", "f");
  const byName = (a: Entry, b: Entry): number => byCodePoint(a.name, b.name);
  const compare = (a: Entry, b: Entry): number => {
    switch (key) {
      case "S":
        return b.stat.size - a.stat.size || byName(a, b);
      case "t":
        return b.stat.modifiedAt - a.stat.modifiedAt || byName(a, b);
      case "v":
        return compareVersions(a.name, b.name) || byName(a, b);
      case "X":
        return byCodePoint(extension(a.name), extension(b.name)) || byName(a, b);
      case "U":
      case "f":
        return 0;
      default:
        return byName(a, b);
    }
  };
  const ordered = [...entries].sort(compare);
  if (args.has("r")) ordered.reverse();
  if (!args.has("group")) return ordered;
  const isDirectory = (entry: Entry): boolean =>
    (entry.targetStat ?? entry.stat).kind === "directory" && (flavour === "gnu" || entry.stat.kind === "directory");
  return [...ordered.filter(isDirectory), ...ordered.filter((entry) => !isDirectory(entry))];
}

function extension(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot) : "";
}

function* list(context: Context, style: Style, entries: readonly Entry[], isDirectory: boolean): Routine<void> {
  const { args, out, flavour } = context;
  const blocks = (entry: Entry): number => Math.ceil(entry.stat.kind === "file" ? entry.stat.size / 4_096 : 0) * 4;
  const showBlocks = (count: number): string => (args.has("h") ? humanSize(count * 1_024, flavour) : String(count));
  const total = entries.reduce((sum, entry) => sum + blocks(entry), 0);
  if (isDirectory && (style.long || args.has("s"))) yield* out.put(`total ${showBlocks(total)}\n`);
  const names = entries.map((entry) => shownName(context, style, entry));
  const inodeWidth = args.has("i") ? Math.max(...entries.map((entry) => String(entry.stat.inode).length)) : 0;
  const blockWidth = args.has("s") ? Math.max(...entries.map((entry) => showBlocks(blocks(entry)).length)) : 0;
  const front = (entry: Entry): string =>
    flavour === "gnu"
      ? (args.has("i") ? `${String(entry.stat.inode).padStart(inodeWidth)} ` : "") +
        (args.has("s") ? `${showBlocks(blocks(entry)).padStart(blockWidth)} ` : "")
      : (args.has("i") ? `${String(entry.stat.inode).padStart(7)} ` : "") +
        (args.has("s") ? `${showBlocks(blocks(entry)).padStart(6)} ` : "");
  if (style.long) {
    const rows = longRows(context, entries);
    for (const [i, entry] of entries.entries()) {
      yield* out.put(`${front(entry)}${rows[i]} ${names[i]}${entry.target === undefined ? "" : ` -> ${arrow(context, style, entry)}`}\n`);
    }
    return;
  }
  const cells = entries.map((entry, i) => front(entry) + (names[i] ?? ""));
  switch (style.layout) {
    case "one":
    case "long":
      for (const cell of cells) yield* out.put(`${cell}\n`);
      return;
    case "commas":
      yield* out.put(commas(cells, style.width));
      return;
    case "columns":
    case "across":
      if (cells.length === 0) return;
      // GNU aligns unquoted names with quoted ones by a blank in front.
      yield* out.put(
        busyboxOrGnu(context, style, cells)
          .map((line) => `${line}\n`)
          .join(""),
      );
      return;
  }
}

function busyboxOrGnu({ flavour }: Context, style: Style, cells: readonly string[]): string[] {
  const across = style.layout === "across";
  if (flavour === "gnu") {
    const anyQuoted = style.quotes && cells.some((cell) => /^['"]/.test(cell));
    const aligned = anyQuoted ? cells.map((cell) => (/^['"]/.test(cell) ? cell : ` ${cell}`)) : cells;
    return inColumns(aligned, style.width, { across, tabs: true });
  }
  // busybox gives all columns one width.
  const columnWidth = Math.max(...cells.map(textWidth)) + 2;
  const columns = Math.max(1, Math.floor(style.width / columnWidth));
  const rows = Math.ceil(cells.length / columns);
  return Array.from({ length: rows }, (_, row) => {
    const line = Array.from({ length: columns }, (__, column) => cells[across ? row * columns + column : column * rows + row]).filter(
      (cell) => cell !== undefined,
    );
    return line.map((cell, i) => (i < line.length - 1 ? cell + " ".repeat(columnWidth - textWidth(cell)) : cell)).join("");
  });
}

function commas(cells: readonly string[], width: number): string {
  let text = "";
  let column = 0;
  cells.forEach((cell, i) => {
    const length = textWidth(cell);
    if (i > 0) {
      const fits = column + length + 2 <= width;
      text += fits ? ", " : ",\n";
      column = fits ? column + 2 : 0;
    }
    text += cell;
    column += length;
  });
  return cells.length > 0 ? `${text}\n` : "";
}

function shownName({ args }: Context, style: Style, entry: Entry): string {
  const name = args.has("Q")
    ? `"${entry.name.replace(/["\\]/g, "\\$&")}"`
    : style.quotes
      ? quoteForShell(entry.name)
      : style.layout !== "one" && args.has("q")
        ? entry.name.replace(/[\x00-\x1f\x7f]/g, "?")
        : entry.name;
  if (style.long && entry.stat.kind === "symlink") return name;
  return name + indicator(args.has("F") ? "all" : args.has("p") ? "directories" : "none", entry.stat);
}

function arrow({ args }: Context, style: Style, entry: Entry): string {
  const target = style.quotes ? quoteForShell(entry.target ?? "") : (entry.target ?? "");
  return target + (entry.targetStat ? indicator(args.has("F") ? "all" : args.has("p") ? "directories" : "none", entry.targetStat) : "");
}

function indicator(kind: "all" | "directories" | "none", stat: FileStat): string {
  if (kind === "none") return "";
  if (stat.kind === "directory") return "/";
  if (kind === "directories") return "";
  if (stat.kind === "file") return (stat.mode & 0o111) !== 0 ? "*" : "";
  return { symlink: "@", socket: "=", fifo: "|", "character-device": "" }[stat.kind];
}

const HALF_A_YEAR_MS = (31_556_952 / 2) * 1_000;

function longRows({ args, sys, flavour }: Context, entries: readonly Entry[]): string[] {
  const numeric = args.has("n");
  const users = new Map<number, string>();
  const groupNames = new Map<number, string>();
  const user = (uid: number): string => {
    const known = users.get(uid) ?? (numeric ? undefined : userName(sys, uid)) ?? String(uid);
    users.set(uid, known);
    return known;
  };
  const group = (gid: number): string => {
    const known = groupNames.get(gid) ?? (numeric ? undefined : groupName(sys, gid)) ?? String(gid);
    groupNames.set(gid, known);
    return known;
  };
  const when = (stat: FileStat): string => {
    const ms = sys.dateMs - (sys.now - stat.modifiedAt) / 1_000;
    const timeStyle = args.has("full-time") ? "full-iso" : args.value("time-style");
    if (timeStyle === "full-iso") return formatDate(ms, flavour === "gnu" ? "%F %T.%N %z" : "%F %T %z");
    if (timeStyle === "long-iso") return formatDate(ms, "%F %H:%M");
    if (timeStyle?.startsWith("+")) return formatDate(ms, timeStyle.slice(1));
    const isRecent = ms > sys.dateMs - HALF_A_YEAR_MS && ms <= sys.dateMs;
    if (timeStyle === "iso") return formatDate(ms, isRecent ? "%m-%d %H:%M" : "%Y-%m-%d ");
    return formatDate(ms, isRecent ? "%b %e %H:%M" : "%b %e  %Y");
  };
  const sizes = entries.map(({ stat }) => (stat.device ? undefined : args.has("h") ? humanSize(stat.size, flavour) : String(stat.size)));
  const width = (texts: readonly (string | undefined)[]): number => Math.max(0, ...texts.map((text) => text?.length ?? 0));
  const majors = entries.map(({ stat }) => (stat.device ? String(stat.device[0]) : undefined));
  const minors = entries.map(({ stat }) => (stat.device ? String(stat.device[1]) : undefined));
  const gnu = flavour === "gnu";
  const linkWidth = gnu ? width(entries.map(({ stat }) => String(stat.links))) : 4;
  const userWidth = gnu ? width(entries.map(({ stat }) => user(stat.uid))) : 8;
  const groupWidth = gnu ? width(entries.map(({ stat }) => group(stat.gid))) : 8;
  const [majorWidth, minorWidth] = [width(majors), width(minors)];
  const sizeWidth = gnu ? Math.max(width(sizes), majorWidth > 0 ? majorWidth + minorWidth + 2 : 0) : 9;
  return entries.map(({ stat }, i) => {
    const own = (name: string, columns: number): string => (numeric ? name.padStart(columns) : name.padEnd(columns));
    const device =
      stat.device &&
      (gnu
        ? `${String(stat.device[0]).padStart(sizeWidth - 2 - minorWidth)}, ${String(stat.device[1]).padStart(minorWidth)}`
        : `${String(stat.device[0]).padStart(4)},${String(stat.device[1]).padStart(4)}`);
    const parts = [
      modeText(stat.kind, stat.mode),
      String(stat.links).padStart(linkWidth),
      ...(args.has("g") && gnu ? [] : [own(user(stat.uid), userWidth)]),
      ...((args.has("G") || args.has("o")) && gnu ? [] : [own(group(stat.gid), groupWidth)]),
      device ?? (sizes[i] ?? "").padStart(sizeWidth),
      when(stat),
    ];
    return parts.join(" ");
  });
}
