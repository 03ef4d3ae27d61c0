/** `rm`, `rmdir` and `unlink`. */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { complain as say } from "@/lib/sim/core/stdio";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Context, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { quote } from "../command/quote";
import { directoryOf } from "./paths";

export function rm(flavour: Flavour): Program {
  return command(
    {
      name: "rm",
      usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-irf] FILE..." },
      options: {
        gnu: {
          short: "dfirRvI",
          long: {
            dir: "d",
            force: "f",
            interactive: "i::",
            recursive: "r",
            verbose: "v",
            "preserve-root": "keep::",
            "no-preserve-root": "nokeep",
          },
        },
        busybox: { short: "fiRrv" },
      },
      unsimulatedLong: ["one-file-system"],
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const isForced = args.last("f", "i") === "f";
      if (args.operands.length === 0) return isForced ? 0 : yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      const recursive = args.has("r") || args.has("R");
      if (flavour === "gnu" && args.last("I", "f", "i") === "I" && (args.operands.length > 3 || recursive)) {
        const what = recursive
          ? `remove ${args.operands.length} argument${args.operands.length === 1 ? "" : "s"} recursively? `
          : `remove ${args.operands.length} arguments? `;
        if (!(yield* ask(context, what))) return 0;
      }
      let status = 0;
      for (const path of args.operands) {
        if (/(^|\/)\.{1,2}\/*$/.test(path) && (recursive || flavour === "busybox")) {
          yield* context.complain(
            flavour === "gnu" ? `refusing to remove '.' or '..' directory: skipping ${quote(path)}` : `can't remove '.' or '..'`,
          );
          status = 1;
          continue;
        }
        if (recursive && sys.realpath(path).ok && /^\/+$/.test(path) && !args.has("nokeep")) {
          yield* context.complain(flavour === "gnu" ? "it is dangerous to operate recursively on '/'" : "can't remove '/'");
          if (flavour === "gnu") yield* context.complain("use --no-preserve-root to override this failsafe");
          status = 1;
          continue;
        }
        if (!(yield* removeOne(context, path))) status = 1;
      }
      return status;
    },
  );
}

function* removeOne(context: Context, path: string): Routine<boolean> {
  const { args, sys, flavour, out } = context;
  const isForced = args.last("f", "i") === "f";
  const asks = args.last("f", "i") === "i";
  const recursive = args.has("r") || args.has("R");
  const stat = sys.lstat(path);
  const refuse = function* (errno: Errno): Routine<false> {
    yield* context.complain(
      flavour === "gnu" ? `cannot remove ${quote(path)}: ${context.words(errno)}` : `can't remove '${path}': ${context.words(errno)}`,
    );
    return false;
  };
  if (!stat.ok) return isForced && (stat.error === "ENOENT" || stat.error === "ENOTDIR") ? true : yield* refuse(stat.error);
  if (stat.value.kind === "directory") {
    const names = sys.readdir(path);
    if (!recursive && !(args.has("d") && names.ok && names.value.length === 0)) {
      if (flavour === "gnu")
        yield* context.complain(`cannot remove ${quote(path)}: ${args.has("d") ? context.words("ENOTEMPTY") : "Is a directory"}`);
      else yield* context.complain(`'${path}' is a directory`);
      return false;
    }
    if (!names.ok) return yield* refuse(names.error);
    if (asks && names.value.length > 0 && !(yield* ask(context, `descend into directory ${quote(path)}? `))) return true;
    let allRemoved = true;
    for (const name of names.value) if (!(yield* removeOne(context, `${path.replace(/\/+$/, "")}/${name}`))) allRemoved = false;
    if (!allRemoved) return false;
    if (asks && !(yield* ask(context, `remove directory ${quote(path)}? `))) return true;
    const removed = sys.rmdir(path);
    if (!removed.ok) return yield* refuse(removed.error);
    if (args.has("v")) yield* out.put(flavour === "gnu" ? `removed directory ${quote(path)}\n` : `removed directory: '${path}'\n`);
    return true;
  }
  if (
    asks &&
    !(yield* ask(
      context,
      `remove ${stat.value.kind === "file" ? (stat.value.size === 0 ? "regular empty file" : "regular file") : KINDS[stat.value.kind]} ${quote(path)}? `,
    ))
  )
    return true;
  const removed = sys.unlink(path);
  if (!removed.ok) return yield* refuse(removed.error);
  if (args.has("v")) yield* out.put(flavour === "gnu" ? `removed ${quote(path)}\n` : `removed '${path}'\n`);
  return true;
}

const KINDS = { symlink: "symbolic link", "character-device": "character special file", fifo: "fifo", socket: "socket" } as const;

function* ask(context: Context, question: string): Routine<boolean> {
  const shown =
    context.flavour === "gnu"
      ? question
      : question.replace(/^remove (regular empty file|regular file|symbolic link|socket|fifo|character special file) /, "remove ");
  yield* context.out.flush();
  yield* say(context.sys, `${context.name}: ${shown}`);
  const answer = yield* new Input(context.sys, 0).line();
  return /^\s*[yY]/.test(answer?.text ?? "");
}

/** Removes a file or a directory with all that is in it, without words. */
export function removeTree(sys: Sys, path: string): Result<void, Errno> {
  const stat = sys.lstat(path);
  if (!stat.ok) return stat;
  if (stat.value.kind !== "directory") return sys.unlink(path);
  const names = sys.readdir(path);
  if (!names.ok) return names;
  for (const name of names.value) {
    const removed = removeTree(sys, `${path}/${name}`);
    if (!removed.ok) return removed;
  }
  return sys.rmdir(path);
}

export function rmdir(flavour: Flavour): Program {
  return command(
    {
      name: "rmdir",
      usage: { gnu: "[OPTION]... DIRECTORY...", busybox: "[-p] DIRECTORY..." },
      options: {
        gnu: { short: "pv", long: { parents: "p", verbose: "v", "ignore-fail-on-non-empty": "ignore" } },
        busybox: { short: "p", long: { parents: "p", "ignore-fail-on-non-empty": "ignore" } },
      },
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      if (args.operands.length === 0) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      let status = 0;
      for (const operand of args.operands) {
        let isFirst = true;
        for (let path = operand; path !== "." && path !== "/"; path = directoryOf(path)) {
          if (args.has("v")) yield* out.put(`rmdir: removing directory, ${quote(path)}\n`);
          const removed = sys.rmdir(path);
          if (!removed.ok) {
            if (removed.error === "ENOTEMPTY" && args.has("ignore")) break;
            const what = isFirst || flavour === "busybox" ? "" : "directory ";
            yield* context.complain(
              flavour === "gnu"
                ? `failed to remove ${what}${quote(path)}: ${context.words(removed.error)}`
                : `'${path}': ${context.words(removed.error)}`,
            );
            status = 1;
            break;
          }
          isFirst = false;
          if (!args.has("p")) break;
        }
      }
      return status;
    },
  );
}

export function unlink(flavour: Flavour): Program {
  return command({ name: "unlink", usage: { gnu: "FILE", busybox: "FILE" }, options: both({ short: "" }) }, flavour, function* (context) {
    const { args, sys } = context;
    const [path, extra] = args.operands;
    if (path === undefined || extra !== undefined)
      return yield* context.usageError(
        flavour === "gnu" ? (path === undefined ? "missing operand" : `extra operand '${extra}'`) : undefined,
      );
    const removed = sys.unlink(path);
    if (removed.ok) return 0;
    yield* context.complain(
      flavour === "gnu"
        ? `cannot unlink ${quote(path)}: ${context.words(removed.error)}`
        : `can't remove file '${path}': ${context.words(removed.error)}`,
    );
    return 1;
  });
}
