import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNatural } from "@/lib/sim/programs/docker/format/natural";

test("numbers within names count as numbers", () => {
  expect(["net10", "net2", "net", "Net1", "net02", "a", "2"].sort(compareNatural)).toEqual([
    "2",
    "Net1",
    "a",
    "net",
    "net2",
    "net02",
    "net10",
  ]);
});

test("it is an order", () => {
  const name = fc.string({ unit: fc.constantFrom(..."ab019"), maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
      if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0) expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
