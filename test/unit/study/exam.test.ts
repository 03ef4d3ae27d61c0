import fc from "fast-check";
import { expect, test } from "vitest";
import { assembleExam, type BankItem, BLUEPRINT, DOMAINS, FULL_EXAM, NETWORKING_EXAM, quota } from "@/lib/study/exam";

const bank = (perDomain: number): BankItem[] =>
  DOMAINS.flatMap((domain) =>
    Array.from({ length: perDomain }, (_, i) => ({
      id: `${domain}-${i}`,
      domain,
      objective: `${domain}.${i % 7}`,
      canGoOneByOne: i % 5 !== 0,
    })),
  );

test("every domain is within one item of its share", () => {
  const counts = quota(FULL_EXAM);

  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(55);
  for (const domain of DOMAINS) expect(Math.abs((counts.get(domain) ?? 0) - (55 * BLUEPRINT[domain]) / 100)).toBeLessThan(1);
});

test("an exam has its number of items, of domains and of formats, each item once", () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const exam = assembleExam(bank(30), FULL_EXAM, seed);
      if (!exam.ok) throw new Error("not assembled");

      expect(exam.items).toHaveLength(55);
      expect(new Set(exam.items.map((item) => item.id)).size).toBe(55);
      expect(exam.items.filter((item) => item.format === "choice").length).toBe(13);
      for (const [domain, count] of quota(FULL_EXAM)) expect(exam.items.filter((item) => item.domain === domain)).toHaveLength(count);
    }),
  );
});

test("what was in the exam before does not come again while the bank allows", () => {
  const all = bank(30);
  const first = assembleExam(all, FULL_EXAM, "one");
  if (!first.ok) throw new Error("not assembled");

  const second = assembleExam(all, FULL_EXAM, "two", new Set(first.items.map((item) => item.id)));

  expect(second).toMatchObject({ ok: true, repeated: 0 });
});

test("a small bank repeats as few as it must", () => {
  const all = bank(20);
  const first = assembleExam(all, NETWORKING_EXAM, "one");
  if (!first.ok) throw new Error("not assembled");

  expect(assembleExam(all, NETWORKING_EXAM, "two", new Set(first.items.map((item) => item.id)))).toMatchObject({ ok: true, repeated: 10 });
});

test("a bank that lacks items says of which domain, and how many", () => {
  expect(assembleExam(bank(10), FULL_EXAM, "x")).toEqual({ ok: false, missing: { D1: 4, D2: 1 } });
});

test("the same seed gives the same exam", () => {
  expect(assembleExam(bank(30), FULL_EXAM, "same")).toEqual(assembleExam(bank(30), FULL_EXAM, "same"));
});

test("items are spread over objectives", () => {
  const exam = assembleExam(bank(30), NETWORKING_EXAM, "spread");
  if (!exam.ok) throw new Error("not assembled");
  const perObjective = new Map<string, number>();
  for (const item of exam.items) {
    const objective = bank(30).find((one) => one.id === item.id)?.objective ?? "";
    perObjective.set(objective, (perObjective.get(objective) ?? 0) + 1);
  }

  expect(Math.max(...perObjective.values()) - Math.min(...perObjective.values())).toBeLessThanOrEqual(1);
});
