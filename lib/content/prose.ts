/** The prose of content: text without code, its words and its sentences. */

import type { DrawnLab } from "./lab-schema";
import type { Lesson } from "./lesson-schema";
import type { Misconception } from "./misconception-schema";
import { type Item, optionsOf } from "./schema";

/** A text that a reader sees, and where it stands in its thing. */
export type Passage = { readonly path: readonly PropertyKey[]; readonly text: string };

/** Markdown without fenced blocks, code, addresses and markup. */
export function proseOf(markdown: string): string {
  return markdown
    .replace(/```[^]*?(```|$)/g, "\n")
    .replace(/`[^`]*`/g, " … ")
    .replace(/\]\([^)]*\)/g, "] ")
    .replace(/https?:\S+/g, " ")
    .replace(/^\s*\|?\s*:?-+.*$/gm, " ")
    .replace(/[*_#|[\]]/g, " ");
}

/** Words that a dictionary may know: no numbers, names of products in capitals, file names or addresses. */
export function wordsIn(markdown: string): readonly string[] {
  return (proseOf(markdown).match(/[\p{L}\p{N}’'./:@+~$%=<>&-]+/gu) ?? [])
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").replace(/[’']s$/, ""))
    .filter((word) => /^[\p{L}’'-]+$/u.test(word) && !/^[A-Z]{2,}s?$/.test(word))
    .flatMap((word) => word.split("-"))
    .filter((word) => word.length > 2);
}

/** How many words each sentence has; a line of a list or a table ends one as well. */
export function sentenceLengths(markdown: string): readonly number[] {
  return proseOf(markdown)
    .split(/[.?!:;](?=\s|$)|\n\s*\n|\n\s*[-\d|]/)
    .map((sentence) => (sentence.match(/[\p{L}\p{N}…]+/gu) ?? []).length)
    .filter((length) => length > 0);
}

export function passagesOfItem(item: Item): readonly Passage[] {
  const passages: Passage[] = [{ path: ["stem"], text: item.stem }];
  for (const [at, { text, why }] of optionsOf(item).entries())
    passages.push({ path: ["options", at, "text"], text }, { path: ["options", at, "why"], text: why });
  switch (item.format) {
    case "ord":
      for (const [at, { text, why }] of item.steps.entries())
        passages.push({ path: ["steps", at, "text"], text }, { path: ["steps", at, "why"], text: why });
      break;
    case "mat":
      for (const [at, { text, why }] of item.left.entries())
        passages.push({ path: ["left", at, "text"], text }, { path: ["left", at, "why"], text: why });
      for (const [at, { text }] of item.right.entries()) passages.push({ path: ["right", at, "text"], text });
      break;
    case "cmd":
    case "num":
      passages.push({ path: ["why"], text: item.why });
      for (const [at, { why }] of item.wrong.entries()) passages.push({ path: ["wrong", at, "why"], text: why });
      break;
    case "spot":
      passages.push({ path: ["why"], text: item.why }, { path: ["drawing", "alt"], text: item.drawing.alt });
      break;
    default:
  }
  if (item.truth) passages.push({ path: ["truth"], text: `${item.truth.exam}\n\n${item.truth.engine}` });
  return passages;
}

export function passagesOfMisconception({ belief, truth }: Misconception): readonly Passage[] {
  return [
    { path: ["belief"], text: belief },
    { path: ["truth"], text: truth },
  ];
}

export function passagesOfLesson({ title, about, body }: Lesson): readonly Passage[] {
  return [{ path: [], text: `${title}\n\n${about}\n\n${body}` }];
}

/** What a learner reads of a lab in one of its variants. */
export function passagesOfLab({ title, goal, story, debrief, tasks, keep, diagnose, hints }: DrawnLab): readonly Passage[] {
  return [
    { path: ["title"], text: `${title}\n\n${goal}` },
    { path: ["story"], text: story },
    { path: ["debrief"], text: debrief },
    ...tasks.map(({ text }, at) => ({ path: ["tasks", at, "text"], text })),
    ...keep.map(({ text }, at) => ({ path: ["keep", at, "text"], text })),
    ...diagnose.map(({ say }, at) => ({ path: ["diagnose", at, "say"], text: say })),
    ...Object.entries(hints).flatMap(([task, texts]) => texts.map((text, at) => ({ path: ["hints", task, at], text }))),
  ];
}
