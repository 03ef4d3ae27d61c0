/**
 * What is wrong with shell text, as facts. The words for it are each flavour's own (`wording.ts`).
 */

export type SyntaxProblem = {
  /** The line where the parser gave up, counted from the parser's first line. */
  readonly line: number;
  /** More text could still make it right: an interactive shell asks for another line. */
  readonly incomplete: boolean;
  readonly fault: SyntaxFault;
  /** The text of the line with the fault. */
  readonly sourceLine: string;
};

export type SyntaxFault =
  | {
      readonly kind: "unexpected";
      readonly token: TokenName;
      readonly expecting: string | undefined;
      /** The innermost construct that was open, and where it began. */
      readonly within: { readonly opener: string; readonly line: number } | undefined;
      /** It happened inside `$(…)`. */
      readonly inSubstitution: boolean;
    }
  /** The text ended inside quotes or an expansion. `startLine`: where it was opened. */
  | { readonly kind: "unterminated"; readonly opener: "'" | '"' | "`" | "$(" | "${" | "$((" | "((" | "("; readonly startLine: number }
  | { readonly kind: "bad-for-variable" }
  | { readonly kind: "bad-function-name" }
  | { readonly kind: "bad-fd-number" }
  /** `[[ … ]]` went wrong at a token. */
  | { readonly kind: "conditional"; readonly message: string; readonly near: string }
  | { readonly kind: "not-simulated"; readonly what: string };

/** A token as messages name it. */
export type TokenName =
  | { readonly kind: "end-of-file" | "newline" | "redirection"; readonly text: string }
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "keyword" | "operator"; readonly text: string };

/** Thrown inside the parser and caught at its door. */
export class SyntaxFailure extends Error {
  override readonly name = "SyntaxFailure";
  readonly problem: SyntaxProblem;
  constructor(problem: SyntaxProblem) {
    super(problem.fault.kind);
    this.problem = problem;
  }
}
