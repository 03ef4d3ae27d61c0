/**
 * The line discipline of a terminal: what keys become before a program reads them. Linux's drivers/tty/n_tty.c with the
 * settings of `stty sane` (icrnl icanon isig iexten echo echoe echok echoctl echoke, opost onlcr).
 *
 * Pure: keys in, effects out; pty.ts gives it a buffer, a screen and processes. Differs: in raw mode a bare newline still
 * becomes `\r\n` on the screen (a line editor that keeps OPOST and a client that clears it then look the same), and every
 * character is one column wide when it is erased.
 */

import type { SignalName } from "@/lib/sim/core/signal";

/** What a key does. */
export type KeyEffect =
  | { readonly kind: "echo"; readonly text: string }
  /** A complete line, or what ^D pushed; `""` is the end of input. */
  | { readonly kind: "ready"; readonly text: string }
  | { readonly kind: "signal"; readonly signal: SignalName }
  /** ^S and ^Q: output stops and goes on. */
  | { readonly kind: "flow"; readonly stopped: boolean };

const INTERRUPT = "\x03";
const END_OF_FILE = "\x04";
const REPRINT = "\x12";
const LITERAL = "\x16";
const WORD_ERASE = "\x17";
const KILL_LINE = "\x15";
const SUSPEND = "\x1a";
const QUIT = "\x1c";
const START = "\x11";
const STOP = "\x13";
const ERASE = "\x7f";

const SIGNALS: Readonly<Record<string, SignalName>> = { [INTERRUPT]: "INT", [QUIT]: "QUIT", [SUSPEND]: "TSTP" };

export class LineDiscipline {
  isRaw = false;
  #line: string[] = [];
  #isLiteral = false;
  #isStopped = false;

  *input(text: string): Generator<KeyEffect, void> {
    if (this.isRaw) {
      if (text !== "") yield { kind: "ready", text };
      return;
    }
    for (const key of text) yield* this.#key(key);
  }

  /** Entering raw mode hands over what was typed so far. */
  takeLine(): string {
    const line = this.#line.join("");
    this.#line = [];
    return line;
  }

  *#key(typed: string): Generator<KeyEffect, void> {
    if (this.#isLiteral) {
      this.#isLiteral = false;
      yield* this.#add(typed);
      return;
    }
    if (typed === STOP) {
      this.#isStopped = true;
      yield { kind: "flow", stopped: true };
      return;
    }
    if (this.#isStopped) {
      // Any key starts output again with `ixany`; without it only ^Q and signals do.
      if (typed === START || SIGNALS[typed]) {
        this.#isStopped = false;
        yield { kind: "flow", stopped: false };
      }
    }
    if (typed === START) return;
    const signal = SIGNALS[typed];
    if (signal) {
      this.#line = [];
      yield { kind: "echo", text: visible(typed) };
      yield { kind: "signal", signal };
      return;
    }
    const key = typed === "\r" ? "\n" : typed;
    switch (key) {
      case "\n":
        yield { kind: "echo", text: "\n" };
        yield { kind: "ready", text: `${this.takeLine()}\n` };
        return;
      case END_OF_FILE:
        yield { kind: "ready", text: this.takeLine() };
        return;
      case ERASE: {
        const last = this.#line.pop();
        if (last !== undefined) yield { kind: "echo", text: erase(last) };
        return;
      }
      case WORD_ERASE: {
        let erased = "";
        while (this.#line.length > 0 && !isWord(this.#line.at(-1) ?? "")) erased += erase(this.#line.pop() ?? "");
        while (this.#line.length > 0 && isWord(this.#line.at(-1) ?? "")) erased += erase(this.#line.pop() ?? "");
        if (erased !== "") yield { kind: "echo", text: erased };
        return;
      }
      case KILL_LINE: {
        const erased = this.#line.reverse().map(erase).join("");
        this.#line = [];
        if (erased !== "") yield { kind: "echo", text: erased };
        return;
      }
      case REPRINT:
        yield { kind: "echo", text: `^R\n${this.#line.map(visible).join("")}` };
        return;
      case LITERAL:
        this.#isLiteral = true;
        yield { kind: "echo", text: "^\b" };
        return;
      default:
        yield* this.#add(key);
    }
  }

  *#add(key: string): Generator<KeyEffect, void> {
    this.#line.push(key);
    yield { kind: "echo", text: visible(key) };
  }
}

/** Output processing: a newline also returns the carriage. */
export function cooked(text: string, isRaw: boolean, before: string): string {
  if (!isRaw) return text.replaceAll("\n", "\r\n");
  return text.replace(/(?<!\r)\n/g, (_, at: number) => (at === 0 && before === "\r" ? "\n" : "\r\n"));
}

/** How a key is echoed: control characters as `^C`, but not tab. */
function visible(key: string): string {
  const code = key.charCodeAt(0);
  if (key === "\t") return key;
  if (code === 0x7f) return "^?";
  return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : key;
}

function erase(key: string): string {
  return "\b \b".repeat(key === "\t" ? 1 : visible(key).length > 1 && key.charCodeAt(0) < 0x80 ? 2 : 1);
}

function isWord(key: string): boolean {
  return /[\p{L}\p{N}_]/u.test(key);
}
