/** The calendar of simulated dates, always UTC: what `date`, HTTP, DNS tools and log lines print. */

export type DateParts = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
};

export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** The parts of a date given in milliseconds since 1970 (Hinnant's civil_from_days). */
export function datePartsOf(ms: number): DateParts {
  const total = Math.floor(ms / 1000);
  const days = Math.floor(total / 86_400);
  const time = total - days * 86_400;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const shiftedDay = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * shiftedDay + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const day = shiftedDay - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return {
    year,
    month,
    day,
    hour: Math.floor(time / 3600),
    minute: Math.floor(time / 60) % 60,
    second: time % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    dayOfYear: days - daysSince1970(year, 1, 1) + 1,
  };
}

/** Days from 1 January 1970 to a date (Hinnant's days_from_civil). */
export function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `Mon, 05 Jan 2026 09:00:00 GMT` (RFC 9110, 5.6.7). */
export function httpDate(ms: number): string {
  const d = datePartsOf(ms);
  return `${WEEKDAYS[d.weekday]?.slice(0, 3)}, ${two(d.day)} ${MONTHS[d.month - 1]?.slice(0, 3)} ${d.year} ${two(d.hour)}:${two(d.minute)}:${two(d.second)} GMT`;
}

/** `2026-01-05 09:00:00`. */
export function plainDate(ms: number): string {
  const d = datePartsOf(ms);
  return `${d.year}-${two(d.month)}-${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)}`;
}
