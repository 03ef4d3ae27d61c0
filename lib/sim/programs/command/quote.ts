/** How GNU tools quote a file name in a message: gnulib's quotearg, styles "shell-escape" and "shell-escape-always". */

/** Always in quotes: `cannot access 'x'`. */
export function quote(name: string): string {
  if (/[\x00-\x1f\x7f]/.test(name)) return escaped(name);
  if (!name.includes("'")) return `'${name}'`;
  return /["`$\\]/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`;
}

/** In quotes only when a shell would need them, or a colon could be mistaken: `cat: x: …`. */
export function quoteIfNeeded(name: string): string {
  return name.includes(":") ? quote(name) : quoteForShell(name);
}

/** Quoted if a shell would need it, as `ls` on a terminal shows names. Some characters matter only in the first place, or alone. */
export function quoteForShell(name: string): string {
  return name === "" || /[\x00-\x20\x7f!"$&'()*;<=>?[\\^`|]|^[#~]|^[{}]$/.test(name) ? quote(name) : name;
}

function escaped(name: string): string {
  const parts = name
    .split(/([\x00-\x1f\x7f]+)/)
    .map((part, i) => (i % 2 === 1 ? `$'${[...part].map(escape).join("")}'` : part === "" ? "" : quote(part)));
  return parts[0] === "" ? `''${parts.join("")}` : parts.join("");
}

function escape(character: string): string {
  const known: Readonly<Record<string, string>> = {
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\x07": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
  };
  return known[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
}
