/** Running text: `-c`, files, standard input, `eval`, `.`, traps. Each complete command runs before the next is read. */

import type { Routine } from "@/lib/sim/core/task";
import type { Node } from "../syntax/ast";
import { parseExpansions, Parser } from "../syntax/parser";
import { SyntaxFailure, type SyntaxProblem } from "../syntax/problem";
import { ashWording, bashWording, type TextOrigin } from "../syntax/wording";
import { CommandInput } from "./input";
import { endsText } from "./last-command";
import type { Shell } from "./shell";
import { Abort } from "./unwind";

export type TextKind =
  | "command"
  | "file"
  | "source"
  | "stdin"
  | "eval"
  | "trap"
  | "exit trap"
  | "interrupt trap"
  | "interactive"
  | "substitution";

export type RunOptions = {
  readonly kind: TextKind;
  readonly firstLine?: number;
  readonly isTested?: boolean;
};

export class TextRunner {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Runs a text to its end; the status is that of its last command. */
  *run(text: string, options: RunOptions): Routine<number> {
    const shell = this.#shell;
    const { commandName } = shell;
    if (shell.options.isBash) shell.commandName = undefined;
    try {
      const firstLine = options.firstLine ?? 1;
      const isPlain =
        shell.aliases.size === 0 && !shell.options.verbose && options.kind !== "file" && text.length < 4096 && !/alias|extglob/.test(text);
      const key = `${firstLine}:${shell.options.extendedPatterns ? "x" : ""}${text}`;
      const known = isPlain ? shell.session.cache.find(key) : undefined;
      return known ? yield* this.#known(known, options) : yield* this.#parsed(text, firstLine, options, isPlain ? key : undefined);
    } finally {
      shell.commandName = commandName;
    }
  }

  *#known(nodes: readonly Node[], options: RunOptions): Routine<number> {
    const shell = this.#shell;
    let status = 0;
    for (const node of nodes) {
      status = yield* this.#command(node, options, false);
      if (shell.skip) break;
    }
    return status;
  }

  *#parsed(text: string, firstLine: number, options: RunOptions, key: string | undefined): Routine<number> {
    const shell = this.#shell;
    const parser = this.parser(text, firstLine);
    const nodes: Node[] = [];
    let status = 0;
    for (;;) {
      const start = parser.lexer.position;
      const parsed = parser.next();
      if (shell.options.verbose && (shell.options.isBash || options.kind === "file" || options.kind === "source")) {
        const read = parser.lexer.text.slice(start, parser.lexer.position);
        yield* shell.write(2, read === "" || read.endsWith("\n") ? read : `${read}\n`);
      }
      if (parsed.kind === "end") break;
      if (parsed.kind === "problem") return yield* this.problem(parsed.problem, options.kind, parser);
      yield* this.warnOpenHere(parser);
      nodes.push(parsed.node);
      shell.parsedLine = parser.lexer.lineAt(parser.lexer.position);
      if (shell.options.noexec && !shell.isInteractive) continue;
      const isLast = options.kind === "command" && endsText(shell.flavour.dialect.name, text, parser.lexer.position);
      status = yield* this.#command(parsed.node, options, isLast);
      if (shell.skip) return status;
    }
    if (key !== undefined) shell.session.cache.add(key, nodes);
    return status;
  }

  /** One complete command. In bash an error may give up the rest of the line; a file goes on with the next. */
  *#command(node: Node, options: RunOptions, isLast: boolean): Routine<number> {
    const shell = this.#shell;
    const { interpreter } = shell;
    const isTested = options.isTested ?? false;
    try {
      return yield* isLast ? interpreter.runLast(node, "text", isTested) : interpreter.run(node, { isLast: false, isTested });
    } catch (error) {
      const goesOn = options.kind === "command" || options.kind === "file" || options.kind === "stdin";
      if (!(error instanceof Abort) || error.scope !== "line" || !goesOn || shell.depth > 0) throw error;
      shell.status = error.status;
      shell.loops = 0;
      shell.skip = undefined;
      return error.status;
    }
  }

  /** Runs the commands of a file as the shell's script. */
  *runFile(path: string): Routine<number> {
    const shell = this.#shell;
    const text = shell.sys.readFile(path);
    if (!text.ok) {
      yield* shell.complain(shell.flavour.words.cannotOpen(path, text.error));
      return 127;
    }
    return yield* this.run(text.value, { kind: "file", firstLine: 1 });
  }

  /** Runs what comes in on descriptor 0, line by line, leaving the rest to the commands that read it too. */
  *runInput(): Routine<number> {
    const shell = this.#shell;
    const input = new CommandInput(shell);
    let pending = "";
    let firstLine = 1;
    let status = 0;
    for (;;) {
      const line = yield* input.next();
      if (line) pending += line.text + (line.terminated ? "\n" : "");
      const isEnd = line === undefined || !line.terminated;
      if (pending !== "") {
        const parser = this.parser(pending, firstLine);
        const first = parser.next();
        const isIncomplete =
          (first.kind === "problem" && first.problem.incomplete) ||
          parser.lexer.openHere !== undefined ||
          /(^|[^\\])(\\\\)*\\\n$/.test(pending);
        if (!isIncomplete || isEnd) {
          if (shell.options.verbose) yield* shell.write(2, pending);
          status = yield* this.run(pending, { kind: "stdin", firstLine });
          if (first.kind === "problem") return status;
          firstLine += pending.split("\n").length - 1;
          pending = "";
          if (shell.skip) return shell.status;
        }
      }
      if (isEnd) return status;
    }
  }

  parser(text: string, firstLine: number): Parser {
    const shell = this.#shell;
    const { options } = shell;
    return new Parser(text, {
      dialect: shell.flavour.dialect,
      firstLine,
      extendedPatterns: () => options.extendedPatterns,
      // A shell of bash that is not interactive does not expand aliases.
      alias: (name) => (!options.isBash || options.shopt("expand_aliases") ? shell.aliases.get(name) : undefined),
    });
  }

  /** Expands parameters, `$(…)` and arithmetic in a text (PS1, PS4). */
  *expandText(text: string): Routine<string> {
    if (!/[$`\\]/.test(text)) return text;
    const shell = this.#shell;
    const { xtrace } = shell.options;
    const { status } = shell;
    try {
      const parts = parseExpansions(text, { dialect: shell.flavour.dialect });
      shell.options.set("xtrace", false);
      return yield* shell.expander.textOf(parts, true);
    } catch (error) {
      if (error instanceof SyntaxFailure) return text;
      throw error;
    } finally {
      shell.options.set("xtrace", xtrace);
      shell.status = status;
    }
  }

  *warnOpenHere(parser: Parser): Routine<void> {
    const shell = this.#shell;
    const { openHere, openHereLine } = parser.lexer;
    if (!openHere || !shell.options.isBash) return;
    const last = parser.lexer.lineAt(parser.lexer.text.length);
    const at = shell.isInteractive ? shell.messagePrefix : `${shell.name}: line ${last}: `;
    yield* shell.write(
      2,
      `${at}warning: here-document at line ${openHereLine} delimited by end-of-file (wanted \`${openHere.delimiter}')\n`,
    );
  }

  /** Says what is wrong. In dash and ash that ends the shell unless it is interactive. */
  *problem(problem: SyntaxProblem, kind: TextKind, parser: Parser | undefined): Routine<number> {
    const shell = this.#shell;
    shell.line = problem.line;
    if (shell.options.isBash) {
      const origin: TextOrigin = { shell: shell.bashName, kind: originKind(shell, kind) };
      const { text, firstLine } = parser?.lexer ?? { text: "", firstLine: problem.line };
      const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
      yield* shell.write(2, bashWording(problem, origin, firstLine + lines));
      shell.status = 2;
      if (kind === "command" && problem.fault.kind === "unexpected" && problem.fault.inSubstitution) return 127;
      if (kind === "command" && problem.fault.kind === "unterminated" && problem.fault.opener === "(") return 1;
      if (kind !== "command" && kind !== "file" && kind !== "stdin" && kind !== "interactive") return 2;
      if (shell.isInteractive) throw new Abort(2, "line");
      return 2;
    }
    const isDash = shell.flavour.dialect.name === "dash";
    yield* shell.complain(ashWording(problem, isDash));
    throw new Abort(2, "shell");
  }
}

function originKind(shell: Shell, kind: TextKind): TextOrigin["kind"] {
  switch (kind) {
    case "command":
      return "command";
    case "eval":
      return "eval";
    case "interactive":
      return "interactive";
    case "trap":
      return "trap handler";
    case "exit trap":
    case "interrupt trap":
      return kind;
    case "substitution":
      return "command substitution";
    case "file":
    case "source":
    case "stdin":
      return shell.isInteractive ? "interactive" : "file";
  }
}
