/**
 * Open files of a file system: of a tree (an offset, appending), of a provider (its text as it was when it was first read,
 * each write handed on at once, as /proc does), and directories.
 *
 * Differs from read(2) and write(2): offsets count units of text, not bytes.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { cutAt } from "@/lib/base/utf8";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat, OpenFlags } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { InodeNumber } from "../fs/inode";
import type { Synthetic } from "../fs/synthetic";
import type { Tree } from "../fs/tree";
import { type Location, statOf } from "../fs/vnode";
import { OpenFile } from "./open-file";

/** A file in a tree. It outlives its names. */
export class TreeFile extends OpenFile {
  override readonly target: string;
  readonly #tree: Tree;
  readonly #inode: InodeNumber;
  readonly #flags: OpenFlags;
  #offset = 0;

  constructor(path: string, tree: Tree, inode: InodeNumber, flags: OpenFlags) {
    super();
    this.target = path;
    this.#tree = tree;
    this.#inode = inode;
    this.#flags = flags;
    tree.hold(inode);
  }

  override stat(): FileStat {
    return this.#tree.stat(this.#inode);
  }

  override get isReadable(): boolean {
    return true;
  }

  get #text(): string {
    const inode = this.#tree.inode(this.#inode);
    return inode.kind === "file" ? inode.text : "";
  }

  // biome-ignore lint/correctness/useYield: files never wait
  override *read(max: number): Routine<Result<string, Errno>> {
    if (this.#flags.read === false || (this.#flags.write && !this.#flags.read)) return fail("EBADF");
    const rest = this.#text.slice(this.#offset, this.#offset + max + 1);
    const end = cutAt(rest, max);
    this.#offset += end;
    return ok(rest.slice(0, end));
  }

  // biome-ignore lint/correctness/useYield: files never wait
  override *write(text: string): Routine<Result<void, Errno>> {
    if (!this.#flags.write && !this.#flags.append) return fail("EBADF");
    const before = this.#text;
    const at = this.#flags.append ? before.length : this.#offset;
    // A hole reads as zeros (somebody truncated the file under an open descriptor).
    const head = at > before.length ? before + "\0".repeat(at - before.length) : before.slice(0, at);
    const written = this.#tree.setText(this.#inode, head + text + before.slice(at + text.length));
    if (written.ok) this.#offset = at + text.length;
    return written;
  }

  override reopen(): OpenFile {
    return new TreeFile(this.target, this.#tree, this.#inode, this.#flags);
  }

  protected override close(): void {
    this.#tree.release(this.#inode);
  }
}

/** A file that the kernel makes up. */
export class SyntheticFile extends OpenFile {
  override readonly target: string;
  readonly #location: Location;
  readonly #node: Extract<Synthetic, { kind: "file" }>;
  #text: string | undefined;
  #offset = 0;

  constructor(location: Location, node: Extract<Synthetic, { kind: "file" }>) {
    super();
    this.target = location.path;
    this.#location = location;
    this.#node = node;
  }

  override stat(): FileStat {
    return statOf(this.#location.vnode);
  }

  override get isReadable(): boolean {
    return true;
  }

  // biome-ignore lint/correctness/useYield: the kernel answers at once
  override *read(max: number): Routine<Result<string, Errno>> {
    if (this.#text === undefined) {
      const text = this.#node.read();
      if (!text.ok) return text;
      this.#text = text.value;
    }
    const end = cutAt(this.#text.slice(this.#offset), max);
    const part = this.#text.slice(this.#offset, this.#offset + end);
    this.#offset += end;
    return ok(part);
  }

  // biome-ignore lint/correctness/useYield: the kernel answers at once
  override *write(text: string): Routine<Result<void, Errno>> {
    return this.#node.write ? this.#node.write(text) : fail("EACCES");
  }

  override reopen(): OpenFile {
    return new SyntheticFile(this.#location, this.#node);
  }
}

/** A directory that was opened as if it were a file. */
export class DirectoryFile extends OpenFile {
  override readonly target: string;
  readonly #location: Location;

  constructor(location: Location) {
    super();
    this.target = location.path;
    this.#location = location;
  }

  override stat(): FileStat {
    return statOf(this.#location.vnode);
  }

  override get isReadable(): boolean {
    return true;
  }

  // biome-ignore lint/correctness/useYield: it refuses at once
  override *read(): Routine<Result<string, Errno>> {
    return fail("EISDIR");
  }
}

/** /dev/null, /dev/zero, /dev/full, /dev/random: devices without state. */
export class SimpleDevice extends OpenFile {
  override readonly target: string;
  readonly #stat: FileStat;
  readonly #behaviour: DeviceBehaviour;

  constructor(path: string, stat: FileStat, behaviour: DeviceBehaviour) {
    super();
    this.target = path;
    this.#stat = stat;
    this.#behaviour = behaviour;
  }

  override stat(): FileStat {
    return this.#stat;
  }

  override get isReadable(): boolean {
    return true;
  }

  // biome-ignore lint/correctness/useYield: devices without state never wait
  override *read(max: number): Routine<Result<string, Errno>> {
    return ok(this.#behaviour.read(Math.min(max, 4_096)));
  }

  // biome-ignore lint/correctness/useYield: devices without state never wait
  override *write(): Routine<Result<void, Errno>> {
    return this.#behaviour.isFull ? fail("ENOSPC") : DONE;
  }
}

export type DeviceBehaviour = { read(max: number): string; readonly isFull: boolean };
