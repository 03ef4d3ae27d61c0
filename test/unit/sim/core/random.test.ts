import fc from "fast-check";
import { expect, test } from "vitest";
import { datePartsOf, daysSince1970, httpDate, plainDate } from "@/lib/sim/core/calendar";
import { Random } from "@/lib/sim/core/random";
import { parseSignal } from "@/lib/sim/core/signal";
import { BOOT_DATE_MS } from "@/lib/sim/core/time";

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: string): number[] =>
    Array.from(
      { length: 5 },
      (() => {
        const random = new Random(seed);
        return () => random.u32();
      })(),
    );

  expect(draw("a")).toEqual(draw("a"));
  expect(draw("a")).not.toEqual(draw("b"));
});

test("what one stream draws does not shift another", () => {
  const first = new Random("seed");
  const second = new Random("seed");
  for (let i = 0; i < 100; i++) second.u32();

  expect(second.fork("macs").hex(12)).toBe(first.fork("macs").hex(12));
});

test("a number below a limit stays below it and takes every value", () => {
  const random = new Random("spread");
  const seen = new Set(Array.from({ length: 1000 }, () => random.below(7)));

  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("shuffling keeps every item", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.string(), (items, seed) => {
      expect([...new Random(seed).shuffle(items)].sort()).toEqual([...items].sort());
    }),
  );
});

test("the calendar is the inverse of counting days", () => {
  fc.assert(
    fc.property(fc.integer({ min: -40_000, max: 60_000 }), (days) => {
      const parts = datePartsOf(days * 86_400_000);

      expect(daysSince1970(parts.year, parts.month, parts.day)).toBe(days);
      expect(parts.weekday).toBe(new Date(days * 86_400_000).getUTCDay());
    }),
  );
});

test("a world boots on Monday 5 January 2026 at nine", () => {
  expect(plainDate(BOOT_DATE_MS)).toBe("2026-01-05 09:00:00");
  expect(httpDate(BOOT_DATE_MS)).toBe("Mon, 05 Jan 2026 09:00:00 GMT");
});

test("signals are read by number and by name, with and without SIG", () => {
  expect(["9", "KILL", "SIGKILL", "sigkill", "0", "NOPE"].map(parseSignal)).toEqual(["KILL", "KILL", "KILL", "KILL", undefined, undefined]);
});
