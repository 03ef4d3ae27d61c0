import fc from "fast-check";
import { expect, test } from "vitest";
import type { Duration } from "@/lib/sim/core/time";
import {
  type EpochMicros,
  humanDuration,
  parseGoDuration,
  parseTimestamp,
  parseUnixTime,
  rfc3339,
  rfc3339Nano,
  rfc3339NanoFixed,
} from "@/lib/sim/engine/go/time";

const at = (ms: number, micros = 0): EpochMicros => (ms * 1_000 + micros) as EpochMicros;

test("dates are those of the calendar", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true }), (date) => {
      expect(`${rfc3339(at(date.getTime())).slice(0, 19)}`).toBe(date.toISOString().slice(0, 19));
      expect(parseTimestamp(date.toISOString(), at(0))).toEqual({ ok: true, value: at(date.getTime()) });
    }),
  );
});

test("fractions have as many digits as they need, or nine", () => {
  const time = at(1_767_603_600_000, 120_340);
  expect([rfc3339Nano(time), rfc3339NanoFixed(time), rfc3339Nano(at(1_767_603_600_000))]).toEqual([
    "2026-01-05T09:00:00.12034Z",
    "2026-01-05T09:00:00.120340000Z",
    "2026-01-05T09:00:00Z",
  ]);
});

test.each([
  [0.5, "Less than a second"],
  [1, "1 second"],
  [59, "59 seconds"],
  [60, "About a minute"],
  [119, "About a minute"],
  [120, "2 minutes"],
  [3_600, "About an hour"],
  [5_400, "2 hours"],
  [47 * 3_600, "47 hours"],
  [48 * 3_600, "2 days"],
  [14 * 86_400, "2 weeks"],
  [61 * 86_400, "2 months"],
  [800 * 86_400, "2 years"],
])("%d seconds are %s", (seconds, words) => {
  expect(humanDuration((seconds * 1_000_000) as Duration)).toBe(words);
});

test("what a client may give as a time", () => {
  expect(parseUnixTime("1136073600.000000001")).toEqual({ ok: true, value: 1_136_073_600_000_000 });
  expect(parseUnixTime("zz")).toEqual({ ok: false, error: 'strconv.ParseInt: parsing "zz": invalid syntax' });
  expect(parseGoDuration("1h30m0.5s")).toBe(5_400_500_000);
  expect(parseGoDuration("10")).toBeUndefined();
  expect(parseTimestamp("10m", at(1_000_000))).toEqual({ ok: true, value: at(400_000) });
  expect(parseTimestamp("2026-01-05T10:00:00+01:00", at(0))).toEqual({ ok: true, value: at(1_767_603_600_000) });
});
