/** Backslash sequences as `echo` and `%b` of printf have them. */

import { utf8Text } from "@/lib/base/utf8";

const SIMPLE: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** A run of bytes by number; together they may be one character of UTF-8. */
const BYTES = /^(?:\\0?[0-7]{1,3}|\\0|\\x[0-9a-fA-F]{1,2})+/;
const BYTES_WITH_ZERO = /^(?:\\0[0-7]{0,3}|\\x[0-9a-fA-F]{1,2})+/;
const BYTES_OF_DASH = /^(?:\\0?[0-7]{1,3}|\\0)+/;
const BYTES_OF_DASH_WITH_ZERO = /^(?:\\0[0-7]{0,3})+/;

/** `\c` cuts the output off. `octalWithoutZero`: `\101` is a byte, not only `\0101`. */
export function interpret(
  text: string,
  shell: "bash" | "dash" | "ash",
  octalWithoutZero = false,
): { readonly text: string; readonly isCut: boolean } {
  const bytes =
    shell === "dash" ? (octalWithoutZero ? BYTES_OF_DASH : BYTES_OF_DASH_WITH_ZERO) : octalWithoutZero ? BYTES : BYTES_WITH_ZERO;
  let made = "";
  for (let i = 0; i < text.length; ) {
    const rest = text.slice(i);
    if (rest[0] !== "\\") {
      made += rest[0];
      i++;
      continue;
    }
    const next = rest[1];
    if (next === "c") return { text: made, isCut: true };
    const simple = next === undefined ? undefined : SIMPLE[next];
    const run = bytes.exec(rest)?.[0];
    const unicode = shell === "bash" ? /^\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest) : null;
    if (simple !== undefined) {
      made += simple;
      i += 2;
    } else if (run !== undefined) {
      made += decodeBytes(run);
      i += run.length;
    } else if (unicode) {
      made += String.fromCodePoint(Math.min(0x10_ffff, Number.parseInt(unicode[1] ?? unicode[2] ?? "0", 16)));
      i += unicode[0].length;
    } else if (next === "e" || (next === "E" && shell === "bash")) {
      made += "\x1b";
      i += 2;
    } else {
      made += "\\";
      i++;
    }
  }
  return { text: made, isCut: false };
}

/** The text of bytes that are written `\101` or `\x41`. */
function decodeBytes(run: string): string {
  const numbers = run
    .split("\\")
    .slice(1)
    .map((code) => (code.startsWith("x") ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code || "0", 8) & 0xff));
  return utf8Text(numbers);
}
