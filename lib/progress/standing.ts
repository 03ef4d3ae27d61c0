/** Where a learner stands: mastery with its uncertainty and its course, readiness, what was done, and what to do next and why. */

import { DOMAIN_TITLES, type Item, type Lab, OBJECTIVES, TOPICS } from "@/lib/content";
import {
  type AnswerRecord,
  type AttemptRecord,
  type Db,
  listAnswers,
  listAttempts,
  listLabTimes,
  listReviews,
  readSettings,
  type Settings,
} from "@/lib/db";
import { beliefsShown } from "@/lib/practice/items";
import { type Domain, DOMAINS, type ExamForm, FULL_EXAM, NETWORKING_EXAM, quota } from "@/lib/study/exam";
import { type Evidence, type Mastery, masteryOf } from "@/lib/study/mastery";
import { type Readiness, readinessOf } from "@/lib/study/readiness";
import { compareObjectives, type ExamResult, listResults } from "./exam-report";
import { type History, historyOf } from "./history";
import { deskOf } from "./reviews";

const DAY = 86_400_000;
/** How far the course of mastery goes back, and in which steps. */
const COURSE = { days: 84, step: 3 };
/** So long after an exam another tells something new. */
const EXAM_REST_DAYS = 14;

export type MasteryRow = {
  readonly id: string;
  readonly title: string;
  readonly items: number;
  readonly seen: number;
  readonly mastery: Mastery;
};

export type Suggestion =
  | { readonly kind: "exam"; readonly id: string }
  | { readonly kind: "reviews"; readonly due: number }
  | {
      readonly kind: "objective";
      readonly id: string;
      readonly title: string;
      readonly mean: number;
      readonly answered: boolean;
      readonly left: number;
    }
  | { readonly kind: "lab"; readonly id: string; readonly title: string; readonly times: number }
  /** To see whether the estimate is right. */
  | { readonly kind: "sit-exam"; readonly title: string; readonly low: number; readonly high: number };

/** `at` in milliseconds since 1970. */
export type Course = { readonly id: string; readonly title: string; readonly points: readonly (Mastery & { readonly at: number })[] };

export type Standing = {
  readonly settings: Settings;
  readonly domains: readonly MasteryRow[];
  readonly objectives: readonly MasteryRow[];
  readonly topics: readonly MasteryRow[];
  readonly readiness: readonly { readonly title: string; readonly readiness: Readiness }[];
  readonly exams: readonly ExamResult[];
  readonly due: number;
  readonly forecast: readonly number[];
  readonly history: History;
  /** Of each domain in which something was answered, how mastery went; the last point is now. */
  readonly courses: readonly Course[];
  readonly next: readonly Suggestion[];
};

export async function readStanding(
  db: Db,
  items: readonly Item[],
  labs: readonly Lab[],
  learnerId: string | undefined,
  now: Date,
): Promise<Standing> {
  const settings = await readSettings(db, learnerId);
  // An exam whose time is up gives its answers before they are read.
  const exams = await listResults(db, items, learnerId, now);
  const [answers, attempts, reviews, labTimes] =
    learnerId === undefined
      ? [[], [], [], []]
      : await Promise.all([
          listAnswers(db, learnerId),
          listAttempts(db, learnerId),
          listReviews(db, learnerId),
          listLabTimes(db, learnerId),
        ]);
  const desk = deskOf(items, labs, reviews, answers, { perDay: settings.reviewsPerDay, now: now.getTime(), order: (options) => options });
  const masteries = masteriesOf(items, answers, now.getTime());
  const readiness = readinessRows(items, answers, settings.passMark / 100, now.getTime());
  return {
    settings,
    ...masteries,
    readiness,
    exams,
    due: desk.due,
    forecast: desk.forecast,
    history: historyOf({ answers, reviews, exams, attempts, labTimes }, now.getTime()),
    courses: coursesOf(items, answers, now.getTime()),
    next: suggest({
      objectives: masteries.objectives,
      readiness,
      items,
      answers,
      attempts,
      labs,
      exams,
      due: desk.due,
      now: now.getTime(),
    }),
  };
}

type Found = { readonly item: Item; readonly evidence: Evidence };

/** Each answer to an item of the bank, as evidence. */
function evidenceOf(items: readonly Item[], answers: readonly AnswerRecord[], now: number): readonly Found[] {
  const known = new Map(items.map((item) => [item.id, item]));
  const exposures = new Map<string, number>();
  return answers.flatMap(({ item: id, correct, at }): Found[] => {
    const item = known.get(id);
    if (!item) return [];
    const exposure = (exposures.get(id) ?? 0) + 1;
    exposures.set(id, exposure);
    return [{ item, evidence: { correct, age: Math.max(0, (now - at.getTime()) / DAY), exposure } }];
  });
}

export function masteriesOf(
  items: readonly Item[],
  answers: readonly AnswerRecord[],
  now: number,
): Pick<Standing, "domains" | "objectives" | "topics"> {
  const found = evidenceOf(items, answers, now);
  const row = (id: string, title: string, isOf: (item: Item) => boolean): MasteryRow[] => {
    const mine = found.filter(({ item }) => isOf(item));
    const count = items.filter(isOf).length;
    const seen = new Set(mine.map(({ item }) => item.id)).size;
    return count === 0 ? [] : [{ id, title, items: count, seen, mastery: masteryOf(mine.map(({ evidence }) => evidence)) }];
  };
  const objectives = [...new Set(items.flatMap((item) => item.objectives))].sort(compareObjectives);
  return {
    domains: DOMAINS.flatMap((id) => row(id, DOMAIN_TITLES[id] ?? id, (item) => domainsOf(item).includes(id))),
    objectives: objectives.flatMap((id) => row(id, OBJECTIVES[id] ?? id, (item) => item.objectives.includes(id))),
    topics: TOPICS.flatMap(({ id, title }) => row(id, title, (item) => item.topic === id)),
  };
}

function domainsOf(item: Item): readonly Domain[] {
  return DOMAINS.filter((domain) => item.objectives.some((objective) => objective.startsWith(`${domain}.`)));
}

function readinessRows(items: readonly Item[], answers: readonly AnswerRecord[], passMark: number, now: number): Standing["readiness"] {
  const found = evidenceOf(items, answers, now);
  const of = (form: ExamForm): Readiness =>
    readinessOf(
      [...quota(form)].map(([domain, count]) => ({
        weight: form.weights[domain] ?? 0,
        items: count,
        evidence: found.filter(({ item }) => domainsOf(item).includes(domain)).map(({ evidence }) => evidence),
      })),
      passMark,
    );
  return [
    { title: "Networking exam", readiness: of(NETWORKING_EXAM) },
    { title: "Full exam", readiness: of(FULL_EXAM) },
  ];
}

/** How mastery of each domain went, from its first answer or the beginning of the time shown. */
export function coursesOf(items: readonly Item[], answers: readonly AnswerRecord[], now: number): readonly Course[] {
  const times = Array.from({ length: COURSE.days / COURSE.step + 1 }, (_, at) => now - (COURSE.days - at * COURSE.step) * DAY);
  const found = evidenceOf(items, answers, now);
  return DOMAINS.flatMap((domain): Course[] => {
    const mine = found.filter(({ item }) => domainsOf(item).includes(domain)).map(({ evidence }) => evidence);
    const points = times.flatMap((at) => {
      const ago = (now - at) / DAY;
      const known = mine.filter(({ age }) => age >= ago);
      return known.length === 0 ? [] : [{ at, ...masteryOf(known.map((one) => ({ ...one, age: one.age - ago }))) }];
    });
    return mine.length === 0 ? [] : [{ id: domain, title: DOMAIN_TITLES[domain] ?? domain, points }];
  });
}

type Ground = {
  readonly objectives: readonly MasteryRow[];
  readonly readiness: Standing["readiness"];
  readonly items: readonly Item[];
  readonly answers: readonly AnswerRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly labs: readonly Lab[];
  readonly exams: readonly ExamResult[];
  readonly due: number;
  readonly now: number;
};

/** What to do next, the most pressing first: an open exam, what is due, the weakest objective with something left, a lab, an exam. */
export function suggest({ objectives, readiness, items, answers, attempts, labs, exams, due, now }: Ground): readonly Suggestion[] {
  const open = exams.find(({ state }) => state === "open");
  const latest = new Map(answers.map(({ item, correct }) => [item, correct]));
  const leftIn = (objective: string): number =>
    items.filter((item) => item.objectives.includes(objective) && latest.get(item.id) !== true).length;
  // Objectives that were touched first: of the others nothing is known but that they are new.
  const weakest = objectives
    .map((row) => ({ row, left: leftIn(row.id) }))
    .filter(({ left }) => left > 0)
    .sort((a, b) => Number(b.row.seen > 0) - Number(a.row.seen > 0) || a.row.mastery.mean - b.row.mastery.mean || b.left - a.left)[0];
  return [
    ...(open ? [{ kind: "exam", id: open.id } as const] : []),
    ...(due > 0 ? [{ kind: "reviews", due } as const] : []),
    ...(weakest
      ? [
          {
            kind: "objective",
            id: weakest.row.id,
            title: weakest.row.title,
            mean: weakest.row.mastery.mean,
            answered: weakest.row.seen > 0,
            left: weakest.left,
          } as const,
        ]
      : []),
    ...labFor(items, answers, attempts, labs),
    ...(open ? [] : examFor(readiness, exams, now)),
  ];
}

/** The first exam for which there is an estimate worth trying, unless one was taken lately. */
function examFor(readiness: Standing["readiness"], exams: readonly ExamResult[], now: number): readonly Suggestion[] {
  if (exams.some(({ state, startedAt }) => state === "finished" && now - startedAt.getTime() < EXAM_REST_DAYS * DAY)) return [];
  const sure = readiness.find((row) => !row.readiness.isTentative);
  return sure ? [{ kind: "sit-exam", title: sure.title, low: sure.readiness.low, high: sure.readiness.high }] : [];
}

/** A lab not yet done for the misconception that was shown most often. */
function labFor(
  items: readonly Item[],
  answers: readonly AnswerRecord[],
  attempts: readonly AttemptRecord[],
  labs: readonly Lab[],
): readonly Suggestion[] {
  const known = new Map(items.map((item) => [item.id, item]));
  const shown = new Map<string, number>();
  for (const { item, chosen } of answers) {
    const asked = known.get(item);
    for (const belief of asked ? beliefsShown(asked, chosen) : []) shown.set(belief, (shown.get(belief) ?? 0) + 1);
  }
  const done = new Set(attempts.filter(({ state }) => state === "solved").map(({ lab }) => lab));
  const best = labs
    .filter(({ id }) => !done.has(id))
    .map((lab) => ({ lab, times: lab.misconceptions.reduce((sum, belief) => sum + (shown.get(belief) ?? 0), 0) }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times)[0];
  return best ? [{ kind: "lab", id: best.lab.id, title: best.lab.title, times: best.times }] : [];
}
