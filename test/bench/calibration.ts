/**
 * Whether readiness keeps its word, by simulation: learners of varied ability practise, readiness gives its interval and its chance
 * of passing, and then an exam is drawn.
 *
 * The learners are not made the way the model thinks: they have an ability and strong and weak domains, items differ in difficulty,
 * guessing helps, whoever answers an item again has been told the answer, abilities grow with practice, and practice goes where a
 * learner likes. The exam's items are new to them.
 */

import { Chance } from "@/lib/study/chance";
import { type Domain, type ExamForm, quota } from "@/lib/study/exam";
import type { Evidence } from "@/lib/study/mastery";
import { type DomainEvidence, type Readiness, readinessOf } from "@/lib/study/readiness";

export type Calibration = {
  /** Mean squared error of the chance of passing, and that of always saying the share who pass. */
  readonly brier: number;
  readonly baseBrier: number;
  /** How often the score lies in the interval that should hold it four times in five. */
  readonly coverage: number;
  /** Mean of the expected score less the score. */
  readonly bias: number;
  readonly passed: number;
  /** For each fifth of chances: how many said so, what they said on average, and how many passed. */
  readonly fifths: readonly { readonly count: number; readonly said: number; readonly passed: number }[];
};

type Judge = (domains: readonly DomainEvidence[], passMark: number) => Readiness;
type Options = {
  readonly form: ExamForm;
  readonly answers: readonly number[];
  readonly learners: number;
  readonly passMark: number;
  readonly seed: string;
};

const PRACTICE_DAYS = 45;
const ITEMS_PER_DOMAIN = 60;
const GUESS = 0.2;
/** A domain's ability grows by so much in the end, and after so many answers by two thirds of it. */
const LEARNED = 1.2;
const LEARNING = 150;

export function calibrate({ form, answers, learners, passMark, seed }: Options, judge: Judge = readinessOf): Calibration {
  const chance = new Chance(seed);
  const rounds = Array.from({ length: learners }, (_, at) => {
    const learner = learnerOf(form, chance);
    const evidence = practise(learner, answers[at % answers.length] ?? 0, chance);
    const readiness = judge(
      [...quota(form)].map(([domain, items]) => ({ weight: form.weights[domain] ?? 0, items, evidence: evidence.get(domain) ?? [] })),
      passMark,
    );
    return { readiness, score: sit(form, learner, chance) };
  });
  const base = share(rounds, ({ score }) => score >= passMark);
  const outcome = ({ score }: { readonly score: number }): number => Number(score >= passMark);
  return {
    brier: mean(rounds.map((round) => (round.readiness.chance - outcome(round)) ** 2)),
    baseBrier: base * (1 - base),
    coverage: share(rounds, ({ readiness, score }) => readiness.low <= score && score <= readiness.high),
    bias: mean(rounds.map(({ readiness, score }) => readiness.expected - score)),
    passed: base,
    fifths: Array.from({ length: 5 }, (_, fifth) => {
      const mine = rounds.filter(({ readiness }) => Math.min(4, Math.floor(readiness.chance * 5)) === fifth);
      return { count: mine.length, said: mean(mine.map(({ readiness }) => readiness.chance)), passed: mean(mine.map(outcome)) };
    }),
  };
}

type Learner = { readonly abilities: Map<Domain, number>; readonly likes: ReadonlyMap<Domain, number> };

function learnerOf(form: ExamForm, chance: Chance): Learner {
  const general = 0.6 + 1.1 * normal(chance);
  const domains = [...quota(form).keys()];
  return {
    abilities: new Map(domains.map((domain) => [domain, general + 0.6 * normal(chance)])),
    likes: new Map(domains.map((domain) => [domain, 0.3 + chance.fraction()])),
  };
}

function practise({ abilities, likes }: Learner, answers: number, chance: Chance): ReadonlyMap<Domain, readonly Evidence[]> {
  const evidence = new Map<Domain, Evidence[]>();
  const met = new Map<string, number>();
  for (let i = 0; i < answers; i++) {
    const domain = pickBy(likes, chance);
    const item = `${domain} ${chance.below(ITEMS_PER_DOMAIN)}`;
    const exposure = (met.get(item) ?? 0) + 1;
    met.set(item, exposure);
    const ability = abilities.get(domain) ?? 0;
    const knows = chanceRight(ability, difficultyOf(chance));
    // Who was told the answer remembers it, more often than not.
    const right = exposure > 1 ? knows + 0.6 * (1 - knows) : knows;
    const list = evidence.get(domain) ?? [];
    list.push({ correct: chance.fraction() < right, age: PRACTICE_DAYS * (1 - i / answers), exposure });
    evidence.set(domain, list);
    abilities.set(domain, ability + (LEARNED * Math.exp(-list.length / LEARNING)) / LEARNING);
  }
  return evidence;
}

function sit(form: ExamForm, { abilities }: Learner, chance: Chance): number {
  let right = 0;
  for (const [domain, items] of quota(form))
    for (let i = 0; i < items; i++) right += Number(chance.fraction() < chanceRight(abilities.get(domain) ?? 0, difficultyOf(chance)));
  return right / form.items;
}

function chanceRight(ability: number, difficulty: number): number {
  return GUESS + (1 - GUESS) / (1 + Math.exp(difficulty - ability));
}

const difficultyOf = (chance: Chance): number => 0.8 * normal(chance);

/** Box and Muller. */
function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.fraction())) * Math.cos(2 * Math.PI * chance.fraction());
}

function pickBy<T>(weights: ReadonlyMap<T, number>, chance: Chance): T {
  const entries = [...weights];
  let left = chance.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [one, weight] of entries) {
    left -= weight;
    if (left < 0) return one;
  }
  const last = entries.at(-1);
  if (!last) throw new Error("nothing to pick from");
  return last[0];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share<T>(list: readonly T[], holds: (one: T) => boolean): number {
  return list.filter(holds).length / list.length;
}
