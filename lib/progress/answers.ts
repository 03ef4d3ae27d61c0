/** Answers in practice: judged, kept, and told why. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Item, type ItemOf, type Misconception, type Source, splitReference } from "@/lib/content";
import { addAnswer, addReviews, type Db, listReviews } from "@/lib/db";
import { type CommandEffect, judgeItem, needsRun, refusalOf, type Told, type Unfit } from "@/lib/practice/items";
import { gradeOf } from "@/lib/study/schedule";
import { z } from "zod";
import type { GradeFailure } from "./attempts";
import { cardsOf, reviewsOf } from "./cards";

/** What is told of an answer. Each belief that it speaks of comes in words. */
export type Feedback = Told & {
  readonly misconceptions: readonly Pick<Misconception, "id" | "belief" | "truth">[];
  /** Of the documents in `refs`: what the list of sources knows of them. */
  readonly sources: readonly Source[];
};

/** Of a command that was typed, with room for its flags. */
const LONGEST_CHOICE = 600;

export const answerBodySchema = z.strictObject({
  item: z.string().max(100),
  rev: z.int().min(1),
  /** Ids of what was to be chosen or arranged, in the order shown. */
  options: z.array(z.string().max(40)).max(12),
  /** See lib/practice/items/judge.ts. */
  chosen: z.array(z.string().max(LONGEST_CHOICE)).min(1).max(12),
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
  /** No command that the CLI would take. It counts for nothing. */
  | { readonly kind: "command-refused"; readonly message: string }
  | Unfit
  | GradeFailure;

/** Runs a command that was typed as an answer, on hosts of its own and under a limit. */
export type CommandRunner = (item: ItemOf<"cmd">, command: string) => Promise<Result<CommandEffect, GradeFailure>>;

export type AnswerContext = { readonly now: Date; readonly run: CommandRunner };

/** Judges an answer, keeps it, and tells why it is right or wrong. What it says about cards goes to their reviews. */
export async function recordAnswer(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  body: AnswerBody,
  { now, run }: AnswerContext,
): Promise<Result<Told, AnswerError>> {
  const judged = await judge(items, body, run);
  if (!judged.ok) return judged;
  const { item, told } = judged.value;
  const cards = cardsOf(await listReviews(db, learnerId));
  const { item: _, ...shown } = body;
  const answerId = await addAnswer(db, { ...shown, item: item.id, topic: item.topic, learnerId, correct: told.correct, at: now });
  const grade = gradeOf({ correct: told.correct, ms: body.ms, helped: false });
  const reviews = reviewsOf({ item, chosen: body.chosen, correct: told.correct, grade, cards, now: now.getTime() });
  await addReviews(
    db,
    reviews.map((review) => ({ ...review, learnerId, answerId, at: now })),
  );
  return ok(told);
}

/** Whether what was shown and chosen belongs to the item, and if so, what is right about it. */
export async function judge(
  items: readonly Item[],
  body: Pick<AnswerBody, "item" | "rev" | "options" | "chosen">,
  run: CommandRunner,
): Promise<Result<{ readonly item: Item; readonly told: Told }, AnswerError>> {
  const item = items.find((candidate) => candidate.id === body.item);
  if (!item) return fail({ kind: "no-such-item" });
  if (item.rev !== body.rev) return fail({ kind: "item-revised", rev: item.rev });
  const command = item.format === "cmd" && body.chosen.length === 1 ? body.chosen[0] : undefined;
  const refusal = item.format === "cmd" && command !== undefined ? refusalOf(item, command) : undefined;
  if (refusal !== undefined) return fail({ kind: "command-refused", message: refusal });
  let effect: CommandEffect | undefined;
  if (item.format === "cmd" && command !== undefined && needsRun(item, command)) {
    const ran = await run(item, command);
    if (!ran.ok) return ran;
    effect = ran.value;
  }
  const told = judgeItem(item, body, effect);
  return told.ok ? ok({ item, told: told.value }) : told;
}

/** Puts the beliefs that an answer speaks of into words, and tells of its sources what they are. `sources`: by their place. */
export function inWords(
  told: Told,
  { misconceptions, sources }: { readonly misconceptions: readonly Misconception[]; readonly sources: ReadonlyMap<string, Source> },
): Feedback {
  const places = new Set(told.refs.map((reference) => splitReference(reference).at));
  return {
    ...told,
    misconceptions: misconceptions.flatMap(({ id, belief, truth }) => (told.beliefs.includes(id) ? [{ id, belief, truth }] : [])),
    sources: [...places].flatMap((at) => sources.get(at) ?? []),
  };
}
