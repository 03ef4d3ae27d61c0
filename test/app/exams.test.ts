import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChoiceItem } from "@/lib/content";
import { createLearner, type Db, findExam, listAnswers } from "@/lib/db";
import { closeExam, type ExamView, readExam, type ReplyBody, replyInExam, reportOf, shortfallOf, startExam, viewOf } from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";
import { itemOf } from "./items";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const START = new Date(Date.UTC(2026, 0, 10, 12));
const after = (minutes: number): Date => new Date(START.getTime() + minutes * 60_000);
const BANK: readonly ChoiceItem[] = Array.from({ length: 40 }, (_, at) =>
  itemOf({ id: `i${at}`, objective: `D4.${1 + (at % 5)}`, keys: at % 3 === 0 ? ["a", "b"] : ["a"], oneByOne: at % 4 !== 0 }),
);

async function begin(
  db: Db,
  { kind = "networking", id = "x1", seed = "s", now = START }: Partial<Parameters<typeof startExam>[2]> = {},
): Promise<ExamView> {
  const started = await startExam(db, BANK, { learnerId: "ann", kind, id, seed, now });
  if (!started.ok) throw new Error(started.error.kind);
  return look(db, id, now);
}

async function look(db: Db, id: string, now: Date): Promise<ExamView> {
  const read = await readExam(db, BANK, "ann", id, now);
  if (!read.ok) throw new Error(read.error.kind);
  return viewOf(read.value, now);
}

/** A reply to what is asked: the right one, or as near to it as saying yes to everything. */
function replyTo({ ask }: ExamView, isRight = true): ReplyBody {
  if (!ask) throw new Error("nothing is asked");
  const isKey = (text: string): boolean => {
    const [id, option] = text.split(" ");
    return BANK.find((item) => item.id === id)?.options.find((one) => one.id === option)?.key === true;
  };
  if (ask.format === "one-by-one") return { place: ask.place, step: ask.step, accept: isRight === isKey(ask.option) };
  const chosen = ask.options.flatMap((text, at) => (isRight === isKey(text) ? [at] : []));
  return { place: ask.place, step: 0, chosen: chosen.slice(0, ask.choose) };
}

const send = (db: Db, body: ReplyBody, now: Date, id = "x1", learnerId = "ann") => replyInExam(db, BANK, { learnerId, id, body, now });

async function answerAll(db: Db, first: ExamView, now: Date): Promise<void> {
  let view = first;
  while (view.ask) {
    const next = await send(db, replyTo(view), now, first.id);
    if (!next.ok) throw new Error(next.error.kind);
    view = next.value;
  }
}

async function learner(db: Db): Promise<Db> {
  await createLearner(db, "ann");
  await createLearner(db, "ben");
  return db;
}

test("answered rightly to its end, an exam is finished and marked, and its answers are kept", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);
  expect(first).toMatchObject({ total: 15, endsAt: after(25).getTime() });

  await answerAll(db, first, after(5));

  const read = await readExam(db, BANK, "ann", "x1", after(6));
  if (!read.ok) throw new Error(read.error.kind);
  expect(read.value.exam).toMatchObject({ state: "finished", finishedAt: after(5) });
  expect(reportOf(read.value, [])).toMatchObject({ right: 15, total: 15, domains: [{ id: "D4", title: "Networking", right: 15 }] });
  expect(await listAnswers(db, "ann")).toHaveLength(15);
});

test("what the browser gets names neither key, reason, option id nor how many options there are", async () => {
  const db = await learner(await databases.open());
  let view = await begin(db);
  for (let i = 0; i < 30 && view.ask; i++) {
    const text = JSON.stringify(view);
    expect(text).not.toMatch(/"key"|"why"|Reason of|"id":"[a-d]"|"order"/);
    if (view.ask.format === "one-by-one") expect(Object.keys(view.ask).sort()).toEqual(["format", "option", "place", "stem", "step"]);
    const next = await send(db, replyTo(view), after(1));
    if (!next.ok) throw new Error(next.error.kind);
    view = next.value;
  }
});

test("the time is up at the end, not before: a later reply is refused, and what is open is wrong", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);
  const inTime = await send(db, replyTo(first), new Date(after(25).getTime() - 1));
  if (!inTime.ok) throw new Error(inTime.error.kind);

  expect(await send(db, replyTo(inTime.value), after(25))).toEqual({ ok: false, error: { kind: "exam-over" } });

  const exam = await findExam(db, "x1", "ann");
  expect(exam).toMatchObject({ state: "finished", finishedAt: after(25) });
  expect((await look(db, "x1", after(26))).ask).toBeUndefined();
});

test("the same reply again changes nothing; another one to the same question, or to one not yet asked, is refused", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);
  const body = replyTo(first);
  const other = replyTo(first, false);
  const next = await send(db, body, after(1));

  expect(await send(db, body, after(1))).toEqual(next);
  expect(await send(db, other, after(1))).toEqual({ ok: false, error: { kind: "not-asked" } });
  expect(await send(db, { ...body, place: 9 }, after(1))).toEqual({ ok: false, error: { kind: "not-asked" } });
});

test("two replies that meet are one: the other is told that the question is gone", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);

  const both = await Promise.all([send(db, replyTo(first), after(1)), send(db, replyTo(first, false), after(1))]);

  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
});

test("options that were not shown are refused", async () => {
  const db = await learner(await databases.open());
  let view = await begin(db);
  while (view.ask?.format !== "choice") {
    const next = await send(db, replyTo(view), after(1));
    if (!next.ok) throw new Error(next.error.kind);
    view = next.value;
  }

  for (const chosen of [[9], [0, 0]]) {
    expect(await send(db, { place: view.ask.place, step: 0, chosen }, after(1))).toEqual({ ok: false, error: { kind: "no-such-option" } });
  }
});

test("one exam at a time; abandoned, it is not marked and makes room", async () => {
  const db = await learner(await databases.open());
  await answerSome(db, await begin(db));

  expect(await startExam(db, BANK, { learnerId: "ann", kind: "drill", id: "x2", seed: "t", now: after(1) })).toEqual({
    ok: false,
    error: { kind: "exam-open", id: "x1" },
  });
  expect(await closeExam(db, BANK, { learnerId: "ann", id: "x1", state: "abandoned", now: after(2) })).toMatchObject({ ok: true });
  expect(await listAnswers(db, "ann")).toEqual([]);
  expect(await begin(db, { kind: "drill", id: "x2", now: after(3) })).toMatchObject({ total: 10 });
});

async function answerSome(db: Db, view: ExamView): Promise<void> {
  await send(db, replyTo(view), after(1));
}

test("the next exam has none of the items of the last while the bank allows", async () => {
  const db = await learner(await databases.open());
  await begin(db);
  await closeExam(db, BANK, { learnerId: "ann", id: "x1", state: "finished", now: after(1) });
  await begin(db, { id: "x2", seed: "other", now: after(2) });

  const [one, two] = await Promise.all([findExam(db, "x1", "ann"), findExam(db, "x2", "ann")]);

  const before = new Set(one?.items.map(({ id }) => id));
  expect(two?.items.filter(({ id }) => before.has(id))).toEqual([]);
});

test("a bank that cannot fill an exam says what is missing", async () => {
  const db = await learner(await databases.open());

  expect(shortfallOf(BANK, "networking")).toBeUndefined();
  const missing = { D1: 14, D2: 11, D3: 8, D5: 8, D6: 6 };
  expect(Object.keys(shortfallOf(BANK, "full") ?? {})).toEqual(Object.keys(missing));
  expect(await startExam(db, BANK, { learnerId: "ann", kind: "full", id: "x1", seed: "s", now: START })).toMatchObject({
    ok: false,
    error: { kind: "bank-too-small" },
  });
});

test("an exam is not found by another learner", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);

  expect(await send(db, replyTo(first), after(1), "x1", "ben")).toEqual({ ok: false, error: { kind: "no-such-exam" } });
  expect(await closeExam(db, BANK, { learnerId: "ben", id: "x1", state: "finished", now: after(1) })).toMatchObject({ ok: false });
});

test("an item revised while the exam runs is passed over and not counted", async () => {
  const db = await learner(await databases.open());
  const first = await begin(db);
  const place = first.ask?.place ?? 0;
  const id = (await findExam(db, "x1", "ann"))?.items[place]?.id;
  const revised = BANK.map((item) => (item.id === id ? { ...item, rev: 2 } : item));

  const read = await readExam(db, revised, "ann", "x1", after(1));

  if (!read.ok) throw new Error(read.error.kind);
  expect(viewOf(read.value, after(1)).ask?.place).toBe(place + 1);
  expect(reportOf(read.value, []).total).toBe(14);
});
