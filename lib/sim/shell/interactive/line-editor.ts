/**
 * The line editor as a state machine: keys in, a line and what is to be done out (GNU readline in emacs mode, as bash binds it;
 * busybox's lineedit has a part of it). It neither reads nor writes; `line-reader.ts` does. Longer than most files: its keys are
 * one table.
 */

import type { Key } from "./keys";
import { blankStart, isWordCharacter, lineEnd, lineStart, wordEnd, wordStart } from "./motions";

/** What the reader has to do after a key. */
export type EditEffect =
  | "redraw"
  | "bell"
  /** Enter: the line is complete. */
  | "submit"
  /** Ctrl-C. */
  | "interrupt"
  /** Ctrl-D on an empty line. */
  | "end"
  /** Tab. `again`: the key before was Tab as well. */
  | { readonly complete: "once" | "again" }
  | "clear-screen"
  | "nothing";

type Snapshot = { readonly chars: readonly string[]; readonly cursor: number };

type Search = {
  text: string /** Index in the history. */;
  at: number;
  readonly origin: Snapshot;
  hasFailed: boolean;
  readonly isForward: boolean;
};

export class LineEditor {
  /** Older lines, the latest last. */
  readonly #history: readonly string[];
  #chars: string[] = [];
  #cursor = 0;
  /** Where in the history the line is from; `history.length` is the new line. */
  #at: number;
  /** Lines of the history as they were changed meanwhile, and the new line while another is shown. */
  readonly #edited = new Map<number, string>();
  readonly #kills: string[] = [];
  #lastWasKill = false;
  #yank: { readonly start: number; readonly length: number; index: number } | undefined;
  #lastArgument: { index: number; start: number; length: number } | undefined;
  #undo: Snapshot[] = [];
  #lastWasInsert = false;
  #lastWasTab = false;
  #isQuoting = false;
  #prefix = "";
  #search: Search | undefined;

  constructor(history: readonly string[], kills: readonly string[] = []) {
    this.#history = history;
    this.#at = history.length;
    this.#kills.push(...kills);
  }

  get text(): string {
    return this.#chars.join("");
  }

  /** In characters, not in UTF-16 units. */
  get cursor(): number {
    return this.#cursor;
  }

  /** What was killed, for the next line. */
  get kills(): readonly string[] {
    return this.#kills;
  }

  /** During an incremental search, what stands in place of the prompt. */
  get searchPrompt(): string | undefined {
    const search = this.#search;
    if (!search) return undefined;
    return `(${search.hasFailed ? "failed " : ""}${search.isForward ? "i" : "reverse-i"}-search)\`${search.text}': `;
  }

  /** The text before the cursor. */
  get before(): string {
    return this.#chars.slice(0, this.#cursor).join("");
  }

  /** Replaces `count` characters before the cursor (completion). */
  replaceBefore(count: number, text: string): void {
    this.#remember();
    const added = [...text];
    this.#chars.splice(this.#cursor - count, count, ...added);
    this.#cursor += added.length - count;
    this.#lastWasTab = false;
  }

  press(key: Key): EditEffect {
    const effect = this.#press(key);
    this.#lastWasTab = typeof effect === "object";
    return effect;
  }

  #press(key: Key): EditEffect {
    if (this.#isQuoting) {
      this.#isQuoting = false;
      return this.#insert(key.kind === "text" ? key.text : (RAW[key.name] ?? ""));
    }
    if (this.#search) {
      const effect = this.#searchKey(this.#search, key);
      if (effect !== undefined) return effect;
    }
    if (key.kind === "text") {
      const isRun = this.#lastWasInsert && !key.isPasted;
      this.#lastWasKill = false;
      return this.#insert(key.text, isRun);
    }
    const wasKill = this.#lastWasKill;
    const wasYank = this.#yank;
    const wasArgument = this.#lastArgument;
    this.#lastWasKill = false;
    this.#lastWasInsert = false;
    this.#yank = undefined;
    this.#lastArgument = undefined;
    switch (key.name) {
      case "enter":
      case "C-o":
        this.#cursor = this.#chars.length;
        return "submit";
      case "C-c":
        return "interrupt";
      case "C-d":
        if (this.#chars.length === 0) return "end";
        return this.#delete(this.#cursor, this.#cursor + 1);
      case "tab":
        return { complete: this.#lastWasTab ? "again" : "once" };
      case "C-l":
        return "clear-screen";
      case "C-a":
      case "home":
        return this.#move(lineStart(this.#chars, this.#cursor));
      case "C-e":
      case "end":
        return this.#move(lineEnd(this.#chars, this.#cursor));
      case "C-b":
      case "left":
        return this.#move(this.#cursor - 1);
      case "C-f":
      case "right":
        return this.#move(this.#cursor + 1);
      case "M-b":
      case "C-left":
      case "M-left":
        return this.#move(wordStart(this.#chars, this.#cursor));
      case "M-f":
      case "C-right":
      case "M-right":
        return this.#move(wordEnd(this.#chars, this.#cursor));
      case "C-p":
      case "up":
        return this.#goTo(this.#at - 1);
      case "C-n":
      case "down":
        return this.#goTo(this.#at + 1);
      case "M-<":
        return this.#goTo(0);
      case "M->":
        return this.#goTo(this.#history.length);
      case "pageup":
        return this.#goToPrefix(-1);
      case "pagedown":
        return this.#goToPrefix(1);
      case "backspace":
        return this.#cursor === 0 ? "bell" : this.#delete(this.#cursor - 1, this.#cursor);
      case "delete":
        return this.#delete(this.#cursor, this.#cursor + 1);
      case "C-k":
        return this.#kill(this.#cursor, this.#chars.length, wasKill, false);
      case "C-u":
        return this.#kill(0, this.#cursor, wasKill, true);
      case "C-w":
        return this.#kill(blankStart(this.#chars, this.#cursor), this.#cursor, wasKill, true);
      case "M-backspace":
      case "M-C-h":
        return this.#kill(wordStart(this.#chars, this.#cursor), this.#cursor, wasKill, true);
      case "M-d":
        return this.#kill(this.#cursor, wordEnd(this.#chars, this.#cursor), wasKill, false);
      case "C-y":
        return this.#yankFrom(this.#kills.length - 1);
      case "M-y":
        return wasYank ? this.#rotate(wasYank) : "bell";
      case "C-t":
        return this.#transpose();
      case "M-t":
        return this.#transposeWords();
      case "M-u":
        return this.#change((word) => word.toUpperCase());
      case "M-l":
        return this.#change((word) => word.toLowerCase());
      case "M-c":
        return this.#change((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
      case "M-.":
      case "M-_":
        return this.#insertLastArgument(wasArgument);
      case "M-#":
        this.#remember();
        this.#chars.unshift("#");
        return "submit";
      case "C-_":
        return this.#undoOne();
      case "M-r":
        return this.#revert();
      case "C-v":
      case "C-q":
        this.#isQuoting = true;
        return "nothing";
      case "C-r":
      case "C-s":
        this.#search = { text: "", at: this.#at, origin: this.#snapshot(), hasFailed: false, isForward: key.name === "C-s" };
        return "redraw";
      case "C-g":
        return "bell";
      default:
        return "nothing";
    }
  }

  // --- text ---------------------------------------------------------------------------------------------------------
  #insert(text: string, isRun = false): EditEffect {
    if (text === "") return "nothing";
    if (!isRun) this.#remember();
    const added = [...text];
    this.#chars.splice(this.#cursor, 0, ...added);
    this.#cursor += added.length;
    this.#lastWasInsert = true;
    return "redraw";
  }

  #delete(from: number, to: number): EditEffect {
    if (from < 0 || from >= this.#chars.length) return "bell";
    this.#remember();
    this.#chars.splice(from, to - from);
    this.#cursor = from;
    return "redraw";
  }

  #move(to: number): EditEffect {
    if (to < 0 || to > this.#chars.length) return "bell";
    this.#cursor = to;
    return "redraw";
  }

  #change(change: (word: string) => string): EditEffect {
    const end = wordEnd(this.#chars, this.#cursor);
    let start = this.#cursor;
    while (start < end && !isWordCharacter(this.#chars[start])) start++;
    this.#remember();
    this.#chars.splice(start, end - start, ...change(this.#chars.slice(start, end).join("")));
    this.#cursor = end;
    return "redraw";
  }

  #transpose(): EditEffect {
    if (this.#chars.length < 2 || this.#cursor === 0) return "bell";
    const at = Math.min(this.#cursor, this.#chars.length - 1);
    const [a = "", b = ""] = [this.#chars[at - 1], this.#chars[at]];
    this.#remember();
    this.#chars.splice(at - 1, 2, b, a);
    this.#cursor = at + 1;
    return "redraw";
  }

  #transposeWords(): EditEffect {
    const secondEnd = wordEnd(this.#chars, this.#cursor);
    const secondStart = wordStart(this.#chars, secondEnd);
    const firstStart = wordStart(this.#chars, secondStart);
    const firstEnd = wordEnd(this.#chars, firstStart);
    if (firstEnd > secondStart || firstStart === secondStart) return "bell";
    this.#remember();
    const [first, between, second] = [
      this.#chars.slice(firstStart, firstEnd),
      this.#chars.slice(firstEnd, secondStart),
      this.#chars.slice(secondStart, secondEnd),
    ];
    this.#chars.splice(firstStart, secondEnd - firstStart, ...second, ...between, ...first);
    this.#cursor = secondEnd;
    return "redraw";
  }

  // --- kill and yank ------------------------------------------------------------------------------------------------
  #kill(from: number, to: number, joins: boolean, isBackward: boolean): EditEffect {
    this.#lastWasKill = true;
    if (from >= to) return "nothing";
    const killed = this.#chars.slice(from, to).join("");
    const last = this.#kills.at(-1);
    if (joins && last !== undefined) this.#kills[this.#kills.length - 1] = isBackward ? killed + last : last + killed;
    else this.#kills.push(killed);
    if (this.#kills.length > 10) this.#kills.shift();
    return this.#delete(from, to);
  }

  #yankFrom(index: number): EditEffect {
    const text = this.#kills[index];
    if (text === undefined) return "bell";
    const start = this.#cursor;
    this.#insert(text);
    this.#lastWasInsert = false;
    this.#yank = { start, length: this.#cursor - start, index };
    return "redraw";
  }

  #rotate(yank: { readonly start: number; readonly length: number; readonly index: number }): EditEffect {
    this.#chars.splice(yank.start, yank.length);
    this.#cursor = yank.start;
    return this.#yankFrom((yank.index + this.#kills.length - 1) % this.#kills.length);
  }

  /** Alt-. again and again goes back through the last words of older lines. */
  #insertLastArgument(before: { readonly index: number; readonly start: number; readonly length: number } | undefined): EditEffect {
    const index = (before?.index ?? this.#history.length) - 1;
    const line = this.#history[index];
    if (line === undefined) {
      this.#lastArgument = before;
      return "bell";
    }
    this.#remember();
    if (before) {
      this.#chars.splice(before.start, before.length);
      this.#cursor = before.start;
    }
    const word = [...(/(\S+)\s*$/.exec(line)?.[1] ?? "")];
    const start = this.#cursor;
    this.#chars.splice(start, 0, ...word);
    this.#cursor += word.length;
    this.#lastArgument = { index, start, length: word.length };
    return "redraw";
  }

  // --- undo ---------------------------------------------------------------------------------------------------------
  #snapshot(): Snapshot {
    return { chars: [...this.#chars], cursor: this.#cursor };
  }

  #remember(): void {
    this.#undo.push(this.#snapshot());
    if (this.#undo.length > 200) this.#undo.shift();
  }

  #restore(snapshot: Snapshot): void {
    this.#chars = [...snapshot.chars];
    this.#cursor = snapshot.cursor;
  }

  #undoOne(): EditEffect {
    const last = this.#undo.pop();
    if (!last) return "bell";
    this.#restore(last);
    return "redraw";
  }

  #revert(): EditEffect {
    const [first] = this.#undo;
    if (!first) return "nothing";
    this.#restore(first);
    this.#undo = [];
    return "redraw";
  }

  // --- history ------------------------------------------------------------------------------------------------------
  #goTo(index: number): EditEffect {
    if (index < 0 || index > this.#history.length || index === this.#at) return "bell";
    this.#edited.set(this.#at, this.text);
    this.#at = index;
    this.#chars = [...(this.#edited.get(index) ?? this.#history[index] ?? "")];
    this.#cursor = this.#chars.length;
    this.#undo = [];
    return "redraw";
  }

  /** Page up and down: older lines that begin with what stands before the cursor. */
  #goToPrefix(direction: -1 | 1): EditEffect {
    const prefix =
      this.#prefix !== "" && this.text.startsWith(this.#prefix) && this.#cursor === this.#chars.length && this.#at < this.#history.length
        ? this.#prefix
        : this.before;
    for (let index = this.#at + direction; index >= 0 && index < this.#history.length; index += direction) {
      if (!this.#history[index]?.startsWith(prefix)) continue;
      const effect = this.#goTo(index);
      this.#prefix = prefix;
      return effect;
    }
    return "bell";
  }

  /** A key during Ctrl-R. `undefined`: the search is over and the key means what it always means. */
  #searchKey(search: Search, key: Key): EditEffect | undefined {
    if (key.kind === "text") {
      search.text += key.text;
      return this.#find(search, search.at);
    }
    switch (key.name) {
      case "C-r":
      case "C-s":
        return this.#find({ ...search, isForward: key.name === "C-s" }, search.at + (key.name === "C-s" ? 1 : -1));
      case "backspace":
        search.text = [...search.text].slice(0, -1).join("");
        search.at = this.#history.length;
        return search.text === "" ? "redraw" : this.#find(search, search.at);
      case "C-g":
        this.#search = undefined;
        this.#restore(search.origin);
        return "redraw";
      case "C-c":
        this.#search = undefined;
        return "interrupt";
      default:
        this.#search = undefined;
        return undefined;
    }
  }

  #find(search: Search, from: number): EditEffect {
    const step = search.isForward ? 1 : -1;
    for (let index = Math.min(from, this.#history.length - 1); index >= 0 && index < this.#history.length; index += step) {
      const line = this.#history[index] ?? "";
      const place = line.lastIndexOf(search.text);
      if (place < 0) continue;
      this.#search = { ...search, at: index, hasFailed: false };
      this.#at = index;
      this.#chars = [...line];
      this.#cursor = [...line.slice(0, place)].length;
      return "redraw";
    }
    this.#search = { ...search, hasFailed: true };
    return "bell";
  }
}

/** What Ctrl-V and a key insert. */
const RAW: Readonly<Record<string, string>> = {
  tab: "\t",
  enter: "\r",
  backspace: "\x7f",
  ...Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`C-${String.fromCharCode(97 + i)}`, String.fromCharCode(i + 1)])),
};
