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

const BELIEFS = `- { id: M01, topic: T02, belief: "Names resolve.", truth: "They do not.", refs: [docs:engine/network/drivers/bridge.md] }\n`;

const SOURCES = `- { at: docs:engine/network/_index.md, title: Networking overview }
- { at: docs:engine/network/drivers/bridge.md, title: Bridge network driver }
`;

/** An item whose format and what belongs to it are given. */
const formatted = (format: string): string => `${GOOD.split("  options:")[0]?.replace("  format: mc\n", "")}${format}
  refs: [docs:engine/network/_index.md]
  provenance: {author: someone, method: original-from-docs}
`;

async function faultsOf(items: string): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), "content-"));
  await mkdir(join(root, "items"));
  await mkdir(join(root, "labs"));
  await writeFile(join(root, "items", "test.yaml"), items);
  await writeFile(join(root, "misconceptions.yaml"), BELIEFS);
  await writeFile(join(root, "references.yaml"), SOURCES);
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
    "10: this wrong answer names neither a misconception nor what it is near to",
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

const ORDER = `  format: ord
  steps:
    - {id: one, text: first, why: because}
    - {id: two, text: second, why: because}
    - {id: three, text: third, why: because}
  before: [[one, two], [one, three]]`;

test("an order stands in the file as it is right, and every step has its place", async () => {
  expect(await faultsOf(formatted(ORDER))).toEqual([]);
  expect(await faultsOf(formatted(ORDER.replace("[one, two]", "[two, one]")))).toEqual([
    "12: the steps stand in the file in an order that is wrong: two must come before one",
  ]);
  expect(await faultsOf(formatted(ORDER.replace("[one, two]", "[one, four]")))).toContain("12: there is no step four");
  expect(await faultsOf(formatted(ORDER.replace("[one, two]", "[one, three]")))).toEqual(["10: the step two may stand anywhere"]);
});

test("both sides of a match are there", async () => {
  const match = `  format: mat
  left:
    - {id: a, text: one, match: x, why: because}
    - {id: b, text: two, match: y, why: because}
    - {id: c, text: three, match: q, why: because}
  right: [{id: x, text: ex}, {id: y, text: why}, {id: z, text: zet}]`;

  expect(await faultsOf(formatted(match))).toEqual(["11: there is no q on the right"]);
});

test("the fault of a drawing is a part of it", async () => {
  const spot = `  format: spot
  drawing:
    alt: Three hosts.
    parts: [{id: a, kind: host, label: a}, {id: b, kind: host, label: b}, {id: c, kind: container, label: c, in: a}]
    links: [{id: wire, between: [a, b]}]
  fault: nothing
  why: because
  options:
    - {id: a, text: this, key: true, why: because}
    - {id: b, text: that, key: false, near: this, why: because not}
    - {id: c, text: another, key: false, misconception: M01, why: because not}`;

  expect(await faultsOf(formatted(spot))).toEqual(["12: there is no part or link nothing"]);
  expect(await faultsOf(formatted(spot.replace("fault: nothing", "fault: wire")))).toEqual([]);
  expect(await faultsOf(formatted(spot.replace("fault: nothing", "fault: wire").replace("in: a", "in: z")))).toEqual([
    "10: there is no part z for it to lie in",
  ]);
});

test("the wrong turns of a number and a command name their belief", async () => {
  const number = "  format: num\n  answer: 3\n  why: because\n  wrong: [{value: 4, why: because}]";
  const command =
    "  format: cmd\n  accept: [docker ps]\n  why: because\n  wrong: [{command: docker ps -a, misconception: M77, why: because}]";

  expect(await faultsOf(formatted(number))).toEqual(["10: this wrong answer names neither a misconception nor what it is near to"]);
  expect(await faultsOf(formatted(command))).toEqual(["10: M77 is not in the catalogue of misconceptions"]);
});

test("a key of another format is unknown", async () => {
  expect((await faultsOf(formatted("  format: num\n  answer: 3\n  why: because\n  options: []")))[0]).toMatch(/unknown key "options"/);
});
