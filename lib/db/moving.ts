/** All that is kept of one learner, read at once, and merged into another's. */

import { type NewAnswer, toRow } from "./answers";
import { type BookmarkCopy, readBookmarks, uniteBookmarks, writeBookmark } from "./bookmarks";
import type { Db } from "./client";
import type { ExamKind, ExamState } from "./generated/sqlite/enums.ts";
import type { AttemptState } from "./generated/sqlite/enums.ts";
import type { ExamItemRecord, ExamReplyRecord } from "./exams";
import { DEFAULT_SETTINGS, readSettings, type Settings, writeSettings } from "./learners";
import { uniteNotes } from "./note-union";
import { type NoteCopy, putNote, readNotes } from "./notes";
import { addReviews, type ReviewRecord } from "./reviews";
import { fresh, uniteAttempts, uniteExams, uniteReviews } from "./union";

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
  readonly bookmarks: readonly BookmarkCopy[];
  readonly notes: readonly NoteCopy[];
};

/** How many of each were not there yet, or not as far. */
export type Merged = Readonly<Record<"answers" | "reviews" | "exams" | "attempts" | "bookmarks" | "notes", number>>;

export async function readEverything(db: Db, learnerId: string): Promise<Everything> {
  const { exams, attempts, ...rest } = await readWithIds(db, learnerId);
  return { ...rest, exams: exams.map(withoutId), attempts: attempts.map(withoutId) };
}

function withoutId<T extends { readonly id: string }>({ id: _id, ...rest }: T): Omit<T, "id"> {
  return rest;
}

async function readWithIds(db: Db, learnerId: string) {
  const where = { learnerId };
  const [settings, bookmarks, notes, answers, reviews, exams, attempts] = await Promise.all([
    readSettings(db, learnerId),
    readBookmarks(db, learnerId),
    readNotes(db, learnerId),
    db.answer.findMany({ where, orderBy: [{ at: "asc" }, { id: "asc" }], omit: { id: true, learnerId: true } }),
    db.review.findMany({ where, orderBy: [{ at: "asc" }, { id: "asc" }], select: { kind: true, card: true, grade: true, at: true } }),
    db.exam.findMany({
      where,
      orderBy: { startedAt: "asc" },
      omit: { learnerId: true },
      include: { replies: { orderBy: [{ place: "asc" }, { step: "asc" }], omit: { examId: true } } },
    }),
    db.attempt.findMany({
      where,
      orderBy: { startedAt: "asc" },
      omit: { learnerId: true },
      include: { entries: { orderBy: { seq: "asc" }, select: { payload: true } } },
    }),
  ]);
  const list = (text: string): string[] => JSON.parse(text) as string[];
  return {
    settings,
    bookmarks,
    notes,
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

/** Two answers are the same when these agree, whoever's database they stand in. */
const answerKey = ({ item, at, chosen }: Pick<MovedAnswer, "item" | "at" | "chosen">): string => `${item} ${at.getTime()} ${chosen.join()}`;

/** Makes of what is there and what is moved their union (union.ts), all of it or nothing; settings only while they are the defaults. `idOf` makes new ids. */
export async function mergeEverything(db: Db, learnerId: string, moved: Everything, idOf: () => string): Promise<Merged> {
  const mine = await readWithIds(db, learnerId);
  const answers = fresh(moved.answers, mine.answers, answerKey);
  const reviews = uniteReviews(mine.reviews, moved.reviews);
  const exams = uniteExams(mine.exams, moved.exams);
  const attempts = uniteAttempts(mine.attempts, moved.attempts);
  const bookmarks = uniteBookmarks(mine.bookmarks, moved.bookmarks);
  const notes = uniteNotes(mine.notes, moved.notes);
  const lengths = new Map(mine.attempts.map(({ id, entries }) => [id, entries.length]));
  const isDefault = mine.settings.passMark === DEFAULT_SETTINGS.passMark && mine.settings.reviewsPerDay === DEFAULT_SETTINGS.reviewsPerDay;
  await db.$transaction(
    async (transaction) => {
      const tx = transaction as Db;
      if (isDefault) await writeSettings(tx, learnerId, moved.settings);
      if (answers.length > 0) await tx.answer.createMany({ data: answers.map((answer) => toRow({ ...answer, learnerId })) });
      await addReviews(
        tx,
        reviews.added.map((review) => ({ ...review, learnerId })),
      );
      for (const { grade, ...review } of reviews.changed) await tx.review.updateMany({ where: { learnerId, ...review }, data: { grade } });
      for (const { items, replies, ...exam } of exams.added) {
        const id = idOf();
        await tx.exam.create({ data: { ...exam, id, learnerId, items: JSON.stringify(items) } });
        await writeReplies(tx, id, replies);
      }
      for (const { id, state, finishedAt, endsAt, replies } of exams.changed) {
        await tx.exam.update({ where: { id }, data: { state, finishedAt, endsAt } });
        await tx.examReply.deleteMany({ where: { examId: id } });
        await writeReplies(tx, id, replies);
      }
      for (const { entries, ...attempt } of attempts.added) {
        const id = idOf();
        await tx.attempt.create({ data: { ...attempt, id, learnerId } });
        await writeEntries(tx, id, entries, 0);
      }
      for (const { id, entries, state, solvedAt } of attempts.changed) {
        await tx.attempt.update({ where: { id }, data: { state, solvedAt } });
        await writeEntries(tx, id, entries, lengths.get(id) ?? 0);
      }
      for (const bookmark of bookmarks) await writeBookmark(tx, learnerId, bookmark);
      for (const note of notes) await putNote(tx, learnerId, note);
    },
    { timeout: 30_000 },
  );
  return {
    answers: answers.length,
    reviews: reviews.added.length + reviews.changed.length,
    exams: exams.added.length + exams.changed.length,
    attempts: attempts.added.length + attempts.changed.length,
    bookmarks: bookmarks.length,
    notes: notes.length,
  };
}

async function writeReplies(tx: Db, examId: string, replies: readonly ExamReplyRecord[]): Promise<void> {
  const data = replies.map(({ chosen, ...reply }) => ({ ...reply, examId, chosen: JSON.stringify(chosen) }));
  if (data.length > 0) await tx.examReply.createMany({ data });
}

/** Those after the first `through`, which are there. */
async function writeEntries(tx: Db, attemptId: string, entries: readonly string[], through: number): Promise<void> {
  const data = entries.slice(through).map((payload, at) => ({ attemptId, seq: through + at + 1, payload }));
  if (data.length > 0) await tx.entry.createMany({ data });
}
