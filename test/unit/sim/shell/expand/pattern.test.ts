import fc from "fast-check";
import { expect, test } from "vitest";
import { escapePattern, Pattern, unescapePattern } from "@/lib/sim/shell/expand/pattern";

const matches = (pattern: string, text: string): boolean => new Pattern(pattern, { extended: true }).matches(text);

test.each([
  ["*", "", true],
  ["a*c", "abbc", true],
  ["a?c", "ac", false],
  ["[a-c]x", "bx", true],
  ["[!a-c]x", "bx", false],
  ["[]x]", "]", true],
  ["[a-]", "-", true],
  ["[[:digit:]]*", "7z", true],
  ["[", "[", true],
  ["[a", "[a", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["@(ab|cd)", "cd", true],
  ["+(ab)", "abab", true],
  ["*(ab)c", "c", true],
  ["?(a)b", "aab", false],
  ["!(ab)", "ab", false],
  ["!(ab)", "abc", true],
  ["a!(b)c", "abc", false],
  ["a!(b)c", "abbc", true],
  ["?", "é", true],
  ["?", "😀", true],
])("%s and %s: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test("the longest and the shortest match from a place, and the suffix", () => {
  const pattern = new Pattern("a*b", { extended: false });
  const text = [..."aabxb"];

  expect(pattern.matchAt(text, 0, true)).toBe(5);
  expect(pattern.matchAt(text, 0, false)).toBe(3);
  expect(pattern.matchAt(text, 3, true)).toBeUndefined();
  expect(pattern.suffix(text, true)).toBe(0);
  expect(pattern.suffix(text, false)).toBe(1);
});

test("an escaped text matches itself and nothing else", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      expect(matches(escapePattern(text), text)).toBe(true);
      expect(matches(escapePattern(text), other)).toBe(text === other);
      expect(unescapePattern(escapePattern(text))).toBe(text);
    }),
  );
});

/** What a pattern of stars, question marks and letters means, said once more. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const [head, rest] = [pattern[0], pattern.slice(1)];
  if (head === "*") return naive(rest, text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (head === "?" || head === text[0]) && naive(rest, text.slice(1));
}

test("agrees with a search of all ways to match", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), (pattern, text) => {
      expect(matches(pattern, text)).toBe(naive(pattern, text));
    }),
  );
});

test("many stars do not take for ever", () => {
  expect(matches("*a".repeat(30), "a".repeat(200) + "b")).toBe(false);
});
