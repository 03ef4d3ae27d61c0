/**
 * Times as the daemon writes and reads them: RFC 3339 in `docker inspect`, `since` and `until` of logs, events and prune,
 * `Up 3 seconds` in `docker ps`.
 *
 * Follows Go's time package, moby's api/types/time and docker/go-units. All times are UTC; the simulation counts
 * microseconds, so the last three of the nine digits are never there.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { BOOT_DATE_MS, type Duration, type Instant, instantAt } from "@/lib/sim/core/time";
import { quote } from "./quote";

declare const epochMicros: unique symbol;
/** Microseconds since 1970, UTC. */
export type EpochMicros = number & { readonly [epochMicros]: never };

export function epochOf(now: Instant): EpochMicros {
  return (BOOT_DATE_MS * 1_000 + now) as EpochMicros;
}

export function instantOf(time: EpochMicros): Instant {
  return instantAt(time - BOOT_DATE_MS * 1_000);
}

export function unixSeconds(time: EpochMicros): number {
  return Math.floor(time / 1_000_000);
}

export function unixNanos(time: EpochMicros): bigint {
  return BigInt(time) * 1_000n;
}

/** `2026-01-05T09:00:00.123456Z`: as many digits as it takes (time.RFC3339Nano). */
export function rfc3339Nano(time: EpochMicros): string {
  const fraction = String(time % 1_000_000)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${dateAndTime(time)}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** Always nine digits, as `docker logs --timestamps` has them. */
export function rfc3339NanoFixed(time: EpochMicros): string {
  return `${dateAndTime(time)}.${String(time % 1_000_000).padStart(6, "0")}000Z`;
}

/** Whole seconds (time.RFC3339). */
export function rfc3339(time: EpochMicros): string {
  return `${dateAndTime(time)}Z`;
}

/** `5 minutes`, as go-units says it. */
export function humanDuration(span: Duration): string {
  const seconds = Math.trunc(span / 1_000_000);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(span / 3_600_000_000 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(span / 3_600_000_000 / 24 / 365)} years`;
}

/** `SECONDS[.NANOSECONDS]` since 1970, as clients send them. */
export function parseUnixTime(text: string): Result<EpochMicros, string> {
  const dot = text.indexOf(".");
  const whole = dot < 0 ? text : text.slice(0, dot);
  const fraction = dot < 0 ? "" : text.slice(dot + 1);
  for (const part of dot < 0 ? [whole] : [whole, fraction]) {
    if (!/^[+-]?\d+$/.test(part)) return fail(`strconv.ParseInt: parsing ${quote(part)}: invalid syntax`);
  }
  return ok((Number(whole) * 1_000_000 + Math.floor(Number(fraction.padEnd(9, "0")) / 1_000)) as EpochMicros);
}

/** What the daemon takes for `until` of prune: a duration back from `now`, a date, or seconds since 1970. */
export function parseTimestamp(text: string, now: EpochMicros): Result<EpochMicros, string> {
  const span = parseGoDuration(text);
  if (span !== undefined) return ok((now - span) as EpochMicros);
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (date) {
    const at = (group: number): number => Number(date[group] ?? "0");
    const days = daysFromCivil(at(1), at(2), at(3));
    const zone = date[8] ?? "Z";
    const offset = zone === "Z" ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
    const seconds = days * 86_400 + at(4) * 3_600 + at(5) * 60 + at(6) - offset * 60;
    return ok((seconds * 1_000_000 + Math.floor(Number(`0${date[7] ?? ""}`) * 1_000_000)) as EpochMicros);
  }
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return parseUnixTime(text);
  return fail(`failed to parse value as time or duration: ${quote(text)}`);
}

/** A Go duration (`1h30m`) in microseconds. */
export function parseGoDuration(text: string): Duration | undefined {
  const signed = /^([+-]?)(.+)$/.exec(text);
  if (!signed?.[2]) return undefined;
  if (signed[2] === "0") return 0 as Duration;
  let total = 0;
  let rest = signed[2];
  while (rest !== "") {
    const part = /^(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/.exec(rest);
    if (!part?.[1] || !part[2]) return undefined;
    total += Number(part[1]) * (UNIT_MICROS[part[2]] ?? 0);
    rest = rest.slice(part[0].length);
  }
  return (signed[1] === "-" ? -total : total) as Duration;
}

const UNIT_MICROS: Readonly<Record<string, number>> = { ns: 0.001, us: 1, µs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

function dateAndTime(time: EpochMicros): string {
  const seconds = Math.floor(time / 1_000_000);
  const days = Math.floor(seconds / 86_400);
  const [year, month, day] = civilFromDays(days);
  const rest = seconds - days * 86_400;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(rest / 3_600)}:${two((rest / 60) % 60)}:${two(rest % 60)}`;
}

/** Proleptic Gregorian calendar; H. Hinnant's algorithm, years that begin in March. */
function civilFromDays(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * march + 2) / 5) + 1];
}

function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
