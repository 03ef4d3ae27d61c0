/** A shell as a program: its arguments, what it knows when it starts, and the three ways it gets its commands. */

import { strerror } from "@/lib/sim/core/errno";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { builtinsOf } from "./builtins/registry";
import type { CompletionSources } from "./completion";
import type { Flavour } from "./flavour";
import { runSession } from "./interactive/session";
import { ParseCache } from "./run/parse-cache";
import { Replaced } from "./run/processes";
import { Shell } from "./run/shell";
import { Abort, Exit, Interrupted } from "./run/unwind";

export type ShellProgramOptions = {
  /** What completes the arguments of commands (`completion.ts`). */
  readonly completions?: CompletionSources;
};

/** The program of a flavour. */
export function shellProgram(flavour: Flavour, options: ShellProgramOptions = {}): Program {
  const builtins = builtinsOf(flavour);
  const completions = options.completions ?? new Map();
  return function* (sys) {
    const shell = new Shell(flavour, { builtins, cache: new ParseCache(), completions }).attach(sys);
    const start = parseArguments(shell);
    if (start.kind === "refused") {
      yield* shell.write(2, start.message);
      return start.status;
    }
    if (start.kind === "version") {
      yield* shell.print(start.text);
      return 0;
    }
    initialise(shell);
    return yield* runToEnd(shell, start);
  };
}

type Start = {
  readonly kind: "run";
  readonly command: string | undefined;
  readonly script: string | undefined;
  readonly readsStartFiles: boolean;
};

function* runToEnd(shell: Shell, start: Start): Routine<number> {
  const { text } = shell.interpreter;
  let status: number;
  try {
    if (start.command !== undefined) status = yield* text.run(start.command, { kind: "command", firstLine: shell.flavour.firstLine });
    else if (start.script !== undefined) status = yield* runScript(shell, start.script);
    else if (shell.isInteractive) return yield* runSession(shell, (session) => (start.readsStartFiles ? startFiles(session) : nothing()));
    else {
      if (shell.isLogin) yield* startFiles(shell);
      status = yield* text.runInput();
    }
    if (shell.skip) status = shell.status;
  } catch (error) {
    if (error instanceof Replaced) return error.status;
    if (error instanceof Exit || error instanceof Abort) ({ status } = error);
    else if (error instanceof Interrupted) status = 130;
    else throw error;
  }
  const ended = yield* shell.interpreter.finish(status);
  return ended & 0xff;
}

function* runScript(shell: Shell, path: string): Routine<number> {
  const text = shell.sys.readFile(path);
  if (text.ok) {
    shell.name = path;
    return yield* shell.interpreter.text.run(text.value, { kind: "file", firstLine: 1 });
  }
  const stat = shell.sys.stat(path);
  switch (shell.flavour.dialect.name) {
    case "bash": {
      const isDirectory = stat.ok && stat.value.kind === "directory";
      yield* shell.write(2, `${shell.name}: ${isDirectory ? `${path}: ${strerror("EISDIR")}` : `${path}: ${strerror(text.error)}`}\n`);
      return isDirectory ? 126 : 127;
    }
    case "dash":
    case "ash":
      shell.line = 0;
      yield* shell.complain(shell.flavour.words.cannotOpen(path, text.error));
      return 2;
  }
}

/** What a shell reads before its first command: profiles when it is a login shell, bashrc when bash is interactive, $ENV in the others. */
function* startFiles(shell: Shell): Routine<void> {
  const { isBash } = shell.options;
  const home = shell.variables.get("HOME") ?? "/";
  if (shell.isLogin) {
    yield* readStartFile(shell, "/etc/profile");
    const own = isBash ? [".bash_profile", ".bash_login", ".profile"] : [".profile"];
    const first = own.map((name) => `${home}/${name}`).find((path) => shell.sys.stat(path).ok);
    if (first !== undefined) yield* readStartFile(shell, first);
  }
  if (!shell.isInteractive) return;
  if (isBash && !shell.isLogin) {
    yield* readStartFile(shell, "/etc/bash.bashrc");
    yield* readStartFile(shell, `${home}/.bashrc`);
  }
  const env = shell.variables.get("ENV");
  if (!isBash && env !== undefined && env !== "") yield* readStartFile(shell, env);
}

function* readStartFile(shell: Shell, file: string): Routine<void> {
  const text = shell.sys.readFile(file);
  if (!text.ok) return;
  yield* shell.interpreter.text.run(text.value, { kind: "source" });
  if (shell.skip?.kind === "return") shell.skip = undefined;
}

function* nothing(): Routine<void> {}

// --- arguments --------------------------------------------------------------------------------------------------------
type Refused = { readonly kind: "refused"; readonly message: string; readonly status: number };
type Version = { readonly kind: "version"; readonly text: string };

/** Reads argv: options as for `set`, `-c`, `-i`, `-l`, `-s`, a script and its arguments. */
function parseArguments(shell: Shell): Start | Refused | Version {
  const { sys, flavour } = shell;
  const dialect = flavour.dialect.name;
  const args = sys.argv.slice(1);
  let isCommand = false;
  let readsInput = false;
  let isInteractive = false;
  let readsStartFiles = true;
  let at = 0;
  shell.isLogin = sys.argv[0]?.startsWith("-") ?? false;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--" || arg === "-") {
      at++;
      break;
    }
    if (dialect === "bash" && arg.startsWith("--")) {
      const long = arg.slice(2);
      if (long === "login") shell.isLogin = true;
      else if (long === "norc" || long === "noprofile" || long === "noediting")
        readsStartFiles = long === "noediting" ? readsStartFiles : false;
      else if (long === "posix") shell.options.set("posix", true);
      else if (long === "verbose") shell.options.set("verbose", true);
      else if (long === "version") return { kind: "version", text: VERSION_TEXT };
      else if (long === "rcfile" || long === "init-file") at++;
      else return refuse(shell, `--${long}: invalid option`);
      continue;
    }
    const sign = arg[0];
    if ((sign !== "-" && sign !== "+") || arg.length < 2) break;
    for (const letter of arg.slice(1)) {
      if (letter === "c") isCommand = true;
      else if (letter === "i") isInteractive = true;
      else if (letter === "s") readsInput = true;
      else if (letter === "l") shell.isLogin = true;
      else if (letter === "o" || (letter === "O" && dialect === "bash")) {
        const name = args[++at];
        const isKnown =
          name !== undefined && (letter === "o" ? shell.options.set(name, sign === "-") : shell.options.setShopt(name, sign === "-"));
        if (!isKnown)
          return refuse(
            shell,
            dialect === "bash"
              ? `${name ?? ""}: invalid option name`
              : `${dialect === "dash" ? "Illegal" : "illegal"} option ${sign}o ${name ?? ""}`,
          );
      } else if (!shell.options.setLetter(letter, sign === "-")) {
        return refuse(
          shell,
          dialect === "bash" ? `${sign}${letter}: invalid option` : `${dialect === "dash" ? "Illegal" : "illegal"} option ${sign}${letter}`,
        );
      }
    }
  }
  shell.variables.exportAll = shell.options.has("allexport");
  let rest = args.slice(at);
  let command: string | undefined;
  let script: string | undefined;
  if (isCommand) {
    command = rest[0];
    if (command === undefined) return refuse(shell, dialect === "bash" ? "-c: option requires an argument" : "-c requires an argument");
    if (rest[1] !== undefined) shell.name = rest[1];
    rest = rest.slice(2);
    shell.isCommandText = true;
  } else if (!readsInput && rest[0] !== undefined) {
    script = rest[0];
    rest = rest.slice(1);
  }
  shell.positional = rest;
  const isTerminal = sys.tty(0) !== undefined && sys.tty(2) !== undefined;
  shell.isInteractive = command === undefined && script === undefined && (isInteractive || isTerminal);
  shell.speaksInteractively = shell.isInteractive;
  shell.readsInput = command === undefined && script === undefined;
  if (dialect === "dash") {
    shell.options.set("stdin", shell.readsInput);
    shell.options.set("interactive", shell.isInteractive);
  }
  return { kind: "run", command, script, readsStartFiles };
}

function refuse(shell: Shell, message: string): Refused {
  shell.line = 0;
  const prefix = shell.flavour.dialect.name === "dash" ? `${shell.name}: 0: ` : `${shell.name}: `;
  const usage = shell.options.isBash && message.endsWith("invalid option") ? BASH_USAGE.replaceAll("bash", shell.name) : "";
  return { kind: "refused", message: `${prefix}${message}\n${usage}`, status: 2 };
}

const VERSION = "5.3.15(1)-release";
const VERSION_TEXT = `GNU bash, version ${VERSION} (x86_64-pc-linux-gnu)
Copyright (C) 2025 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>

This is free software; you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.
`;
const BASH_USAGE = `Usage:	bash [GNU long option] [option] ...
	bash [GNU long option] [option] script-file ...
GNU long options:
	--debug
	--debugger
	--dump-po-strings
	--dump-strings
	--help
	--init-file
	--login
	--noediting
	--noprofile
	--norc
	--posix
	--pretty-print
	--rcfile
	--restricted
	--verbose
	--version
Shell options:
	-ilrsD or -c command or -O shopt_option		(invocation only)
	-abefhkmnptuvxBCEHPT or -o option
`;

// --- variables --------------------------------------------------------------------------------------------------------
/** What a shell knows when it starts, besides its environment. */
function initialise(shell: Shell): void {
  const { sys, variables } = shell;
  const dialect = shell.flavour.dialect.name;
  const { exportAll } = variables;
  variables.exportAll = false;
  variables.import(sys.env);
  // The ways of a shell that is not a child of another: these begin anew whatever the environment says.
  variables.set("IFS", " \t\n");
  variables.mark("IFS", { isExported: false });
  const pwd = variables.get("PWD");
  const isRight = pwd !== undefined && pwd.startsWith("/") && sameDirectory(sys, pwd, ".");
  variables.set("PWD", isRight ? pwd : sys.cwd, { exported: true });
  variables.set("OPTIND", "1");
  variables.set("PPID", String(sys.ppid));
  variables.set("PS4", variables.get("PS4") ?? "+ ");
  if (dialect === "bash") initialiseBash(shell);
  else {
    const isRoot = sys.user.uid === 0;
    variables.set("PS1", variables.get("PS1") ?? (dialect === "dash" ? (isRoot ? "# " : "$ ") : "\\w \\$ "));
    variables.set("PS2", variables.get("PS2") ?? "> ");
    if (variables.get("PATH") === undefined) {
      const path = dialect === "dash" ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : "/sbin:/usr/sbin:/bin:/usr/bin";
      variables.set("PATH", path, { exported: dialect === "ash" });
    }
    if (dialect === "ash") {
      variables.set("HOSTNAME", variables.get("HOSTNAME") ?? sys.hostname);
      variables.set("SHLVL", String((Number(variables.get("SHLVL") ?? 0) || 0) + 1), { exported: true });
    }
  }
  variables.exportAll = exportAll;
}

function initialiseBash(shell: Shell): void {
  const { sys, variables } = shell;
  const set = (name: string, value: string): void => {
    if (variables.get(name) === undefined) variables.set(name, value);
  };
  set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  set("BASH", "/bin/bash");
  variables.set("BASH_VERSION", VERSION);
  variables.setArray(
    "BASH_VERSINFO",
    new Map(["5", "3", "15", "1", "release", "x86_64-pc-linux-gnu"].map((text, i) => [i, text] as const)),
  );
  set("HOSTNAME", sys.hostname);
  set("HOSTTYPE", "x86_64");
  set("MACHTYPE", "x86_64-pc-linux-gnu");
  set("OSTYPE", "linux-gnu");
  set("OPTERR", "1");
  set("SHELL", "/bin/bash");
  set("TERM", "dumb");
  variables.set("UID", String(sys.user.uid));
  variables.set("EUID", String(sys.user.uid));
  for (const name of ["UID", "EUID", "PPID"]) variables.mark(name, { isInteger: true, isReadonly: true });
  variables.mark("BASH_VERSINFO", { isReadonly: true });
  variables.set("SHLVL", String((Number(variables.get("SHLVL") ?? 0) || 0) + 1), { exported: true });
  if (variables.get("OLDPWD") === undefined) variables.mark("OLDPWD", { isExported: true });
}

function sameDirectory(sys: Sys, a: string, b: string): boolean {
  const [left, right] = [sys.stat(a), sys.stat(b)];
  if (!left.ok || !right.ok) return false;
  const [p, q] = [sys.realpath(a), sys.realpath(b)];
  return p.ok && q.ok && p.value === q.value;
}
