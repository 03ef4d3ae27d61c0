import { expect, test } from "vitest";
import { drawLab, fillLab, LabPatternFault, variantOf, variantsOf } from "@/lib/content/draw-lab";
import { labSchema } from "@/lib/content/lab-schema";
import { overlaps, parsePrefix } from "@/lib/sim";

const FACTS = {
  id: "L-TEST-1",
  rev: 1,
  title: "A test",
  kind: "build",
  topic: "T02",
  objectives: ["D4.4"],
  difficulty: 1,
  minutes: 5,
  goal: "Try it.",
  references: ["docs:x"],
};
const BODY = {
  story: "Make ${net} with ${subnet} and open ${port}.",
  setup: [{ run: ["true"] }],
  tasks: [
    {
      id: "done",
      text: "Port ${port} answers.",
      checks: [{ reach: { from: "outside", to: "192.168.56.11", how: "tcp", port: "${port}", expect: "ok" } }],
    },
  ],
  hints: { done: ["Look."] },
  solutions: [{ id: "only", run: [{ run: "echo ${net}" }] }],
  debrief: "Well.",
};
const PARAMS = {
  net: { pick: ["app", "shop", "till"] },
  port: { int: [8000, 8999] },
  subnet: { free_subnet: { size: 24, within: "10.0.0.0/8" } },
};
const lab = (more: object = {}) => labSchema.parse({ ...FACTS, ...BODY, params: PARAMS, ...more });
const seeds = Array.from({ length: 40 }, (_, i) => `seed ${i}`);

test("the same seed draws the same lab, another seed another one", () => {
  expect(drawLab(lab(), "a")).toEqual(drawLab(lab(), "a"));
  expect(new Set(seeds.map((seed) => drawLab(lab(), seed).story)).size).toBeGreaterThan(20);
});

test("a text that is one parameter alone keeps the parameter's type", () => {
  const [check] = drawLab(lab(), "a").tasks[0]?.checks ?? [];

  expect(check).toMatchObject({ reach: { port: expect.any(Number) as number } });
});

test("a free subnet meets neither the LAN nor the engine's pools nor what was drawn before", () => {
  const two = lab({
    params: { one: { free_subnet: { size: 12, within: "10.0.0.0/8" } }, two: { free_subnet: { size: 12, within: "10.0.0.0/8" } } },
    story: "${one} ${two}",
    tasks: [{ ...BODY.tasks[0], text: "t", checks: [{ network: { name: "x" } }] }],
    solutions: [{ id: "s", run: [{ run: "true" }] }],
  });
  for (const seed of seeds) {
    const [one, other] = drawLab(two, seed)
      .story.split(" ")
      .map((text) => parsePrefix(text));
    if (!one || !other) throw new Error("no prefixes");
    expect(overlaps(one, other)).toBe(false);
  }
});

test("addresses are counted from both ends of a prefix, parts from its start", () => {
  const params = {
    net: "10.4.0.0/24",
    first: { address: { in: "${net}", number: 1 } },
    last: { address: { in: "${net}", number: -1 } },
    upper: { part: { of: "${net}", size: 25, number: 1 } },
    port: 80,
    subnet: "",
  };

  expect(drawLab(lab({ params, story: "${first} ${last} ${upper}" }), "a").story).toBe("10.4.0.1 10.4.0.254 10.4.0.128/25");
});

test("a name that stands for nothing is refused with its place", () => {
  let fault: unknown;
  try {
    fillLab(lab({ debrief: "See ${nothing}." }), "a");
  } catch (error) {
    fault = error;
  }

  expect(fault).toBeInstanceOf(LabPatternFault);
  expect(fault).toMatchObject({ path: ["debrief"], message: "${nothing} stands for nothing" });
});

const CHOOSE = [
  {
    id: "one",
    params: { fault: "first" },
    setup: [{ run: ["touch one"] }],
    diagnose: [{ id: "special", when: { network: { name: "a" } }, say: "A." }],
  },
  { id: "two", params: { fault: "second" }, setup: [{ run: ["touch two"] }] },
];

test("a branch adds to the lab's lists, its diagnoses first, and has parameters of its own", () => {
  const branched = lab({
    choose: CHOOSE,
    story: "The ${fault} fault.",
    diagnose: [{ id: "general", when: { network: { name: "b" } }, say: "B." }],
  });
  const one = drawLab(branched, "a", "one");

  expect(variantsOf(branched)).toEqual(["one", "two"]);
  expect(one.variant).toBe("one");
  expect(one.story).toBe("The first fault.");
  expect(one.setup.flatMap(({ run }) => run)).toEqual(["true", "touch one"]);
  expect(one.diagnose.map(({ id }) => id)).toEqual(["special", "general"]);
  expect(drawLab(branched, "a", "two").diagnose.map(({ id }) => id)).toEqual(["general"]);
});

test("each branch comes up, and a place in the drawn lab is found again in the file", () => {
  const branched = lab({ choose: CHOOSE });

  expect(new Set(seeds.map((seed) => variantOf(branched, seed)))).toEqual(new Set(["one", "two"]));
  expect(fillLab(branched, "a", "two").placeOf(["setup", 1, "run", 0])).toEqual(["choose", 1, "setup", 0, "run", 0]);
  expect(fillLab(branched, "a", "two").placeOf(["setup", 0, "run", 0])).toEqual(["setup", 0, "run", 0]);
});
