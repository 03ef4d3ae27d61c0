import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { Item } from "@/lib/content";
import { beliefsOf, beliefsShown, judgeItem, needsRun, readNumber, runCommand, shownIds, toQuestion } from "@/lib/practice/items";
import { EFFECT, FORM, MATCH, NUMBER, ORDER, PREDICT, SPOT } from "./items";

const told = (item: Item, ...chosen: readonly string[]) => unwrap(judgeItem(item, { options: shownIds(item), chosen }));
const isRight = (item: Item, ...chosen: readonly string[]): boolean => told(item, ...chosen).correct;
const refuses = (item: Item, ...chosen: readonly string[]): boolean => !judgeItem(item, { options: shownIds(item), chosen }).ok;

test("every order that keeps the pairs is right, and the pairs that stand the wrong way round are named", () => {
  expect(isRight(ORDER, "network", "container", "look", "clean")).toBe(true);
  expect(isRight(ORDER, "network", "look", "container", "clean")).toBe(true);
  expect(told(ORDER, "container", "network", "clean", "look")).toMatchObject({
    correct: false,
    broken: [
      ["network", "container"],
      ["look", "clean"],
    ],
  });
});

test("an order is right exactly when no pair of it is broken", () => {
  const ids = ORDER.steps.map(({ id }) => id);
  fc.assert(
    fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (chosen) => {
      const keeps = ORDER.before.every(([first, then]) => chosen.indexOf(first) < chosen.indexOf(then));
      expect(isRight(ORDER, ...chosen)).toBe(keeps);
    }),
  );
});

test("an order that leaves out or repeats a step is no answer", () => {
  expect(refuses(ORDER, "network", "container", "look")).toBe(true);
  expect(refuses(ORDER, "network", "network", "look", "clean")).toBe(true);
});

test("a match is right when every pair is; one right side may serve twice", () => {
  expect(isRight(MATCH, "a=x", "b=y", "c=x")).toBe(true);
  expect(isRight(MATCH, "a=x", "b=y", "c=z")).toBe(false);
  expect(refuses(MATCH, "a=x", "b=y")).toBe(true);
  expect(refuses(MATCH, "a=x", "b=y", "b=y")).toBe(true);
  expect(refuses(MATCH, "a=x", "b=y", "c=w")).toBe(true);
});

test.each([
  ["1450", 1450],
  [" 1,450 ", 1450],
  ["1 450", 1450],
  ["1450.0", 1450],
  ["-3", -3],
  ["1,45", undefined],
  ["0x5aa", undefined],
  ["", undefined],
  ["1e3", undefined],
])("%j is read as %s", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test("a number that is a known belief is told so", () => {
  expect(isRight(NUMBER, "1,450")).toBe(true);
  expect(told(NUMBER, "1500")).toMatchObject({ correct: false, remark: "that is the link's", beliefs: ["M40"] });
  expect(refuses(NUMBER, "many")).toBe(true);
});

test("a tolerance is inclusive", () => {
  const near = { ...NUMBER, tolerance: 2 };
  expect([1447, 1448, 1452, 1453].map((value) => isRight(near, `${value}`))).toEqual([false, true, true, false]);
});

test("a fault is found when part and reason are right", () => {
  expect(isRight(SPOT, "n2", "a")).toBe(true);
  expect(told(SPOT, "n1", "a")).toMatchObject({ correct: false, remark: "node1 is well", beliefs: [] });
  expect(told(SPOT, "n2", "b")).toMatchObject({ correct: false, beliefs: ["M40"] });
  expect(isRight(SPOT, "wire", "a")).toBe(false);
  expect(refuses(SPOT, "n9", "a")).toBe(true);
  expect(refuses(SPOT, "n2")).toBe(true);
});

test.each([
  ["docker service create --replicas=3 --publish published=8080,target=80 --name web nginx", true],
  ["docker service create --name web --replicas 3 --publish 8080:80/tcp --endpoint-mode vip nginx", true],
  ["docker service create --name web --replicas 3 --publish published=8080,target=80,mode=host nginx", false],
  ["docker service create --name web --replicas 3 -p 8080:80 nginx:alpine", false],
])("without a world the form counts: %s", (command, right) => {
  expect(isRight(FORM, command)).toBe(right);
});

test("a wrong turn is known in any spelling, and says its belief", () => {
  expect(told(FORM, "docker service create -p 80:8080 --replicas 3 --name=web nginx")).toMatchObject({
    correct: false,
    remark: "the other way round",
    beliefs: ["M11"],
  });
});

test.each([
  ["docker service creat web", "unknown command: docker service creat"],
  ["docker network connect --foo back api", "unknown flag: --foo"],
  ["docker network connect back api; rm -rf /", "one command is wanted, without pipes, redirections or variables"],
  ["docker rm $(docker ps -q)", "`$(docker ps -q)` would be expanded by the shell: write it out"],
  ["ls", "a command that begins with docker is wanted"],
])("%s is refused in the CLI's words or ours", (command, remark) => {
  expect(told(FORM, command)).toMatchObject({ correct: false, remark });
});

test("where the effect can be looked at, any way that has it is right", () => {
  const judge = (command: string) => {
    expect(needsRun(EFFECT, command)).toBe(true);
    return unwrap(judgeItem(EFFECT, { options: [], chosen: [command] }, runCommand(EFFECT, command, "seed")));
  };

  expect(judge("docker network connect --alias other --alias backend back api").correct).toBe(true);
  expect(judge("docker network connect back api")).toMatchObject({ correct: false, remark: "the name is missing" });
  expect(judge("docker network connect --alias other back api")).toMatchObject({
    correct: false,
    remark: expect.stringMatching(/^After your command something is still missing\. Of .+ was wanted; what is there: .+\.$/),
  });
  expect(judge("docker network connect --alias backend nowhere api")).toMatchObject({
    correct: false,
    printed: "Error response from daemon: network nowhere not found\n",
  });
});

test("what is shown of an item does not say what is right", () => {
  for (const item of [ORDER, MATCH, NUMBER, EFFECT, FORM, SPOT, PREDICT]) {
    const shown = JSON.stringify(toQuestion(item, (things) => [...things].reverse()));
    expect(shown).not.toMatch(/why|key|fault|match":|accept|before|answer|misconception|holds/);
  }
});

test("beliefs are those of the wrong ways, and what an answer shows is among them", () => {
  expect([SPOT, NUMBER, FORM, ORDER].map(beliefsOf)).toEqual([["M40"], ["M40"], ["M11"], []]);
  expect(beliefsShown(FORM, ["docker service create --name web --replicas 3 -p 8080:80 nginx"])).toEqual([]);
});
