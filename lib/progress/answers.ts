/** Answers in practice: what is shown of an item before the answer, and what is told after it. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Item, Option } from "@/lib/content";
import { addAnswer, addReviews, type Db, listReviews } from "@/lib/db";
import { gradeOf } from "@/lib/study/schedule";
import { z } from "zod";
import { cardsOf, reviewsOf } from "./cards";

/** An item without what would give it away. */
export type Question = {
  readonly id: string;
  readonly rev: number;
  readonly topic: string;
  readonly difficulty: number;
  /** How many options are to be chosen. */
  readonly choose: number;
  readonly several: boolean;
  readonly stem: string;
  readonly options: readonly Pick<Option, "id" | "text">[];
};

export type Feedback = {
  readonly correct: boolean;
  readonly options: readonly Pick<Option, "id" | "key" | "why" | "refs">[];
  readonly refs: readonly string[];
};

export const answerBodySchema = z.strictObject({
  item: z.string().max(100),
  rev: z.int().min(1),
  /** Option ids in the order shown. */
  options: z.array(z.string().max(8)).min(2).max(12),
  chosen: z.array(z.string().max(8)).min(1).max(12),
  ms: z
    .int()
    .min(0)
    .max(24 * 3600 * 1000),
  mode: z.literal("practice"),
});

export type AnswerBody = z.infer<typeof answerBodySchema>;

export type AnswerError =
  | { readonly kind: "no-such-item" }
  | { readonly kind: "item-revised"; readonly rev: number }
  /** The options shown or chosen are not those of the item. */
  | { readonly kind: "options-differ"; readonly path: "options" | "chosen" };

/** The question as one learner sees it: `order` puts the options in their order. */
export function toQuestion(item: Item, order: (options: readonly Option[]) => readonly Option[]): Question {
  return {
    id: item.id,
    rev: item.rev,
    topic: item.topic,
    difficulty: item.difficulty,
    choose: item.options.filter((option) => option.key).length,
    several: item.format === "mr",
    stem: item.stem,
    options: order(item.options).map(({ id, text }) => ({ id, text })),
  };
}

/** Judges an answer, keeps it, and tells why each option is right or wrong. What it says about cards goes to their reviews. */
export async function recordAnswer(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  body: AnswerBody,
  now: Date = new Date(),
): Promise<Result<Feedback, AnswerError>> {
  const judged = judge(items, body);
  if (!judged.ok) return judged;
  const { item, feedback } = judged.value;
  const cards = cardsOf(await listReviews(db, learnerId));
  const { item: _, ...shown } = body;
  const answerId = await addAnswer(db, { ...shown, item: item.id, topic: item.topic, learnerId, correct: feedback.correct, at: now });
  const grade = gradeOf({ correct: feedback.correct, ms: body.ms, helped: false });
  const reviews = reviewsOf({ item, chosen: body.chosen, correct: feedback.correct, grade, cards, now: now.getTime() });
  await addReviews(
    db,
    reviews.map((review) => ({ ...review, learnerId, answerId, at: now })),
  );
  return ok(feedback);
}

/** Whether what was shown and chosen are the item's options, and if so, what is right about them. */
export function judge(
  items: readonly Item[],
  body: Pick<AnswerBody, "item" | "rev" | "options" | "chosen">,
): Result<{ readonly item: Item; readonly feedback: Feedback }, AnswerError> {
  const item = items.find((candidate) => candidate.id === body.item);
  if (!item) return fail({ kind: "no-such-item" });
  if (item.rev !== body.rev) return fail({ kind: "item-revised", rev: item.rev });
  const ids = item.options.map((option) => option.id);
  if (!isSame(body.options, ids)) return fail({ kind: "options-differ", path: "options" });
  if (new Set(body.chosen).size !== body.chosen.length || !body.chosen.every((id) => ids.includes(id))) {
    return fail({ kind: "options-differ", path: "chosen" });
  }
  const correct = isSame(
    body.chosen,
    item.options.filter((option) => option.key).map((option) => option.id),
  );
  return ok({
    item,
    feedback: {
      correct,
      options: item.options.map(({ id, key, why, refs }) => ({ id, key, why, ...(refs ? { refs } : {}) })),
      refs: item.refs,
    },
  });
}

/** As sets: the order does not matter. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join() === [...b].sort().join();
}
