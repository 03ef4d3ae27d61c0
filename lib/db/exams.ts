/** Exams and the replies given in them. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type NewAnswer, toRow } from "./answers";
import { isUniqueViolation } from "./attempts";
import type { Db } from "./client";
import type { ExamKind, ExamState } from "./generated/sqlite/enums.ts";

export type { ExamKind, ExamState };

export type ExamItemRecord = {
  readonly id: string;
  readonly rev: number;
  readonly domain: string;
  readonly format: "choice" | "one-by-one";
};

export type ExamRecord = {
  readonly id: string;
  readonly learnerId: string;
  readonly kind: ExamKind;
  readonly seed: string;
  readonly items: readonly ExamItemRecord[];
  readonly state: ExamState;
  readonly startedAt: Date;
  readonly endsAt: Date;
  readonly finishedAt: Date | null;
};

export type ExamReplyRecord = { readonly place: number; readonly step: number; readonly chosen: readonly string[]; readonly at: Date };

type Row = Omit<ExamRecord, "items"> & { readonly items: string };
const fromRow = (row: Row): ExamRecord => ({ ...row, items: JSON.parse(row.items) as ExamItemRecord[] });

export async function createExam(db: Db, exam: Omit<ExamRecord, "state" | "finishedAt">): Promise<ExamRecord> {
  return fromRow(await db.exam.create({ data: { ...exam, items: JSON.stringify(exam.items) } }));
}

/** Undefined also when it belongs to somebody else. */
export async function findExam(db: Db, id: string, learnerId: string): Promise<ExamRecord | undefined> {
  const row = await db.exam.findFirst({ where: { id, learnerId } });
  return row ? fromRow(row) : undefined;
}

/** Newest first. */
export async function listExams(db: Db, learnerId: string): Promise<readonly ExamRecord[]> {
  return (await db.exam.findMany({ where: { learnerId }, orderBy: [{ startedAt: "desc" }, { id: "desc" }] })).map(fromRow);
}

/** In the order asked. */
export async function listReplies(db: Db, examId: string): Promise<readonly ExamReplyRecord[]> {
  const rows = await db.examReply.findMany({
    where: { examId },
    orderBy: [{ place: "asc" }, { step: "asc" }],
    select: { place: true, step: true, chosen: true, at: true },
  });
  return rows.map(({ chosen, ...rest }) => ({ ...rest, chosen: JSON.parse(chosen) as string[] }));
}

/** Written once: a second reply to the same question is `taken`. */
export async function addReply(db: Db, examId: string, reply: ExamReplyRecord): Promise<Result<void, { readonly kind: "taken" }>> {
  try {
    await db.examReply.create({ data: { ...reply, examId, chosen: JSON.stringify(reply.chosen) } });
    return ok(undefined);
  } catch (error) {
    if (isUniqueViolation(error)) return fail({ kind: "taken" });
    throw error;
  }
}

/** Ends an open exam, once, and keeps its answers with it. False when it had ended already. */
export async function endExam(
  db: Db,
  id: string,
  { state, at, answers }: { readonly state: Exclude<ExamState, "open">; readonly at: Date; readonly answers: readonly NewAnswer[] },
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const { count } = await tx.exam.updateMany({ where: { id, state: "open" }, data: { state, finishedAt: at } });
    if (count > 0 && answers.length > 0) await tx.answer.createMany({ data: answers.map(toRow) });
    return count > 0;
  });
}
