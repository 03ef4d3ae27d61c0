/**
 * The system calls that name files: open, stat, mkdir, rename and the like, for one process. Linux's fs/open.c, fs/namei.c.
 *
 * Differs: one process-wide check of permission bits, no capabilities beyond "root may"; `readFile` and `writeFile` are
 * open, read or write, and close in one, for what never waits.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat, LocalService, OpenFlags } from "@/lib/sim/core/sys";
import type { InodeNumber } from "../fs/inode";
import type { NewInode, Tree } from "../fs/tree";
import { allows, inodeOf, type Location, statOf, targetOf } from "../fs/vnode";
import { openDevice } from "./devices";
import type { OpenFile } from "./open-file";
import type { Proc } from "./process";
import { DirectoryFile, SyntheticFile, TreeFile } from "./regular-file";
import { viewerOf } from "./viewer";

/** A name in a directory of a tree that may be written to. */
type Place = { readonly tree: Tree; readonly directory: InodeNumber; readonly name: string; readonly at?: Location };

export class FileCalls {
  readonly #proc: Proc;

  constructor(proc: Proc) {
    this.#proc = proc;
  }

  open(path: string, flags: OpenFlags): Result<OpenFile, Errno> {
    const { namespaces, cwd } = this.#proc;
    const viewer = viewerOf(this.#proc);
    const writes = flags.write === true || flags.append === true;
    if (flags.create && path.length > 1 && path.endsWith("/")) return fail("EISDIR");
    const found = namespaces.mnt.resolve(path, cwd, viewer);
    if (!found.ok) return found;
    if (found.value.kind === "missing") {
      if (!flags.create) return fail("ENOENT");
      const { parent, name } = found.value;
      const made = this.#createIn(parent, name, { kind: "file", mode: (flags.mode ?? 0o666) & ~this.#proc.umask });
      return made.ok ? ok(new TreeFile(made.value.path, made.value.tree, made.value.number, flags)) : made;
    }
    const { at } = found.value;
    if (flags.create && flags.exclusive) return fail("EEXIST");
    const { vnode } = at;
    if (vnode.in === "descriptor") return ok(vnode.file.reopen());
    const stat = statOf(vnode);
    if (stat.kind === "directory")
      return writes || flags.create ? fail("EISDIR") : allows(stat, viewer, 4) ? ok(new DirectoryFile(at)) : fail("EACCES");
    if (stat.kind === "socket") return fail("ENXIO");
    if (writes && at.isReadOnly && stat.kind !== "character-device") return fail("EROFS");
    if ((flags.read || !writes) && !allows(stat, viewer, 4)) return fail("EACCES");
    if (writes && !allows(stat, viewer, 2)) return fail("EACCES");
    if (stat.kind === "character-device") return openDevice(at.path, stat, this.#proc, (number) => namespaces.mnt.devpts.find(number));
    if (vnode.in === "provider") {
      if (vnode.node.kind !== "file" || (writes && !vnode.node.write)) return fail("EACCES");
      return ok(new SyntheticFile(at, vnode.node));
    }
    if (flags.truncate && writes) {
      const emptied = vnode.tree.setText(vnode.number, "");
      if (!emptied.ok) return emptied;
    }
    return ok(new TreeFile(at.path, vnode.tree, vnode.number, flags));
  }

  stat(path: string, follow: boolean): Result<FileStat, Errno> {
    const at = this.#find(path, follow);
    return at.ok ? ok(statOf(at.value.vnode)) : at;
  }

  readdir(path: string): Result<readonly string[], Errno> {
    const at = this.#find(path, true);
    return at.ok ? this.#proc.namespaces.mnt.names(at.value, viewerOf(this.#proc)) : at;
  }

  readFile(path: string): Result<string, Errno> {
    const file = this.open(path, { read: true });
    if (!file.ok) return file;
    file.value.hold();
    const step = file.value.read(Number.MAX_SAFE_INTEGER, this.#proc).next();
    file.value.release();
    return step.done ? step.value : fail("EAGAIN");
  }

  writeFile(path: string, text: string, flags: { readonly append?: boolean; readonly mode?: number }): Result<void, Errno> {
    const { append = false, mode } = flags;
    const file = this.open(path, { write: true, create: true, truncate: !append, append, ...(mode === undefined ? {} : { mode }) });
    if (!file.ok) return file;
    file.value.hold();
    const step = file.value.write(text, this.#proc).next();
    file.value.release();
    return step.done ? step.value : fail("EAGAIN");
  }

  mkdir(path: string, mode: number): Result<void, Errno> {
    return this.#make(path, { kind: "directory", mode: mode & ~this.#proc.umask });
  }

  symlink(target: string, path: string): Result<void, Errno> {
    return target === "" ? fail("ENOENT") : this.#make(path, { kind: "symlink", target });
  }

  rmdir(path: string): Result<void, Errno> {
    // `rmdir .` and `rmdir ..` have errors of their own (rmdir(2)).
    if (/(^|\/)\.\.\/*$/.test(path)) return fail("ENOTEMPTY");
    const place = this.#place(path);
    if (!place.ok) return place;
    const { tree, directory, name, at } = place.value;
    if (at && this.#proc.namespaces.mnt.isMountPoint(at.path)) return fail("EBUSY");
    return tree.rmdir(directory, name);
  }

  unlink(path: string): Result<void, Errno> {
    if (/(^|\/)\.{1,2}\/*$/.test(path)) return fail("EISDIR");
    const place = this.#place(path);
    if (!place.ok) return place;
    const { tree, directory, name, at } = place.value;
    if (!at) return fail("ENOENT");
    if (/\/$/.test(path) && statOf(at.vnode).kind !== "directory") return fail("ENOTDIR");
    if (this.#proc.namespaces.mnt.isMountPoint(at.path)) return fail("EBUSY");
    if (!this.#mayRemove(tree, directory, at)) return fail("EPERM");
    return tree.unlink(directory, name);
  }

  rename(from: string, to: string): Result<void, Errno> {
    const source = this.#place(from);
    if (!source.ok) return source;
    if (!source.value.at) return fail("ENOENT");
    const target = this.#place(to);
    if (!target.ok) return target;
    const { mnt } = this.#proc.namespaces;
    for (const { at } of [source.value, target.value]) if (at && mnt.isMountPoint(at.path)) return fail("EBUSY");
    if (source.value.tree !== target.value.tree) return fail("EXDEV");
    if (!this.#mayRemove(source.value.tree, source.value.directory, source.value.at)) return fail("EPERM");
    return source.value.tree.rename(source.value.directory, source.value.name, target.value.directory, target.value.name);
  }

  link(from: string, to: string): Result<void, Errno> {
    const source = this.#find(from, false);
    if (!source.ok) return source;
    const target = this.#place(to);
    if (!target.ok) return target;
    const { vnode } = source.value;
    if (vnode.in !== "tree" || vnode.tree !== target.value.tree) return fail("EXDEV");
    return vnode.tree.link(vnode.number, target.value.directory, target.value.name);
  }

  readlink(path: string): Result<string, Errno> {
    const at = this.#find(path, false);
    if (!at.ok) return at;
    const target = targetOf(at.value.vnode);
    return target === undefined ? fail("EINVAL") : ok(target);
  }

  chmod(path: string, mode: number): Result<void, Errno> {
    return this.#change(path, true, (tree, number) => tree.setMode(number, mode));
  }

  chown(path: string, owner: { readonly uid: number; readonly gid: number }): Result<void, Errno> {
    if (this.#proc.user.uid !== 0 || !this.#proc.capabilities.has("CHOWN")) return fail("EPERM");
    return this.#change(path, true, (tree, number) => tree.setOwner(number, owner));
  }

  touch(path: string): Result<void, Errno> {
    return this.#change(path, true, (tree, number) => tree.touch(number));
  }

  chdir(path: string): Result<void, Errno> {
    const at = this.#find(path, true);
    if (!at.ok) return at;
    const stat = statOf(at.value.vnode);
    if (stat.kind !== "directory") return fail("ENOTDIR");
    // A working directory is a path in one's own mount namespace here.
    if (!allows(stat, viewerOf(this.#proc), 1) || at.value.mounts !== this.#proc.namespaces.mnt) return fail("EACCES");
    this.#proc.cwd = at.value.path;
    return DONE;
  }

  realpath(path: string): Result<string, Errno> {
    const at = this.#find(path, true);
    if (!at.ok) return at;
    return ok(at.value.vnode.in === "descriptor" ? at.value.vnode.file.target : at.value.path);
  }

  connectUnix(path: string): Result<LocalService, Errno> {
    const at = this.#find(path, true);
    if (!at.ok) return at;
    if (!allows(statOf(at.value.vnode), viewerOf(this.#proc), 2)) return fail("EACCES");
    const inode = inodeOf(at.value.vnode);
    return inode?.kind === "socket" && inode.service ? ok(inode.service) : fail("ECONNREFUSED");
  }

  #find(path: string, follow: boolean): Result<Location, Errno> {
    const { namespaces, cwd } = this.#proc;
    return namespaces.mnt.find(path, cwd, viewerOf(this.#proc), { follow });
  }

  #make(path: string, made: NewInode): Result<void, Errno> {
    const { namespaces, cwd } = this.#proc;
    // `mkdir /` and `mkdir .`: the name is there.
    if (path !== "" && /^\/+$|(^|\/)\.{1,2}\/*$/.test(path)) return fail("EEXIST");
    const place = namespaces.mnt.parent(path, cwd, viewerOf(this.#proc));
    if (!place.ok) return place;
    if (place.value.at) return fail("EEXIST");
    const result = this.#createIn(place.value.directory, place.value.name, made);
    return result.ok ? DONE : result;
  }

  #createIn(
    parent: Location,
    name: string,
    made: NewInode,
  ): Result<{ readonly tree: Tree; readonly number: InodeNumber; readonly path: string }, Errno> {
    const { vnode } = parent;
    const stat = statOf(vnode);
    if (stat.kind !== "directory") return fail("ENOTDIR");
    if (parent.isReadOnly) return fail("EROFS");
    // procfs has no create operation at all (ENOENT), sysfs refuses by permission.
    if (vnode.in !== "tree") return fail(parent.path.startsWith("/proc") ? "ENOENT" : "EACCES");
    if (!allows(stat, viewerOf(this.#proc), 2)) return fail("EACCES");
    const { uid, gid } = this.#proc.user;
    const number = vnode.tree.create(vnode.number, name, made, { uid, gid });
    return number.ok ? ok({ tree: vnode.tree, number: number.value, path: `${parent.path === "/" ? "" : parent.path}/${name}` }) : number;
  }

  /** The place of a name that is to be made, moved or removed. */
  #place(path: string): Result<Place, Errno> {
    const { namespaces, cwd } = this.#proc;
    const found = namespaces.mnt.parent(path, cwd, viewerOf(this.#proc));
    if (!found.ok) return found;
    const { directory, name, at } = found.value;
    const { vnode } = directory;
    if (vnode.in !== "tree") return at && namespaces.mnt.isMountPoint(at.path) ? fail("EBUSY") : fail(at ? "EPERM" : "ENOENT");
    if (directory.isReadOnly) return fail("EROFS");
    if (!allows(statOf(vnode), viewerOf(this.#proc), 2)) return fail("EACCES");
    return ok({ tree: vnode.tree, directory: vnode.number, name, ...(at ? { at } : {}) });
  }

  #change(path: string, follow: boolean, change: (tree: Tree, number: InodeNumber) => void): Result<void, Errno> {
    const at = this.#find(path, follow);
    if (!at.ok) return at;
    const { vnode, isReadOnly } = at.value;
    if (isReadOnly) return fail("EROFS");
    if (vnode.in !== "tree") return fail("EPERM");
    const { uid } = this.#proc.user;
    if (uid !== 0 && uid !== vnode.tree.inode(vnode.number).uid) return fail("EPERM");
    change(vnode.tree, vnode.number);
    return DONE;
  }

  /** In a sticky directory (/tmp) only the owner may remove a name. */
  #mayRemove(tree: Tree, directory: InodeNumber, at: Location): boolean {
    const { uid } = this.#proc.user;
    const parent = tree.inode(directory);
    return uid === 0 || (parent.mode & 0o1000) === 0 || parent.uid === uid || statOf(at.vnode).uid === uid;
  }
}
