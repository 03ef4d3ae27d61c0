/**
 * `--since 10m`, `--until 2026-01-05T09:30:00`, `--since 1767603600`: a time as the API takes it.
 *
 * Follows moby api/types/time GetTimestamp. Times without a zone are UTC, as the simulated hosts' clocks are.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { quote } from "../gotemplate/strconv";
import { parseDuration, SECOND } from "../units";

export function timestamp(text: string, nowNs: number): Result<string, string> {
  const span = parseDuration(text);
  if (text !== "0" && span.ok) return ok(String(Math.floor((nowNs - span.value) / SECOND)));
  const date = parseDate(text);
  if (date !== undefined) return ok(date);
  const [, month, day] = /^\d{4}-(\d\d)-(\d\d)/.exec(text) ?? [];
  if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) return fail(`parsing time ${quote(text)}: month out of range`);
  if (day !== undefined && (Number(day) < 1 || Number(day) > daysIn(Number(text.slice(0, 4)), Number(month))))
    return fail(`parsing time ${quote(text)}: day out of range`);
  if (text.includes("-")) return fail(`parsing time ${quote(text)} as "2006-01-02": cannot parse ${quote(text)} as "2006"`);
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return fail(`failed to parse value as time or duration: ${quote(text)}`);
  return ok(text);
}

/** Seconds and nanoseconds since 1970, `1767603600.000000000`. */
function parseDate(text: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!match) return undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  const local = days * 86_400 + Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
  const offset = zone === "Z" ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 3_600 + Number(zone.slice(4, 6)) * 60);
  return `${local - offset}.${fraction.padEnd(9, "0")}`;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  let days = day - 1;
  for (let m = 1; m < month; m++) days += daysIn(year, m);
  const before = year - 1;
  const sinceYearOne = before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return days + sinceYearOne - 719_162;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export type Calendar = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
};

/** The UTC date and time of a number of seconds since 1970. */
export function calendarOf(seconds: number): Calendar {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds - days * 86_400;
  let year = 1970;
  let left = days;
  while (left < 0 || left >= (isLeap(year) ? 366 : 365)) {
    if (left < 0) {
      year--;
      left += isLeap(year) ? 366 : 365;
    } else {
      left -= isLeap(year) ? 366 : 365;
      year++;
    }
  }
  let month = 1;
  while (left >= daysIn(year, month)) left -= daysIn(year, month++);
  return {
    year,
    month,
    day: left + 1,
    hour: Math.floor(rest / 3_600),
    minute: Math.floor((rest % 3_600) / 60),
    second: Math.floor(rest % 60),
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

const two = (number: number): string => String(number).padStart(2, "0");

/** As Go's time.Unix(s, 0).String() writes it: `2026-01-05 09:00:00 +0000 UTC`. */
export function unixText(seconds: number): string {
  const at = calendarOf(seconds);
  return `${String(at.year).padStart(4, "0")}-${two(at.month)}-${two(at.day)} ${two(at.hour)}:${two(at.minute)}:${two(at.second)} +0000 UTC`;
}

/** RFC 3339 in UTC, with nine digits of a second when `nanoseconds` are given. */
export function rfc3339(seconds: number, nanoseconds?: number): string {
  const at = calendarOf(seconds);
  const fraction = nanoseconds === undefined ? "" : `.${String(nanoseconds).padStart(9, "0")}`;
  return `${String(at.year).padStart(4, "0")}-${two(at.month)}-${two(at.day)}T${two(at.hour)}:${two(at.minute)}:${two(at.second)}${fraction}Z`;
}

/** An RFC 3339 time as Go's time.ANSIC writes it: `Mon Jan  5 09:00:00 2026`. Other text stays as it is. */
export function ansicText(text: string): string {
  const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? parseDate(text) : undefined;
  if (date === undefined) return text;
  const at = calendarOf(Number(date.split(".")[0]));
  return `${WEEKDAYS[at.weekday]} ${MONTHS[at.month - 1]} ${String(at.day).padStart(2, " ")} ${two(at.hour)}:${two(at.minute)}:${two(at.second)} ${at.year}`;
}

/** Seconds since 1970 of an RFC 3339 time; undefined for other text. */
export function secondsOf(text: string): number | undefined {
  const date = parseDate(text);
  return date === undefined ? undefined : Number(date);
}
