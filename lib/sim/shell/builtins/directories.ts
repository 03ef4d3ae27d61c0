/** `cd`, `pwd`, and bash's directory stack. */

import { strerror } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say, usage } from "./builtin";

function* cd(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const options = yield* parseOptions(call, isBash ? "LPe@" : "LP", "cd [-L|[-P [-e]]] [-@] [dir]");
  if (!options) return 2;
  if (isBash && options.rest.length > 1) {
    yield* shell.complain("too many arguments");
    return 2;
  }
  const isPhysical = options.given.at(-1)?.letter === "P";
  let [target] = options.rest;
  let tells = false;
  if (target === undefined) {
    target = shell.variables.get("HOME");
    if (target === undefined) {
      if (!isBash) return 0;
      yield* shell.complain("HOME not set");
      return 1;
    }
  } else if (target === "-") {
    target = shell.variables.get("OLDPWD");
    if (target === undefined) {
      if (isBash) {
        yield* shell.complain("OLDPWD not set");
        return 1;
      }
      target = ".";
    }
    tells = true;
  }
  if (target === "") {
    if (!isBash) return 0;
    yield* shell.complain("null directory");
    return 1;
  }
  const candidates: { path: string; tells: boolean }[] = [];
  if (!/^\.{0,2}(\/|$)/.test(target)) {
    for (const directory of (shell.variables.get("CDPATH") ?? "").split(":")) {
      if (directory !== "") candidates.push({ path: `${directory.replace(/\/$/, "")}/${target}`, tells: true });
    }
  }
  candidates.push({ path: target, tells });
  for (const [i, candidate] of candidates.entries()) {
    const error = change(shell, candidate.path, isPhysical);
    if (error === undefined) return candidate.tells ? yield* say(call, `${shell.variables.get("PWD") ?? ""}\n`) : 0;
    if (i < candidates.length - 1) continue;
    switch (shell.flavour.dialect.name) {
      case "bash":
        yield* shell.complain(`${target}: ${error}`);
        return 1;
      case "dash":
        throw new ShellError(`can't cd to ${target}`, 2);
      case "ash":
        throw new ShellError(`can't cd to ${target}: ${error}`, 2);
    }
  }
  return 0;
}

/** Goes to a directory and keeps PWD and OLDPWD; says what stands in the way. `..` goes back along the path, not the tree. */
function change(shell: Shell, target: string, isPhysical: boolean): string | undefined {
  const { sys, variables } = shell;
  const before = variables.get("PWD") ?? sys.cwd;
  const logical = normal(target.startsWith("/") ? target : `${before}/${target}`);
  const moved = isPhysical || shell.options.has("physical") ? sys.chdir(target) : sys.chdir(logical);
  if (!moved.ok) {
    const again = isPhysical ? moved : sys.chdir(target);
    if (!again.ok) return strerror(again.error);
  }
  variables.set("OLDPWD", before, { exported: shell.options.isBash });
  variables.set("PWD", isPhysical ? sys.cwd : logical, { exported: shell.options.isBash });
  return undefined;
}

function normal(path: string): string {
  const kept: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name === "..") kept.pop();
    else kept.push(name);
  }
  return `/${kept.join("/")}`;
}

function* pwd(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "LP", "pwd [-LP]");
  if (!options) return 2;
  const isPhysical = options.given.at(-1)?.letter === "P";
  return yield* say(call, `${isPhysical ? shell.sys.cwd : (shell.variables.get("PWD") ?? shell.sys.cwd)}\n`);
}

/** The directory stack, the current one first. */
function stackOf(shell: Shell): readonly string[] {
  return [shell.variables.get("PWD") ?? shell.sys.cwd, ...shell.directoryStack];
}

function shorten(shell: Shell, path: string): string {
  const home = shell.variables.get("HOME");
  return home !== undefined && home !== "/" && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
}

function* tellStack(call: BuiltinCall): Routine<number> {
  return yield* say(
    call,
    `${stackOf(call.shell)
      .map((path) => shorten(call.shell, path))
      .join(" ")}\n`,
  );
}

function* pushd(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const isQuiet = call.args[0] === "-n";
  const [target] = isQuiet ? call.args.slice(1) : call.args;
  const stack = stackOf(shell);
  if (target === undefined) {
    const [here = "", next] = stack;
    if (next === undefined) {
      yield* shell.complain("no other directory");
      return 1;
    }
    const error = change(shell, next, false);
    if (error !== undefined) {
      yield* shell.complain(`${next}: ${error}`);
      return 1;
    }
    shell.directoryStack = [here, ...stack.slice(2)];
    return yield* tellStack(call);
  }
  const rotation = /^([-+])(\d+)$/.exec(target);
  if (rotation) {
    const count = rotation[1] === "+" ? Number(rotation[2]) : stack.length - 1 - Number(rotation[2]);
    const next = stack[count];
    if (next === undefined) {
      yield* shell.complain(`${target}: directory stack index out of range`);
      return 1;
    }
    change(shell, next, false);
    shell.directoryStack = [...stack.slice(count + 1), ...stack.slice(0, count)];
    return yield* tellStack(call);
  }
  if (isQuiet) {
    shell.directoryStack = [target, ...shell.directoryStack];
    return yield* tellStack(call);
  }
  const error = change(shell, target, false);
  if (error !== undefined) {
    yield* shell.complain(`${target}: ${error}`);
    return 1;
  }
  shell.directoryStack = stack;
  return yield* tellStack(call);
}

function* popd(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const [target] = call.args;
  const stack = stackOf(shell);
  if (stack.length < 2) {
    yield* shell.complain("directory stack empty");
    return 1;
  }
  const which = /^([-+])(\d+)$/.exec(target ?? "+0");
  if (!which) return yield* usage(call, `${target}: invalid argument`, "popd [-n] [+N | -N]");
  const index = which[1] === "+" ? Number(which[2]) : stack.length - 1 - Number(which[2]);
  if (index >= stack.length || index < 0) {
    yield* shell.complain(`${target}: directory stack index out of range`);
    return 1;
  }
  if (index > 0) shell.directoryStack = [...stack.slice(1, index), ...stack.slice(index + 1)];
  else {
    const next = stack[1] ?? "";
    const error = change(shell, next, false);
    if (error !== undefined) {
      yield* shell.complain(`${next}: ${error}`);
      return 1;
    }
    shell.directoryStack = stack.slice(2);
  }
  return yield* tellStack(call);
}

function* dirs(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "clpv", "dirs [-clpv] [+N] [-N]");
  if (!options) return 2;
  if (options.has("c")) {
    shell.directoryStack = [];
    return 0;
  }
  const shown = stackOf(shell).map((path) => (options.has("l") ? path : shorten(shell, path)));
  if (options.has("v")) return yield* say(call, shown.map((path, i) => `${String(i).padStart(2)}  ${path}\n`).join(""));
  return yield* say(call, options.has("p") ? shown.map((path) => `${path}\n`).join("") : `${shown.join(" ")}\n`);
}

export const directoryBuiltins: BuiltinTable = {
  cd: { in: "bda", run: cd },
  chdir: { in: "da", run: cd },
  pwd: { in: "bda", run: pwd },
  pushd: { in: "b", run: pushd },
  popd: { in: "b", run: popd },
  dirs: { in: "b", run: dirs },
};
