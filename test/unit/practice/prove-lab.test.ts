import { expect, test } from "vitest";
import { labSchema } from "@/lib/content/lab-schema";
import { proveLab } from "@/lib/practice/prove-lab";

const LAB = {
  id: "L-TEST-1",
  rev: 1,
  title: "A network",
  kind: "build",
  topic: "T02",
  objectives: ["D4.4"],
  difficulty: 1,
  minutes: 5,
  goal: "Make a network.",
  references: ["docs:x"],
  params: { net: { pick: ["app", "shop"] } },
  story: "Make ${net}.",
  setup: [{ run: ["docker network create other"] }],
  starts_with: [{ network: { name: "${net}", exists: false } }],
  tasks: [{ id: "made", text: "There is ${net}.", checks: [{ network: { name: "${net}", internal: false } }] }],
  keep: [{ id: "other", text: "`other` stays.", check: { network: { name: "other", same_as_start: true } } }],
  diagnose: [{ id: "internal", when: { network: { name: "${net}", internal: true } }, say: "It is internal." }],
  hints: { made: ["Look."] },
  solutions: [{ id: "plain", run: [{ run: "docker network create ${net}" }] }],
  wrong: [{ id: "inside", from: "plain", replace: { create: "create --internal" }, fails: ["made"], diagnosis: "internal" }],
  debrief: "Well.",
};
const faultsOf = (more: object): readonly string[] =>
  proveLab(labSchema.parse({ ...LAB, ...more }), ["one", "two"]).map(({ message }) => message);

test("a lab that is as it says has no fault", () => {
  expect(faultsOf({})).toEqual([]);
});

test("a set-up that ends badly is told", () => {
  expect(faultsOf({ setup: [{ run: ["docker network create host"] }] })[0]).toMatch(/^set-up failed with status 1/);
});

test("a start that does not show the fault, and a task that is solved already, are told", () => {
  const faults = faultsOf({
    setup: [{ run: ["docker network create other", "docker network create ${net}"] }],
    solutions: [{ id: "none", run: [{ run: "true" }] }],
    wrong: [],
  });

  expect(faults.some((fault) => fault.startsWith("does not hold at the start"))).toBe(true);
  expect(faults).toContain("the task made is solved before anything was done");
});

test("a solution that does not solve is told with its evidence", () => {
  const [fault] = faultsOf({ solutions: [{ id: "plain", run: [{ run: "docker network create elsewhere" }] }], wrong: [] });

  expect(fault).toMatch(/^the solution plain does not solve made: network \w+ on node1: expected exists/);
});

test("a solution's line that ends with another status than 0 is told", () => {
  expect(faultsOf({ solutions: [{ id: "plain", run: [{ run: "docker network create ${net} again" }] }], wrong: [] })[0]).toMatch(
    /status 1/,
  );
});

test("a wrong turn that fails something else, or gets another diagnosis, is told", () => {
  expect(
    faultsOf({ wrong: [{ id: "remove", run: [{ run: "docker network rm other" }], fails: ["made"], diagnosis: "internal" }] }),
  ).toEqual(["the wrong turn remove fails made, other, not made", "the wrong turn remove is diagnosed as nothing, not internal"]);
});

test("every variant is proved, and a fault bears its name", () => {
  const choose = [
    { id: "right", params: {} },
    { id: "broken", params: {}, setup: [{ run: ["false"] }] },
  ];
  const faults = faultsOf({ choose });

  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every((fault) => fault.startsWith("broken: "))).toBe(true);
});

test("a story that shows something else than the world prints is told", () => {
  const shows = (name: string): object => ({
    story: `Make \${net}.\n\n\`\`\`console\n# docker network ls --filter name=other --format {{.Name}}\n${name}\n\`\`\`\n`,
  });

  expect(faultsOf(shows("other"))).toEqual([]);
  expect(faultsOf(shows("another"))[0]).toMatch(/^the story shows something else: docker network ls/);
});
