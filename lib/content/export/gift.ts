/**
 * The bank in GIFT, Moodle's text format for questions (docs.moodle.org, "GIFT format"). Ids and tags stand in the comment above
 * each question, where Moodle reads them since 3.9; others skip it.
 */

import type { Item, Option } from "../schema";
import { arrange } from "./arrange";
import { type Presentation, sourcesOf, truthOf } from "./markup";

export function toGift(items: readonly Item[], presentation: Presentation): string {
  const parts = arrange(items).flatMap((section) => [
    `$CATEGORY: $course$/top/Drydock/${category(`${section.domain} ${section.domainTitle}`)}/${category(`${section.objective} ${section.objectiveTitle}`)}`,
    ...section.items.map((item) => question(item, presentation)),
  ]);
  return `// Drydock, ${items.length} questions\n\n${parts.join("\n\n")}\n`;
}

/** Takes the meaning from what steers GIFT. */
export function escapeGift(text: string): string {
  return text.replace(/[\\~=#{}:]/g, "\\$&");
}

/** One level of a category: a slash that belongs to a name is doubled. */
const category = (name: string): string => name.replaceAll("/", "//");

/** HTML. A blank line would end the question and `//` begin a comment, so that lines are broken by reference. */
const html = (xhtml: string): string => `[html]${escapeGift(xhtml.replace(/\r\n?|\n/g, "&#10;"))}`;

function question(item: Item, presentation: Presentation): string {
  const tags = [item.topic, ...item.objectives, `difficulty-${item.difficulty}`, ...item.tags].map(
    (tag) => `[tag:${tag.replace(/[\][\p{Cc}]/gu, "")}]`,
  );
  const keys = item.options.filter((option) => option.key).length;
  const options = item.options.map((option) => {
    const mark = item.format === "mc" ? (option.key ? "=" : "~") : `~%${weight(option, keys, item.options.length - keys)}%`;
    return `\t${mark}${html(presentation.markup(option.text).xhtml)}#${html(presentation.markup(option.why).xhtml)}`;
  });
  return [
    `// [id:${item.id}] ${tags.join(" ")}`,
    `::${escapeGift(item.id)}::${html(presentation.markup(item.stem).xhtml)}{`,
    ...options,
    `\t####${html(`${truthOf(item, presentation)}<p>Where it is written:</p>${sourcesOf(item, presentation)}`)}`,
    "}",
  ].join("\n");
}

/** All keys give 100, all distractors take 100 away. Five places are what Moodle knows its fractions by. */
const weight = (option: Option, keys: number, distractors: number): number =>
  Number((option.key ? 100 / keys : -100 / distractors).toFixed(5));
