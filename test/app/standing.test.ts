import { expect, test } from "vitest";
import type { Lab } from "@/lib/content";
import type { AnswerRecord, AttemptRecord } from "@/lib/db";
import { habitsOf, masteriesOf, suggest } from "@/lib/progress/standing";
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
  const ground = { objectives, items, answers, attempts: [], labs: [lab], exams: [open], due: 3 };

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

  expect(suggest({ objectives, items, answers, attempts: [], labs: [lab], exams: [], due: 0 })).toEqual([]);
});

test("days are counted once, and an answer left lying counts five minutes", () => {
  const answers = [answer("weak", true, [], 1), answer("weak", true, [], 1), { ...answer("new", true), ms: 3_600_000 }];

  const { days, daysStudied, ms } = habitsOf(answers, NOW);

  expect(daysStudied).toBe(2);
  expect(days).toHaveLength(28);
  expect(days.slice(-2)).toEqual([
    { date: "2026-01-09", answers: 2 },
    { date: "2026-01-10", answers: 1 },
  ]);
  expect(ms).toBe(2 * 60_000 + 5 * 60_000);
});
