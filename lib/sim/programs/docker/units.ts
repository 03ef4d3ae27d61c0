/**
 * Sizes and spans of time in the words that docker uses: `Up 3 seconds`, `About a minute ago`, `1.5GB`, `512MiB`, `1m30s`.
 *
 * Follows docker/go-units (duration.go, size.go) and Go's time.Duration. Durations are in nanoseconds.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { formatFloat, parseFloat64, quote } from "./gotemplate/strconv";

const NS = 1;
const US = 1_000 * NS;
const MS = 1_000 * US;
export const SECOND = 1_000 * MS;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** units.HumanDuration. */
export function humanDuration(nanoseconds: number): string {
  const seconds = Math.trunc(nanoseconds / SECOND);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(nanoseconds / MINUTE);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(nanoseconds / HOUR + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(nanoseconds / HOUR / 24 / 365)} years`;
}

const DECIMAL = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

function scaled(size: number, base: number, units: readonly string[], precision: number): string {
  let rest = size;
  let i = 0;
  while (rest >= base && i < units.length - 1) {
    rest /= base;
    i++;
  }
  return formatFloat(rest, "g", precision) + (units[i] ?? "");
}

/** units.HumanSize: `1.234GB`. */
export function humanSize(bytes: number): string {
  return scaled(bytes, 1000, DECIMAL, 4);
}

/** units.HumanSizeWithPrecision. */
export function humanSizeWithPrecision(bytes: number, precision: number): string {
  return scaled(bytes, 1000, DECIMAL, precision);
}

/** units.BytesSize: `512MiB`. */
export function bytesSize(bytes: number): string {
  return scaled(bytes, 1024, BINARY, 4);
}

/** units.RAMInBytes: `512m`, `1.5g`, with powers of 1024. */
export function ramInBytes(text: string): Result<number, string> {
  const last = text.search(/[0-9. ][^0-9. ]*$/);
  if (last < 0) return fail(`invalid size: '${text}'`);
  const isSeparate = text[last] === " ";
  const number = text.slice(0, isSeparate ? last : last + 1);
  const suffix = text.slice(last + 1);
  const size = parseFloat64(number);
  if (!size.ok) return size;
  if (size.value < 0) return fail(`invalid size: '${text}'`);
  if (suffix.length > 3) return fail(`invalid suffix: '${suffix}'`);
  const unit = suffix.toLowerCase();
  if (unit === "" || unit === "b") return ok(Math.trunc(size.value));
  const power = { k: 1, m: 2, g: 3, t: 4, p: 5 }[unit[0] ?? ""];
  if (power === undefined || !/^.(b|ib)?$/.test(unit)) return fail(`invalid suffix: '${unit}'`);
  return ok(Math.trunc(size.value * 1024 ** power));
}

/** time.Duration's String: `1m30s`, `1.5ms`, `0s`. */
export function durationText(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  const sign = nanoseconds < 0 ? "-" : "";
  const size = Math.abs(nanoseconds);
  if (size < SECOND) {
    const [unit, name] = size < US ? [NS, "ns"] : size < MS ? [US, "µs"] : [MS, "ms"];
    return `${sign}${size / (unit as number)}${name as string}`;
  }
  const hours = Math.trunc(size / HOUR);
  const minutes = Math.trunc((size % HOUR) / MINUTE);
  const seconds = (size % MINUTE) / SECOND;
  const head = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : "";
  return `${sign}${head}${Number(seconds.toFixed(9))}s`;
}

const DURATION_UNITS: Readonly<Record<string, number>> = { ns: NS, us: US, µs: US, μs: US, ms: MS, s: SECOND, m: MINUTE, h: HOUR };

/** time.ParseDuration, in nanoseconds. */
export function parseDuration(text: string): Result<number, string> {
  const bare = text.replace(/^[+-]/, "");
  if (bare === "0") return ok(0);
  if (bare === "") return fail(`time: invalid duration ${quote(text)}`);
  let total = 0;
  let rest = bare;
  while (rest !== "") {
    const number = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)/.exec(rest)?.[0];
    if (number === undefined) return fail(`time: invalid duration ${quote(text)}`);
    rest = rest.slice(number.length);
    const unit = /^[^0-9.]+/.exec(rest)?.[0];
    if (unit === undefined) return fail(`time: missing unit in duration ${quote(text)}`);
    rest = rest.slice(unit.length);
    const size = DURATION_UNITS[unit];
    if (size === undefined) return fail(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    total += Number(number) * size;
  }
  return ok(Math.round(text.startsWith("-") ? -total : total));
}
