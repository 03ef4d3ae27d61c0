import fc from "fast-check";
import ICAL from "ical.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addReviews, createLearner } from "@/lib/db";
import { calendarOf, dueDays, escapeText, foldLine, readCalendar } from "@/lib/progress/calendar";
import { migratedDatabases, type TestDatabases } from "./database";
import { itemOf } from "./items";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

const DAY = 86_400_000;
const MIDNIGHT = Date.UTC(2026, 0, 10);
const NOON = MIDNIGHT + DAY / 2;

/** As another program reads it. */
const eventsOf = (file: string) =>
  new ICAL.Component(ICAL.parse(file) as unknown[]).getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));

test("what falls due is counted by its date, and what is overdue today", () => {
  const days = dueDays([NOON - 40 * DAY, NOON, MIDNIGHT + DAY - 1, MIDNIGHT + DAY, MIDNIGHT + 366 * DAY], NOON);

  expect(days).toEqual([
    { day: MIDNIGHT, count: 3 },
    { day: MIDNIGHT + DAY, count: 1 },
  ]);
});

test("another program reads one all-day event for each day, with how many are due", () => {
  const events = eventsOf(
    calendarOf(
      [
        { day: MIDNIGHT, count: 12 },
        { day: MIDNIGHT + 2 * DAY, count: 1 },
      ],
      "ann",
      NOON,
    ),
  );

  expect(events.map(({ summary }) => summary)).toEqual(["Drydock: 12 reviews due", "Drydock: 1 review due"]);
  expect(events.map(({ startDate, endDate }) => [startDate.toString(), startDate.isDate, endDate.toString()])).toEqual([
    ["2026-01-10", true, "2026-01-11"],
    ["2026-01-12", true, "2026-01-13"],
  ]);
  expect(events[0]?.description).toBe(
    "12 reviews due, by what you had reviewed when this file was made.\nImport a new file to bring your calendar up to date.",
  );
  expect(events[0]?.component.getFirstPropertyValue("dtstamp")?.toString()).toBe("2026-01-10T12:00:00Z");
});

test("a later file has the same UIDs and a higher SEQUENCE, so that it replaces; another learner's has other UIDs", () => {
  const fileAt = (now: number, learner = "ann") => eventsOf(calendarOf([{ day: MIDNIGHT + DAY, count: 1 }], learner, now))[0];
  const [first, later, other] = [fileAt(NOON), fileAt(NOON + 3_600_000), fileAt(NOON, "ben")];

  expect(later?.uid).toBe(first?.uid);
  expect(Number(later?.sequence)).toBeGreaterThan(Number(first?.sequence));
  expect(other?.uid).not.toBe(first?.uid);
  // The id in one's cookie is nobody else's business, and a calendar is soon shared.
  expect(first?.uid).not.toContain("ann");
});

// Checked by hand against RFC 5545, since the parser forgives.
test("lines end with CRLF, have at most 75 octets, and the parts that must be there are there", () => {
  const file = calendarOf([{ day: MIDNIGHT, count: 3 }], "ann", NOON);
  const lines = file.split("\r\n");

  expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(lines.at(-1)).toBe("");
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(lines.slice(0, 3)).toEqual(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Drydock//Reviews//EN"]);
  expect(lines).toContain("DTSTAMP:20260110T120000Z");
  expect(lines).toContain("DTSTART;VALUE=DATE:20260110");
});

test("folding keeps the text and every character whole, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
      const line = text.replace(/[\r\n]/g, "");
      const folded = foldLine(line);

      expect(folded.replaceAll("\r\n ", "")).toBe(line);
      for (const part of folded.split("\r\n")) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
    }),
  );
});

test("what means something in the format is escaped", () => {
  expect(escapeText("a, b; c\\d\ne")).toBe("a\\, b\\; c\\\\d\\ne");
});

test("a learner's file holds their cards, and there is none when nothing comes back", async () => {
  const db = await databases.open();
  await createLearner(db, "ann");
  const items = [itemOf({ id: "one" })];
  expect(await readCalendar(db, items, [], "ann", NOON)).toBeUndefined();

  await addReviews(db, [
    { learnerId: "ann", kind: "item", card: "one", grade: "good", at: new Date(NOON - 90 * DAY) },
    { learnerId: "ann", kind: "item", card: "withdrawn", grade: "good", at: new Date(NOON - 90 * DAY) },
  ]);

  const events = eventsOf((await readCalendar(db, items, [], "ann", NOON)) ?? "");
  expect(events.map(({ summary, startDate }) => [summary, startDate.toString()])).toEqual([["Drydock: 1 review due", "2026-01-10"]]);
});
