import { expect, test } from "vitest";
import { Chance } from "@/lib/study/chance";
import { type DomainEvidence, readinessOf } from "@/lib/study/readiness";

const domain = (items: number, right: number, wrong: number): DomainEvidence => ({
  weight: items,
  items,
  evidence: [
    ...Array.from({ length: right }, () => ({ correct: true, age: 0, exposure: 1 })),
    ...Array.from({ length: wrong }, () => ({ correct: false, age: 0, exposure: 1 })),
  ],
});

test("without evidence it is tentative, and the interval is wide", () => {
  const readiness = readinessOf([domain(10, 0, 0), domain(10, 0, 0)], 0.65);

  expect(readiness.isTentative).toBe(true);
  expect(readiness.high - readiness.low).toBeGreaterThan(0.3);
});

test("more right answers raise the estimate and the chance, and narrow the interval", () => {
  const few = readinessOf([domain(28, 8, 2), domain(27, 8, 2)], 0.65);
  const many = readinessOf([domain(28, 80, 20), domain(27, 80, 20)], 0.65);

  expect(many.expected).toBeGreaterThan(few.expected);
  expect(many.chance).toBeGreaterThan(few.chance);
  expect(many.high - many.low).toBeLessThan(few.high - few.low);
  expect(many.isTentative).toBe(false);
});

// A learner with a true ability answers practice items, then an exam drawn the same way: the middle 80 % should hold about 80 %.
test("its interval holds about as often as it says", () => {
  const chance = new Chance("calibration");
  let inside = 0;
  const rounds = 400;
  for (let round = 0; round < rounds; round++) {
    const abilities = [chance.fraction() * 0.5 + 0.4, chance.fraction() * 0.5 + 0.4];
    const domains = abilities.map(
      (ability): DomainEvidence => ({
        weight: 1,
        items: 27,
        evidence: Array.from({ length: 30 }, () => ({ correct: chance.fraction() < ability, age: 0, exposure: 1 })),
      }),
    );
    const { low, high } = readinessOf(domains, 0.65);
    const right = abilities.reduce(
      (sum, ability) => sum + Array.from({ length: 27 }, () => chance.fraction() < ability).filter(Boolean).length,
      0,
    );
    if (right / 54 >= low && right / 54 <= high) inside++;
  }

  expect(inside / rounds).toBeGreaterThan(0.7);
  expect(inside / rounds).toBeLessThan(0.92);
});
