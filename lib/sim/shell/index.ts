/**
 * The shell's door: the programs `bash`, `sh` of the host (dash) and `sh` of busybox, and the joint for completion.
 */

import type { Program } from "@/lib/sim/core/sys";
import { ASH_FLAVOUR, BASH_FLAVOUR, DASH_FLAVOUR } from "./flavour";
import { shellProgram, type ShellProgramOptions } from "./start";

export type { CompletionRequest, CompletionSource, CompletionSources } from "./completion";
export { ASH_FLAVOUR, BASH_FLAVOUR, DASH_FLAVOUR, type Flavour } from "./flavour";
export { shellProgram, type ShellProgramOptions } from "./start";

/** The shells by the names that executables carry. `options`: what all of them share, such as completion. */
export function makeShells(options: ShellProgramOptions = {}): ReadonlyMap<string, Program> {
  const ash = shellProgram(ASH_FLAVOUR, options);
  return new Map([
    ["bash/bash", shellProgram(BASH_FLAVOUR, options)],
    ["dash/sh", shellProgram(DASH_FLAVOUR, options)],
    ["busybox/sh", ash],
    ["busybox/ash", ash],
  ]);
}

/** The shells without completion of arguments. */
export const shells: ReadonlyMap<string, Program> = makeShells();
