import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesSize, durationText, humanDuration, humanSize, parseDuration, ramInBytes, SECOND } from "@/lib/sim/programs/docker/units";

const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each<[number, string]>([
  [0, "Less than a second"],
  [999_999_999, "Less than a second"],
  [SECOND, "1 second"],
  [59.9 * SECOND, "59 seconds"],
  [MINUTE, "About a minute"],
  [119 * SECOND, "About a minute"],
  [2 * MINUTE, "2 minutes"],
  [59 * MINUTE, "59 minutes"],
  [HOUR, "About an hour"],
  [90 * MINUTE, "2 hours"],
  [47 * HOUR, "47 hours"],
  [48 * HOUR, "2 days"],
  [13 * DAY, "13 days"],
  [14 * DAY, "2 weeks"],
  [59 * DAY, "8 weeks"],
  [60 * DAY, "2 months"],
  [365 * DAY, "12 months"],
  [730 * DAY, "2 years"],
])("a span of %d ns is %j", (span, text) => {
  expect(humanDuration(span)).toBe(text);
});

test.each<[number, string, string]>([
  [0, "0B", "0B"],
  [6, "6B", "6B"],
  [999, "999B", "999B"],
  [1000, "1kB", "1000B"],
  [1095, "1.095kB", "1.069KiB"],
  [4_270_000, "4.27MB", "4.072MiB"],
  [191_999_999, "192MB", "183.1MiB"],
  [2_324_000_000, "2.324GB", "2.164GiB"],
])("%d bytes are %s, and %s in powers of two", (bytes, decimal, binary) => {
  expect(humanSize(bytes)).toBe(decimal);
  expect(bytesSize(bytes)).toBe(binary);
});

test.each<[string, number]>([
  ["512", 512],
  ["512b", 512],
  ["1k", 1024],
  ["1KB", 1024],
  ["1.5g", 1_610_612_736],
  ["1 GiB", 1_073_741_824],
  [".5m", 524_288],
  ["1e3", 1000],
])("%s of memory are %d bytes", (text, bytes) => {
  expect(ramInBytes(text)).toEqual({ ok: true, value: bytes });
});

test.each<[string, string]>([
  ["", "invalid size: ''"],
  ["lots", "invalid size: 'lots'"],
  ["-1m", "invalid size: '-1m'"],
  ["1mm", "invalid suffix: 'mm'"],
  ["1BYTES", "invalid suffix: 'BYTES'"],
  ["1 2", 'strconv.ParseFloat: parsing "1 2": invalid syntax'],
])("%j is no size", (text, error) => {
  expect(ramInBytes(text)).toEqual({ ok: false, error });
});

test.each<[number, string]>([
  [0, "0s"],
  [1, "1ns"],
  [1_500, "1.5µs"],
  [1_500_000, "1.5ms"],
  [90 * SECOND, "1m30s"],
  [2160 * HOUR, "2160h0m0s"],
  [-SECOND, "-1s"],
])("Go writes a duration of %d ns as %s", (span, text) => {
  expect(durationText(span)).toBe(text);
});

test("a duration that Go wrote is read as the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (span) => {
      expect(parseDuration(durationText(span))).toEqual({ ok: true, value: span });
    }),
  );
});

test.each<[string, string]>([
  ["", 'time: invalid duration ""'],
  ["5", 'time: missing unit in duration "5"'],
  ["5x", 'time: unknown unit "x" in duration "5x"'],
  ["soon", 'time: invalid duration "soon"'],
])("%j is no duration", (text, error) => {
  expect(parseDuration(text)).toEqual({ ok: false, error });
});
