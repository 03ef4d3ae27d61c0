/** What everybody answered, for the statistics of items. Nobody is named: learners are numbers, given anew at each reading. */

import type { Db } from "./client";
import type { ExamItemRecord } from "./exams";
import type { AnswerMode } from "./generated/sqlite/enums.ts";

export type PooledAnswer = {
  readonly learner: number;
  readonly item: string;
  readonly rev: number;
  readonly options: readonly string[];
  readonly chosen: readonly string[];
  readonly correct: boolean;
  readonly mode: AnswerMode;
  readonly at: Date;
};

export type PooledExam = {
  readonly learner: number;
  readonly seed: string;
  readonly items: readonly ExamItemRecord[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

export type Pool = {
  /** The first answer of each learner to each item, in order of time. */
  readonly answers: readonly PooledAnswer[];
  readonly exams: readonly PooledExam[];
};

/** Another text whenever something was added to the pool. */
export async function readPoolVersion(db: Db): Promise<string> {
  const [{ _max, _count }, exams] = await Promise.all([
    db.answer.aggregate({ _max: { id: true }, _count: { id: true } }),
    db.exam.count({ where: { state: "finished" } }),
  ]);
  return `${_max.id ?? 0}/${_count.id}/${exams}`;
}

export async function readPool(db: Db): Promise<Pool> {
  const [answers, exams] = await Promise.all([
    db.answer.findMany({
      orderBy: [{ at: "asc" }, { id: "asc" }],
      select: { learnerId: true, item: true, rev: true, options: true, chosen: true, correct: true, mode: true, at: true },
    }),
    db.exam.findMany({
      where: { state: "finished", finishedAt: { not: null } },
      orderBy: [{ startedAt: "asc" }, { id: "asc" }],
      select: { learnerId: true, seed: true, items: true, startedAt: true, finishedAt: true },
    }),
  ]);
  const numbers = new Map<string, number>();
  const numberOf = (learnerId: string): number => {
    const number = numbers.get(learnerId) ?? numbers.size;
    numbers.set(learnerId, number);
    return number;
  };
  const met = new Set<string>();
  return {
    answers: answers.flatMap(({ learnerId, options, chosen, ...rest }): PooledAnswer[] => {
      const key = `${learnerId} ${rest.item}`;
      if (met.has(key)) return [];
      met.add(key);
      return [{ learner: numberOf(learnerId), ...rest, options: JSON.parse(options) as string[], chosen: JSON.parse(chosen) as string[] }];
    }),
    exams: exams.flatMap(({ learnerId, items, startedAt, finishedAt, seed }): PooledExam[] =>
      finishedAt ? [{ learner: numberOf(learnerId), seed, startedAt, finishedAt, items: JSON.parse(items) as ExamItemRecord[] }] : [],
    ),
  };
}
