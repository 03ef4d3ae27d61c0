/** Which items a practice set asks, and in which order. */

import type { Item } from "@/lib/content";
import type { AnswerRecord } from "@/lib/db";

/**
 * What was wrong last time and what was never seen comes before what was right; within each, what was asked longest ago.
 * `random` decides between equals, and the order in which the chosen are asked.
 */
export function chooseItems(
  items: readonly Item[],
  answers: readonly AnswerRecord[],
  count: number,
  random: () => number,
): readonly Item[] {
  const latest = new Map(answers.map((answer, at) => [answer.item, { correct: answer.correct, at }]));
  const rank = (item: Item): number => (latest.get(item.id)?.correct === true ? 1 : 0);
  const askedAt = (item: Item): number => latest.get(item.id)?.at ?? -1;
  const chosen = shuffle(items, random)
    .sort((a, b) => rank(a) - rank(b) || askedAt(a) - askedAt(b))
    .slice(0, count);
  return shuffle(chosen, random);
}

/** Fisher and Yates. */
export function shuffle<T>(values: readonly T[], random: () => number): T[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [shuffled[i], shuffled[j]];
    if (a === undefined || b === undefined) continue;
    shuffled[i] = b;
    shuffled[j] = a;
  }
  return shuffled;
}
