/**
 * Commands as text again: job listings, and `type` of a function (bash's print_cmd.c). Words stand as they were written.
 */

import type { CompoundCommand, Conditional, FunctionDefinition, Node, Redirect, SimpleCommand } from "./ast";

/** On one line, as job listings have it. */
export function unparse(node: Node): string {
  return new Printer(false).node(node, 0);
}

/** A function over several lines, as `type` and `declare -f` print it. */
export function unparseFunction(definition: FunctionDefinition): string {
  return new Printer(true).definition(definition, 0);
}

class Printer {
  readonly #isMultiline: boolean;

  constructor(isMultiline: boolean) {
    this.#isMultiline = isMultiline;
  }

  definition(definition: FunctionDefinition, depth: number): string {
    const { body } = definition;
    const inner = "kind" in body && body.kind === "group" && body.redirects.length === 0 ? body.body : body;
    return `${definition.name} () ${this.#isMultiline ? "\n" : ""}${this.#indent(depth)}{ ${this.#isMultiline ? "\n" : ""}${this.#block(inner, depth + 1)}${this.#isMultiline ? `\n${this.#indent(depth)}` : "; "}}`;
  }

  node(node: Node, depth: number): string {
    switch (node.kind) {
      case "simple":
        return simple(node);
      case "sequence": {
        const texts = node.commands.map((command) => this.node(command, depth));
        return texts
          .map((text, i) => {
            if (i === texts.length - 1) return text;
            if (!this.#isMultiline) return node.commands[i]?.kind === "background" ? `${text} ` : `${text}; `;
            // A here-document ends with its own line; bash then also forgets the next semicolon.
            const isBare = node.commands[i]?.kind === "background" || text.endsWith("\n") || texts[i - 1]?.endsWith("\n");
            return `${text}${isBare ? "" : ";"}\n${this.#indent(depth)}`;
          })
          .join("");
      }
      case "and":
      case "or":
        return `${this.node(node.left, depth)} ${node.kind === "and" ? "&&" : "||"} ${this.node(node.right, depth)}`;
      case "not":
        return node.command ? `! ${this.node(node.command, depth)}` : "!";
      case "time":
        return `time ${node.posix ? "-p " : ""}${node.command ? this.node(node.command, depth) : ""}`;
      case "pipeline":
        return node.commands.map((command) => this.node(command, depth)).join(" | ");
      case "background":
        return `${this.node(node.command, depth)} &`;
      case "function":
        return this.definition(node, depth);
      case "invalid":
        return "";
      default:
        return this.#compound(node, depth) + redirectsOf(node.redirects);
    }
  }

  #compound(node: CompoundCommand, depth: number): string {
    const end = this.#isMultiline ? `;\n${this.#indent(depth)}` : "; ";
    const block = (body: Node): string => (this.#isMultiline ? `\n${this.#block(body, depth + 1)}` : ` ${this.#block(body, depth + 1)}`);
    switch (node.kind) {
      case "subshell":
        return `( ${this.node(node.body, depth)} )`;
      case "group":
        return this.#isMultiline ? `{ ${block(node.body)}\n${this.#indent(depth)}}` : `{ ${this.node(node.body, depth)}; }`;
      case "if": {
        const clauses = node.clauses.map(
          (clause, i) => `${i === 0 ? "if" : "elif"} ${this.node(clause.test, depth)}; then${block(clause.body)}${end}`,
        );
        const otherwise = node.otherwise ? `else${block(node.otherwise)}${end}` : "";
        return `${clauses.join("")}${otherwise}fi`;
      }
      case "while":
        return `${node.until ? "until" : "while"} ${this.node(node.test, depth)}; do${block(node.body)}${end}done`;
      case "for":
      case "select": {
        const words = node.words ? ` in ${node.words.map((word) => word.text).join(" ")}` : node.kind === "for" ? ` in "$@"` : "";
        return `${node.kind} ${node.name}${words};${this.#isMultiline ? `\n${this.#indent(depth)}` : " "}do${block(node.body)}${end}done`;
      }
      case "for-arithmetic":
        return `for ${node.text}${this.#isMultiline ? `\n${this.#indent(depth)}` : "; "}do${block(node.body)}${end}done`;
      case "case": {
        const items = node.items.map((item) => {
          const patterns = item.patterns.map((word) => word.text).join(" | ");
          if (!this.#isMultiline) return `${patterns}) ${item.body ? this.node(item.body, depth) : ""} ${item.terminator} `;
          const indent = this.#indent(depth + 1);
          return `${indent}${patterns})\n${item.body ? `${this.#block(item.body, depth + 2)}\n` : ""}${indent}${item.terminator}\n`;
        });
        return `case ${node.word.text} in ${this.#isMultiline ? "\n" : ""}${items.join("")}${this.#isMultiline ? this.#indent(depth) : ""}esac`;
      }
      case "arithmetic":
        return node.text;
      case "conditional":
        return `[[ ${conditional(node.expression)} ]]`;
    }
  }

  #block(body: Node, depth: number): string {
    return this.#indent(depth) + this.node(body, depth);
  }

  #indent(depth: number): string {
    return this.#isMultiline ? "    ".repeat(depth) : "";
  }
}

function simple(node: SimpleCommand): string {
  const words = [...node.assignments, ...node.words].map((word) => word.text);
  return (words.join(" ") + redirectsOf(node.redirects)).trimStart();
}

function redirectsOf(redirects: readonly Redirect[]): string {
  return redirects
    .map((redirect) => {
      const fd = redirect.fd === undefined ? "" : typeof redirect.fd === "number" ? String(redirect.fd) : `{${redirect.fd.variable}}`;
      if (redirect.kind === "here") {
        const { stripTabs, quoted, delimiter, text } = redirect.body;
        return ` ${fd}<<${stripTabs ? "-" : ""}${quoted ? `'${delimiter}'` : delimiter}\n${text}${delimiter}\n`;
      }
      const { operator, target } = redirect;
      if (operator === ">&" || operator === "<&") return ` ${fd === "" ? (operator === ">&" ? "1" : "0") : fd}${operator}${target.text}`;
      return ` ${fd}${operator} ${target.text}`;
    })
    .join("");
}

function conditional(expression: Conditional): string {
  switch (expression.kind) {
    case "unary":
      return `${expression.operator} ${expression.operand.text}`;
    case "binary":
      return `${expression.left.text} ${expression.operator} ${expression.right.text}`;
    case "not":
      return `! ${conditional(expression.operand)}`;
    case "and":
    case "or":
      return `${conditional(expression.left)} ${expression.kind === "and" ? "&&" : "||"} ${conditional(expression.right)}`;
  }
}
