/** What the files of content/ must be like. An unknown key is refused; references are resolved by the content check. */

import { z } from "zod";
import { difficulty, idSchema, markdown, misconception, objectives, topic } from "./field-schema";

export { type Check, checkSchema } from "./check-schema";
export { type Lab, labSchema, type LabTask } from "./lab-schema";

export const optionSchema = z.strictObject({
  id: z.string().regex(/^[a-z]$/),
  text: markdown,
  key: z.boolean(),
  /** Why it is right, or which belief it comes from and what would make it right. */
  why: markdown,
  /** Of a wrong one: the documented misconception. */
  misconception: misconception.optional(),
  /** Of a wrong one without: the plausible neighbour that it is taken from. */
  near: z.string().optional(),
  refs: z.array(z.string()).optional(),
});

export const itemSchema = z.strictObject({
  id: idSchema,
  rev: z.int().min(1),
  /** `mc`: one key. `mr`: several. */
  format: z.enum(["mc", "mr"]),
  topic,
  objectives,
  difficulty,
  /** What the exam takes for right and what the engine of today does, where they differ. */
  truth: z.strictObject({ exam: z.string(), engine: z.string() }).optional(),
  stem: markdown,
  /** Every option can be judged alone, so the item can be asked one option at a time. */
  one_by_one: z.boolean().default(false),
  options: z.array(optionSchema).min(3),
  refs: z.array(z.string()).min(1),
  tags: z.array(z.string()).default([]),
  provenance: z.strictObject({ author: z.string(), reviewed_by: z.string().optional(), method: z.literal("original-from-docs") }),
});

export type Option = z.infer<typeof optionSchema>;
export type Item = z.infer<typeof itemSchema>;
