import fc from "fast-check";
import { createEmptyCard, fsrs, generatorParameters, Rating } from "ts-fsrs";
import { expect, test } from "vitest";
import { foldReviews, forecast, type Grade, gradeOf, preview, queueOf, recallAt, type Review } from "@/lib/study/schedule";

const DAY = 86_400_000;
const START = 1_767_603_600_000;
const reviews = (...grades: [days: number, grade: Grade][]): Review[] => grades.map(([days, grade]) => ({ at: START + days * DAY, grade }));

test("is equal to the reference library on a replayed history", () => {
  const rating = { again: Rating.Again, hard: Rating.Hard, good: Rating.Good, easy: Rating.Easy } as const;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom<Grade>("again", "hard", "good", "easy")), {
        minLength: 1,
        maxLength: 12,
      }),
      (steps) => {
        const reference = fsrs(generatorParameters({ request_retention: 0.9, enable_fuzz: false }));
        let day = 0;
        const log: Review[] = [];
        let card = createEmptyCard(START + (steps[0]?.[0] ?? 0) * DAY);
        for (const [gap, grade] of steps) {
          day += gap;
          log.push({ at: START + day * DAY, grade });
          card = reference.next(card, START + day * DAY, rating[grade]).card;
        }

        expect(foldReviews(log)).toEqual({
          due: card.due.getTime(),
          stability: card.stability,
          difficulty: card.difficulty,
          reviews: card.reps,
          lapses: card.lapses,
        });
      },
    ),
  );
});

test("undoing a rating is leaving it out", () => {
  const log = reviews([0, "good"], [3, "good"]);

  expect(foldReviews([...log, { at: START + 20 * DAY, grade: "again" as const }].slice(0, -1))).toEqual(foldReviews(log));
});

test("a better grade is due no earlier", () => {
  const due = preview(reviews([0, "good"], [3, "good"]), START + 12 * DAY);

  expect(due.again).toBeLessThanOrEqual(due.hard);
  expect(due.hard).toBeLessThanOrEqual(due.good);
  expect(due.good).toBeLessThanOrEqual(due.easy);
});

test("recall falls with time and is nothing before the first review", () => {
  const log = reviews([0, "good"], [3, "good"]);

  expect(recallAt(log, START + 5 * DAY)).toBeGreaterThan(recallAt(log, START + 50 * DAY));
  expect(recallAt([], START)).toBe(0);
});

test("the queue has the most forgotten first and keeps to the day's limit", () => {
  const cards = new Map([
    ["fresh", reviews([29, "good"], [29.9, "easy"])],
    ["old", reviews([0, "good"])],
    ["older", reviews([0, "again"])],
  ]);
  const now = START + 30 * DAY;

  const whole = queueOf(cards, now, { perDay: 10, doneToday: 0 });

  expect(whole.map((card) => card.id)).not.toContain("fresh");
  expect(whole.map((card) => card.recall)).toEqual([...whole.map((card) => card.recall)].sort((a, b) => a - b));
  expect(queueOf(cards, now, { perDay: 3, doneToday: 2 })).toHaveLength(1);
  expect(queueOf(cards, now, { perDay: 3, doneToday: 5 })).toHaveLength(0);
});

test("the forecast counts what is overdue today", () => {
  const cards = new Map([["old", reviews([0, "good"])]]);

  expect(forecast(cards, START + 100 * DAY, 3)).toEqual([1, 0, 0]);
});

test("a wrong answer is forgotten, a slow or helped one hard", () => {
  expect(gradeOf({ correct: false, ms: 1, helped: false })).toBe("again");
  expect(gradeOf({ correct: true, ms: 100_000, helped: false })).toBe("hard");
  expect(gradeOf({ correct: true, ms: 5_000, helped: true })).toBe("hard");
  expect(gradeOf({ correct: true, ms: 5_000, helped: false })).toBe("good");
});
