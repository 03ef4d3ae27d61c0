import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { matchesOutput, readLesson } from "@/lib/content/lesson";
import { proveLesson } from "@/lib/practice/prove-lesson";

const HEAD = `---
id: test-lesson
rev: 1
title: A test
topic: T01
objectives: [D4.1]
minutes: 1
about: Something.
items: [a-1, a-2, a-3]
lab: L-TEST-1
references: [docs:engine/network/_index.md]
---
`;

async function lessonOf(body: string) {
  const file = join(await mkdtemp(join(tmpdir(), "lesson-")), "lesson.md");
  await writeFile(file, HEAD + body);
  return readLesson(file);
}

test("an ellipsis stands for any text in a line, and alone for any lines", () => {
  expect(matchesOutput(["a … c"], ["a b c"])).toBe(true);
  expect(matchesOutput(["a … c"], ["a b d"])).toBe(false);
  expect(matchesOutput(["…", "end"], ["one", "two", "end"])).toBe(true);
  expect(matchesOutput(["…"], [])).toBe(true);
  expect(matchesOutput([], ["something"])).toBe(false);
  expect(matchesOutput(["1.2.3"], ["1x2x3"])).toBe(false);
});

test("console blocks are run on one world, in order, and a wrong output is told with its line", async () => {
  const { lesson, faults } = await lessonOf(
    "Text.\n\n```console\nnode1$ echo one > /tmp/x\nnode1$ cat /tmp/x\none\n```\n\n```console\nnode1$ cat /tmp/x\ntwo\n```\n",
  );
  if (!lesson) throw new Error("no lesson");

  expect(faults).toEqual([]);
  expect(proveLesson(lesson)).toEqual([{ line: 22, message: expect.stringContaining("printed: one") }]);
});

test("what is for later is not run", async () => {
  const { lesson } = await lessonOf("```console later\nnode1$ docker swarm init\nSwarm initialized\n```\n");
  if (!lesson) throw new Error("no lesson");

  expect(proveLesson(lesson)).toEqual([]);
});

test("a block of another kind, or without a prompt, is refused with its line", async () => {
  expect((await lessonOf("```console never\nnode1$ true\n```\n")).faults).toEqual([expect.objectContaining({ line: 13 })]);
  expect((await lessonOf("```console\nls\n```\n")).faults).toEqual([expect.objectContaining({ line: 14 })]);
});

test("a head with an unknown key is refused", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "lesson-")), "lesson.md");
  await writeFile(file, HEAD.replace("rev: 1", "rev: 1\ncolour: red"));

  expect((await readLesson(file)).faults[0]?.message).toContain("colour");
});

test("a drawing is read, and what is wrong in it is told with its line", async () => {
  const drawing = (part: string) =>
    "Text.\n\n```drawing\nalt: Three hosts.\nparts:\n  - { id: a, kind: host, label: a }\n  - { id: b, kind: host, label: b }\n" +
    part +
    "```\n";
  const good = await lessonOf(drawing("  - { id: c, kind: container, label: c, in: a }\n"));

  expect(good.faults).toEqual([]);
  expect(good.lesson?.drawings.map(({ parts }) => parts.map(({ id }) => id))).toEqual([["a", "b", "c"]]);
  expect((await lessonOf(drawing("  - { id: c, kind: container, label: c, in: d }\n"))).faults).toEqual([
    expect.objectContaining({ line: 20, message: "there is no part d for it to lie in" }),
  ]);
  expect((await lessonOf(drawing("  - { id: c, kind: ship, label: c }\n"))).faults).toMatchObject([{ line: 20 }]);
});
