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
  /** Now, when it is not said. */
  readonly at?: Date;
};

export type AnswerRecord = {
  readonly item: string;
  readonly topic: string;
  readonly chosen: readonly string[];
  readonly correct: boolean;
  readonly ms: number;
  readonly at: Date;
};

/** The number under which it is kept. */
export async function addAnswer(db: Db, answer: NewAnswer): Promise<number> {
  return (await db.answer.create({ data: toRow(answer), select: { id: true } })).id;
}

export function toRow({ options, chosen, ...rest }: NewAnswer) {
  return { ...rest, options: JSON.stringify(options), chosen: JSON.stringify(chosen) };
}

/** All answers of a learner, in order of time. */
export async function listAnswers(db: Db, learnerId: string): Promise<readonly AnswerRecord[]> {
  const rows = await db.answer.findMany({
    where: { learnerId },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: { item: true, topic: true, chosen: true, correct: true, ms: true, at: true },
  });
  return rows.map(({ chosen, ...rest }) => ({ ...rest, chosen: JSON.parse(chosen) as string[] }));
}
