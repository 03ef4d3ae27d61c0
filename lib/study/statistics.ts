/**
 * Item statistics as Moodle defines them (docs.moodle.org: "Quiz statistics calculations"), over first exposures only: what a
 * learner has met before says how well it was remembered, not how hard it is.
 *
 * x is the score on the item (0 to 1), X the rest score: that on the other first exposures of the same sitting, without the item.
 * Covariances are those of a sample (n − 1). Discrimination and the groups of best and worst look only at exposures that have a
 * rest score; facility looks at all.
 */

/** Learners differ in how much they have answered, so X is a share: the mean score on the rest. */
export type Exposure = {
  readonly score: number;
  /** 0 to 1; undefined when the sitting held too little else. */
  readonly rest: number | undefined;
  /** `other`: an answer that isn't made of options, as an order, pairs, a command or a number. */
  readonly way: "choice" | "one-by-one" | "other";
  /** Option ids in the order shown. Of one asked option by option: in the order planned. */
  readonly order: readonly string[];
  /** How many of these were shown before the item was decided: of a choice all. */
  readonly asked: number;
  /** The ids of the options chosen, or accepted one by one. */
  readonly chosen: readonly string[];
};

export type OptionUse = {
  readonly option: string;
  readonly isKey: boolean;
  /** Among answers by choosing: how many chose it, and which share of all, of those who were wrong, of the best and of the worst third. */
  readonly count: number;
  readonly share: number;
  readonly ofWrong: number;
  readonly top: number;
  readonly bottom: number;
  /** One by one: how often it was shown before the item was decided, and how often accepted. */
  readonly shown: number;
  readonly accepted: number;
};

export type Share = { readonly count: number; readonly facility: number };

export type ItemStatistics = {
  readonly count: number;
  /** Mean score, 0 to 1. */
  readonly facility: number;
  /** Exposures with a rest score. */
  readonly ranked: number;
  /** Correlation of the item with the rest, −1 to 1. Undefined when either does not vary. */
  readonly discrimination: number | undefined;
  /** Covariance with the rest as a share of the largest that these scores allow: 1 at most. Undefined when that is 0. */
  readonly efficiency: number | undefined;
  /** Facility among the best 27 % less that among the worst 27 % by rest score (Kelley 1939), −1 to 1. */
  readonly upperLower: number | undefined;
  readonly byChoice: Share;
  readonly oneByOne: Share;
  readonly options: readonly OptionUse[];
  /** One by one: facility by the place of the first key in the order planned, 1 for the first. */
  readonly positions: readonly (Share & { readonly position: number })[];
};

/** The fewest exposures with which figures are shown, and with which they are acted upon. */
export const MINIMUM_TO_SHOW = 30;
export const MINIMUM_TO_ACT = 100;
/** Fewer other answers in a sitting are no measure of the learner. */
export const MINIMUM_REST = 5;
const THIRD = 1 / 3;
const KELLEY = 0.27;

/** For each score the mean of the others in its group; undefined where these are fewer than `MINIMUM_REST`. */
export function restScores(scores: readonly { readonly group: string; readonly score: number }[]): readonly (number | undefined)[] {
  const groups = new Map<string, { sum: number; count: number }>();
  for (const { group, score } of scores) {
    const all = groups.get(group) ?? { sum: 0, count: 0 };
    groups.set(group, { sum: all.sum + score, count: all.count + 1 });
  }
  return scores.map(({ group, score }) => {
    const { sum, count } = groups.get(group) ?? { sum: 0, count: 0 };
    return count - 1 < MINIMUM_REST ? undefined : (sum - score) / (count - 1);
  });
}

export function itemStatistics(
  exposures: readonly Exposure[],
  options: readonly { readonly id: string; readonly key: boolean }[],
): ItemStatistics {
  const ranked = exposures.flatMap(({ rest, ...one }): Ranked[] => (rest === undefined ? [] : [{ ...one, rest }]));
  const scores = ranked.map((one) => one.score);
  const rests = ranked.map((one) => one.rest);
  const spread = Math.sqrt(covariance(scores, scores) * covariance(rests, rests));
  const best = covariance(ascending(scores), ascending(rests));
  const together = covariance(scores, rests);
  const oneByOne = exposures.filter(({ way }) => way === "one-by-one");
  return {
    ...shareOf(exposures),
    ranked: ranked.length,
    discrimination: isNothing(spread) ? undefined : together / spread,
    efficiency: isNothing(best) ? undefined : together / best,
    upperLower:
      ranked.length < 2
        ? undefined
        : weightedMean(tail(ranked, KELLEY, "best"), scoreOf) - weightedMean(tail(ranked, KELLEY, "worst"), scoreOf),
    byChoice: shareOf(exposures.filter(({ way }) => way === "choice")),
    oneByOne: shareOf(oneByOne),
    options: usesOf(exposures, ranked, options),
    positions: positionsOf(oneByOne, new Set(options.flatMap(({ id, key }) => (key ? [id] : [])))),
  };
}

function usesOf(
  exposures: readonly Exposure[],
  ranked: readonly Ranked[],
  options: readonly { readonly id: string; readonly key: boolean }[],
): readonly OptionUse[] {
  const chosenFrom = exposures.filter(({ way }) => way === "choice");
  const wrong = chosenFrom.filter(({ score }) => score < 1);
  const oneByOne = exposures.filter(({ way }) => way === "one-by-one");
  const rankedChoices = ranked.filter(({ way }) => way === "choice");
  const [top, bottom] = [tail(rankedChoices, THIRD, "best"), tail(rankedChoices, THIRD, "worst")];
  return options.map(({ id, key }) => {
    const chose = ({ chosen }: Pick<Exposure, "chosen">): number => (chosen.includes(id) ? 1 : 0);
    const shown = oneByOne.filter(({ order, asked }) => order.slice(0, asked).includes(id));
    return {
      option: id,
      isKey: key,
      count: sum(chosenFrom.map(chose)),
      share: mean(chosenFrom.map(chose)),
      ofWrong: mean(wrong.map(chose)),
      top: weightedMean(top, chose),
      bottom: weightedMean(bottom, chose),
      shown: shown.length,
      accepted: sum(shown.map(chose)),
    };
  });
}

function positionsOf(oneByOne: readonly Exposure[], keys: ReadonlySet<string>): ItemStatistics["positions"] {
  const byPosition = new Map<number, Exposure[]>();
  for (const one of oneByOne) {
    const position = one.order.findIndex((id) => keys.has(id)) + 1;
    if (position > 0) byPosition.set(position, [...(byPosition.get(position) ?? []), one]);
  }
  return [...byPosition].sort(([a], [b]) => a - b).map(([position, group]) => ({ position, ...shareOf(group) }));
}

export type Flag = "negative-discrimination" | "weak-discrimination" | "watch-discrimination" | "too-hard" | "too-easy";

/** What the figures say about the item, the most pressing first; nothing below the minimum to act. */
export function flagsOf({ count, ranked, facility, discrimination }: ItemStatistics): readonly Flag[] {
  const flags: Flag[] = [];
  if (ranked >= MINIMUM_TO_ACT && discrimination !== undefined) {
    if (discrimination < 0) flags.push("negative-discrimination");
    else if (discrimination < 0.15) flags.push("weak-discrimination");
    else if (discrimination < 0.3) flags.push("watch-discrimination");
  }
  if (count >= MINIMUM_TO_ACT) {
    if (facility < 0.2) flags.push("too-hard");
    if (facility > 0.95) flags.push("too-easy");
  }
  return flags;
}

export type DistractorFlag = "ambiguous" | "not-working";

/** Of the distractors: chosen more by the best third than by the worst, or by under 5 % of those who were wrong. */
export function distractorFlags({ byChoice, options }: ItemStatistics): ReadonlyMap<string, DistractorFlag> {
  const flags = new Map<string, DistractorFlag>();
  if (byChoice.count < MINIMUM_TO_ACT) return flags;
  for (const { option, isKey, top, bottom, ofWrong } of options) {
    if (isKey) continue;
    if (top > bottom) flags.set(option, "ambiguous");
    else if (byChoice.facility < 1 && ofWrong < 0.05) flags.set(option, "not-working");
  }
  return flags;
}

type Ranked = Exposure & { readonly rest: number };
type Weighted = { readonly one: Ranked; readonly weight: number };

const scoreOf = ({ score }: Pick<Exposure, "score">): number => score;

/**
 * The best or worst `share` of exposures by rest score. Those that tie at its border share what is left of it, so that the order
 * among equals does not count.
 */
function tail(ranked: readonly Ranked[], share: number, side: "best" | "worst"): readonly Weighted[] {
  const sorted = ascending(ranked.map(({ rest }) => rest));
  const size = Math.min(ranked.length, Math.max(1, Math.round(ranked.length * share)));
  const border = side === "worst" ? sorted[size - 1] : sorted[ranked.length - size];
  if (border === undefined) return [];
  const isInside = ({ rest }: Ranked): boolean => (side === "worst" ? rest < border : rest > border);
  const inside = ranked.filter(isInside);
  const tied = ranked.filter(({ rest }) => rest === border);
  return [...inside.map((one) => ({ one, weight: 1 })), ...tied.map((one) => ({ one, weight: (size - inside.length) / tied.length }))];
}

function weightedMean(group: readonly Weighted[], valueOf: (one: Ranked) => number): number {
  const weight = sum(group.map((one) => one.weight));
  return weight === 0 ? 0 : sum(group.map((one) => one.weight * valueOf(one.one))) / weight;
}

function shareOf(exposures: readonly Exposure[]): Share {
  return { count: exposures.length, facility: mean(exposures.map(scoreOf)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((total, value, index) => total + (value - meanA) * ((b[index] ?? 0) - meanB), 0) / (a.length - 1);
}

/** Shares are sums of fractions: what should be 0 may be off by a little. */
function isNothing(value: number): boolean {
  return Math.abs(value) < 1e-12;
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
