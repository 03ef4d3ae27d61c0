/**
 * Items as other programs can ask them. What they lack is brought into the nearest form that they have: a fault in a drawing
 * becomes a choice of reasons below the drawing in words.
 */

import type { Item, ItemOf, Option } from "../schema";
import { isChoice } from "../schema";

/** What is asked by choosing among options. */
export type PortableChoice = {
  readonly kind: "choice";
  readonly item: Item;
  readonly stem: string;
  readonly several: boolean;
  readonly options: readonly Option[];
};

export type Portable =
  | PortableChoice
  | { readonly kind: "order"; readonly item: ItemOf<"ord">; readonly stem: string }
  | { readonly kind: "match"; readonly item: ItemOf<"mat">; readonly stem: string }
  | { readonly kind: "command"; readonly item: ItemOf<"cmd">; readonly stem: string }
  | { readonly kind: "number"; readonly item: ItemOf<"num">; readonly stem: string };

export function toPortable(item: Item): Portable {
  if (isChoice(item)) return { kind: "choice", item, stem: item.stem, several: item.format === "mr", options: item.options };
  switch (item.format) {
    case "spot":
      return { kind: "choice", item, stem: `${item.stem.trim()}\n\n${item.drawing.alt.trim()}`, several: false, options: item.options };
    case "ord":
      return { kind: "order", item, stem: item.stem };
    case "mat":
      return { kind: "match", item, stem: item.stem };
    case "cmd":
      return { kind: "command", item, stem: item.stem };
    case "num":
      return { kind: "number", item, stem: item.stem };
  }
}

/** Whether only one order keeps all pairs. Programs that know one right order can only be given such. */
export function hasOneOrder({ steps, before }: ItemOf<"ord">): boolean {
  return steps.every((step, at) => {
    const next = steps[at + 1];
    return next === undefined || before.some(([first, then]) => first === step.id && then === next.id);
  });
}

/** Why it is so, of an item that is not a choice: one line of Markdown for each part of the answer. */
export function reasonsOf(portable: Exclude<Portable, PortableChoice>): readonly string[] {
  const { item } = portable;
  switch (item.format) {
    case "ord":
      return item.steps.map(({ text, why }) => `${text.trim()}: ${why.trim()}`);
    case "mat":
      return item.left.map(({ text, why }) => `${text.trim()}: ${why.trim()}`);
    default:
      return [item.why];
  }
}

/** The text that a left side of a match belongs to. */
export function partnerOf({ right }: ItemOf<"mat">, id: string): string {
  return right.find((one) => one.id === id)?.text ?? "";
}
