import { afterAll, beforeAll, expect, test } from "vitest";
import { addReviews, createLearner, type Db, listAnswers, listReviews } from "@/lib/db";
import { changeGrade, readDesk, recordAnswer, recordReview, type ReviewBody, undoReview } from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";
import { at, itemOf } from "./items";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const NOON = Date.UTC(2026, 0, 10, 12);
const DAY = 86_400_000;
const still = { order: <T>(options: readonly T[]) => options };
const one = itemOf({ id: "one", misconceptions: { b: "M01" } });
const two = itemOf({ id: "two", misconceptions: { c: "M01" } });

async function learnerIn(db: Db): Promise<string> {
  await createLearner(db, "ann");
  return "ann";
}

const shown = (item: string, chosen: readonly string[]) => ({
  item,
  rev: 1,
  options: ["a", "b", "c", "d"],
  chosen: [...chosen],
  ms: 4_000,
});
const practised = (item: string, chosen: readonly string[]) => ({ ...shown(item, chosen), mode: "practice" as const });
const reviewed = (item: string, chosen: readonly string[], kind: ReviewBody["card"]["kind"] = "item", card = item): ReviewBody => ({
  ...shown(item, chosen),
  card: { kind, card },
});
const gradesIn = async (db: Db) => (await listReviews(db, "ann")).map(({ kind, card, grade }) => `${kind} ${card} ${grade}`);

test("the first answer in practice begins an item's card, and a wrong option its misconception's", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);

  await recordAnswer(db, [one], learner, practised("one", ["b"]), at(NOON));

  expect(await gradesIn(db)).toEqual(["item one again", "misconception M01 again"]);
});

test("right again in practice before it is due says nothing; wrong does", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await recordAnswer(db, [two], learner, practised("two", ["a"]), at(NOON));
  await recordAnswer(db, [two], learner, practised("two", ["a"]), at(NOON + 1_000));
  await recordAnswer(db, [two], learner, practised("two", ["d"]), at(NOON + 2_000));

  expect(await gradesIn(db)).toEqual(["item two good", "item two again"]);
  expect(await listAnswers(db, learner)).toHaveLength(3);
});

test("a misconception is asked by another item than the one that showed it", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await recordAnswer(db, [one], learner, practised("one", ["b"]), at(NOON));
  await addReviews(db, [{ learnerId: learner, kind: "item", card: "one", grade: "easy", at: new Date(NOON + 1_000) }]);

  const desk = await readDesk(db, [one, two], [], learner, { now: NOON + 3_600_000, ...still });

  expect(desk.tasks.map(({ card, question }) => [card.kind, question.id])).toEqual([["misconception", "two"]]);
});

test("a misconception's card says in words what is believed", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await recordAnswer(db, [one], learner, practised("one", ["b"]), at(NOON));
  const misconceptions = [
    { id: "M01", topic: "T02" as const, belief: "Names work everywhere.", truth: "They do not.", refs: ["docs:a.md"] },
  ];

  const desk = await readDesk(db, [two], [], learner, { now: NOON + 3_600_000, ...still, misconceptions });

  expect(desk.tasks.map(({ belief }) => belief)).toEqual([{ id: "M01", belief: "Names work everywhere." }]);
});

test("what lies on the desk does not tell what is right", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await recordAnswer(db, [one], learner, practised("one", ["b"]), at(NOON));

  const desk = await readDesk(db, [one], [], learner, { now: NOON + 3_600_000, ...still });

  expect(desk.tasks.length).toBeGreaterThan(0);
  expect(JSON.stringify(desk)).not.toMatch(/"key"|"why"|Reason of/);
});

test("the day's limit holds back what is due, and repetitions of today count against it", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  const items = Array.from({ length: 50 }, (_, at) => itemOf({ id: `i${at}` }));
  await addReviews(
    db,
    items.map(({ id }, at) => ({
      learnerId: learner,
      kind: "item" as const,
      card: id,
      grade: "good" as const,
      at: new Date(NOON - 30 * DAY + at),
    })),
  );
  expect((await readDesk(db, items, [], learner, { now: NOON, ...still })).tasks).toHaveLength(40);

  await recordReview(db, items, learner, reviewed("i0", ["a"]), at(NOON));
  const desk = await readDesk(db, items, [], learner, { now: NOON + 1_000, ...still });

  expect(desk).toMatchObject({ doneToday: 1, due: 49, perDay: 40 });
  expect(desk.tasks).toHaveLength(39);
  expect((await readDesk(db, items, [], learner, { now: NOON + DAY, ...still })).doneToday).toBe(0);
});

test("what is met for the first time today is no repetition", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await recordAnswer(db, [two], learner, practised("two", ["a"]), at(NOON));

  expect(await readDesk(db, [two], [], learner, { now: NOON + 1_000, ...still })).toMatchObject({ doneToday: 0, cards: 1, due: 0 });
});

test("a review is graded from its answer, and tells when each grade would bring it back", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  await addReviews(db, [{ learnerId: learner, kind: "item", card: "one", grade: "good", at: new Date(NOON - 9 * DAY) }]);

  const result = await recordReview(db, [one], learner, { ...reviewed("one", ["a"]), ms: 95_000 }, at(NOON));

  if (!result.ok) throw new Error(result.error.kind);
  expect(result.value.grade).toBe("hard");
  const { again, hard, good, easy } = result.value.dues;
  expect(again).toBeLessThan(hard);
  expect(hard).toBeLessThan(good);
  expect(good).toBeLessThan(easy);
});

test("only the last review can be graded anew or taken back", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);
  const then = new Date(NOON - 9 * DAY);
  await addReviews(db, [
    { learnerId: learner, kind: "item", card: "one", grade: "good", at: then },
    { learnerId: learner, kind: "item", card: "two", grade: "good", at: then },
  ]);
  const first = await recordReview(db, [one, two], learner, reviewed("one", ["b"]), at(NOON));
  const second = await recordReview(db, [one, two], learner, reviewed("two", ["a"]), at(NOON + 1));
  if (!first.ok || !second.ok) throw new Error("not reviewed");
  const card = { kind: "item" as const, card: "two" };

  expect(await changeGrade(db, learner, first.value.answer, { card: { kind: "item", card: "one" }, grade: "easy" })).toEqual({
    ok: false,
    error: { kind: "not-the-last" },
  });
  expect(await changeGrade(db, learner, second.value.answer, { card, grade: "easy" })).toEqual({ ok: true, value: "easy" });
  expect(await changeGrade(db, "ben", second.value.answer, { card, grade: "hard" })).toMatchObject({ ok: false });
  expect(await undoReview(db, learner, second.value.answer)).toEqual({ ok: true, value: 1 });
  // Then the one before it is the last: with it goes what it said about the misconception.
  expect(await undoReview(db, learner, first.value.answer)).toEqual({ ok: true, value: 2 });
  expect(await gradesIn(db)).toEqual(["item one good", "item two good"]);
});

test("a review of a card that never began, or that the item does not bear on, is refused", async () => {
  const db = await databases.open();
  const learner = await learnerIn(db);

  expect(await recordReview(db, [one], learner, reviewed("one", ["a"]), at(NOON))).toEqual({
    ok: false,
    error: { kind: "no-such-card" },
  });
  expect(await recordReview(db, [one], learner, reviewed("one", ["a"], "misconception", "M99"), at(NOON))).toEqual({
    ok: false,
    error: { kind: "no-such-card" },
  });
  expect(await listAnswers(db, learner)).toEqual([]);
});
