/** Which variant of a lab an attempt gets. */

import { variantOf } from "@/lib/content/draw-lab";
import type { Lab } from "@/lib/content/schema";

/** An earlier attempt of the same learner at the same revision of the lab. */
export type EarlierAttempt = { readonly seed: string; readonly variant: string; readonly isSolved: boolean };

/** Draws until a variant comes up that is due; with few variants the first ones do. */
const DRAWS = 200;

/**
 * The seed of a new attempt. Who begins again before it was solved gets the same lab again; after that comes a variant that was
 * seen least often. `drawn`: a seed by chance. `earlier`: newest first.
 */
export function nextSeed(lab: Lab, drawn: string, earlier: readonly EarlierAttempt[]): string {
  const [last] = earlier;
  if (last && !last.isSolved) return last.seed;
  // Beginning again is not seeing it once more.
  const seen = [...new Map(earlier.map(({ seed, variant }) => [seed, variant])).values()];
  const timesSeen = (variant: string): number => seen.filter((one) => one === variant).length;
  const least = Math.min(...lab.choose.map(({ id }) => timesSeen(id)));
  for (let turn = 0; turn < DRAWS; turn++) {
    const seed = turn === 0 ? drawn : `${drawn}-${turn}`;
    if (lab.choose.length === 0 || timesSeen(variantOf(lab, seed)) === least) return seed;
  }
  return drawn;
}
