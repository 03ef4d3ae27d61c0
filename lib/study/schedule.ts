/**
 * When something is due again: FSRS, by the reference library `ts-fsrs`, folded over a card's reviews.
 *
 * A card is whatever comes back: an item, a misconception, a skill from a lab. It is nothing but its log; its state is computed, so
 * that undoing a rating is leaving out the last review, and two devices' logs can be merged.
 */

import { createEmptyCard, fsrs, generatorParameters, Rating, type Card as FsrsCard } from "ts-fsrs";

export type Grade = "again" | "hard" | "good" | "easy";

/** `at` in milliseconds since 1970. */
export type Review = { readonly at: number; readonly grade: Grade };

export type CardState = {
  readonly due: number;
  /** Days until recall falls to the wanted share. */
  readonly stability: number;
  readonly difficulty: number;
  readonly reviews: number;
  readonly lapses: number;
};

export type ScheduleOptions = { /** The share of reviews that should be right. */ readonly retention: number };

export const DEFAULT_SCHEDULE: ScheduleOptions = { retention: 0.9 };

const GRADES: Readonly<Record<Grade, Rating.Again | Rating.Hard | Rating.Good | Rating.Easy>> = {
  again: Rating.Again,
  hard: Rating.Hard,
  good: Rating.Good,
  easy: Rating.Easy,
};

/** What a first answer says: slow or helped answers count as hard. */
export function gradeOf(answer: { readonly correct: boolean; readonly ms: number; readonly helped: boolean }): Grade {
  if (!answer.correct) return "again";
  return answer.helped || answer.ms > 90_000 ? "hard" : "good";
}

/** Where a card stands after its reviews, in order of time. `undefined` before the first. */
export function foldReviews(reviews: readonly Review[], options: ScheduleOptions = DEFAULT_SCHEDULE): CardState | undefined {
  const card = foldCard(reviews, options);
  return (
    card && { due: card.due.getTime(), stability: card.stability, difficulty: card.difficulty, reviews: card.reps, lapses: card.lapses }
  );
}

/** The chance, 0 to 1, that the card would be answered rightly now. */
export function recallAt(reviews: readonly Review[], now: number, options: ScheduleOptions = DEFAULT_SCHEDULE): number {
  const card = foldCard(reviews, options);
  return card ? scheduler(options).get_retrievability(card, now, false) : 0;
}

/** What would become due when, were it graded now: for the buttons. */
export function preview(
  reviews: readonly Review[],
  now: number,
  options: ScheduleOptions = DEFAULT_SCHEDULE,
): Readonly<Record<Grade, number>> {
  const due = (grade: Grade): number => foldReviews([...reviews, { at: now, grade }], options)?.due ?? now;
  return { again: due("again"), hard: due("hard"), good: due("good"), easy: due("easy") };
}

export type Due = { readonly id: string; readonly due: number; readonly recall: number };

/** What is due, the most forgotten first, and no more than the day's limit allows. */
export function queueOf(
  cards: ReadonlyMap<string, readonly Review[]>,
  now: number,
  limit: { readonly perDay: number; readonly doneToday: number },
  options: ScheduleOptions = DEFAULT_SCHEDULE,
): readonly Due[] {
  const due: Due[] = [];
  for (const [id, reviews] of cards) {
    const state = foldReviews(reviews, options);
    if (state && state.due <= now) due.push({ id, due: state.due, recall: recallAt(reviews, now, options) });
  }
  due.sort((a, b) => a.recall - b.recall || a.due - b.due || (a.id < b.id ? -1 : 1));
  return due.slice(0, Math.max(0, limit.perDay - limit.doneToday));
}

/** How many cards fall due on each of the next days (today, with what is overdue, first). */
export function forecast(
  cards: ReadonlyMap<string, readonly Review[]>,
  now: number,
  days: number,
  options: ScheduleOptions = DEFAULT_SCHEDULE,
): readonly number[] {
  const counts = new Array<number>(days).fill(0);
  for (const reviews of cards.values()) {
    const state = foldReviews(reviews, options);
    if (!state) continue;
    const day = Math.max(0, Math.floor((state.due - now) / 86_400_000));
    if (day < days) counts[day] = (counts[day] ?? 0) + 1;
  }
  return counts;
}

function scheduler(options: ScheduleOptions): ReturnType<typeof fsrs> {
  return fsrs(generatorParameters({ request_retention: options.retention, enable_fuzz: false }));
}

function foldCard(reviews: readonly Review[], options: ScheduleOptions): FsrsCard | undefined {
  const [first] = reviews;
  if (!first) return undefined;
  const rule = scheduler(options);
  return reviews.reduce<FsrsCard>((card, review) => rule.next(card, review.at, GRADES[review.grade]).card, createEmptyCard(first.at));
}
