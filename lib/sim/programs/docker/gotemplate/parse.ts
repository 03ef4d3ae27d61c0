/**
 * The parser of Go templates: text to trees, or Go's own words for why not (`template: :1: unclosed action`).
 *
 * Follows text/template/parse/parse.go as of Go 1.24 (`else with`, `break`, `continue`). It differs in that complex
 * numbers are refused. One class, as all of it shares the place in the text.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { lex, type Token, tokenText, type TokenType } from "./lex";
import type { BranchNode, ChainNode, CommandNode, ListNode, Node, NumberNode, PipeNode, TemplateNode, VariableNode } from "./node";
import { nodeText } from "./node";
import { parseFloat64, parseInteger, quote, unquote, unquoteCharacter } from "./strconv";

/** A parsed template with those it defines. */
export type Template = {
  readonly name: string;
  readonly text: string;
  readonly root: ListNode;
  /** By name; itself among them, unless it is empty and another has its name. */
  readonly set: ReadonlyMap<string, ListNode>;
};

/** Why a template cannot be parsed. Thrown inside this file only, and caught by `parseTemplate`. */
class ParseError extends Error {
  override readonly name = "ParseError";
}

export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): Result<Template, string> {
  const parser = new Parser(name, text, functions);
  try {
    return ok(parser.parse());
  } catch (error) {
    if (error instanceof ParseError) return fail(error.message);
    throw error;
  }
}

const OPERANDS: ReadonlySet<TokenType> = new Set([
  "bool",
  "char-constant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "raw-string",
  "string",
  "variable",
  "left-paren",
]);

class Parser {
  readonly #name: string;
  readonly #text: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  readonly #set = new Map<string, ListNode>();
  #at = 0;
  #latest: Token;
  #actionLine = 0;
  #rangeDepth = 0;
  #variables: string[] = ["$"];

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name;
    this.#text = text;
    this.#functions = functions;
    this.#tokens = lex(text);
    this.#latest = this.#token(0);
  }

  parse(): Template {
    const nodes: Node[] = [];
    const position = this.#peek().position;
    while (this.#peek().type !== "eof") {
      if (this.#peek().type === "left-delim") {
        const start = this.#at;
        this.#next();
        if (this.#nextNonSpace().type === "define") {
          this.#definition();
          continue;
        }
        this.#at = start;
      }
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") this.#fail(`unexpected ${nodeText(node)}`);
      nodes.push(node);
    }
    const root: ListNode = { kind: "list", position, nodes };
    this.#add(this.#name, root);
    return { name: this.#name, text: this.#text, root: this.#set.get(this.#name) ?? root, set: this.#set };
  }

  // --- tokens -------------------------------------------------------------------------------------------------------

  #token(at: number): Token {
    return this.#tokens[at] ?? this.#tokens.at(-1) ?? { type: "eof", position: 0, text: "", line: 1 };
  }

  #next(): Token {
    const token = this.#token(this.#at);
    if (this.#at < this.#tokens.length) this.#at++;
    this.#latest = token;
    return token;
  }

  #backup(): void {
    this.#at--;
  }

  #peek(): Token {
    const token = this.#token(this.#at);
    this.#latest = token;
    return token;
  }

  #nextNonSpace(): Token {
    let token = this.#next();
    while (token.type === "space") token = this.#next();
    return token;
  }

  #peekNonSpace(): Token {
    while (this.#peek().type === "space") this.#at++;
    return this.#peek();
  }

  #fail(text: string): never {
    throw new ParseError(`template: ${this.#name}:${this.#latest.line}: ${text}`);
  }

  #unexpected(token: Token, context: string): never {
    if (token.type !== "error") this.#fail(`unexpected ${tokenText(token)} in ${context}`);
    let extra = "";
    if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
      extra = ` in action started at ${this.#name}:${this.#actionLine}`;
      if (token.text.endsWith(" action")) extra = extra.slice(" in action".length);
    }
    this.#fail(tokenText(token) + extra);
  }

  #expect(types: readonly TokenType[], context: string): Token {
    const token = this.#nextNonSpace();
    if (!types.includes(token.type)) this.#unexpected(token, context);
    return token;
  }

  #unquoted(token: Token): string {
    const text = unquote(token.text);
    return text.ok ? text.value : this.#fail(text.error);
  }

  // --- structure ----------------------------------------------------------------------------------------------------

  #add(name: string, root: ListNode): void {
    const known = this.#set.get(name);
    if (!known || isEmpty(known)) this.#set.set(name, root);
    else if (!isEmpty(root)) this.#fail(`template: multiple definition of template ${quote(name)}`);
  }

  #definition(): void {
    const context = "define clause";
    const name = this.#unquoted(this.#expect(["string", "raw-string"], context));
    this.#expect(["right-delim"], context);
    const outer = { variables: this.#variables, rangeDepth: this.#rangeDepth };
    this.#variables = ["$"];
    this.#rangeDepth = 0;
    const { list, end } = this.#itemList();
    if (end.kind !== "end") this.#fail(`unexpected ${nodeText(end)} in ${context}`);
    this.#add(name, list);
    this.#variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
  }

  #itemList(): { readonly list: ListNode; readonly end: Node } {
    const nodes: Node[] = [];
    const position = this.#peekNonSpace().position;
    while (this.#peekNonSpace().type !== "eof") {
      const node = this.#textOrAction();
      if (node.kind === "end" || node.kind === "else") return { list: { kind: "list", position, nodes }, end: node };
      nodes.push(node);
    }
    return this.#fail("unexpected EOF");
  }

  #textOrAction(): Node {
    const token = this.#nextNonSpace();
    switch (token.type) {
      case "text":
        return { kind: "text", position: token.position, text: token.text };
      case "left-delim": {
        this.#actionLine = token.line;
        const node = this.#action();
        this.#actionLine = 0;
        return node;
      }
      default:
        return this.#unexpected(token, "input");
    }
  }

  #action(): Node {
    const token = this.#nextNonSpace();
    switch (token.type) {
      case "block":
        return this.#block();
      case "break":
      case "continue": {
        const after = this.#nextNonSpace();
        if (after.type !== "right-delim") this.#unexpected(after, `{{${token.type}}}`);
        if (this.#rangeDepth === 0) this.#fail(`{{${token.type}}} outside {{range}}`);
        return { kind: token.type, position: token.position };
      }
      case "else":
        return this.#elseControl();
      case "end":
        return { kind: "end", position: this.#expect(["right-delim"], "end").position };
      case "if":
      case "range":
      case "with":
        return this.#branch(token.type);
      case "template":
        return this.#template();
      default: {
        this.#backup();
        const first = this.#peek();
        return { kind: "action", position: first.position, pipe: this.#pipeline("command", "right-delim") };
      }
    }
  }

  #branch(kind: "if" | "range" | "with"): BranchNode {
    const scope = this.#variables.length;
    const pipe = this.#pipeline(kind, "right-delim");
    if (kind === "range") this.#rangeDepth++;
    const { list, end } = this.#itemList();
    if (kind === "range") this.#rangeDepth--;
    let otherwise: ListNode | undefined;
    if (end.kind === "else") {
      if ((kind === "if" && this.#peek().type === "if") || (kind === "with" && this.#peek().type === "with")) {
        // `{{else if x}}` is `{{else}}{{if x}}` whose `{{end}}` closes both.
        this.#next();
        otherwise = { kind: "list", position: end.position, nodes: [this.#branch(kind)] };
      } else {
        const rest = this.#itemList();
        if (rest.end.kind !== "end") this.#fail(`expected end; found ${nodeText(rest.end)}`);
        otherwise = rest.list;
      }
    }
    this.#variables.length = scope;
    return { kind, position: pipe.position, pipe, list, otherwise };
  }

  #elseControl(): Node {
    const peek = this.#peekNonSpace();
    if (peek.type === "if" || peek.type === "with") return { kind: "else", position: peek.position };
    return { kind: "else", position: this.#expect(["right-delim"], "else").position };
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "raw-string") this.#unexpected(token, context);
    return this.#unquoted(token);
  }

  #block(): TemplateNode {
    const context = "block clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "right-delim");
    const outer = { variables: this.#variables, rangeDepth: this.#rangeDepth };
    this.#variables = ["$"];
    this.#rangeDepth = 0;
    const { list, end } = this.#itemList();
    if (end.kind !== "end") this.#fail(`unexpected ${nodeText(end)} in ${context}`);
    this.#add(name, list);
    this.#variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
    return { kind: "template", position: token.position, name, pipe };
  }

  #template(): TemplateNode {
    const context = "template clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    let pipe: PipeNode | undefined;
    if (this.#nextNonSpace().type !== "right-delim") {
      this.#backup();
      pipe = this.#pipeline(context, "right-delim");
    }
    return { kind: "template", position: token.position, name, pipe };
  }

  // --- pipelines ----------------------------------------------------------------------------------------------------

  #pipeline(context: string, end: TokenType): PipeNode {
    const position = this.#peekNonSpace().position;
    const declared: VariableNode[] = [];
    let isAssignment = false;
    for (;;) {
      const variable = this.#peekNonSpace();
      if (variable.type !== "variable") break;
      const start = this.#at;
      this.#next();
      const next = this.#peekNonSpace();
      if (next.type === "assign" || next.type === "declare") {
        isAssignment = next.type === "assign";
        this.#nextNonSpace();
        declared.push({ kind: "variable", position: variable.position, names: variable.text.split(".") });
        this.#variables.push(variable.text);
        break;
      }
      if (next.type === "char" && next.text === ",") {
        this.#nextNonSpace();
        declared.push({ kind: "variable", position: variable.position, names: variable.text.split(".") });
        this.#variables.push(variable.text);
        if (context === "range" && declared.length < 2) {
          if (!["variable", "right-delim", "right-paren"].includes(this.#peekNonSpace().type))
            this.#fail("range can only initialize variables");
          continue;
        }
        this.#fail(`too many declarations in ${context}`);
      }
      this.#at = start;
      break;
    }
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.type === end) {
        this.#checkPipeline(commands, context);
        return { kind: "pipe", position, declared, isAssignment, commands };
      }
      if (!OPERANDS.has(token.type)) this.#unexpected(token, context);
      this.#backup();
      commands.push(this.#command());
    }
  }

  #checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    for (const [i, command] of commands.entries()) {
      const first = command.args[0]?.kind;
      if (i > 0 && (first === "bool" || first === "dot" || first === "nil" || first === "number" || first === "string")) {
        this.#fail(`non executable command in pipeline stage ${i + 1}`);
      }
    }
  }

  #command(): CommandNode {
    const position = this.#peekNonSpace().position;
    const args: Node[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand) args.push(operand);
      const token = this.#next();
      if (token.type === "space") continue;
      if (token.type === "right-delim" || token.type === "right-paren") this.#backup();
      else if (token.type !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (args.length === 0) this.#fail("empty command");
    return { kind: "command", position, args };
  }

  #operand(): Node | undefined {
    const term = this.#term();
    if (!term || this.#peek().type !== "field") return term;
    const position = this.#peek().position;
    const names: string[] = [];
    while (this.#peek().type === "field") names.push(this.#next().text.slice(1));
    switch (term.kind) {
      case "field":
        return { kind: "field", position, names: [...term.names, ...names] };
      case "variable":
        return { kind: "variable", position, names: [...term.names, ...names] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(nodeText(term))}`);
      default:
        return { kind: "chain", position, node: term, names } satisfies ChainNode;
    }
  }

  #term(): Node | undefined {
    const token = this.#nextNonSpace();
    const position = token.position;
    switch (token.type) {
      case "identifier":
        if (!this.#functions.has(token.text)) this.#fail(`function ${quote(token.text)} not defined`);
        return { kind: "identifier", position, name: token.text };
      case "dot":
        return { kind: "dot", position };
      case "nil":
        return { kind: "nil", position };
      case "variable":
        if (!this.#variables.includes(token.text)) this.#fail(`undefined variable ${quote(token.text)}`);
        return { kind: "variable", position, names: [token.text] };
      case "field":
        return { kind: "field", position, names: [token.text.slice(1)] };
      case "bool":
        return { kind: "bool", position, value: token.text === "true" };
      case "char-constant":
      case "complex":
      case "number": {
        const number = readNumber(token);
        return number.ok ? number.value : this.#fail(number.error);
      }
      case "left-paren":
        return this.#pipeline("parenthesized pipeline", "right-paren");
      case "string":
      case "raw-string":
        return { kind: "string", position, quoted: token.text, text: this.#unquoted(token) };
      default:
        this.#backup();
        return undefined;
    }
  }
}

/** Nothing but space. */
function isEmpty(node: Node): boolean {
  if (node.kind === "list") return node.nodes.every(isEmpty);
  return node.kind === "text" && node.text.trim() === "";
}

/** A constant as all the types that can hold it: Go's ideal constants. */
function readNumber(token: Token): Result<NumberNode, string> {
  const { text, position } = token;
  if (token.type === "char-constant") {
    const character = unquoteCharacter(text, 1, "'");
    if (!character.ok) return fail(character.error);
    if (text.slice(character.value.next) !== "'") return fail(`malformed character constant: ${text}`);
    const code = character.value.value.codePointAt(0) ?? 0;
    return ok({ kind: "number", position, text, int: BigInt(code), uint: BigInt(code), float: code });
  }
  if (token.type === "complex" || text.endsWith("i")) return fail(`illegal number syntax: ${quote(text)}`);
  const int = parseInteger(text, { base: 0, bits: 64, isSigned: true });
  const uint = parseInteger(text, { base: 0, bits: 64, isSigned: false });
  if (int.ok || uint.ok) {
    const value = int.ok ? int.value : uint.ok ? uint.value : 0n;
    return ok({
      kind: "number",
      position,
      text,
      int: int.ok ? int.value : undefined,
      uint: uint.ok ? uint.value : value === 0n ? 0n : undefined,
      float: Number(value),
    });
  }
  const float = parseFloat64(text);
  if (!float.ok) return fail(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) return fail(`integer overflow: ${quote(text)}`);
  const whole = Number.isInteger(float.value) && Math.abs(float.value) < 2 ** 63 ? BigInt(float.value) : undefined;
  return ok({
    kind: "number",
    position,
    text,
    int: whole,
    uint: whole !== undefined && whole >= 0n ? whole : undefined,
    float: float.value,
  });
}
