import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { coverageOf, toMarkdown, withTable } from "@/app/coverage/coverage";
import { loadItems, loadLabs, loadLessons } from "@/lib/content";
import { itemOf } from "./items";

const [items, labs, lessons] = await Promise.all([loadItems(), loadLabs(), loadLessons()]);

test("the table in the README is up to date (node --import tsx scripts/coverage.ts --update)", async () => {
  const readme = await readFile("README.md", "utf8");

  expect(withTable(readme, toMarkdown(coverageOf({ items, labs, lessons })))).toBe(readme);
});

test("what bears on two objectives counts for both, and once in their domain", () => {
  const [item] = items;
  if (!item) throw new Error("there are items");
  const { domains, total } = coverageOf({
    items: [{ ...itemOf({ id: item.id, keys: ["a", "b"] }), objectives: ["D4.1", "D4.2"] }],
    labs: [],
    lessons: [],
  });

  const networking = domains.find(({ id }) => id === "D4");
  const none = { predict: 0, command: 0, order: 0, match: 0, spot: 0, number: 0 };
  const counted = { ...none, lessons: 0, single: 0, several: 1, oneByOne: 1, labs: 0 };
  expect(networking?.rows.filter(({ several }) => several > 0).map(({ id }) => id)).toEqual(["D4.1", "D4.2"]);
  expect(networking?.total).toEqual(counted);
  expect(total).toEqual(counted);
});

test("a text without the marks is left alone", () => {
  expect(withTable("# Drydock", "| a |")).toBeUndefined();
});
