/**
 * Reads a line with the editor from a terminal in raw mode.
 *
 * One key at a time is taken from the terminal, so that what was typed ahead is left to the command that the line starts.
 */

import type { Tty } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { complete, type CompletionMenu } from "./complete";
import { type Key, KeyDecoder } from "./keys";
import { LineEditor } from "./line-editor";
import { Screen } from "./screen";
import { textWidth } from "./width";
import type { Shell } from "../run/shell";

export type ReadResult = { readonly kind: "line"; readonly text: string } | { readonly kind: "interrupt" } | { readonly kind: "end" };

/** So many possibilities are listed without asking (readline's completion-query-items). */
const ASK_ABOVE = 100;

export class LineReader {
  readonly #shell: Shell;
  readonly #tty: Tty;
  readonly #real: number;
  readonly #decoder = new KeyDecoder();
  /** Keys that came but were not pressed yet. */
  #keys: Key[] = [];
  #kills: readonly string[] = [];

  constructor(shell: Shell, tty: Tty, real: number) {
    this.#shell = shell;
    this.#tty = tty;
    this.#real = real;
  }

  *read(prompt: string): Routine<ReadResult> {
    const shell = this.#shell;
    const { isBash } = shell.options;
    this.#tty.setRaw(true);
    try {
      if (isBash) yield* shell.write(2, "\x1b[?2004h");
      const result = yield* this.#edit(prompt);
      if (isBash) yield* shell.write(2, "\x1b[?2004l\r");
      return result;
    } finally {
      this.#tty.setRaw(false);
    }
  }

  *#edit(prompt: string): Routine<ReadResult> {
    const shell = this.#shell;
    const editor = new LineEditor(shell.history?.entries ?? [], this.#kills);
    const screen = new Screen(this.#tty.columns);
    yield* shell.write(2, screen.draw(prompt, "", 0));
    for (;;) {
      const key = yield* this.#key(screen);
      if (key === undefined) return { kind: "end" };
      if (key === "interrupt") {
        yield* shell.write(2, `^C${screen.leave()}`);
        return { kind: "interrupt" };
      }
      const effect = editor.press(key);
      const show = (): string => screen.draw(editor.searchPrompt ?? prompt, editor.text, editor.cursor);
      if (typeof effect === "object") {
        yield* this.#complete(editor, screen, prompt, effect.complete === "again");
        continue;
      }
      switch (effect) {
        case "redraw":
          // While more keys are there already, the screen can wait.
          if (this.#keys.length === 0) yield* shell.write(2, show());
          break;
        case "bell":
          yield* shell.write(2, `${show()}\x07`);
          break;
        case "clear-screen":
          screen.reset();
          yield* shell.write(2, `\x1b[H\x1b[2J${show()}`);
          break;
        case "submit":
          yield* shell.write(2, screen.draw(prompt, editor.text, editor.cursor) + screen.leave());
          this.#kills = editor.kills;
          return { kind: "line", text: editor.text };
        case "interrupt":
          yield* shell.write(2, `${screen.draw(prompt, editor.text, [...editor.text].length)}^C${screen.leave()}`);
          this.#kills = editor.kills;
          return { kind: "interrupt" };
        case "end":
          yield* shell.write(2, screen.leave());
          return { kind: "end" };
        case "nothing":
          break;
      }
    }
  }

  /** The next key. `undefined`: the terminal is gone. */
  *#key(screen: Screen): Routine<Key | "interrupt" | undefined> {
    const shell = this.#shell;
    for (;;) {
      const key = this.#keys.shift();
      if (key) return key;
      const chunk = yield* shell.sys.read(this.#real, 1);
      if (chunk.ok) {
        if (chunk.value === "") return undefined;
        this.#keys.push(...this.#decoder.decode(chunk.value));
        continue;
      }
      if (chunk.error !== "EINTR") return undefined;
      for (let signal = shell.sys.takeSignal(); signal !== undefined; signal = shell.sys.takeSignal()) {
        if (signal === "WINCH") yield* shell.write(2, screen.resize(this.#tty.columns));
        else if (shell.traps.get(signal)) {
          this.#tty.setRaw(false);
          yield* shell.interpreter.runTrap(signal);
          this.#tty.setRaw(true);
        } else if (signal === "INT") return "interrupt";
      }
    }
  }

  // --- completion ---------------------------------------------------------------------------------------------------
  *#complete(editor: LineEditor, screen: Screen, prompt: string, lists: boolean): Routine<void> {
    const shell = this.#shell;
    const found = yield* complete(shell, editor.before);
    if (found.items.length === 0) {
      yield* shell.write(2, "\x07");
      return;
    }
    if (found.insert !== found.typed) {
      editor.replaceBefore([...found.typed].length, found.insert);
      const bell = found.items.length > 1 && !lists ? "\x07" : "";
      yield* shell.write(2, screen.draw(prompt, editor.text, editor.cursor) + bell);
      return;
    }
    if (!lists) {
      yield* shell.write(2, "\x07");
      return;
    }
    yield* shell.write(2, screen.draw(prompt, editor.text, [...editor.text].length) + screen.leave());
    if (found.items.length < ASK_ABOVE || (yield* this.#asks(found, screen)))
      yield* shell.write(
        2,
        inColumns(
          found.items.map((item) => item.shown),
          this.#tty.columns,
        ),
      );
    yield* shell.write(2, screen.draw(prompt, editor.text, editor.cursor));
  }

  *#asks(found: CompletionMenu, screen: Screen): Routine<boolean> {
    const shell = this.#shell;
    yield* shell.write(2, `Display all ${found.items.length} possibilities? (y or n)`);
    for (;;) {
      const key = yield* this.#key(screen);
      if (key === undefined || key === "interrupt") return false;
      const answer = key.kind === "text" ? key.text.charAt(0).toLowerCase() : key.name;
      const isYes = answer === "y" || answer === " ";
      if (!isYes && answer !== "n" && answer !== "backspace" && answer !== "C-c") continue;
      yield* shell.write(2, "\r\n");
      return isYes;
    }
  }
}

/** Sorted downwards, as many columns as fit. */
function inColumns(items: readonly string[], width: number): string {
  const cell = Math.max(...items.map(textWidth)) + 2;
  const across = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(items.length / across);
  let text = "";
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (const item of items.filter((_, i) => i % rows === row)) line += item + " ".repeat(cell - textWidth(item));
    text += `${line.trimEnd()}\r\n`;
  }
  return text;
}
