/** `date`: the simulated date, always UTC. strftime(3) formats; `-d` takes `@SECONDS`, ISO dates, `now`, and spans like `2 days ago`. */

import { datePartsOf, daysSince1970, MONTHS, WEEKDAYS } from "@/lib/sim/core/calendar";
import type { Program } from "@/lib/sim/core/sys";
import { command, type Flavour } from "../command/command";

const DEFAULTS: Readonly<Record<Flavour, string>> = { gnu: "%a %b %e %H:%M:%S %Z %Y", busybox: "%a %b %e %H:%M:%S %Z %Y" };

export function date(flavour: Flavour): Program {
  return command(
    {
      name: "date",
      usage: { gnu: "[OPTION]... [+FORMAT]", busybox: "[OPTIONS] [+FMT] [[-s] TIME]" },
      options: {
        gnu: {
          short: "d:I::Rr:u",
          long: {
            date: "d:",
            "iso-8601": "I::",
            "rfc-email": "R",
            "rfc-2822": "R",
            "rfc-3339": "rfc3339:",
            reference: "r:",
            utc: "u",
            universal: "u",
          },
        },
        busybox: { short: "d:I::Rr:uD:", long: { date: "d:", reference: "r:", utc: "u", "rfc-2822": "R" } },
      },
      unsimulated: flavour === "gnu" ? "fs" : "s",
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      let ms = sys.dateMs;
      const reference = args.value("r");
      const given = args.value("d");
      if (reference !== undefined) {
        const stat = sys.stat(reference);
        if (!stat.ok) {
          yield* context.complain(
            flavour === "gnu" ? `${reference}: ${context.words(stat.error)}` : `can't stat '${reference}': ${context.words(stat.error)}`,
          );
          return 1;
        }
        ms = sys.dateMs - (sys.now - stat.value.modifiedAt) / 1_000;
      } else if (given !== undefined) {
        const parsed = parseDate(given, ms);
        if (parsed === undefined) {
          yield* context.complain(`invalid date ${context.quoted(given)}`);
          return 1;
        }
        ms = parsed;
      }
      const [operand, extra] = args.operands;
      if (operand !== undefined && !operand.startsWith("+")) {
        if (flavour === "gnu" && extra === undefined && !/^\d/.test(operand)) {
          yield* context.complain(`invalid date ${context.quoted(operand)}`);
          return 1;
        }
        return yield* context.notSimulated("setting the clock");
      }
      if (extra !== undefined && flavour === "busybox") {
        yield* context.complain(`invalid date '${extra}'`);
        return 1;
      }
      if (extra !== undefined) return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(extra)}` : undefined);
      const format = operand?.slice(1) ?? styleOf(args.value("I"), args.value("rfc3339"), args.has("R")) ?? DEFAULTS[flavour];
      yield* out.put(`${formatDate(ms, format)}\n`);
      return 0;
    },
  );
}

function styleOf(iso: string | undefined, rfc3339: string | undefined, isMail: boolean): string | undefined {
  if (isMail) return "%a, %d %b %Y %H:%M:%S +0000";
  const precision = iso ?? rfc3339;
  if (precision === undefined) return undefined;
  const joint = rfc3339 === undefined ? "T" : " ";
  const zone = "+00:00";
  if (precision === "" || precision.startsWith("date")) return "%Y-%m-%d";
  if (precision.startsWith("hour")) return `%Y-%m-%d${joint}%H${zone}`;
  if (precision.startsWith("minute")) return `%Y-%m-%d${joint}%H:%M${zone}`;
  if (precision.startsWith("ns")) return `%Y-%m-%d${joint}%H:%M:%S${rfc3339 === undefined ? "," : "."}%N${zone}`;
  return `%Y-%m-%d${joint}%H:%M:%S${zone}`;
}

/** strftime in UTC, with GNU's `%N`, `%s`, `%:z` and the flags `-` (no padding), `_`, `0`, `^`. */
export function formatDate(ms: number, format: string): string {
  const d = datePartsOf(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const week = (firstDay: number): number => Math.floor((d.dayOfYear + 6 - ((d.weekday - firstDay + 7) % 7)) / 7);
  const hour12 = d.hour % 12 === 0 ? 12 : d.hour % 12;
  const one = (letter: string): string | undefined => {
    switch (letter) {
      case "a":
        return WEEKDAYS[d.weekday]?.slice(0, 3);
      case "A":
        return WEEKDAYS[d.weekday];
      case "b":
      case "h":
        return MONTHS[d.month - 1]?.slice(0, 3);
      case "B":
        return MONTHS[d.month - 1];
      case "c":
        return formatDate(ms, "%a %b %e %H:%M:%S %Y");
      case "C":
        return two(Math.floor(d.year / 100));
      case "d":
        return two(d.day);
      case "D":
      case "x":
        return formatDate(ms, "%m/%d/%y");
      case "e":
        return String(d.day).padStart(2);
      case "F":
        return formatDate(ms, "%Y-%m-%d");
      case "g":
        return two(isoWeek(d).year % 100);
      case "G":
        return String(isoWeek(d).year);
      case "H":
        return two(d.hour);
      case "I":
        return two(hour12);
      case "j":
        return String(d.dayOfYear).padStart(3, "0");
      case "k":
        return String(d.hour).padStart(2);
      case "l":
        return String(hour12).padStart(2);
      case "m":
        return two(d.month);
      case "M":
        return two(d.minute);
      case "n":
        return "\n";
      case "N":
        return String(Math.floor((((ms % 1_000) + 1_000) % 1_000) * 1e6)).padStart(9, "0");
      case "p":
        return d.hour < 12 ? "AM" : "PM";
      case "P":
        return d.hour < 12 ? "am" : "pm";
      case "q":
        return String(Math.ceil(d.month / 3));
      case "r":
        return formatDate(ms, "%I:%M:%S %p");
      case "R":
        return formatDate(ms, "%H:%M");
      case "s":
        return String(Math.floor(ms / 1_000));
      case "S":
        return two(d.second);
      case "t":
        return "\t";
      case "T":
      case "X":
        return formatDate(ms, "%H:%M:%S");
      case "u":
        return String(d.weekday === 0 ? 7 : d.weekday);
      case "U":
        return two(week(0));
      case "V":
        return two(isoWeek(d).week);
      case "w":
        return String(d.weekday);
      case "W":
        return two(week(1));
      case "y":
        return two(d.year % 100);
      case "Y":
        return String(d.year);
      case "z":
        return "+0000";
      case ":z":
        return "+00:00";
      case "Z":
        return "UTC";
      case "%":
        return "%";
      default:
        return undefined;
    }
  };
  return format.replace(/%([-_0^#]*)(\d*)(:?[a-zA-Z%])/g, (all, flags: string, width: string, letter: string) => {
    let text = one(letter);
    if (text === undefined) return all;
    if (letter === "N" && width !== "") return text.slice(0, Number(width));
    if (flags.includes("-")) text = text.replace(/^[0 ]+(?=.)/, "");
    if (flags.includes("_")) text = text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
    if (flags.includes("0")) text = text.replace(/^ +/, (blanks) => "0".repeat(blanks.length));
    if (flags.includes("^")) text = text.toUpperCase();
    return width === "" ? text : text.padStart(Number(width), /^[\d]+$/.test(text) ? "0" : " ");
  });
}

/** ISO 8601: week 1 has the year's first Thursday. */
function isoWeek(d: ReturnType<typeof datePartsOf>): { readonly year: number; readonly week: number } {
  const weekday = d.weekday === 0 ? 7 : d.weekday;
  const week = Math.floor((d.dayOfYear - weekday + 10) / 7);
  if (week < 1) return { year: d.year - 1, week: weeksIn(d.year - 1) };
  if (week > weeksIn(d.year)) return { year: d.year + 1, week: 1 };
  return { year: d.year, week };
}

function weeksIn(year: number): number {
  const firstDay = (daysSince1970(year, 1, 1) + 4) % 7;
  const isLeap = daysSince1970(year + 1, 1, 1) - daysSince1970(year, 1, 1) === 366;
  return firstDay === 4 || (isLeap && firstDay === 3) ? 53 : 52;
}

const SPANS: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
};

/** Milliseconds since 1970 of the dates that people give; undefined for what this does not read. */
export function parseDate(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(trimmed);
  if (epoch) return Number(epoch[1]) * 1_000;
  const today = now - (now % 86_400_000);
  const absolute = /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(?:Z|UTC|[+-]00:?00)?(.*)$/.exec(trimmed);
  let base = now;
  let rest = trimmed;
  if (absolute) {
    const [, year, month, day, hour = "0", minute = "0", second = "0", after = ""] = absolute;
    if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59)
      return undefined;
    base =
      daysSince1970(Number(year), Number(month), Number(day)) * 86_400_000 +
      (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000;
    rest = after.trim();
  }
  for (const word of [
    ["yesterday", -86_400_000],
    ["tomorrow", 86_400_000],
    ["today", 0],
    ["now", 0],
    ["midnight", today - now],
  ] as const) {
    if (!rest.toLowerCase().startsWith(word[0])) continue;
    base += word[1];
    rest = rest.slice(word[0].length).trim();
  }
  const time = /^(\d\d?):(\d\d)(?::(\d\d))?\s*(.*)$/.exec(rest);
  if (time) {
    base = base - (base % 86_400_000) + (Number(time[1]) * 3_600 + Number(time[2]) * 60 + Number(time[3] ?? 0)) * 1_000;
    rest = time[4] ?? "";
  }
  while (rest !== "") {
    const span = /^([+-]?\s*\d+|next|last|an?)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b\s*(ago\b)?\s*(.*)$/i.exec(
      rest,
    );
    if (!span) return undefined;
    const [, amountText = "1", unit = "", ago, after = ""] = span;
    const amount =
      (/^next$/i.test(amountText)
        ? 1
        : /^last$/i.test(amountText)
          ? -1
          : /^an?$/i.test(amountText)
            ? 1
            : Number(amountText.replace(/\s/g, ""))) * (ago ? -1 : 1);
    base = shift(base, amount, unit.toLowerCase());
    rest = after;
  }
  return base;
}

function shift(ms: number, amount: number, unit: string): number {
  const span = SPANS[unit];
  if (span !== undefined) return ms + amount * span * 1_000;
  const d = datePartsOf(ms);
  const months = d.year * 12 + d.month - 1 + amount * (unit === "year" ? 12 : 1);
  return (
    daysSince1970(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, d.day) * 86_400_000 +
    (((ms % 86_400_000) + 86_400_000) % 86_400_000)
  );
}
