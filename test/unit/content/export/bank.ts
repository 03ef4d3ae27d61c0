/** Items for tests, one for each thing that a format might stumble over, and a presentation that shows text as it is. */

import type { Item } from "@/lib/content";
import { escapeMarkup, type Presentation } from "@/lib/content/export";

export const PLAIN: Presentation = {
  markup: (markdown) => ({ inline: true, xhtml: escapeMarkup(markdown) }),
  source: (reference) => ({ title: reference, address: `https://example.org/?a=1&b=${reference}` }),
};

/** Options a, b, …: `keys` are right. */
export function itemOf(id: string, keys: string, change: Partial<Item> = {}): Item {
  return {
    id,
    rev: 1,
    format: keys.length > 1 ? "mr" : "mc",
    topic: "T01",
    objectives: ["D4.1"],
    difficulty: 1,
    stem: `Stem of ${id}?`,
    one_by_one: false,
    options: ["a", "b", "c", "d", "e"].map((option) => ({
      id: option,
      text: `${id} ${option}`,
      key: keys.includes(option),
      why: `Reason of ${option}.`,
    })),
    refs: ["docs:engine/network/_index.md"],
    tags: [],
    provenance: { author: "drydock", method: "original-from-docs" },
    ...change,
  };
}

/** The item with `text` in every place where text may stand. */
export function itemSaying(text: string, keys = "a"): Item {
  const item = itemOf("net-1", keys);
  return {
    ...item,
    stem: text,
    truth: { exam: text, engine: text },
    options: item.options.map((option) => ({ ...option, text: `${text}${option.id}`, why: text })),
  };
}
