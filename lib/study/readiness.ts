/**
 * Readiness for the exam: an estimate of the score, with an honest interval, and the chance of reaching a pass mark (which is a
 * setting: it is not published).
 *
 * A learner has a level, and domains in which they are better or worse than it. So what is answered in one domain says something
 * about the others, and the less the more is known of these. The belief is hierarchical: the share of a domain's items that would
 * be answered rightly is Beta distributed about the level, and the level is found from all evidence (a beta-binomial likelihood,
 * summed over a grid of levels). An exam draws its items by the blueprint, which adds the error of the draw.
 *
 * `npm run bench` holds it against simulated learners: the Brier score of the chance, and how often the interval holds the score.
 */

import { betaCdf, type Evidence, logBeta, weigh } from "./mastery";

export type DomainEvidence = { readonly weight: number; readonly items: number; readonly evidence: readonly Evidence[] };

export type Readiness = {
  readonly expected: number;
  /** The middle 80 % of the score. */
  readonly low: number;
  readonly high: number;
  readonly chance: number;
  /** Too little evidence to say: fewer than five answers' worth in some domain. */
  readonly isTentative: boolean;
};

const ENOUGH = 5;
/** Of the level nothing is known beforehand, except that it is neither nothing nor everything. */
const LEVEL_PRIOR = { right: 1.5, wrong: 1.5 };
/** How alike a learner's domains are: what is known of the level is worth so many answers in a domain. */
const KINSHIP = 12;
/** An exam asks other questions than those practised, and learners change: however many answers, they are worth no more than this. */
const SATURATION = 80;
const LEVELS = Array.from({ length: 40 }, (_, at) => (at + 0.5) / 40);

type Found = { readonly share: number; readonly items: number; readonly right: number; readonly wrong: number };
/** A Beta distribution of the score, and how likely it is the one. */
type Component = { readonly likelihood: number; readonly mean: number; readonly a: number; readonly b: number };

export function readinessOf(domains: readonly DomainEvidence[], passMark: number): Readiness {
  const total = domains.reduce((sum, domain) => sum + domain.items, 0);
  if (total === 0) return { expected: 0, low: 0, high: 1, chance: 0, isTentative: true };
  const found = domains.map(({ items, evidence }): Found => ({ share: items / total, items, ...saturated(weigh(evidence)) }));
  const components = componentsOf(found);
  const cdf = (score: number): number => components.reduce((sum, { likelihood, a, b }) => sum + likelihood * betaCdf(score, a, b), 0);
  // So many right are enough; the score is continuous here, so the border lies half an item below.
  const needed = (Math.ceil(passMark * total - 1e-9) - 0.5) / total;
  return {
    expected: components.reduce((sum, { likelihood, mean }) => sum + likelihood * mean, 0),
    low: quantile(cdf, 0.1),
    high: quantile(cdf, 0.9),
    chance: 1 - cdf(needed),
    isTentative: domains.map(({ evidence }) => weigh(evidence)).some(({ right, wrong }) => right + wrong < ENOUGH),
  };
}

function saturated({ right, wrong }: Pick<Found, "right" | "wrong">): Pick<Found, "right" | "wrong"> {
  const part = 1 / (1 + (right + wrong) / SATURATION);
  return { right: right * part, wrong: wrong * part };
}

function componentsOf(found: readonly Found[]): readonly Component[] {
  const logs = LEVELS.map((level) => {
    const prior = (LEVEL_PRIOR.right - 1) * Math.log(level) + (LEVEL_PRIOR.wrong - 1) * Math.log(1 - level);
    const [a, b] = [level * KINSHIP, (1 - level) * KINSHIP];
    return found.reduce((sum, { right, wrong }) => sum + logBeta(a + right, b + wrong) - logBeta(a, b), prior);
  });
  const most = Math.max(...logs);
  const likelihoods = logs.map((log) => Math.exp(log - most));
  const all = likelihoods.reduce((sum, likelihood) => sum + likelihood, 0);
  return LEVELS.map((level, at) => ({ likelihood: (likelihoods[at] ?? 0) / all, ...scoreAt(level, found) }));
}

/** The score if the level were this: the domains' errors and those of the draw are independent. */
function scoreAt(level: number, found: readonly Found[]): Omit<Component, "likelihood"> {
  let [mean, variance] = [0, 0];
  for (const { share, items, right, wrong } of found) {
    const strength = KINSHIP + right + wrong;
    const p = (level * KINSHIP + right) / strength;
    mean += share * p;
    variance += share * share * p * (1 - p) * (1 / (strength + 1) + 1 / Math.max(1, items));
  }
  // As a Beta of the same mean and variance.
  const strength = Math.max(1e-3, (mean * (1 - mean)) / Math.max(variance, 1e-9) - 1);
  return { mean, a: mean * strength, b: (1 - mean) * strength };
}

function quantile(cdf: (value: number) => number, p: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
