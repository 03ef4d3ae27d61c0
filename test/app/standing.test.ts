import { expect, test } from "vitest";
import type { Lab } from "@/lib/content";
import type { AnswerRecord, AttemptRecord } from "@/lib/db";
import { historyOf } from "@/lib/progress/history";
import { coursesOf, masteriesOf, suggest } from "@/lib/progress/standing";
import { readinessOf } from "@/lib/study/readiness";
import { itemOf } from "./items";

const NOW = Date.UTC(2026, 0, 10, 12);
const DAY = 86_400_000;
const weak = itemOf({ id: "weak", objective: "D4.2", misconceptions: { b: "M01" } });
const strong = itemOf({ id: "strong", objective: "D4.1" });
const fresh = itemOf({ id: "new", objective: "D4.10" });
const items = [weak, strong, fresh];
const answer = (item: string, correct: boolean, chosen: readonly string[] = [], daysAgo = 0): AnswerRecord => ({
  item,
  topic: "T01",
  chosen,
  correct,
  ms: 60_000,
  at: new Date(NOW - daysAgo * DAY),
});
const lab = { id: "L-1", title: "One", misconceptions: ["M01"] } as unknown as Lab;

test("an item bears on its domain, its objective and its topic; objectives stand in their own order", () => {
  const { domains, objectives, topics } = masteriesOf(items, [answer("strong", true), answer("weak", false, ["b"])], NOW);

  expect(objectives.map(({ id, seen, items: count }) => [id, seen, count])).toEqual([
    ["D4.1", 1, 1],
    ["D4.2", 1, 1],
    ["D4.10", 0, 1],
  ]);
  expect(domains).toMatchObject([{ id: "D4", seen: 2, items: 3 }]);
  expect(topics).toMatchObject([{ id: "T01", seen: 2, items: 3 }]);
  const [one, two] = objectives;
  expect(one?.mastery.mean).toBeGreaterThan(two?.mastery.mean ?? 1);
});

test("what is next: the open exam, what is due, the weakest objective with something left, a lab for what was believed", () => {
  const answers = [answer("strong", true), answer("weak", false, ["b"])];
  const { objectives } = masteriesOf(items, answers, NOW);
  const open = { id: "x1", kind: "drill", state: "open", startedAt: new Date(NOW), right: 0, total: 10, answered: 1 } as const;
  const ground = { objectives, readiness: [], items, answers, attempts: [], labs: [lab], exams: [open], due: 3, now: NOW };

  expect(suggest(ground)).toMatchObject([
    { kind: "exam", id: "x1" },
    { kind: "reviews", due: 3 },
    { kind: "objective", id: "D4.2", answered: true, left: 1 },
    { kind: "lab", id: "L-1", times: 1 },
  ]);
  const solved = { lab: "L-1", state: "solved" } as AttemptRecord;
  expect(suggest({ ...ground, attempts: [solved], exams: [], due: 0 }).map(({ kind }) => kind)).toEqual(["objective"]);
});

test("nothing is suggested when nothing is left", () => {
  const answers = items.map(({ id }) => answer(id, true));
  const { objectives } = masteriesOf(items, answers, NOW);

  expect(suggest({ objectives, readiness: [], items, answers, attempts: [], labs: [lab], exams: [], due: 0, now: NOW })).toEqual([]);
});

test("an exam is suggested once there is an estimate to try, and not again for two weeks", () => {
  const evidence = Array.from({ length: 20 }, () => ({ correct: true, age: 0, exposure: 1 }));
  const sure = { title: "Networking exam", readiness: readinessOf([{ weight: 1, items: 15, evidence }], 0.65) };
  const unsure = { title: "Full exam", readiness: readinessOf([{ weight: 1, items: 55, evidence: [] }], 0.65) };
  const sat = (daysAgo: number) => [
    { id: "x", kind: "drill", state: "finished", startedAt: new Date(NOW - daysAgo * DAY), right: 1, total: 10, answered: 10 } as const,
  ];
  const ground = { objectives: [], readiness: [sure, unsure], items, answers: [], attempts: [], labs: [], exams: [], due: 0, now: NOW };

  expect(suggest(ground)).toMatchObject([{ kind: "sit-exam", title: "Networking exam" }]);
  expect(suggest({ ...ground, readiness: [unsure] })).toEqual([]);
  expect(suggest({ ...ground, exams: sat(13) })).toEqual([]);
  expect(suggest({ ...ground, exams: sat(15) })).toHaveLength(1);
});

const NONE = { answers: [], reviews: [], exams: [], attempts: [], labTimes: [] };

test("a day holds what was answered, repeated, sat and worked at on it", () => {
  const review = (card: string, daysAgo: number, kind: "item" | "misconception" = "item") =>
    ({ kind, card, grade: "good", at: new Date(NOW - daysAgo * DAY) }) as const;
  const attempt = { id: "a", lab: "L-1", startedAt: new Date(NOW - 2 * DAY), solvedAt: new Date(NOW - DAY) } as unknown as AttemptRecord;
  const exam = { id: "x", kind: "drill", state: "finished", startedAt: new Date(NOW), right: 7, total: 10, answered: 10 } as const;

  const { days, daysStudied } = historyOf(
    {
      ...NONE,
      answers: [answer("weak", true, [], 1), answer("weak", false, [], 1)],
      // One answer repeats an item and a misconception; the first review of a card is no repetition.
      reviews: [review("weak", 3), review("M01", 3, "misconception"), review("weak", 1), review("M01", 1, "misconception")],
      exams: [exam],
      attempts: [attempt],
    },
    NOW,
  );

  expect(days).toHaveLength(84);
  expect(days.slice(-3)).toMatchObject([
    { date: "2026-01-08", answers: 0, reviews: 0, labsBegun: ["L-1"], labsDone: [] },
    { date: "2026-01-09", answers: 2, right: 1, reviews: 1, labsBegun: [], labsDone: ["L-1"] },
    { date: "2026-01-10", answers: 0, exams: [{ id: "x", right: 7, total: 10 }] },
  ]);
  expect(daysStudied).toBe(3);
});

test("time left lying counts five minutes, on a question as in a lab", () => {
  const minute = 60_000_000;
  const { days, questionMs, labMs } = historyOf(
    {
      ...NONE,
      answers: [answer("weak", true), { ...answer("new", true), ms: 3_600_000 }],
      labTimes: [{ startedAt: new Date(NOW - DAY), times: [minute, 3 * minute, 90 * minute] }],
    },
    NOW,
  );

  expect([questionMs, labMs]).toEqual([6 * 60_000, 7 * 60_000]);
  expect(days.slice(-2)).toMatchObject([
    { questionMs: 0, labMs: 7 * 60_000 },
    { questionMs: 6 * 60_000, labMs: 0 },
  ]);
});

test("the course of mastery knows at each time what was answered by then, and ends at mastery now", () => {
  const answers = [answer("strong", true, [], 10), answer("weak", true, [], 4), answer("weak", true, [], 1)];
  const [course] = coursesOf(items, answers, NOW);
  const [domain] = masteriesOf(items, answers, NOW).domains;

  expect(course?.points.map(({ at }) => (NOW - at) / DAY)).toEqual([9, 6, 3, 0]);
  expect(course?.points[0]?.weight).toBeCloseTo(0.5 ** (1 / 60), 9);
  expect(course?.points.at(-1)?.mean).toBe(domain?.mastery.mean);
  expect(coursesOf(items, [], NOW)).toEqual([]);
});
