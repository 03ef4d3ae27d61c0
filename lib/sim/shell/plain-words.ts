/** Command lines taken apart without being run: for whoever looks at what was written rather than at what it does. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Node, Part, SimpleCommand, Word } from "./syntax/ast";
import { BASH } from "./syntax/dialect";
import { Parser } from "./syntax/parser";

/** The words of one plain command: quotes are taken off; anything the shell would expand or run besides is refused, in our words. */
export function plainWords(line: string): Result<readonly string[], string> {
  const parsed = nodesOf(line);
  if (!parsed.ok) return parsed;
  const [node, ...more] = parsed.value;
  if (!node) return fail("there is no command");
  if (more.length > 0 || node.kind !== "simple" || node.redirects.length > 0 || node.assignments.length > 0)
    return fail("one command is wanted, without pipes, redirections or variables");
  const words: string[] = [];
  for (const word of node.words) {
    const text = fixedText(word.parts);
    if (text === undefined) return fail(`\`${word.text}\` would be expanded by the shell: write it out`);
    words.push(text);
  }
  return ok(words);
}

/** All simple commands in a text, however they are joined. A word that the shell would expand stands as it was written. */
export function simpleCommandsIn(text: string): Result<readonly (readonly string[])[], string> {
  const parsed = nodesOf(text);
  if (!parsed.ok) return parsed;
  return ok(
    parsed.value
      .flatMap(simpleIn)
      .map((command) => command.words.map((word) => fixedText(word.parts) ?? word.text))
      .filter((words) => words.length > 0),
  );
}

function nodesOf(text: string): Result<readonly Node[], string> {
  const parser = new Parser(text, { dialect: BASH });
  const nodes: Node[] = [];
  for (;;) {
    const parsed = parser.next();
    if (parsed.kind === "end") return ok(nodes);
    if (parsed.kind === "problem") return fail("the shell cannot read this: a quote or a bracket is left open");
    nodes.push(parsed.node);
  }
}

function simpleIn(node: Node): readonly SimpleCommand[] {
  switch (node.kind) {
    case "simple":
      return [node, ...node.words.flatMap(substitutedIn)];
    case "pipeline":
    case "sequence":
      return node.commands.flatMap(simpleIn);
    case "and":
    case "or":
      return [...simpleIn(node.left), ...simpleIn(node.right)];
    case "background":
      return simpleIn(node.command);
    case "not":
    case "time":
      return node.command ? simpleIn(node.command) : [];
    default:
      return bodiesOf(node).flatMap(simpleIn);
  }
}

function substitutedIn(word: Word): readonly SimpleCommand[] {
  const inParts = (parts: readonly Part[]): readonly SimpleCommand[] =>
    parts.flatMap((part) => {
      if (part.kind === "double") return inParts(part.parts);
      return (part.kind === "command" || part.kind === "process") && part.body ? simpleIn(part.body) : [];
    });
  return inParts(word.parts);
}

/** The commands inside a loop, a condition or a function. */
function bodiesOf(node: object): readonly Node[] {
  return Object.values(node).flatMap((value: unknown): Node[] => {
    if (Array.isArray(value)) return value.flatMap((one) => (isObject(one) ? (isNode(one) ? [one] : [...bodiesOf(one)]) : []));
    return isObject(value) && isNode(value) ? [value] : [];
  });
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const NODE_KINDS = new Set(["simple", "pipeline", "sequence", "and", "or", "background", "not", "time", "function"]);
const isNode = (value: object): value is Node =>
  "kind" in value && typeof value.kind === "string" && (NODE_KINDS.has(value.kind) || "redirects" in value);

/** What a word is in any surroundings; undefined when it depends on them. */
function fixedText(parts: readonly Part[]): string | undefined {
  let text = "";
  for (const part of parts) {
    if (part.kind === "literal") {
      if (/[*?]/.test(part.text)) return undefined;
      text += part.text;
    } else if (part.kind === "quoted") text += part.text;
    else if (part.kind === "double") {
      const inner = fixedText(part.parts);
      if (inner === undefined) return undefined;
      text += inner;
    } else return undefined;
  }
  return text;
}
