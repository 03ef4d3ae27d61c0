/** Text as shell words: what `set -x`, `set`, `export -p`, `printf %q` and `${x@Q}` print. */

/** In single quotes: `it'\''s`. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** ash's and dash's: quotes stand outside: `'it'"'"'s'`. */
export function dashQuoted(text: string): string {
  return (
    text
      .split(/('+)/)
      .map((piece) => (piece === "" ? "" : piece.startsWith("'") ? `"${piece}"` : `'${piece}'`))
      .join("") || "''"
  );
}

/** `$'…'` with escapes, for text with control characters. */
function ansiQuoted(text: string): string {
  const named: Readonly<Record<string, string>> = {
    "\x07": "\\a",
    "\b": "\\b",
    "\x1b": "\\E",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    "'": "\\'",
  };
  const escaped = text.replace(/[\x00-\x1f\x7f\\']/g, (c) => named[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return `$'${escaped}'`;
}

function hasControlCharacter(text: string): boolean {
  return /[\x00-\x1f\x7f]/.test(text);
}

/** What `${x@Q}` gives. */
export function reusable(text: string): string {
  return hasControlCharacter(text) ? ansiQuoted(text) : singleQuoted(text);
}

/** bash quotes only what needs it (`set`, `set -x`). */
export function quotedIfNeeded(text: string): string {
  if (hasControlCharacter(text)) return ansiQuoted(text);
  return text === "" || /[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]|[:=]~/.test(text) ? singleQuoted(text) : text;
}

/** ash's `set -x` quotes what is not plainly a word, and shows nothing for an empty one. */
export function ashTraced(text: string): string {
  return /^[\w.,/:@%+^-]*$/.test(text) || text === "]" || text === "[" ? text : dashQuoted(text);
}

/** With backslashes (`printf %q`). */
export function backslashed(text: string): string {
  if (text === "") return "''";
  if (hasControlCharacter(text)) return ansiQuoted(text);
  return text.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]|^[#~]/g, "\\$&");
}

/** In double quotes (`declare -p`, `export -p`, `alias` in none). */
export function doubleQuoted(text: string): string {
  return hasControlCharacter(text) ? ansiQuoted(text) : `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
}
