import fc from "fast-check";
import { expect, test } from "vitest";
import { betaCdf, betaQuantile, type Evidence, masteryOf } from "@/lib/study/mastery";

const evidence = (correct: boolean, age = 0, exposure = 1): Evidence => ({ correct, age, exposure });

test("knowing nothing is a wide belief about a guess", () => {
  const mastery = masteryOf([]);

  expect(mastery.mean).toBe(0.25);
  expect(mastery.high - mastery.low).toBeGreaterThan(0.5);
});

test("right answers raise it, and more of them make it surer", () => {
  const few = masteryOf(Array.from({ length: 4 }, () => evidence(true)));
  const many = masteryOf(Array.from({ length: 40 }, () => evidence(true)));

  expect(many.mean).toBeGreaterThan(few.mean);
  expect(many.high - many.low).toBeLessThan(few.high - few.low);
});

test("what was answered long ago or often counts for less", () => {
  expect(masteryOf([evidence(true, 60)]).weight).toBeCloseTo(0.5, 12);
  expect(masteryOf([evidence(false, 0, 4)]).weight).toBeCloseTo(0.25, 12);
});

// The second answer comes after the first was explained: right, it may be remembered; wrong, it is known not to be known.
test("right again is worth less than wrong again", () => {
  expect(masteryOf([evidence(true, 0, 2)]).weight).toBeCloseTo(0.375, 12);
  expect(masteryOf([evidence(false, 0, 2)]).weight).toBeCloseTo(0.5, 12);
});

test("the belief lies between its bounds", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ correct: fc.boolean(), age: fc.double({ min: 0, max: 400, noNaN: true }), exposure: fc.integer({ min: 1, max: 9 }) }),
        { maxLength: 60 },
      ),
      (answers) => {
        const { mean, low, high } = masteryOf(answers);

        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
        expect(mean).toBeGreaterThan(0);
        expect(mean).toBeLessThan(1);
      },
    ),
  );
});

test("the Beta distribution agrees with closed forms", () => {
  expect(betaCdf(0.3, 1, 1)).toBeCloseTo(0.3, 10);
  expect(betaCdf(0.5, 2, 2)).toBeCloseTo(0.5, 10);
  expect(betaCdf(0.2, 1, 3)).toBeCloseTo(1 - 0.8 ** 3, 10);
  expect(betaQuantile(0.5, 3, 3)).toBeCloseTo(0.5, 8);
  expect(betaQuantile(0.1, 2, 1)).toBeCloseTo(Math.sqrt(0.1), 8);
});
