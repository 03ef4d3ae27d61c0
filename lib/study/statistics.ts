/**
 * Item statistics as Moodle defines them (docs: "Quiz statistics calculations"), over first exposures.
 *
 * x is the score on the item (0 to 1), X the rest score: that of the same session without the item. Covariances are those of a
 * sample (n − 1).
 */

export type Exposure = {
  readonly score: number;
  readonly rest: number /** The ids of the options chosen. */;
  readonly chosen: readonly string[];
};

export type ItemStatistics = {
  readonly count: number;
  /** Mean score, 0 to 1. */
  readonly facility: number;
  /** Correlation of the item with the rest, −1 to 1. Undefined when either does not vary. */
  readonly discrimination: number | undefined;
  /** Covariance with the rest as a share of the largest that these scores allow, −1 to 1. Undefined when that is 0. */
  readonly efficiency: number | undefined;
  readonly distractors: readonly {
    readonly option: string;
    readonly count: number /** Of all exposures. */;
    readonly share: number /** Of the best and the worst third by rest score. */;
    readonly top: number;
    readonly bottom: number;
  }[];
};

/** The fewest exposures with which figures are shown, and with which they are acted upon. */
export const MINIMUM_TO_SHOW = 30;
export const MINIMUM_TO_ACT = 100;

export function itemStatistics(exposures: readonly Exposure[], options: readonly string[]): ItemStatistics {
  const scores = exposures.map((one) => one.score);
  const rests = exposures.map((one) => one.rest);
  const spread = Math.sqrt(covariance(scores, scores) * covariance(rests, rests));
  const best = covariance(ascending(scores), ascending(rests));
  const together = covariance(scores, rests);
  const third = Math.max(1, Math.floor(exposures.length / 3));
  const byRest = [...exposures].sort((a, b) => a.rest - b.rest);
  const [bottom, top] = [byRest.slice(0, third), byRest.slice(-third)];
  const shareOf = (group: readonly Exposure[], option: string): number =>
    group.length === 0 ? 0 : group.filter((one) => one.chosen.includes(option)).length / group.length;
  return {
    count: exposures.length,
    facility: mean(scores),
    discrimination: exposures.length < 2 || spread === 0 ? undefined : together / spread,
    efficiency: exposures.length < 2 || best === 0 ? undefined : together / best,
    distractors: options.map((option) => ({
      option,
      count: exposures.filter((one) => one.chosen.includes(option)).length,
      share: shareOf(exposures, option),
      top: shareOf(top, option),
      bottom: shareOf(bottom, option),
    })),
  };
}

export type Flag = "too-hard" | "too-easy" | "weak-discrimination" | "watch-discrimination" | "negative-discrimination";

/** What the figures say about the item; nothing below the minimum to act. */
export function flagsOf(statistics: ItemStatistics): readonly Flag[] {
  if (statistics.count < MINIMUM_TO_ACT) return [];
  const flags: Flag[] = [];
  if (statistics.facility < 0.2) flags.push("too-hard");
  if (statistics.facility > 0.95) flags.push("too-easy");
  const { discrimination } = statistics;
  if (discrimination !== undefined) {
    if (discrimination < 0) flags.push("negative-discrimination");
    else if (discrimination < 0.15) flags.push("weak-discrimination");
    else if (discrimination < 0.3) flags.push("watch-discrimination");
  }
  return flags;
}

export type DistractorFlag = "not-working" | "ambiguous";

/** Of one distractor: chosen by under 5 % of those who were wrong, or more by the best third than by the worst. */
export function distractorFlags(statistics: ItemStatistics, keys: readonly string[]): ReadonlyMap<string, DistractorFlag> {
  const flags = new Map<string, DistractorFlag>();
  if (statistics.count < MINIMUM_TO_ACT) return flags;
  const wrong = statistics.count * (1 - statistics.facility);
  for (const distractor of statistics.distractors) {
    if (keys.includes(distractor.option)) continue;
    if (distractor.top > distractor.bottom) flags.set(distractor.option, "ambiguous");
    else if (wrong > 0 && distractor.count / wrong < 0.05) flags.set(distractor.option, "not-working");
  }
  return flags;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  if (a.length < 2) return 0;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, index) => sum + (value - meanA) * ((b[index] ?? 0) - meanB), 0) / (a.length - 1);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
