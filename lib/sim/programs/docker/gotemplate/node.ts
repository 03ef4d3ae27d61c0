/**
 * The parse tree of a Go template, and its text form, which error messages show between `<` and `>`.
 *
 * Follows text/template/parse/node.go.
 */

import { quote } from "./strconv";

export type FieldNode = { readonly kind: "field"; readonly position: number; readonly names: readonly string[] };
export type VariableNode = { readonly kind: "variable"; readonly position: number; readonly names: readonly string[] };
export type ChainNode = { readonly kind: "chain"; readonly position: number; readonly node: Node; readonly names: readonly string[] };
export type IdentifierNode = { readonly kind: "identifier"; readonly position: number; readonly name: string };
export type NumberNode = {
  readonly kind: "number";
  readonly position: number;
  readonly text: string;
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
};
export type StringNode = { readonly kind: "string"; readonly position: number; readonly quoted: string; readonly text: string };
export type PipeNode = {
  readonly kind: "pipe";
  readonly position: number;
  readonly declared: readonly VariableNode[];
  readonly isAssignment: boolean;
  readonly commands: readonly CommandNode[];
};
export type CommandNode = { readonly kind: "command"; readonly position: number; readonly args: readonly Node[] };
export type ListNode = { readonly kind: "list"; readonly position: number; readonly nodes: readonly Node[] };
export type BranchNode = {
  readonly kind: "if" | "range" | "with";
  readonly position: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly otherwise: ListNode | undefined;
};
export type TemplateNode = {
  readonly kind: "template";
  readonly position: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
};

export type Node =
  | { readonly kind: "text"; readonly position: number; readonly text: string }
  | { readonly kind: "action"; readonly position: number; readonly pipe: PipeNode }
  | { readonly kind: "bool"; readonly position: number; readonly value: boolean }
  | { readonly kind: "dot"; readonly position: number }
  | { readonly kind: "nil"; readonly position: number }
  | { readonly kind: "break" | "continue" | "end" | "else"; readonly position: number }
  | FieldNode
  | VariableNode
  | ChainNode
  | IdentifierNode
  | NumberNode
  | StringNode
  | PipeNode
  | CommandNode
  | ListNode
  | BranchNode
  | TemplateNode;

/** The node as Go writes it back. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "bool":
      return String(node.value);
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "break":
    case "continue":
    case "end":
    case "else":
      return `{{${node.kind}}}`;
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "variable":
      return node.names.join(".");
    case "chain":
      return (node.node.kind === "pipe" ? `(${nodeText(node.node)})` : nodeText(node.node)) + node.names.map((name) => `.${name}`).join("");
    case "identifier":
      return node.name;
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "pipe": {
      const declared = node.declared.map(nodeText).join(", ");
      const head = declared === "" ? "" : `${declared} ${node.isAssignment ? "=" : ":="} `;
      return head + node.commands.map(nodeText).join(" | ");
    }
    case "command":
      return node.args.map((arg) => (arg.kind === "pipe" ? `(${nodeText(arg)})` : nodeText(arg))).join(" ");
    case "list":
      return node.nodes.map(nodeText).join("");
    case "if":
    case "range":
    case "with": {
      const otherwise = node.otherwise ? `{{else}}${nodeText(node.otherwise)}` : "";
      return `{{${node.kind} ${nodeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
    }
    case "template":
      return `{{template ${quote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
  }
}
