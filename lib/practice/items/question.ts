/** What is shown of an item before it is answered: nothing that would give the answer away. */

import { unreachable } from "@/lib/base/invariant";
import { type Drawing, type Item, optionsOf } from "@/lib/content/schema";

export type Labelled = { readonly id: string; readonly text: string };

type Common = {
  readonly id: string;
  readonly rev: number;
  readonly topic: string;
  readonly difficulty: number;
  /** Markdown. */
  readonly stem: string;
};

export type Question = Common &
  (
    | {
        readonly format: "choice";
        readonly options: readonly Labelled[];
        readonly several: boolean;
        /** How many options are to be chosen. */
        readonly choose: number;
      }
    | { readonly format: "order"; readonly steps: readonly Labelled[] }
    | { readonly format: "match"; readonly left: readonly Labelled[]; readonly right: readonly Labelled[] }
    | { readonly format: "command"; readonly host: string }
    | { readonly format: "number"; readonly unit: string }
    | { readonly format: "spot"; readonly drawing: ShownDrawing; readonly options: readonly Labelled[] }
  );

export type QuestionOf<F extends Question["format"]> = Extract<Question, { readonly format: F }>;

/** A drawing without the words on its parts that only come after the answer. */
export type ShownDrawing = {
  readonly alt: string;
  readonly parts: readonly Omit<Drawing["parts"][number], "why">[];
  readonly links: readonly Omit<Drawing["links"][number], "why">[];
};

/** Puts what is shown into the order of one learner. */
export type Shuffle = <T>(things: readonly T[]) => readonly T[];

export function toQuestion(item: Item, shuffle: Shuffle): Question {
  const { id, rev, topic, difficulty, stem } = item;
  const common = { id, rev, topic, difficulty, stem };
  const labelled = (things: readonly Labelled[]): readonly Labelled[] => shuffle(things).map(({ id, text }) => ({ id, text }));
  switch (item.format) {
    case "mc":
    case "mr":
    case "out":
      return {
        ...common,
        format: "choice",
        options: labelled(item.options),
        several: item.format === "mr",
        choose: item.options.filter(({ key }) => key).length,
      };
    case "ord":
      return { ...common, format: "order", steps: labelled(item.steps) };
    case "mat":
      return { ...common, format: "match", left: labelled(item.left), right: labelled(item.right) };
    case "cmd":
      return { ...common, format: "command", host: item.host };
    case "num":
      return { ...common, format: "number", unit: item.unit };
    case "spot":
      return { ...common, format: "spot", drawing: shown(item.drawing), options: labelled(optionsOf(item)) };
    default:
      return unreachable(item);
  }
}

function shown({ alt, parts, links }: Drawing): ShownDrawing {
  const silent = <T extends { readonly why?: unknown }>(thing: T): Omit<T, "why"> => {
    const { why: _, ...rest } = thing;
    return rest;
  };
  return { alt, parts: parts.map(silent), links: links.map(silent) };
}

/** The ids of what an item shows to be chosen or arranged; an answer quotes them in the order shown. */
export function shownIds(item: Item): readonly string[] {
  switch (item.format) {
    case "ord":
      return item.steps.map(({ id }) => id);
    case "mat":
      return item.left.map(({ id }) => id);
    default:
      return optionsOf(item).map(({ id }) => id);
  }
}
