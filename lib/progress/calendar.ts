/**
 * Due reviews as an iCalendar file (RFC 5545): one all-day event for each day on which something falls due.
 *
 * A day's event has the same UID whenever the file is made, and a SEQUENCE that grows, so that importing a later file replaces it.
 */

import { createHash } from "node:crypto";
import type { Item, Lab } from "@/lib/content";
import { type Db, listReviews } from "@/lib/db";
import { foldReviews } from "@/lib/study/schedule";
import { cardsOf } from "./cards";
import { stillThere } from "./reviews";

const DAY = 86_400_000;
/** What falls due later will have been reviewed, and moved, long before. */
const HORIZON_DAYS = 366;

export type DueDay = { /** Midnight UTC. */ readonly day: number; readonly count: number };

/** The file; undefined when nothing comes back, since a calendar may not be empty. */
export async function readCalendar(
  db: Db,
  items: readonly Item[],
  labs: readonly Lab[],
  learnerId: string,
  now: number,
): Promise<string | undefined> {
  const cards = stillThere(cardsOf(await listReviews(db, learnerId)), items, labs);
  const days = dueDays(
    [...cards.values()].flatMap((log) => foldReviews(log)?.due ?? []),
    now,
  );
  return days.length === 0 ? undefined : calendarOf(days, learnerId, now);
}

/** How many fall due on each day, by its date in UTC; what is overdue is due today. */
export function dueDays(dues: readonly number[], now: number): readonly DueDay[] {
  const today = midnightOf(now);
  const counts = new Map<number, number>();
  for (const due of dues) {
    const day = Math.max(today, midnightOf(due));
    if (day < today + HORIZON_DAYS * DAY) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([day, count]) => ({ day, count }));
}

export function calendarOf(days: readonly DueDay[], learnerId: string, now: number): string {
  const owner = createHash("sha256").update(learnerId).digest("hex").slice(0, 16);
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Drydock//Reviews//EN",
    "CALSCALE:GREGORIAN",
    "NAME:Drydock reviews",
    "X-WR-CALNAME:Drydock reviews",
    ...days.flatMap(({ day, count }) => eventOf(day, count, owner, now)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join("");
}

function eventOf(day: number, count: number, owner: string, now: number): readonly string[] {
  const reviews = `${count} ${count === 1 ? "review" : "reviews"} due`;
  return [
    "BEGIN:VEVENT",
    `UID:due-${dateOf(day)}-${owner}@drydock`,
    `DTSTAMP:${new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")}`,
    // Grows from one file to the next, and stays within 32 bits for four thousand years.
    `SEQUENCE:${Math.floor(now / 60_000)}`,
    `DTSTART;VALUE=DATE:${dateOf(day)}`,
    `DTEND;VALUE=DATE:${dateOf(day + DAY)}`,
    `SUMMARY:${escapeText(`Drydock: ${reviews}`)}`,
    `DESCRIPTION:${escapeText(`${reviews}, by what you had reviewed when this file was made.\nImport a new file to bring your calendar up to date.`)}`,
    // A day with reviews is not a day that is taken.
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

/** Breaks a content line so that none has over 75 octets of UTF-8 (section 3.1); a character is never broken. */
export function foldLine(line: string): string {
  const encoder = new TextEncoder();
  let folded = "";
  let length = 0;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (length + octets > 75) {
      folded += "\r\n ";
      length = 1;
    }
    folded += character;
    length += octets;
  }
  return folded;
}

/** Section 3.3.11. */
export function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

function midnightOf(at: number): number {
  return at - (at % DAY);
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10).replaceAll("-", "");
}
