/** Evaluates `[[ … ]]`. Operands are not split, the right side of `==` is a pattern and of `=~` a regular expression. */

import type { Routine } from "@/lib/sim/core/task";
import { testFile, testUnary } from "../builtins/test-primaries";
import type { Conditional } from "../syntax/ast";
import { toPosixRegex } from "./posix-regex";
import type { Shell } from "./shell";
import { trace } from "./trace";
import { ShellError } from "./unwind";

/** 0 true, 1 false, 2 an expression that cannot be. */
export function* evaluateConditional(shell: Shell, expression: Conditional): Routine<number> {
  switch (expression.kind) {
    case "and": {
      const left = yield* evaluateConditional(shell, expression.left);
      return left === 0 ? yield* evaluateConditional(shell, expression.right) : left;
    }
    case "or": {
      const left = yield* evaluateConditional(shell, expression.left);
      return left === 0 ? 0 : yield* evaluateConditional(shell, expression.right);
    }
    case "not": {
      const status = yield* evaluateConditional(shell, expression.operand);
      return status === 0 ? 1 : status === 1 ? 0 : status;
    }
    case "unary": {
      const operand = yield* shell.expander.text(expression.operand);
      if (shell.options.xtrace) yield* trace(shell, ["[[", expression.operator, operand, "]]"]);
      return testUnary(shell, expression.operator, operand) ? 0 : 1;
    }
    case "binary":
      return yield* binary(shell, expression);
  }
}

function* binary(shell: Shell, expression: Conditional & { readonly kind: "binary" }): Routine<number> {
  const { operator } = expression;
  const left = yield* shell.expander.text(expression.left);
  if (operator === "=~") {
    const source = yield* shell.expander.regex(expression.right);
    return matchRegex(shell, left, source);
  }
  if (operator === "==" || operator === "=" || operator === "!=") {
    const pattern = yield* shell.expander.pattern(expression.right);
    if (shell.options.xtrace) yield* trace(shell, ["[[", left, operator, yield* shell.expander.text(expression.right), "]]"]);
    return pattern.matches(left) === (operator !== "!=") ? 0 : 1;
  }
  const right = yield* shell.expander.text(expression.right);
  if (shell.options.xtrace) yield* trace(shell, ["[[", left, operator, right, "]]"]);
  switch (operator) {
    case "<":
      return left < right ? 0 : 1;
    case ">":
      return left > right ? 0 : 1;
    case "-nt":
    case "-ot":
    case "-ef":
      return testFile(shell, left, operator, right) ? 0 : 1;
  }
  const a = yield* numberOf(shell, left);
  const b = yield* numberOf(shell, right);
  if (a === undefined || b === undefined) return 1;
  const holds = { "-eq": a === b, "-ne": a !== b, "-lt": a < b, "-le": a <= b, "-gt": a > b, "-ge": a >= b }[operator] ?? false;
  return holds ? 0 : 1;
}

/** An operand of `-eq` and its like is an arithmetic expression. One that is wrong is only reported. */
function* numberOf(shell: Shell, text: string): Routine<bigint | undefined> {
  try {
    return shell.arithmetic.evaluate(text);
  } catch (error) {
    if (!(error instanceof ShellError) || error.isFatal) throw error;
    const { commandName } = shell;
    shell.commandName = "[[";
    yield* shell.complain(error.message);
    shell.commandName = commandName;
    return undefined;
  }
}

function matchRegex(shell: Shell, text: string, source: string): number {
  const regex = toPosixRegex(source, shell.options.ignoreCase);
  if (!regex) return 2;
  const match = regex.exec(text);
  const groups = new Map((match ?? []).map((group, i) => [i, group ?? ""] as const));
  shell.variables.setArray("BASH_REMATCH", groups);
  return match ? 0 : 1;
}
