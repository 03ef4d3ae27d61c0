/**
 * execve(2): from a path to a program. Linux's fs/exec.c, fs/binfmt_script.c.
 *
 * An executable's text names a program of the registry (fs/contract.ts). Differs: one that the registry does not know is
 * a real program that is not simulated; it starts, says so and fails.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import { programOf } from "../fs/contract";
import type { Mounts } from "../fs/mounts";
import type { Viewer } from "../fs/viewer";
import { allows, inodeOf, statOf } from "../fs/vnode";
import type { NetProgram, Registry } from "../kernel";

export type Executable = {
  readonly program: NetProgram;
  readonly argv: readonly string[];
  /** The file that runs: of a script, its interpreter. */
  readonly exe: string;
  /** What `ps` calls it (`comm`). */
  readonly name: string;
};

/** `#!` lines may lead to further scripts so many times. */
const MAX_INTERPRETERS = 4;

export function findExecutable(
  mounts: Mounts,
  path: string,
  cwd: string,
  argv: readonly string[],
  viewer: Viewer,
  programs: Registry,
): Result<Executable, Errno> {
  let file = path;
  let args = argv;
  for (let depth = 0; depth <= MAX_INTERPRETERS; depth++) {
    const text = readExecutable(mounts, file, cwd, viewer);
    if (!text.ok) return text;
    const registered = programOf(text.value.text);
    if (registered !== undefined) {
      return ok({ program: programs.get(registered) ?? missing(registered), argv: args, exe: text.value.path, name: nameOf(path) });
    }
    const interpreter = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*?)[ \t]*(?:\n|$)/.exec(text.value.text);
    if (!interpreter?.[1]) return fail("ENOEXEC");
    args = [interpreter[1], ...(interpreter[2] ? [interpreter[2]] : []), file, ...args.slice(1)];
    file = interpreter[1];
  }
  return fail("ELOOP");
}

function readExecutable(
  mounts: Mounts,
  path: string,
  cwd: string,
  viewer: Viewer,
): Result<{ readonly text: string; readonly path: string }, Errno> {
  const at = mounts.find(path, cwd, viewer);
  if (!at.ok) return at;
  const stat = statOf(at.value.vnode);
  if (stat.kind !== "file" || !allows(stat, viewer, 1)) return fail("EACCES");
  const inode = inodeOf(at.value.vnode);
  return inode?.kind === "file" ? ok({ text: inode.text, path: at.value.path }) : fail("EACCES");
}

/** The kernel keeps 15 characters of a command's name. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).slice(0, 15);
}

function missing(registered: string): NetProgram {
  return function* (sys) {
    yield* complain(sys, `${notSimulated(`the program ${registered.slice(registered.indexOf("/") + 1)}`)}\n`);
    return 126;
  };
}
