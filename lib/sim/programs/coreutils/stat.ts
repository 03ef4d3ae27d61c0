/** `stat`: what the kernel knows of a file. Differs: all four times are the time of last change, there are no block devices. */

import type { FileKind, FileStat, Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { formatText } from "../command/c-format";
import { command, type Context, type Flavour } from "../command/command";
import { modeText, TYPE_BITS } from "../command/file-mode";
import { quote } from "../command/quote";
import { formatDate } from "./date";
import { groupName, userName } from "./identity";
import { unescape } from "./escapes";

const KIND_WORDS: Readonly<Record<FileKind, string>> = {
  file: "regular file",
  directory: "directory",
  symlink: "symbolic link",
  "character-device": "character special file",
  fifo: "fifo",
  socket: "socket",
};

export function stat(flavour: Flavour): Program {
  return command(
    {
      name: "stat",
      usage: { gnu: "[OPTION]... FILE...", busybox: "[-ltf] [-c FMT] FILE..." },
      options: {
        gnu: { short: "c:Lt", long: { format: "c:", dereference: "L", terse: "t", printf: "printf:" } },
        busybox: { short: "Lltc:" },
      },
      unsimulated: "f",
      unsimulatedLong: ["file-system", "cached:"],
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      let status = 0;
      for (const path of args.operands) {
        const found = args.has("L") ? sys.stat(path) : sys.lstat(path);
        if (!found.ok) {
          yield* context.complain(
            flavour === "gnu"
              ? `cannot stat${args.has("L") ? "" : "x"} ${quote(path)}: ${context.words(found.error)}`
              : `can't stat '${path}': ${context.words(found.error)}`,
          );
          status = 1;
          continue;
        }
        const fields = fieldsOf(context, path, found.value);
        const format = args.value("c") ?? args.value("printf");
        if (format !== undefined) {
          const escaped = args.value("printf") === undefined ? format : unescape(format, { octal: "any" }).text;
          yield* out.put(fill(escaped, fields) + (args.value("printf") === undefined ? "\n" : ""));
        } else if (args.has("t")) yield* out.put(fill("%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n", fields));
        else yield* print(context, found.value, fields);
      }
      return status;
    },
  );
}

function fill(format: string, fields: (letter: string) => string | undefined): string {
  return format.replace(
    /%(?:%|([-#0 +']*)(\d*)(?:\.(\d+))?([HL]?[a-zA-Z]))/g,
    (all, flags: string | undefined, width: string, precision: string | undefined, letter: string) => {
      if (flags === undefined) return "%";
      const value = fields(letter);
      if (value === undefined) return letter.length === 1 ? `?` : all;
      const text = precision === undefined || /^[XYZW]$/.test(letter) ? value : value.slice(0, Number(precision));
      return formatText(flags.includes("0") && width !== "" ? text.padStart(Number(width), "0") : text, {
        flags,
        width: width === "" ? undefined : Number(width),
        precision: undefined,
        conversion: "s",
      });
    },
  );
}

function fieldsOf({ sys, flavour }: Context, path: string, one: FileStat): (letter: string) => string | undefined {
  const ms = sys.dateMs - (sys.now - one.modifiedAt) / 1_000;
  const time = formatDate(ms, "%F %T.%N %z");
  const blocks = one.kind === "file" ? Math.ceil(one.size / 4_096) * 8 : 0;
  const hex = (value: number): string => value.toString(16);
  return (letter) => {
    switch (letter) {
      case "a":
        return one.mode.toString(8);
      case "A":
        return modeText(one.kind, one.mode);
      case "b":
        return String(blocks);
      case "B":
        return "512";
      case "C":
        return "?";
      case "d":
        return "65025";
      case "D":
        return "fe01";
      case "f":
        return hex(TYPE_BITS[one.kind] | one.mode);
      case "F":
        return one.kind === "file" && one.size === 0 ? "regular empty file" : KIND_WORDS[one.kind];
      case "g":
        return String(one.gid);
      case "G":
        return groupName(sys, one.gid) ?? "UNKNOWN";
      case "h":
        return String(one.links);
      case "i":
        return String(one.inode);
      case "m":
        return "/";
      case "n":
        return path;
      case "N": {
        const target = one.kind === "symlink" ? sys.readlink(path) : undefined;
        const named = flavour === "gnu" ? quote(path) : one.kind === "symlink" ? `'${path}'` : path;
        return target?.ok ? `${named} -> ${flavour === "gnu" ? quote(target.value) : `'${target.value}'`}` : named;
      }
      case "o":
        return "4096";
      case "s":
        return String(one.size);
      case "t":
        return hex(one.device?.[0] ?? 0);
      case "T":
        return hex(one.device?.[1] ?? 0);
      case "u":
        return String(one.uid);
      case "U":
        return userName(sys, one.uid) ?? "UNKNOWN";
      case "w":
        return "-";
      case "W":
        return "0";
      case "x":
      case "y":
      case "z":
        return flavour === "gnu" ? time : time.replace(/ \+0000$/, "");
      case "X":
      case "Y":
      case "Z":
        return String(Math.floor(ms / 1_000));
      default:
        return undefined;
    }
  };
}

function* print({ out, flavour }: Context, one: FileStat, fields: (letter: string) => string | undefined): Routine<void> {
  const isGnu = flavour === "gnu";
  const device = one.device
    ? isGnu
      ? `Device type: ${one.device[0]},${one.device[1]}`
      : `Device type: ${one.device[0].toString(16)},${one.device[1].toString(16)}`
    : "";
  const lines = isGnu
    ? [
        "  File: %n_",
        "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F",
        `Device: 254,1\tInode: %-11i Links: ${device === "" ? "%h" : `%-5h ${device}`}`,
        "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)",
        "Access: %x",
        "Modify: %y",
        "Change: %z",
        " Birth: -",
      ]
    : [
        "  File: %n_",
        "  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F",
        `Device: fe01h/65025d\tInode: %-10i  Links: ${device === "" ? "%h" : `%-5h ${device}`}`,
        "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)",
        "Access: %x +0000",
        "Modify: %y +0000",
        "Change: %z +0000",
      ];
  for (const line of lines) {
    const named =
      one.kind === "symlink" && fields("N")
        ? (fields("N") ?? "").replace(/^'([^']*)' -> '([^']*)'$/, isGnu ? "$1 -> $2" : "'$1' -> '$2'")
        : (fields("n") ?? "");
    yield* out.put(`${line.includes("%n_") ? `  File: ${named}` : fill(line, fields)}\n`);
  }
}
