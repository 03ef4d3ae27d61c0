/** All that is kept of one learner, read at once, and merged into another's. */

import { type NewAnswer, toRow } from "./answers";
import type { Db } from "./client";
import type { ExamKind, ExamState } from "./generated/sqlite/enums.ts";
import type { AttemptState } from "./generated/sqlite/enums.ts";
import type { ExamItemRecord, ExamReplyRecord } from "./exams";
import { DEFAULT_SETTINGS, readSettings, type Settings, writeSettings } from "./learners";
import type { ReviewRecord } from "./reviews";

export type MovedAnswer = Required<Omit<NewAnswer, "learnerId">>;
export type MovedExam = {
  readonly kind: ExamKind;
  readonly seed: string;
  readonly items: readonly ExamItemRecord[];
  readonly state: ExamState;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly finishedAt: Date | null;
  readonly replies: readonly ExamReplyRecord[];
};
export type MovedAttempt = {
  readonly lab: string;
  readonly rev: number;
  readonly seed: string;
  readonly variant: string;
  readonly state: AttemptState;
  readonly startedAt: Date;
  readonly solvedAt: Date | null;
  /** Payloads, from number 1. */
  readonly entries: readonly string[];
};

export type Everything = {
  readonly settings: Settings;
  readonly answers: readonly MovedAnswer[];
  readonly reviews: readonly ReviewRecord[];
  readonly exams: readonly MovedExam[];
  readonly attempts: readonly MovedAttempt[];
};

/** How many of each were not there yet. */
export type Merged = { readonly answers: number; readonly reviews: number; readonly exams: number; readonly attempts: number };

export async function readEverything(db: Db, learnerId: string): Promise<Everything> {
  const where = { learnerId };
  const [settings, answers, reviews, exams, attempts] = await Promise.all([
    readSettings(db, learnerId),
    db.answer.findMany({ where, orderBy: [{ at: "asc" }, { id: "asc" }], omit: { id: true, learnerId: true } }),
    db.review.findMany({ where, orderBy: [{ at: "asc" }, { id: "asc" }], select: { kind: true, card: true, grade: true, at: true } }),
    db.exam.findMany({
      where,
      orderBy: { startedAt: "asc" },
      omit: { id: true, learnerId: true },
      include: { replies: { orderBy: [{ place: "asc" }, { step: "asc" }], omit: { examId: true } } },
    }),
    db.attempt.findMany({
      where,
      orderBy: { startedAt: "asc" },
      omit: { id: true, learnerId: true },
      include: { entries: { orderBy: { seq: "asc" }, select: { payload: true } } },
    }),
  ]);
  const list = (text: string): string[] => JSON.parse(text) as string[];
  return {
    settings,
    answers: answers.map(({ options, chosen, ...rest }) => ({ ...rest, options: list(options), chosen: list(chosen) })),
    reviews,
    exams: exams.map(({ items, replies, ...rest }) => ({
      ...rest,
      items: JSON.parse(items) as ExamItemRecord[],
      replies: replies.map(({ chosen, ...reply }) => ({ ...reply, chosen: list(chosen) })),
    })),
    attempts: attempts.map(({ entries, ...rest }) => ({ ...rest, entries: entries.map(({ payload }) => payload) })),
  };
}

/** Two things are the same when these agree, whoever's database they stand in. */
const answerKey = ({ item, at, chosen }: Pick<MovedAnswer, "item" | "at" | "chosen">): string => `${item} ${at.getTime()} ${chosen.join()}`;
const reviewKey = ({ kind, card, at }: ReviewRecord): string => `${kind} ${card} ${at.getTime()}`;
const startKey = ({ seed, startedAt }: { readonly seed: string; readonly startedAt: Date }): string => `${seed} ${startedAt.getTime()}`;

/** What of `list` is in neither `known` nor earlier in itself. */
function fresh<T>(list: readonly T[], known: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const seen = new Set(known.map(keyOf));
  return list.filter((one) => {
    const key = keyOf(one);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Adds what is missing, all of it or nothing. What is there is not changed; settings only while they are the defaults. `idOf` makes new ids. */
export async function mergeEverything(db: Db, learnerId: string, moved: Everything, idOf: () => string): Promise<Merged> {
  const mine = await readEverything(db, learnerId);
  const answers = fresh(moved.answers, mine.answers, answerKey);
  const reviews = fresh(moved.reviews, mine.reviews, reviewKey);
  const exams = fresh(moved.exams, mine.exams, startKey);
  const attempts = fresh(moved.attempts, mine.attempts, startKey);
  const isDefault = mine.settings.passMark === DEFAULT_SETTINGS.passMark && mine.settings.reviewsPerDay === DEFAULT_SETTINGS.reviewsPerDay;
  await db.$transaction(
    async (tx) => {
      if (isDefault) await writeSettings(tx as Db, learnerId, moved.settings);
      if (answers.length > 0) await tx.answer.createMany({ data: answers.map((answer) => toRow({ ...answer, learnerId })) });
      if (reviews.length > 0) await tx.review.createMany({ data: reviews.map((review) => ({ ...review, learnerId })) });
      for (const { items, replies, ...exam } of exams) {
        const id = idOf();
        await tx.exam.create({ data: { ...exam, id, learnerId, items: JSON.stringify(items) } });
        const rows = replies.map(({ chosen, ...reply }) => ({ ...reply, examId: id, chosen: JSON.stringify(chosen) }));
        if (rows.length > 0) await tx.examReply.createMany({ data: rows });
      }
      for (const { entries, ...attempt } of attempts) {
        const id = idOf();
        await tx.attempt.create({ data: { ...attempt, id, learnerId } });
        if (entries.length > 0)
          await tx.entry.createMany({ data: entries.map((payload, at) => ({ attemptId: id, seq: at + 1, payload })) });
      }
    },
    { timeout: 30_000 },
  );
  return { answers: answers.length, reviews: reviews.length, exams: exams.length, attempts: attempts.length };
}
