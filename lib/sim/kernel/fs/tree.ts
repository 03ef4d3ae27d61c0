/**
 * A file system on "disk": files, directories, symlinks, devices and sockets, by inode.
 *
 * Models ext4 under the host and overlayfs under a container, as far as names, links, modes and times go. The kernel's
 * users hold it as a `FileSystem`; processes reach it through the mounts (mounts.ts). Errors are those of the system calls
 * named in the comments (Linux, fs/namei.c). Differs: no extended attributes, no sparse files, no ctime or atime; file
 * contents are text; a file system holds at most `MAX_TEXT` of it, then says ENOSPC.
 */

import { invariant, InvariantViolation } from "@/lib/base/invariant";
import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { utf8Length } from "@/lib/base/utf8";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat, LocalService } from "@/lib/sim/core/sys";
import type { Instant } from "@/lib/sim/core/time";
import { type Change, changesBetween } from "./changes";
import type { FileSpec, FileSystem } from "./contract";
import { type DirectoryInode, type Inode, type InodeNumber, Layer } from "./inode";
import { dirname, split } from "./path";

/** A limit of the simulator: units of text in all files of one file system. */
export const MAX_TEXT = 64 * 1024 * 1024;

const ROOT: InodeNumber = 2;
const MAX_SYMLINKS = 40;

/** What a new name is to stand for. */
export type NewInode =
  | { readonly kind: "file"; readonly mode: number; readonly text?: string }
  | { readonly kind: "directory"; readonly mode: number }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "character-device"; readonly mode: number; readonly device: readonly [number, number] }
  | { readonly kind: "socket"; readonly service: LocalService };

export type Owner = { readonly uid: number; readonly gid: number };

const SUPERUSER: Owner = { uid: 0, gid: 0 };

export class Tree implements FileSystem {
  readonly #clock: () => Instant;
  /** What this tree was forked from, as it was then. */
  readonly #origin: Layer | undefined;
  #top: Layer;
  #nextInode: InodeNumber;
  #textLength: number;
  /** How often each inode is open, so that a file without a name lives on until it is closed. */
  readonly #holds = new Map<InodeNumber, number>();

  constructor(clock: () => Instant, from?: { readonly layer: Layer; readonly nextInode: InodeNumber; readonly textLength: number }) {
    this.#clock = clock;
    this.#origin = from?.layer;
    this.#top = new Layer(from?.layer);
    this.#nextInode = from?.nextInode ?? ROOT + 1;
    this.#textLength = from?.textLength ?? 0;
    if (!from)
      this.#top.add({
        number: ROOT,
        kind: "directory",
        mode: 0o755,
        uid: 0,
        gid: 0,
        modifiedAt: clock(),
        links: 2,
        entries: new Map(),
        parent: ROOT,
      });
  }

  // --- as the kernel's users see it -----------------------------------------------------------------------------------

  fork(): Tree {
    const layer = this.#top.isEmpty && this.#top.below ? this.#top.below : this.#top;
    this.#top = new Layer(layer);
    return new Tree(this.#clock, { layer, nextInode: this.#nextInode, textLength: this.#textLength });
  }

  add(entries: readonly FileSpec[]): void {
    for (const entry of entries) {
      const made = this.#place(entry);
      invariant(made.ok, `an installed file can be placed: ${entry.path} ${made.ok ? "" : made.error}`);
    }
  }

  readFile(path: string): Result<string, Errno> {
    const found = this.find(path);
    if (!found.ok) return found;
    const inode = this.inode(found.value);
    if (inode.kind === "directory") return fail("EISDIR");
    return inode.kind === "file" ? ok(inode.text) : fail("EINVAL");
  }

  writeFile(path: string, text: string, mode?: number): Result<void, Errno> {
    const found = this.find(path);
    if (found.ok) {
      if (this.inode(found.value).kind === "directory") return fail("EISDIR");
      if (mode !== undefined) this.setMode(found.value, mode);
      return this.setText(found.value, text);
    }
    if (found.error !== "ENOENT") return found;
    const parent = this.#makeDirectories(dirname(path));
    if (!parent.ok) return parent;
    const made = this.create(parent.value, split(path).at(-1) ?? "", { kind: "file", mode: mode ?? 0o644, text });
    return made.ok ? DONE : made;
  }

  /** Removes a name, with all that is below it. */
  remove(path: string): Result<void, Errno> {
    const parent = this.find(dirname(path));
    if (!parent.ok) return parent;
    const name = split(path).at(-1);
    if (name === undefined) return fail("EBUSY");
    return this.#removeAll(parent.value, name);
  }

  exists(path: string): boolean {
    return this.find(path).ok;
  }

  changes(): readonly Change[] {
    return changesBetween(this.#origin, this.#top, ROOT);
  }

  // --- as the mounts see it -------------------------------------------------------------------------------------------

  get root(): InodeNumber {
    return ROOT;
  }

  inode(number: InodeNumber): Inode {
    return this.#top.get(number);
  }

  stat(number: InodeNumber): FileStat {
    const inode = this.inode(number);
    const { kind, mode, links, uid, gid, modifiedAt } = inode;
    return {
      kind,
      mode,
      links,
      uid,
      gid,
      modifiedAt,
      size: sizeOf(inode),
      inode: number,
      ...(inode.kind === "character-device" ? { device: inode.device } : {}),
    };
  }

  lookup(directory: InodeNumber, name: string): InodeNumber | undefined {
    return this.#directory(directory).entries.get(name);
  }

  parentOf(directory: InodeNumber): InodeNumber {
    return this.#directory(directory).parent;
  }

  names(directory: InodeNumber): string[] {
    return [...this.#directory(directory).entries.keys()].sort();
  }

  /** open(O_CREAT), mkdir(2), symlink(2), mknod(2), bind(2): EEXIST, ENOSPC. */
  create(directory: InodeNumber, name: string, made: NewInode, owner: Owner = SUPERUSER): Result<InodeNumber, Errno> {
    if (this.lookup(directory, name) !== undefined) return fail("EEXIST");
    const text = made.kind === "file" ? (made.text ?? "") : "";
    if (this.#textLength + text.length > MAX_TEXT) return fail("ENOSPC");
    this.#textLength += text.length;

    const number = this.#nextInode++;
    const common = { number, uid: owner.uid, gid: owner.gid, modifiedAt: this.#clock(), links: 1 };
    switch (made.kind) {
      case "file":
        this.#top.add({ ...common, kind: "file", mode: made.mode, text });
        break;
      case "directory":
        this.#top.add({ ...common, kind: "directory", mode: made.mode, links: 2, entries: new Map(), parent: directory });
        break;
      case "symlink":
        this.#top.add({ ...common, kind: "symlink", mode: 0o777, target: made.target });
        break;
      case "character-device":
        this.#top.add({ ...common, kind: "character-device", mode: made.mode, device: made.device });
        break;
      case "socket":
        this.#top.add({ ...common, kind: "socket", mode: 0o660, service: made.service });
        break;
    }
    this.#enter(directory, name, number);
    if (made.kind === "directory") this.#ownDirectory(directory).links++;
    return ok(number);
  }

  /** unlink(2). EISDIR: Linux says that where POSIX says EPERM. */
  unlink(directory: InodeNumber, name: string): Result<void, Errno> {
    const number = this.lookup(directory, name);
    if (number === undefined) return fail("ENOENT");
    if (this.inode(number).kind === "directory") return fail("EISDIR");
    this.#leave(directory, name);
    this.#dropLink(number);
    return DONE;
  }

  /** rmdir(2). */
  rmdir(directory: InodeNumber, name: string): Result<void, Errno> {
    const number = this.lookup(directory, name);
    if (number === undefined) return fail("ENOENT");
    const inode = this.inode(number);
    if (inode.kind !== "directory") return fail("ENOTDIR");
    if (inode.entries.size > 0) return fail("ENOTEMPTY");
    this.#leave(directory, name);
    this.#ownDirectory(directory).links--;
    this.#top.own(number).links = 0;
    this.#forgetIfUnused(number);
    return DONE;
  }

  /** link(2): not for directories. */
  link(number: InodeNumber, directory: InodeNumber, name: string): Result<void, Errno> {
    if (this.inode(number).kind === "directory") return fail("EPERM");
    if (this.lookup(directory, name) !== undefined) return fail("EEXIST");
    this.#top.own(number).links++;
    this.#enter(directory, name, number);
    return DONE;
  }

  /** rename(2) within one file system. */
  rename(from: InodeNumber, oldName: string, to: InodeNumber, newName: string): Result<void, Errno> {
    const number = this.lookup(from, oldName);
    if (number === undefined) return fail("ENOENT");
    const moved = this.inode(number);
    if (moved.kind === "directory" && this.#isWithin(to, number)) return fail("EINVAL");
    const target = this.lookup(to, newName);
    // Two names of one file: rename(2) does nothing and says that it worked.
    if (target === number) return DONE;
    if (target !== undefined) {
      const isDirectory = this.inode(target).kind === "directory";
      if (isDirectory && moved.kind !== "directory") return fail("EISDIR");
      if (!isDirectory && moved.kind === "directory") return fail("ENOTDIR");
      const gone = isDirectory ? this.rmdir(to, newName) : this.unlink(to, newName);
      if (!gone.ok) return gone;
    }
    this.#leave(from, oldName);
    this.#enter(to, newName, number);
    if (moved.kind === "directory" && from !== to) {
      this.#ownDirectory(from).links--;
      this.#ownDirectory(to).links++;
      this.#ownDirectory(number).parent = to;
    }
    return DONE;
  }

  setText(number: InodeNumber, text: string): Result<void, Errno> {
    const inode = this.inode(number);
    if (inode.kind !== "file") return fail("EINVAL");
    const grown = this.#textLength + text.length - inode.text.length;
    if (grown > MAX_TEXT && text.length > inode.text.length) return fail("ENOSPC");
    const own = this.#top.own(number);
    invariant(own.kind === "file", "an inode keeps its kind");
    this.#textLength = grown;
    own.text = text;
    own.modifiedAt = this.#clock();
    return DONE;
  }

  setMode(number: InodeNumber, mode: number): void {
    this.#top.own(number).mode = mode & 0o7777;
  }

  setOwner(number: InodeNumber, owner: Owner): void {
    const inode = this.#top.own(number);
    inode.uid = owner.uid;
    inode.gid = owner.gid;
  }

  touch(number: InodeNumber): void {
    this.#top.own(number).modifiedAt = this.#clock();
  }

  setService(number: InodeNumber, service: LocalService | undefined): void {
    const inode = this.#top.own(number);
    invariant(inode.kind === "socket", "only a socket has a service");
    inode.service = service;
  }

  /** Somebody has it open. */
  hold(number: InodeNumber): void {
    this.#holds.set(number, (this.#holds.get(number) ?? 0) + 1);
  }

  release(number: InodeNumber): void {
    const left = (this.#holds.get(number) ?? 0) - 1;
    if (left > 0) this.#holds.set(number, left);
    else {
      this.#holds.delete(number);
      this.#forgetIfUnused(number);
    }
  }

  /** The inode that `path` leads to inside this file system, links followed. */
  find(path: string, follow = true): Result<InodeNumber, Errno> {
    return this.#walk(ROOT, split(path), follow, 0);
  }

  // --- private --------------------------------------------------------------------------------------------------------

  #walk(start: InodeNumber, names: readonly string[], follow: boolean, linksSeen: number): Result<InodeNumber, Errno> {
    let at = start;
    for (const [i, name] of names.entries()) {
      const inode = this.inode(at);
      if (inode.kind !== "directory") return fail("ENOTDIR");
      if (name === "..") {
        at = inode.parent;
        continue;
      }
      const next = inode.entries.get(name);
      if (next === undefined) return fail("ENOENT");
      const found = this.inode(next);
      if (found.kind === "symlink" && (follow || i < names.length - 1)) {
        if (linksSeen >= MAX_SYMLINKS) return fail("ELOOP");
        const rest = [...split(found.target), ...names.slice(i + 1)];
        return this.#walk(found.target.startsWith("/") ? ROOT : at, rest, follow, linksSeen + 1);
      }
      at = next;
    }
    return ok(at);
  }

  /** A later layer's entry replaces an earlier one's, as in an image. */
  #place(entry: FileSpec): Result<InodeNumber, Errno> {
    const names = split(entry.path);
    const name = names.at(-1);
    if (name === undefined) return ok(ROOT);
    const parent = this.#makeDirectories(dirname(entry.path));
    if (!parent.ok) return parent;
    const known = this.lookup(parent.value, name);
    if (entry.kind === "directory") {
      const existing = known === undefined ? undefined : this.find(entry.path);
      if (existing?.ok && this.inode(existing.value).kind === "directory") {
        if (entry.mode !== undefined) this.setMode(existing.value, entry.mode);
        return existing;
      }
    }
    if (known !== undefined) {
      const gone = this.#removeAll(parent.value, name);
      if (!gone.ok) return gone;
    }
    switch (entry.kind) {
      case "file":
        return this.create(parent.value, name, {
          kind: "file",
          text: entry.text,
          mode: entry.mode ?? (entry.text.startsWith("\x7fELF:") ? 0o755 : 0o644),
        });
      case "directory":
        return this.create(parent.value, name, { kind: "directory", mode: entry.mode ?? 0o755 });
      case "symlink":
        return this.create(parent.value, name, { kind: "symlink", target: entry.target });
    }
  }

  #makeDirectories(path: string): Result<InodeNumber, Errno> {
    const found = this.find(path);
    if (found.ok) return this.inode(found.value).kind === "directory" ? found : fail("ENOTDIR");
    if (found.error !== "ENOENT" || path === "/") return found;
    const parent = this.#makeDirectories(dirname(path));
    if (!parent.ok) return parent;
    return this.create(parent.value, split(path).at(-1) ?? "", { kind: "directory", mode: 0o755 });
  }

  #removeAll(directory: InodeNumber, name: string): Result<void, Errno> {
    const number = this.lookup(directory, name);
    if (number === undefined) return fail("ENOENT");
    if (this.inode(number).kind !== "directory") return this.unlink(directory, name);
    for (const child of this.names(number)) this.#removeAll(number, child);
    return this.rmdir(directory, name);
  }

  #directory(number: InodeNumber): DirectoryInode {
    const inode = this.inode(number);
    if (inode.kind !== "directory") throw new InvariantViolation(`inode ${number} is used as a directory and is a ${inode.kind}`);
    return inode;
  }

  #ownDirectory(number: InodeNumber): DirectoryInode {
    const inode = this.#top.own(number);
    if (inode.kind !== "directory") throw new InvariantViolation(`inode ${number} is used as a directory and is a ${inode.kind}`);
    return inode;
  }

  #enter(directory: InodeNumber, name: string, number: InodeNumber): void {
    const into = this.#ownDirectory(directory);
    into.entries.set(name, number);
    into.modifiedAt = this.#clock();
  }

  #leave(directory: InodeNumber, name: string): void {
    const from = this.#ownDirectory(directory);
    from.entries.delete(name);
    from.modifiedAt = this.#clock();
  }

  #dropLink(number: InodeNumber): void {
    this.#top.own(number).links--;
    this.#forgetIfUnused(number);
  }

  #forgetIfUnused(number: InodeNumber): void {
    const inode = this.#top.find(number);
    if (!inode || inode.links > 0 || this.#holds.has(number)) return;
    if (inode.kind === "file") this.#textLength -= inode.text.length;
    this.#top.forget(number);
  }

  #isWithin(directory: InodeNumber, ancestor: InodeNumber): boolean {
    for (let at = directory; ; at = this.parentOf(at)) {
      if (at === ancestor) return true;
      if (at === ROOT) return false;
    }
  }
}

function sizeOf(inode: Inode): number {
  switch (inode.kind) {
    case "file":
      return utf8Length(inode.text);
    case "symlink":
      return utf8Length(inode.target);
    case "directory":
      // As tmpfs counts, on which the modelled machines have their containers: twenty for each name.
      return 40 + 20 * inode.entries.size;
    case "character-device":
    case "socket":
      return 0;
  }
}
