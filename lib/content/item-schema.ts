/**
 * A question as its file holds it, in one of eight formats.
 *
 *     mc    one key among options               out   the same, of what a command prints or what happens: proved by the simulator
 *     mr    several keys                        spot  what is wrong in a drawn network: a part of it, and a reason
 *     ord   steps to be put in order            mat   pairs to be matched
 *     cmd   a docker command to be written      num   a number
 *
 * Whoever adds a format adds it here, to lib/practice/items (what is shown, how an answer is judged, how it proves itself) and to
 * the question card.
 */

import { z } from "zod";
import { checkSchema } from "./check-schema";
import { drawingSchema } from "./drawing-schema";
import { difficulty, idSchema, markdown, misconception, name, objectives, topic } from "./field-schema";

const letter = z.string().regex(/^[a-z]$/);
/** What must be seen when the item's world was set up and its command ran: what is printed (`…` stands for anything), or a check. */
const sight = z.union([z.strictObject({ shows: z.string() }), checkSchema]);

/**
 * How the item is executed in CI: on so many fresh hosts (node1, node2, …) the set-up runs, then the command whose output counts.
 * Of a choice item each option with `holds` must be seen when it is a key, and must not be when it is a distractor.
 */
export const proofSchema = z.strictObject({
  hosts: z.int().min(1).max(3).default(1),
  setup: z
    .array(
      z.strictObject({ on: z.string().default("node1"), run: z.array(z.string().min(1)).min(1), may_fail: z.boolean().default(false) }),
    )
    .default([]),
  /** Standard output and error of it together are what `shows` looks at. */
  run: z.strictObject({ on: z.string().default("node1"), command: z.string().min(1) }).optional(),
});

const wrongFields = {
  why: markdown,
  misconception: misconception.optional(),
  /** Of one without a misconception: the plausible neighbour that it is taken from. */
  near: z.string().optional(),
};

export const optionSchema = z.strictObject({
  id: letter,
  text: markdown,
  key: z.boolean(),
  ...wrongFields,
  holds: sight.optional(),
  refs: z.array(z.string()).optional(),
});

const common = {
  /** For ever: a learner's history hangs on it. */
  id: idSchema,
  rev: z.int().min(1),
  topic,
  objectives,
  difficulty,
  /** What the exam takes for right and what the engine of today does, where they differ. */
  truth: z.strictObject({ exam: z.string(), engine: z.string() }).optional(),
  stem: markdown,
  refs: z.array(z.string()).min(1),
  tags: z.array(z.string()).default([]),
  proof: proofSchema.optional(),
  /** Commands that it shows because the CLI refuses them. */
  refused: z.array(z.string().startsWith("docker ")).default([]),
  provenance: z.strictObject({ author: z.string(), reviewed_by: z.string().optional(), method: z.literal("original-from-docs") }),
};

const choiceFields = {
  /** Every option can be judged alone, so the item can be asked one option at a time. */
  one_by_one: z.boolean().default(false),
  options: z.array(optionSchema).min(3),
};

const choice = z.strictObject({ ...common, format: z.enum(["mc", "mr"]), ...choiceFields });
const predict = z.strictObject({ ...common, format: z.literal("out"), ...choiceFields, proof: proofSchema });

const order = z.strictObject({
  ...common,
  format: z.literal("ord"),
  /** In an order that is right. */
  steps: z
    .array(z.strictObject({ id: name, text: markdown, why: markdown }))
    .min(3)
    .max(8),
  /** `[a, b]`: a must come before b. All orders that keep these are right. */
  before: z.array(z.tuple([name, name])).min(2),
});

const match = z.strictObject({
  ...common,
  format: z.literal("mat"),
  left: z
    .array(z.strictObject({ id: name, text: markdown, match: name, why: markdown }))
    .min(3)
    .max(8),
  /** May hold more than are matched, and one may match several. */
  right: z
    .array(z.strictObject({ id: name, text: markdown }))
    .min(3)
    .max(10),
});

const command = z.strictObject({
  ...common,
  format: z.literal("cmd"),
  /** On which host it is typed: the prompt that is shown. */
  host: z.string().default("node1"),
  /** Commands that are right. The first is the one shown as the answer. */
  accept: z.array(z.string().startsWith("docker ")).min(1),
  /** What must hold after the command on the proof's world. With these the effect counts; without them the command's own form. */
  checks: z.array(checkSchema).default([]),
  why: markdown,
  /** Known wrong turns, and what is said to them. */
  wrong: z.array(z.strictObject({ command: z.string().min(1), ...wrongFields })).min(1),
});

const number = z.strictObject({
  ...common,
  format: z.literal("num"),
  answer: z.number(),
  tolerance: z.number().min(0).default(0),
  /** Shown behind the field: `bytes`, `addresses`. */
  unit: z.string().default(""),
  why: markdown,
  wrong: z.array(z.strictObject({ value: z.number(), ...wrongFields })).default([]),
  /** Where the proof's output holds the number: a regular expression with one group. */
  reads: z.string().optional(),
});

const spot = z.strictObject({
  ...common,
  format: z.literal("spot"),
  drawing: drawingSchema,
  /** The part or link where the fault lies. */
  fault: name,
  why: markdown,
  /** Reasons, one of them right. */
  options: z.array(optionSchema).min(3),
});

export const itemSchema = z.discriminatedUnion("format", [choice, predict, order, match, command, number, spot]);

export type Option = z.infer<typeof optionSchema>;
export type Proof = z.infer<typeof proofSchema>;
export type Sight = z.infer<typeof sight>;
export type Item = z.infer<typeof itemSchema>;
export type ItemFormat = Item["format"];
export type ItemOf<F extends ItemFormat> = Extract<Item, { readonly format: F }>;
export type ChoiceItem = Extract<Item, { readonly format: "mc" | "mr" | "out" }>;

export function isChoice(item: Item): item is ChoiceItem {
  return item.format === "mc" || item.format === "mr" || item.format === "out";
}

/** What can be chosen: options, or the reasons of a drawn fault; nothing where the answer is another. */
export function optionsOf(item: Item): readonly Option[] {
  return isChoice(item) || item.format === "spot" ? item.options : [];
}
