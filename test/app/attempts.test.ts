import { afterAll, beforeAll, expect, test } from "vitest";
import { appendEntries, createAttempt, createLearner, type Db, findAttempt, lastSeq, listEntries } from "@/lib/db";
import { migratedDatabases, type TestDatabases } from "./database";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const atOf = (payload: string): number => (JSON.parse(payload) as { at: number }).at;
const options = { at: atOf, limit: 100 };
const entry = (seq: number, at = seq * 10, text = "x") => ({ seq, payload: JSON.stringify({ at, kind: "input", text }) });

async function attemptIn(db: Db): Promise<string> {
  await createLearner(db, "ann");
  await createLearner(db, "ben");
  await createAttempt(db, { id: "a1", learnerId: "ann", lab: "L-1", rev: 1, seed: "s", variant: "" });
  return "a1";
}

test("entries are stored in order, and the last number is answered", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);

  expect(await appendEntries(db, id, [entry(1), entry(2)], options)).toEqual({ ok: true, value: 2 });
  expect(await appendEntries(db, id, [entry(3)], options)).toEqual({ ok: true, value: 3 });
  expect((await listEntries(db, id)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test("the same request again changes nothing and gets the same answer", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);
  await appendEntries(db, id, [entry(1), entry(2)], options);

  expect(await appendEntries(db, id, [entry(1), entry(2)], options)).toEqual({ ok: true, value: 2 });
  expect(await appendEntries(db, id, [entry(2), entry(3)], options)).toEqual({ ok: true, value: 3 });
  expect(await lastSeq(db, id)).toBe(3);
});

test("a gap is refused, and nothing of the request is stored", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);
  await appendEntries(db, id, [entry(1)], options);

  expect(await appendEntries(db, id, [entry(2), entry(4)], options)).toEqual({ ok: false, error: { kind: "gap", expected: 3, index: 1 } });
  expect(await appendEntries(db, id, [entry(5)], options)).toEqual({ ok: false, error: { kind: "gap", expected: 2, index: 0 } });
  expect(await lastSeq(db, id)).toBe(1);
});

test("another entry under a stored number is refused", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);
  await appendEntries(db, id, [entry(1), entry(2)], options);

  expect(await appendEntries(db, id, [entry(2, 20, "other"), entry(3)], options)).toEqual({
    ok: false,
    error: { kind: "conflict", seq: 2, index: 0 },
  });
  expect(await lastSeq(db, id)).toBe(2);
});

test("time does not run backwards, within a request or across two", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);
  await appendEntries(db, id, [entry(1, 50)], options);

  expect(await appendEntries(db, id, [entry(2, 49)], options)).toEqual({ ok: false, error: { kind: "time-goes-back", index: 0 } });
  expect(await appendEntries(db, id, [entry(2, 60), entry(3, 59)], options)).toEqual({
    ok: false,
    error: { kind: "time-goes-back", index: 1 },
  });
  expect(await appendEntries(db, id, [entry(2, 50)], options)).toEqual({ ok: true, value: 2 });
});

test("an attempt is full at its limit", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);
  const few = { at: atOf, limit: 2 };

  expect(await appendEntries(db, id, [entry(1), entry(2), entry(3)], few)).toEqual({ ok: false, error: { kind: "full", limit: 2 } });
  expect(await appendEntries(db, id, [entry(1), entry(2)], few)).toEqual({ ok: true, value: 2 });
});

test("two requests that meet store each entry once", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);

  const answers = await Promise.all(Array.from({ length: 5 }, () => appendEntries(db, id, [entry(1), entry(2), entry(3)], options)));

  expect(answers).toEqual(Array.from({ length: 5 }, () => ({ ok: true, value: 3 })));
  expect(await listEntries(db, id)).toHaveLength(3);
});

test("an attempt is not found by another learner", async () => {
  const db = await databases.open();
  const id = await attemptIn(db);

  expect(await findAttempt(db, id, "ben")).toBeUndefined();
  expect((await findAttempt(db, id, "ann"))?.lab).toBe("L-1");
});
