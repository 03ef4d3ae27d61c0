/** What `${name…}` does with a value: cutting, replacing, changing case, quoting. The choice by `:-` and its like is the expander's. */

import { utf8Length } from "@/lib/base/utf8";
import type { Flavour } from "../flavour";
import { ShellError } from "../run/unwind";
import type { Pattern } from "./pattern";
import { ansiUnescape } from "../syntax/ansi-quote";
import { reusable } from "./quote";

/** `#`, `##`, `%`, `%%`. */
export function remove(text: string, pattern: Pattern, operator: "#" | "##" | "%" | "%%"): string {
  const chars = [...text];
  if (operator === "#" || operator === "##") {
    const end = pattern.matchAt(chars, 0, operator === "##");
    return end === undefined ? text : chars.slice(end).join("");
  }
  const start = pattern.suffix(chars, operator === "%%");
  return start === undefined ? text : chars.slice(0, start).join("");
}

/** `/`: the first match; `//`: all; `/#` and `/%`: only at the start or the end. `replacement` is told what matched. */
export function replace(text: string, pattern: Pattern, anchor: "" | "/" | "#" | "%", replacement: (matched: string) => string): string {
  const chars = [...text];
  if (anchor === "#") {
    const end = pattern.matchAt(chars, 0, true);
    return end === undefined ? text : replacement(chars.slice(0, end).join("")) + chars.slice(end).join("");
  }
  if (anchor === "%") {
    const start = pattern.suffix(chars, true);
    return start === undefined ? text : chars.slice(0, start).join("") + replacement(chars.slice(start).join(""));
  }
  let made = "";
  for (let i = 0; i <= chars.length; ) {
    const end = pattern.matchAt(chars, i, true);
    // An empty match replaces nothing, except in an empty text.
    if (end === undefined || (end === i && chars.length > 0)) {
      made += chars[i] ?? "";
      i++;
      continue;
    }
    made += replacement(chars.slice(i, end).join(""));
    if (anchor === "") return made + chars.slice(end).join("");
    i = end;
    if (end >= chars.length) break;
  }
  return made;
}

/** `:offset:length` of a text. Negative numbers count from the end. */
export function slice(
  text: string,
  offset: number,
  length: number | undefined,
  words: { readonly lengthText: string; readonly isBash: boolean },
): string {
  const chars = [...text];
  const start = offset < 0 ? chars.length + offset : offset;
  if (start < 0 || start > chars.length) return "";
  let end = chars.length;
  if (length !== undefined) end = length < 0 ? chars.length + length : Math.min(chars.length, start + length);
  if (end < start) {
    if (words.isBash) throw new ShellError(`${words.lengthText}: substring expression < 0`, 1);
    return "";
  }
  return chars.slice(start, end).join("");
}

/** `^`, `^^` (upper), `,`, `,,` (lower), `~`, `~~` (the other): the first or every character that the pattern (default: any) matches. */
export function changeCase(text: string, operator: "^" | "^^" | "," | ",," | "~" | "~~", pattern: Pattern | undefined): string {
  const change = (char: string): string => {
    const upper = char.toUpperCase();
    if (operator.startsWith("^")) return upper;
    return operator.startsWith(",") || char === upper ? char.toLowerCase() : upper;
  };
  const fits = (char: string): boolean => pattern === undefined || pattern.matches(char);
  return [...text].map((char, i) => ((operator.length === 2 || i === 0) && fits(char) ? change(char) : char)).join("");
}

/** `@Q`, `@U`, … on a text. `undefined`: it takes more than the text (`@A`, `@a`), or is unknown. */
export function transform(text: string, operator: string): string | undefined {
  switch (operator) {
    case "Q":
      return reusable(text);
    case "U":
      return text.toUpperCase();
    case "u":
      return changeCase(text, "^", undefined);
    case "L":
      return text.toLowerCase();
    case "E":
      return ansiUnescape(text, true);
    default:
      return undefined;
  }
}

/** `${#x}`. */
export function lengthOf(text: string, flavour: Flavour): number {
  return flavour.countsBytes ? utf8Length(text) : [...text].length;
}
