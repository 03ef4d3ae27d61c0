/**
 * What a question's component shares with the card around it, whatever the format: what is chosen at first, when that can be sent,
 * and what stands against it. What is chosen is a list of texts, as the server takes it (lib/practice/items/judge.ts); while a match
 * or a drawn fault is not complete it holds less.
 */

import type { Answer, Question, QuestionOf } from "@/lib/practice/items";
import { readNumber } from "@/lib/practice/items/number";

export type FormatProps<F extends Question["format"]> = {
  readonly question: QuestionOf<F>;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  /** Enter, where the component takes it itself. */
  readonly onSend: () => void;
  /** Of the words that stand against what was typed; undefined: nothing does. */
  readonly problemId: string | undefined;
  /** What was said to the answer; undefined: it has not been given. */
  readonly told: Extract<Answer, { readonly format: F }> | undefined;
};

export function firstChoice(question: Question): readonly string[] {
  return question.format === "order" ? question.steps.map(({ id }) => id) : [];
}

export function isReady(question: Question, chosen: readonly string[]): boolean {
  switch (question.format) {
    case "choice":
      return chosen.length === question.choose;
    case "order":
      return true;
    case "match":
      return chosen.length === question.left.length;
    case "command":
    case "number":
      return (chosen[0] ?? "").trim() !== "";
    case "spot":
      return chosen.length === 2 && chosen.every((id) => id !== "");
  }
}

/** What is wrong with an answer before it is worth sending. */
export function problemOf(question: Question, chosen: readonly string[]): string | undefined {
  if (question.format !== "number" || readNumber(chosen[0] ?? "") !== undefined) return undefined;
  return "This is not a number. Write digits only, such as 24 or 0.5.";
}

/** Ids of what is shown to be chosen or arranged, in the order shown. */
export function shownIdsOf(question: Question): string[] {
  switch (question.format) {
    case "choice":
    case "spot":
      return question.options.map(({ id }) => id);
    case "order":
      return question.steps.map(({ id }) => id);
    case "match":
      return question.left.map(({ id }) => id);
    case "command":
    case "number":
      return [];
  }
}

/** `wrong` of an answer, in the words of its format. */
export function verdictOf(question: Question, correct: boolean): string {
  if (correct) return "Right.";
  switch (question.format) {
    case "choice":
      return question.several ? "Not this set." : "Wrong.";
    case "order":
      return "Not in this order.";
    case "match":
      return "Not all of them.";
    default:
      return "Wrong.";
  }
}
