import fc from "fast-check";
import { expect, test } from "vitest";
import { Chance } from "@/lib/study/chance";
import { distractorFlags, type Exposure, flagsOf, itemStatistics, MINIMUM_REST, MINIMUM_TO_ACT, restScores } from "@/lib/study/statistics";

const ORDER = ["a", "b", "c", "d"];
/** `a` is right. */
const OPTIONS = ORDER.map((id) => ({ id, key: id === "a" }));
const exposure = (score: number, rest: number | undefined, ...chosen: string[]): Exposure => ({
  score,
  rest,
  way: "choice",
  order: ORDER,
  asked: ORDER.length,
  chosen,
});
const oneByOne = (order: string, asked: number, ...chosen: string[]): Exposure => ({
  score: chosen.join() === "a" ? 1 : 0,
  rest: undefined,
  way: "one-by-one",
  order: [...order],
  asked,
  chosen,
});

// By hand: scores 1 1 0 0, rests .4 .2 .3 .1. Means .5 and .25.
// cov = [(.5)(.15) + (.5)(−.05) + (−.5)(.05) + (−.5)(−.15)] / 3 = (.075 − .025 − .025 + .075) / 3 = .1/3
// var x = 4 · .25 / 3 = 1/3; var X = (.0225 + .0025 + .0025 + .0225) / 3 = .05/3
// discrimination = (.1/3) / sqrt(1/3 · .05/3) = .1 / sqrt .05 = 1 / sqrt 5
// sorted: 0 0 1 1 with .1 .2 .3 .4: cov = [(−.5)(−.15) + (−.5)(−.05) + (.5)(.05) + (.5)(.15)] / 3 = .2/3; efficiency = 1/2
// 27 % of 4 is 1 and a third of 4 is 1: the best is .4 (right, chose a), the worst .1 (wrong, chose c), so upper less lower is 1.
test("agrees with a fixture computed by hand", () => {
  const statistics = itemStatistics([exposure(1, 0.4, "a"), exposure(1, 0.2, "a"), exposure(0, 0.3, "b"), exposure(0, 0.1, "c")], OPTIONS);

  expect(statistics).toMatchObject({ count: 4, ranked: 4, facility: 0.5, upperLower: 1, byChoice: { count: 4, facility: 0.5 } });
  expect(statistics.discrimination).toBeCloseTo(1 / Math.sqrt(5), 12);
  expect(statistics.efficiency).toBeCloseTo(0.5, 12);
  expect(
    statistics.options.map(({ option, isKey, count, share, ofWrong, top, bottom }) => [option, isKey, count, share, ofWrong, top, bottom]),
  ).toEqual([
    ["a", true, 2, 0.5, 0, 1, 0],
    ["b", false, 1, 0.25, 0.5, 0, 0],
    ["c", false, 1, 0.25, 0.5, 0, 1],
    ["d", false, 0, 0, 0, 0, 0],
  ]);
});

// By hand: 11 exposures, 27 % of 11 is 2.97, so 3. Rests .1 .2 .3 .3 .4 .5 .6 .7 .8 .9 .9, right are those at .3 (one), .6, .7, .9 (one).
// The worst three are .1, .2 and one of the two at .3, of which half is right: facility (0 + 0 + .5) / 3 = 1/6.
// The best three are both at .9 and .8: facility (1 + 0 + 0) / 3 = 1/3. Upper less lower: 1/6.
test("those that tie at the border of a group belong to it in part", () => {
  const rests = [0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.9];
  const rights = [0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 0];

  const { upperLower } = itemStatistics(
    rests.map((rest, at) => exposure(rights[at] ?? 0, rest)),
    OPTIONS,
  );

  expect(upperLower).toBeCloseTo(1 / 6, 12);
});

test("the order of exposures does not count", () => {
  const rest = fc.constantFrom(undefined, 0, 0.25, 0.5, 0.75, 1);
  const one = fc.record({ score: fc.constantFrom(0, 1), rest, chosen: fc.constantFrom("a", "b", "c", "d") });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), fc.string(), (list, seed) => {
      const exposures = list.map(({ score, rest, chosen }) => exposure(score, rest, chosen));
      const rounded = (value: unknown): unknown =>
        JSON.parse(JSON.stringify(value, (_, it: unknown) => (typeof it === "number" ? Math.round(it * 1e9) + 0 : it)));

      const [first, second] = [itemStatistics(exposures, OPTIONS), itemStatistics(new Chance(seed).shuffle(exposures), OPTIONS)];

      expect(rounded(second)).toEqual(rounded(first));
      for (const figure of [first.discrimination, first.upperLower]) expect(Math.abs(figure ?? 0)).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});

test("an item that everybody gets right tells nothing about discrimination", () => {
  const statistics = itemStatistics([exposure(1, 0.1, "a"), exposure(1, 0.5, "a")], OPTIONS);

  expect(statistics).toMatchObject({ facility: 1, discrimination: undefined, efficiency: undefined });
});

test("an exposure without a rest score counts for facility and not for discrimination", () => {
  const statistics = itemStatistics([exposure(1, undefined, "a"), exposure(0, undefined, "b")], OPTIONS);

  expect(statistics).toMatchObject({ count: 2, ranked: 0, facility: 0.5, discrimination: undefined, upperLower: undefined });
});

// By hand: in group g six scores 1 1 1 0 0 0. Of the first the others hold 2 of 5, of the last 3 of 5. Group h has two: too few.
test("the rest score leaves the item out, and needs enough others", () => {
  const scores = [1, 1, 1, 0, 0, 0].map((score) => ({ group: "g", score }));

  const rests = restScores([...scores, { group: "h", score: 1 }, { group: "h", score: 0 }]);

  expect(MINIMUM_REST).toBe(5);
  expect(rests).toEqual([0.4, 0.4, 0.4, 0.6, 0.6, 0.6, undefined, undefined]);
});

// By hand: `a` is the key. In "abcd" and "acbd" it comes first (position 1), in "badc" second.
// abcd: a accepted at once, right. acbd: a refused at once, wrong. badc twice: b refused, a accepted, right; b accepted, wrong.
// a was shown in all but the last, and accepted in 2 of 3. b was shown in both of badc and accepted in 1.
test("one by one: facility by the key's position, and how often an option is accepted once it is shown", () => {
  const {
    positions,
    options,
    byChoice,
    oneByOne: share,
  } = itemStatistics([oneByOne("abcd", 1, "a"), oneByOne("acbd", 1), oneByOne("badc", 2, "a"), oneByOne("badc", 1, "b")], OPTIONS);

  expect(positions).toEqual([
    { position: 1, count: 2, facility: 0.5 },
    { position: 2, count: 2, facility: 0.5 },
  ]);
  expect(options.map(({ option, shown, accepted, count }) => [option, shown, accepted, count])).toEqual([
    ["a", 3, 2, 0],
    ["b", 2, 1, 0],
    ["c", 0, 0, 0],
    ["d", 0, 0, 0],
  ]);
  expect([byChoice.count, share.count]).toEqual([0, 4]);
});

test("an answer that is not made of options has facility and discrimination, and no distractors", () => {
  const typed = (score: number, rest: number): Exposure => ({ score, rest, way: "other", order: [], asked: 0, chosen: ["docker ps"] });

  const statistics = itemStatistics([typed(1, 0.8), typed(0, 0.2)], []);

  expect(statistics).toMatchObject({ facility: 0.5, discrimination: expect.closeTo(1, 9) as number, options: [], positions: [] });
});

test("nothing is flagged before there is enough to act upon", () => {
  const few = Array.from({ length: MINIMUM_TO_ACT - 1 }, (_, i) => exposure(0, i / 100, "b"));

  expect(flagsOf(itemStatistics(few, OPTIONS))).toEqual([]);
  expect(flagsOf(itemStatistics([...few, exposure(0, 1, "b")], OPTIONS))).toEqual(["too-hard"]);
});

/** 100 exposures of which the `right` are right, spread so that the best are right by `share` more than the worst. */
const hundred = (isRight: (i: number) => boolean, rest: (i: number) => number | undefined): Exposure[] =>
  Array.from({ length: 100 }, (_, i) => exposure(isRight(i) ? 1 : 0, rest(i), isRight(i) ? "a" : "b"));

// By hand: rests 0 to 99. With every second right the right ones lie half a step higher:
// cov · 99 = Σ(x − .5)(X − 49.5) = .5 · (Σodd − Σeven) = .5 · 50 = 25; var x · 99 = 25, var X · 99 = 83325; r = 25 / sqrt(25 · 83325) = .0173.
// With those above 80 right as well: 59 right, Σ of their rests 2500 + 810 = 3310, cov · 99 = 3310 − 59 · 49.5 = 389.5;
// var x · 99 = 59 · 41 / 100 = 24.19; r = 389.5 / sqrt(24.19 · 83325) = .274.
// With the worst 40 wrong and of the others every second right: right 30 of 100, Σ of right rests = 41 + 43 + … + 99 = 2100,
// cov · 99 = 2100 − 30 · 49.5 = 615; var x · 99 = 21; r = 615 / sqrt(21 · 83325) = .465.
test.each([
  [
    "the best miss it",
    hundred(
      (i) => i < 50,
      (i) => i,
    ),
    ["negative-discrimination"],
  ],
  [
    "it is a toss of a coin",
    hundred(
      (i) => i % 2 === 1,
      (i) => i,
    ),
    ["weak-discrimination"],
  ],
  [
    "the better know it a little better",
    hundred(
      (i) => i % 2 === 1 || i > 80,
      (i) => i,
    ),
    ["watch-discrimination"],
  ],
  [
    "the better know it",
    hundred(
      (i) => i >= 40 && i % 2 === 1,
      (i) => i,
    ),
    [],
  ],
  [
    "hardly anybody knows it",
    hundred(
      (i) => i >= 81,
      (i) => i,
    ),
    ["too-hard"],
  ],
  [
    "one in five knows it",
    hundred(
      (i) => i >= 80,
      (i) => i,
    ),
    [],
  ],
  [
    "96 know it",
    hundred(
      (i) => i >= 4,
      (i) => i,
    ),
    ["too-easy"],
  ],
  [
    "95 know it",
    hundred(
      (i) => i >= 5,
      (i) => i,
    ),
    [],
  ],
  [
    "too few were measured by anything else",
    hundred(
      (i) => i < 50,
      (i) => (i === 0 ? undefined : i),
    ),
    [],
  ],
])("it is flagged as it should be when %s", (_, exposures, flags) => {
  expect(flagsOf(itemStatistics(exposures, OPTIONS))).toEqual(flags);
});

test("a distractor that nobody takes does not work, and one that the best take is ambiguous", () => {
  const many = Array.from({ length: 120 }, (_, i) => exposure(i % 2, i / 120, i % 2 === 1 ? "a" : i > 80 ? "b" : "c"));

  const flags = distractorFlags(itemStatistics(many, OPTIONS));

  expect([...flags]).toEqual([
    ["b", "ambiguous"],
    ["d", "not-working"],
  ]);
});

// 40 of 120 are wrong: two of them are 5 %, which is enough; one is not.
test("a distractor works from 5 % of those who were wrong", () => {
  const many = (takers: number): Exposure[] =>
    Array.from({ length: 120 }, (_, i) => (i < 40 ? exposure(0, i / 120, i < takers ? "b" : "c") : exposure(1, i / 120, "a")));

  expect(distractorFlags(itemStatistics(many(2), OPTIONS)).has("b")).toBe(false);
  expect(distractorFlags(itemStatistics(many(1), OPTIONS)).get("b")).toBe("not-working");
});
