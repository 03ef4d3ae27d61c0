/** Items for tests: as small as the rules allow. */

import type { Item } from "@/lib/content";

type Shape = {
  readonly id: string;
  readonly keys?: readonly string[];
  readonly objective?: string;
  readonly oneByOne?: boolean;
  /** Option → misconception. */
  readonly misconceptions?: Readonly<Record<string, string>>;
};

/** Options a to d; `a` is right unless `keys` says otherwise. */
export function itemOf({ id, keys = ["a"], objective = "D4.1", oneByOne = true, misconceptions = {} }: Shape): Item {
  return {
    id,
    rev: 1,
    format: keys.length > 1 ? "mr" : "mc",
    topic: "T01",
    objectives: [objective],
    difficulty: 1,
    stem: `Stem of ${id}?`,
    one_by_one: oneByOne,
    options: ["a", "b", "c", "d"].map((option) => ({
      id: option,
      text: `${id} ${option}`,
      key: keys.includes(option),
      why: `Reason of ${id} ${option}.`,
      ...(misconceptions[option] ? { misconception: misconceptions[option] } : {}),
    })),
    refs: ["docs:engine/network/_index.md"],
    tags: [],
    provenance: { author: "drydock", method: "original-from-docs" },
  };
}
