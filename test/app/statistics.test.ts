import { afterAll, beforeAll, expect, test } from "vitest";
import { optionsOf } from "@/lib/content/schema";
import { addAnswer, createLearner, type Db, type PooledAnswer, type PooledExam, readPool, readPoolVersion } from "@/lib/db";
import { bankStatisticsOf, readBankStatistics } from "@/lib/progress/statistics";
import { planOneByOne } from "@/lib/study/one-by-one";
import { migratedDatabases, type TestDatabases } from "./database";
import { itemOf } from "./items";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const NOON = Date.UTC(2026, 0, 10, 12);
const BANK = Array.from({ length: 8 }, (_, at) => itemOf({ id: `i${at}` }));
const [FIRST] = BANK;
if (!FIRST) throw new Error("the bank is empty");

const answer = (learner: number, item: string, correct: boolean, more: Partial<PooledAnswer> = {}): PooledAnswer => ({
  learner,
  item,
  rev: 1,
  options: ["a", "b", "c", "d"],
  chosen: [correct ? "a" : "b"],
  correct,
  mode: "practice",
  at: new Date(NOON),
  ...more,
});
const figuresOf = (answers: readonly PooledAnswer[], exams: readonly PooledExam[] = [], item = "i0") => {
  const found = bankStatisticsOf(BANK, { answers, exams }).items.find((one) => one.item.id === item);
  if (!found) throw new Error(`no ${item}`);
  return found.statistics;
};

test("the pool holds each learner's first answer to an item, and no names", async () => {
  const db: Db = await databases.open();
  await createLearner(db, "ann");
  await createLearner(db, "ben");
  const keep = (learnerId: string, correct: boolean, ms: number): Promise<number> => {
    const { learner: _, ...rest } = answer(0, "i0", correct);
    return addAnswer(db, { ...rest, learnerId, topic: "T01", ms: 1, at: new Date(NOON + ms) });
  };
  const before = await readPoolVersion(db);
  // Written out of order: what counts is when it was answered.
  await keep("ann", true, 2);
  await keep("ann", false, 1);
  await keep("ben", true, 3);

  const pool = await readPool(db);

  expect(pool.answers.map(({ learner, correct }) => [learner, correct])).toEqual([
    [0, false],
    [1, true],
  ]);
  expect(JSON.stringify(pool)).not.toMatch(/ann|ben/);
  expect(await readPoolVersion(db)).not.toBe(before);
  const { learners, answers, items } = await readBankStatistics(db, BANK);
  expect([learners, answers, items.length]).toEqual([2, 2, 8]);
  expect(items[0]?.statistics).toMatchObject({ count: 2, facility: 0.5 });
  expect(items[1]?.statistics).toMatchObject({ count: 0, facility: 0 });
});

// Each of two learners answers six items: one all of them rightly, the other none. The rest of i0 is 1 and 0: it goes with the rest.
test("in practice the rest is what the same learner answered in the same domain", () => {
  const six = BANK.slice(0, 6).map(({ id }) => id);
  const statistics = figuresOf([...six.map((id) => answer(0, id, true)), ...six.map((id) => answer(1, id, false))]);

  expect(statistics).toMatchObject({ count: 2, ranked: 2, facility: 0.5, discrimination: expect.closeTo(1, 9) as number });
});

test("four other answers are no measure of a learner", () => {
  const five = BANK.slice(0, 5).map(({ id }) => id);

  expect(figuresOf(five.map((id) => answer(0, id, true)))).toMatchObject({ count: 1, ranked: 0 });
});

test("an item of another domain is no part of the rest", () => {
  const other = itemOf({ id: "storage", objective: "D6.1" });
  const answers = [...BANK.slice(0, 5).map(({ id }) => answer(0, id, true)), answer(0, "storage", true)];

  const [figures] = bankStatisticsOf([...BANK, other], { answers, exams: [] }).items;

  expect(figures?.statistics.ranked).toBe(0);
});

test("an answer to an earlier revision measures the learner and not the item", () => {
  const revised = { ...FIRST, rev: 2 };
  const answers = BANK.slice(0, 6).map(({ id }) => answer(0, id, true));

  const { items } = bankStatisticsOf([revised, ...BANK.slice(1)], { answers, exams: [] });

  expect(items[0]?.statistics.count).toBe(0);
  expect(items[1]?.statistics).toMatchObject({ count: 1, ranked: 1 });
});

/** An exam of all eight items, one by one, sat by one learner. */
const examOf = (learner: number, seed: string): PooledExam => ({
  learner,
  seed,
  items: BANK.map(({ id }) => ({ id, rev: 1, domain: "D4", format: "one-by-one" })),
  startedAt: new Date(NOON),
  finishedAt: new Date(NOON + 60_000),
});

test("in an exam the rest is the other first answers of the same exam, and what was practised before is left out of both", () => {
  const exam = examOf(0, "s");
  const sat = BANK.slice(1, 8).map(({ id }, at) => answer(0, id, at > 0, { mode: "exam", at: new Date(NOON + 1_000) }));
  const practised = answer(0, "i0", true, { at: new Date(NOON - 60_000) });

  const answers = [practised, ...sat];

  // Of i1 (wrong) six others were right; of i0 nothing else was practised.
  expect(figuresOf(answers, [exam], "i1")).toMatchObject({ count: 1, ranked: 1, facility: 0, oneByOne: { count: 1 } });
  expect(figuresOf(answers, [exam])).toMatchObject({ count: 1, ranked: 0, byChoice: { count: 1 }, oneByOne: { count: 0 } });
});

test("the key's position is that of the plan, also when the item was decided before the key was shown", () => {
  // A seed by which the key of the first item isn't shown first.
  const seed = ["s", "t", "u", "v"].find((one) => planOneByOne(optionsOf(FIRST), `${one}/0`).order[0] !== "a") ?? "";
  const { order } = planOneByOne(optionsOf(FIRST), `${seed}/0`);
  const [shown = ""] = order;
  const fallen = answer(0, "i0", false, { mode: "exam", at: new Date(NOON + 1_000), options: [shown], chosen: [shown] });

  const { positions, options } = figuresOf([fallen], [examOf(0, seed)]);

  expect(positions).toEqual([{ position: order.indexOf("a") + 1, count: 1, facility: 0 }]);
  expect(options.find(({ option }) => option === shown)).toMatchObject({ shown: 1, accepted: 1, count: 0 });
  expect(options.find(({ option }) => option === "a")).toMatchObject({ shown: 0 });
});
