import { afterAll, beforeAll, expect, test } from "vitest";
import { appendEntries, createAttempt, createLearner, type Db, listAttempts, listEntries, readSettings, writeSettings } from "@/lib/db";
import {
  closeExam,
  exportProgress,
  importProgress,
  keepBookmark,
  keepNote,
  progressFileSchema,
  readExam,
  readKeepsakes,
  readNote,
  recordAnswer,
  replyInExam,
  startExam,
  viewOf,
} from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";
import { at, itemOf } from "./items";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const NOW = new Date(Date.UTC(2026, 0, 10, 12));
const NOTHING = { answers: 0, reviews: 0, exams: 0, attempts: 0, bookmarks: 0, notes: 0 };
const BANK = Array.from({ length: 20 }, (_, at) => itemOf({ id: `i${at}`, misconceptions: { b: "M01" } }));
let count = 0;
const idOf = (): string => `new-${count++}`;

/** Ann has done some of everything. */
async function begun(): Promise<Db> {
  const db = await databases.open();
  await createLearner(db, "ann");
  await createLearner(db, "ben");
  await writeSettings(db, "ann", { passMark: 70 });
  await recordAnswer(
    db,
    BANK,
    "ann",
    { item: "i0", rev: 1, options: ["a", "b", "c", "d"], chosen: ["b"], ms: 9, mode: "practice" },
    at(NOW.getTime()),
  );
  await startExam(db, BANK, { learnerId: "ann", kind: "drill", id: "x1", seed: "s", now: NOW });
  const read = await readExam(db, BANK, "ann", "x1", NOW);
  const ask = read.ok ? viewOf(read.value, NOW).ask : undefined;
  if (!ask) throw new Error("nothing is asked");
  const body = ask.format === "choice" ? { place: 0, step: 0 as const, chosen: [0] } : { place: 0, step: 0, accept: true };
  await replyInExam(db, BANK, { learnerId: "ann", id: "x1", body, now: NOW });
  await closeExam(db, BANK, { learnerId: "ann", id: "x1", state: "finished", now: NOW });
  await createAttempt(db, { id: "a1", learnerId: "ann", lab: "L-1", rev: 1, seed: "s", variant: "" });
  const payload = '{"at":5,"kind":"input","terminal":"t1","text":"ls\\r"}';
  await appendEntries(db, "a1", [{ seq: 1, payload }], { at: () => 5, limit: 9 });
  return db;
}

const fileOf = async (db: Db, learner: string) => JSON.parse(JSON.stringify(await exportProgress(db, learner))) as Record<string, unknown>;

test("a file read in by a fresh learner makes them the same, and read in again changes nothing", async () => {
  const db = await begun();
  const file = await fileOf(db, "ann");

  const first = await importProgress(db, "ben", progressFileSchema.parse(file), idOf);
  expect(first).toMatchObject({ reviews: 2, exams: 1, attempts: 1 });
  expect(await fileOf(db, "ben")).toEqual(file);
  expect(await readSettings(db, "ben")).toEqual({ passMark: 70, reviewsPerDay: 40 });
  const [attempt] = await listAttempts(db, "ben");
  expect(await listEntries(db, attempt?.id ?? "")).toEqual(await listEntries(db, "a1"));

  expect(await importProgress(db, "ben", progressFileSchema.parse(file), idOf)).toEqual(NOTHING);
  expect(await fileOf(db, "ben")).toEqual(file);
});

test("one's own file changes nothing, and what one has set stays", async () => {
  const db = await begun();
  const file = await fileOf(db, "ann");
  await writeSettings(db, "ann", { passMark: 80 });

  expect(await importProgress(db, "ann", progressFileSchema.parse(file), idOf)).toEqual(NOTHING);
  expect((await readSettings(db, "ann")).passMark).toBe(80);
});

test("bookmarks and notes move with it, and what was unmarked or changed since is not undone by an older file", async () => {
  const db = await begun();
  await keepBookmark(db, BANK, "ann", { item: "i1", marked: true }, NOW);
  await keepNote(db, BANK, "ann", { item: "i1", text: "a veth", from: "" }, NOW);
  const file = await fileOf(db, "ann");

  expect(await importProgress(db, "ben", progressFileSchema.parse(file), idOf)).toMatchObject({ bookmarks: 1, notes: 1 });
  expect(await fileOf(db, "ben")).toEqual(file);
  const later = new Date(NOW.getTime() + 60_000);
  await keepBookmark(db, BANK, "ben", { item: "i1", marked: false }, later);
  const { version } = await readNote(db, "ben", "i1");
  await keepNote(db, BANK, "ben", { item: "i1", text: "a veth pair", from: version }, later);

  expect(await importProgress(db, "ben", progressFileSchema.parse(file), idOf)).toEqual(NOTHING);
  await importProgress(db, "ann", progressFileSchema.parse(await fileOf(db, "ben")), idOf);
  expect(await readKeepsakes(db, "ann")).toMatchObject({ bookmarks: [], notes: { i1: { text: "a veth pair" } } });
});

test("a file of version 1, which knew neither, is still read", async () => {
  const db = await begun();

  expect(await importProgress(db, "ben", progressFileSchema.parse({ ...GOOD, answers: [ANSWER] }), idOf)).toEqual({
    ...NOTHING,
    answers: 1,
  });
});

test("two learners' files merge", async () => {
  const db = await begun();
  await recordAnswer(
    db,
    BANK,
    "ben",
    { item: "i1", rev: 1, options: ["a", "b", "c", "d"], chosen: ["a"], ms: 9, mode: "practice" },
    at(NOW.getTime()),
  );

  await importProgress(db, "ben", progressFileSchema.parse(await fileOf(db, "ann")), idOf);

  const items = ((await fileOf(db, "ben"))["reviews"] as { card: string }[]).map(({ card }) => card);
  expect(items.sort()).toEqual(["M01", "i0", "i1"]);
});

const GOOD = {
  format: "drydock-progress",
  version: 1,
  settings: { reviewsPerDay: 40, passMark: 65 },
  answers: [],
  reviews: [],
  exams: [],
  attempts: [],
};
const ANSWER = {
  item: "i",
  rev: 1,
  topic: "T01",
  options: ["a"],
  chosen: ["a"],
  correct: true,
  ms: 1,
  mode: "practice",
  at: NOW.toISOString(),
};
const EXAM = {
  kind: "drill",
  seed: "s",
  items: [],
  state: "open",
  startedAt: NOW.toISOString(),
  endsAt: NOW.toISOString(),
  finishedAt: null,
  replies: [],
};
const REPLY = { place: 0, step: 0, chosen: [], at: NOW.toISOString() };

test("a file that fits is taken", () => {
  expect(progressFileSchema.safeParse({ ...GOOD, answers: [ANSWER], exams: [{ ...EXAM, replies: [REPLY] }] }).success).toBe(true);
});

test.each([
  ["another format", { ...GOOD, format: "anki" }, "format"],
  ["a later version", { ...GOOD, version: 3 }, "version"],
  ["a note without its versions", { ...GOOD, version: 2, notes: [{ item: "i", text: "x", at: NOW.toISOString() }] }, "notes.0.earlier"],
  ["an unknown key", { ...GOOD, extra: 1 }, ""],
  ["an answer without its time", { ...GOOD, answers: [ANSWER, { ...ANSWER, at: "yesterday" }] }, "answers.1.at"],
  [
    "a grade that there is not",
    { ...GOOD, reviews: [{ kind: "item", card: "i", grade: "perfect", at: NOW.toISOString() }] },
    "reviews.0.grade",
  ],
  ["two replies to a question", { ...GOOD, exams: [{ ...EXAM, replies: [REPLY, REPLY] }] }, "exams.0.replies"],
  ["a pass mark over 100", { ...GOOD, settings: { reviewsPerDay: 40, passMark: 101 } }, "settings.passMark"],
  [
    "an entry of another kind",
    {
      ...GOOD,
      attempts: [
        {
          lab: "L",
          rev: 1,
          seed: "s",
          variant: "",
          state: "open",
          startedAt: NOW.toISOString(),
          solvedAt: null,
          entries: [{ at: 1, kind: "win" }],
        },
      ],
    },
    "attempts.0.entries.0.kind",
  ],
])("%s is refused, and its place is named", (_, file, path) => {
  expect(progressFileSchema.safeParse(file).error?.issues[0]?.path.join(".")).toBe(path);
});
