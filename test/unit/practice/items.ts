/** Items for tests, one of each format, as small as the rules allow. */

import type { ItemOf, Option } from "@/lib/content";

const COMMON = {
  rev: 1,
  topic: "T02" as const,
  objectives: ["D4.4"],
  difficulty: 2 as const,
  refs: ["docs:engine/network/_index.md"],
  tags: [],
  refused: [],
  provenance: { author: "drydock", method: "original-from-docs" as const },
};

export function option(id: string, key: boolean, more: Partial<Option> = {}): Option {
  return { id, text: `text ${id}`, key, why: `why ${id}`, ...(key ? {} : { near: "a neighbour" }), ...more };
}

export const ORDER: ItemOf<"ord"> = {
  ...COMMON,
  id: "order",
  format: "ord",
  stem: "Order!",
  steps: ["network", "container", "look", "clean"].map((id) => ({ id, text: `do ${id}`, why: `why ${id}` })),
  // What is looked at, and when, is free after the network is there.
  before: [
    ["network", "container"],
    ["network", "look"],
    ["container", "clean"],
    ["look", "clean"],
  ],
};

export const MATCH: ItemOf<"mat"> = {
  ...COMMON,
  id: "match",
  format: "mat",
  stem: "Match!",
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
  stem: "How many?",
  answer: 1450,
  tolerance: 0,
  unit: "bytes",
  why: "1500 less 50",
  wrong: [{ value: 1500, why: "that is the link's", misconception: "M40" }],
};

/** A command whose effect is looked at. */
export const EFFECT: ItemOf<"cmd"> = {
  ...COMMON,
  id: "effect",
  format: "cmd",
  stem: "Attach `api` to `back` as `backend`.",
  host: "node1",
  proof: {
    hosts: 1,
    setup: [
      {
        on: "node1",
        may_fail: false,
        run: ["docker network create back", "docker run -d --name api nginx", "docker run -d --name db --network back nginx"],
      },
    ],
  },
  accept: ["docker network connect --alias backend back api"],
  checks: [{ resolve: { from: "container:db", name: "backend", answers: ["api"], on: "node1" } }],
  why: "so it is",
  wrong: [{ command: "docker network connect back api", near: "no alias", why: "the name is missing" }],
};

/** A command of which only the form can be looked at. */
export const FORM: ItemOf<"cmd"> = {
  ...COMMON,
  id: "form",
  format: "cmd",
  stem: "Three replicas of nginx named web, 8080 of every node to 80.",
  host: "node1",
  accept: ["docker service create --name web --replicas 3 -p 8080:80 nginx"],
  checks: [],
  why: "so it is",
  wrong: [{ command: "docker service create --name web --replicas 3 -p 80:8080 nginx", misconception: "M11", why: "the other way round" }],
};

export const SPOT: ItemOf<"spot"> = {
  ...COMMON,
  id: "spot",
  format: "spot",
  stem: "What is wrong?",
  drawing: {
    alt: "Two hosts with a wire.",
    parts: [
      { id: "n1", kind: "host", label: "node1", lines: [], why: "node1 is well" },
      { id: "n2", kind: "host", label: "node2", lines: ["mtu 1400"] },
      { id: "c", kind: "container", label: "web", lines: [], in: "n1" },
    ],
    links: [{ id: "wire", between: ["n1", "n2"], label: "" }],
  },
  fault: "n2",
  why: "its MTU",
  options: [option("a", true), option("b", false, { misconception: "M40" }), option("c", false)],
};

/** What a published port shows, and what it does not. */
export const PREDICT: ItemOf<"out"> = {
  ...COMMON,
  id: "predict",
  format: "out",
  stem: "What does `docker port web` print?",
  one_by_one: false,
  proof: {
    hosts: 1,
    setup: [{ on: "node1", may_fail: false, run: ["docker run -d --name web -p 127.0.0.1:8080:80 nginx"] }],
    run: { on: "node1", command: "docker port web" },
  },
  options: [
    option("a", true, { holds: { shows: "80/tcp -> 127.0.0.1:8080" } }),
    option("b", false, { holds: { shows: "80/tcp -> 0.0.0.0:8080\n…" } }),
    option("c", false, { holds: { shows: "8080/tcp -> …" } }),
  ],
};
