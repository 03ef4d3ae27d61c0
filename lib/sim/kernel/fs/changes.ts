/**
 * What differs between a file system and what it was forked from: `docker diff`.
 *
 * Follows moby's pkg/archive (changes.go): a directory counts as changed when its own time or mode did, or when something
 * below it changed; what is below a deleted or added directory: all of an added one, nothing of a deleted one.
 */

import type { Inode, InodeNumber, Layer } from "./inode";

export type Change = { readonly path: string; readonly kind: "A" | "C" | "D" };

/** Sorted by path. Without an origin everything is new. */
export function changesBetween(origin: Layer | undefined, now: Layer, root: InodeNumber): readonly Change[] {
  const changes: Change[] = [];
  compare(origin, now, "", origin?.find(root), now.get(root), changes);
  return changes.filter((change) => change.path !== "").sort((a, b) => (a.path < b.path ? -1 : 1));
}

function compare(origin: Layer | undefined, now: Layer, path: string, before: Inode | undefined, after: Inode, changes: Change[]): void {
  const isSame = before?.number === after.number && isEqual(before, after);
  const start = changes.length;
  if (after.kind === "directory") {
    const old = before?.kind === "directory" ? before.entries : new Map<string, InodeNumber>();
    for (const [name, number] of after.entries) {
      const known = old.get(name);
      compare(origin, now, `${path}/${name}`, known === undefined ? undefined : origin?.get(known), now.get(number), changes);
    }
    for (const name of old.keys()) if (!after.entries.has(name)) changes.push({ path: `${path}/${name}`, kind: "D" });
  }
  if (!before) changes.push({ path, kind: "A" });
  else if (!isSame || changes.length > start) changes.push({ path, kind: "C" });
}

function isEqual(before: Inode, after: Inode): boolean {
  if (before === after) return true;
  if (before.kind !== after.kind || before.mode !== after.mode || before.uid !== after.uid || before.gid !== after.gid) return false;
  if (before.modifiedAt !== after.modifiedAt) return false;
  return before.kind !== "file" || after.kind !== "file" || before.text === after.text;
}
