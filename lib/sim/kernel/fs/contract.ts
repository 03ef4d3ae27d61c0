/**
 * File systems and mounts as the kernel's users (the daemon, world) set them up. Programs see files only through `Sys`.
 *
 * An executable is a regular file whose text begins with `\x7fELF:` and the name of a program of the registry; so it can
 * be copied, moved, linked and lose its x bit like any other. Scripts begin with `#!`.
 */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { LocalService } from "@/lib/sim/core/sys";

/** The text of an executable file that runs the registered program `name`. */
export function executable(name: string): string {
  return `\x7fELF:${name}`;
}

/** The registered program that an executable's text names. */
export function programOf(text: string): string | undefined {
  return text.startsWith("\x7fELF:") ? text.slice(5) : undefined;
}

/** One entry of an image's layer or a host's installation, by absolute path. Parents are made as needed. */
export type FileSpec =
  | { readonly path: string; readonly kind: "file"; readonly text: string; readonly mode?: number }
  | { readonly path: string; readonly kind: "directory"; readonly mode?: number }
  | { readonly path: string; readonly kind: "symlink"; readonly target: string };

/** A tree of files that can be written. Forking is cheap: what is not changed is shared. */
export interface FileSystem {
  /** A copy that starts equal and then goes its own way (a container's writable layer over its image). */
  fork(): FileSystem;
  add(entries: readonly FileSpec[]): void;
  readFile(path: string): Result<string, Errno>;
  writeFile(path: string, text: string, mode?: number): Result<void, Errno>;
  remove(path: string): Result<void, Errno>;
  exists(path: string): boolean;
  /** Paths added, changed and deleted since the fork, sorted (`docker diff`). */
  changes(): readonly { readonly path: string; readonly kind: "A" | "C" | "D" }[];
}

/** What a process sees: a root file system and what is mounted over it. /proc, /sys and /dev are always there. */
export interface MountNamespace {
  readonly root: FileSystem;
  /** Mounts one file or directory of a file system at a path (bind mount). Without `readOnly`, writes reach the source. */
  bind(at: string, source: { readonly fs: FileSystem; readonly path: string }, options?: { readonly readOnly?: boolean }): void;
  /** An empty file system of its own (`tmpfs`). */
  tmpfs(at: string): void;
  /** Makes what is at `at` and below read-only, as runc does with /sys and /proc/sys of a container without `--privileged`. */
  protect(at: string): void;
  unmount(at: string): Result<void, Errno>;
  /** Makes `path` a socket on which `service` answers. It belongs to root and to `group`, a name in /etc/group. */
  listenUnix(path: string, service: LocalService, options?: { readonly group?: string }): Result<void, Errno>;
  readonly mounts: readonly { readonly at: string; readonly type: string; readonly source: string; readonly readOnly: boolean }[];
}
