/**
 * `jq`: JSON through a filter. jq 1.8.
 *
 * `docker inspect … | jq '.[0].NetworkSettings'`. Differs: no modules, no `--stream`; of a program that is wrong, the
 * place is told, the grammar's expectations are not always.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain } from "@/lib/sim/core/stdio";
import type { Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { Input } from "../command/input";
import { Output } from "../command/output";
import { NotDefined } from "./builtins";
import { checkNames } from "./check-names";
import { run } from "./evaluate";
import { COMPACT, type Json, printJson } from "./json";
import { type Options, readOptions } from "./options";
import { JsonReader } from "./reader";
import { type Machine, Scope } from "./scope";
import { type Filter, JqSyntaxError } from "./filter";
import { parseJq } from "./syntax";
import { JqError, JqHalt, JqLimit, made } from "./values";

export const jq: Program = function* (sys) {
  const options: Options = {
    raw: false,
    join: false,
    nullInput: false,
    rawInput: false,
    slurp: false,
    exitStatus: false,
    version: false,
    separator: "\n",
    print: { indent: 2, sortKeys: false, ascii: false, color: sys.tty(1) !== undefined && !sys.env.get("NO_COLOR") },
    variables: new Map(),
    program: undefined,
    files: [],
  };
  const out = new Output(sys);
  const problem = readOptions(sys, options);
  if (problem !== undefined) {
    yield* complain(sys, problem);
    return 2;
  }
  if (options.version) {
    yield* out.put("jq-1.8.2\n");
    yield* out.flush();
    return 0;
  }
  if (options.program === undefined && !(sys.tty(0) && sys.tty(1))) options.program = ".";
  if (options.program === undefined) {
    yield* complain(
      sys,
      "Usage:\tjq [OPTIONS] FILTER [FILES...]\n\tjq [OPTIONS] -f FILE [FILES...]\n\tjq [OPTIONS] --args FILTER [ARGUMENTS...]\n\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]\n\nFor more information, use: jq --help\n",
    );
    return 2;
  }
  let filter: Filter;
  try {
    filter = parseJq(options.program);
    checkNames(filter, new Set(), new Set(["ENV", "__loc__", ...options.variables.keys()]));
  } catch (error) {
    if (error instanceof NotDefined) {
      yield* complain(sys, `${notSimulated(`jq's ${error.message}`)}\n`);
      return 3;
    }
    if (!(error instanceof JqSyntaxError)) throw error;
    yield* complain(sys, `${compileError(options.program, error)}jq: 1 compile error\n`);
    return 3;
  }
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
  const lines = options.rawInput
    ? input.text
        .replace(/\n$/, "")
        .split("\n")
        .filter((line, i, all) => !(all.length === 1 && input.text === "" && line === "" && i === 0))
    : [];
  let hasRead = false;
  const nextInput = (): Json | undefined => {
    hasRead = true;
    return options.rawInput ? lines.shift() : nextJson();
  };
  const env = new Map<string, Json>(sys.env);
  const machine: Machine = {
    env,
    now: sys.dateMs / 1_000,
    nextInput,
    inputName: options.files.at(-1) ?? null,
    inputLine: () => reader.lines,
    said: [],
    steps: 0,
  };
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
  /** What the program said on the way. */
  const say = function* (): Routine<void> {
    if (machine.said.length === 0) return;
    yield* out.flush();
    yield* complain(sys, machine.said.splice(0).join(""));
  };
  for (const value of source()) {
    try {
      for (const result of run(filter, made(value), scope)) {
        yield* say();
        hasOutput = true;
        last = result.value;
        const text =
          (options.raw || options.join) && typeof result.value === "string" ? result.value : printJson(result.value, options.print);
        yield* out.put(text + (options.join ? "" : options.separator));
      }
      yield* say();
      if (status === 5) status = 0;
    } catch (error) {
      yield* say();
      yield* out.flush();
      if (error instanceof JqHalt) {
        if (error.text !== "") yield* complain(sys, error.text);
        return error.status;
      }
      if (error instanceof JqLimit) {
        yield* complain(sys, `${error.message}\n`);
        return 5;
      }
      if (isStackFull(error)) {
        yield* complain(sys, "drydock: jq's filters are too deep within each other for the simulator\n");
        return 5;
      }
      if (!(error instanceof JqError)) throw error;
      const place = options.nullInput && !hasRead ? "at <unknown>" : `at ${options.files.at(-1) ?? "<stdin>"}:${reader.lines}`;
      yield* complain(
        sys,
        typeof error.value === "string"
          ? `jq: error (${place}): ${error.message}\n`
          : `jq: error (${place}) (not a string): ${printJson(error.value, COMPACT)}\n`,
      );
      status = 5;
    }
  }
  yield* out.flush();
  if (parseError !== undefined) {
    yield* complain(sys, `jq: parse error: ${parseError}\n`);
    return 5;
  }
  if (status === 0 && options.exitStatus) return !hasOutput ? 4 : last === null || last === false ? 1 : 0;
  return status;
};

/** Filters are generators within generators; how many of them JavaScript's stack holds depends on what they do. */
function isStackFull(error: unknown): boolean {
  return error instanceof Error && /call stack|too much recursion/.test(error.message);
}

function* readInput(sys: Sys, files: readonly string[]): Routine<{ readonly text: string; readonly complaints: readonly string[] }> {
  if (files.length === 0) return { text: yield* new Input(sys, 0).rest(), complaints: [] };
  let text = "";
  const complaints: string[] = [];
  for (const file of files) {
    const read = sys.readFile(file);
    if (read.ok) text += read.value;
    else
      complaints.push(
        `jq: error: Could not open file ${file}: ${read.error === "ENOENT" ? "No such file or directory" : read.error === "EISDIR" ? "Is a directory" : "Permission denied"}\n`,
      );
  }
  return { text, complaints };
}

/** The message with the line of the program and a mark below the place. */
function compileError(program: string, { message, at, length }: JqSyntaxError): string {
  if (at < 0) return `jq: error: ${message}\n`;
  const before = program.slice(0, at).split("\n");
  const line = program.split("\n")[before.length - 1] ?? "";
  const column = (before.at(-1) ?? "").length;
  return `jq: error: ${message} at <top-level>, line ${before.length}, column ${column + 1}:\n    ${line}\n    ${" ".repeat(column)}${"^".repeat(length)}\n`;
}
