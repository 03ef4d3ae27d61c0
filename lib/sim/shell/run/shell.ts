/**
 * A shell: the state that commands read and change. A subshell is a copy of it in a process of its own.
 *
 * What runs commands on it is `interpreter.ts`; this class knows no syntax tree beyond passing it on.
 */

import type { Errno } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import type { Fd, Pid, Sys } from "@/lib/sim/core/sys";
import { BOOT, micros, type Instant } from "@/lib/sim/core/time";
import { invariant } from "@/lib/base/invariant";
import type { Builtins } from "../builtins/builtin";
import type { CompletionSources } from "../completion";
import { ArithmeticEvaluator } from "../expand/arithmetic";
import { Expander } from "../expand/expander";
import type { Flavour } from "../flavour";
import type { History } from "../interactive/history";
import { expandPrompt } from "../interactive/prompt";
import type { FunctionDefinition, Node } from "../syntax/ast";
import { Descriptors } from "./descriptors";
import { specialVariables } from "./special-variables";
import { Interpreter, type Mode } from "./interpreter";
import { type Job, Jobs, statusOf } from "./jobs";
import type { Place } from "./last-command";
import { Options } from "./options";
import type { ParseCache } from "./parse-cache";
import { Traps } from "./traps";
import { Variables } from "./variables";

/** `break 2`, `continue`, `return`: what is skipped until it is done. */
export type Skip = { readonly kind: "break" | "continue"; levels: number } | { readonly kind: "return" };

/** A function, and the file it was read from, which bash names in its messages. */
export type ShellFunction = { readonly definition: FunctionDefinition; readonly source: string };

/** One function that is running. */
export type Frame = {
  readonly name: string;
  readonly callLine: number;
  readonly source: string;
  /** What `set` had when `local -` was said: it is so again afterwards. */
  options?: Options;
};

/** Commands within commands, functions that call functions: a limit of this simulator, where a real shell has its stack's end. */
export const MAX_NESTING = 600;

/** What a shell and its subshells share: builtins, parsed text, and what completes arguments. */
export type ShellSession = { readonly builtins: Builtins; readonly cache: ParseCache; readonly completions: CompletionSources };

export class Shell {
  #sys: Sys | undefined;
  #descriptors: Descriptors | undefined;
  #traps: Traps | undefined;
  readonly #parent: Shell | undefined;
  #shellPid: Pid = 0;
  readonly flavour: Flavour;
  readonly session: ShellSession;
  readonly variables: Variables;
  readonly arithmetic: ArithmeticEvaluator;
  readonly expander: Expander;
  readonly interpreter: Interpreter;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  readonly options: Options;
  readonly jobs = new Jobs();
  /** Where commands were found: `hash`. */
  readonly hashed: Map<string, { readonly path: string; hits: number }>;
  positional: readonly string[] = [];
  /** `$0`. */
  name = "sh";
  /** The file that is read by `.`, or the one that the running function is from. */
  source: string | undefined;
  /** `$?`. */
  status = 0;
  /** The line that runs. */
  line = 0;
  /** The line up to which text has been read: where ash places a bad substitution. */
  parsedLine = 0;
  /** The builtin that speaks in messages. */
  commandName: string | undefined;
  /** Commands that are running inside each other. */
  nesting = 0;
  /** Loops that are running: what `break` can leave. */
  loops = 0;
  frames: Frame[] = [];
  /** Files that `.` is reading. */
  sourceDepth = 0;
  skip: Skip | undefined;
  /** Subshells and substitutions this one is inside of. */
  depth = 0;
  isInteractive = false;
  /** Messages as an interactive shell has them: also in its subshells. */
  speaksInteractively = false;
  /** The last command, if it was a builtin: after `jobs` or a refused `exit`, `exit` leaves stopped jobs behind. */
  lastBuiltin: string | undefined;
  /** Commands come from descriptor 0. */
  readsInput = false;
  /** `-c`: what bash calls the text in messages. */
  isCommandText = false;
  isLogin = false;
  /** `\\#` of the prompt. */
  commandNumber = 1;
  /** What `ulimit` was told. */
  readonly limits: Map<string, number | "unlimited">;
  /** How background processes ended that `wait` has told of. */
  readonly endedPids = new Map<Pid, number>();
  /** Job control: each pipeline has its own process group. */
  get hasJobControl(): boolean {
    return this.options.monitor;
  }
  /** `$!`. */
  lastBackground: Pid | undefined;
  /** Levels of `$(…)` and `eval`, which bash shows in `set -x`. */
  substitutionDepth = 0;
  /** The exit status of the last command substitution of the command that runs. */
  substitutionStatus: number | undefined;
  pipeStatus: readonly number[] = [0];
  startedAt: Instant = BOOT;
  directoryStack: readonly string[] = [];
  history: History | undefined;
  /** The position of `getopts` within an argument. */
  getoptsOffset = 0;
  /** `$_`. */
  lastArgument = "";
  /** What this process is there for, once it has come to its last command. */
  place: Place | undefined;
  /** The command that may take the shell's place; bash knows it beforehand. */
  replacement: Node | undefined;
  /** Descriptors that `<(…)` opened for the command that runs. */
  processFds: Fd[] = [];

  /** A new shell of a process, or with `from` a copy that waits for its process (`attach`). */
  constructor(flavour: Flavour, session: ShellSession, from?: Shell) {
    this.flavour = flavour;
    this.session = session;
    this.variables = from ? from.variables.fork() : new Variables(flavour);
    this.options = new Options(flavour.dialect, from?.options);
    this.arithmetic = new ArithmeticEvaluator(flavour, this.variables, () => flavour.strictArithmetic && this.options.nounset);
    this.variables.evaluate = (text) => this.arithmetic.evaluate(text);
    this.variables.onChange = (name) => {
      if (name === "IFS") this.#ifs = undefined;
      else if (name === "PATH") this.hashed.clear();
      else if (name === "OPTIND") this.getoptsOffset = 0;
    };
    this.expander = new Expander(this);
    this.interpreter = new Interpreter(this);
    this.functions = new Map(from?.functions);
    this.aliases = new Map(from?.aliases);
    this.hashed = new Map(from?.hashed);
    this.limits = new Map(from?.limits);
    if (!from) return;
    this.#parent = from;
    this.#shellPid = from.shellPid;
    this.name = from.name;
    this.source = from.source;
    this.startedAt = from.startedAt;
    this.positional = from.positional;
    this.status = from.status;
    this.line = from.line;
    this.commandName = from.commandName;
    // In dash and ash `break` in a subshell still knows of the loop outside.
    if (!this.options.isBash) this.loops = from.loops;
    this.frames = [...from.frames];
    this.sourceDepth = from.sourceDepth;
    this.depth = from.depth + 1;
    this.speaksInteractively = from.speaksInteractively;
    this.substitutionDepth = from.substitutionDepth;
    this.isCommandText = from.isCommandText;
    this.lastBackground = from.lastBackground;
    this.pipeStatus = from.pipeStatus;
    this.directoryStack = from.directoryStack;
    this.lastArgument = from.lastArgument;
    this.history = from.history;
    this.options.set("monitor", false);
  }

  /** Gives the shell its process. */
  attach(sys: Sys): this {
    this.#sys = sys;
    this.#descriptors = new Descriptors(sys);
    this.#traps = this.#parent ? this.#parent.traps.fork(sys) : new Traps(sys);
    if (!this.#parent) {
      this.#shellPid = sys.pid;
      this.name = sys.argv[0] ?? "sh";
      this.startedAt = sys.now;
    }
    this.variables.setDynamic(specialVariables(this));
    return this;
  }

  get builtins(): Builtins {
    return this.session.builtins;
  }

  get sys(): Sys {
    invariant(this.#sys !== undefined, "a shell runs only once it has a process");
    return this.#sys;
  }

  get descriptors(): Descriptors {
    invariant(this.#descriptors !== undefined, "a shell runs only once it has a process");
    return this.#descriptors;
  }

  get traps(): Traps {
    invariant(this.#traps !== undefined, "a shell runs only once it has a process");
    return this.#traps;
  }

  set traps(traps: Traps) {
    this.#traps = traps;
  }

  /** `$$`. */
  get shellPid(): Pid {
    return this.#shellPid;
  }

  // --- parameters ---------------------------------------------------------------------------------------------------
  #ifs: string | undefined;
  get ifs(): string {
    this.#ifs ??= this.variables.get("IFS") ?? " \t\n";
    return this.#ifs;
  }

  /** The value of `$name`; the lists `$@` and `$*` are the expander's. */
  parameter(name: string): string | undefined {
    const c = name.charCodeAt(0);
    // A letter or an underscore that is not alone: the ordinary case first.
    if (c > 0x40 && name !== "_") return this.variables.get(name);
    switch (name) {
      case "?":
        return String(this.status);
      case "#":
        return String(this.positional.length);
      case "$":
        return String(this.shellPid);
      case "!":
        return this.lastBackground === undefined ? undefined : String(this.lastBackground);
      case "-":
        return this.options.letters(
          (this.isInteractive ? "i" : "") +
            (this.readsInput && this.flavour.dialect.name !== "dash" ? "s" : "") +
            (this.isCommandText && this.flavour.dialect.name !== "dash" ? "c" : ""),
        );
      case "0":
        return this.name;
      case "_":
        return this.options.isBash ? this.lastArgument : this.variables.get("_");
      default:
        return this.positional[Number(name) - 1];
    }
  }

  /** `local -`: options are put back when the function ends. */
  keepOptions(): void {
    const frame = this.frames.at(-1);
    if (frame) frame.options ??= new Options(this.flavour.dialect, this.options);
  }

  /** The home directory of a user, as /etc/passwd says. */
  homeOf(user: string): string | undefined {
    const passwd = this.sys.readFile("/etc/passwd");
    if (passwd.ok) {
      for (const line of passwd.value.split("\n")) {
        const fields = line.split(":");
        if (fields[0] === user) return fields[5];
      }
    }
    return user === "root" ? "/root" : undefined;
  }

  /** Escapes of PS1 and `${x@P}`. */
  prompt(text: string): string {
    return expandPrompt(this, text);
  }

  /** What bash calls itself in messages about syntax. */
  get bashName(): string {
    return this.isInteractive ? this.name.slice(this.name.lastIndexOf("/") + 1) : this.sourceName;
  }

  /** What `ps` calls the shell's process. */
  get processName(): string {
    this.#processName ??= this.sys.processes().find((process) => process.pid === this.sys.pid)?.name ?? "sh";
    return this.#processName;
  }
  #processName: string | undefined;

  // --- output -------------------------------------------------------------------------------------------------------
  /** Writes to one of the shell's descriptors. What went wrong, if something did. */
  *write(fd: number, text: string): Routine<Errno | undefined> {
    if (text === "") return undefined;
    const real = this.descriptors.real(fd);
    if (real === undefined) return "EBADF";
    const written = yield* this.sys.write(real, text);
    return written.ok ? undefined : written.error;
  }

  *print(text: string): Routine<Errno | undefined> {
    return yield* this.write(1, text);
  }

  /** A message of the shell, with what its flavour puts before it. */
  *complain(message: string): Routine<void> {
    yield* this.write(2, `${this.messagePrefix}${message}\n`);
  }

  /** What messages name. */
  get sourceName(): string {
    return this.source ?? this.name;
  }

  get messagePrefix(): string {
    return this.flavour.words.prefix({
      shell: this.options.isBash ? this.sourceName : this.name,
      line: this.line,
      isInteractive: this.speaksInteractively,
      command: this.commandName,
    });
  }

  /** The little time that a builtin takes; where a loop lets the world go on. */
  *tick(): Routine<void> {
    yield* this.sys.compute(micros(10));
  }

  /** Whether the shell may end with this command, which need not come back to it. */
  mayBecome(node: Node, how: Mode): boolean {
    if (!how.isLast || this.isInteractive || this.traps.holdsShell) return false;
    return !this.options.isBash || node === this.replacement;
  }

  /** Keeps the end of a job's processes for a later `wait`. */
  remember(job: Job): void {
    for (const pid of job.pids) {
      const end = job.endOf(pid);
      if (end) this.endedPids.set(pid, statusOf(end));
    }
  }

  // --- processes ----------------------------------------------------------------------------------------------------
  substitute(body: Node | undefined): Routine<string> {
    return this.interpreter.processes.substitute(body);
  }

  substituteProcess(direction: "<" | ">", body: Node | undefined): Routine<string> {
    return this.interpreter.processes.substituteProcess(direction, body);
  }
}
