/** Where a learner stands with a lesson: its three items, by their last answer. */

import type { Lesson } from "@/lib/content";
import type { AnswerRecord } from "@/lib/db";

export type LessonStanding = { readonly right: number; readonly answered: number; readonly of: number };

export function standingOf(lesson: Pick<Lesson, "items">, answers: readonly Pick<AnswerRecord, "item" | "correct">[]): LessonStanding {
  const latest = new Map(answers.map(({ item, correct }) => [item, correct]));
  const mine = lesson.items.flatMap((id) => latest.get(id) ?? []);
  return { right: mine.filter(Boolean).length, answered: mine.length, of: lesson.items.length };
}
