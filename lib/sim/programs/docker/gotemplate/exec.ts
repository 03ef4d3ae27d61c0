/**
 * The execution of a parsed template on a value: walking, evaluating, printing.
 *
 * A learner meets it in every `--format`; its errors are Go's (`template: :1:2: executing "" at <.Nope>: …`).
 * Follows text/template/exec.go. It differs in that a template may nest only 1,000 deep (Go: 100,000)
 * and take 1,000,000 steps. One class, as all of it shares the place in the template and the variables.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { BUILTINS, type FuncMap, truthOf } from "./builtins";
import { ANY, type GoType, INT, isAssignable, STRING, typeName } from "./go-type";
import {
  fieldOf,
  type GoFunc,
  type GoValue,
  goBool,
  goInt,
  goFloat,
  goString,
  hasField,
  indirect,
  indirectInterface,
  INVALID,
  isTrue,
  methodsOf,
  sortedKeys,
  typeOf,
  zeroOf,
} from "./go-value";
import {
  type BranchNode,
  type CommandNode,
  type ListNode,
  type Node,
  nodeText,
  type NumberNode,
  type PipeNode,
  type TemplateNode,
} from "./node";
import type { Template } from "./parse";
import { display, sprint } from "./print-verbs";
import { quote } from "./strconv";

export type ExecuteOptions = {
  /** The template package's `missingkey=error`. */
  readonly missingKey?: "default" | "error";
  /** Functions beside the builtin ones; they go first. */
  readonly functions: FuncMap;
};

export type ExecuteError = {
  readonly message: string;
  /** What had been written before. */
  readonly output: string;
};

export function execute(template: Template, data: GoValue, options: ExecuteOptions): Result<string, ExecuteError> {
  const run = new Execution(template, options);
  try {
    run.start(data);
    return ok(run.output);
  } catch (error) {
    if (error instanceof ExecError) return fail({ message: error.message, output: run.output });
    throw error;
  }
}

/** Thrown inside this file only, and caught by `execute`. */
class ExecError extends Error {
  override readonly name = "ExecError";
}

/** What leaves a range early. */
type LoopExit = "break" | "continue" | undefined;

const MAX_DEPTH = 1_000;
/** `{{range 1000000000}}` is a loop that nobody here may wait for. */
const MAX_STEPS = 1_000_000;
/** There is no final argument. Told from every value by identity. */
const MISSING: GoValue = { kind: "invalid" };

type Variable = { readonly name: string; value: GoValue };
type Frame = { readonly template: string; readonly depth: number; variables: Variable[] };

class Execution {
  readonly #template: Template;
  readonly #options: ExecuteOptions;
  #frame: Frame;
  #node: Node | undefined;
  #steps = 0;
  output = "";

  constructor(template: Template, options: ExecuteOptions) {
    this.#template = template;
    this.#options = options;
    this.#frame = { template: template.name, depth: 0, variables: [] };
  }

  start(data: GoValue): void {
    this.#frame.variables = [{ name: "$", value: data }];
    this.#walk(data, this.#template.root);
  }

  #fail(text: string): never {
    const name = this.#frame.template;
    if (!this.#node) throw new ExecError(`template: ${name}: ${text}`);
    const before = this.#template.text.slice(0, this.#node.position);
    const line = before.split("\n").length;
    const column = utf8Length(before.slice(before.lastIndexOf("\n") + 1));
    throw new ExecError(
      `template: ${this.#template.name}:${line}:${column}: executing ${quote(name)} at <${nodeText(this.#node)}>: ${text}`,
    );
  }

  // --- walking ------------------------------------------------------------------------------------------------------

  #walk(dot: GoValue, node: Node): LoopExit {
    if (++this.#steps > MAX_STEPS) throw new ExecError(notSimulated(`a template of more than ${MAX_STEPS} steps`));
    this.#node = node;
    switch (node.kind) {
      case "action": {
        const value = this.#pipeline(dot, node.pipe);
        if (node.pipe.declared.length === 0) this.#print(node, value);
        return undefined;
      }
      case "break":
      case "continue":
        return node.kind;
      case "if":
      case "with":
        return this.#ifOrWith(dot, node);
      case "list":
        return this.#list(dot, node);
      case "range":
        this.#range(dot, node);
        return undefined;
      case "template":
        this.#call(dot, node);
        return undefined;
      case "text":
        this.output += node.text;
        return undefined;
      default:
        return this.#fail(`unknown node: ${nodeText(node)}`);
    }
  }

  #list(dot: GoValue, list: ListNode): LoopExit {
    for (const node of list.nodes) {
      const exit = this.#walk(dot, node);
      if (exit) return exit;
    }
    return undefined;
  }

  #ifOrWith(dot: GoValue, node: BranchNode): LoopExit {
    const scope = this.#frame.variables.length;
    const value = this.#pipeline(dot, node.pipe);
    let exit: LoopExit;
    if (isTrue(indirectInterface(value))) exit = this.#walk(node.kind === "with" ? value : dot, node.list);
    else if (node.otherwise) exit = this.#walk(dot, node.otherwise);
    this.#frame.variables.length = scope;
    return exit;
  }

  #range(dot: GoValue, node: BranchNode): void {
    const scope = this.#frame.variables.length;
    const value = indirect(this.#pipeline(dot, node.pipe)).value;
    const mark = this.#frame.variables.length;
    let isFirst = true;
    const iterate = (index: GoValue, element: GoValue): boolean => {
      isFirst = false;
      const declared = node.pipe.declared;
      if (declared.length > 0) {
        const last = declared.length === 1 ? declared[0] : declared[1];
        this.#setDeclared(node.pipe, last?.names[0] ?? "", mark - 1, element);
      }
      if (declared.length > 1) this.#setDeclared(node.pipe, declared[0]?.names[0] ?? "", mark - 2, index);
      const exit = this.#walk(element, node.list);
      this.#frame.variables.length = mark;
      return exit !== "break";
    };
    switch (value.kind) {
      case "slice":
        for (const [i, item] of (value.items ?? []).entries()) if (!iterate(goInt(i), item)) break;
        break;
      case "map": {
        const entries = value.entries ?? new Map<string, GoValue>();
        for (const key of sortedKeys(entries)) {
          if (!iterate(goString(key, value.type.key), entries.get(key) ?? INVALID)) break;
        }
        break;
      }
      case "int":
      case "uint":
        if (node.pipe.declared.length > 1) this.#fail(`can't use ${display(value)} to iterate over more than one variable`);
        for (let i = 0n; i < value.value; i++) {
          const element: GoValue = { kind: value.kind, type: value.type, value: i };
          if (!iterate(element, element)) break;
        }
        break;
      case "string":
        this.#fail(`range can't iterate over ${value.value}`);
        break;
      case "pointer":
      case "interface":
      case "invalid":
        if (value.kind === "pointer") this.#fail("range can't iterate over <nil>");
        break;
      default:
        this.#fail(`range can't iterate over ${display(value)}`);
    }
    if (isFirst && node.otherwise) this.#walk(dot, node.otherwise);
    this.#frame.variables.length = scope;
  }

  /** Range variables are set anew for each element; assigned ones (`$x = range`) wherever they live. */
  #setDeclared(pipe: PipeNode, name: string, at: number, value: GoValue): void {
    if (pipe.isAssignment) this.#assign(name, value);
    else {
      const variable = this.#frame.variables[at];
      if (variable) variable.value = value;
    }
  }

  #assign(name: string, value: GoValue): void {
    const variable = this.#frame.variables.findLast((known) => known.name === name);
    if (!variable) this.#fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  #call(dot: GoValue, node: TemplateNode): void {
    const root = this.#template.set.get(node.name);
    if (!root) this.#fail(`template ${quote(node.name)} not defined`);
    if (this.#frame.depth >= MAX_DEPTH) this.#fail(`exceeded maximum template depth (${MAX_DEPTH})`);
    const value = this.#pipeline(dot, node.pipe);
    const outer = this.#frame;
    this.#frame = { template: node.name, depth: outer.depth + 1, variables: [{ name: "$", value }] };
    this.#walk(value, root);
    this.#frame = outer;
  }

  #print(node: Node, value: GoValue): void {
    this.#node = node;
    this.output += printed(value);
  }

  // --- evaluating ---------------------------------------------------------------------------------------------------

  #pipeline(dot: GoValue, pipe: PipeNode | undefined): GoValue {
    if (!pipe) return INVALID;
    this.#node = pipe;
    let value: GoValue = MISSING;
    for (const command of pipe.commands) {
      value = this.#command(dot, command, value);
      if (value.kind === "interface") value = indirectInterface(value);
    }
    for (const variable of pipe.declared) {
      const name = variable.names[0] ?? "";
      if (pipe.isAssignment) this.#assign(name, value);
      else this.#frame.variables.push({ name, value });
    }
    return value === MISSING ? INVALID : value;
  }

  #notAFunction(args: readonly Node[] | undefined, final: GoValue): void {
    const first = args?.[0];
    if ((args && args.length > 1) || final !== MISSING) this.#fail(`can't give argument to non-function ${first ? nodeText(first) : ""}`);
  }

  #command(dot: GoValue, command: CommandNode, final: GoValue): GoValue {
    const first = command.args[0];
    if (!first) return this.#fail("empty command");
    switch (first.kind) {
      case "field":
      case "chain":
      case "variable":
        return this.#operandWithArguments(dot, first, command.args, final);
      case "identifier":
        return this.#function(dot, first, command, command.args, final);
      case "pipe":
        this.#notAFunction(command.args, final);
        return this.#pipeline(dot, first);
      default:
        break;
    }
    this.#node = first;
    this.#notAFunction(command.args, final);
    switch (first.kind) {
      case "bool":
        return goBool(first.value);
      case "dot":
        return dot;
      case "nil":
        return this.#fail("nil is not a command");
      case "number":
        return this.#constant(first);
      case "string":
        return goString(first.text);
      default:
        return this.#fail(`can't evaluate command ${quote(nodeText(first))}`);
    }
  }

  #operandWithArguments(
    dot: GoValue,
    node: Extract<Node, { kind: "field" | "chain" | "variable" }>,
    args: readonly Node[] | undefined,
    final: GoValue,
  ): GoValue {
    this.#node = node;
    switch (node.kind) {
      case "field":
        return this.#chain(dot, dot, node, node.names, args, final);
      case "chain": {
        if (node.node.kind === "nil") return this.#fail(`indirection through explicit nil in ${nodeText(node)}`);
        const receiver = this.#argument(dot, undefined, node.node);
        return this.#chain(dot, receiver, node, node.names, args, final);
      }
      case "variable": {
        const name = node.names[0] ?? "";
        const variable = this.#frame.variables.findLast((known) => known.name === name);
        if (!variable) return this.#fail(`undefined variable: ${name}`);
        if (node.names.length > 1) return this.#chain(dot, variable.value, node, node.names.slice(1), args, final);
        this.#notAFunction(args, final);
        return variable.value;
      }
    }
  }

  #constant(node: NumberNode): GoValue {
    this.#node = node;
    const isHex = /^0[xX]/.test(node.text) && !/[pP]/.test(node.text);
    if (node.float !== undefined && !isHex && !node.text.startsWith("'") && /[.eEpP]/.test(node.text)) return goFloat(node.float);
    if (node.int !== undefined) return goInt(node.int, INT);
    return this.#fail(`${node.text} overflows int`);
  }

  #chain(dot: GoValue, start: GoValue, node: Node, names: readonly string[], args: readonly Node[] | undefined, final: GoValue): GoValue {
    let receiver = start;
    for (const name of names.slice(0, -1)) receiver = this.#field(dot, name, node, undefined, MISSING, receiver);
    return this.#field(dot, names.at(-1) ?? "", node, args, final, receiver);
  }

  #field(dot: GoValue, name: string, node: Node, args: readonly Node[] | undefined, final: GoValue, receiver: GoValue): GoValue {
    if (receiver.kind === "invalid") {
      if (this.#options.missingKey === "error") this.#fail(`nil data; no entry for key ${quote(name)}`);
      return INVALID;
    }
    const type = typeOf(receiver);
    const { value, isNil } = indirect(receiver);
    if (value.kind === "interface" && isNil) this.#fail(`nil pointer evaluating ${typeName(type)}.${name}`);

    const method = methodsOf(value).get(name);
    if (method) return this.#invoke(dot, method, node, name, args, final);

    const hasArguments = (args?.length ?? 0) > 1 || final !== MISSING;
    switch (value.kind) {
      case "struct": {
        const field = fieldOf(value, name);
        if (!field) break;
        if (hasArguments) this.#fail(`${name} has arguments but cannot be invoked as function`);
        return field;
      }
      case "map": {
        if (hasArguments) this.#fail(`${name} is not a method but has arguments`);
        const entry = value.entries?.get(name);
        if (entry) return entry;
        if (this.#options.missingKey === "error") this.#fail(`map has no entry for key ${quote(name)}`);
        return INVALID;
      }
      case "pointer":
        if (value.type.elem.kind === "struct" && !hasField(value.type.elem, name)) break;
        if (isNil) this.#fail(`nil pointer evaluating ${typeName(type)}.${name}`);
        break;
      default:
        break;
    }
    return this.#fail(`can't evaluate field ${name} in type ${typeName(type)}`);
  }

  #function(
    dot: GoValue,
    node: Extract<Node, { kind: "identifier" }>,
    command: Node,
    args: readonly Node[] | undefined,
    final: GoValue,
  ): GoValue {
    this.#node = node;
    const own = this.#options.functions.get(node.name);
    const func = own ?? BUILTINS.get(node.name);
    if (!func) return this.#fail(`${quote(node.name)} is not a defined function`);
    if (!own && (node.name === "and" || node.name === "or")) return this.#shortCircuit(dot, node.name, args?.slice(1) ?? [], final);
    if (!own && node.name === "call" && args?.[1]) {
      const callee = indirectInterface(this.#argument(dot, ANY, args[1]));
      this.#node = command;
      if (callee.kind !== "invalid")
        this.#fail(`error calling call: non-function ${nodeText(args[1])} of type ${typeName(typeOf(callee))}`);
    }
    return this.#invoke(dot, func, command, node.name, args, final);
  }

  /** `and` and `or` evaluate only as many arguments as they need. */
  #shortCircuit(dot: GoValue, name: "and" | "or", args: readonly Node[], final: GoValue): GoValue {
    if (args.length === 0 && final === MISSING) this.#fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue = INVALID;
    for (const arg of args) {
      value = this.#argument(dot, ANY, arg);
      if (truthOf(value) === (name === "or")) return value;
    }
    return final === MISSING ? value : this.#validate(final, ANY);
  }

  #invoke(dot: GoValue, func: GoFunc, node: Node, name: string, args: readonly Node[] | undefined, final: GoValue): GoValue {
    const given = args?.slice(1) ?? [];
    const count = given.length + (final === MISSING ? 0 : 1);
    const fixed = func.isVariadic ? func.params.length - 1 : func.params.length;
    if (func.isVariadic) {
      if (count < fixed) this.#fail(`wrong number of args for ${name}: want at least ${fixed} got ${given.length}`);
    } else if (count !== fixed) this.#fail(`wrong number of args for ${name}: want ${fixed} got ${count}`);

    const paramAt = (i: number): GoType => func.params[Math.min(i, func.params.length - 1)] ?? ANY;
    const values = given.map((arg, i) => this.#argument(dot, paramAt(i), arg));
    if (final !== MISSING) values.push(this.#validate(final, paramAt(given.length)));

    const result = func.call(values);
    if (!result.ok) {
      this.#node = node;
      this.#fail(`error calling ${name}: ${result.error}`);
    }
    return result.value;
  }

  #validate(value: GoValue, type: GoType | undefined): GoValue {
    if (value.kind === "invalid") {
      if (type === undefined) return INVALID;
      if (canBeNil(type)) return zeroOf(type);
      this.#fail(`invalid value; expected ${typeName(type)}`);
    }
    if (type === undefined || isAssignable(typeOf(value), type)) return value;
    let candidate: GoValue = value;
    if (candidate.kind === "interface" && candidate.value !== undefined) {
      candidate = candidate.value;
      if (isAssignable(typeOf(candidate), type)) return candidate;
    }
    if (candidate.kind === "pointer" && isAssignable(candidate.type.elem, type)) {
      if (!candidate.to) return this.#fail(`dereference of nil pointer of type ${typeName(type)}`);
      return candidate.to;
    }
    return this.#fail(`wrong type for value; expected ${typeName(type)}; got ${typeName(typeOf(candidate))}`);
  }

  /** `type` is undefined where any value will do (the receiver of a chain). */
  #argument(dot: GoValue, type: GoType | undefined, node: Node): GoValue {
    this.#node = node;
    switch (node.kind) {
      case "dot":
        return this.#validate(dot, type);
      case "nil":
        if (type && canBeNil(type)) return zeroOf(type);
        return this.#fail(`cannot assign nil to ${type ? typeName(type) : "nil"}`);
      case "field":
        return this.#validate(this.#operandWithArguments(dot, node, [node], MISSING), type);
      case "variable":
      case "chain":
        return this.#validate(this.#operandWithArguments(dot, node, undefined, MISSING), type);
      case "pipe":
        return this.#validate(this.#pipeline(dot, node), type);
      case "identifier":
        return this.#validate(this.#function(dot, node, node, undefined, MISSING), type);
      default:
        break;
    }
    switch (type?.kind) {
      case "bool":
        return node.kind === "bool" ? goBool(node.value) : this.#fail(`expected bool; found ${nodeText(node)}`);
      case "string":
        return node.kind === "string" ? goString(node.text, STRING) : this.#fail(`expected string; found ${nodeText(node)}`);
      case "int":
        return node.kind === "number" && node.int !== undefined
          ? goInt(node.int, type)
          : this.#fail(`expected integer; found ${nodeText(node)}`);
      case "interface":
      case undefined:
        if (node.kind === "bool") return goBool(node.value);
        if (node.kind === "number") return this.#constant(node);
        if (node.kind === "string") return goString(node.text);
        return this.#fail(`can't handle assignment of ${nodeText(node)} to empty interface argument`);
      default:
        return this.#fail(`can't handle ${nodeText(node)} for arg of type ${typeName(type ?? ANY)}`);
    }
  }
}

function canBeNil(type: GoType): boolean {
  return type.kind === "interface" || type.kind === "map" || type.kind === "pointer" || type.kind === "slice";
}

/** What an action writes for its value. */
function printed(value: GoValue): string {
  const shown = value.kind === "pointer" ? indirect(value).value : value;
  if (shown.kind === "invalid") return "<no value>";
  return sprint([shown]);
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
