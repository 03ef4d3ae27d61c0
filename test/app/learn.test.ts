import { expect, test } from "vitest";
import { outlineOf } from "@/app/learn/[id]/outline";
import { standingOf } from "@/app/learn/standing";
import { findSet } from "@/app/quiz/[set]/sets";
import { loadItems, loadLessons } from "@/lib/content";
import { itemOf } from "./items";

const [items, lessons] = await Promise.all([loadItems(), loadLessons()]);

test.each(lessons.map((lesson) => [lesson.id, lesson] as const))(
  "%s shows every console block, and each heading has an anchor of its own",
  (_, lesson) => {
    const parts = outlineOf(lesson);

    expect(parts.flatMap((part) => (part.kind === "console" ? [part.console] : []))).toEqual(lesson.blocks);
    expect(parts.flatMap((part) => (part.kind === "drawing" ? [part.drawing] : []))).toEqual(lesson.drawings);
    const anchors = parts.flatMap((part) => (part.kind === "heading" ? [part.section.id] : []));
    expect(new Set(anchors).size).toBe(anchors.length);
  },
);

test("headings of the same words have different anchors", () => {
  const parts = outlineOf({ body: "## Kept apart\n\n## Kept `apart`!\n", blocks: [], drawings: [] });

  expect(parts.map((part) => part.kind === "heading" && part.section.id)).toEqual(["kept-apart", "kept-apart-2"]);
});

test("a lesson's standing counts its own items by their last answer", () => {
  const answers = [
    { item: "a", correct: false },
    { item: "x", correct: true },
    { item: "b", correct: true },
    { item: "a", correct: true },
    { item: "b", correct: false },
  ];

  expect(standingOf({ items: ["a", "b", "c"] }, answers)).toEqual({ right: 1, answered: 2, of: 3 });
});

test("a lesson's set has exactly its items, and leads back to it", () => {
  const [lesson] = lessons;
  if (!lesson) throw new Error("there are lessons");
  const set = findSet(`lesson-${lesson.id}`, items, lessons);

  expect(set?.items.map(({ id }) => id).sort()).toEqual([...lesson.items].sort());
  expect(set?.back.href).toBe(`/learn/${lesson.id}`);
});

test("sets by objective, level and item hold what they say", () => {
  const [item] = items;
  if (!item) throw new Error("there are items");

  expect(findSet("objective-D4.1", items, lessons)?.items.every(({ objectives }) => objectives.includes("D4.1"))).toBe(true);
  expect(findSet("level-3", items, lessons)?.items.every(({ difficulty }) => difficulty === 3)).toBe(true);
  expect(findSet(`item-${item.id}`, items, lessons)?.items).toEqual([item]);
});

test.each(["T99", "level-9", "level-", "objective-D9.9", "objective-toString", "lesson-none", "item-none", ""])(
  "there is no set %j",
  (set) => {
    expect(findSet(set, items, lessons)).toBeUndefined();
  },
);

test("mistakes, bookmarks and misconceptions are sets of their own", () => {
  const bank = ["one", "two", "three"].map((id) => itemOf({ id, ...(id === "one" ? {} : { misconceptions: { b: "M07" } }) }));
  const own = {
    misconceptions: [{ id: "M07", topic: "T02" as const, belief: "An `alias` is unique.", truth: "It is not.", refs: ["docs:a.md"] }],
    answers: [
      { item: "one", correct: false },
      { item: "two", correct: false },
      { item: "two", correct: true },
    ],
    bookmarks: ["three", "withdrawn"],
  };
  const idsOf = (set: string) => findSet(set, bank, [], own)?.items.map(({ id }) => id);

  expect(idsOf("mistakes")).toEqual(["one"]);
  expect(idsOf("bookmarks")).toEqual(["three"]);
  expect(idsOf("misconception-M07")).toEqual(["two", "three"]);
  expect(findSet("misconception-M07", bank, [], own)).toMatchObject({
    title: "An alias is unique.",
    back: { href: "/misconceptions#M07" },
  });
  expect(findSet("misconception-M99", bank, [], own)).toBeUndefined();
});

test("a set of one's own that is empty is there and says so", () => {
  expect(findSet("mistakes", items, lessons)).toMatchObject({ items: [], nothing: expect.stringContaining("nothing here") });
  expect(findSet("bookmarks", items, lessons)).toMatchObject({ items: [], nothing: expect.stringContaining("no bookmarks") });
});
