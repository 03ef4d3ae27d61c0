/**
 * Ways out of a running command that are not its exit status. They are thrown, and caught where the shells catch them
 * (dash's exraise and longjmp, bash's jump_to_top_level).
 */

/** `exit`, or `set -e` after a failure: the shell ends. */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/**
 * An error that ends more than its command. `shell`: a shell that is not interactive exits; an interactive one is back at
 * its prompt. `line`: the rest of the line is given up (bash's DISCARD).
 */
export class Abort extends Error {
  override readonly name = "Abort";
  readonly status: number;
  readonly scope: "shell" | "line";
  constructor(status: number, scope: "shell" | "line") {
    super(`abort the ${scope}`);
    this.status = status;
    this.scope = scope;
  }
}

/** Ctrl-C at an interactive shell: back to the prompt. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** The cursor stands behind `^C`. */
  readonly needsNewline: boolean;
  constructor(needsNewline: boolean) {
    super("interrupted");
    this.needsNewline = needsNewline;
  }
}

/**
 * Something the shell says no to, in its flavour's words: an expansion that fails, a variable that is read-only, wrong use of
 * a builtin. What follows from it depends on where it happens and is decided by who catches it.
 */
export class ShellError extends Error {
  override readonly name = "ShellError";
  readonly status: number;
  /** bash exits for it (`${x:?}`, `set -u`) rather than giving up the line. */
  readonly isFatal: boolean;
  constructor(message: string, status: number, isFatal = false) {
    super(message);
    this.status = status;
    this.isFatal = isFatal;
  }
}
