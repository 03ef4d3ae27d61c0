/**
 * Pipes: pipe(7), Linux's fs/pipe.c. A buffer of 64 KiB between two open files.
 *
 * Differs: what Linux counts in bytes is counted in units of text here. A pipe whose other end is held by the kernel's user
 * (a container's output, read by the daemon) is the same pipe.
 */

import { cutAt } from "@/lib/base/utf8";
import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { FileStat } from "@/lib/sim/core/sys";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { StreamEnd } from "./contract";
import { OpenFile } from "./open-file";
import type { Proc } from "./process";

const CAPACITY = 65_536;
/** Writes up to this length are never mixed with others (PIPE_BUF). */
const ATOMIC = 4_096;

export class Pipe {
  readonly number: number;
  readonly madeAt: Instant;
  readonly readable = new WaitQueue();
  readonly writable = new WaitQueue();
  /** Open ends. The kernel's user holding one counts as well. */
  readers = 0;
  writers = 0;
  #chunks: string[] = [];
  #length = 0;

  constructor(number: number, madeAt: Instant) {
    this.number = number;
    this.madeAt = madeAt;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds what there is room for; returns the rest. */
  push(text: string): string {
    const room = CAPACITY - this.#length;
    if (room < Math.min(text.length, ATOMIC)) return text;
    const end = text.length <= room ? text.length : cutAt(text, room);
    if (end > 0) this.force(text.slice(0, end));
    return text.slice(end);
  }

  /** Adds all of it, room or not: what the kernel's user types is not held back. */
  force(text: string): void {
    if (text === "") return;
    this.#chunks.push(text);
    this.#length += text.length;
    this.readable.wake();
  }

  take(max: number): string {
    if (this.#chunks.length > 1) this.#chunks = [this.#chunks.join("")];
    const all = this.#chunks[0] ?? "";
    const end = cutAt(all, max);
    this.#chunks = end < all.length ? [all.slice(end)] : [];
    this.#length -= end;
    if (end > 0) this.writable.wake();
    return all.slice(0, end);
  }

  closeReader(): void {
    this.readers--;
    if (this.readers === 0) this.writable.wake();
  }

  closeWriter(): void {
    this.writers--;
    if (this.writers === 0) this.readable.wake();
  }

  stat(): FileStat {
    return { kind: "fifo", mode: 0o600, size: 0, links: 1, uid: 0, gid: 0, modifiedAt: this.madeAt, inode: this.number };
  }
}

abstract class PipeEnd extends OpenFile {
  protected readonly pipe: Pipe;

  constructor(pipe: Pipe) {
    super();
    this.pipe = pipe;
  }

  override get target(): string {
    return `pipe:[${this.pipe.number}]`;
  }

  override stat(): FileStat {
    return this.pipe.stat();
  }
}

export class PipeReader extends PipeEnd {
  override readonly readable: WaitQueue;

  constructor(pipe: Pipe) {
    super(pipe);
    pipe.readers++;
    this.readable = pipe.readable;
  }

  override get isReadable(): boolean {
    return this.pipe.length > 0 || this.pipe.writers === 0;
  }

  override *read(max: number): Routine<Result<string, Errno>> {
    while (!this.isReadable) {
      const wake = yield { on: [this.pipe.readable] };
      if (wake.kind === "signal") return fail("EINTR");
    }
    return ok(this.pipe.take(max));
  }

  protected override close(): void {
    this.pipe.closeReader();
  }
}

export class PipeWriter extends PipeEnd {
  constructor(pipe: Pipe) {
    super(pipe);
    pipe.writers++;
  }

  override get isReadable(): boolean {
    return false;
  }

  override *write(text: string, by: Proc): Routine<Result<void, Errno>> {
    let rest = text;
    for (;;) {
      if (this.pipe.readers === 0) {
        yield* by.raise("PIPE");
        return fail("EPIPE");
      }
      rest = this.pipe.push(rest);
      if (rest === "") return DONE;
      const wake = yield { on: [this.pipe.writable] };
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  protected override close(): void {
    this.pipe.closeWriter();
  }
}

/** The writing end of a process's input, held by the kernel's user. */
export function inputEnd(pipe: Pipe): StreamEnd {
  pipe.writers++;
  let isOpen = true;
  return {
    write(text) {
      if (isOpen && pipe.readers > 0) pipe.force(text);
    },
    close() {
      if (isOpen) pipe.closeWriter();
      isOpen = false;
    },
    // biome-ignore lint/correctness/useYield: an input has nothing to read
    *read() {
      return undefined;
    },
    take: () => "",
    readable: new WaitQueue(),
    get hasEnded() {
      return !isOpen || pipe.readers === 0;
    },
  };
}

/** The reading end of a process's output, held by the kernel's user. */
export function outputEnd(pipe: Pipe): StreamEnd {
  pipe.readers++;
  let isOpen = true;
  const hasEnded = (): boolean => !isOpen || (pipe.writers === 0 && pipe.length === 0);
  return {
    write() {},
    close() {
      if (isOpen) pipe.closeReader();
      isOpen = false;
    },
    *read() {
      for (;;) {
        if (isOpen && pipe.length > 0) return pipe.take(CAPACITY);
        if (hasEnded()) return undefined;
        const wake = yield { on: [pipe.readable] };
        if (wake.kind === "signal") return undefined;
      }
    },
    take: () => (isOpen ? pipe.take(Number.POSITIVE_INFINITY) : ""),
    readable: pipe.readable,
    get hasEnded() {
      return hasEnded();
    },
  };
}
