/**
 * The shell's door: `bash` and `sh` of the host (dash), `sh` of busybox (ash), and the joint for completing arguments.
 *
 * One interpreter with three flavours. A learner sees it as the prompt of a host, as `sh -c` of a recorded transcript and as the
 * shell in a container. Language, messages and exit statuses follow bash 5.3, dash 0.5.12 and busybox 1.38, and were compared with
 * them script by script (test/unit/sim/shell/recorded).
 *
 *     syntax/       text to commands: lexer, parser, what is wrong with a text
 *     expand/       words to arguments: parameters, arithmetic, splitting, patterns, pathnames
 *     run/          commands to processes: redirections, pipelines, jobs, traps
 *     builtins/     what the shell does itself
 *     interactive/  prompt, line editor, history, completion
 *
 * Differs from all three: a builtin takes ten microseconds; nesting has a limit that says so, earlier than a real stack ends; text is
 * characters, so patterns of dash and ash never see half of one. Differs from bash: lines inside a `$(…)` of several lines are
 * numbered as they stand in the script; side effects of a here-document's expansions reach the shell also when the command is a
 * program. Not simulated, and said so: coproc, fc, bind, complete, compgen, traps for DEBUG and RETURN, /dev/tcp.
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
