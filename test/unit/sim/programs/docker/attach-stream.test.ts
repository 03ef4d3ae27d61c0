import fc from "fast-check";
import { expect, test } from "vitest";
import { EscapeKeys, escapeKeys } from "@/lib/sim/programs/docker/commands/attach-stream";

const PQ = ["\u0010", "\u0011"];

function typed(keys: readonly string[], ...chunks: string[]): string {
  const escape = new EscapeKeys(keys);
  let passed = "";
  for (const chunk of chunks) {
    const taken = escape.take(chunk);
    passed += taken.text;
    if (taken.isEscape) return `${passed}!`;
  }
  return passed;
}

test.each<[string, readonly string[]]>([
  ["", PQ],
  ["ctrl-p,ctrl-q", PQ],
  ["ctrl-a,x", ["\u0001", "x"]],
  ["ctrl-@", ["\u0000"]],
  ["ctrl-p,long", PQ],
])("--detach-keys %j", (text, keys) => {
  expect(escapeKeys(text)).toEqual(keys);
});

test("the keys detach, also when they come one by one", () => {
  expect(typed(PQ, "ls\r\u0010\u0011rest")).toBe("ls\r!");
  expect(typed(PQ, "ls\r\u0010", "\u0011")).toBe("ls\r!");
});

test("the beginning of the keys is held back until it is clear", () => {
  expect(typed(PQ, "\u0010")).toBe("");
  expect(typed(PQ, "\u0010", "x")).toBe("\u0010x");
});

test("a broken sequence does not begin a new one", () => {
  expect(typed(PQ, "\u0010\u0010\u0011")).toBe("\u0010\u0010\u0011");
});

test("what does not hold the keys goes through, however it is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "\u0010", "b") })), (chunks) => {
      expect(typed(PQ, ...chunks, "z")).toBe(`${chunks.join("")}z`);
    }),
  );
});
