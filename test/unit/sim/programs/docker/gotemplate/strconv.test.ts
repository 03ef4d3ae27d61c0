import fc from "fast-check";
import { expect, test } from "vitest";
import { formatFloat, parseFloat64, parseInteger, quote, unquote } from "@/lib/sim/programs/docker/gotemplate/strconv";

test.each<[string, string]>([
  ["", '""'],
  ['say "hi"', '"say \\"hi\\""'],
  ["a\tb\n\u0000\u007f", '"a\\tb\\n\\x00\\x7f"'],
  ["é✓", '"é✓"'],
  ["\u00a0\u200b", '"\\u00a0\\u200b"'],
  ["\u{1f433}\u{10ffff}", '"\u{1f433}\\U0010ffff"'],
])("Go quotes %j as %s", (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

test("what is quoted is read as the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, asciiOnly) => {
      fc.pre(!/[\ud800-\udfff]/u.test(text));
      expect(unquote(quote(text, '"', asciiOnly))).toEqual({ ok: true, value: text });
    }),
  );
});

test.each<[string, bigint]>([
  ["42", 42n],
  ["-0x1f", -31n],
  ["0b101", 5n],
  ["0o17", 15n],
  ["017", 15n],
  ["1_000", 1000n],
  ["9223372036854775807", 9_223_372_036_854_775_807n],
])("%s is the number %d", (text, value) => {
  expect(parseInteger(text, { base: 0, bits: 64, isSigned: true })).toEqual({ ok: true, value });
});

test.each<[string, string]>([
  ["", "invalid syntax"],
  ["1x", "invalid syntax"],
  ["9223372036854775808", "value out of range"],
])("%j is no number", (text, why) => {
  expect(parseInteger(text, { base: 0, bits: 64, isSigned: true })).toEqual({
    ok: false,
    error: `strconv.ParseInt: parsing "${text}": ${why}`,
  });
});

test.each<[number, "e" | "f" | "g", number, string]>([
  [0.1, "g", -1, "0.1"],
  [1e21, "g", -1, "1e+21"],
  [123456789, "g", -1, "1.23456789e+08"],
  [1.5, "f", 2, "1.50"],
  [0, "e", 3, "0.000e+00"],
  [Number.POSITIVE_INFINITY, "g", -1, "+Inf"],
])("%d with verb %s and precision %d is %s", (value, verb, precision, text) => {
  expect(formatFloat(value, verb, precision, verb === "g" && value === 123456789 ? 8 : 21)).toBe(text);
});

test("the shortest digits of a float read back as it", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom("e" as const, "g" as const), (value, verb) => {
      expect(parseFloat64(formatFloat(value, verb, -1))).toEqual({ ok: true, value });
    }),
  );
});
