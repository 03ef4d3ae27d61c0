/**
 * Files that the kernel makes up while they are read: procfs, sysfs, devpts.
 *
 * A provider is a function from the viewer to a directory; what it shows depends on who looks (/proc/self, /sys/class/net).
 * Nodes are made anew at each look and hold no state; a new file is one entry in a provider. Follows the idea of Linux's
 * fs/proc/generic.c and fs/kernfs. Differs: whole contents are made at open, never in pages.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { OpenFile } from "../process/open-file";
import type { Netns } from "../netns";
import type { Mounts } from "./mounts";
import type { Viewer } from "./viewer";

export type Synthetic =
  | SyntheticDirectory
  | {
      readonly kind: "file";
      readonly mode: number;
      readonly size: number;
      read(): Result<string, Errno>;
      readonly write?: (text: string) => Result<void, Errno>;
      readonly netns?: Netns;
    }
  | {
      readonly kind: "symlink";
      target(): string;
      /** A "magic" link: following it gives an open file, whatever its text says (/proc/self/fd/1). */
      readonly opens?: () => OpenFile | undefined;
      /** A link to a namespace: following it gives that (/proc/1/ns/net). */
      readonly netns?: () => Netns | undefined;
      /** A link to the root of a mount namespace (/proc/1/root). */
      readonly mounts?: () => Mounts | undefined;
    }
  | { readonly kind: "character-device"; readonly mode: number; readonly device: readonly [number, number] };

export type SyntheticDirectory = {
  readonly kind: "directory";
  readonly mode: number;
  names(): readonly string[];
  find(name: string): Synthetic | undefined;
};

/** A file system whose content depends on who looks. */
export type Provider = (viewer: Viewer) => SyntheticDirectory;

/** A directory with these entries. Entries are functions, so that nothing is made before somebody asks. */
export function directory(entries: Readonly<Record<string, () => Synthetic | undefined>>, mode = 0o555): SyntheticDirectory {
  return {
    kind: "directory",
    mode,
    names: () => Object.keys(entries).sort(),
    find: (name) => (Object.hasOwn(entries, name) ? entries[name]?.() : undefined),
  };
}

/** A directory whose names are computed. */
export function computed(names: () => readonly string[], find: (name: string) => Synthetic | undefined, mode = 0o555): SyntheticDirectory {
  return { kind: "directory", mode, names, find };
}

/** Several directories as one; the first that knows a name wins. */
export function merged(...parts: readonly SyntheticDirectory[]): SyntheticDirectory {
  return {
    kind: "directory",
    mode: parts[0]?.mode ?? 0o555,
    names: () => [...new Set(parts.flatMap((part) => part.names()))].sort(),
    find: (name) => {
      for (const part of parts) {
        const found = part.find(name);
        if (found) return found;
      }
      return undefined;
    },
  };
}

/** A file that says `text()`. /proc says size 0, /sys 4096. */
export function text(read: () => string, size = 0): Synthetic {
  return { kind: "file", mode: 0o444, size, read: () => ok(read()) };
}

/** A setting: reads as a line, and what is written to it is handed on without the newline. */
export function setting(read: () => Result<string, Errno>, write: (value: string) => Result<void, Errno>, size = 0): Synthetic {
  return {
    kind: "file",
    mode: 0o644,
    size,
    read: () => {
      const value = read();
      return value.ok ? ok(`${value.value}\n`) : value;
    },
    write: (written) => write(written.replace(/\n$/, "")),
  };
}

/** A file whose write the real kernel takes and this one does not. */
export function readOnlySetting(read: () => string, size = 0): Synthetic {
  return { kind: "file", mode: 0o644, size, read: () => ok(`${read()}\n`), write: () => fail("EINVAL") };
}

export function link(target: () => string): Synthetic {
  return { kind: "symlink", target };
}
