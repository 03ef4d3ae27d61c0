/**
 * `jq`: JSON through a filter. jq 1.8.
 *
 * `docker inspect … | jq '.[0].NetworkSettings'`. Differs: no colours, no modules, no `--stream`; of a program that is wrong, the
 * place is told, the grammar's expectations are not always.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { Input } from "../command/input";
import { Output } from "../command/output";
import { isBuiltin, NotDefined } from "./builtins";
import { JqError, JqLimit, type Machine, made, run, Scope } from "./evaluate";
import { COMPACT, type Json, JsonReader, type PrintOptions, printJson } from "./json";
import { type Filter, JqSyntaxError, parseJq } from "./syntax";

type Options = {
  raw: boolean;
  join: boolean;
  nullInput: boolean;
  rawInput: boolean;
  slurp: boolean;
  exitStatus: boolean;
  separator: "\n" | "\0";
  print: PrintOptions;
  readonly variables: Map<string, Json>;
  program: string | undefined;
  readonly files: string[];
};

export const jq: Program = function* (sys) {
  const options: Options = { raw: false, join: false, nullInput: false, rawInput: false, slurp: false, exitStatus: false, separator: "\n", print: { indent: 2, sortKeys: false, ascii: false }, variables: new Map(), program: undefined, files: [] };
  const problem = readOptions(sys, options);
  if (problem !== undefined) {
    yield* complain(sys, problem);
    return 2;
  }
  if (options.program === undefined) {
    yield* complain(sys, "Usage:\tjq [OPTIONS] FILTER [FILES...]\n\tjq [OPTIONS] -f FILE [FILES...]\n\tjq [OPTIONS] --args FILTER [ARGUMENTS...]\n\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]\n\nFor more information, use: jq --help\n");
    return 2;
  }
  let filter: Filter;
  try {
    filter = parseJq(options.program);
    checkNames(filter, new Set(), new Set(["ENV", "__loc__", "__prog_args", ...options.variables.keys()]));
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    yield* complain(sys, `${compileError(options.program, error)}jq: 1 compile error\n`);
    return 3;
  }
  const out = new Output(sys);
  let status = 0;
  const input = yield* readInput(sys, options.files);
  for (const message of input.complaints) {
    yield* complain(sys, message);
    status = 2;
  }
  const reader = new JsonReader(input.text);
  let parseError: string | undefined;
  const nextJson = (): Json | undefined => {
    const next = reader.next();
    if (next && !next.ok) {
      parseError = next.error;
      return undefined;
    }
    return next?.value;
  };
  const lines = options.rawInput ? input.text.replace(/\n$/, "").split("\n").filter((line, i, all) => !(all.length === 1 && input.text === "" && line === "" && i === 0)) : [];
  const nextInput = (): Json | undefined => (options.rawInput ? lines.shift() : nextJson());
  const env = new Map<string, Json>(sys.env);
  const machine: Machine = { env, now: sys.dateMs / 1_000, nextInput, steps: 0 };
  const scope = new Scope(machine);
  for (const [name, value] of options.variables) scope.variables.set(name, value);

  const inputs: (() => Json | undefined)[] = [];
  if (options.slurp && !options.nullInput) {
    if (options.rawInput) inputs.push(() => input.text);
    else {
      const all: Json[] = [];
      for (let one = nextJson(); one !== undefined; one = nextJson()) all.push(one);
      if (parseError === undefined) inputs.push(() => all);
    }
  }
  let last: Json | undefined;
  let hasOutput = false;
  const source = function* (): Generator<Json> {
    if (options.nullInput) yield null;
    else if (options.slurp) for (const one of inputs) yield one() ?? null;
    else for (let one = nextInput(); one !== undefined; one = nextInput()) yield one;
  };
  for (const value of source()) {
    try {
      for (const result of run(filter, made(value), scope)) {
        hasOutput = true;
        last = result.value;
        const text = (options.raw || options.join) && typeof result.value === "string" ? result.value : printJson(result.value, options.print);
        yield* out.put(text + (options.join ? "" : options.separator));
      }
    } catch (error) {
      yield* out.flush();
      if (error instanceof JqLimit) {
        yield* complain(sys, `${error.message}\n`);
        return 5;
      }
      if (error instanceof NotDefined) {
        yield* complain(sys, `${notSimulated(`jq's ${error.message}`)}\n`);
        return 5;
      }
      if (!(error instanceof JqError)) throw error;
      const place = options.nullInput ? "at <unknown>" : `at ${options.files.length > 0 ? options.files.at(-1) : "<stdin>"}:${Math.max(1, reader.line - 1 + (input.text.endsWith("\n") || input.text === "" ? 0 : 1))}`;
      yield* complain(sys, typeof error.value === "string" ? `jq: error (${place}): ${error.message}\n` : `jq: error (${place}) (not a string): ${printJson(error.value, COMPACT)}\n`);
      status = 5;
    }
  }
  yield* out.flush();
  if (parseError !== undefined) {
    yield* complain(sys, `jq: parse error: ${parseError}\n`);
    return 2;
  }
  if (status === 0 && options.exitStatus) return !hasOutput ? 4 : last === null || last === false ? 1 : 0;
  return status;
};

function readOptions(sys: Sys, options: Options): string | undefined {
  const args = [...sys.argv.slice(1)];
  const positional: Json[] = [];
  let mode: "files" | "args" | "jsonargs" = "files";
  let fromFile: string | undefined;
  let onlyOperands = false;
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (onlyOperands || !arg.startsWith("-") || arg === "-") {
      if (options.program === undefined && fromFile === undefined) options.program = arg;
      else if (mode === "files") options.files.push(arg);
      else positional.push(mode === "args" ? arg : parseValue(arg));
      continue;
    }
    if (arg === "--") {
      onlyOperands = true;
      continue;
    }
    const names = arg.startsWith("--") ? [LONG[arg.slice(2)] ?? arg] : [...arg.slice(1)];
    for (const name of names) {
      switch (name) {
        case "r":
          options.raw = true;
          break;
        case "j":
          options.join = true;
          break;
        case "c":
          options.print = { ...options.print, indent: 0 };
          break;
        case "n":
          options.nullInput = true;
          break;
        case "R":
          options.rawInput = true;
          break;
        case "s":
          options.slurp = true;
          break;
        case "e":
          options.exitStatus = true;
          break;
        case "S":
          options.print = { ...options.print, sortKeys: true };
          break;
        case "a":
          options.print = { ...options.print, ascii: true };
          break;
        case "raw-output0":
          options.raw = true;
          options.separator = "\0";
          break;
        case "tab":
          options.print = { ...options.print, indent: "tab" };
          break;
        case "indent": {
          const indent = Number(args.shift());
          if (!(indent >= 0 && indent <= 7)) return "jq: Cannot indent more than 7 characters\n";
          options.print = { ...options.print, indent };
          break;
        }
        case "M":
          break;
        case "f":
          fromFile = options.program ?? args.shift();
          options.program = undefined;
          break;
        case "arg":
        case "argjson": {
          const [key, text] = [args.shift(), args.shift()];
          if (key === undefined || text === undefined) return `jq: error: --${name} takes two parameters (e.g. --${name} varname ${name === "arg" ? "value" : "text"})\n`;
          if (name === "argjson") {
            const value = new JsonReader(text).next();
            if (!value?.ok) return `jq: Invalid JSON text passed to --argjson\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.org\n`;
            options.variables.set(key, value.value);
          } else options.variables.set(key, text);
          break;
        }
        case "args":
          mode = "args";
          break;
        case "jsonargs":
          mode = "jsonargs";
          break;
        case "C":
        case "stream":
        case "seq":
        case "slurpfile":
        case "rawfile":
        case "unbuffered":
        case "help":
        case "h":
        case "build-configuration":
          return `${notSimulated(`jq ${arg}`)}\n`;
        case "version":
        case "V":
          return `${notSimulated(`jq ${arg}`)} (it follows jq 1.8)\n`;
        default:
          return `jq: Unknown option: ${arg}\nUsage:\tjq [OPTIONS] FILTER [FILES...]\n\tjq [OPTIONS] -f FILE [FILES...]\n\tjq [OPTIONS] --args FILTER [ARGUMENTS...]\n\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]\n\nFor more information, use: jq --help\n`;
      }
    }
  }
  if (fromFile !== undefined) {
    const text = sys.readFile(fromFile);
    if (!text.ok) return `jq: error: Could not open ${fromFile}: No such file or directory\n`;
    options.program = text.value;
  }
  options.variables.set("ARGS", new Map<string, Json>([["positional", positional], ["named", new Map(options.variables)]]));
  return undefined;
}

const LONG: Readonly<Record<string, string>> = {
  "raw-output": "r", "join-output": "j", "compact-output": "c", "null-input": "n", "raw-input": "R", slurp: "s", "exit-status": "e", "sort-keys": "S", "ascii-output": "a", "monochrome-output": "M",
  "color-output": "C", "from-file": "f", tab: "tab", indent: "indent", arg: "arg", argjson: "argjson", args: "args", jsonargs: "jsonargs", stream: "stream", seq: "seq", slurpfile: "slurpfile",
  rawfile: "rawfile", unbuffered: "unbuffered", help: "help", version: "version", "raw-output0": "raw-output0", "build-configuration": "build-configuration",
};

function parseValue(text: string): Json {
  const value = new JsonReader(text).next();
  return value?.ok ? value.value : null;
}

function* readInput(sys: Sys, files: readonly string[]): Routine<{ readonly text: string; readonly complaints: readonly string[] }> {
  if (files.length === 0) return { text: yield* new Input(sys, 0).rest(), complaints: [] };
  let text = "";
  const complaints: string[] = [];
  for (const file of files) {
    const read = sys.readFile(file);
    if (read.ok) text += read.value;
    else complaints.push(`jq: error: Could not open file ${file}: ${read.error === "ENOENT" ? "No such file or directory" : read.error === "EISDIR" ? "Is a directory" : "Permission denied"}\n`);
  }
  return { text, complaints };
}

/** The message with the line of the program and a mark below the place. */
function compileError(program: string, { message, at, length }: JqSyntaxError): string {
  const before = program.slice(0, at).split("\n");
  const line = program.split("\n")[before.length - 1] ?? "";
  const column = (before.at(-1) ?? "").length;
  return `jq: error: ${message} at <top-level>, line ${before.length}, column ${column + 1}:\n    ${line}\n    ${" ".repeat(column)}${"^".repeat(length)}\n`;
}

/** Unknown functions and variables are refused before anything runs. */
function checkNames(filter: Filter, functions: ReadonlySet<string>, variables: ReadonlySet<string>): void {
  const check = (inner: Filter | undefined, moreFunctions: readonly string[] = [], moreVariables: readonly string[] = []): void => {
    if (inner) checkNames(inner, moreFunctions.length > 0 ? new Set([...functions, ...moreFunctions]) : functions, moreVariables.length > 0 ? new Set([...variables, ...moreVariables]) : variables);
  };
  switch (filter.kind) {
    case "variable":
      if (!variables.has(filter.name)) throw new JqSyntaxError(`$${filter.name} is not defined`, filter.at, filter.name.length + 1);
      return;
    case "call": {
      const key = `${filter.name}/${filter.args.length}`;
      if (!functions.has(key) && !isBuiltin(key)) throw new JqSyntaxError(`${key} is not defined`, filter.at, filter.name.length);
      for (const arg of filter.args) check(arg);
      return;
    }
    case "def": {
      const parameters = filter.parameters.map((name) => `${name.replace(/^\$/, "")}/0`);
      const own = `${filter.name}/${filter.parameters.length}`;
      check(filter.body, [own, ...parameters], filter.parameters.filter((name) => name.startsWith("$")).map((name) => name.slice(1)));
      check(filter.rest, [own]);
      return;
    }
    case "string":
      for (const part of filter.parts) if (typeof part !== "string") check(part);
      return;
    case "index":
      check(filter.of);
      check(filter.key);
      return;
    case "slice":
      check(filter.of);
      check(filter.from);
      check(filter.to);
      return;
    case "iterate":
      check(filter.of);
      return;
    case "try":
      check(filter.body);
      check(filter.handler);
      return;
    case "array":
      check(filter.body);
      return;
    case "object":
      for (const { key, value } of filter.entries) {
        check(key);
        check(value);
      }
      return;
    case "pipe":
    case "comma":
    case "binary":
    case "assign":
      check(filter.left);
      check(filter.right);
      return;
    case "negate":
      check(filter.operand);
      return;
    case "if":
      check(filter.test);
      check(filter.yes);
      check(filter.no);
      return;
    case "reduce":
    case "foreach": {
      const bound = boundBy(filter.pattern);
      check(filter.source);
      check(filter.start);
      check(filter.update, [], bound);
      if (filter.kind === "foreach") check(filter.extract, [], bound);
      return;
    }
    case "bind":
      check(filter.source);
      check(filter.body, [], filter.patterns.flatMap(boundBy));
      return;
    case "label":
      check(filter.body);
      return;
    case "identity":
    case "recurse-default":
    case "literal":
    case "format":
    case "break":
      return;
  }
}

function boundBy(pattern: Extract<Filter, { kind: "reduce" }>["pattern"]): string[] {
  switch (pattern.kind) {
    case "variable":
      return [pattern.name];
    case "array":
      return pattern.items.flatMap(boundBy);
    case "object":
      return pattern.entries.flatMap(({ variable, value }) => [...(variable === undefined ? [] : [variable]), ...(value ? boundBy(value) : [])]);
  }
}
