/** The question card's own rules: when an answer can be sent, how steps move, and how a drawn network is laid out. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layWires } from "@/app/quiz/_drawing/wires";
import { placeParts } from "@/app/quiz/_drawing/boxes";
import { nameOf } from "@/app/quiz/_drawing/names";
import { drawSheet, overlap, segmentsOf, around, type Sheet } from "@/app/quiz/_drawing/sheet";
import { wrap } from "@/app/quiz/_drawing/text";
import { firstChoice, isReady, problemOf, shownIdsOf } from "@/app/quiz/_formats/answering";
import { moved } from "@/app/quiz/_formats/moved";
import { findSet } from "@/app/quiz/[set]/sets";
import type { Item } from "@/lib/content";
import { type Question, refusalOf, type ShownDrawing, toQuestion } from "@/lib/practice/items";
import { EFFECT, MATCH, NUMBER, ORDER, PREDICT, SPOT } from "../unit/practice/items";

const question = (item: Item): Question => toQuestion(item, (things) => things);

describe("an answer can be sent", () => {
  test("of an order at once: it may stand right as it is shown", () => {
    expect(firstChoice(question(ORDER))).toEqual(["network", "container", "look", "clean"]);
    expect(isReady(question(ORDER), firstChoice(question(ORDER)))).toBe(true);
  });

  test.each<[Item, readonly string[], boolean]>([
    [PREDICT, [], false],
    [PREDICT, ["a"], true],
    [MATCH, ["a=x", "b=y"], false],
    [MATCH, ["a=x", "b=y", "c=x"], true],
    [EFFECT, ["  "], false],
    [EFFECT, ["docker ps"], true],
    [NUMBER, [""], false],
    [NUMBER, ["many"], true],
    [SPOT, ["n1", ""], false],
    [SPOT, ["", "a"], false],
    [SPOT, ["n1", "a"], true],
  ])("%#: only when it is complete", (item, chosen, ready) => {
    expect(isReady(question(item), chosen)).toBe(ready);
  });

  test("of a number only when it is one", () => {
    expect(problemOf(question(NUMBER), ["many"])).toMatch(/not a number/);
    expect(problemOf(question(NUMBER), ["1,450"])).toBeUndefined();
    expect(problemOf(question(EFFECT), ["many"])).toBeUndefined();
  });

  test("with the ids that the server asks for", () => {
    expect([ORDER, MATCH, EFFECT, SPOT].map((item) => shownIdsOf(question(item)))).toEqual([
      ["network", "container", "look", "clean"],
      ["a", "b", "c"],
      [],
      ["a", "b", "c"],
    ]);
  });
});

test("a command that the CLI refuses counts for nothing, unless the question knows this mistake", () => {
  const known = { ...EFFECT, wrong: [{ command: "docker network conect back api", near: "a slip", why: "so it is not" }] };

  expect(refusalOf(EFFECT, "docker network conect back api")).toMatch(/conect/);
  expect(refusalOf(known, "docker  network conect back api")).toBeUndefined();
  expect(refusalOf(EFFECT, "docker network connect back api")).toBeUndefined();
});

describe("a step that is moved", () => {
  test("stands at its place, and the others keep their order", () => {
    const list = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), (ids, from, to) => {
        const id = ids[from % ids.length] ?? "";
        const place = to % ids.length;
        const after = moved(ids, id, place);
        expect(after.indexOf(id)).toBe(place);
        expect(after.filter((other) => other !== id)).toEqual(ids.filter((other) => other !== id));
      }),
    );
  });

  test("to where it stands already changes nothing", () => {
    const ids = ["a", "b"];

    expect(moved(ids, "b", 1)).toBe(ids);
  });
});

test("a set holds the questions of one kind; there is none of an unknown kind or of none", () => {
  const items = [ORDER, MATCH, EFFECT];

  expect(findSet("format-cmd", items, [])?.items).toEqual([EFFECT]);
  expect(findSet("format-num", items, [])).toBeUndefined();
  expect(findSet("format-mc", items, [])).toBeUndefined();
});

test("text is broken at blanks, and inside a word only where that alone is too long", () => {
  expect(wrap("listens on 0.0.0.0:80", 80, 8)).toEqual(["listens on", "0.0.0.0:80"]);
  expect(wrap("a 0123456789ab b", 80, 8)).toEqual(["a", "0123456789", "ab b"]);
});

// ── Drawings ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Part = ShownDrawing["parts"][number];
const part = (id: string, kind: Part["kind"], more: Partial<Part> = {}): Part => ({ id, kind, label: id, lines: [], ...more });

/** Two hosts on a LAN, a container on each, an overlay that both are on. */
const OVERLAY: ShownDrawing = {
  alt: "",
  parts: [
    part("router", "router"),
    part("node1", "host", { lines: ["192.168.56.11"] }),
    part("node2", "host", { lines: ["192.168.56.12"] }),
    part("api", "container", { in: "node1", network: "app", lines: ["10.0.1.3"] }),
    part("db", "container", { in: "node2", network: "app" }),
    part("app", "network", { lines: ["10.0.1.0/24"] }),
  ],
  links: [
    { id: "left", between: ["node1", "router"], label: "mtu 1500" },
    { id: "right", between: ["node2", "router"], label: "mtu 1400" },
  ],
};

const ROOMS = [704, 328];
const boxOf = (sheet: Sheet, id: string) => sheet.parts.find((one) => one.part.id === id)?.box ?? { x: 0, y: 0, width: 0, height: 0 };

test("hosts stand side by side where there is room, below what joins them and above the network that they share", () => {
  const sheet = drawSheet(OVERLAY, 704);

  expect(boxOf(sheet, "node1").y).toBe(boxOf(sheet, "node2").y);
  expect(boxOf(sheet, "router").y).toBeLessThan(boxOf(sheet, "node1").y);
  expect(boxOf(sheet, "app").y).toBeGreaterThan(boxOf(sheet, "node1").y);
});

test("hosts stand side by side even when the way to one leads through the other", () => {
  const sheet = drawSheet(
    {
      ...OVERLAY,
      links: [
        { id: "only", between: ["node1", "router"], label: "" },
        { id: "next", between: ["node1", "node2"], label: "" },
      ],
    },
    704,
  );

  expect(boxOf(sheet, "node1").y).toBe(boxOf(sheet, "node2").y);
});

test("a network has the same colour on its bar and on all that belongs to it, and another network another", () => {
  const { parts } = drawSheet({ ...OVERLAY, parts: [...OVERLAY.parts, part("back", "network")] }, 704);
  const colourOf = (id: string) => parts.find((one) => one.part.id === id)?.colour;

  expect(colourOf("app")).toBeGreaterThan(0);
  expect(colourOf("api")).toBe(colourOf("app"));
  expect(colourOf("back")).not.toBe(colourOf("app"));
  expect(colourOf("router")).toBeUndefined();
});

test("a container is joined to the network that it names, unless a link does that", () => {
  const linked = { ...OVERLAY, links: [...OVERLAY.links, { id: "port", between: ["api", "app"] as [string, string], label: "" }] };

  expect(drawSheet(OVERLAY, 704).cables.map(({ id }) => id)).toEqual(["api app", "db app"]);
  expect(drawSheet(linked, 704).cables.map(({ id }) => id)).toEqual(["db app"]);
});

test("the name of a part tells all that its box tells, and after the answer whether it is the fault", () => {
  expect(nameOf(OVERLAY, "api")).toBe("container api, 10.0.1.3, in host node1");
  expect(nameOf(OVERLAY, "left")).toBe("link mtu 1500 between node1 and router");
  expect(nameOf(OVERLAY, "router", "fault")).toBe("router, the fault is here");
});

/** Networks of up to three hosts with what may lie in them, and links of all kinds between them. */
const drawings: fc.Arbitrary<ShownDrawing> = fc
  .record({
    hosts: fc.array(fc.record({ containers: fc.nat({ max: 3 }), networks: fc.nat({ max: 2 }), words: fc.nat({ max: 40 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    others: fc.array(fc.constantFrom<Part["kind"]>("client", "router", "firewall", "network", "service"), { maxLength: 3 }),
    joints: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 20 })), { maxLength: 8 }),
  })
  .map(({ hosts, others, joints }) => {
    const parts = [
      ...others.map((kind, at) => part(`${kind}${at}`, kind, { lines: ["192.168.56.1/24"] })),
      ...hosts.flatMap(({ containers, networks, words }, at) => [
        part(`n${at}`, "host", { lines: ["x".repeat(words + 1)] }),
        ...Array.from({ length: networks }, (_, i) => part(`n${at}-net${i}`, "network", { in: `n${at}` })),
        ...Array.from({ length: containers }, (_, i) =>
          part(`n${at}-c${i}`, "container", { in: `n${at}`, network: `n${at}-net0`, lines: ["listens on 0.0.0.0:80"] }),
        ),
      ]),
    ];
    const links = joints.flatMap(([a, b, words], at) => {
      const [from, to] = [parts[a % parts.length], parts[b % parts.length]];
      return from && to && from !== to ? [{ id: `l${at}`, between: [from.id, to.id] as [string, string], label: "y".repeat(words) }] : [];
    });
    return { alt: "", parts, links };
  });

describe.each(ROOMS)("any drawing, laid out for %i pixels,", (room) => {
  test("keeps within its room, holds each part inside of its owner, and lets no two overlap", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const sheet = drawSheet(drawing, room);
        expect(sheet.width).toBeLessThanOrEqual(room);
        for (const { part: one, box } of sheet.parts) {
          const owner = one.in === undefined ? { x: 0, y: 0, width: sheet.width, height: sheet.height } : boxOf(sheet, one.in);
          expect(overlap(box, owner)).toBe(box.width * box.height);
          const beside = sheet.parts.filter((other) => other.part.id !== one.id && other.part.in === one.in);
          expect(beside.filter((other) => overlap(box, other.box) > 0).map((other) => other.part.id)).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("has a way for every link, through no box that holds nothing", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const sheet = drawSheet(drawing, room);
        for (const { points } of [...sheet.links, ...sheet.cables]) {
          expect(points.length).toBeGreaterThan(1);
          const crossed = sheet.parts.filter(
            ({ isLeaf, box }) => isLeaf && segmentsOf(points).some((segment) => overlap(around(segment, 0.5), shrunk(box)) > 0),
          );
          expect(crossed.map((one) => one.part.id)).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("is the same each time", () => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        expect(drawSheet(structuredClone(drawing), room)).toEqual(drawSheet(drawing, room));
      }),
      { numRuns: 8 },
    );
  });
});

/** Without its edge, where wires end. */
const shrunk = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({
  x: x + 1,
  y: y + 1,
  width: width - 2,
  height: height - 2,
});

test("words on a link hide no other words", () => {
  for (const room of ROOMS) {
    const sheet = drawSheet(OVERLAY, room);
    for (const { words } of sheet.links) {
      const hidden = sheet.parts.filter(({ head }) => words && overlap(words, head) > 0);
      expect(hidden.map((one) => one.part.id)).toEqual([]);
    }
  }
});

test("two wires between the same things run apart", () => {
  const parts = [part("a", "router"), part("b", "host")];
  const edges = [
    { a: "a", b: "b", label: "" },
    { a: "a", b: "b", label: "" },
  ];
  const { boxes, width, height } = placeParts(parts, edges, 704, 16);

  const [one, other] = layWires(
    boxes,
    [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
    ],
    { width, height },
  );

  expect(one?.[0]?.x).not.toBe(other?.at(-1)?.x);
});
