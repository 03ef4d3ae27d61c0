/** One's whole progress as one JSON file: its schema, written and read. */

import { type Db, type Everything, mergeEverything, type Merged, readEverything } from "@/lib/db";
import { z } from "zod";
import { storable } from "./keepsakes";
import { entrySchema, fromPayload, toPayload, TRANSCRIPT_LIMITS } from "./transcript";

/** 2 added bookmarks and notes. A file of version 1 is read as one without them. */
export const PROGRESS_VERSION = 2;
/** In bytes. Years of study are some megabytes. */
export const PROGRESS_FILE_LIMIT = 32 * 1024 * 1024;

const name = z.string().min(1).max(100);
const text = z.string().max(200);
/** Option ids, or what else an answer consists of: as long as an answer may be (answers.ts). */
const options = z.array(z.string().max(600)).max(12);
const rev = z.int().min(0).max(1_000_000);
const at = z.iso.datetime({ error: "a time as 2026-01-31T12:00:00.000Z" }).transform((value) => new Date(value));

const answer = z.strictObject({
  item: name,
  rev,
  topic: name,
  options,
  chosen: options,
  correct: z.boolean(),
  ms: z.int().min(0).max(2_147_483_647),
  mode: z.enum(["practice", "review", "exam"]),
  at,
});
const review = z.strictObject({
  kind: z.enum(["item", "misconception", "lab"]),
  card: name,
  grade: z.enum(["again", "hard", "good", "easy"]),
  at,
});
const exam = z.strictObject({
  kind: z.enum(["full", "networking", "drill"]),
  seed: text,
  items: z.array(z.strictObject({ id: name, rev, domain: name, format: z.enum(["choice", "one-by-one"]) })).max(200),
  state: z.enum(["open", "finished", "abandoned"]),
  startedAt: at,
  endsAt: at,
  finishedAt: at.nullable(),
  replies: z
    .array(z.strictObject({ place: z.int().min(0).max(200), step: z.int().min(0).max(20), chosen: options, at }))
    .max(4_000)
    .refine(
      (replies) => new Set(replies.map(({ place, step }) => `${place}/${step}`)).size === replies.length,
      "a question has two replies",
    ),
});
const attempt = z.strictObject({
  lab: name,
  rev,
  seed: text,
  variant: text,
  state: z.enum(["open", "solved"]),
  startedAt: at,
  solvedAt: at.nullable(),
  entries: z.array(entrySchema).max(TRANSCRIPT_LIMITS.entries),
});

const bookmark = z.strictObject({ item: name, marked: z.boolean(), at });
const note = z.strictObject({
  item: name,
  /** Longer than one may write: texts were joined. */
  text: z.string().max(200_000).transform(storable),
  earlier: z.array(z.string().max(16)).max(200),
  at,
});

export const progressFileSchema = z.strictObject({
  format: z.literal("drydock-progress", { error: "this is not a file of Drydock's progress" }),
  version: z.literal([1, PROGRESS_VERSION], { error: `only versions 1 to ${PROGRESS_VERSION} of this file are known` }),
  settings: z.strictObject({ reviewsPerDay: z.int().min(1).max(500), passMark: z.int().min(1).max(100) }),
  answers: z.array(answer).max(200_000),
  reviews: z.array(review).max(200_000),
  exams: z.array(exam).max(5_000),
  attempts: z.array(attempt).max(5_000),
  bookmarks: z.array(bookmark).max(20_000).default([]),
  notes: z.array(note).max(20_000).default([]),
});

export type ProgressFile = z.input<typeof progressFileSchema>;
export type Imported = Merged;

export async function exportProgress(db: Db, learnerId: string): Promise<ProgressFile> {
  const { settings, answers, reviews, exams, attempts, bookmarks, notes } = await readEverything(db, learnerId);
  const time = (date: Date): string => date.toISOString();
  const timeOrNull = (date: Date | null): string | null => (date ? time(date) : null);
  const plain = <T>(list: readonly T[]): T[] => [...list];
  return {
    format: "drydock-progress",
    version: PROGRESS_VERSION,
    settings: { ...settings },
    answers: answers.map((one) => ({ ...one, options: plain(one.options), chosen: plain(one.chosen), at: time(one.at) })),
    reviews: reviews.map((one) => ({ ...one, at: time(one.at) })),
    exams: exams.map((one) => ({
      ...one,
      items: one.items.map((item) => ({ ...item })),
      startedAt: time(one.startedAt),
      endsAt: time(one.endsAt),
      finishedAt: timeOrNull(one.finishedAt),
      replies: one.replies.map((reply) => ({ ...reply, chosen: plain(reply.chosen), at: time(reply.at) })),
    })),
    attempts: attempts.map((one) => ({
      ...one,
      startedAt: time(one.startedAt),
      solvedAt: timeOrNull(one.solvedAt),
      entries: one.entries.map(fromPayload),
    })),
    bookmarks: bookmarks.map((one) => ({ ...one, at: time(one.at) })),
    notes: notes.map((one) => ({ ...one, earlier: plain(one.earlier), at: time(one.at) })),
  };
}

/** Adds what is missing. It is taken at its word: progress is the learner's own, and nobody else is measured by it. */
export async function importProgress(
  db: Db,
  learnerId: string,
  file: z.output<typeof progressFileSchema>,
  idOf: () => string,
): Promise<Imported> {
  const { settings, answers, reviews, exams, attempts, bookmarks, notes } = file;
  const everything: Everything = {
    settings,
    answers,
    reviews,
    exams,
    attempts: attempts.map((one) => ({ ...one, entries: one.entries.map(toPayload) })),
    bookmarks,
    notes,
  };
  return mergeEverything(db, learnerId, everything, idOf);
}
