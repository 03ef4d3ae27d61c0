/**
 * /dev: what devtmpfs of a machine, or runc in a container, puts there. Device numbers are those of
 * Documentation/admin-guide/devices.txt; what they do is in process/devices.ts.
 */

import type { Mounts } from "./mounts";
import { computed, type Synthetic } from "./synthetic";
import type { Tree } from "./tree";

const NODES: readonly (readonly [name: string, major: number, minor: number, mode: number])[] = [
  ["full", 1, 7, 0o666],
  ["null", 1, 3, 0o666],
  ["random", 1, 8, 0o666],
  ["tty", 5, 0, 0o666],
  ["urandom", 1, 9, 0o666],
  ["zero", 1, 5, 0o666],
];

const LINKS: readonly (readonly [name: string, target: string])[] = [
  ["fd", "/proc/self/fd"],
  ["ptmx", "pts/ptmx"],
  ["stderr", "/proc/self/fd/2"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
];

/** Fills an empty tree that is to be /dev. */
export function fillDev(dev: Tree): void {
  dev.setMode(dev.root, 0o755);
  dev.add([
    { path: "/pts", kind: "directory" },
    { path: "/shm", kind: "directory", mode: 0o1777 },
  ]);
  for (const [name, major, minor, mode] of NODES) dev.create(dev.root, name, { kind: "character-device", mode, device: [major, minor] });
  for (const [name, target] of LINKS) dev.create(dev.root, name, { kind: "symlink", target });
}

/** /dev/pts of a mount namespace. */
export function devpts(mounts: Mounts): Synthetic & { readonly kind: "directory" } {
  const { devpts } = mounts;
  return computed(
    () => [...devpts.list().map((pty) => String(pty.number)), "ptmx"],
    (name) => {
      if (name === "ptmx") return { kind: "character-device", mode: 0o666, device: [5, 2] };
      const number = /^\d+$/.test(name) ? Number(name) : -1;
      return devpts.find(number) && { kind: "character-device", mode: 0o620, device: [136, number] };
    },
    0o755,
  );
}
