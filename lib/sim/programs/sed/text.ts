/** What sed writes that is more than a line: replacements with the match put in, and `l`'s unambiguous form. */

import type { ReplacementPart } from "./script";

/** The replacement with the match put in, and `\U`, `\L`, `\u`, `\l`, `\E` applied. */
export function expand(parts: readonly ReplacementPart[], whole: string, groups: readonly (string | undefined)[]): string {
  let text = "";
  let mode: "U" | "L" | "E" = "E";
  let once: "u" | "l" | undefined;
  const add = (more: string): void => {
    if (more === "") return;
    let shaped = mode === "U" ? more.toUpperCase() : mode === "L" ? more.toLowerCase() : more;
    if (once) shaped = (once === "u" ? shaped[0]?.toUpperCase() : shaped[0]?.toLowerCase()) + shaped.slice(1);
    once = undefined;
    text += shaped;
  };
  for (const part of parts) {
    if (part.kind === "text") add(part.text);
    else if (part.kind === "group") add(part.index === 0 ? whole : (groups[part.index - 1] ?? ""));
    else if (part.to === "u" || part.to === "l") once = part.to;
    else {
      mode = part.to;
      once = undefined;
    }
  }
  return text;
}

/** `l`: the line with escapes, `$` at its end, folded. */
export function unambiguous(text: string, width: number): string {
  const known: Readonly<Record<string, string>> = {
    "\x07": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
  };
  const pieces = [...text].map((c) => known[c] ?? (/[\x00-\x1f\x7f]/.test(c) ? `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}` : c));
  let out = "";
  let column = 0;
  for (const piece of pieces) {
    if (width > 1 && column + piece.length > width - 1) {
      out += "\\\n";
      column = 0;
    }
    out += piece;
    column += piece.length;
  }
  return `${out}$\n`;
}
