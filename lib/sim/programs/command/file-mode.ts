/** Permission bits as `ls -l` and `stat` show them and as `chmod`, `mkdir -m` and `install -m` read them: POSIX chmod. */

import type { FileKind } from "@/lib/sim/core/sys";

export const KIND_LETTERS: Readonly<Record<FileKind, string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  "character-device": "c",
  fifo: "p",
  socket: "s",
};

/** `-rw-r--r--`. */
export function modeText(kind: FileKind, mode: number): string {
  const three = (shift: number, special: boolean, letter: string): string => {
    const bits = (mode >> shift) & 7;
    const x = (bits & 1) !== 0;
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${special ? (x ? letter : letter.toUpperCase()) : x ? "x" : "-"}`;
  };
  return (
    KIND_LETTERS[kind] + three(6, (mode & 0o4000) !== 0, "s") + three(3, (mode & 0o2000) !== 0, "s") + three(0, (mode & 0o1000) !== 0, "t")
  );
}

/** The bits of the file's type in st_mode (stat(2)), for `stat -c %f`. */
export const TYPE_BITS: Readonly<Record<FileKind, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  "character-device": 0o020000,
  fifo: 0o010000,
  socket: 0o140000,
};

/** What `text` makes of `mode`: octal, or clauses like `u+rwX,go=r`. Undefined when it is neither. */
export function applyMode(
  text: string,
  mode: number,
  { isDirectory, umask }: { readonly isDirectory: boolean; readonly umask: number },
): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) return Number.parseInt(text, 8) <= 0o7777 ? Number.parseInt(text, 8) : undefined;
  let result = mode;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (!match) return undefined;
    const who = match[1] ?? "";
    for (const [, operator = "", perms = ""] of (match[2] ?? "").matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
      let bits = 0;
      const targets = who === "" || who.includes("a") ? "ugo" : who;
      for (const target of new Set(targets)) {
        const shift = target === "u" ? 6 : target === "g" ? 3 : 0;
        for (const perm of perms) {
          if (perm === "u" || perm === "g" || perm === "o") bits |= ((result >> (perm === "u" ? 6 : perm === "g" ? 3 : 0)) & 7) << shift;
          else if (perm === "r") bits |= 4 << shift;
          else if (perm === "w") bits |= 2 << shift;
          else if (perm === "x" || (perm === "X" && (isDirectory || (result & 0o111) !== 0))) bits |= 1 << shift;
          else if (perm === "s") bits |= target === "u" ? 0o4000 : target === "g" ? 0o2000 : 0;
          else if (perm === "t") bits |= 0o1000;
        }
      }
      if (who === "") bits &= ~umask;
      if (operator === "+") result |= bits;
      else if (operator === "-") result &= ~bits;
      else {
        let cleared = 0;
        for (const target of new Set(targets)) cleared |= target === "u" ? 0o4700 : target === "g" ? 0o2070 : 0o1007;
        result = (result & ~(who === "" ? cleared & ~umask : cleared)) | bits;
      }
    }
  }
  return result & 0o7777;
}
