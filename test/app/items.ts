/** Items for tests: as small as the rules allow. */

import type { ChoiceItem } from "@/lib/content";
import type { AnswerContext } from "@/lib/progress";

type Shape = {
  readonly id: string;
  readonly keys?: readonly string[];
  readonly objective?: string;
  readonly oneByOne?: boolean;
  /** Option → misconception. */
  readonly misconceptions?: Readonly<Record<string, string>>;
};

/** Options a to d; `a` is right unless `keys` says otherwise. */
export function itemOf({ id, keys = ["a"], objective = "D4.1", oneByOne = true, misconceptions = {} }: Shape): ChoiceItem {
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
    refused: [],
    provenance: { author: "drydock", method: "original-from-docs" },
  };
}

/** When an answer is given (milliseconds since 1970). None of these items has a command to be run. */
export const at = (now: number): AnswerContext => ({
  now: new Date(now),
  run: () => Promise.reject(new Error("nothing is run")),
});
