/** Reviews: what is due, one item at a time, and what each answer makes of it. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Item, Lab, Misconception } from "@/lib/content";
import {
  addAnswer,
  addReviews,
  type AnswerRecord,
  type Db,
  lastReviewedAnswer,
  listAnswers,
  listReviews,
  readSettings,
  regrade,
  removeReviews,
  type ReviewRecord,
} from "@/lib/db";
import { beliefsOf, beliefsShown, type Question, type Shuffle, type Told, toQuestion } from "@/lib/practice/items";
import { foldReviews, forecast, type Grade, gradeOf, preview, queueOf } from "@/lib/study/schedule";
import { z } from "zod";
import { type AnswerContext, answerBodySchema, type AnswerError, judge } from "./answers";
import { type CardRef, type Cards, cardsOf, fromKey, keyOf, reviewsOf } from "./cards";

export const FORECAST_DAYS = 14;
const DAY = 86_400_000;

const cardSchema = z.strictObject({ kind: z.enum(["item", "misconception"]), card: z.string().min(1).max(100) });

export const reviewBodySchema = answerBodySchema.omit({ mode: true }).extend({ card: cardSchema });
export type ReviewBody = z.infer<typeof reviewBodySchema>;

export const gradeBodySchema = z.strictObject({ card: cardSchema, grade: z.enum(["again", "hard", "good", "easy"]) });
export type GradeBody = z.infer<typeof gradeBodySchema>;

/** One thing to do in a session: a question, for the sake of a card. */
export type ReviewTask = {
  readonly card: ReviewBody["card"];
  readonly question: Question;
  /** Of a misconception's card: what is believed, in Markdown. It would give the answer away before it was given. */
  readonly belief?: Pick<Misconception, "id" | "belief">;
};

export type ReviewDesk = {
  readonly tasks: readonly ReviewTask[];
  readonly perDay: number;
  readonly doneToday: number;
  /** Due now in all, whatever the day's limit. */
  readonly due: number;
  /** Cards that have begun to come back. */
  readonly cards: number;
  /** When the next one falls due; undefined when none has begun. */
  readonly nextAt: number | undefined;
  /** For each of the next days how many fall due, today first. */
  readonly forecast: readonly number[];
  /** Labs to do again. */
  readonly labs: readonly { readonly id: string; readonly title: string }[];
};

export type Reviewed = {
  readonly feedback: Told;
  /** Under this number the review is graded anew or taken back. */
  readonly answer: number;
  readonly grade: Grade;
  readonly at: number;
  /** When the card would be due by each grade. */
  readonly dues: Readonly<Record<Grade, number>>;
};

export type ReviewError =
  | AnswerError
  /** The item does not bear on the card. */
  | { readonly kind: "no-such-card" }
  /** Only the last review may be changed. */
  | { readonly kind: "not-the-last" };

/** What lies on a learner's desk now. `order` puts what an item shows in the order shown; `misconceptions` puts beliefs in words. */
export async function readDesk(
  db: Db,
  items: readonly Item[],
  labs: readonly Lab[],
  learnerId: string | undefined,
  {
    now,
    order,
    misconceptions = [],
  }: { readonly now: number; readonly order: Shuffle; readonly misconceptions?: readonly Misconception[] },
): Promise<ReviewDesk> {
  const [{ reviewsPerDay }, reviews, answers] =
    learnerId === undefined
      ? [await readSettings(db, undefined), [], []]
      : await Promise.all([readSettings(db, learnerId), listReviews(db, learnerId), listAnswers(db, learnerId)]);
  const desk = deskOf(items, labs, reviews, answers, { perDay: reviewsPerDay, now, order });
  return { ...desk, tasks: desk.tasks.map((task) => withBelief(task, misconceptions)) };
}

function withBelief(task: ReviewTask, misconceptions: readonly Misconception[]): ReviewTask {
  const found = task.card.kind === "misconception" ? misconceptions.find(({ id }) => id === task.card.card) : undefined;
  return found ? { ...task, belief: { id: found.id, belief: found.belief } } : task;
}

export function deskOf(
  items: readonly Item[],
  labs: readonly Lab[],
  reviews: readonly ReviewRecord[],
  answers: readonly AnswerRecord[],
  { perDay, now, order }: { readonly perDay: number; readonly now: number; readonly order: Shuffle },
): ReviewDesk {
  const cards = stillThere(cardsOf(reviews), items, labs);
  const asked = new Map([...cards].filter(([key]) => fromKey(key).kind !== "lab"));
  const doneToday = countToday(asked, now);
  const everything = queueOf(asked, now, { perDay: Number.POSITIVE_INFINITY, doneToday: 0 });
  const today = queueOf(asked, now, { perDay, doneToday });
  const dueAt = [...cards.values()].flatMap((log) => foldReviews(log)?.due ?? []);
  return {
    tasks: toTasks(
      today.map(({ id }) => fromKey(id)),
      items,
      answers,
      order,
    ),
    perDay,
    doneToday,
    due: everything.length,
    cards: cards.size,
    nextAt: dueAt.length === 0 ? undefined : Math.min(...dueAt),
    forecast: forecast(cards, now, FORECAST_DAYS),
    labs: labs.flatMap(({ id, title }) => {
      const due = foldReviews(cards.get(keyOf({ kind: "lab", card: id })) ?? [])?.due;
      return due !== undefined && due <= now ? [{ id, title }] : [];
    }),
  };
}

/** Judges an answer given in review, keeps it, and reviews what it bears on. */
export async function recordReview(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  body: ReviewBody,
  { now, run }: AnswerContext,
): Promise<Result<Reviewed, ReviewError>> {
  const judged = await judge(items, body, run);
  if (!judged.ok) return judged;
  const { item, told } = judged.value;
  const { card, ...shown } = body;
  const isOwn = card.kind === "item" ? card.card === item.id : beliefsOf(item).includes(card.card);
  const cards = cardsOf(await listReviews(db, learnerId));
  const log = cards.get(keyOf(card));
  if (!isOwn || !log) return fail({ kind: "no-such-card" });

  // A belief is overcome when the option that stands for it was not chosen, whatever else was wrong.
  const isHeld = beliefsShown(item, body.chosen).includes(card.card);
  const correct = card.kind === "item" ? told.correct : !isHeld;
  const grade = gradeOf({ correct, ms: body.ms, helped: false });
  const answerId = await addAnswer(db, { ...shown, topic: item.topic, learnerId, correct: told.correct, mode: "review", at: now });
  const found = reviewsOf({ item, chosen: body.chosen, correct: told.correct, grade, cards, now: now.getTime(), asked: card });
  await addReviews(
    db,
    found.map((review) => ({ ...review, learnerId, answerId, at: now })),
  );
  return ok({ feedback: told, answer: answerId, grade, at: now.getTime(), dues: preview(log, now.getTime()) });
}

/** Grades the last review as the learner says. */
export async function changeGrade(
  db: Db,
  learnerId: string,
  answerId: number,
  { card, grade }: GradeBody,
): Promise<Result<Grade, ReviewError>> {
  if ((await lastReviewedAnswer(db, learnerId)) !== answerId) return fail({ kind: "not-the-last" });
  return (await regrade(db, { learnerId, answerId, ...card }, grade)) ? ok(grade) : fail({ kind: "no-such-card" });
}

/** Takes the last review back: its cards are due as before. The answer stays in the history. */
export async function undoReview(db: Db, learnerId: string, answerId: number): Promise<Result<number, ReviewError>> {
  if ((await lastReviewedAnswer(db, learnerId)) !== answerId) return fail({ kind: "not-the-last" });
  return ok(await removeReviews(db, learnerId, answerId));
}

/** Cards whose item, misconception or lab is still in the content. */
export function stillThere(cards: Cards, items: readonly Item[], labs: readonly Lab[]): Cards {
  const there = new Set([
    ...items.map(({ id }) => keyOf({ kind: "item", card: id })),
    ...items.flatMap((item) => beliefsOf(item).map((card) => keyOf({ kind: "misconception", card }))),
    ...labs.map(({ id }) => keyOf({ kind: "lab", card: id })),
  ]);
  return new Map([...cards].filter(([key]) => there.has(key)));
}

/** Repetitions since midnight (UTC). Reviews of one answer are one; the first of a card is no repetition. */
function countToday(cards: Cards, now: number): number {
  const midnight = now - (now % DAY);
  return new Set([...cards.values()].flatMap((log) => log.slice(1).flatMap(({ at }) => (at >= midnight ? [at] : [])))).size;
}

/** A question for each card, and none twice. A misconception is asked by the item that was asked longest ago. */
function toTasks(
  cards: readonly CardRef[],
  items: readonly Item[],
  answers: readonly AnswerRecord[],
  order: Shuffle,
): readonly ReviewTask[] {
  const lastAsked = new Map(answers.map(({ item, at }) => [item, at.getTime()]));
  const taken = new Set<string>();
  return cards.flatMap(({ kind, card }): ReviewTask[] => {
    if (kind === "lab") return [];
    const fitting = kind === "item" ? items.filter(({ id }) => id === card) : items.filter((item) => beliefsOf(item).includes(card));
    const item = [...fitting].sort((a, b) => (lastAsked.get(a.id) ?? 0) - (lastAsked.get(b.id) ?? 0)).find(({ id }) => !taken.has(id));
    if (!item) return [];
    taken.add(item.id);
    return [{ card: { kind, card }, question: toQuestion(item, order) }];
  });
}
