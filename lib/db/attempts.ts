/** Attempts at labs, their transcripts and what the grader found. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Db } from "./client";
import type { AttemptState } from "./generated/sqlite/enums.ts";

export type { AttemptState };

export type AttemptRecord = {
  readonly id: string;
  readonly learnerId: string;
  readonly lab: string;
  readonly rev: number;
  readonly seed: string;
  readonly variant: string;
  readonly state: AttemptState;
  readonly startedAt: Date;
  readonly solvedAt: Date | null;
};

/** One input as it is stored: `payload` is the entry in canonical JSON. */
export type StoredEntry = { readonly seq: number; readonly payload: string };

export type AppendError =
  /** Entries follow one another without a gap: the next is `expected`. */
  | { readonly kind: "gap"; readonly expected: number; readonly index: number }
  /** Under this number another entry is stored already. */
  | { readonly kind: "conflict"; readonly seq: number; readonly index: number }
  /** Time ran backwards between two entries. */
  | { readonly kind: "time-goes-back"; readonly index: number }
  | { readonly kind: "full"; readonly limit: number };

export async function createAttempt(
  db: Db,
  attempt: Pick<AttemptRecord, "id" | "learnerId" | "lab" | "rev" | "seed" | "variant">,
): Promise<AttemptRecord> {
  return db.attempt.create({ data: attempt });
}

/** Undefined also when it belongs to somebody else. */
export async function findAttempt(db: Db, id: string, learnerId: string): Promise<AttemptRecord | undefined> {
  return (await db.attempt.findFirst({ where: { id, learnerId } })) ?? undefined;
}

/** The attempt that a learner last began at a lab. */
export async function latestAttempt(db: Db, learnerId: string, lab: string): Promise<AttemptRecord | undefined> {
  return (await db.attempt.findFirst({ where: { learnerId, lab }, orderBy: [{ startedAt: "desc" }, { id: "desc" }] })) ?? undefined;
}

/** Newest first. */
export async function listAttempts(db: Db, learnerId: string): Promise<readonly AttemptRecord[]> {
  return db.attempt.findMany({ where: { learnerId }, orderBy: [{ startedAt: "desc" }, { id: "desc" }] });
}

export async function listEntries(db: Db, attemptId: string, through?: number): Promise<readonly StoredEntry[]> {
  return db.entry.findMany({
    where: { attemptId, ...(through === undefined ? {} : { seq: { lte: through } }) },
    orderBy: { seq: "asc" },
    select: { seq: true, payload: true },
  });
}

/** The number of the last entry; 0 before the first. */
export async function lastSeq(db: Db, attemptId: string): Promise<number> {
  return (await db.entry.aggregate({ where: { attemptId }, _max: { seq: true } }))._max.seq ?? 0;
}

/**
 * Adds entries to a transcript: all of them or none. Those that are stored already are passed over when they are equal,
 * so that a request may be sent again. Answers the number of the last entry, once it is on the disk.
 *
 * `at` reads the virtual time out of a payload.
 */
export async function appendEntries(
  db: Db,
  attemptId: string,
  entries: readonly StoredEntry[],
  { at, limit }: { readonly at: (payload: string) => number; readonly limit: number },
): Promise<Result<number, AppendError>> {
  const [first] = entries;
  if (!first) return ok(await lastSeq(db, attemptId));

  // From the one before the first: it says whether there is a gap, and which time it is.
  const known = await db.entry.findMany({
    where: { attemptId, seq: { gte: first.seq - 1 } },
    orderBy: { seq: "asc" },
    select: { seq: true, payload: true },
  });
  const payloads = new Map(known.map((entry) => [entry.seq, entry.payload]));
  let through = known.at(-1)?.seq ?? (await lastSeq(db, attemptId));
  const last = payloads.get(through);
  let now = last === undefined ? 0 : at(last);

  const fresh: StoredEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.seq <= through) {
      if (payloads.get(entry.seq) !== entry.payload) return fail({ kind: "conflict", seq: entry.seq, index });
      continue;
    }
    if (entry.seq !== through + 1) return fail({ kind: "gap", expected: through + 1, index });
    if (at(entry.payload) < now) return fail({ kind: "time-goes-back", index });
    if (entry.seq > limit) return fail({ kind: "full", limit });
    fresh.push(entry);
    payloads.set(entry.seq, entry.payload);
    through = entry.seq;
    now = at(entry.payload);
  }
  if (fresh.length === 0) return ok(through);

  try {
    await db.entry.createMany({ data: fresh.map(({ seq, payload }) => ({ attemptId, seq, payload })) });
  } catch (error) {
    // Another request wrote the same numbers in the meantime. Look again: equal ones are no conflict.
    if (isUniqueViolation(error)) return appendEntries(db, attemptId, entries, { at, limit });
    throw error;
  }
  return ok(through);
}

export async function addCheckResult(
  db: Db,
  result: { readonly attemptId: string; readonly through: number; readonly report: string; readonly passed: boolean },
  now: Date,
): Promise<{ readonly isFirstSuccess: boolean }> {
  const [, solved] = await db.$transaction([
    db.checkResult.create({ data: { ...result, at: now } }),
    db.attempt.updateMany({
      where: { id: result.passed ? result.attemptId : "", state: "open" },
      data: { state: "solved", solvedAt: now },
    }),
  ]);
  return { isFirstSuccess: solved.count > 0 };
}

export type CheckRecord = { readonly through: number; readonly report: string; readonly passed: boolean; readonly at: Date };

export async function latestCheck(db: Db, attemptId: string): Promise<CheckRecord | undefined> {
  const found = await db.checkResult.findFirst({
    where: { attemptId },
    orderBy: { id: "desc" },
    select: { through: true, report: true, passed: true, at: true },
  });
  return found ?? undefined;
}

/** Prisma's P2002, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "P2002";
}
