/**
 * The shell's view of its descriptors.
 *
 * A real shell redirects a builtin by moving descriptors about with dup2(2) and moving them back. Here the shell keeps a table
 * from the numbers it speaks of to the kernel's; a redirection changes the table, its end puts the entries back, and a child
 * gets the table when it starts. What a program can observe is the same, and a shell that is killed leaves nothing half moved.
 */

import type { Fd, Sys } from "@/lib/sim/core/sys";

export class Descriptors {
  readonly #sys: Sys;
  readonly #table: Map<number, Fd>;
  /** What numbers meant before each redirection that is in force, innermost last. */
  readonly #layers: Map<number, Fd | undefined>[] = [];

  /** A process begins with the numbers the kernel knows. */
  constructor(sys: Sys) {
    this.#sys = sys;
    this.#table = new Map(sys.descriptors().map(({ fd }) => [fd, fd]));
  }

  /** The kernel's descriptor behind a number. */
  real(fd: number): Fd | undefined {
    return this.#table.get(fd);
  }

  /** What a child gets. */
  table(): Map<Fd, Fd> {
    return new Map(this.#table);
  }

  /** Begins redirections that `leave` undoes. */
  enter(): void {
    this.#layers.push(new Map());
  }

  leave(): void {
    const layer = this.#layers.pop();
    if (!layer) return;
    const now = [...layer.keys()].map((fd) => this.#table.get(fd));
    for (const [fd, before] of layer) {
      if (before === undefined) this.#table.delete(fd);
      else this.#table.set(fd, before);
    }
    for (const real of now) this.#release(real);
  }

  /** The innermost redirections last (`exec >file`). */
  keep(): void {
    const layer = this.#layers.pop();
    if (layer) for (const before of layer.values()) this.#release(before);
  }

  /** Lets `fd` mean the kernel's `real`. */
  set(fd: number, real: Fd): void {
    const before = this.#table.get(fd);
    this.#table.set(fd, real);
    this.#changed(fd, before);
  }

  close(fd: number): void {
    const before = this.#table.get(fd);
    this.#table.delete(fd);
    this.#changed(fd, before);
  }

  /** The lowest free number from `from` on (`{name}>file`). */
  free(from: number): number {
    let fd = from;
    while (this.#table.has(fd)) fd++;
    return fd;
  }

  #changed(fd: number, before: Fd | undefined): void {
    const layer = this.#layers.at(-1);
    if (layer && !layer.has(fd)) layer.set(fd, before);
    else this.#release(before);
  }

  /** Closes the kernel's descriptor when nothing means it any more. */
  #release(real: Fd | undefined): void {
    if (real === undefined) return;
    for (const used of this.#table.values()) if (used === real) return;
    for (const layer of this.#layers) for (const used of layer.values()) if (used === real) return;
    this.#sys.close(real);
  }
}
