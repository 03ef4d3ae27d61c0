/** Questions about a tree of files that decide what can be mounted where. */

import type { FileSystem } from "@/lib/sim/kernel";

/** What lies at a path: of what is neither file nor directory (a socket), `file`. */
export function kindOf(files: FileSystem, path: string): "file" | "directory" | undefined {
  const read = files.readFile(path);
  if (read.ok) return "file";
  if (read.error === "EISDIR") return "directory";
  return files.exists(path) ? "file" : undefined;
}
