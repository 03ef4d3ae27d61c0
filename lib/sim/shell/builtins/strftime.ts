/** strftime(3) in the C locale and UTC, for `printf '%(…)T'` and the prompt's `\D{…}`. */

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

type Calendar = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  readonly yearDay: number;
};

export function strftime(format: string, unixSeconds: number): string {
  const at = calendar(unixSeconds);
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const made = field(letter, at, unixSeconds);
    if (made === undefined) return whole;
    return flag === "-" ? made.replace(/^[0 ]+(?=\d)/, "") : flag === "^" ? made.toUpperCase() : made;
  });
}

function field(letter: string, at: Calendar, unixSeconds: number): string | undefined {
  const two = (value: number): string => String(value).padStart(2, "0");
  const hour12 = at.hour % 12 || 12;
  switch (letter) {
    case "a":
      return DAYS[at.weekday]?.slice(0, 3);
    case "A":
      return DAYS[at.weekday];
    case "b":
    case "h":
      return MONTHS[at.month]?.slice(0, 3);
    case "B":
      return MONTHS[at.month];
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
      return String(at.yearDay + 1).padStart(3, "0");
    case "k":
      return String(at.hour).padStart(2);
    case "l":
      return String(hour12).padStart(2);
    case "m":
      return two(at.month + 1);
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

/** Days since 1970 to a date (Hinnant's civil_from_days). */
function calendar(unixSeconds: number): Calendar {
  const days = Math.floor(unixSeconds / 86_400);
  const rest = unixSeconds - days * 86_400;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10;
  const year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month] ?? 0;
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3600),
    minute: Math.floor((rest % 3600) / 60),
    second: Math.floor(rest % 60),
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: before + day - 1 + (isLeap && month > 1 ? 1 : 0),
  };
}
