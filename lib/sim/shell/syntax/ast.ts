/**
 * What the parser makes of shell text: words and commands.
 *
 * One tree for the three flavours. It follows the shape of dash's nodetypes (nodes.c): a list is a sequence of commands,
 * a pipeline of one command is that command. What only bash has is marked so; the other dialects never produce it.
 */

import type { SyntaxProblem } from "./problem";

/** A word before expansion. `text` is how it was written, for job listings and messages. */
export type Word = { readonly parts: readonly Part[]; readonly text: string };

export type Part =
  /** Unquoted text; glob characters in it are active. */
  | { readonly kind: "literal"; readonly text: string }
  /** `'…'`, `$'…'` or an escaped character. */
  | { readonly kind: "quoted"; readonly text: string }
  /** `"…"`. */
  | { readonly kind: "double"; readonly parts: readonly Part[] }
  /** `~` or `~user` where it is expanded. */
  | { readonly kind: "tilde"; readonly user: string }
  | ParameterPart
  /** `$(…)` or backquotes. */
  | { readonly kind: "command"; readonly body: Node | undefined; readonly text: string }
  /** `$((…))`: the expression is expanded as if it were in double quotes, then evaluated. */
  | { readonly kind: "arithmetic"; readonly expression: readonly Part[]; readonly text: string }
  /** `<(…)`, `>(…)`: bash and ash. */
  | { readonly kind: "process"; readonly direction: "<" | ">"; readonly body: Node | undefined; readonly text: string };

export type ParameterPart = {
  readonly kind: "parameter";
  readonly name: string;
  /** `[…]` after the name (bash). */
  readonly subscript: Subscript | undefined;
  /** `${!name}` (bash). */
  readonly indirect: boolean;
  readonly operation: ParameterOperation | undefined;
  /** As written, for messages. */
  readonly text: string;
};

export type Subscript = { readonly kind: "all"; readonly join: "@" | "*" } | { readonly kind: "index"; readonly word: Word };

export type ParameterOperation =
  /** `${#name}`. */
  | { readonly kind: "length" }
  | { readonly kind: "default"; readonly operator: "-" | "=" | "?" | "+"; readonly orNull: boolean; readonly word: Word }
  | { readonly kind: "remove"; readonly operator: "#" | "##" | "%" | "%%"; readonly pattern: Word }
  | { readonly kind: "replace"; readonly anchor: "" | "/" | "#" | "%"; readonly pattern: Word; readonly replacement: Word | undefined }
  | { readonly kind: "slice"; readonly offset: Word; readonly length: Word | undefined }
  | { readonly kind: "case"; readonly operator: "^" | "^^" | "," | ",," | "~" | "~~"; readonly pattern: Word | undefined }
  /** `${name@Q}`. */
  | { readonly kind: "transform"; readonly operator: string }
  /** `${!prefix*}`, `${!prefix@}`. */
  | { readonly kind: "names"; readonly join: "@" | "*" }
  /** `${!array[@]}`. */
  | { readonly kind: "keys"; readonly join: "@" | "*" }
  /** A form the dialect does not have: refused when it is expanded, as the shells do. */
  | { readonly kind: "bad" };

export type Assignment = {
  readonly name: string;
  readonly subscript: Word | undefined;
  readonly append: boolean;
  readonly value: { readonly kind: "scalar"; readonly word: Word } | { readonly kind: "array"; readonly elements: readonly ArrayElement[] };
  readonly text: string;
};

export type ArrayElement = { readonly subscript: Word | undefined; readonly append: boolean; readonly word: Word };

/** An argument; in an argument of `declare` and its like a `name=value` is kept as an assignment. */
export type Argument = Word & { readonly assignment?: Assignment };

export type RedirectOperator = "<" | ">" | ">>" | ">|" | "<>" | "<&" | ">&" | "&>" | "&>>" | "<<<";

export type Redirect =
  | { readonly kind: "file"; readonly operator: RedirectOperator; readonly fd: RedirectFd; readonly target: Word }
  | { readonly kind: "here"; readonly fd: RedirectFd; readonly body: HereBody };

/** The number before the operator, `{name}` (bash), or the operator's own default. */
export type RedirectFd = number | { readonly variable: string } | undefined;

/** Filled in when the lines after the command have been read. */
export type HereBody = {
  parts: readonly Part[];
  readonly delimiter: string;
  readonly stripTabs: boolean;
  readonly quoted: boolean;
  text: string;
};

export type SimpleCommand = {
  readonly kind: "simple";
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly Argument[];
  readonly redirects: readonly Redirect[];
};

type Compound = { readonly line: number; readonly redirects: readonly Redirect[] };

export type CompoundCommand = Compound &
  (
    | { readonly kind: "subshell"; readonly body: Node }
    | { readonly kind: "group"; readonly body: Node }
    | {
        readonly kind: "if";
        readonly clauses: readonly { readonly test: Node; readonly body: Node }[];
        readonly otherwise: Node | undefined;
      }
    | { readonly kind: "while"; readonly until: boolean; readonly test: Node; readonly body: Node }
    /** Without `words`: over the positional parameters. */
    | { readonly kind: "for"; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: Node }
    | { readonly kind: "select"; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: Node }
    | {
        readonly kind: "for-arithmetic";
        readonly init: readonly Part[];
        readonly test: readonly Part[];
        readonly step: readonly Part[];
        readonly body: Node;
        readonly text: string;
      }
    | { readonly kind: "case"; readonly word: Word; readonly items: readonly CaseItem[] }
    /** `((…))`. */
    | { readonly kind: "arithmetic"; readonly expression: readonly Part[]; readonly text: string }
    /** `[[ … ]]`. */
    | { readonly kind: "conditional"; readonly expression: Conditional }
  );

export type CaseItem = { readonly patterns: readonly Word[]; readonly body: Node | undefined; readonly terminator: ";;" | ";&" | ";;&" };

export type Conditional =
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Word }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly kind: "not"; readonly operand: Conditional }
  | { readonly kind: "and" | "or"; readonly left: Conditional; readonly right: Conditional };

export type FunctionDefinition = { readonly kind: "function"; readonly line: number; readonly name: string; readonly body: Node };

export type Node =
  | SimpleCommand
  | CompoundCommand
  | FunctionDefinition
  | { readonly kind: "pipeline"; readonly commands: readonly Node[] }
  | { readonly kind: "not"; readonly command: Node | undefined }
  /** `time` as a keyword (bash). */
  | { readonly kind: "time"; readonly posix: boolean; readonly command: Node | undefined }
  | { readonly kind: "and" | "or"; readonly left: Node; readonly right: Node }
  | { readonly kind: "sequence"; readonly commands: readonly Node[] }
  | { readonly kind: "background"; readonly command: Node }
  /** Text that cannot be read; bash finds out only when it runs it (backquotes). */
  | { readonly kind: "invalid"; readonly problem: SyntaxProblem };
