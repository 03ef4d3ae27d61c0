import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { z } from "zod";
import { PRESENTATION } from "@/app/api/bank/presentation";
import { type Item, loadItems, optionsOf } from "@/lib/content";
import { hasOneOrder } from "@/lib/content/export/portable";
import { toQti } from "@/lib/content/export/qti";
import { COMMAND, itemOf, itemSaying, LOOSE_ORDER, MATCH, NUMBER, ORDER, PLAIN, SPOT } from "./bank";

const LISTS = new Set(["resource", "qti-value", "qti-map-entry", "qti-simple-choice", "qti-modal-feedback", "qti-outcome-declaration"]);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  htmlEntities: false,
  ignoreDeclaration: true,
  isArray: (name) => LISTS.has(name),
  // What is shown is kept as it was written.
  stopNodes: ["*.qti-prompt", "*.qti-simple-choice", "*.qti-content-body"],
});

/** The parts of an item that a delivery engine goes by. */
const itemFile = z.object({
  "qti-assessment-item": z.object({
    identifier: z.string().regex(/^[A-Za-z_][\w.-]*$/),
    title: z.string(),
    "qti-response-declaration": z.object({
      identifier: z.literal("RESPONSE"),
      cardinality: z.enum(["single", "multiple"]),
      "base-type": z.literal("identifier"),
      "qti-correct-response": z.object({ "qti-value": z.array(z.string()) }),
      "qti-mapping": z
        .object({
          "lower-bound": z.literal("0"),
          "upper-bound": z.literal("1"),
          "qti-map-entry": z.array(z.object({ "map-key": z.string(), "mapped-value": z.coerce.number() })),
        })
        .optional(),
    }),
    "qti-outcome-declaration": z.array(z.object({ identifier: z.string(), cardinality: z.string() })),
    "qti-item-body": z.object({
      "qti-choice-interaction": z.object({
        "response-identifier": z.literal("RESPONSE"),
        shuffle: z.literal("true"),
        "max-choices": z.coerce.number(),
        "qti-prompt": z.string().optional(),
        "qti-simple-choice": z.array(z.object({ identifier: z.string(), "#text": z.string() })),
      }),
    }),
    "qti-response-processing": z.record(z.string(), z.unknown()),
    "qti-modal-feedback": z.array(
      z.object({
        "outcome-identifier": z.string(),
        identifier: z.string(),
        "show-hide": z.literal("show"),
        "qti-content-body": z.string(),
      }),
    ),
  }),
});
const manifestFile = z.object({
  manifest: z.object({
    metadata: z.object({ schema: z.literal("QTI Package"), schemaversion: z.literal("3.0.0") }),
    resources: z.object({
      resource: z.array(z.object({ identifier: z.string(), type: z.string(), href: z.string(), file: z.object({ href: z.string() }) })),
    }),
  }),
});

function filesOf(items: readonly Item[], presentation = PLAIN): ReadonlyMap<string, string> {
  return new Map(Object.entries(unzipSync(toQti(items, presentation))).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

function read(xml: string | undefined) {
  expect(XMLValidator.validate(xml ?? "")).toBe(true);
  return itemFile.parse(parser.parse(xml ?? ""))["qti-assessment-item"];
}

const one = (item: Item, presentation = PLAIN) => read(filesOf([item], presentation).get(`items/D4/${item.id}.xml`));

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp);/g, (whole, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name] ?? whole);

test("the manifest names every file of the package once", () => {
  const files = filesOf([itemOf("a", "a"), itemOf("2b", "ab"), itemOf("c", "a", { objectives: ["D1.1"] })]);
  const { resource } = manifestFile.parse(parser.parse(files.get("imsmanifest.xml") ?? "")).manifest.resources;

  expect([...files.keys()]).toEqual(["imsmanifest.xml", "items/D1/c.xml", "items/D4/2b.xml", "items/D4/a.xml"]);
  expect(resource.map(({ href }) => href)).toEqual([...files.keys()].slice(1));
  expect(resource.map(({ file }) => file.href)).toEqual(resource.map(({ href }) => href));
  expect(new Set(resource.map(({ type }) => type))).toEqual(new Set(["imsqti_item_xmlv3p0"]));
  expect(resource.map(({ identifier }) => identifier)).toEqual(["drydock-c", "drydock-2b", "drydock-a"]);
});

test("a single answer is matched", () => {
  const item = one(itemOf("net-1", "b"));

  expect(item["qti-response-declaration"]).toEqual({
    identifier: "RESPONSE",
    cardinality: "single",
    "base-type": "identifier",
    "qti-correct-response": { "qti-value": ["b"] },
  });
  expect(item["qti-item-body"]["qti-choice-interaction"]["max-choices"]).toBe(1);
  expect(JSON.stringify(item["qti-response-processing"])).toContain('"qti-match"');
});

test("several answers are mapped: the keys make 1, everything chosen makes 0", () => {
  const item = one(itemOf("net-1", "ace"));
  const worth = new Map(
    item["qti-response-declaration"]["qti-mapping"]?.["qti-map-entry"].map((entry) => [entry["map-key"], entry["mapped-value"]]),
  );
  const scoreOf = (chosen: string): number => [...chosen].reduce((sum, option) => sum + (worth.get(option) ?? Number.NaN), 0);

  expect(item["qti-response-declaration"].cardinality).toBe("multiple");
  expect(scoreOf("ace")).toBeCloseTo(1);
  expect(scoreOf("abcde")).toBeCloseTo(0);
  expect(scoreOf("ab")).toBeLessThan(scoreOf("a"));
  expect(JSON.stringify(item["qti-response-processing"])).toContain('"qti-map-response"');
});

test("every option that was chosen shows its reason, and every answer the sources", () => {
  const item = one(itemOf("net-1", "ab"));
  const shown = item["qti-modal-feedback"].map((feedback) => `${feedback["outcome-identifier"]} ${feedback.identifier}`);

  expect(shown).toEqual(["FEEDBACK a", "FEEDBACK b", "FEEDBACK c", "FEEDBACK d", "FEEDBACK e", "ANSWERED yes"]);
  expect(item["qti-outcome-declaration"].map(({ identifier, cardinality }) => `${identifier} ${cardinality}`)).toEqual([
    "SCORE single",
    "FEEDBACK multiple",
    "ANSWERED single",
  ]);
  expect(item["qti-modal-feedback"][1]?.["qti-content-body"]).toContain("Reason of b.");
  expect(item["qti-modal-feedback"].at(-1)?.["qti-content-body"]).toContain(
    'href="https://example.org/?a=1&amp;b=docs:engine/network/_index.md"',
  );
});

test("a stem with blocks stands before the interaction, since a prompt holds a line of text", () => {
  const [, xml = ""] = [
    ...filesOf([itemOf("net-1", "a", { stem: "Look:\n\n```\na < b && c\n\nd\n```\n\n- one\n- `two`" })], PRESENTATION).values(),
  ];

  expect(read(xml)["qti-item-body"]["qti-choice-interaction"]["qti-prompt"]).toBeUndefined();
  expect(xml).toContain(
    "<div><p>Look:</p><pre><code>a &lt; b &amp;&amp; c\n\nd</code></pre><ul><li>one</li><li><code>two</code></li></ul></div>\n    <qti-choice",
  );
});

test("any text is well-formed and comes back; what XML cannot hold is replaced", () => {
  const steering = fc.string({
    unit: fc.oneof(
      fc.constantFrom(..."<>&\"'\n\t]]>;#x\u0000\uD800\uFFFE".split("")),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(steering, (text) => {
      const said = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}").replace(/\r\n?/g, "\n");
      const item = one(itemSaying(`.${text}.`));
      const choices = item["qti-item-body"]["qti-choice-interaction"];
      expect(unescape(choices["qti-prompt"] ?? "").replace(/\r\n?/g, "\n")).toBe(`.${said}.`);
      expect(choices["qti-simple-choice"].map((choice) => unescape(choice["#text"]).replace(/\r\n?/g, "\n"))).toEqual(
        [..."abcde"].map((id) => `.${said}.${id}`),
      );
    }),
  );
});

const shaped = (item: Item): string => {
  const xml = filesOf([item]).get(`items/D4/${item.id}.xml`) ?? "";
  expect(XMLValidator.validate(xml)).toBe(true);
  return xml;
};

test("an order with one right answer is asked as one, and one with several is left out", () => {
  const xml = shaped(ORDER);

  expect(xml).toContain('cardinality="ordered" base-type="identifier"');
  expect(xml).toContain("<qti-value>x-one</qti-value><qti-value>x-two</qti-value><qti-value>x-three</qti-value>");
  expect(xml.match(/<qti-simple-choice /g)).toHaveLength(3);
  expect([...filesOf([LOOSE_ORDER, ORDER]).keys()]).toEqual(["imsmanifest.xml", "items/D4/order.xml"]);
});

test("a match is made of pairs between its two sides", () => {
  const xml = shaped(MATCH);

  expect(xml).toContain("<qti-value>x-l-a x-r-x</qti-value><qti-value>x-l-b x-r-y</qti-value><qti-value>x-l-c x-r-x</qti-value>");
  expect(xml.match(/match-max="1"/g)).toHaveLength(3);
  expect(xml).toContain('identifier="x-r-z"');
});

test("a number is equal within its tolerance, a command is one of those that are right", () => {
  expect(shaped(NUMBER)).toContain('<qti-equal tolerance-mode="absolute" tolerance="2 2">');
  expect(shaped(COMMAND)).toContain('map-key="docker network create --opt a=b shop" mapped-value="1"');
});

test("a fault in a drawing is asked by its reasons, below the drawing in words", () => {
  const item = one(SPOT);

  expect(item["qti-item-body"]["qti-choice-interaction"]["qti-prompt"]).toContain("Two hosts.");
  expect(item["qti-response-declaration"]["qti-correct-response"]["qti-value"]).toEqual(["a"]);
});

test("the whole bank is well-formed, and keys and options survive", async () => {
  const items = (await loadItems()).filter((item) => item.format !== "ord" || hasOneOrder(item));
  const files = new Map([...filesOf(items, PRESENTATION)].filter(([name]) => name.startsWith("items/")));

  expect(files.size).toBe(items.length);
  for (const [name, xml] of files) {
    expect(XMLValidator.validate(xml), name).toBe(true);
    const item = items.find(({ id }) => name.endsWith(`/${id}.xml`));
    const options = item ? optionsOf(item) : [];
    if (options.length === 0) continue;
    const exported = read(xml);
    expect(exported["qti-response-declaration"]["qti-correct-response"]["qti-value"]).toEqual(
      options.filter((option) => option.key).map((option) => option.id),
    );
    expect(exported["qti-item-body"]["qti-choice-interaction"]["qti-simple-choice"].map((choice) => choice.identifier)).toEqual(
      options.map((option) => option.id),
    );
  }
});

test("the same items make the same bytes", () => {
  const items = [itemOf("a", "a"), itemOf("b", "ab")];

  expect(toQti(items, PLAIN)).toEqual(toQti(items.toReversed(), PLAIN));
});
