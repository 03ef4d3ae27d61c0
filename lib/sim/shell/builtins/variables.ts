/** `export`, `readonly`, `local`, `declare`, `unset`, `let`. */

import type { Routine } from "@/lib/sim/core/task";
import { dashQuoted } from "../expand/quote";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import { declaration, flagsOf } from "../run/declaration";
import type { Variable } from "../run/variables";
import { unparseFunction } from "../syntax/unparse";
import { type ParsedOptions, parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";

const ARGUMENT = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(?:(\+?)=([\s\S]*))?$/;

type Declaration = {
  readonly name: string;
  readonly key: string | undefined;
  readonly append: boolean;
  readonly value: string | undefined;
};

function parseDeclaration(arg: string): Declaration | undefined {
  const match = ARGUMENT.exec(arg);
  const name = match?.[1];
  return name === undefined ? undefined : { name, key: match?.[2], append: match?.[3] === "+", value: match?.[4] };
}

// --- POSIX ------------------------------------------------------------------------------------------------------------
function* exportOrReadonly(call: BuiltinCall): Routine<number> {
  const { shell, name } = call;
  if (shell.options.isBash) return yield* bashExport(call);
  const options = yield* parseOptions(call, name === "export" && shell.flavour.dialect.name === "ash" ? "pn" : "p", "");
  if (!options) return 2;
  const marks = (variable: Variable | undefined): boolean => (name === "export" ? variable?.isExported : variable?.isReadonly) ?? false;
  if (options.rest.length === 0 || options.has("p")) {
    const lines = shell.variables.names().flatMap((variable) => {
      const known = shell.variables.find(variable);
      if (!marks(known)) return [];
      const value = shell.variables.get(variable);
      if (value === undefined && shell.flavour.dialect.name === "ash") return [];
      return [`${name} ${variable}${value === undefined ? "" : `=${dashQuoted(value)}`}\n`];
    });
    return yield* say(call, lines.join(""));
  }
  for (const arg of options.rest) {
    const declared = parseDeclaration(arg);
    if (!declared || declared.key !== undefined || declared.append)
      throw new ShellError(shell.flavour.words.badName(/^[^=]*/.exec(arg)?.[0] ?? arg), 2);
    if (declared.value !== undefined) shell.variables.set(declared.name, declared.value);
    shell.variables.mark(declared.name, name === "export" ? { isExported: !options.has("n") } : { isReadonly: true });
  }
  return 0;
}

function* local(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (shell.frames.length === 0) {
    if (!shell.options.isBash) throw new ShellError("not in a function", 2);
    yield* shell.complain("can only be used in a function");
    return 1;
  }
  if (shell.options.isBash) return yield* declare(call);
  for (const arg of call.args) {
    const declared = parseDeclaration(arg);
    if (arg === "-") {
      shell.keepOptions();
      continue;
    }
    if (!declared || declared.key !== undefined || declared.append)
      throw new ShellError(shell.flavour.words.badName(/^[^=]*/.exec(arg)?.[0] ?? arg), 2);
    shell.variables.makeLocal(declared.name);
    if (declared.value !== undefined) shell.variables.set(declared.name, declared.value);
  }
  return 0;
}

function* unset(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const { isBash } = shell.options;
  const options = yield* parseOptions(call, isBash ? "fvn" : "fv", "unset [-f] [-v] [-n] [name ...]");
  if (!options) return 2;
  let status = 0;
  for (const arg of options.rest) {
    if (options.has("f")) {
      shell.functions.delete(arg);
      continue;
    }
    const declared = parseDeclaration(arg);
    if (!declared || declared.value !== undefined) {
      if (!isBash) throw new ShellError(shell.flavour.words.badName(arg), 2);
      if (!shell.functions.delete(arg) && options.has("v")) {
        yield* shell.complain(`\`${arg}': not a valid identifier`);
        status = 1;
      }
      continue;
    }
    if (isBash && !options.has("v") && !shell.variables.find(declared.name) && shell.functions.delete(declared.name)) continue;
    if (options.has("n")) shell.variables.mark(declared.name, { isReference: false });
    if (declared.key === "@" || declared.key === "*") shell.variables.unset(declared.name);
    else if (!shell.variables.unset(declared.name, declared.key)) {
      if (!isBash) throw new ShellError(shell.flavour.words.isReadonly(declared.name), 2);
      yield* shell.complain(`${declared.name}: cannot unset: readonly variable`);
      status = 1;
    }
  }
  return status;
}

// --- bash -------------------------------------------------------------------------------------------------------------
function* bashExport(call: BuiltinCall): Routine<number> {
  const { shell, name } = call;
  const synopsis =
    name === "export" ? "export [-fn] [name[=value] ...] or export -p [-f]" : "readonly [-aAf] [name[=value] ...] or readonly -p";
  const options = yield* parseOptions(call, name === "export" ? "fnp" : "aAfp", synopsis);
  if (!options) return 2;
  if (options.rest.length === 0) {
    const lines = shell.variables.names().flatMap((variable) => {
      const known = shell.variables.findItself(variable);
      return known && (name === "export" ? known.isExported : known.isReadonly) ? [`${declaration(variable, known)}\n`] : [];
    });
    return yield* say(call, lines.join(""));
  }
  if (options.has("f")) return 0;
  return yield* declareEach(call, options, (variable) =>
    shell.variables.mark(variable, name === "export" ? { isExported: !options.has("n") } : { isReadonly: true }),
  );
}

function* declare(call: BuiltinCall): Routine<number> {
  const { shell, name } = call;
  const synopsis =
    name === "local"
      ? "local [option] name[=value] ..."
      : `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`;
  if (name === "local" && call.args.includes("-")) shell.keepOptions();
  const options = yield* parseOptions(
    { ...call, args: name === "local" ? call.args.filter((arg) => arg !== "-") : call.args },
    "aAfFgiIlnprtux",
    synopsis,
    { plus: true },
  );
  if (!options) return 2;
  if (name === "local" && options.rest.length === 0 && call.args.includes("-")) return 0;
  if (options.has("f") || options.has("F")) return yield* declareFunctions(call, options);
  if (options.has("p") || options.rest.length === 0) return yield* showDeclarations(call, options);
  const isOn = (letter: string): boolean | undefined => {
    const given = options.given.findLast((option) => option.letter === letter);
    return given && given.sign === "-";
  };
  return yield* declareEach(call, options, (variable) => {
    if (isOn("a") === true && shell.variables.findItself(variable)?.value.kind === "unset") shell.variables.setArray(variable, new Map());
    const [exported, fixed] = [isOn("x"), isOn("r")];
    if (exported !== undefined) shell.variables.mark(variable, { isExported: exported });
    if (fixed === true) shell.variables.mark(variable, { isReadonly: true });
  });
}

/** Declares each argument: its scope and attributes, its value, then what `finish` adds. */
function* declareEach(call: BuiltinCall, options: ParsedOptions, finish: (name: string) => void): Routine<number> {
  const { shell } = call;
  const { variables } = shell;
  const isLocal =
    call.name === "local" || ((call.name === "declare" || call.name === "typeset") && shell.frames.length > 0 && !options.has("g"));
  let status = 0;
  const first = call.args.length - options.rest.length;
  for (const [i, arg] of options.rest.entries()) {
    const array = call.arrays.get(first + i + 1);
    const declared = parseDeclaration(array ? array.assignment.name : arg);
    if (!declared) {
      yield* shell.complain(`\`${arg}': not a valid identifier`);
      status = 1;
      continue;
    }
    const { name } = declared;
    try {
      if (isLocal) variables.makeLocal(name);
      applyAttributes(shell, name, options);
      if (array) yield* shell.expander.assign(array.assignment);
      else if (declared.value !== undefined)
        variables.set(name, declared.value, { append: declared.append, ...(declared.key === undefined ? {} : { key: declared.key }) });
      else if (!variables.findItself(name)) variables.mark(name, {});
      finish(name);
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      const { commandName } = shell;
      if (call.name === "export" || call.name === "readonly") shell.commandName = undefined;
      yield* shell.complain(error.message);
      shell.commandName = commandName;
      status = 1;
    }
  }
  return status;
}

/** What must be known before the value is assigned. */
function applyAttributes(shell: Shell, name: string, options: ParsedOptions): void {
  const { variables } = shell;
  for (const { letter, sign } of options.given) {
    const isOn = sign === "-";
    if (letter === "i") variables.mark(name, { isInteger: isOn });
    else if (letter === "l" || letter === "u")
      variables.mark(name, { letterCase: isOn ? (letter === "l" ? "lower" : "upper") : undefined });
    else if (letter === "n" && shell.flavour.dialect.name === "bash" && (options.has("n") ? true : isOn))
      variables.mark(name, { isReference: isOn });
    else if (letter === "A" && isOn && variables.findItself(name)?.value.kind !== "associative") variables.setAssociative(name, new Map());
  }
}

function* declareFunctions(call: BuiltinCall, options: ParsedOptions): Routine<number> {
  const { shell } = call;
  if (options.rest.length === 0) {
    const all = [...shell.functions.values()].map((known) => known.definition).sort((a, b) => (a.name < b.name ? -1 : 1));
    return yield* say(
      call,
      all.map((definition) => (options.has("F") ? `declare -f ${definition.name}\n` : `${unparseFunction(definition)}\n`)).join(""),
    );
  }
  let status = 0;
  for (const name of options.rest) {
    const definition = shell.functions.get(name)?.definition;
    if (!definition) status = 1;
    else yield* say(call, options.has("F") ? `${name}\n` : `${unparseFunction(definition)}\n`);
  }
  return status;
}

function* showDeclarations(call: BuiltinCall, options: ParsedOptions): Routine<number> {
  const { shell } = call;
  if (options.rest.length > 0) {
    let status = 0;
    for (const name of options.rest) {
      const variable = shell.variables.findItself(name);
      if (variable) yield* say(call, `${declaration(name, variable)}\n`);
      else {
        yield* shell.complain(`${name}: not found`);
        status = 1;
      }
    }
    return status;
  }
  const filters = options.given.filter(({ letter }) => letter !== "p").map(({ letter }) => letter);
  const lines = shell.variables.names().flatMap((name) => {
    const variable = shell.variables.findItself(name);
    if (!variable) return [];
    if (call.name === "local" && !shell.variables.isLocal(name)) return [];
    const flags = flagsOf(variable);
    if (!filters.every((letter) => flags.includes(letter))) return [];
    if (options.has("p") || filters.length > 0) return [`${declaration(name, variable)}\n`];
    return variable.value.kind === "scalar" ? [`${name}=${variable.value.text}\n`] : [];
  });
  return yield* say(call, lines.join(""));
}

function* letIt(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  if (args.length === 0) throw new ShellError("expression expected", shell.flavour.errorStatus);
  let value = 0n;
  for (const arg of args) value = shell.arithmetic.evaluate(arg);
  return value === 0n ? 1 : 0;
}

export const variableBuiltins: BuiltinTable = {
  export: { in: "bda", special: true, run: exportOrReadonly },
  readonly: { in: "bda", special: true, run: exportOrReadonly },
  local: { in: "bda", special: true, run: local },
  unset: { in: "bda", special: true, run: unset },
  declare: { in: "b", run: declare },
  typeset: { in: "b", run: declare },
  let: { in: "ba", run: letIt },
};
