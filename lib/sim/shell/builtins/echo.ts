/** `echo`: bash and ash know `-n`, `-e`, `-E`; dash interprets backslashes always and knows `-n`. */

import type { Routine } from "@/lib/sim/core/task";
import { type BuiltinCall, say } from "./builtin";

export function* echo(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const isDash = shell.flavour.dialect.name === "dash";
  let { args } = call;
  let interprets = isDash || shell.options.shopt("xpg_echo") === true;
  let newline = true;
  if (isDash) {
    if (args[0] === "-n") {
      newline = false;
      args = args.slice(1);
    }
  } else {
    while (args[0] !== undefined && /^-[neE]+$/.test(args[0])) {
      for (const letter of args[0].slice(1)) {
        if (letter === "n") newline = false;
        else interprets = letter === "e";
      }
      args = args.slice(1);
    }
  }
  const text = args.join(" ");
  if (!interprets) return yield* say(call, newline ? `${text}\n` : text);
  const { text: made, isCut } = interpret(text, shell.flavour.dialect.name);
  return yield* say(call, newline && !isCut ? `${made}\n` : made);
}

const SIMPLE: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" };

/** Backslash sequences as `echo` and `%b` of printf have them; `\c` cuts the output off. */
export function interpret(
  text: string,
  shell: "bash" | "dash" | "ash",
  octalWithoutZero = false,
): { readonly text: string; readonly isCut: boolean } {
  let made = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    if (c !== "\\") {
      made += c;
      continue;
    }
    const rest = text.slice(i + 1);
    const next = rest[0];
    if (next === undefined) {
      made += "\\";
      break;
    }
    if (next === "c") return { text: made, isCut: true };
    const simple = SIMPLE[next];
    const octal = (octalWithoutZero ? /^0?([0-7]{1,3})/ : /^0([0-7]{0,3})/).exec(rest);
    const hex = shell === "dash" ? null : /^x([0-9a-fA-F]{1,2})/.exec(rest);
    const unicode = shell === "bash" ? /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest) : null;
    if (simple !== undefined) {
      made += simple;
      i++;
    } else if (octal) {
      made += String.fromCharCode(Number.parseInt(octal[1] || "0", 8) & 0xff);
      i += octal[0].length;
    } else if (hex) {
      made += String.fromCharCode(Number.parseInt(hex[1] ?? "0", 16));
      i += hex[0].length;
    } else if (unicode) {
      made += String.fromCodePoint(Math.min(0x10_ffff, Number.parseInt(unicode[1] ?? unicode[2] ?? "0", 16)));
      i += unicode[0].length;
    } else if (next === "e" || (next === "E" && shell === "bash")) {
      made += "\x1b";
      i++;
    } else made += c;
  }
  return { text: made, isCut: false };
}
