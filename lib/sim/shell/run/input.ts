/** Reading lines from a descriptor that is shared with other programs: never more than the line. */

import type { Routine } from "@/lib/sim/core/task";
import type { Shell } from "./shell";

export type InputLine = { readonly text: string; readonly terminated: boolean };

/**
 * Commands from descriptor 0. bash takes a line and no more, so that a command can read what follows; dash and ash take what is
 * there.
 */
export class CommandInput {
  readonly #shell: Shell;
  #buffer = "";

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  *next(): Routine<InputLine | undefined> {
    const shell = this.#shell;
    if (shell.options.isBash) return yield* readLine(shell, 0);
    for (;;) {
      const end = this.#buffer.indexOf("\n");
      if (end >= 0) {
        const text = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        return { text, terminated: true };
      }
      const real = shell.descriptors.real(0);
      const chunk = real === undefined ? undefined : yield* shell.sys.read(real, 8192);
      if (chunk && !chunk.ok && chunk.error === "EINTR") {
        yield* shell.interpreter.runPendingTraps();
        continue;
      }
      if (chunk?.ok && chunk.value !== "") {
        this.#buffer += chunk.value;
        continue;
      }
      const text = this.#buffer;
      this.#buffer = "";
      return text === "" ? undefined : { text, terminated: false };
    }
  }
}

/**
 * The next line of one of the shell's descriptors. A pipe or file is read one character at a time, so that what follows the line
 * is left to whoever reads next; a terminal gives a line at most anyway. `undefined`: the end, with nothing before it.
 */
export function* readLine(shell: Shell, fd: number): Routine<InputLine | undefined> {
  const real = shell.descriptors.real(fd);
  if (real === undefined) return undefined;
  const isTerminal = shell.sys.tty(real) !== undefined;
  let text = "";
  for (;;) {
    const chunk = yield* shell.sys.read(real, isTerminal ? 4096 : 1);
    if (!chunk.ok) {
      if (chunk.error === "EINTR") {
        yield* shell.interpreter.runPendingTraps();
        continue;
      }
      return text === "" ? undefined : { text, terminated: false };
    }
    if (chunk.value === "") return text === "" ? undefined : { text, terminated: false };
    text += chunk.value;
    if (text.endsWith("\n")) return { text: text.slice(0, -1), terminated: true };
  }
}
