/** Go's quoting, as error messages show it (strconv.Quote, the `%q` and `%v` verbs of fmt). */

const NAMED: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** `"text"` with Go's escapes. */
export function quote(text: string): string {
  let out = "";
  for (const character of text) out += character === '"' ? '\\"' : escaped(character);
  return `"${out}"`;
}

/** One character in single quotes, as encoding/json names the one it stopped at. */
export function quoteRune(character: string): string {
  return character === "'" ? "'\\''" : `'${character === '"' ? '"' : escaped(character)}'`;
}

/** A slice as `%v` prints it: `[a b]`. */
export function printSlice(items: readonly string[]): string {
  return `[${items.join(" ")}]`;
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  return character;
}
