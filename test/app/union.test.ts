import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLearner, type Db } from "@/lib/db";
import { exportProgress, importProgress, type ProgressFile, progressFileSchema } from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";

let databases: TestDatabases;
let db: Db;
beforeAll(async () => {
  databases = migratedDatabases();
  db = await databases.open();
});
afterAll(() => databases.remove());

const START = Date.UTC(2026, 0, 10, 12);
const timeOf = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();
let count = 0;
const idOf = (): string => `id-${count++}`;
async function somebody(): Promise<string> {
  const id = idOf();
  await createLearner(db, id);
  return id;
}

type Attempt = ProgressFile["attempts"][number];
type Exam = ProgressFile["exams"][number];
const fileOf = (parts: Partial<ProgressFile>): ProgressFile => ({
  format: "drydock-progress",
  version: 1,
  settings: { reviewsPerDay: 40, passMark: 65 },
  answers: [],
  reviews: [],
  exams: [],
  attempts: [],
  ...parts,
});
/** Letters are entries: what was typed, in its order. */
const attemptOf = (typed: string, solvedAt?: number, seed = "s"): Attempt => ({
  lab: "L-1",
  rev: 1,
  seed,
  variant: "",
  state: solvedAt === undefined ? "open" : "solved",
  startedAt: timeOf(0),
  solvedAt: solvedAt === undefined ? null : timeOf(solvedAt),
  entries: [...typed].map((text, at) => ({ at: at + 1, kind: "input", terminal: "t1", text })),
});
const examOf = (replies: string, state: Exam["state"], finishedAt?: number, seed = "s"): Exam => ({
  kind: "drill",
  seed,
  items: [],
  state,
  startedAt: timeOf(0),
  endsAt: timeOf(15),
  finishedAt: finishedAt === undefined ? null : timeOf(finishedAt),
  replies: [...replies].map((option, place) => ({ place, step: 0, chosen: [option], at: timeOf(place + 1) })),
});

const take = (learner: string, file: ProgressFile) => importProgress(db, learner, progressFileSchema.parse(file), idOf);
async function learnerWith(...files: readonly ProgressFile[]): Promise<string> {
  const learner = await somebody();
  for (const file of files) await take(learner, file);
  return learner;
}
const typedBy = async (learner: string): Promise<readonly string[]> =>
  (await exportProgress(db, learner)).attempts
    .map(
      ({ entries, state }) => entries.map((entry) => ("text" in entry ? entry.text : "")).join("") + (state === "solved" ? " solved" : ""),
    )
    .sort();
const NOTHING = { answers: 0, reviews: 0, exams: 0, attempts: 0, bookmarks: 0, notes: 0 };

test("a file whose attempt goes on where the one here ends appends what is missing", async () => {
  const learner = await learnerWith(fileOf({ attempts: [attemptOf("ab")] }));
  const before = (await exportProgress(db, learner)).attempts.length;

  expect(await take(learner, fileOf({ attempts: [attemptOf("abcd", 9)] }))).toEqual({ ...NOTHING, attempts: 1 });

  expect(before).toBe(1);
  expect(await typedBy(learner)).toEqual(["abcd solved"]);
});

test("a file whose attempt ends where the one here goes on changes nothing, except that it may have been solved there", async () => {
  const learner = await learnerWith(fileOf({ attempts: [attemptOf("abc")] }));

  expect(await take(learner, fileOf({ attempts: [attemptOf("ab")] }))).toEqual(NOTHING);
  expect(await typedBy(learner)).toEqual(["abc"]);
  expect(await take(learner, fileOf({ attempts: [attemptOf("ab", 5)] }))).toEqual({ ...NOTHING, attempts: 1 });
  expect(await typedBy(learner)).toEqual(["abc solved"]);
});

test("where two copies went different ways both are kept", async () => {
  const learner = await learnerWith(fileOf({ attempts: [attemptOf("abx")] }));

  await take(learner, fileOf({ attempts: [attemptOf("aby")] }));

  expect(await typedBy(learner)).toEqual(["abx", "aby"]);
  expect(await take(learner, fileOf({ attempts: [attemptOf("aby"), attemptOf("ab")] }))).toEqual(NOTHING);
});

test("another attempt at the same lab is another attempt, however it begins", async () => {
  const learner = await learnerWith(fileOf({ attempts: [attemptOf("ab")] }), fileOf({ attempts: [attemptOf("abc", undefined, "t")] }));

  expect(await typedBy(learner)).toEqual(["ab", "abc"]);
});

test("an exam that was finished elsewhere is finished here", async () => {
  const learner = await learnerWith(fileOf({ exams: [examOf("a", "open")] }));

  expect(await take(learner, fileOf({ exams: [examOf("ab", "finished", 9)] }))).toEqual({ ...NOTHING, exams: 1 });
  expect(await take(learner, fileOf({ exams: [examOf("a", "open")] }))).toEqual(NOTHING);

  const [exam] = (await exportProgress(db, learner)).exams;
  expect(exam).toMatchObject({ state: "finished", finishedAt: timeOf(9) });
  expect(exam?.replies.map(({ chosen }) => chosen)).toEqual([["a"], ["b"]]);
});

test("of two ended courses of one exam the same one is kept, whichever came first", async () => {
  const [x, y] = [fileOf({ exams: [examOf("ax", "finished", 3)] }), fileOf({ exams: [examOf("ay", "finished", 3)] })];

  expect((await exportProgress(db, await learnerWith(y, x))).exams).toEqual((await exportProgress(db, await learnerWith(x, y))).exams);
});

test("of two grades of one review the lower is kept", async () => {
  const review = (grade: "hard" | "easy") => ({ kind: "item" as const, card: "i", grade, at: timeOf(0) });
  const learner = await learnerWith(
    fileOf({ reviews: [review("easy")] }),
    fileOf({ reviews: [review("hard")] }),
    fileOf({ reviews: [review("easy")] }),
  );

  expect((await exportProgress(db, learner)).reviews).toEqual([review("hard")]);
});

const seeds = fc.constantFrom("s", "t");
const typed = fc.string({ unit: fc.constantFrom("x", "y"), maxLength: 3 });
const solvedAt = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
const anyFile: fc.Arbitrary<ProgressFile> = fc
  .record({
    attempts: fc.array(
      fc.tuple(typed, solvedAt, seeds).map((all) => attemptOf(...all)),
      { maxLength: 4 },
    ),
    exams: fc.uniqueArray(
      fc
        .tuple(typed, fc.constantFrom<Exam["state"]>("open", "finished", "abandoned"), fc.integer({ min: 1, max: 3 }), seeds)
        .map(([replies, state, end, seed]) => examOf(replies, state, state === "open" ? undefined : end, seed)),
      { maxLength: 2, selector: ({ seed }) => seed },
    ),
    reviews: fc.uniqueArray(
      fc.record({
        kind: fc.constantFrom("item" as const, "misconception" as const),
        card: fc.constantFrom("i", "j"),
        grade: fc.constantFrom("again" as const, "hard" as const, "good" as const, "easy" as const),
        at: fc.constantFrom(timeOf(0), timeOf(1)),
      }),
      { maxLength: 4, selector: ({ kind, card, at }) => kind + card + at },
    ),
    answers: fc.uniqueArray(
      fc
        .record({ item: fc.constantFrom("i", "j"), minute: fc.integer({ min: 0, max: 3 }), chosen: fc.constantFrom("a", "b") })
        .map(({ item, minute, chosen }) => ({
          item,
          rev: 1,
          topic: "T01",
          options: ["a", "b"],
          chosen: [chosen],
          correct: chosen === "a",
          ms: 1_000,
          mode: "practice" as const,
          at: timeOf(minute),
        })),
      { maxLength: 5, selector: ({ item, at, chosen }) => item + at + chosen.join() },
    ),
  })
  .map(fileOf);

/** All that is kept, in an order of its own: ids and the order of writing don't show. Settings are one's own. */
async function everythingOf(learner: string): Promise<unknown> {
  const { settings: _, ...lists } = await exportProgress(db, learner);
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, Array.isArray(list) ? list.map((one) => JSON.stringify(one)).sort() : list]),
  );
}

test("merging is a union: in either order it comes to the same, and a second time changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, anyFile, async (a, b) => {
      const [one, other] = [await learnerWith(a, b), await learnerWith(b, a)];
      const all = await everythingOf(one);

      expect(await everythingOf(other)).toEqual(all);
      for (const again of [a, b, await exportProgress(db, other)]) expect(await take(one, again)).toEqual(NOTHING);
      expect(await everythingOf(one)).toEqual(all);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("it makes no difference how three copies are brought together", async () => {
  await fc.assert(
    fc.asyncProperty(anyFile, anyFile, anyFile, async (a, b, c) => {
      const left = await learnerWith(a, b, c);
      const right = await learnerWith(a, await exportProgress(db, await learnerWith(c, b)));

      expect(await everythingOf(right)).toEqual(await everythingOf(left));
    }),
    { numRuns: 30 },
  );
}, 60_000);
