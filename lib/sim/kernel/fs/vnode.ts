/**
 * A file of any kind of file system, as the resolution of a path finds it (struct dentry and struct inode in Linux).
 */

import { fail } from "@/lib/base/result";
import type { FileKind, FileStat } from "@/lib/sim/core/sys";
import { BOOT } from "@/lib/sim/core/time";
import type { Netns } from "../netns";
import type { OpenFile } from "../process/open-file";
import type { Inode, InodeNumber } from "./inode";
import type { Mounts } from "./mounts";
import type { Synthetic } from "./synthetic";
import type { Tree } from "./tree";
import type { Viewer } from "./viewer";

/** A file, whichever kind of file system it is in. */
export type Vnode =
  | { readonly in: "tree"; readonly tree: Tree; readonly number: InodeNumber }
  | { readonly in: "provider"; readonly node: Synthetic; readonly path: string }
  | { readonly in: "descriptor"; readonly file: OpenFile };

/** A file and the path by which it is canonically known in a mount namespace. */
export type Location = { readonly path: string; readonly vnode: Vnode; readonly isReadOnly: boolean; readonly mounts: Mounts };

export function statOf(vnode: Vnode): FileStat {
  switch (vnode.in) {
    case "tree":
      return vnode.tree.stat(vnode.number);
    case "descriptor":
      return vnode.file.stat();
    case "provider": {
      const { node } = vnode;
      const common = { uid: 0, gid: 0, links: node.kind === "directory" ? 2 : 1, modifiedAt: BOOT, inode: syntheticInode(vnode.path) };
      if (node.kind === "symlink") return { ...common, kind: "symlink", mode: 0o777, size: 0 };
      if (node.kind === "character-device") return { ...common, kind: "character-device", mode: node.mode, size: 0, device: node.device };
      return { ...common, kind: node.kind, mode: node.mode, size: node.kind === "file" ? node.size : 0 };
    }
  }
}

/** Whether `viewer` may read (4), write (2) or search or run (1). Root may do all but run what nobody may run. */
export function allows(stat: FileStat, viewer: Pick<Viewer, "uid" | "gid">, want: 1 | 2 | 4): boolean {
  if (viewer.uid === 0) return want !== 1 || stat.kind === "directory" || (stat.mode & 0o111) !== 0;
  const shift = stat.uid === viewer.uid ? 6 : stat.gid === viewer.gid ? 3 : 0;
  return ((stat.mode >> shift) & want) === want;
}

export function kindOf(vnode: Vnode): FileKind {
  switch (vnode.in) {
    case "tree":
      return vnode.tree.inode(vnode.number).kind;
    case "provider":
      return vnode.node.kind;
    case "descriptor":
      return vnode.file.stat().kind;
  }
}

/** The inode behind a vnode, if it is in a tree. */
export function inodeOf(vnode: Vnode): Inode | undefined {
  return vnode.in === "tree" ? vnode.tree.inode(vnode.number) : undefined;
}

/** The text of a symlink. */
export function targetOf(vnode: Vnode): string | undefined {
  if (vnode.in === "tree") {
    const inode = vnode.tree.inode(vnode.number);
    return inode.kind === "symlink" ? inode.target : undefined;
  }
  return vnode.in === "provider" && vnode.node.kind === "symlink" ? vnode.node.target() : undefined;
}

/** The network namespace that a file stands for. */
export function netnsAt(vnode: Vnode): Netns | undefined {
  return vnode.in === "provider" && vnode.node.kind === "file" ? vnode.node.netns : undefined;
}

/** Where a magic link leads; undefined when it is followed by its text. */
export function jump(node: Extract<Synthetic, { kind: "symlink" }>, path: string): Vnode | undefined {
  const file = node.opens?.();
  if (file) return { in: "descriptor", file };
  const netns = node.netns?.();
  return netns && { in: "provider", path, node: { kind: "file", mode: 0o444, size: 0, read: () => fail("EINVAL"), netns } };
}

/** A number that is the same whenever the same synthetic file is looked at. */
function syntheticInode(path: string): number {
  let hash = 0;
  for (let i = 0; i < path.length; i++) hash = (Math.imul(hash, 31) + path.charCodeAt(i)) | 0;
  return 4_026_000_000 + ((hash >>> 8) % 900_000);
}
