/** What a learner got wrong last, and the beliefs that wrong answers showed. */

import type { Item } from "@/lib/content";
import type { AnswerRecord } from "@/lib/db";
import { beliefsOf, beliefsShown } from "@/lib/practice/items";

/** The items whose latest answer was wrong. */
export function mistakesIn(items: readonly Item[], answers: readonly Pick<AnswerRecord, "item" | "correct">[]): readonly Item[] {
  const latest = new Map(answers.map(({ item, correct }) => [item, correct]));
  return items.filter(({ id }) => latest.get(id) === false);
}

export type ShownBelief = {
  /** Of the misconception. */
  readonly id: string;
  /** How many answers showed it. */
  readonly times: number;
  readonly lastAt: Date;
  /** Right answers since then to items that could have shown it. */
  readonly overcome: number;
};

/** After so many right answers a belief is no longer held against a learner. */
export const OVERCOME = 3;

/** `answers` in order of time. Those shown most often come first, of equals the one shown last. */
export function beliefsIn(
  items: readonly Item[],
  answers: readonly Pick<AnswerRecord, "item" | "chosen" | "correct" | "at">[],
): readonly ShownBelief[] {
  const known = new Map(items.map((item) => [item.id, item]));
  const found = new Map<string, ShownBelief>();
  for (const { item: id, chosen, correct, at } of answers) {
    const item = known.get(id);
    if (!item) continue;
    for (const belief of beliefsShown(item, chosen))
      found.set(belief, { id: belief, times: (found.get(belief)?.times ?? 0) + 1, lastAt: at, overcome: 0 });
    for (const belief of correct ? beliefsOf(item) : []) {
      const before = found.get(belief);
      if (before) found.set(belief, { ...before, overcome: before.overcome + 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.times - a.times || b.lastAt.getTime() - a.lastAt.getTime() || (a.id < b.id ? -1 : 1));
}

export function isHeld({ overcome }: ShownBelief): boolean {
  return overcome < OVERCOME;
}
