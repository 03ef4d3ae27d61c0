/** `set`, `shift`, `shopt`, `getopts`. */

import type { Routine } from "@/lib/sim/core/task";
import { dashQuoted, doubleQuoted, quotedIfNeeded } from "../expand/quote";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import { unparseFunction } from "../syntax/unparse";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";

function* set(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const { isBash } = shell.options;
  if (args.length === 0) return yield* say(call, listVariables(shell));
  let at = 0;
  let hasPositional = false;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      at++;
      hasPositional = true;
      break;
    }
    if (arg === "-") {
      shell.options.set("xtrace", false);
      shell.options.set("verbose", false);
      at++;
      hasPositional = at < args.length;
      break;
    }
    const sign = arg[0];
    if ((sign !== "-" && sign !== "+") || arg.length < 2) break;
    for (const letter of arg.slice(1)) {
      if (letter !== "o") {
        if (shell.options.setLetter(letter, sign === "-")) continue;
        if (!isBash) throw new ShellError(`${shell.flavour.dialect.name === "dash" ? "Illegal" : "illegal"} option ${sign}${letter}`, 2);
        yield* shell.complain(`${sign}${letter}: invalid option`);
        yield* shell.write(2, "set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n");
        return 2;
      }
      const name = args[at + 1];
      if (name === undefined) {
        yield* say(call, listOptions(shell, sign === "-"));
        continue;
      }
      at++;
      if (shell.options.set(name, sign === "-")) continue;
      switch (shell.flavour.dialect.name) {
        case "bash":
          yield* shell.complain(`${name}: invalid option name`);
          return 2;
        case "dash":
          throw new ShellError(`Illegal option ${sign}o ${name}`, 2);
        case "ash":
          yield* shell.complain(`illegal option ${sign}o ${name}`);
          return 1;
      }
    }
  }
  shell.variables.exportAll = shell.options.has("allexport");
  if (hasPositional || at < args.length) shell.positional = args.slice(at);
  return 0;
}

/** `set`: all variables as they could be typed; bash adds its functions. */
function listVariables(shell: Shell): string {
  const { isBash } = shell.options;
  const lines = shell.variables.names().flatMap((name) => {
    const variable = shell.variables.find(name);
    if (!variable || !/^[A-Za-z_]\w*$/.test(name)) return [];
    switch (variable.value.kind) {
      case "unset":
        return [];
      case "scalar":
        return [
          `${name}=${isBash ? (variable.value.text === "" ? "" : quotedIfNeeded(variable.value.text)) : dashQuoted(variable.value.text)}\n`,
        ];
      case "indexed":
        return [
          `${name}=(${[...variable.value.items]
            .sort(([a], [b]) => a - b)
            .map(([index, text]) => `[${index}]=${doubleQuoted(text)}`)
            .join(" ")})\n`,
        ];
      case "associative":
        return [
          `${name}=(${shell.variables
            .elements(name)
            .map(([key, text]) => `[${key}]=${doubleQuoted(text)} `)
            .join("")})\n`,
        ];
    }
  });
  const functions = isBash
    ? [...shell.functions.values()]
        .sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
        .map(({ definition }) => `${unparseFunction(definition)}\n`)
    : [];
  return lines.join("") + functions.join("");
}

/** `set -o` for people, `set +o` for the shell. */
function listOptions(shell: Shell, forPeople: boolean): string {
  const { isBash } = shell.options;
  const options = shell.options.list();
  if (!forPeople) return options.map(({ name, on }) => `set ${on ? "-" : "+"}o ${name}\n`).join("");
  const head = shell.flavour.dialect.name === "dash" ? "Current option settings\n" : "";
  return (
    head +
    options
      .map(({ name, on }) => (isBash ? `${name.padEnd(15)}\t${on ? "on" : "off"}\n` : `${name.padEnd(15)} ${on ? "on" : "off"}\n`))
      .join("")
  );
}

function* shift(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const [text] = args;
  const dialect = shell.flavour.dialect.name;
  if (text !== undefined && !/^\d+$/.test(text)) {
    if (dialect !== "bash") throw new ShellError(shell.flavour.words.illegalNumber(text), 2);
    yield* shell.complain(/^-\d+$/.test(text) ? `${text}: shift count out of range` : `${text}: numeric argument required`);
    return 1;
  }
  const count = text === undefined ? 1 : Number(text);
  if (count > shell.positional.length) {
    if (dialect === "dash") throw new ShellError("can't shift that many", 2);
    return 1;
  }
  shell.positional = shell.positional.slice(count);
  return 0;
}

function* shopt(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(call, "pqsuo", "shopt [-pqsu] [-o] [optname ...]");
  if (!options) return 2;
  const usesSet = options.has("o");
  const valueOf = (name: string): boolean | undefined =>
    usesSet ? shell.options.list().find((option) => option.name === name)?.on : shell.options.shopt(name);
  const line = (name: string, on: boolean): string => {
    if (options.has("p")) return usesSet ? `set ${on ? "-" : "+"}o ${name}\n` : `shopt ${on ? "-s" : "-u"} ${name}\n`;
    return `${name.padEnd(usesSet ? 15 : 20)}\t${on ? "on" : "off"}\n`;
  };
  const wanted = options.has("s") ? true : options.has("u") ? false : undefined;
  if (options.rest.length === 0) {
    const names = usesSet ? shell.options.list().map(({ name }) => name) : shell.options.shoptNames();
    const shown = names.filter((name) => wanted === undefined || valueOf(name) === wanted);
    return yield* say(call, shown.map((name) => line(name, valueOf(name) ?? false)).join(""));
  }
  let status = 0;
  for (const name of options.rest) {
    const value = valueOf(name);
    if (value === undefined) {
      yield* shell.complain(`${name}: invalid shell option name`);
      status = 1;
      continue;
    }
    if (wanted !== undefined) {
      if (usesSet) shell.options.set(name, wanted);
      else shell.options.setShopt(name, wanted);
    } else {
      if (!value) status = 1;
      if (!options.has("q")) yield* say(call, line(name, value));
    }
  }
  return status;
}

function* getopts(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  const [letters, name, ...given] = args;
  if (letters === undefined || name === undefined) {
    switch (shell.flavour.dialect.name) {
      case "bash":
        yield* shell.write(2, "getopts: usage: getopts optstring name [arg ...]\n");
        return 2;
      case "dash":
        throw new ShellError("Usage: getopts optstring var [arg...]", 2);
      case "ash":
        throw new ShellError("usage: getopts optstring var [arg]", 2);
    }
  }
  const { variables } = shell;
  const list = args.length > 2 ? given : shell.positional;
  const isSilent = letters.startsWith(":");
  let index = Math.max(1, Number(variables.get("OPTIND") ?? 1) || 1);
  let offset = shell.getoptsOffset;
  const finish = (value: string, optarg: string | undefined, status: number): number => {
    variables.set("OPTIND", String(index));
    shell.getoptsOffset = offset;
    variables.set(name, value);
    if (optarg === undefined) variables.unset("OPTARG");
    else variables.set("OPTARG", optarg);
    return status;
  };
  let word = list[index - 1];
  if (offset === 0 || word === undefined || offset >= word.length) {
    offset = 0;
    if (word === "--") {
      index++;
      return finish("?", undefined, 1);
    }
    if (word === undefined || !word.startsWith("-") || word === "-") return finish("?", undefined, 1);
    offset = 1;
  }
  word = list[index - 1] ?? "";
  const letter = word.charAt(offset);
  offset++;
  const isLastOfWord = offset >= word.length;
  const place = letter === ":" ? -1 : letters.indexOf(letter, isSilent ? 1 : 0);
  const advance = (): void => {
    if (isLastOfWord) {
      index++;
      offset = 0;
    }
  };
  if (place < 0) {
    advance();
    if (isSilent) return finish("?", letter, 0);
    if (variables.get("OPTERR") !== "0")
      yield* shell.write(2, shell.options.isBash ? `${shell.name}: illegal option -- ${letter}\n` : `Illegal option -${letter}\n`);
    return finish("?", undefined, 0);
  }
  if (letters[place + 1] !== ":") {
    advance();
    return finish(letter, shell.options.isBash ? undefined : "", 0);
  }
  let value: string | undefined;
  if (!isLastOfWord) value = word.slice(offset);
  else {
    index++;
    value = list[index - 1];
  }
  offset = 0;
  if (value === undefined) {
    if (isSilent) return finish(":", letter, 0);
    if (variables.get("OPTERR") !== "0")
      yield* shell.write(
        2,
        shell.options.isBash ? `${shell.name}: option requires an argument -- ${letter}\n` : `No arg for -${letter} option\n`,
      );
    return finish("?", undefined, 0);
  }
  index++;
  return finish(letter, value, 0);
}

export const setBuiltins: BuiltinTable = {
  set: { in: "bda", special: true, run: set },
  shift: { in: "bda", special: true, run: shift },
  shopt: { in: "b", run: shopt },
  getopts: { in: "bda", run: getopts },
};
