/** The descriptor table of one process: numbers to open files (struct fdtable). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Fd } from "@/lib/sim/core/sys";
import type { OpenFile } from "./open-file";

/** `ulimit -n`'s usual value. A limit of Linux, and of the simulator. */
export const MAX_DESCRIPTORS = 1_024;

export class Descriptors {
  readonly #files = new Map<Fd, OpenFile>();

  find(fd: Fd): OpenFile | undefined {
    return this.#files.get(fd);
  }

  /** In ascending order. */
  list(): [Fd, OpenFile][] {
    return [...this.#files].sort(([a], [b]) => a - b);
  }

  /** Gives `file` the lowest free number from `from` upwards. */
  add(file: OpenFile, from: Fd = 0): Result<Fd, "EMFILE"> {
    let fd = Math.max(0, from);
    while (this.#files.has(fd)) fd++;
    if (fd >= MAX_DESCRIPTORS) return fail("EMFILE");
    this.set(fd, file);
    return ok(fd);
  }

  /** Makes `fd` stand for `file`, letting go of what it stood for. */
  set(fd: Fd, file: OpenFile): void {
    file.hold();
    const before = this.#files.get(fd);
    this.#files.set(fd, file);
    before?.release();
  }

  close(fd: Fd): Result<void, "EBADF"> {
    const file = this.#files.get(fd);
    if (!file) return fail("EBADF");
    this.#files.delete(fd);
    file.release();
    return ok(undefined);
  }

  closeAll(): void {
    for (const [fd] of this.list()) this.close(fd);
  }

  /** A table with these of the caller's; `undefined` if one of them is not open. */
  select(map: ReadonlyMap<Fd, Fd>): Descriptors | undefined {
    const chosen = new Descriptors();
    for (const [child, own] of map) {
      const file = this.#files.get(own);
      if (!file) {
        chosen.closeAll();
        return undefined;
      }
      chosen.set(child, file);
    }
    return chosen;
  }
}
