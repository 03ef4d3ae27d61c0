/** The log of reviews. Entries are added; only the last may be taken back or graded anew. */

import type { Grade } from "@/lib/study/schedule";
import type { Db } from "./client";
import type { CardKind } from "./generated/sqlite/enums.ts";

export type { CardKind };

export type ReviewRecord = {
  readonly kind: CardKind;
  readonly card: string;
  readonly grade: Grade;
  readonly at: Date;
};

export type NewReview = ReviewRecord & { readonly learnerId: string; readonly answerId?: number };

/** All reviews of a learner, in order of time. */
export async function listReviews(db: Db, learnerId: string): Promise<readonly ReviewRecord[]> {
  return db.review.findMany({
    where: { learnerId },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: { kind: true, card: true, grade: true, at: true },
  });
}

export async function addReviews(db: Db, reviews: readonly NewReview[]): Promise<void> {
  if (reviews.length > 0) await db.review.createMany({ data: reviews.map((review) => ({ ...review })) });
}

/** The answer that the learner's last review comes from. */
export async function lastReviewedAnswer(db: Db, learnerId: string): Promise<number | undefined> {
  const last = await db.review.findFirst({
    where: { learnerId, kind: { not: "lab" } },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { answerId: true },
  });
  return last?.answerId ?? undefined;
}

/** Grades one card's review anew. */
export async function regrade(
  db: Db,
  review: { readonly learnerId: string; readonly answerId: number; readonly kind: CardKind; readonly card: string },
  grade: Grade,
): Promise<boolean> {
  return (await db.review.updateMany({ where: review, data: { grade } })).count > 0;
}

/** Takes back every review that comes from an answer; the answer stays. */
export async function removeReviews(db: Db, learnerId: string, answerId: number): Promise<number> {
  return (await db.review.deleteMany({ where: { learnerId, answerId } })).count;
}
