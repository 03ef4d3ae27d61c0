/** Files named on a command line, or stdin, read by lines or whole, with errors told as the flavour tells them. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Fd, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Context } from "./command";
import type { Output } from "./output";
import { quoteIfNeeded } from "./quote";

export type Line = { readonly text: string; readonly terminated: boolean };

/** An open input. Before it waits, it lets `out` show what is there. */
export class Input {
  readonly #sys: Sys;
  readonly #fd: Fd;
  readonly #out: Output | undefined;
  readonly #separator: string;
  #buffer = "";
  #scanned = 0;
  #ended = false;
  #error: Errno | undefined;

  constructor(sys: Sys, fd: Fd, out?: Output, separator = "\n") {
    this.#sys = sys;
    this.#fd = fd;
    this.#out = out;
    this.#separator = separator;
  }

  /** Why reading ended early. */
  get error(): Errno | undefined {
    return this.#error;
  }

  /** The next line without its end; `undefined` at the end of the file. */
  *line(): Routine<Line | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf(this.#separator, this.#scanned);
      if (end >= 0) {
        const text = this.#buffer.slice(0, end);
        this.#buffer = this.#buffer.slice(end + 1);
        this.#scanned = 0;
        return { text, terminated: true };
      }
      this.#scanned = this.#buffer.length;
      if (this.#ended) {
        if (this.#buffer === "") return undefined;
        const text = this.#buffer;
        this.#buffer = "";
        this.#scanned = 0;
        return { text, terminated: false };
      }
      this.#buffer += yield* this.#more();
    }
  }

  /** What comes next, however much; `""` at the end. */
  *chunk(): Routine<string> {
    if (this.#buffer !== "") {
      const text = this.#buffer;
      this.#buffer = "";
      this.#scanned = 0;
      return text;
    }
    return this.#ended ? "" : yield* this.#more();
  }

  *rest(): Routine<string> {
    const parts: string[] = [];
    for (;;) {
      const part = yield* this.chunk();
      if (part === "") return parts.join("");
      parts.push(part);
    }
  }

  close(): void {
    if (this.#fd !== 0) this.#sys.close(this.#fd);
  }

  *#more(): Routine<string> {
    if (this.#out && !this.#sys.isReadable(this.#fd)) yield* this.#out.flush();
    let read = yield* this.#sys.read(this.#fd);
    while (!read.ok && read.error === "EINTR") read = yield* this.#sys.read(this.#fd);
    if (!read.ok) this.#error = read.error;
    if (!read.ok || read.value === "") this.#ended = true;
    return read.ok ? read.value : "";
  }
}

/** Opens `path`; `-` is stdin. */
export function openInput(sys: Sys, path: string, out?: Output, separator = "\n"): Result<Input, Errno> {
  if (path === "-") return ok(new Input(sys, 0, out, separator));
  const fd = sys.open(path, { read: true });
  return fd.ok ? ok(new Input(sys, fd.value, out, separator)) : fail(fd.error);
}

/** `cat: x: No such file or directory`, `cat: can't open 'x': No such file or directory`. */
export function cannotOpen({ flavour, words }: Context, path: string, errno: Errno, gnu: "" | "cannot open" = ""): string {
  if (flavour === "busybox") return `can't open '${path}': ${words(errno)}`;
  return gnu === "" ? `${quoteIfNeeded(path)}: ${words(errno)}` : `cannot open '${path}' for reading: ${words(errno)}`;
}

export function cannotRead({ flavour, words }: Context, path: string, errno: Errno): string {
  if (flavour === "busybox") return `read error: ${words(errno)}`;
  return `${quoteIfNeeded(path)}: ${words(errno)}`;
}

/** Runs `use` over each named file, or stdin when none is named. Complains about those that cannot be read; whether all could. */
export function* eachInput(
  context: Context,
  paths: readonly string[],
  use: (input: Input, path: string) => Routine<void>,
  separator = "\n",
): Routine<boolean> {
  let allRead = true;
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const input = openInput(context.sys, path, context.out, separator);
    if (!input.ok) {
      yield* context.complain(cannotOpen(context, path, input.error));
      allRead = false;
      continue;
    }
    yield* use(input.value, path);
    if (input.value.error) {
      yield* context.complain(cannotRead(context, path, input.value.error));
      allRead = false;
    }
    input.value.close();
  }
  return allRead;
}
