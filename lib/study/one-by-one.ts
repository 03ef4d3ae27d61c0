/**
 * One-by-one items: options appear one at a time in random order, and each is answered with yes or no.
 *
 * The item ends as soon as it is decided: a distractor was accepted or a key rejected (wrong), or all keys were accepted (right).
 * After that, with probability one half, one more option is shown that does not count, so that the end does not tell the score
 * (Foster & Miller 2009). There is no way back.
 */

import { Chance } from "./chance";

export type OneByOneOption = { readonly id: string; readonly key: boolean };
export type Reply = "yes" | "no";

export type OneByOneState =
  | { readonly kind: "asking"; readonly option: string; readonly shown: number }
  | {
      readonly kind: "ended";
      readonly correct: boolean /** Options that counted, and the one after the decision that did not. */;
      readonly counted: number;
      readonly extra?: string;
    };

export type OneByOnePlan = { readonly order: readonly string[]; readonly showsExtra: boolean };

/** The order of the options and whether an extra one comes, from the seed alone. */
export function planOneByOne(options: readonly OneByOneOption[], seed: string): OneByOnePlan {
  const chance = new Chance(seed);
  return { order: chance.shuffle(options.map((option) => option.id)), showsExtra: chance.fraction() < 0.5 };
}

/** Where an item stands after some replies. Replies beyond its end are not looked at. */
export function foldOneByOne(options: readonly OneByOneOption[], plan: OneByOnePlan, replies: readonly Reply[]): OneByOneState {
  const keys = new Map(options.map((option) => [option.id, option.key]));
  let accepted = 0;
  const wanted = options.filter((option) => option.key).length;
  for (let i = 0; i < plan.order.length; i++) {
    const option = plan.order[i];
    const reply = replies[i];
    if (option === undefined) break;
    if (reply === undefined) return { kind: "asking", option, shown: i + 1 };
    const isKey = keys.get(option) === true;
    if (isKey && reply === "yes") accepted++;
    const isWrong = isKey !== (reply === "yes");
    if (!isWrong && accepted < wanted) continue;
    const extra = plan.showsExtra ? plan.order[i + 1] : undefined;
    if (extra !== undefined && replies[i + 1] === undefined) return { kind: "asking", option: extra, shown: i + 2 };
    return { kind: "ended", correct: !isWrong, counted: i + 1, ...(extra === undefined ? {} : { extra }) };
  }
  // All were answered rightly and some key is left over: it cannot be, since the last key accepted decides.
  return { kind: "ended", correct: accepted === wanted, counted: plan.order.length };
}
