/** Items for tests, one for each thing that a format might stumble over, and a presentation that shows text as it is. */

import type { ChoiceItem, ItemOf } from "@/lib/content";
import { escapeMarkup, type Presentation } from "@/lib/content/export";

export const PLAIN: Presentation = {
  markup: (markdown) => ({ inline: true, xhtml: escapeMarkup(markdown) }),
  source: (reference) => ({ title: reference, address: `https://example.org/?a=1&b=${reference}` }),
};

/** Options a, b, …: `keys` are right. */
export function itemOf(id: string, keys: string, change: Partial<ChoiceItem> = {}): ChoiceItem {
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
    refused: [],
    provenance: { author: "drydock", method: "original-from-docs" },
    ...change,
  } as ChoiceItem;
}

/** The item with `text` in every place where text may stand. */
export function itemSaying(text: string, keys = "a"): ChoiceItem {
  const item = itemOf("net-1", keys);
  return {
    ...item,
    stem: text,
    truth: { exam: text, engine: text },
    options: item.options.map((option) => ({ ...option, text: `${text}${option.id}`, why: text })),
  };
}

const { format: _, one_by_one: __, options: ___, ...COMMON } = itemOf("net-1", "a");

/** A left side is matched twice, one right side never. */
export const MATCH: ItemOf<"mat"> = {
  ...COMMON,
  id: "match",
  format: "mat",
  left: [
    { id: "a", text: "left a", match: "x", why: "why a" },
    { id: "b", text: "left b", match: "y", why: "why b" },
    { id: "c", text: "left c", match: "x", why: "why c" },
  ],
  right: ["x", "y", "z"].map((id) => ({ id, text: `right ${id}` })),
};

export const NUMBER: ItemOf<"num"> = {
  ...COMMON,
  id: "number",
  format: "num",
  answer: 1450,
  tolerance: 2,
  unit: "bytes",
  why: "1500 - 50",
  wrong: [{ value: 1500, why: "that is the link's", misconception: "M40" }],
};

export const COMMAND: ItemOf<"cmd"> = {
  ...COMMON,
  id: "command",
  format: "cmd",
  host: "node1",
  accept: ["docker network create -o a=b shop", "docker network create --opt a=b shop"],
  checks: [],
  why: "so it is",
  wrong: [{ command: "docker network create shop a=b", near: "arguments", why: "options stand before the name" }],
};

/** Only one order keeps these pairs. */
export const ORDER: ItemOf<"ord"> = {
  ...COMMON,
  id: "order",
  format: "ord",
  steps: ["one", "two", "three"].map((id) => ({ id, text: `step ${id}`, why: `why ${id}` })),
  before: [
    ["one", "two"],
    ["two", "three"],
  ],
};

/** The second and third may change places. */
export const LOOSE_ORDER: ItemOf<"ord"> = {
  ...ORDER,
  id: "loose-order",
  before: [
    ["one", "two"],
    ["one", "three"],
  ],
};

export const SPOT: ItemOf<"spot"> = {
  ...COMMON,
  id: "spot",
  format: "spot",
  drawing: {
    alt: "Two hosts.",
    parts: ["n1", "n2", "r"].map((id) => ({ id, kind: "host", label: id, lines: [] })),
    links: [{ id: "l", between: ["n1", "n2"], label: "" }],
  },
  fault: "n2",
  why: "its MTU",
  options: itemOf("spot", "a").options.slice(0, 3),
};
