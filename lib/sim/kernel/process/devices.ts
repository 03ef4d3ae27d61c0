/**
 * Character devices by number: Documentation/admin-guide/devices.txt of Linux. What /dev holds is in fs/dev.ts.
 *
 * Differs: random devices give characters U+0000 to U+00FF instead of bytes.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat } from "@/lib/sim/core/sys";
import type { OpenFile } from "./open-file";
import type { Proc } from "./process";
import type { Pty } from "./pty";
import { SimpleDevice } from "./regular-file";

/** Opens the device `stat.device` at `path`. ENXIO: nobody is behind that number. */
export function openDevice(path: string, stat: FileStat, by: Proc, findPty: (number: number) => Pty | undefined): Result<OpenFile, Errno> {
  const [major, minor] = stat.device ?? [0, 0];
  switch (`${major}:${minor}`) {
    case "1:3":
      return ok(new SimpleDevice(path, stat, { read: () => "", isFull: false }));
    case "1:5":
      return ok(new SimpleDevice(path, stat, { read: (max) => "\0".repeat(max), isFull: false }));
    case "1:7":
      return ok(new SimpleDevice(path, stat, { read: (max) => "\0".repeat(max), isFull: true }));
    case "1:8":
    case "1:9":
      return ok(
        new SimpleDevice(path, stat, {
          read: (max) => Array.from({ length: max }, () => String.fromCharCode(by.random.below(256))).join(""),
          isFull: false,
        }),
      );
    case "5:0":
    case "5:1":
      return by.terminal ? ok(by.terminal.open()) : fail("ENXIO");
  }
  const pty = major === 136 ? findPty(minor) : undefined;
  return pty ? ok(pty.open()) : fail("ENXIO");
}
