/** What was done on which day, and how long it took. A day is one of the server's calendar, which is UTC. */

import type { AnswerRecord, AttemptRecord, LabTimes, ReviewRecord } from "@/lib/db";
import { cardsOf } from "./cards";
import type { ExamResult } from "./exam-report";

const DAY = 86_400_000;
/** Twelve weeks. */
const HISTORY_DAYS = 84;
/** A pause longer than this was no study: the page was left lying. */
const LONGEST_PAUSE = 5 * 60_000;

export type Day = {
  /** As 2026-01-31. */
  readonly date: string;
  readonly answers: number;
  readonly right: number;
  /** Repetitions of cards; those that were answers are among the answers. */
  readonly reviews: number;
  readonly exams: readonly Pick<ExamResult, "id" | "kind" | "state" | "right" | "total">[];
  /** Titles are the page's business: ids of labs. */
  readonly labsBegun: readonly string[];
  readonly labsDone: readonly string[];
  /** Spent on questions, in milliseconds; and in labs that were begun on this day. */
  readonly questionMs: number;
  readonly labMs: number;
};

export type History = {
  /** The last days, today last; also those on which nothing was done. */
  readonly days: readonly Day[];
  /** Ever. */
  readonly daysStudied: number;
  readonly questionMs: number;
  readonly labMs: number;
};

type Sources = {
  readonly answers: readonly AnswerRecord[];
  readonly reviews: readonly ReviewRecord[];
  readonly exams: readonly ExamResult[];
  readonly attempts: readonly AttemptRecord[];
  readonly labTimes: readonly LabTimes[];
};

export function historyOf({ answers, reviews, exams, attempts, labTimes }: Sources, now: number): History {
  const answersOn = groupByDay(answers, ({ at }) => at);
  const reviewsOn = groupByDay(repetitionsIn(reviews), (at) => at);
  const examsOn = groupByDay(exams, ({ startedAt }) => startedAt);
  const begunOn = groupByDay(attempts, ({ startedAt }) => startedAt);
  const doneOn = groupByDay(
    attempts.flatMap(({ lab, solvedAt }) => (solvedAt ? [{ lab, solvedAt }] : [])),
    ({ solvedAt }) => solvedAt,
  );
  const timesOn = groupByDay(labTimes, ({ startedAt }) => startedAt);
  const labsOf = (list: readonly { readonly lab: string }[] = []): readonly string[] => [...new Set(list.map(({ lab }) => lab))];
  return {
    days: Array.from({ length: HISTORY_DAYS }, (_, at): Day => {
      const date = dateOf(new Date(now - (HISTORY_DAYS - 1 - at) * DAY));
      const given = answersOn.get(date) ?? [];
      return {
        date,
        answers: given.length,
        right: given.filter(({ correct }) => correct).length,
        reviews: reviewsOn.get(date)?.length ?? 0,
        exams: examsOn.get(date)?.map(({ id, kind, state, right, total }) => ({ id, kind, state, right, total })) ?? [],
        labsBegun: labsOf(begunOn.get(date)),
        labsDone: labsOf(doneOn.get(date)),
        questionMs: questionMs(given),
        labMs: labMs(timesOn.get(date) ?? []),
      };
    }),
    daysStudied: new Set([...answersOn.keys(), ...begunOn.keys(), ...doneOn.keys(), ...examsOn.keys()]).size,
    questionMs: questionMs(answers),
    labMs: labMs(labTimes),
  };
}

/** Whether anything was done on it. */
export function isStudied({ answers, exams, labsBegun, labsDone, reviews }: Day): boolean {
  return answers + reviews + exams.length + labsBegun.length + labsDone.length > 0;
}

function questionMs(answers: readonly AnswerRecord[]): number {
  return answers.reduce((sum, { ms }) => sum + Math.min(ms, LONGEST_PAUSE), 0);
}

function labMs(labs: readonly LabTimes[]): number {
  let sum = 0;
  for (const { times } of labs)
    for (let at = 1; at < times.length; at++) sum += Math.min(((times[at] ?? 0) - (times[at - 1] ?? 0)) / 1_000, LONGEST_PAUSE);
  return sum;
}

/** The first review of a card is no repetition; reviews that come from one answer are one. */
function repetitionsIn(reviews: readonly ReviewRecord[]): readonly Date[] {
  const times = new Set([...cardsOf(reviews).values()].flatMap((log) => log.slice(1).map(({ at }) => at)));
  return [...times].map((at) => new Date(at));
}

function groupByDay<T>(list: readonly T[], timeOf: (one: T) => Date): ReadonlyMap<string, readonly T[]> {
  const days = new Map<string, T[]>();
  for (const one of list) {
    const date = dateOf(timeOf(one));
    const day = days.get(date);
    if (day) day.push(one);
    else days.set(date, [one]);
  }
  return days;
}

function dateOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
