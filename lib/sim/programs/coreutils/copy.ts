/** `cp` and `mv`. Differs: hard links within a tree that is copied become separate files; no sparse files, no reflinks. */

import type { Errno } from "@/lib/sim/core/errno";
import { complain as say } from "@/lib/sim/core/stdio";
import type { FileStat, Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type Context, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { quote } from "../command/quote";
import { removeTree } from "./remove";

/** Where each operand goes: into a directory, or to a name. */
type Plan = { readonly from: string; readonly to: string };

function nameIn(directory: string, path: string): string {
  const name = path.replace(/\/+$/, "");
  return `${directory.replace(/(?<=.)\/+$/, "")}/${name.slice(name.lastIndexOf("/") + 1)}`.replace(/^\/\//, "/");
}

function* planFor(context: Context): Routine<{ readonly plans: readonly Plan[] } | { readonly status: number }> {
  const { args, sys, flavour, name } = context;
  const target = args.value("t");
  const operands = target === undefined ? args.operands : [...args.operands, target];
  if (operands.length === 0) return { status: yield* context.usageError(flavour === "gnu" ? "missing file operand" : undefined) };
  const last = operands.at(-1) ?? "";
  if (operands.length === 1)
    return { status: yield* context.usageError(flavour === "gnu" ? `missing destination file operand after ${quote(last)}` : undefined) };
  const stat = sys.stat(last);
  const isDirectory = stat.ok && stat.value.kind === "directory" && !args.has("T");
  const sources = operands.slice(0, -1);
  if (args.has("T") && operands.length > 2)
    return { status: yield* context.usageError(flavour === "gnu" ? `extra operand ${quote(operands[2] ?? "")}` : undefined) };
  const many = sources.length > 1 || target !== undefined;
  if (!isDirectory && many && flavour === "gnu") {
    yield* context.complain(`target ${quote(last)}: ${stat.ok ? "Not a directory" : context.words(stat.error)}`);
    return { status: 1 };
  }
  if (!isDirectory && last.endsWith("/") && !(stat.ok && stat.value.kind === "directory")) {
    const source = sys.stat(sources[0] ?? "");
    if (source.ok && source.value.kind !== "directory") {
      yield* context.complain(
        flavour === "gnu"
          ? `cannot create regular file ${quote(last)}: Not a directory`
          : `can't create '${last}': ${name === "cp" ? "Is a directory" : "Not a directory"}`,
      );
      return { status: 1 };
    }
  }
  return { plans: sources.map((from) => ({ from, to: isDirectory || many ? nameIn(last, from) : last })) };
}

export function cp(flavour: Flavour): Program {
  return command(
    {
      name: "cp",
      usage: {
        gnu: "[OPTION]... [-T] SOURCE DEST",
        busybox: "[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }",
      },
      options: {
        gnu: {
          short: "abdfHilLnPprRst:Tuvx",
          long: {
            archive: "a",
            "no-dereference": "P",
            force: "f",
            interactive: "i",
            link: "l",
            dereference: "L",
            "no-clobber": "n",
            preserve: "preserve::",
            recursive: "r",
            "symbolic-link": "s",
            "target-directory": "t:",
            "no-target-directory": "T",
            update: "u",
            verbose: "v",
            parents: "parents",
          },
        },
        busybox: { short: "arRPLHpfinlsTuvdt:", long: { parents: "parents" } },
      },
      unsimulated: flavour === "gnu" ? "bSxZ" : "",
      unsimulatedLong: [
        "backup::",
        "suffix:",
        "reflink::",
        "sparse:",
        "attributes-only",
        "one-file-system",
        "remove-destination",
        "strip-trailing-slashes",
        "copy-contents",
        "context::",
        "no-preserve:",
      ],
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const planned = yield* planFor(context);
      if ("status" in planned) return planned.status;
      let status = 0;
      for (const plan of planned.plans) {
        const to = args.has("parents") ? `${(args.operands.at(-1) ?? "").replace(/\/+$/, "")}/${plan.from}` : plan.to;
        if (args.has("parents")) makeParents(sys, to);
        if (!(yield* copyOne(context, plan.from, to, true))) status = 1;
      }
      return status;
    },
  );
}

function makeParents(sys: Sys, path: string): void {
  const names = path.split("/");
  for (let i = 1; i < names.length; i++) if (names.slice(0, i).join("/") !== "") sys.mkdir(names.slice(0, i).join("/"));
}

/** Copies one file or tree; whether all of it could be. */
function* copyOne(context: Context, from: string, to: string, isOperand: boolean): Routine<boolean> {
  const { args, sys, flavour, out } = context;
  const recursive = args.has("r") || args.has("R") || args.has("a");
  const within = flavour === "busybox" && isOperand ? sys.lstat(to) : undefined;
  if (within && !within.ok && within.error === "ENOTDIR")
    return yield* refuse(context, `can't stat '${to}': ${context.words(within.error)}`);
  const keepsLinks =
    args.last("P", "d", "a", "L", "H") !== undefined
      ? ["P", "d", "a"].includes(args.last("P", "d", "a", "L", "H") ?? "") || (args.has("H") && !isOperand && recursive)
      : recursive;
  const own = sys.lstat(from);
  const source = own.ok && (own.value.kind !== "symlink" || keepsLinks) ? own : sys.stat(from);
  if (!source.ok)
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot stat ${quote(from)}: ${context.words(source.error)}`
        : `can't stat '${from}': ${context.words(source.error)}`,
    );
  const target = sys.lstat(to);
  if (source.value.kind === "directory" && !recursive)
    return yield* refuse(
      context,
      flavour === "gnu" ? `-r not specified; omitting directory ${quote(from)}` : `omitting directory '${from}'`,
    );
  const followed = sys.stat(to);
  if (followed.ok && isSame(source.value, followed.value, sys, from, to))
    return yield* refuse(
      context,
      flavour === "gnu" ? `${quote(from)} and ${quote(to)} are the same file` : `'${from}' and '${to}' are the same file`,
    );
  if (target.ok && source.value.kind !== "directory") {
    if (followed.ok && followed.value.kind === "directory")
      return yield* refuse(
        context,
        flavour === "gnu"
          ? `cannot overwrite directory ${quote(to)} with non-directory ${quote(from)}`
          : `can't create '${to}': Is a directory`,
      );
    if (args.last("n", "i", "f") === "n") return true;
    if (args.has("u") && followed.ok && followed.value.modifiedAt >= source.value.modifiedAt) return true;
    if (args.last("n", "i", "f") === "i" && !(yield* confirm(context, `overwrite ${quote(to)}? `))) return true;
  }
  if (args.has("v")) yield* out.put(`${quote(from)} -> ${quote(to)}\n`);
  if (args.has("l") || args.has("s")) {
    const linked = args.has("l") ? sys.link(from, to) : sys.symlink(from, to);
    return (
      linked.ok ||
      (yield* refuse(
        context,
        flavour === "gnu"
          ? `cannot create ${args.has("l") ? "hard" : "symbolic"} link ${quote(to)} to ${quote(from)}: ${context.words(linked.error)}`
          : `can't create ${args.has("l") ? "hard " : "sym"}link '${to}': ${context.words(linked.error)}`,
      ))
    );
  }
  if (source.value.kind === "directory") return yield* copyTree(context, from, to, source.value);
  return yield* copyFile(context, from, to, source.value, keepsLinks);
}

function* copyTree(context: Context, from: string, to: string, source: FileStat): Routine<boolean> {
  const { args, sys, flavour } = context;
  const [realFrom, realTo] = [sys.realpath(from), sys.realpath(to.replace(/\/[^/]*\/*$/, "") || (to.startsWith("/") ? "/" : "."))];
  if (realFrom.ok && realTo.ok && `${realTo.value}/`.startsWith(`${realFrom.value}/`)) {
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot copy a directory, ${quote(from)}, into itself, ${quote(to)}`
        : `recursion detected, omitting directory '${from}'`,
    );
  }
  const target = sys.stat(to);
  if (target.ok && target.value.kind !== "directory" && flavour === "busybox")
    return yield* refuse(context, `can't stat '${nameIn(to, from)}': ${context.words("ENOTDIR")}`);
  if (target.ok && target.value.kind !== "directory") {
    return yield* refuse(
      context,
      flavour === "gnu" ? `cannot overwrite non-directory ${quote(to)} with directory ${quote(from)}` : `target '${to}' is not a directory`,
    );
  }
  if (!target.ok) {
    const made = sys.mkdir(to, source.mode | 0o700);
    if (!made.ok)
      return yield* refuse(
        context,
        flavour === "gnu"
          ? `cannot create directory ${quote(to)}: ${context.words(made.error)}`
          : `can't create directory '${to}': ${context.words(made.error)}`,
      );
  }
  const names = sys.readdir(from);
  if (!names.ok)
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot access ${quote(from)}: ${context.words(names.error)}`
        : `can't open '${from}': ${context.words(names.error)}`,
    );
  let allCopied = true;
  for (const name of names.value) if (!(yield* copyOne(context, nameIn(from, name), nameIn(to, name), false))) allCopied = false;
  if (args.has("a") || args.has("p")) sys.chmod(to, source.mode);
  return allCopied;
}

function* copyFile(context: Context, from: string, to: string, source: FileStat, keepsLinks: boolean): Routine<boolean> {
  const { args, sys, flavour } = context;
  if (source.kind === "symlink" && keepsLinks) {
    const link = sys.readlink(from);
    if (sys.lstat(to).ok) sys.unlink(to);
    const made = link.ok ? sys.symlink(link.value, to) : link;
    return (
      made.ok ||
      (yield* refuse(
        context,
        flavour === "gnu"
          ? `cannot create symbolic link ${quote(to)}: ${context.words(made.error)}`
          : `can't create symlink '${to}': ${context.words(made.error)}`,
      ))
    );
  }
  const reading = sys.open(from, { read: true });
  if (!reading.ok)
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot open ${quote(from)} for reading: ${context.words(reading.error)}`
        : `can't open '${from}': ${context.words(reading.error)}`,
    );
  let writing = sys.open(to, { write: true, create: true, truncate: true, mode: source.mode });
  if (!writing.ok && args.has("f") && sys.unlink(to).ok)
    writing = sys.open(to, { write: true, create: true, truncate: true, mode: source.mode });
  if (!writing.ok) {
    sys.close(reading.value);
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot create regular file ${quote(to)}: ${context.words(writing.error)}`
        : `can't create '${to}': ${context.words(writing.error)}`,
    );
  }
  const input = new Input(sys, reading.value);
  let failure: Errno | undefined;
  for (let chunk = yield* input.chunk(); chunk !== "" && !failure; chunk = yield* input.chunk()) {
    const written = yield* sys.write(writing.value, chunk);
    if (!written.ok) failure = written.error;
  }
  sys.close(reading.value);
  sys.close(writing.value);
  if (args.has("a") || args.has("p")) {
    sys.chmod(to, source.mode);
    if (sys.user.uid === 0) sys.chown(to, { uid: source.uid, gid: source.gid });
  }
  if (failure)
    return yield* refuse(
      context,
      flavour === "gnu" ? `error writing ${quote(to)}: ${context.words(failure)}` : `write error: ${context.words(failure)}`,
    );
  if (input.error)
    return yield* refuse(
      context,
      flavour === "gnu" ? `error reading ${quote(from)}: ${context.words(input.error)}` : `read error: ${context.words(input.error)}`,
    );
  return true;
}

export function mv(flavour: Flavour): Program {
  return command(
    {
      name: "mv",
      usage: { gnu: "[OPTION]... [-T] SOURCE DEST", busybox: "[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }" },
      options: {
        gnu: {
          short: "finTt:uv",
          long: {
            force: "f",
            interactive: "i",
            "no-clobber": "n",
            "target-directory": "t:",
            "no-target-directory": "T",
            update: "u",
            verbose: "v",
          },
        },
        busybox: { short: "finTt:v" },
      },
      unsimulated: flavour === "gnu" ? "bSZ" : "",
      unsimulatedLong: ["backup::", "suffix:", "strip-trailing-slashes", "exchange", "no-copy", "context"],
    },
    flavour,
    function* (context) {
      const planned = yield* planFor(context);
      if ("status" in planned) return planned.status;
      let status = 0;
      for (const plan of planned.plans) if (!(yield* moveOne(context, plan))) status = 1;
      return status;
    },
  );
}

function* moveOne(context: Context, { from, to }: Plan): Routine<boolean> {
  const { args, sys, flavour, out } = context;
  const source = sys.lstat(from);
  if (!source.ok)
    return yield* refuse(
      context,
      flavour === "gnu"
        ? `cannot stat ${quote(from)}: ${context.words(source.error)}`
        : `can't rename '${from}': ${context.words(source.error)}`,
    );
  const target = sys.lstat(to);
  if (target.ok) {
    if (isSame(source.value, target.value, sys, from, to))
      return flavour === "busybox" || (yield* refuse(context, `${quote(from)} and ${quote(to)} are the same file`));
    if (args.last("n", "i", "f") === "n") return true;
    if (args.has("u") && target.value.modifiedAt >= source.value.modifiedAt) return true;
    if (args.last("n", "i", "f") === "i" && !(yield* confirm(context, `overwrite ${quote(to)}? `))) return true;
  }
  const moved = sys.rename(from, to);
  if (moved.ok) {
    if (args.has("v")) yield* out.put(flavour === "gnu" ? `renamed ${quote(from)} -> ${quote(to)}\n` : `'${from}' -> '${to}'\n`);
    return true;
  }
  if (moved.error === "EXDEV") {
    // Between file systems: copied, then removed.
    const copied =
      source.value.kind === "directory"
        ? yield* copyTreeAcross(context, from, to, source.value)
        : yield* copyFile(context, from, to, source.value, true);
    if (!copied) return false;
    sys.chmod(to, source.value.mode);
    const removed = removeTree(sys, from);
    return (
      removed.ok ||
      (yield* refuse(
        context,
        flavour === "gnu"
          ? `cannot remove ${quote(from)}: ${context.words(removed.error)}`
          : `can't remove '${from}': ${context.words(removed.error)}`,
      ))
    );
  }
  const words = context.words(moved.error);
  if (flavour === "busybox") return yield* refuse(context, `can't rename '${from}': ${words}`);
  switch (moved.error) {
    case "EINVAL":
      return yield* refuse(context, `cannot move ${quote(from)} to a subdirectory of itself, ${quote(to)}`);
    case "EISDIR":
      return yield* refuse(context, `cannot overwrite directory ${quote(to)} with non-directory`);
    case "ENOTDIR":
      return yield* refuse(
        context,
        target.ok
          ? `cannot overwrite non-directory ${quote(to)} with directory ${quote(from)}`
          : `cannot move ${quote(from)} to ${quote(to)}: ${words}`,
      );
    case "ENOTEMPTY":
      return yield* refuse(context, `cannot overwrite ${quote(to)}: ${words}`);
    default:
      return yield* refuse(context, `cannot move ${quote(from)} to ${quote(to)}: ${words}`);
  }
}

function* copyTreeAcross(context: Context, from: string, to: string, source: FileStat): Routine<boolean> {
  const { sys } = context;
  if (!sys.mkdir(to, source.mode | 0o700).ok) return yield* refuse(context, `cannot create directory ${quote(to)}`);
  const names = sys.readdir(from);
  if (!names.ok) return false;
  for (const name of names.value) {
    const stat = sys.lstat(nameIn(from, name));
    if (!stat.ok) return false;
    const copied =
      stat.value.kind === "directory"
        ? yield* copyTreeAcross(context, nameIn(from, name), nameIn(to, name), stat.value)
        : yield* copyFile(context, nameIn(from, name), nameIn(to, name), stat.value, true);
    if (!copied) return false;
  }
  return true;
}

function isSame(a: FileStat, b: FileStat, sys: Sys, from: string, to: string): boolean {
  if (a.inode !== b.inode || a.kind !== b.kind) return false;
  // Inode numbers count per file system; a path tells them apart, unless the file has two names.
  const [realFrom, realTo] = [sys.realpath(from), sys.realpath(to)];
  return (
    (realFrom.ok && realTo.ok && realFrom.value === realTo.value) ||
    (a.links > 1 && a.links === b.links && a.modifiedAt === b.modifiedAt && a.size === b.size)
  );
}

function* refuse(context: Context, message: string): Routine<false> {
  yield* context.complain(message);
  return false;
}

/** Asks on stderr, reads a line; `y` is yes. */
export function* confirm(context: Context, question: string): Routine<boolean> {
  yield* context.out.flush();
  yield* say(context.sys, `${context.name}: ${question}`);
  const answer = yield* new Input(context.sys, 0).line();
  return /^\s*[yY]/.test(answer?.text ?? "");
}
