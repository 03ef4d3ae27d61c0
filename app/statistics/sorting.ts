/** The order of the table, as it stands in the address. */

import type { ItemFigures } from "@/lib/progress";
import { type DistractorFlag, type Flag, MINIMUM_TO_SHOW } from "@/lib/study/statistics";

const COLUMNS = ["item", "answers", "facility", "discrimination", "efficiency", "groups", "flags"] as const;
export type Column = (typeof COLUMNS)[number];
export type View = { readonly sort: Column; readonly isDown: boolean; readonly show: "enough" | "flagged" | "all" };

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What is not known is as if it had not been said. */
export function viewOf({ sort, dir, show }: Parameters): View {
  const column = COLUMNS.find((one) => one === sort) ?? "flags";
  return {
    sort: column,
    isDown: dir === "down" || (dir !== "up" && startsDown(column)),
    show: show === "all" || show === "flagged" ? show : "enough",
  };
}

export function addressOf({ sort, isDown, show }: View): string {
  return `/statistics?${new URLSearchParams({ sort, dir: isDown ? "down" : "up", show }).toString()}`;
}

/** The view after a press on a column's head: turned round when it was sorted by it already. */
export function pressed(view: View, column: Column): View {
  return { ...view, sort: column, isDown: view.sort === column ? !view.isDown : startsDown(column) };
}

export function arrange(figures: readonly ItemFigures[], { sort, isDown, show }: View): readonly ItemFigures[] {
  const shown = figures.filter((one) => show === "all" || (show === "flagged" ? gravityOf(one) > 0 : hasEnough(one)));
  const sign = isDown ? -1 : 1;
  // What has no figure stands last, whichever way.
  const compare = (a: ItemFigures, b: ItemFigures): number => {
    if (sort === "item") return sign * (a.item.id < b.item.id ? -1 : 1);
    const [x, y] = [valueOf(a, sort), valueOf(b, sort)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * (x - y);
  };
  return [...shown].sort((a, b) => compare(a, b) || (a.item.id < b.item.id ? -1 : 1));
}

export function hasEnough({ statistics }: ItemFigures): boolean {
  return statistics.count >= MINIMUM_TO_SHOW;
}

/** Discrimination rests on fewer answers than facility: it has a minimum of its own. */
export function isRanked({ statistics }: ItemFigures): boolean {
  return statistics.ranked >= MINIMUM_TO_SHOW;
}

const startsDown = (column: Column): boolean => column === "answers" || column === "flags";

function valueOf(figures: ItemFigures, sort: Exclude<Column, "item">): number | undefined {
  const { statistics } = figures;
  switch (sort) {
    case "answers":
      return statistics.count;
    case "flags":
      return gravityOf(figures);
    case "facility":
      return hasEnough(figures) ? statistics.facility : undefined;
    case "discrimination":
      return isRanked(figures) ? statistics.discrimination : undefined;
    case "efficiency":
      return isRanked(figures) ? statistics.efficiency : undefined;
    case "groups":
      return isRanked(figures) ? statistics.upperLower : undefined;
  }
}

const GRAVITY: Readonly<Record<Flag | DistractorFlag, number>> = {
  "negative-discrimination": 32,
  "weak-discrimination": 16,
  "too-hard": 8,
  ambiguous: 6,
  "watch-discrimination": 4,
  "too-easy": 2,
  "not-working": 1,
};

/** 0 when there is nothing to say. */
function gravityOf({ flags, distractors }: ItemFigures): number {
  return [...flags, ...distractors.values()].reduce((sum, flag) => sum + GRAVITY[flag], 0);
}
