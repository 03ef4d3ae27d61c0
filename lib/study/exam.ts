/**
 * Assembly of an exam from the bank, by the blueprint: so many items of each domain, so many of each format, none that the exam
 * before had while the bank allows.
 */

import { Chance } from "./chance";

export const DOMAINS = ["D1", "D2", "D3", "D4", "D5", "D6"] as const;
export type Domain = (typeof DOMAINS)[number];

/** Shares of the exam's blueprint, in percent (Study Guide v1.5: orchestration, images, installation, networking, security, storage). */
export const BLUEPRINT: Readonly<Record<Domain, number>> = { D1: 25, D2: 20, D3: 15, D4: 15, D5: 15, D6: 10 };

export type ExamForm = {
  readonly minutes: number;
  readonly items: number;
  /** How many are answered by choosing; the rest one by one. */
  readonly choice: number;
  readonly weights: Readonly<Partial<Record<Domain, number>>>;
};

/** The exam as it is: 55 items, 90 minutes, 13 of them multiple choice. */
export const FULL_EXAM: ExamForm = { minutes: 90, items: 55, choice: 13, weights: BLUEPRINT };
export const NETWORKING_EXAM: ExamForm = { minutes: 25, items: 15, choice: 4, weights: { D4: 100 } };

export type BankItem = {
  readonly id: string;
  readonly domain: Domain;
  readonly objective: string /** Whether its options can be judged one at a time. */;
  readonly canGoOneByOne: boolean;
};

export type ExamItem = { readonly id: string; readonly domain: Domain; readonly format: "choice" | "one-by-one" };

export type Assembly =
  | {
      readonly ok: true;
      readonly items: readonly ExamItem[] /** Items that were in the exam before, because the bank had no others. */;
      readonly repeated: number;
    }
  | { readonly ok: false; readonly missing: Readonly<Partial<Record<Domain, number>>> };

/** How many items each domain gets: largest remainders, so that each is within one of its exact share. */
export function quota(form: ExamForm): ReadonlyMap<Domain, number> {
  const entries = DOMAINS.flatMap((domain) => {
    const weight = form.weights[domain];
    return weight === undefined || weight === 0 ? [] : [{ domain, weight }];
  });
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  const shares = entries.map(({ domain, weight }) => ({ domain, exact: (form.items * weight) / total }));
  const counts = new Map(shares.map(({ domain, exact }) => [domain, Math.floor(exact)]));
  let left = form.items - [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const { domain } of [...shares].sort((a, b) => (b.exact % 1) - (a.exact % 1) || (a.domain < b.domain ? -1 : 1))) {
    if (left-- <= 0) break;
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return counts;
}

export function assembleExam(bank: readonly BankItem[], form: ExamForm, seed: string, before: ReadonlySet<string> = new Set()): Assembly {
  const chance = new Chance(seed);
  const missing: Partial<Record<Domain, number>> = {};
  const chosen: BankItem[] = [];
  /** How many more items may be such as can only be answered by choosing. */
  const room = { choiceOnly: form.choice };
  for (const [domain, count] of quota(form)) {
    const candidates = bank.filter((item) => item.domain === domain);
    if (candidates.length < count) missing[domain] = count - candidates.length;
    else chosen.push(...pick(candidates, count, before, chance, room));
  }
  if (Object.keys(missing).length > 0) return { ok: false, missing };

  // What cannot be judged option by option is answered by choosing; the rest fills up by chance.
  const shuffled = chance.shuffle(chosen);
  const choiceOnly = shuffled.filter((item) => !item.canGoOneByOne);
  const either = shuffled.filter((item) => item.canGoOneByOne);
  const byChoice = new Set([...choiceOnly, ...either.slice(0, Math.max(0, form.choice - choiceOnly.length))].map((item) => item.id));
  return {
    ok: true,
    items: shuffled.map((item) => ({ id: item.id, domain: item.domain, format: byChoice.has(item.id) ? "choice" : "one-by-one" })),
    repeated: chosen.filter((item) => before.has(item.id)).length,
  };
}

/** New ones first, and spread over objectives: one of each before a second of any. */
function pick(
  candidates: readonly BankItem[],
  count: number,
  before: ReadonlySet<string>,
  chance: Chance,
  room: { choiceOnly: number },
): BankItem[] {
  const taken: BankItem[] = [];
  const perObjective = new Map<string, number>();
  const pool = chance.shuffle(candidates);
  const cost = (item: BankItem): number =>
    (!item.canGoOneByOne && room.choiceOnly <= 0 ? 1_000_000 : 0) +
    (before.has(item.id) ? 1000 : 0) +
    (perObjective.get(item.objective) ?? 0);
  while (taken.length < count && pool.length > 0) {
    let best = 0;
    for (let i = 1; i < pool.length; i++) if (cost(pool[i] as BankItem) < cost(pool[best] as BankItem)) best = i;
    const [item] = pool.splice(best, 1);
    if (!item) break;
    taken.push(item);
    if (!item.canGoOneByOne) room.choiceOnly--;
    perObjective.set(item.objective, (perObjective.get(item.objective) ?? 0) + 1);
  }
  return taken;
}
