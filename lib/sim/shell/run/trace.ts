/** `set -x`. */

import type { Routine } from "@/lib/sim/core/task";
import { ashTraced, quotedIfNeeded } from "../expand/quote";
import { keywordsOf } from "../syntax/dialect";
import type { Shell } from "./shell";

/** Prints words that are already text behind PS4. */
export function* trace(shell: Shell, words: readonly string[]): Routine<void> {
  const ps4 = shell.variables.get("PS4") ?? "+ ";
  const parsed = yield* shell.interpreter.text.expandText(ps4);
  // bash repeats the first character of PS4 for each level of substitution.
  const prefix = shell.options.isBash ? parsed.slice(0, 1).repeat(1 + shell.substitutionDepth) + parsed.slice(1) : parsed;
  yield* shell.write(2, `${prefix}${words.join(" ")}\n`);
}

/** A word as the flavour's trace shows it. */
export function traced(shell: Shell, text: string): string {
  switch (shell.flavour.dialect.name) {
    case "bash":
      return quotedIfNeeded(text);
    case "ash":
      return keywordsOf("ash").includes(text) || text === "[" ? `'${text}'` : ashTraced(text);
    case "dash":
      return text;
  }
}
