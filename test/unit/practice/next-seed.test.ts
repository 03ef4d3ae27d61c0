import { expect, test } from "vitest";
import { variantOf } from "@/lib/content/draw-lab";
import type { Lab } from "@/lib/content/schema";
import { nextSeed } from "@/lib/practice";

const branch = (id: string): Lab["choose"][number] => ({ id, params: {}, body: {} });
const lab = { id: "L-TEST-1", params: {}, choose: [branch("one"), branch("two"), branch("three")], body: {} } as unknown as Lab;
const attempt = (seed: string, isSolved: boolean) => ({ seed, variant: variantOf(lab, seed), isSolved });

test("the first attempt is drawn by chance", () => {
  expect(nextSeed(lab, "abc", [])).toBe("abc");
});

test("who begins again before it was solved gets the same lab again", () => {
  expect(nextSeed(lab, "abc", [attempt("old", false)])).toBe("old");
});

test.each(["a", "b", "c", "d", "e"])("after a success every variant comes before one comes twice (seed %s)", (seed) => {
  const attempts: ReturnType<typeof attempt>[] = [];
  for (let turn = 0; turn < 3; turn++) attempts.unshift(attempt(nextSeed(lab, `${seed}${turn}`, attempts), true));

  expect(new Set(attempts.map(({ variant }) => variant)).size).toBe(3);
});

test("beginning again does not count as seeing a variant once more", () => {
  const solved = attempt("x", true);
  const again = nextSeed(lab, "y", [solved, attempt("x", false), attempt("x", false)]);

  expect(variantOf(lab, again)).not.toBe(solved.variant);
});

test("a lab with one form takes any seed", () => {
  expect(nextSeed({ ...lab, choose: [] }, "abc", [attempt("old", true)])).toBe("abc");
});
