import fc from "fast-check";
import { expect, test } from "vitest";
import { parseWhole } from "@/lib/sim/engine/go/json-text";
import { printJson } from "@/lib/sim/engine/go/json-print";

const fault = (text: string): string => {
  const parsed = parseWhole(text);
  return parsed.ok ? "fine" : parsed.error.message;
};

test.each([
  ["{", "unexpected end of JSON input"],
  ["", "unexpected end of JSON input"],
  ["{,}", "invalid character ',' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["tru", "unexpected end of JSON input"],
  ["trux", "invalid character 'x' in literal true (expecting 'e')"],
  ["nul]", "invalid character ']' in literal null (expecting 'l')"],
  ["01", "invalid character '1' after top-level value"],
  ["-x", "invalid character 'x' in numeric literal"],
  ['"\\q"', "invalid character 'q' in string escape code"],
  ["1 x", "invalid character 'x' after top-level value"],
])("Go's scanner on %s", (text, words) => {
  expect(fault(text)).toBe(words);
});

test("whatever JavaScript prints, Go reads", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseWhole(text).ok).toBe(true);
    }),
  );
});

test("text is printed as it was, and read back by JavaScript", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(JSON.parse(printJson({ text }))).toEqual({ text });
    }),
  );
});

test("an Encoder writes HTML's characters as escapes unless it is told not to", () => {
  expect(printJson({ a: "<1>&" })).toBe('{"a":"<1>&"}\n');
  expect(printJson({ a: "<1>&" }, { html: true })).toBe('{"a":"\\u003c1\\u003e\\u0026"}\n');
  expect(printJson({ n: 1_795_527_129_523_373_551n, gone: undefined })).toBe('{"n":1795527129523373551}\n');
});
