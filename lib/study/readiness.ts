/**
 * Readiness for the exam: an estimate of the share of items that would be answered rightly, with an honest interval, and the
 * chance of reaching a pass mark (which is a setting: it is not published).
 *
 * Domains are independent beliefs (mastery.ts); an exam draws its items from them by the blueprint. The estimate's error is that
 * of the belief and of the draw together.
 */

import { betaCdf, betaQuantile, type Evidence, masteryOf } from "./mastery";

export type DomainEvidence = { readonly weight: number; readonly items: number; readonly evidence: readonly Evidence[] };

export type Readiness = {
  readonly expected: number;
  /** The middle 80 % of the score. */
  readonly low: number;
  readonly high: number;
  readonly chance: number;
  /** Too little evidence to say: fewer than this many answers' worth in some domain. */
  readonly isTentative: boolean;
};

const ENOUGH = 5;

export function readinessOf(domains: readonly DomainEvidence[], passMark: number): Readiness {
  const total = domains.reduce((sum, domain) => sum + domain.items, 0);
  if (total === 0) return { expected: 0, low: 0, high: 1, chance: 0, isTentative: true };
  let expected = 0;
  let variance = 0;
  let isTentative = false;
  for (const domain of domains) {
    const mastery = masteryOf(domain.evidence);
    const share = domain.items / total;
    // A Beta's variance from its mean and weight; the prior is worth two answers.
    const strength = mastery.weight + 2;
    const beliefVariance = (mastery.mean * (1 - mastery.mean)) / (strength + 1);
    const drawVariance = (mastery.mean * (1 - mastery.mean)) / Math.max(1, domain.items);
    expected += share * mastery.mean;
    variance += share * share * (beliefVariance + drawVariance);
    if (mastery.weight < ENOUGH) isTentative = true;
  }
  // The score as a Beta of the same mean and variance.
  const limit = expected * (1 - expected);
  const strength = Math.max(1e-3, limit / Math.max(variance, 1e-9) - 1);
  const [a, b] = [Math.max(1e-3, expected * strength), Math.max(1e-3, (1 - expected) * strength)];
  return { expected, low: betaQuantile(0.1, a, b), high: betaQuantile(0.9, a, b), chance: 1 - betaCdf(passMark, a, b), isTentative };
}
