/** Redirections: what `>`, `<`, `2>&1`, here-documents and the like make of the descriptors (dash's redir.c, bash's redir.c). */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Fd, OpenFlags } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Errno } from "@/lib/sim/core/errno";
import type { Redirect, RedirectOperator } from "../syntax/ast";
import type { Shell } from "./shell";
import { Abort, ShellError } from "./unwind";

/** What a pipe surely takes without a reader. */
const PIPE_ROOM = 4096;

export class Redirects {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Applies redirections to the innermost layer of descriptors. Says why and gives false when one fails. */
  *apply(redirects: readonly Redirect[]): Routine<boolean> {
    for (const redirect of redirects) {
      try {
        const problem = redirect.kind === "here" ? yield* this.#here(redirect) : yield* this.#file(redirect);
        if (problem === undefined) continue;
        yield* this.#complain(problem);
      } catch (error) {
        if (!(error instanceof ShellError)) throw error;
        yield* this.#complain(error.message);
        if (error.isFatal) throw new Abort(error.status, "shell");
      }
      return false;
    }
    return true;
  }

  /** The redirection speaks for the command, not the builtin. */
  *#complain(message: string): Routine<void> {
    const shell = this.#shell;
    const { commandName } = shell;
    if (shell.options.isBash) shell.commandName = undefined;
    yield* shell.complain(message);
    shell.commandName = commandName;
  }

  *#here(redirect: Redirect & { readonly kind: "here" }): Routine<string | undefined> {
    const text = redirect.body.quoted ? redirect.body.text : yield* this.#shell.expander.textOf(redirect.body.parts, true);
    yield* this.#feed(this.#number(redirect.fd, 0), text);
    return undefined;
  }

  /** Makes `fd` the reading end of a pipe with `text` in it. */
  *#feed(fd: number, text: string): Routine<void> {
    const shell = this.#shell;
    const { read, write } = shell.sys.pipe();
    if (text.length <= PIPE_ROOM) {
      if (text !== "") yield* shell.sys.write(write, text);
    } else {
      // More than a pipe holds: someone must go on writing while the command reads.
      const fds = new Map([[1, write]]);
      shell.interpreter.processes.fork({ fds }, function* (child) {
        yield* child.print(text);
        return 0;
      });
    }
    shell.sys.close(write);
    shell.descriptors.set(fd, read);
  }

  *#file(redirect: Redirect & { readonly kind: "file" }): Routine<string | undefined> {
    const shell = this.#shell;
    const { operator } = redirect;
    if (operator === "<<<") {
      const text = yield* shell.expander.text(redirect.target);
      yield* this.#feed(this.#number(redirect.fd, 0), `${text}\n`);
      return undefined;
    }
    const target = yield* this.#target(redirect);
    if (target === undefined) return `${redirect.target.text}: ambiguous redirect`;
    if (operator === "<&" || operator === ">&") {
      const duplicated = yield* this.#duplicate(redirect, target);
      if (duplicated !== "file") return duplicated;
    }
    const isBoth = operator === "&>" || operator === "&>>" || operator === ">&";
    const opened = this.#open(target, operator);
    if (!opened.ok) {
      const isReading = operator === "<" || operator === "<>";
      return isReading ? shell.flavour.words.cannotOpen(target, opened.error) : shell.flavour.words.cannotCreate(target, opened.error);
    }
    const fd = this.#number(redirect.fd, operator === "<" || operator === "<>" ? 0 : 1);
    shell.descriptors.set(fd, opened.value);
    if (isBoth) shell.descriptors.set(2, opened.value);
    return undefined;
  }

  /** bash expands a target as it does arguments, and wants one word of it; the others do not split. */
  *#target(redirect: Redirect & { readonly kind: "file" }): Routine<string | undefined> {
    const { expander, options } = this.#shell;
    if (!options.isBash) return yield* expander.text(redirect.target);
    const words = yield* expander.words([redirect.target]);
    return words.length === 1 ? words[0] : undefined;
  }

  /** `>&2`, `<&-`, `3>&1-`. `"file"`: the target is a file's name. */
  *#duplicate(redirect: Redirect & { readonly kind: "file" }, target: string): Routine<string | undefined | "file"> {
    const shell = this.#shell;
    const isOutput = redirect.operator === ">&";
    const fd = this.#number(redirect.fd, isOutput ? 1 : 0);
    if (target === "-") {
      shell.descriptors.close(fd);
      return undefined;
    }
    const digits = /^(\d+)(-?)$/.exec(target);
    if (digits?.[1] === undefined || (digits[2] === "-" && !shell.options.isBash)) {
      const isLiteral = redirect.target.parts.every((part) => part.kind === "literal" || part.kind === "quoted");
      if (
        isOutput &&
        redirect.fd === undefined &&
        shell.flavour.dialect.outputBoth &&
        (isLiteral || (shell.options.isBash && target !== ""))
      )
        return "file";
      if (shell.options.isBash) return `${redirect.target.text}: ambiguous redirect`;
      if (shell.flavour.dialect.name === "dash") throw new ShellError("Syntax error: Bad fd number", 2, true);
      throw new ShellError(isLiteral ? "redir error" : "bad fd number", 2, true);
    }
    const from = Number(digits[1]);
    const real = shell.descriptors.real(from);
    if (real === undefined) return shell.flavour.words.badFd(digits[1], fd);
    shell.descriptors.set(fd, real);
    if (digits[2] === "-" && from !== fd) shell.descriptors.close(from);
    return undefined;
  }

  #open(path: string, operator: RedirectOperator): Result<Fd, Errno> {
    const shell = this.#shell;
    const { sys } = shell;
    // A name for one of the shell's own descriptors means what the shell means by it.
    const own = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
    if (own) {
      const fd = own[1] !== undefined ? Number(own[1]) : { in: 0, out: 1, err: 2 }[own[2] as "in" | "out" | "err"];
      const real = shell.descriptors.real(fd);
      return real === undefined ? fail("ENOENT") : ok(real);
    }
    if (shell.options.isBash && /^\/dev\/(tcp|udp)\/[^/]+\/[^/]+$/.test(path)) throw new ShellError(notSimulated(`bash's ${path}`), 1);
    const flags: OpenFlags = FLAGS[operator];
    if (flags.truncate && shell.options.noclobber && operator !== ">|") {
      const stat = sys.stat(path);
      if (stat.ok && stat.value.kind === "file") return fail("EEXIST");
    }
    return sys.open(path, flags);
  }

  #number(fd: Redirect["fd"], otherwise: number): number {
    if (fd === undefined) return otherwise;
    if (typeof fd === "number") return fd;
    const { variables, descriptors } = this.#shell;
    const free = descriptors.free(10);
    variables.set(fd.variable, String(free));
    return free;
  }
}

const WRITE: OpenFlags = { write: true, create: true, truncate: true };
const APPEND: OpenFlags = { write: true, create: true, append: true };
const READ: OpenFlags = { read: true };
const FLAGS: Readonly<Record<RedirectOperator, OpenFlags>> = {
  "<": READ,
  "<>": { read: true, write: true, create: true },
  ">": WRITE,
  ">|": WRITE,
  "&>": WRITE,
  ">&": WRITE,
  ">>": APPEND,
  "&>>": APPEND,
  "<&": READ,
  "<<<": READ,
};
