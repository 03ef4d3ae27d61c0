/** The check of prose: sentences that a tired person understands, and words that have no place here. */

import type { Say } from "./check-common";
import type { Located } from "./load";
import { type Passage, sentenceLengths } from "./prose";
import { isChoice, type Item } from "./schema";

/** In words. Beyond it a sentence is two. */
const LONGEST_SENTENCE = 48;
const LONGEST_STEM = 140;
const LONGEST_OPTION = 60;
/** Names of those who sell real questions, and what is left of drafts. */
const FORBIDDEN = /\b(TODO|FIXME|XXX|lorem ipsum|exam ?topics|brain ?dumps?|whizlabs|udemy|passleader|testking)\b/i;

export function checkPassages(located: Located<unknown>, passages: readonly Passage[], say: Say): void {
  for (const { path, text } of passages) {
    const forbidden = FORBIDDEN.exec(text);
    if (forbidden) say(located, path, `${JSON.stringify(forbidden[0])} has no place in content`);
    const longest = Math.max(0, ...sentenceLengths(text));
    if (longest > LONGEST_SENTENCE) say(located, path, `a sentence of ${longest} words: make it two`);
    const words = sentenceLengths(text).reduce((sum, length) => sum + length, 0);
    if (path[0] === "stem" && words > LONGEST_STEM) say(located, path, `a stem of ${words} words: draw or shorten it`);
    if (path[0] === "options" && path[2] === "text" && words > LONGEST_OPTION) say(located, path, `an option of ${words} words`);
  }
}

/** Keys are spread over the places in a file, so that whoever reads it there cannot guess them. */
export function checkKeyBalance(items: readonly Located<Item>[], say: Say): void {
  const files = new Map<string, Located<Item>[]>();
  for (const item of items) files.set(item.document.file, [...(files.get(item.document.file) ?? []), item]);
  for (const members of files.values()) {
    const places = members.flatMap(({ value }) =>
      isChoice(value) && value.format !== "mr" ? [value.options.findIndex(({ key }) => key)] : [],
    );
    const [first] = members;
    if (places.length < 8 || !first) continue;
    for (const place of new Set(places)) {
      const count = places.filter((one) => one === place).length;
      if (count > places.length * 0.55) say(first, [], `${count} of ${places.length} keys of this file stand at place ${place + 1}`);
    }
  }
}
