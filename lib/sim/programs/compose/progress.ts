/**
 * What Compose says it is doing, on stderr: lines in a file, a list that is redrawn on a terminal.
 *
 * Follows docker/compose pkg/progress (plain.go, tty.go, quiet.go). On a terminal it differs in that it is redrawn when something
 * happens, not ten times a second.
 */

import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "@/lib/sim/programs/docker/cli";

export type ProgressMode = "plain" | "tty" | "quiet";
type Row = { readonly id: string; text: string; state: "working" | "done" | "error"; readonly startedAt: number; endedAt: number };

export class Progress {
  readonly #cli: Cli;
  readonly #mode: ProgressMode;
  #rows: Row[] = [];
  #drawn = 0;

  constructor(cli: Cli, mode: ProgressMode) {
    this.#cli = cli;
    this.#mode = mode;
  }

  get isQuiet(): boolean {
    return this.#mode === "quiet";
  }

  /** Begins a new list. */
  begin(): void {
    this.#rows = [];
    this.#drawn = 0;
  }

  working(id: string, text: string): Routine<void> {
    return this.#event(id, text, "working");
  }

  done(id: string, text: string): Routine<void> {
    return this.#event(id, text, "done");
  }

  error(id: string, text: string): Routine<void> {
    return this.#event(id, text, "error");
  }

  *#event(id: string, text: string, state: Row["state"]): Routine<void> {
    if (this.#mode === "quiet") return;
    if (this.#mode === "plain") {
      yield* this.#cli.err(` ${id} ${text}\n`);
      return;
    }
    const now = this.#cli.sys.now;
    const row = this.#rows.find((one) => one.id === id);
    if (row) Object.assign(row, { text, state, endedAt: now });
    else this.#rows.push({ id, text, state, startedAt: now, endedAt: now });
    yield* this.#draw();
  }

  *#draw(): Routine<void> {
    const columns = this.#cli.terminal("stderr")?.columns ?? 80;
    const done = this.#rows.filter((row) => row.state !== "working").length;
    const head = `[+] Running ${done}/${this.#rows.length}`;
    const width = Math.max(...this.#rows.map((row) => row.id.length));
    const lines = this.#rows.map((row) => {
      const [mark, color] = row.state === "done" ? ["✔", 32] : row.state === "error" ? ["✘", 31] : ["⠋", 33];
      const time = `${((row.endedAt - row.startedAt) / 1e6).toFixed(1)}s `;
      const text = row.text.trim();
      const used = 3 + width + 2 + text.length;
      const pad = " ".repeat(Math.max(0, columns - used - time.length));
      return ` \u001b[${color}m${mark}\u001b[0m ${row.id.padEnd(width)}  \u001b[${row.state === "error" ? 31 : row.state === "done" ? 32 : 0}m${text}\u001b[0m${pad}\u001b[34m${time}\u001b[0m`;
    });
    const isDone = done === this.#rows.length;
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : "";
    this.#drawn = lines.length + 1;
    yield* this.#cli.err(
      `${up}\u001b[0G\u001b[?25l${[isDone ? `\u001b[34m${head}\u001b[0m` : head, ...lines].map((line) => `\u001b[2K${line}\n`).join("")}\u001b[?25h`,
    );
  }
}
