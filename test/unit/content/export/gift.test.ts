import fc from "fast-check";
import { type GIFTQuestion, type MultipleChoice, parse } from "gift-pegjs";
import { expect, test } from "vitest";
import { PRESENTATION } from "@/app/api/bank/presentation";
import { loadItems, optionsOf } from "@/lib/content";
import { escapeGift, toGift } from "@/lib/content/export/gift";
import { escapeMarkup } from "@/lib/content/export/markup";
import { COMMAND, itemOf, itemSaying, MATCH, NUMBER, ORDER, PLAIN } from "./bank";

const choicesIn = (gift: string): readonly MultipleChoice[] => parse(gift).filter((one): one is MultipleChoice => one.type === "MC");

function only(gift: string): MultipleChoice {
  const [question, ...more] = choicesIn(gift);
  if (!question || more.length > 0) throw new Error("not one question");
  return question;
}

/** What Moodle makes of escaped text (question/format/gift: escapedchar_pre, escapedchar_post). */
function unescapeAsMoodle(text: string): string {
  const codes: readonly (readonly [string, string, string])[] = [
    ["\\:", "&&058;", ":"],
    ["\\#", "&&035;", "#"],
    ["\\=", "&&061;", "="],
    ["\\{", "&&123;", "{"],
    ["\\}", "&&125;", "}"],
    ["\\~", "&&126;", "~"],
    ["\\n", "&&010;", "\n"],
  ];
  let read = text.replaceAll("\\\\", "&&092;");
  for (const [escaped, code] of codes) read = read.replaceAll(escaped, () => code);
  expect(read).not.toMatch(/[~=#{}:]/);
  read = read.replaceAll("&&092;", () => "\\");
  for (const [, code, character] of codes) read = read.replaceAll(code, () => character);
  return read;
}

/** Full of what steers GIFT. */
const steering = fc.string({
  unit: fc.oneof(fc.constantFrom(..."~=#{}:\\%/[]->\n\r &<>n$".split("")), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
});

test("what is escaped says nothing to GIFT and reads back as it was", () => {
  fc.assert(fc.property(steering, (text) => unescapeAsMoodle(escapeGift(escapeMarkup(text))) === escapeMarkup(text)));
});

test("any text in any place comes back from another's parser", () => {
  fc.assert(
    fc.property(steering, fc.constantFrom("a", "abc"), (text, keys) => {
      const said = escapeMarkup(`.${text}.`).replace(/\r\n?|\n/g, "&#10;");
      const question = only(toGift([itemSaying(`.${text}.`, keys)], PLAIN));
      expect(question.stem).toEqual({ format: "html", text: said });
      expect(question.choices.map((choice) => choice.text)).toEqual([..."abcde"].map((id) => ({ format: "html", text: `${said}${id}` })));
      expect(question.choices.map((choice) => choice.feedback)).toEqual([..."abcde"].map(() => ({ format: "html", text: said })));
    }),
  );
});

test("a single answer has one option that is right and no weights", () => {
  const question = only(toGift([itemOf("net-1", "b")], PLAIN));

  expect(question.choices.map((choice) => choice.isCorrect)).toEqual([false, true, false, false, false]);
  expect(question.choices.map((choice) => choice.weight)).toEqual([null, null, null, null, null]);
});

test.each([
  ["ab", [50, 50, -33.33333, -33.33333, -33.33333]],
  ["abc", [33.33333, 33.33333, 33.33333, -50, -50]],
])("of several answers %s give 100 together and the others take it away", (keys, weights) => {
  const question = only(toGift([itemOf("net-1", keys)], PLAIN));

  expect(question.choices.map((choice) => choice.weight)).toEqual(weights);
});

test("an item of several answers with one key is still one of several answers", () => {
  const question = only(toGift([itemOf("net-1", "a", { format: "mr" })], PLAIN));

  expect(question.choices.map((choice) => choice.weight)).toEqual([100, -25, -25, -25, -25]);
});

test("categories are domains and objectives in the blueprint's order; a slash in a name is doubled", () => {
  const items = [
    itemOf("x", "a", { objectives: ["D4.10"] }),
    itemOf("y", "a", { objectives: ["D4.5", "D1.2"] }),
    itemOf("z", "a", { objectives: ["D1.2"] }),
  ];
  const titles = parse(toGift(items, PLAIN)).map((one: GIFTQuestion) => one.title?.trim());

  expect(titles).toEqual([
    "$course$/top/Drydock/D1 Orchestration/D1.2 Turn docker run workloads into services",
    "z",
    "$course$/top/Drydock/D4 Networking/D4.5 Publish a port",
    "y",
    "$course$/top/Drydock/D4 Networking/D4.10 Deploy a service on an overlay",
    "x",
  ]);
});

test("the question's comment tells Moodle its id and tags, and the general feedback its sources and both truths", () => {
  const question = only(toGift([itemOf("net-1", "a", { tags: ["dns"], truth: { exam: "then", engine: "now" } })], PLAIN));

  expect(question.id).toBe("net-1");
  expect(question.tags).toEqual(["T01", "D4.1", "difficulty-1", "dns"]);
  expect(question.globalFeedback?.text).toMatch(/then.*now.*<a href="https:\/\/example\.org\/\?a=1&amp;b=docs:engine/);
});

test("a match has its pairs, and right sides that fit nowhere stand alone", () => {
  const [question] = parse(toGift([MATCH], PLAIN)).filter((one) => one.type === "Matching");

  expect(question?.matchPairs.map(({ subquestion, subanswer }) => `${subquestion.text}>${subanswer}`)).toEqual([
    "left a>right x",
    "left b>right y",
    "left c>right x",
    ">right z",
  ]);
});

test("a number is asked with its tolerance", () => {
  const [question] = parse(toGift([NUMBER], PLAIN)).filter((one) => one.type === "Numerical");

  expect(question?.choices).toMatchObject([{ isCorrect: true, text: { type: "range", number: 1450, range: 2 } }]);
});

test("a command is answered by any of those that are right", () => {
  const [question] = parse(toGift([COMMAND], PLAIN)).filter((one) => one.type === "Short");

  expect(question?.choices.map(({ text }) => text.text)).toEqual([
    "docker network create -o a=b shop",
    "docker network create --opt a=b shop",
  ]);
});

test("an order has no place in GIFT, and the head of the file says so", () => {
  const gift = toGift([ORDER, NUMBER], PLAIN);

  expect(gift).toMatch(/^\/\/ Drydock, 1 questions, without 1 whose answer is an order/);
  expect(parse(gift).filter((one) => one.type !== "Category")).toHaveLength(1);
});

test("the whole bank comes back: every item that is chosen from, its options in order, its keys", async () => {
  const items = (await loadItems()).filter(({ format }) => format !== "ord");
  const all = parse(toGift(items, PRESENTATION)).filter((one) => one.type !== "Category" && one.type !== "Description");
  const questions = new Map(choicesIn(toGift(items, PRESENTATION)).map((question) => [question.title, question]));

  expect(new Set(all.map(({ title }) => title))).toEqual(new Set(items.map(({ id }) => id)));
  for (const item of items) {
    const options = optionsOf(item);
    const choices = questions.get(item.id)?.choices ?? [];
    expect(choices.map((choice) => choice.isCorrect || (choice.weight ?? 0) > 0)).toEqual(options.map((option) => option.key));
    expect(choices.map((choice) => choice.text.text)).toEqual(
      options.map((option) => PRESENTATION.markup(option.text).xhtml.replaceAll("\n", "&#10;")),
    );
    expect(choices.map((choice) => choice.feedback?.text)).toEqual(
      options.map((option) => PRESENTATION.markup(option.why).xhtml.replaceAll("\n", "&#10;")),
    );
  }
});
