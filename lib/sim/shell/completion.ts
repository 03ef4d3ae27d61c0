/**
 * The joint for completing arguments. A program that knows its own words (docker its subcommands, flags and objects, ip its)
 * gives a source under its command's name; the line editor asks it when Tab is pressed in an argument of that command:
 *
 *     const completions: CompletionSources = new Map([
 *       ["docker", function* ({ words, index, prefix }, sys) { … return ["container", "context"]; }],
 *     ]);
 *     shellProgram(BASH, { completions })
 *
 * `words` are the words of the simple command at the cursor, quotes removed, from the command's name on; `words[index]` is the
 * one at the cursor and `prefix` what of it stands before the cursor. The answer are whole words that may stand there; those
 * that do not begin with `prefix` are dropped. A word that ends with `=`, `/` or `:` is completed without a blank after it.
 * An empty answer means: nothing known, and names of files are offered instead.
 *
 * A source runs in a process of its own with the shell's environment, with nowhere to write to, so that it may ask the daemon
 * (`sys.connectUnix`) without disturbing the terminal. One that has not answered after five simulated seconds is given up.
 */

import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";

export type CompletionRequest = {
  readonly words: readonly string[];
  /** Which of `words` is being completed; `words.length` when it has not begun. */
  readonly index: number;
  readonly prefix: string;
};

export type CompletionSource = (request: CompletionRequest, sys: Sys) => Routine<readonly string[]>;

/** Sources by the name of their command. */
export type CompletionSources = ReadonlyMap<string, CompletionSource>;
