import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkReferences } from "@/lib/content/check";
import { readContent } from "@/lib/content/load";

const GOOD = `id: L-TEST-1
rev: 1
title: A network
kind: build
topic: T02
objectives: [D4.4]
difficulty: 1
minutes: 5
goal: Make a network.
references: [docs:x]
params:
  net: { pick: [app, shop] }
story: "Make \${net}."
setup: []
tasks:
  - id: made
    text: "There is \${net}."
    checks:
      - network: { name: "\${net}" }
diagnose:
  - id: internal
    when: { network: { name: "\${net}", internal: true } }
    say: It is internal.
hints:
  made:
    - Look at what is there.
solutions:
  - id: plain
    run: [{ run: "docker network create \${net}" }]
wrong:
  - { id: inside, from: plain, replace: { create: create --internal }, fails: [made], diagnosis: internal }
debrief: Well.
`;

async function faultsOf(lab: string): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), "labs-"));
  await mkdir(join(root, "items"));
  await mkdir(join(root, "labs"));
  await writeFile(join(root, "labs", "test.yaml"), lab);
  await writeFile(join(root, "references.yaml"), "- { at: docs:x, title: X }\n");
  const content = await readContent(root);
  return [...content.faults, ...checkReferences(content)].map((fault) => `${fault.line}: ${fault.message}`);
}

test("a good lab has no fault", async () => {
  expect(await faultsOf(GOOD)).toEqual([]);
});

test("a name that stands for nothing is told with its line", async () => {
  expect(await faultsOf(GOOD.replace('text: "There is ${net}."', 'text: "There is ${network}."'))).toEqual([
    "17: ${network} stands for nothing",
  ]);
});

test("an unknown key of the body is told with its line", async () => {
  expect(await faultsOf(GOOD.replace('{ name: "${net}" }', '{ name: "${net}", colour: red }'))).toEqual([
    '19: tasks.0.checks.0.network.colour: unknown key "colour"',
  ]);
});

test("a fault of a branch is told once, where the branch stands", async () => {
  const choose = "choose:\n  - { id: one }\n  - id: two\n    setup:\n      - { on: node1, walk: [] }\n";

  expect(await faultsOf(GOOD.replace("story:", `${choose}story:`))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^17: setup\.0\.walk: unknown key "walk"/) as string]),
  );
});

test("a hint that holds a line of a solution is told", async () => {
  expect(await faultsOf(GOOD.replace("Look at what is there.", "Type `docker network create ${net}`."))).toEqual([
    expect.stringMatching(/^26: the hint holds a line of a solution: docker network create (app|shop)$/) as string,
  ]);
});

test("a goal that no wrong turn fails, and a diagnosis that none leads to, are told", async () => {
  const faults = await faultsOf(GOOD.replace(/wrong:\n.*\n/, ""));

  expect(faults).toContainEqual(expect.stringContaining("no wrong turn fails the goal made"));
  expect(faults).toContainEqual(expect.stringContaining("no wrong turn leads to the diagnosis internal"));
});

test("a lab with something to repair says what must stay", async () => {
  expect(await faultsOf(GOOD.replace("kind: build", "kind: fix"))).toEqual([expect.stringMatching(/^4: .*must stay/) as string]);
});

test("a host that is not in the lab's world is told", async () => {
  expect(await faultsOf(GOOD.replace("setup: []", "setup: [{ on: node2, run: [ls] }]"))).toContainEqual(
    expect.stringContaining("there is no host node2"),
  );
});

test("a wrong turn replaces only what is in its solution", async () => {
  expect(await faultsOf(GOOD.replace("create: create --internal", "destroy: create"))).toEqual([
    expect.stringContaining('"destroy" is not in the solution plain') as string,
  ]);
});

test("a misconception that no diagnosis speaks of is told", async () => {
  expect(await faultsOf(GOOD.replace("difficulty: 1", "misconceptions: [M01]\ndifficulty: 1"))).toEqual(["7: no diagnosis speaks of M01"]);
});
