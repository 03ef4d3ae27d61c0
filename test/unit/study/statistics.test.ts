import { expect, test } from "vitest";
import { distractorFlags, type Exposure, flagsOf, itemStatistics } from "@/lib/study/statistics";

const exposure = (score: number, rest: number, ...chosen: string[]): Exposure => ({ score, rest, chosen });

// By hand: scores 1 1 0 0, rests 4 2 3 1. Means 0.5 and 2.5.
// cov = [(.5)(1.5) + (.5)(-.5) + (-.5)(.5) + (-.5)(-1.5)] / 3 = (0.75 - 0.25 - 0.25 + 0.75) / 3 = 1/3
// var x = 4 · 0.25 / 3 = 1/3; var X = (2.25 + 0.25 + 0.25 + 2.25) / 3 = 5/3
// discrimination = (1/3) / sqrt(1/3 · 5/3) = 1 / sqrt 5
// sorted: 0 0 1 1 with 1 2 3 4: cov = [(-.5)(-1.5) + (-.5)(-.5) + (.5)(.5) + (.5)(1.5)] / 3 = 2/3; efficiency = 1/2
test("agrees with a fixture computed by hand", () => {
  const statistics = itemStatistics([exposure(1, 4, "a"), exposure(1, 2, "a"), exposure(0, 3, "b"), exposure(0, 1, "c")], ["a", "b", "c"]);

  expect(statistics.facility).toBe(0.5);
  expect(statistics.discrimination).toBeCloseTo(1 / Math.sqrt(5), 12);
  expect(statistics.efficiency).toBeCloseTo(0.5, 12);
  expect(statistics.distractors).toEqual([
    { option: "a", count: 2, share: 0.5, top: 1, bottom: 0 },
    { option: "b", count: 1, share: 0.25, top: 0, bottom: 0 },
    { option: "c", count: 1, share: 0.25, top: 0, bottom: 1 },
  ]);
});

test("an item that everybody gets right tells nothing about discrimination", () => {
  const statistics = itemStatistics([exposure(1, 1, "a"), exposure(1, 5, "a")], ["a", "b"]);

  expect(statistics).toMatchObject({ facility: 1, discrimination: undefined, efficiency: undefined });
});

test("nothing is flagged before there is enough to act upon", () => {
  const few = Array.from({ length: 99 }, (_, i) => exposure(0, i, "b"));

  expect(flagsOf(itemStatistics(few, ["a", "b"]))).toEqual([]);
  expect(flagsOf(itemStatistics([...few, exposure(0, 1, "b")], ["a", "b"]))).toEqual(["too-hard"]);
});

test("an item that the better ones miss is flagged as negative", () => {
  const many = Array.from({ length: 100 }, (_, i) => exposure(i < 50 ? 1 : 0, i, i < 50 ? "a" : "b"));

  expect(flagsOf(itemStatistics(many, ["a", "b"]))).toContain("negative-discrimination");
});

test("a distractor that nobody takes does not work, and one that the best take is ambiguous", () => {
  const many = Array.from({ length: 120 }, (_, i) => exposure(i % 2, i, i % 2 === 1 ? "a" : i > 80 ? "b" : "c"));

  const flags = distractorFlags(itemStatistics(many, ["a", "b", "c", "d"]), ["a"]);

  expect(flags.get("b")).toBe("ambiguous");
  expect(flags.get("d")).toBe("not-working");
  expect(flags.has("c")).toBe(false);
});
