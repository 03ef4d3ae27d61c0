/**
 * The bank in GIFT, Moodle's text format for questions (docs.moodle.org, "GIFT format"). Ids and tags stand in the comment above
 * each question, where Moodle reads them since 3.9; others skip it.
 */

import { unreachable } from "@/lib/base/invariant";
import type { Item, Option } from "../schema";
import { arrange } from "./arrange";
import { type Presentation, sourcesOf, textOf, truthOf } from "./markup";
import { partnerOf, type Portable, reasonsOf, toPortable } from "./portable";

export function toGift(items: readonly Item[], presentation: Presentation): string {
  const parts = arrange(items).flatMap((section) => [
    `$CATEGORY: $course$/top/Drydock/${category(`${section.domain} ${section.domainTitle}`)}/${category(`${section.objective} ${section.objectiveTitle}`)}`,
    ...section.items.flatMap((item) => question(item, presentation)),
  ]);
  const orders = items.filter(({ format }) => format === "ord").length;
  const left = orders === 0 ? "" : `, without ${orders} whose answer is an order: GIFT has no such question`;
  return `// Drydock, ${items.length - orders} questions${left}\n\n${parts.join("\n\n")}\n`;
}

/** Takes the meaning from what steers GIFT. */
export function escapeGift(text: string): string {
  return text.replace(/[\\~=#{}:]/g, "\\$&");
}

/** One level of a category: a slash that belongs to a name is doubled. */
const category = (name: string): string => name.replaceAll("/", "//");

/** HTML. A blank line would end the question and `//` begin a comment, so that lines are broken by reference. */
const html = (xhtml: string): string => `[html]${escapeGift(xhtml.replace(/\r\n?|\n/g, "&#10;"))}`;

/** A question, or nothing when GIFT has none of its kind. */
function question(item: Item, presentation: Presentation): string[] {
  const tags = [item.topic, ...item.objectives, `difficulty-${item.difficulty}`, ...item.tags].map(
    (tag) => `[tag:${tag.replace(/[\][\p{Cc}]/gu, "")}]`,
  );
  const portable = toPortable(item);
  const answers = answersOf(portable, presentation);
  if (!answers) return [];
  const reasons =
    portable.kind === "choice"
      ? ""
      : reasonsOf(portable)
          .map((line) => `<div>${presentation.markup(line).xhtml}</div>`)
          .join("");
  return [
    [
      `// [id:${item.id}] ${tags.join(" ")}`,
      `::${escapeGift(item.id)}::${html(presentation.markup(portable.stem).xhtml)}{${answers.head ?? ""}`,
      ...answers.lines.map((line) => `\t${line}`),
      `\t####${html(`${reasons}${truthOf(item, presentation)}<p>Where it is written:</p>${sourcesOf(item, presentation)}`)}`,
      "}",
    ].join("\n"),
  ];
}

type Answers = { readonly head?: string; readonly lines: readonly string[] };

function answersOf(portable: Portable, { markup }: Presentation): Answers | undefined {
  switch (portable.kind) {
    case "choice": {
      const { options, several } = portable;
      const keys = options.filter((option) => option.key).length;
      return {
        lines: options.map((option) => {
          const mark = several ? `~%${weight(option, keys, options.length - keys)}%` : option.key ? "=" : "~";
          return `${mark}${html(markup(option.text).xhtml)}#${html(markup(option.why).xhtml)}`;
        }),
      };
    }
    case "match": {
      const { left, right } = portable.item;
      const plain = (markdown: string): string => escapeGift(textOf(markup(markdown).xhtml));
      const unmatched = right.filter(({ id }) => !left.some(({ match }) => match === id));
      return {
        lines: [
          ...left.map(({ text, match }) => `=${html(markup(text).xhtml)} -> ${plain(partnerOf(portable.item, match))}`),
          // Moodle takes a right side without a left one as one that fits nowhere.
          ...unmatched.map(({ text }) => `= -> ${plain(text)}`),
        ],
      };
    }
    case "command":
      return { lines: portable.item.accept.map((command) => `=${escapeGift(command)}`) };
    case "number":
      return { head: "#", lines: [`=${portable.item.answer}:${portable.item.tolerance}`] };
    case "order":
      return undefined;
    default:
      return unreachable(portable);
  }
}

/** All keys give 100, all distractors take 100 away. Five places are what Moodle knows its fractions by. */
const weight = (option: Option, keys: number, distractors: number): number =>
  Number((option.key ? 100 / keys : -100 / distractors).toFixed(5));
