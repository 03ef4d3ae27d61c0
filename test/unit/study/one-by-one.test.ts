import fc from "fast-check";
import { expect, test } from "vitest";
import { foldOneByOne, type OneByOneOption, planOneByOne, type Reply } from "@/lib/study/one-by-one";

const options: readonly OneByOneOption[] = [
  { id: "a", key: true },
  { id: "b", key: false },
  { id: "c", key: true },
  { id: "d", key: false },
];
const plain = { order: ["b", "a", "d", "c"], showsExtra: false };

test("it ends at the first distractor that is accepted", () => {
  expect(foldOneByOne(options, plain, ["yes"])).toEqual({ kind: "ended", correct: false, counted: 1 });
});

test("it ends at the first key that is rejected", () => {
  expect(foldOneByOne(options, plain, ["no", "no"])).toEqual({ kind: "ended", correct: false, counted: 2 });
});

test("it goes on until all keys were accepted", () => {
  expect(foldOneByOne(options, plain, ["no", "yes"])).toEqual({ kind: "asking", option: "d", shown: 3 });
  expect(foldOneByOne(options, plain, ["no", "yes", "no", "yes"])).toEqual({ kind: "ended", correct: true, counted: 4 });
});

test("an extra option is asked after the decision, and changes nothing", () => {
  const withExtra = { order: ["b", "a", "d", "c"], showsExtra: true };

  expect(foldOneByOne(options, withExtra, ["yes"])).toEqual({ kind: "asking", option: "a", shown: 2 });
  expect(foldOneByOne(options, withExtra, ["yes", "yes"])).toEqual({ kind: "ended", correct: false, counted: 1, extra: "a" });
  expect(foldOneByOne(options, withExtra, ["yes", "no"])).toEqual({ kind: "ended", correct: false, counted: 1, extra: "a" });
});

test("whoever answers every option rightly is right, whatever the order", () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const plan = planOneByOne(options, seed);
      const replies = plan.order.map((id): Reply => (options.find((option) => option.id === id)?.key ? "yes" : "no"));

      const end = foldOneByOne(options, plan, replies);

      expect(end).toMatchObject({ kind: "ended", correct: true });
    }),
  );
});

test("about half of the items show an extra option", () => {
  const shows = Array.from({ length: 1000 }, (_, i) => planOneByOne(options, `seed${i}`).showsExtra).filter(Boolean).length;

  expect(shows).toBeGreaterThan(430);
  expect(shows).toBeLessThan(570);
});
