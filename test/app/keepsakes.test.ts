import { afterAll, beforeAll, expect, test } from "vitest";
import { createLearner, type Db, listReports } from "@/lib/db";
import {
  bookmarkBodySchema,
  keepBookmark,
  keepNote,
  keepReport,
  keptAt,
  NOTE_LIMIT,
  noteBodySchema,
  readKeepsakes,
  readNote,
  reportBodySchema,
  REPORTS_A_DAY,
} from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";
import { itemOf } from "./items";

let databases: TestDatabases;
let db: Db;
beforeAll(async () => {
  databases = migratedDatabases();
  db = await databases.open();
});
afterAll(() => databases.remove());

const NOON = new Date(Date.UTC(2026, 0, 10, 12));
const BANK = [itemOf({ id: "one" }), itemOf({ id: "two" })];
let count = 0;
async function somebody(): Promise<string> {
  const id = `learner-${count++}`;
  await createLearner(db, id);
  return id;
}

test("a bookmark is set and taken away, and setting it twice is setting it", async () => {
  const ann = await somebody();
  for (const marked of [true, true]) await keepBookmark(db, BANK, ann, { item: "one", marked }, NOON);
  await keepBookmark(db, BANK, ann, { item: "two", marked: true }, new Date(NOON.getTime() + 1));
  expect((await readKeepsakes(db, ann)).bookmarks).toEqual(["two", "one"]);

  await keepBookmark(db, BANK, ann, { item: "two", marked: false }, NOON);

  expect((await readKeepsakes(db, ann)).bookmarks).toEqual(["one"]);
  expect((await readKeepsakes(db, await somebody())).bookmarks).toEqual([]);
});

test("what is not in the bank cannot be marked, but what was withdrawn can be unmarked", async () => {
  const ann = await somebody();
  await keepBookmark(db, [itemOf({ id: "old" })], ann, { item: "old", marked: true }, NOON);

  expect(await keepBookmark(db, BANK, ann, { item: "none", marked: true }, NOON)).toEqual({ ok: false, error: { kind: "no-such-item" } });
  expect(await keepBookmark(db, BANK, ann, { item: "old", marked: false }, NOON)).toMatchObject({ ok: true });
});

test("a note is kept as it is typed, each text under the version it was edited from", async () => {
  const ann = await somebody();
  const first = await keepNote(db, BANK, ann, { item: "one", text: "A veth", from: "" }, NOON);
  if (!first.ok) throw new Error("the first text is taken");
  const second = await keepNote(db, BANK, ann, { item: "one", text: "A veth pair", from: first.value.version }, NOON);

  expect(await readNote(db, ann, "one")).toEqual({ text: "A veth pair", version: second.ok && second.value.version });
  const kept = await readKeepsakes(db, ann);
  expect(keptAt(kept, [{ id: "two" }])).toEqual({ bookmarks: [], notes: {} });
  expect(keptAt(kept, [{ id: "one" }])).toEqual(kept);
});

test("a text that was edited from an older one does not write over what stands there", async () => {
  const ann = await somebody();
  await keepNote(db, BANK, ann, { item: "one", text: "from the laptop", from: "" }, NOON);

  expect(await keepNote(db, BANK, ann, { item: "one", text: "from the phone", from: "" }, NOON)).toEqual({
    ok: false,
    error: { kind: "note-changed" },
  });
  expect((await readNote(db, ann, "one")).text).toBe("from the laptop");
});

test("of two texts that arrive at once one is kept and the other refused", async () => {
  const ann = await somebody();

  const kept = await Promise.all(["a", "b", "c"].map((text) => keepNote(db, BANK, ann, { item: "one", text, from: "" }, NOON)));

  expect(kept.filter(({ ok }) => ok)).toHaveLength(1);
});

test("a request whose answer was lost may be sent again", async () => {
  const ann = await somebody();
  const sent = { item: "one", text: "the same", from: "" };

  const [first, again] = [await keepNote(db, BANK, ann, sent, NOON), await keepNote(db, BANK, ann, sent, NOON)];

  expect(again).toEqual(first);
});

test("an emptied note is gone, also for who edits it on", async () => {
  const ann = await somebody();
  const first = await keepNote(db, BANK, ann, { item: "one", text: "x", from: "" }, NOON);
  const version = first.ok ? first.value.version : "";
  await keepNote(db, BANK, ann, { item: "one", text: "", from: version }, NOON);

  expect((await readKeepsakes(db, ann)).notes).toEqual({});
  expect(await keepNote(db, BANK, ann, { item: "one", text: "y", from: "" }, NOON)).toMatchObject({ ok: true });
});

test.each([
  ["a note over the limit", noteBodySchema, { item: "one", text: "x".repeat(NOTE_LIMIT + 1), from: "" }, "text"],
  ["a note without its version", noteBodySchema, { item: "one", text: "x" }, "from"],
  ["a bookmark that is neither", bookmarkBodySchema, { item: "one", marked: "yes" }, "marked"],
  ["an unknown key", bookmarkBodySchema, { item: "one", marked: true, at: 1 }, ""],
  ["a reason that is not on the list", reportBodySchema, { item: "one", rev: 1, reason: "boring" }, "reason"],
  ["a report of a novel", reportBodySchema, { item: "one", rev: 1, reason: "other", text: "x".repeat(1_001) }, "text"],
])("%s is refused, and its place is named", (_, schema, body, path) => {
  expect(schema.safeParse(body).error?.issues[0]?.path.join(".")).toBe(path);
});

test("what a database does not take is replaced, and the rest of the note kept", () => {
  expect(noteBodySchema.parse({ item: "one", text: "a\0b\uD800c 🐳", from: "" }).text).toBe("a\uFFFDb\uFFFDc 🐳");
});

test("a report is kept for the operator, without a name", async () => {
  const ann = await somebody();
  const body = reportBodySchema.parse({ item: "two", rev: 3, reason: "outdated", text: "  Since 28 it warns.  " });
  await keepReport(db, BANK, ann, body, NOON);

  expect(await listReports(db, "two")).toEqual([{ item: "two", rev: 3, reason: "outdated", text: "Since 28 it warns.", at: NOON }]);
});

test("a learner can send so many reports a day, and the next day again", async () => {
  const ann = await somebody();
  const body = reportBodySchema.parse({ item: "one", rev: 1, reason: "other" });
  const at = (hours: number): Date => new Date(NOON.getTime() + hours * 3_600_000);
  for (let sent = 0; sent < REPORTS_A_DAY; sent++) expect((await keepReport(db, BANK, ann, body, NOON)).ok).toBe(true);

  expect(await keepReport(db, BANK, ann, body, at(11))).toEqual({ ok: false, error: { kind: "too-many-reports", limit: REPORTS_A_DAY } });
  expect((await keepReport(db, BANK, await somebody(), body, at(11))).ok).toBe(true);
  expect((await keepReport(db, BANK, ann, body, at(12))).ok).toBe(true);
  expect(await keepReport(db, BANK, ann, { ...body, item: "none" }, at(12))).toEqual({ ok: false, error: { kind: "no-such-item" } });
});
