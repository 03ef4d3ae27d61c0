/** strftime(3) in the C locale and UTC, for `printf '%(…)T'` and the prompt's `\D{…}`. */

import { type DateParts, datePartsOf, MONTHS, WEEKDAYS } from "@/lib/sim/core/calendar";

export function strftime(format: string, unixSeconds: number): string {
  const at = datePartsOf(unixSeconds * 1000);
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const made = field(letter, at, unixSeconds);
    if (made === undefined) return whole;
    return flag === "-" ? made.replace(/^[0 ]+(?=\d)/, "") : flag === "^" ? made.toUpperCase() : made;
  });
}

function field(letter: string, at: DateParts, unixSeconds: number): string | undefined {
  const two = (value: number): string => String(value).padStart(2, "0");
  const hour12 = at.hour % 12 || 12;
  switch (letter) {
    case "a":
      return WEEKDAYS[at.weekday]?.slice(0, 3);
    case "A":
      return WEEKDAYS[at.weekday];
    case "b":
    case "h":
      return MONTHS[at.month - 1]?.slice(0, 3);
    case "B":
      return MONTHS[at.month - 1];
    case "c":
      return strftime("%a %b %e %H:%M:%S %Y", unixSeconds);
    case "C":
      return two(Math.floor(at.year / 100));
    case "d":
      return two(at.day);
    case "D":
    case "x":
      return strftime("%m/%d/%y", unixSeconds);
    case "e":
      return String(at.day).padStart(2);
    case "F":
      return strftime("%Y-%m-%d", unixSeconds);
    case "H":
      return two(at.hour);
    case "I":
      return two(hour12);
    case "j":
      return String(at.dayOfYear).padStart(3, "0");
    case "k":
      return String(at.hour).padStart(2);
    case "l":
      return String(hour12).padStart(2);
    case "m":
      return two(at.month);
    case "M":
      return two(at.minute);
    case "n":
      return "\n";
    case "N":
      return "000000000";
    case "p":
      return at.hour < 12 ? "AM" : "PM";
    case "r":
      return strftime("%I:%M:%S %p", unixSeconds);
    case "R":
      return strftime("%H:%M", unixSeconds);
    case "s":
      return String(unixSeconds);
    case "S":
      return two(at.second);
    case "t":
      return "\t";
    case "T":
    case "X":
      return strftime("%H:%M:%S", unixSeconds);
    case "u":
      return String(at.weekday || 7);
    case "w":
      return String(at.weekday);
    case "y":
      return two(at.year % 100);
    case "Y":
      return String(at.year);
    case "z":
      return "+0000";
    case "Z":
      return "UTC";
    case "%":
      return "%";
    default:
      return undefined;
  }
}
