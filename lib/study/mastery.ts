/**
 * Mastery of an objective or topic, with its uncertainty.
 *
 * Each first answer to an item, and each later one with less weight, is evidence about the share of items of the kind that the
 * learner would answer rightly. The belief is a Beta distribution; the prior is that of guessing among four options, worth two
 * answers. Older evidence counts for less: half after `HALF_LIFE_DAYS`.
 */

export type Evidence = {
  readonly correct: boolean /** Days ago. */;
  readonly age: number /** 1 for the first answer to an item, 2 for the second, … */;
  readonly exposure: number;
};

export type Mastery = {
  /** The expected share, 0 to 1. */
  readonly mean: number;
  /** The middle 80 % of the belief. */
  readonly low: number;
  readonly high: number;
  /** How many answers the evidence is worth now. */
  readonly weight: number;
};

const HALF_LIFE_DAYS = 60;
/** Whoever was told an answer may remember it: right again is worth less than wrong again. */
const MEMORY = 0.75;
const PRIOR = { right: 0.5, wrong: 1.5 };

export function masteryOf(evidence: readonly Evidence[]): Mastery {
  const found = weigh(evidence);
  const [right, wrong] = [PRIOR.right + found.right, PRIOR.wrong + found.wrong];
  return {
    mean: right / (right + wrong),
    low: betaQuantile(0.1, right, wrong),
    high: betaQuantile(0.9, right, wrong),
    weight: found.right + found.wrong,
  };
}

/** How many right and wrong answers the evidence is worth now. */
export function weigh(evidence: readonly Evidence[]): { readonly right: number; readonly wrong: number } {
  let [right, wrong] = [0, 0];
  for (const { correct, age, exposure } of evidence) {
    const remembered = correct && exposure > 1 ? MEMORY : 1;
    const worth = (0.5 ** (age / HALF_LIFE_DAYS) * remembered) / Math.max(1, exposure);
    if (correct) right += worth;
    else wrong += worth;
  }
  return { right, wrong };
}

/** The value below which a Beta(a, b) variable lies with probability `p`. Bisection on the regularised incomplete beta function. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), by the continued fraction of Lentz (Abramowitz & Stegun 26.5.8). */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-30;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m <= 300; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + term * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + term / c;
      if (Math.abs(c) < tiny) c = tiny;
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return h;
}

/** ln B(a, b). */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** ln Γ(x) for x > 0 (Lanczos, g = 7). */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  let sum = coefficients[0] ?? 1;
  for (let i = 1; i < coefficients.length; i++) sum += (coefficients[i] ?? 0) / (z + i);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
