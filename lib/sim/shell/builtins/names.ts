/** What names mean: `alias`, `type`, `command -v`, `hash`. */

import type { Routine } from "@/lib/sim/core/task";
import { dashQuoted, singleQuoted } from "../expand/quote";
import { keywordsOf } from "../syntax/dialect";
import { unparseFunction } from "../syntax/unparse";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";

/** `command -v` and, `verbose`, `command -V` and `type` of one name. */
export function* describeCommand(call: BuiltinCall, name: string, verbose: boolean): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const dialect = shell.flavour.dialect.name;
  const alias = shell.aliases.get(name);
  if (keywordsOf(dialect).includes(name)) return yield* say(call, verbose ? `${name} is a shell keyword\n` : `${name}\n`);
  if (alias !== undefined) {
    if (!verbose) return yield* say(call, isBash ? `alias ${name}=${singleQuoted(alias)}\n` : `alias ${name}=${dashQuoted(alias)}\n`);
    return yield* say(call, isBash ? `${name} is aliased to \`${alias}'\n` : `${name} is an alias for ${alias}\n`);
  }
  const wasHashed = shell.hashed.has(name);
  const meaning = shell.interpreter.commands.search.find(name, { remembers: false });
  switch (meaning.kind) {
    case "function":
      if (!verbose) return yield* say(call, `${name}\n`);
      return yield* say(
        call,
        isBash
          ? `${name} is a function\n${unparseFunction(meaning.function.definition)}\n`
          : dialect === "dash"
            ? `${name} is a shell function\n`
            : `${name} is a function\n`,
      );
    case "builtin": {
      if (!verbose) return yield* say(call, `${name}\n`);
      const isSpecial = meaning.builtin.isSpecial && !isBash;
      return yield* say(call, `${name} is a ${isSpecial ? "special " : ""}shell builtin\n`);
    }
    case "file": {
      const path = isBash || name.includes("/") ? meaning.path : builtInto(call, meaning.path) ? name : meaning.path;
      if (!verbose) return yield* say(call, `${path}\n`);
      if (isBash && wasHashed) return yield* say(call, `${name} is hashed (${meaning.path})\n`);
      if (dialect === "dash" && wasHashed) return yield* say(call, `${name} is a tracked alias for ${meaning.path}\n`);
      return yield* say(call, `${name} is ${path}\n`);
    }
    case "unusable":
    case "missing":
      if (verbose) {
        if (isBash) yield* shell.complain(`${name}: not found`);
        else yield* shell.write(dialect === "dash" || dialect === "ash" ? 1 : 2, `${name}: not found\n`);
      }
      return isBash ? 1 : 127;
  }
}

/** An applet of the same busybox as the shell is part of it (FEATURE_SH_STANDALONE): it has no path. */
function builtInto(call: BuiltinCall, path: string): boolean {
  if (call.shell.flavour.dialect.name !== "ash") return false;
  const text = call.shell.sys.readFile(path);
  return text.ok && text.value.startsWith("\x7fELF:busybox/");
}

function* type(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (!shell.options.isBash) {
    let status = 0;
    const quiet = shell.flavour.dialect.name === "ash" && /^-[ptafP]+$/.test(call.args[0] ?? "");
    for (const name of quiet ? call.args.slice(1) : call.args) {
      const described = yield* describeCommand(call, name, !quiet);
      if (described !== 0) status = described;
    }
    return status;
  }
  const options = yield* parseOptions(call, "afptP", "type [-afptP] name [name ...]");
  if (!options) return 2;
  let status = 0;
  for (const name of options.rest) {
    if (options.has("a") || options.has("p") || options.has("P") || options.has("t")) {
      if (!(yield* typeAll(call, name, options.has))) status = 1;
    } else if ((yield* describeCommand(call, name, true)) !== 0) status = 1;
  }
  return status;
}

/** bash's `type -a`, `-t`, `-p`, `-P`. */
function* typeAll(call: BuiltinCall, name: string, has: (letter: string) => boolean): Routine<boolean> {
  const { shell } = call;
  const lines: string[] = [];
  const add = (kind: string, text: string): void => {
    if (has("t")) lines.push(kind);
    else if (!has("p") && !has("P")) lines.push(text);
  };
  const alias = shell.aliases.get(name);
  const onlyPath = has("P");
  if (!onlyPath) {
    if (alias !== undefined) add("alias", `${name} is aliased to \`${alias}'`);
    if (keywordsOf("bash").includes(name)) add("keyword", `${name} is a shell keyword`);
    const definition = has("f") ? undefined : shell.functions.get(name)?.definition;
    if (definition) add("function", `${name} is a function\n${unparseFunction(definition)}`);
    if (shell.builtins.get(name)) add("builtin", `${name} is a shell builtin`);
  }
  const isKnown =
    lines.length > 0 ||
    (has("p") && !onlyPath && (alias !== undefined || shell.builtins.get(name) !== undefined || shell.functions.has(name)));
  if (!isKnown || has("a") || onlyPath) {
    for (const path of pathsOf(call, name)) {
      lines.push(has("t") ? "file" : has("p") || onlyPath ? path : `${name} is ${path}`);
      if (!has("a")) break;
    }
  }
  const shown = has("a") ? lines : lines.slice(0, 1);
  if (shown.length === 0) {
    if (!has("t") && !has("p") && !onlyPath) yield* shell.complain(`${name}: not found`);
    return isKnown;
  }
  yield* say(call, `${shown.join("\n")}\n`);
  return true;
}

function pathsOf(call: BuiltinCall, name: string): readonly string[] {
  const { shell } = call;
  if (name.includes("/")) return shell.interpreter.commands.search.findFile(name, undefined, false).kind === "file" ? [name] : [];
  return (shell.variables.get("PATH") ?? "").split(":").flatMap((directory) => {
    const path = `${directory === "" ? "." : directory}/${name}`;
    return shell.interpreter.commands.search.findFile(path, undefined, false).kind === "file" ? [path] : [];
  });
}

function* alias(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const args = isBash && (call.args[0] === "-p" || call.args[0] === "--") ? call.args.slice(1) : call.args;
  const line = (name: string, value: string): string =>
    isBash ? `alias ${name}=${singleQuoted(value)}\n` : `${name}=${dashQuoted(value)}\n`;
  if (args.length === 0)
    return yield* say(
      call,
      [...shell.aliases]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => line(name, value))
        .join(""),
    );
  let status = 0;
  for (const arg of args) {
    const cut = arg.indexOf("=", 1);
    if (cut > 0) {
      shell.aliases.set(arg.slice(0, cut), arg.slice(cut + 1));
      continue;
    }
    const value = shell.aliases.get(arg);
    if (value !== undefined) {
      yield* say(call, line(arg, value));
      continue;
    }
    if (isBash) yield* shell.complain(`${arg}: not found`);
    else yield* shell.write(2, `${call.name}: ${arg} not found\n`);
    status = 1;
  }
  return status;
}

function* unalias(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "a", "unalias [-a] name [name ...]");
  if (!options) return 2;
  if (options.has("a")) shell.aliases.clear();
  let status = 0;
  for (const name of options.rest) {
    if (shell.aliases.delete(name)) continue;
    if (shell.options.isBash) yield* shell.complain(`${name}: not found`);
    else yield* shell.write(2, `${call.name}: ${name} not found\n`);
    status = 1;
  }
  return status;
}

function* hash(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const options = yield* parseOptions(call, isBash ? "lrdtp:" : "r", "hash [-lr] [-p pathname] [-dt] [name ...]");
  if (!options) return 2;
  if (options.has("r")) shell.hashed.clear();
  const given = options.value("p");
  if (given !== undefined) {
    for (const name of options.rest) shell.hashed.set(name, { path: given, hits: 0 });
    return 0;
  }
  if (options.rest.length === 0) {
    if (options.has("r")) return 0;
    if (shell.hashed.size === 0) return isBash ? yield* say(call, "hash: hash table empty\n") : 0;
    const lines = [...shell.hashed.values()].map(({ path, hits }) => (isBash ? `${String(hits).padStart(4)}\t${path}\n` : `${path}\n`));
    return yield* say(call, (isBash ? "hits\tcommand\n" : "") + lines.join(""));
  }
  let status = 0;
  for (const name of options.rest) {
    if (options.has("d")) {
      shell.hashed.delete(name);
      continue;
    }
    if (options.has("t")) {
      const known = shell.hashed.get(name);
      if (known) yield* say(call, `${known.path}\n`);
      else {
        yield* shell.complain(`${name}: not found`);
        status = 1;
      }
      continue;
    }
    shell.hashed.delete(name);
    if (shell.builtins.get(name) || shell.functions.has(name)) continue;
    const found = shell.interpreter.commands.search.findFile(name, undefined, false);
    if (found.kind === "file") shell.hashed.set(name, { path: found.path, hits: 0 });
    else {
      yield* shell.complain(`${name}: not found`);
      status = 1;
    }
  }
  return status;
}

export const nameBuiltins: BuiltinTable = {
  alias: { in: "bda", run: alias },
  unalias: { in: "bda", run: unalias },
  type: { in: "bda", run: type },
  hash: { in: "bda", run: hash },
};
