/**
 * An open file: what descriptors point to ("open file description" in POSIX, struct file in Linux).
 *
 * Descriptors of one or of several processes share one: its offset, its flags, its end of a pipe. It is closed when the last
 * of them lets go. The kinds are in regular-file.ts, pipe.ts, devices.ts and pty.ts.
 */

import { fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat, Tty } from "@/lib/sim/core/sys";
import type { Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Proc } from "./process";

export abstract class OpenFile {
  #holders = 0;

  /** What /proc/PID/fd shows: a path, `pipe:[12]`, `/dev/pts/0`. */
  abstract readonly target: string;
  abstract stat(): FileStat;
  /** Whether a read would not wait. */
  abstract readonly isReadable: boolean;
  /** Woken when that may have changed; none when it never waits. */
  readonly readable: WaitQueue | undefined = undefined;

  // biome-ignore lint/correctness/useYield: the default refuses at once
  *read(_max: number, _by: Proc): Routine<Result<string, Errno>> {
    return fail("EBADF");
  }

  // biome-ignore lint/correctness/useYield: the default refuses at once
  *write(_text: string, _by: Proc): Routine<Result<void, Errno>> {
    return fail("EBADF");
  }

  /** The terminal that it is, for `by`. */
  tty(_by: Proc): Tty | undefined {
    return undefined;
  }

  /** What opening /proc/self/fd/N anew gives. Default: the same open file. */
  reopen(): OpenFile {
    return this;
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.close();
  }

  /** The last holder let go. */
  protected close(): void {}
}
