import { expect, test } from "vitest";
import { calendarOf, rfc3339, timestamp } from "@/lib/sim/programs/docker/opts/timestamp";

const NOON = 1_767_614_400; // 2026-01-05T12:00:00Z

test.each<[string, string]>([
  ["10m", `${NOON - 600}`],
  ["1h30m", `${NOON - 5400}`],
  ["0s", `${NOON}`],
  ["1767614400", "1767614400"],
  ["1767614400.5", "1767614400.5"],
  ["2026-01-05", `${NOON - 43_200}.000000000`],
  ["2026-01-05T11:00:00", `${NOON - 3600}.000000000`],
  ["2026-01-05T11:00:00Z", `${NOON - 3600}.000000000`],
  ["2026-01-05T11:00:00+01:00", `${NOON - 7200}.000000000`],
  ["2026-01-05T11:00:00.25Z", `${NOON - 3600}.250000000`],
])("%s is the time %s", (text, value) => {
  expect(timestamp(text, NOON * 1e9)).toEqual({ ok: true, value });
});

test("a month that there is not is none", () => {
  expect(timestamp("2026-13-05", NOON * 1e9)).toEqual({ ok: false, error: 'parsing time "2026-13-05": month out of range' });
});

test("days are counted across leap years", () => {
  expect(calendarOf(951_782_400)).toMatchObject({ year: 2000, month: 2, day: 29 });
  expect(rfc3339(NOON)).toBe("2026-01-05T12:00:00Z");
});
