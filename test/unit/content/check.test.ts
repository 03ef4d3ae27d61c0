import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkReferences } from "@/lib/content/check";
import { readContent } from "@/lib/content/load";

const GOOD = `- id: net-test-0001
  rev: 1
  format: mc
  topic: T01
  objectives: [D4.1]
  difficulty: 1
  stem: Which one?
  options:
    - {id: a, text: this, key: true, why: because}
    - {id: b, text: that, key: false, near: this, why: because not}
    - {id: c, text: another, key: false, misconception: M01, why: because not}
  refs: [docs:engine/network/_index.md]
  provenance: {author: someone, method: original-from-docs}
`;

async function faultsOf(items: string): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), "content-"));
  await mkdir(join(root, "items"));
  await mkdir(join(root, "labs"));
  await writeFile(join(root, "items", "test.yaml"), items);
  const content = await readContent(root);
  return [...content.faults, ...checkReferences(content)].map((fault) => `${fault.line}: ${fault.message}`);
}

test("a good item has no fault", async () => {
  expect(await faultsOf(GOOD)).toEqual([]);
});

test("an unknown key is refused with its line", async () => {
  expect(await faultsOf(GOOD.replace("  topic: T01", "  topic: T01\n  colour: red"))).toEqual(['5: 0.colour: unknown key "colour"']);
});

test("a value out of its set is refused with its line", async () => {
  const [fault] = await faultsOf(GOOD.replace("topic: T01", "topic: T99"));

  expect(fault).toMatch(/^4: 0\.topic: /);
});

test("text that is no YAML is refused with its line", async () => {
  const [fault] = await faultsOf(GOOD.replace("stem: Which one?", 'stem: "Which one?'));

  expect(fault).toMatch(/^\d+: /);
});

test("a single-answer item has one key", async () => {
  expect(await faultsOf(GOOD.replace("text: that, key: false, near: this", "text: that, key: true"))).toEqual([
    "8: a single-answer item has one key, this has 2",
  ]);
});

test("a distractor says which belief it comes from", async () => {
  expect(await faultsOf(GOOD.replace(", near: this", ""))).toEqual([
    "10: the distractor b names neither a misconception nor what it is near to",
  ]);
});

test("a misconception must be catalogued", async () => {
  expect(await faultsOf(GOOD.replace("M01", "M99"))).toEqual(["11: M99 is not in the catalogue of misconceptions"]);
});

test("two options that say the same are refused", async () => {
  expect(await faultsOf(GOOD.replace("text: another", "text: That"))).toEqual(["11: the options b and c say the same"]);
});

test("the same id twice is refused", async () => {
  const faults = await faultsOf(GOOD + GOOD.replace("Which one?", "Something else altogether, with other words in it?"));

  expect(faults.some((fault) => fault.startsWith("14: the id net-test-0001 stands already in"))).toBe(true);
});

test("a reference has one of the known forms", async () => {
  const [fault] = await faultsOf(GOOD.replace("docs:engine/network/_index.md", "https://example.com"));

  expect(fault).toMatch(/^12: "https:\/\/example.com" is no reference/);
});
