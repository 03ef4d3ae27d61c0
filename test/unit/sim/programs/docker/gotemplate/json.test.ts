import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { compactJson, encodeJson, indentJson, jsonString, parseJson, toAny } from "@/lib/sim/programs/docker/gotemplate";

const GO = { escapeHtml: true };

test("Go escapes what would be markup, and keeps other characters", () => {
  expect(jsonString('<a href="x">&\u2028é\u0001')).toBe('"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028é\\u0001"');
  expect(jsonString("<&>", false)).toBe('"<&>"');
});

test("members stand in the order of their names, numbers as they were written", () => {
  expect(encodeJson(toAny(unwrap(parseJson('{"b": 1.50, "a": [10000000000000000001, null], "": {}}'))), GO)).toBe(
    '{"":{},"a":[10000000000000000001,null],"b":1.50}',
  );
});

test("levels are indented, and empty ones stay on their line", () => {
  expect(encodeJson(toAny(unwrap(parseJson('{"a": [1, {}], "b": []}'))), { escapeHtml: true, indent: "  " })).toBe(
    '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
  );
});

test("numbers that became floats are written as Go writes floats", () => {
  expect(encodeJson(toAny(unwrap(parseJson("[1.0, 1e21, 1e-7, 123456789]")), "float64"), GO)).toBe("[1,1e+21,1e-7,123456789]");
});

test("what is laid out holds the same tokens", () => {
  expect(indentJson('{"a":[1,{}],"b":[],"c":"{,}"}', "  ")).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": "{,}"\n}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(compactJson(indentJson(text, "    "))).toBe(text);
    }),
  );
});

test("any JSON is read and written as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const written = encodeJson(toAny(unwrap(parseJson(JSON.stringify(value)))), GO);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each<[string, string]>([
  ["", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  ["{a}", "invalid character 'a' looking for beginning of object key string"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["nul", "unexpected end of JSON input"],
  ["nux", "invalid character 'x' in literal null (expecting 'l')"],
  ['"a', "unexpected end of JSON input"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\n"', "invalid character '\\n' in string literal"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["1 2", "invalid character '2' after top-level value"],
])("%j is no JSON: %s", (text, error) => {
  expect(parseJson(text)).toEqual({ ok: false, error });
});
