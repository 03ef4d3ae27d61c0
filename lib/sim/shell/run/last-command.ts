/**
 * Which command takes the shell's place when nothing of the shell follows it: no process is made for it, and the shell's own
 * becomes the program's. A learner sees it in `ps` and `docker top`, and in who gets the signal of `docker stop`.
 *
 * dash and ash hand "this is the last" down through lists, `if`, `case` and braces (EV_EXIT of their eval.c). bash marks single
 * commands (CMD_NO_FORK in execute_cmd.c and eval.c). Measured on bash 5.3, Debian's dash and busybox: see
 * test/conformance/corpus/host-tools/last-command-*.session.
 */

import type { Node } from "../syntax/ast";

/**
 * Where a command ends what its process has to do: the text of `-c`, a subshell, `$(…)`, or another child (a part of a pipeline,
 * a background command).
 */
export type Place = "text" | "subshell" | "substitution" | "child";

/** The one command that bash lets take its place, if any. A subshell does so by needing no process of its own. */
export function bashReplacement(node: Node, place: Place): Node | undefined {
  const isForked = place === "subshell" || place === "child";
  switch (node.kind) {
    case "simple":
      return isForked || node.redirects.length === 0 ? node : undefined;
    case "subshell":
      return isForked ? node : undefined;
    case "and":
    case "or":
      return place === "child" ? undefined : plain(node.right);
    case "sequence":
      return place === "child" || node.commands.at(-2)?.kind === "background" ? undefined : plain(node.commands.at(-1));
    default:
      return undefined;
  }
}

/** Of a list, only the last command, and that only when it is a simple one without redirections. */
function plain(node: Node | undefined): Node | undefined {
  return node?.kind === "simple" && node.redirects.length === 0 ? node : undefined;
}

/**
 * Whether a command that has been read is the last of its text. ash takes the text's very end for it, bash also the end of
 * the line, dash neither. `position`: how far the text has been read.
 */
export function endsText(dialect: "bash" | "dash" | "ash", text: string, position: number): boolean {
  const rest = text.slice(position);
  const isLineRead = text[position - 1] === "\n";
  switch (dialect) {
    case "dash":
      return false;
    case "ash":
      return !isLineRead && /^[ \t]*(#[^\n]*)?$/.test(rest);
    case "bash":
      return isLineRead ? rest === "" : /^[ \t]*(#[^\n]*)?\n?$/.test(rest);
  }
}
