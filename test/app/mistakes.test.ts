import { expect, test } from "vitest";
import { beliefsIn, isHeld, mistakesIn, OVERCOME } from "@/lib/progress";
import { itemOf } from "./items";

const BANK = [
  itemOf({ id: "one", misconceptions: { b: "M01" } }),
  itemOf({ id: "two", misconceptions: { b: "M01", c: "M02" } }),
  itemOf({ id: "three" }),
];
let minute = 0;
const answered = (item: string, option: string) => ({
  item,
  chosen: [option],
  correct: option === "a",
  at: new Date(Date.UTC(2026, 0, 10, 12, minute++)),
});

test("a mistake is an item whose latest answer was wrong", () => {
  const answers = [answered("one", "b"), answered("two", "b"), answered("two", "a"), answered("three", "a"), answered("three", "d")];

  expect(mistakesIn(BANK, answers).map(({ id }) => id)).toEqual(["one", "three"]);
});

test("what is no longer in the bank is neither a mistake nor shows a belief", () => {
  const answers = [answered("withdrawn", "b")];

  expect(mistakesIn(BANK, answers)).toEqual([]);
  expect(beliefsIn(BANK, answers)).toEqual([]);
});

test("beliefs come by how often they were shown, of equals the latest first", () => {
  const beliefs = beliefsIn(BANK, [answered("one", "b"), answered("two", "c"), answered("two", "b"), answered("one", "d")]);

  expect(beliefs.map(({ id, times }) => [id, times])).toEqual([
    ["M01", 2],
    ["M02", 1],
  ]);
  expect(beliefsIn(BANK, [answered("one", "b"), answered("two", "c")]).map(({ id }) => id)).toEqual(["M02", "M01"]);
});

test("right answers to what could have shown it overcome a belief, until it shows again", () => {
  const right = Array.from({ length: OVERCOME }, () => answered("two", "a"));
  const before = [answered("one", "a"), answered("one", "b"), answered("three", "a"), ...right.slice(1)];

  expect(beliefsIn(BANK, before).filter(isHeld)).toMatchObject([{ id: "M01", overcome: OVERCOME - 1 }]);
  expect(beliefsIn(BANK, [...before, answered("two", "a")]).filter(isHeld)).toEqual([]);
  expect(beliefsIn(BANK, [...before, answered("two", "a"), answered("one", "b")])).toMatchObject([{ times: 2, overcome: 0 }]);
});
