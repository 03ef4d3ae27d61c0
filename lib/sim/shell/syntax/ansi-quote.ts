/** The backslash sequences of `$'…'` (bash's ansicstr, ash's decode_dollar_squote). */

import { utf8Text } from "@/lib/base/utf8";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** A run of bytes by number (together they may be one character of UTF-8), or one other sequence. */
const SEQUENCE = /(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})+|\\(u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|c[\s\S]|[\s\S])/g;

/** `full`: bash's set; ash lacks `\e`, `\u`, `\U` and `\c`. */
export function ansiUnescape(text: string, full: boolean): string {
  return text.replace(SEQUENCE, (whole: string, code: string | undefined) => {
    if (code === undefined) {
      const numbers = whole.split("\\").slice(1);
      return utf8Text(
        numbers.map((number) => (number.startsWith("x") ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 8) & 0xff)),
      );
    }
    const simple = SIMPLE[code];
    if (simple !== undefined) return simple;
    if (!full) return whole;
    const kind = code[0] ?? "";
    if ((kind === "u" || kind === "U") && code.length > 1) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
    }
    if (kind === "c" && code.length === 2) return String.fromCharCode(code.charCodeAt(1) & 0x1f);
    return code === "e" || code === "E" ? "\x1b" : whole;
  });
}
