/** Questions about a tree of files: what lies where, and how much it is. */

import { utf8Length } from "@/lib/base/utf8";
import type { FileSystem } from "@/lib/sim/kernel";

/** What lies at a path: of what is neither file nor directory (a socket), `file`. */
export function kindOf(files: FileSystem, path: string): "file" | "directory" | undefined {
  const read = files.readFile(path);
  if (read.ok) return "file";
  if (read.error === "EISDIR") return "directory";
  return files.exists(path) ? "file" : undefined;
}

/** Bytes of the files below a path that were added or changed since the tree was forked; all of them in a host's own. */
export function bytesBelow(files: FileSystem, path: string): number {
  let bytes = 0;
  for (const change of files.changes()) {
    if (change.kind === "D" || !change.path.startsWith(`${path}/`)) continue;
    const text = files.readFile(change.path);
    if (text.ok) bytes += utf8Length(text.value);
  }
  return bytes;
}

/** Whether there is anything below a path of a host's own tree. */
export function holdsAnything(files: FileSystem, path: string): boolean {
  return files.changes().some((change) => change.kind !== "D" && change.path.startsWith(`${path}/`));
}
