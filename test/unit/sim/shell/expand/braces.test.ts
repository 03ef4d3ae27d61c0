import { expect, test } from "vitest";
import { expandBraces } from "@/lib/sim/shell/syntax/braces";

const expand = (text: string): readonly string[] => expandBraces({ parts: [{ kind: "literal", text }], text }).map((word) => word.text);

test.each([
  ["a{b,c}d", ["abd", "acd"]],
  ["{a,b}{1,2}", ["a1", "a2", "b1", "b2"]],
  ["{a,b{c,d}}", ["a", "bc", "bd"]],
  ["{1..5..2}", ["1", "3", "5"]],
  ["{5..1}", ["5", "4", "3", "2", "1"]],
  ["{08..10}", ["08", "09", "10"]],
  ["{c..a}", ["c", "b", "a"]],
  ["{a,}", ["a", ""]],
  ["{}", ["{}"]],
  ["{a}", ["{a}"]],
  ["{a,b", ["{a,b"]],
  ["x{{a,b}", ["x{a", "x{b"]],
  ["{1..a}", ["{1..a}"]],
])("%s", (text, words) => {
  expect(expand(text)).toEqual(words);
});

test("more words than could be of use are not made", () => {
  expect(expand("{1..9999}{1..9999}")).toHaveLength(1);
});
