/** Answers to items. */

import type { Db } from "./client";
import type { AnswerMode } from "./generated/sqlite/enums.ts";

export type { AnswerMode };

export type NewAnswer = {
  readonly learnerId: string;
  readonly item: string;
  readonly rev: number;
  readonly topic: string;
  /** Option ids in the order shown. */
  readonly options: readonly string[];
  readonly chosen: readonly string[];
  readonly correct: boolean;
  readonly ms: number;
  readonly mode: AnswerMode;
};

export type AnswerRecord = {
  readonly item: string;
  readonly topic: string;
  readonly correct: boolean;
  readonly at: Date;
};

export async function addAnswer(db: Db, answer: NewAnswer): Promise<void> {
  const { options, chosen, ...rest } = answer;
  await db.answer.create({ data: { ...rest, options: JSON.stringify(options), chosen: JSON.stringify(chosen) } });
}

/** All answers of a learner, oldest first. */
export async function listAnswers(db: Db, learnerId: string): Promise<readonly AnswerRecord[]> {
  return db.answer.findMany({
    where: { learnerId },
    orderBy: { id: "asc" },
    select: { item: true, topic: true, correct: true, at: true },
  });
}
