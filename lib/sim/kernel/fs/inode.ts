/**
 * Inodes, and the layers that hold them: what makes a copy of a file system cheap.
 *
 * Models the inode table of a file system (struct inode) together with what overlayfs does for a container: a fork shares
 * every inode with its origin until one side changes it. Seen by a learner as `ls -i`, `docker diff` and the writable layer.
 * Differs: sharing is by inode, not by file name, so hard links survive a change (overlayfs breaks them when it copies up).
 */

import { InvariantViolation } from "@/lib/base/invariant";
import type { LocalService } from "@/lib/sim/core/sys";
import type { Instant } from "@/lib/sim/core/time";

export type InodeNumber = number;

type Common = {
  readonly number: InodeNumber;
  /** Permission bits, 0 to 0o7777. */
  mode: number;
  uid: number;
  gid: number;
  modifiedAt: Instant;
  /** Names that lead here. At 0 it lives only as long as somebody has it open. */
  links: number;
};

export type FileInode = Common & { readonly kind: "file"; text: string };
export type DirectoryInode = Common & { readonly kind: "directory"; readonly entries: Map<string, InodeNumber>; parent: InodeNumber };
export type SymlinkInode = Common & { readonly kind: "symlink"; readonly target: string };
export type DeviceInode = Common & { readonly kind: "character-device"; readonly device: readonly [number, number] };
export type SocketInode = Common & { readonly kind: "socket"; service: LocalService | undefined };

export type Inode = FileInode | DirectoryInode | SymlinkInode | DeviceInode | SocketInode;

/** Inodes of one generation over those of earlier ones. Once something lies over it, a layer never changes. */
export class Layer {
  readonly below: Layer | undefined;
  readonly #own = new Map<InodeNumber, Inode>();

  constructor(below?: Layer) {
    this.below = below;
  }

  get isEmpty(): boolean {
    return this.#own.size === 0;
  }

  find(number: InodeNumber): Inode | undefined {
    for (let layer: Layer | undefined = this; layer; layer = layer.below) {
      const inode = layer.#own.get(number);
      if (inode) return inode;
    }
    return undefined;
  }

  get(number: InodeNumber): Inode {
    const inode = this.find(number);
    if (!inode) throw new InvariantViolation(`inode ${number} is named by a directory and does not exist`);
    return inode;
  }

  /** The inode to change: this layer's own, copied up from below if need be. */
  own(number: InodeNumber): Inode {
    const own = this.#own.get(number);
    if (own) return own;
    const shared = this.get(number);
    const copy = shared.kind === "directory" ? { ...shared, entries: new Map(shared.entries) } : { ...shared };
    this.#own.set(number, copy);
    return copy;
  }

  add(inode: Inode): void {
    this.#own.set(inode.number, inode);
  }

  /** Lets an inode without names go. One that a lower layer has stays there, unseen. */
  forget(number: InodeNumber): void {
    this.#own.delete(number);
  }
}
