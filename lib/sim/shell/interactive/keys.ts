/**
 * Keys out of what a terminal sends: characters, control characters, escape sequences (xterm's), Alt as a leading escape, and
 * bracketed paste (`ESC [ 200 ~ … ESC [ 201 ~`). A sequence may come in pieces.
 */

export type Key =
  /** Text to insert as it is. `isPasted`: newlines and control characters in it are text too. */
  | { readonly kind: "text"; readonly text: string; readonly isPasted: boolean }
  /** `C-a`, `M-b`, `up`, `delete`, … */
  | { readonly kind: "key"; readonly name: string };

const ESCAPE = "\x1b";
const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

const FINAL: Readonly<Record<string, string>> = { A: "up", B: "down", C: "right", D: "left", H: "home", F: "end", Z: "S-tab" };
const TILDE: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "pageup",
  6: "pagedown",
  7: "home",
  8: "end",
};

export class KeyDecoder {
  #pending = "";
  #pasted: string | undefined;

  /** The keys in `text`, which continues what came before. */
  decode(text: string): readonly Key[] {
    const keys: Key[] = [];
    this.#pending += text;
    for (;;) {
      if (this.#pasted !== undefined) {
        if (!this.#paste(keys)) return keys;
        continue;
      }
      const plain = /^[^\x00-\x1f\x7f]+/.exec(this.#pending)?.[0];
      if (plain !== undefined) {
        keys.push({ kind: "text", text: plain, isPasted: false });
        this.#pending = this.#pending.slice(plain.length);
        continue;
      }
      if (this.#pending === "") return keys;
      if (!this.#pending.startsWith(ESCAPE)) {
        keys.push({ kind: "key", name: control(this.#pending.charAt(0)) });
        this.#pending = this.#pending.slice(1);
        continue;
      }
      if (!this.#escape(keys)) return keys;
    }
  }

  /** Text up to the end of a paste; false when the end has not come. */
  #paste(keys: Key[]): boolean {
    const end = this.#pending.indexOf(PASTE_END);
    // Keep what may be the beginning of the end.
    const safe = end >= 0 ? end : Math.max(0, this.#pending.length - PASTE_END.length + 1);
    this.#pasted += this.#pending.slice(0, safe);
    this.#pending = this.#pending.slice(end >= 0 ? end + PASTE_END.length : safe);
    if (end < 0) return false;
    keys.push({ kind: "text", text: (this.#pasted ?? "").replaceAll("\r\n", "\n").replaceAll("\r", "\n"), isPasted: true });
    this.#pasted = undefined;
    return true;
  }

  /** One escape sequence; false when it is not complete. */
  #escape(keys: Key[]): boolean {
    const rest = this.#pending;
    if (rest.startsWith(PASTE_START)) {
      this.#pasted = "";
      this.#pending = rest.slice(PASTE_START.length);
      return true;
    }
    const sequence = /^\x1b(?:\[([0-9;?]*)([@-~])|O([A-Za-z]))/.exec(rest);
    if (sequence) {
      const name = sequence[3] !== undefined ? FINAL[sequence[3]] : named(sequence[1] ?? "", sequence[2] ?? "");
      this.#pending = rest.slice(sequence[0].length);
      if (name !== undefined) keys.push({ kind: "key", name });
      return true;
    }
    if (/^\x1b(\[[0-9;?]*|O)?$/.test(rest)) return false;
    const next = [...rest.slice(1)][0] ?? "";
    this.#pending = rest.slice(1 + next.length);
    keys.push({ kind: "key", name: next < " " || next === "\x7f" ? `M-${control(next)}` : `M-${next}` });
    return true;
  }
}

function control(char: string): string {
  if (char === "\r" || char === "\n") return "enter";
  if (char === "\t") return "tab";
  if (char === "\x7f" || char === "\b") return "backspace";
  return `C-${String.fromCharCode(char.charCodeAt(0) + 64).toLowerCase()}`;
}

/** `ESC [ 1 ; 5 C` is Ctrl and the right arrow. */
function named(parameters: string, final: string): string | undefined {
  const [first = "", modifier = "1"] = parameters.split(";");
  const base = final === "~" ? TILDE[first] : FINAL[final];
  if (base === undefined) return undefined;
  const bits = Number(modifier) - 1;
  return `${bits & 4 ? "C-" : ""}${bits & 2 ? "M-" : ""}${base}`;
}
