/**
 * Whether an answer is right, and what is said to it.
 *
 * What was chosen is a list of texts: of a choice the options; of an order the steps from first to last; of a match `left=right`;
 * of a drawn fault the part and the reason; of a command or a number the text that was typed.
 */

import { unreachable } from "@/lib/base/invariant";
import { fail, ok, type Result } from "@/lib/base/result";
import { type ChoiceItem, isChoice, type Item, type ItemOf, type Option, optionsOf } from "@/lib/content/schema";
import { type CommandEffect, judgeCommand, wrongTurnOf } from "./command";
import { readNumber } from "./number";
import { shownIds } from "./question";

export type Told = {
  readonly correct: boolean;
  /** Where to read on. */
  readonly refs: readonly string[];
  /** The beliefs that the answer speaks of: `M01`. */
  readonly beliefs: readonly string[];
} & Answer;

/** The answer, and why, in the item's format. All texts are Markdown. */
export type Answer =
  | { readonly format: "choice"; readonly options: readonly ToldOption[] }
  | {
      readonly format: "order";
      /** Step ids in an order that is right. */
      readonly order: readonly string[];
      readonly steps: readonly { readonly id: string; readonly why: string }[];
      /** Pairs that stand the wrong way round in the answer. */
      readonly broken: readonly (readonly [string, string])[];
    }
  | { readonly format: "match"; readonly pairs: readonly { readonly left: string; readonly right: string; readonly why: string }[] }
  | {
      readonly format: "command";
      readonly commands: readonly string[];
      readonly why: string;
      /** What is wrong with the one that was typed, where that can be said. */
      readonly remark?: string;
      /** What it printed, where it was run. */
      readonly printed?: string;
    }
  | { readonly format: "number"; readonly answer: number; readonly unit: string; readonly why: string; readonly remark?: string }
  | {
      readonly format: "spot";
      readonly fault: string;
      readonly why: string;
      readonly options: readonly ToldOption[];
      /** What is said of the part that was taken for the fault. */
      readonly remark?: string;
    };

export type ToldOption = Pick<Option, "id" | "key" | "why" | "refs">;

/** The answer does not fit the item: it names what was not shown, or is not an answer of this format. */
export type Unfit = { readonly kind: "options-differ"; readonly path: "options" | "chosen" };

/** `effect`: what the command did, of an item whose command is run. */
export function judgeItem(
  item: Item,
  answer: { readonly options: readonly string[]; readonly chosen: readonly string[] },
  effect?: CommandEffect,
): Result<Told, Unfit> {
  if (!isSame(answer.options, shownIds(item))) return fail({ kind: "options-differ", path: "options" });
  const told = tell(item, answer.chosen, effect);
  if (!told) return fail({ kind: "options-differ", path: "chosen" });
  return ok({ refs: item.refs, beliefs: beliefsShown(item, answer.chosen), ...told });
}

function tell(
  item: Item,
  chosen: readonly string[],
  effect: CommandEffect | undefined,
): (Answer & { readonly correct: boolean }) | undefined {
  switch (item.format) {
    case "mc":
    case "mr":
    case "out":
      return tellChoice(item, chosen);
    case "ord":
      return tellOrder(item, chosen);
    case "mat":
      return tellMatch(item, chosen);
    case "cmd":
      return chosen.length === 1 ? { format: "command", ...judgeCommand(item, chosen[0] ?? "", effect) } : undefined;
    case "num":
      return tellNumber(item, chosen);
    case "spot":
      return tellSpot(item, chosen);
    default:
      return unreachable(item);
  }
}

function tellChoice(item: ChoiceItem, chosen: readonly string[]): (Answer & { readonly correct: boolean }) | undefined {
  const ids = item.options.map(({ id }) => id);
  if (chosen.length === 0 || new Set(chosen).size !== chosen.length || !chosen.every((id) => ids.includes(id))) return undefined;
  const keys = item.options.filter(({ key }) => key).map(({ id }) => id);
  return { format: "choice", correct: isSame(chosen, keys), options: item.options.map(toldOption) };
}

function tellOrder(item: ItemOf<"ord">, chosen: readonly string[]): (Answer & { readonly correct: boolean }) | undefined {
  const ids = item.steps.map(({ id }) => id);
  if (!isSame(chosen, ids)) return undefined;
  const broken = item.before.filter(([first, then]) => chosen.indexOf(first) > chosen.indexOf(then));
  return {
    format: "order",
    correct: broken.length === 0,
    order: ids,
    steps: item.steps.map(({ id, why }) => ({ id, why })),
    broken,
  };
}

function tellMatch(item: ItemOf<"mat">, chosen: readonly string[]): (Answer & { readonly correct: boolean }) | undefined {
  const given = new Map(chosen.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  const rights = new Set(item.right.map(({ id }) => id));
  if (chosen.length !== item.left.length || !item.left.every(({ id }) => rights.has(given.get(id) ?? ""))) return undefined;
  return {
    format: "match",
    correct: item.left.every(({ id, match }) => given.get(id) === match),
    pairs: item.left.map(({ id, match, why }) => ({ left: id, right: match, why })),
  };
}

function tellNumber(item: ItemOf<"num">, chosen: readonly string[]): (Answer & { readonly correct: boolean }) | undefined {
  const value = chosen.length === 1 ? readNumber(chosen[0] ?? "") : undefined;
  if (value === undefined) return undefined;
  const correct = Math.abs(value - item.answer) <= item.tolerance;
  const remark = correct ? undefined : item.wrong.find((wrong) => wrong.value === value)?.why;
  return {
    format: "number",
    correct,
    answer: item.answer,
    unit: item.unit,
    why: item.why,
    ...(remark === undefined ? {} : { remark }),
  };
}

function tellSpot(item: ItemOf<"spot">, chosen: readonly string[]): (Answer & { readonly correct: boolean }) | undefined {
  const [part, reason, ...more] = chosen;
  const things = [...item.drawing.parts, ...item.drawing.links];
  const taken = things.find(({ id }) => id === part);
  const option = item.options.find(({ id }) => id === reason);
  if (!taken || !option || more.length > 0) return undefined;
  return {
    format: "spot",
    correct: part === item.fault && option.key,
    fault: item.fault,
    why: item.why,
    options: item.options.map(toldOption),
    ...(part !== item.fault && taken.why !== undefined ? { remark: taken.why } : {}),
  };
}

function toldOption({ id, key, why, refs }: Option): ToldOption {
  return { id, key, why, ...(refs ? { refs } : {}) };
}

/** The misconceptions that an item can bring to light. */
export function beliefsOf(item: Item): readonly string[] {
  return unique([...optionsOf(item).filter(({ key }) => !key), ...wrongTurnsOf(item)].map(({ misconception }) => misconception));
}

/** Those that an answer speaks of. */
export function beliefsShown(item: Item, chosen: readonly string[]): readonly string[] {
  if (isChoice(item))
    return unique(item.options.filter(({ id, key }) => !key && chosen.includes(id)).map(({ misconception }) => misconception));
  switch (item.format) {
    case "spot":
      return unique(item.options.filter(({ id, key }) => !key && chosen[1] === id).map(({ misconception }) => misconception));
    case "num": {
      const value = readNumber(chosen[0] ?? "");
      return unique(item.wrong.filter((wrong) => wrong.value === value).map(({ misconception }) => misconception));
    }
    case "cmd":
      return unique([wrongTurnOf(item, chosen[0] ?? "")?.misconception]);
    default:
      return [];
  }
}

function wrongTurnsOf(item: Item): readonly { readonly misconception?: string | undefined }[] {
  return item.format === "cmd" || item.format === "num" ? item.wrong : [];
}

function unique(beliefs: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(beliefs.filter((belief) => belief !== undefined))];
}

/** As sets: the order does not matter. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join("\n") === [...b].sort().join("\n");
}
