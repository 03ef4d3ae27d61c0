/**
 * `Are you sure you want to continue? [y/N]`. Follows docker/cli internal/prompt. Declining, or a signal at the prompt, ends a
 * command without a word and with status 0, as the real one does.
 */

import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../cli";

export function* confirm(cli: Cli, message: string): Routine<"yes" | "no" | "interrupted"> {
  yield* cli.out(`${message} [y/N] `);
  let answer = "";
  while (!answer.includes("\n")) {
    const chunk = yield* cli.sys.read(0);
    if (cli.client.interruption()) {
      yield* cli.out("\n");
      return "interrupted";
    }
    if (!chunk.ok || chunk.value === "") break;
    answer += chunk.value;
  }
  return (answer.split("\n")[0] ?? "").trim().toLowerCase() === "y" ? "yes" : "no";
}
