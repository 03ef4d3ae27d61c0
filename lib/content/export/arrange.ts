/** The bank as a table of contents. An item that bears on several objectives stands below the one that it names first. */

import { DOMAIN_TITLES, OBJECTIVES } from "../objectives";
import type { Item } from "../schema";

export type Section = {
  readonly domain: string;
  readonly domainTitle: string;
  readonly objective: string;
  /** Plain text. */
  readonly objectiveTitle: string;
  readonly items: readonly Item[];
};

const domainOf = (objective: string): string => objective.split(".")[0] ?? objective;

/** By objective, in the order of the blueprint; inside, by id. */
export function arrange(items: readonly Item[]): readonly Section[] {
  const byObjective = new Map<string, Item[]>();
  for (const item of items) {
    const objective = item.objectives[0] ?? "";
    const there = byObjective.get(objective);
    if (there) there.push(item);
    else byObjective.set(objective, [item]);
  }
  return [...byObjective]
    .sort(([a], [b]) => compareObjectives(a, b))
    .map(([objective, members]) => ({
      domain: domainOf(objective),
      domainTitle: DOMAIN_TITLES[domainOf(objective)] ?? domainOf(objective),
      objective,
      objectiveTitle: (OBJECTIVES[objective] ?? objective).replaceAll("`", ""),
      items: members.sort((a, b) => (a.id < b.id ? -1 : 1)),
    }));
}

function compareObjectives(a: string, b: string): number {
  const numbers = (objective: string): readonly number[] => objective.slice(1).split(".").map(Number);
  const [domainA = 0, placeA = 0] = numbers(a);
  const [domainB = 0, placeB = 0] = numbers(b);
  return domainA - domainB || placeA - placeB;
}
