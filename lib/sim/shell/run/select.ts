/** bash's `select`: a numbered menu, an answer, and the body for each answer. */

import type { Routine } from "@/lib/sim/core/task";
import type { CompoundCommand } from "../syntax/ast";
import { readLine } from "./input";
import type { Shell } from "./shell";

export function* runSelect(
  shell: Shell,
  node: CompoundCommand & { readonly kind: "select" },
  body: () => Routine<{ readonly status: number; readonly leaves: boolean }>,
): Routine<number> {
  const items = node.words ? yield* shell.expander.words(node.words) : shell.positional;
  if (items.length === 0) return 0;
  let status = 0;
  let showsMenu = true;
  shell.loops++;
  try {
    for (;;) {
      yield* shell.tick();
      if (showsMenu) yield* shell.write(2, menu(items, Number(shell.variables.get("COLUMNS") ?? 80)));
      yield* shell.write(2, shell.variables.get("PS3") ?? "#? ");
      const line = yield* readLine(shell, 0);
      if (line === undefined || !line.terminated) {
        yield* shell.write(1, "\n");
        return 1;
      }
      const answer = line.text.trim();
      shell.variables.set("REPLY", line.text);
      showsMenu = answer === "";
      if (showsMenu) continue;
      const chosen = /^\d+$/.test(answer) ? items[Number(answer) - 1] : undefined;
      shell.variables.set(node.name, chosen ?? "");
      const round = yield* body();
      status = round.status;
      if (round.leaves) return status;
    }
  } finally {
    shell.loops--;
  }
}

/** In columns, numbered downwards, as wide as the widest. */
function menu(items: readonly string[], columns: number): string {
  const digits = String(items.length).length;
  const widest = Math.max(...items.map((item) => item.length));
  const cell = digits + 2 + widest + 2;
  const across = Math.max(1, Math.floor(columns / cell));
  const rows = across >= items.length ? items.length : Math.ceil(items.length / across);
  const perLine = Math.ceil(items.length / rows);
  let text = "";
  for (let row = 0; row < rows; row++) {
    const cells: string[] = [];
    for (let column = 0; column < perLine; column++) {
      const i = row + column * rows;
      const item = items[i];
      if (item !== undefined) cells.push(`${String(i + 1).padStart(digits)}) ${item}`);
    }
    text += `${cells.map((made, i) => (i < cells.length - 1 ? made.padEnd(cell) : made)).join("")}\n`;
  }
  return text;
}
