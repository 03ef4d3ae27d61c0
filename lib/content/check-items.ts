/** The check of items: keys and reasons, ids inside an item, and no two items that ask the same. */

import { unreachable } from "@/lib/base/invariant";
import type { Say } from "./check-common";
import { drawingFaults } from "./drawing-schema";
import type { Located } from "./load";
import { type Item, type ItemOf, type Option, optionsOf } from "./schema";

/** `beliefs`: the misconceptions that are catalogued. */
export function checkItem(located: Located<Item>, beliefs: ReadonlySet<string>, say: Say): void {
  const item = located.value;
  checkOptions(located, beliefs, say);
  switch (item.format) {
    case "mc":
    case "mr":
    case "out":
      return checkKeys(located, item.format, item.options, say);
    case "spot":
      checkKeys(located, "spot", item.options, say);
      return checkDrawing(located, item, say);
    case "ord":
      return checkOrder(located, item, say);
    case "mat":
      return checkMatch(located, item, say);
    case "cmd":
    case "num":
      return item.wrong.forEach((wrong, index) => checkWrong(located, ["wrong", index], wrong, beliefs, say));
    default:
      return unreachable(item);
  }
}

function checkKeys(located: Located<Item>, format: Item["format"], options: readonly Option[], say: Say): void {
  const keys = options.filter((option) => option.key).length;
  if (format !== "mr" && keys !== 1) say(located, ["options"], `a single-answer item has one key, this has ${keys}`);
  if (format === "mr" && (keys < 1 || keys === options.length))
    say(located, ["options"], `a multiple-answer item has keys and distractors, this has ${keys} keys of ${options.length}`);
}

function checkOptions(located: Located<Item>, beliefs: ReadonlySet<string>, say: Say): void {
  const options = optionsOf(located.value);
  const texts = new Map<string, string>();
  options.forEach((option, index) => {
    const path = ["options", index];
    if (options.findIndex((one) => one.id === option.id) !== index) say(located, [...path, "id"], `the option ${option.id} is there twice`);
    const plain = option.text.toLowerCase().replace(/\s+/g, " ");
    const twin = texts.get(plain);
    if (twin !== undefined) say(located, [...path, "text"], `the options ${twin} and ${option.id} say the same`);
    texts.set(plain, option.id);
    if (option.key && option.misconception !== undefined) say(located, [...path, "misconception"], "a key has no misconception");
    if (!option.key) checkWrong(located, path, option, beliefs, say);
    if (/\b(all|none) of the above\b/i.test(option.text)) say(located, [...path, "text"], "an option must be judgeable alone");
  });
}

/** Every wrong answer that is foreseen is a documented misconception or a plausible neighbour. */
function checkWrong(
  located: Located<Item>,
  path: readonly PropertyKey[],
  wrong: { readonly misconception?: string | undefined; readonly near?: string | undefined },
  beliefs: ReadonlySet<string>,
  say: Say,
): void {
  if (wrong.misconception === undefined && wrong.near === undefined)
    say(located, path, "this wrong answer names neither a misconception nor what it is near to");
  if (wrong.misconception !== undefined && !beliefs.has(wrong.misconception))
    say(located, [...path, "misconception"], `${wrong.misconception} is not in the catalogue of misconceptions`);
}

function checkOrder(located: Located<Item>, { steps, before }: ItemOf<"ord">, say: Say): void {
  const ids = steps.map(({ id }) => id);
  checkTwice(located, ids, "steps", say);
  before.forEach(([first, then], index) => {
    for (const id of [first, then]) if (!ids.includes(id)) say(located, ["before", index], `there is no step ${id}`);
    if (ids.indexOf(first) >= ids.indexOf(then))
      say(located, ["before", index], `the steps stand in the file in an order that is wrong: ${first} must come before ${then}`);
  });
  for (const id of ids)
    if (!before.some((pair) => pair.includes(id))) say(located, ["steps", ids.indexOf(id)], `the step ${id} may stand anywhere`);
}

function checkMatch(located: Located<Item>, { left, right }: ItemOf<"mat">, say: Say): void {
  checkTwice(
    located,
    left.map(({ id }) => id),
    "left",
    say,
  );
  const ids = right.map(({ id }) => id);
  checkTwice(located, ids, "right", say);
  left.forEach(({ match }, index) => {
    if (!ids.includes(match)) say(located, ["left", index, "match"], `there is no ${match} on the right`);
  });
}

function checkDrawing(located: Located<Item>, { drawing, fault }: ItemOf<"spot">, say: Say): void {
  for (const { path, message } of drawingFaults(drawing)) say(located, ["drawing", ...path], message);
  if (![...drawing.parts, ...drawing.links].some(({ id }) => id === fault)) say(located, ["fault"], `there is no part or link ${fault}`);
}

function checkTwice(located: Located<Item>, ids: readonly string[], where: string, say: Say): void {
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) say(located, [where, index], `${id} is there twice`);
  });
}

/** Two stems that share most of their three-word runs are one item written twice. */
export function checkStems(items: readonly Located<Item>[], say: Say): void {
  const shingles = items.map((item) => shinglesOf(item.value.stem));
  for (let i = 0; i < items.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b, one, other] = [shingles[i], shingles[j], items[i], items[j]];
      if (!a || !b || !one || !other) continue;
      const shared = [...a].filter((shingle) => b.has(shingle)).length;
      const similarity = shared / Math.max(1, a.size + b.size - shared);
      if (similarity > 0.6) say(one, ["stem"], `the stem is nearly that of ${other.value.id}`);
    }
  }
}

function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z0-9-]+/g) ?? [];
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}
