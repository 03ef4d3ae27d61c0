/** A lab as its file holds it. It proves itself: solutions must solve it, wrong turns must fail with their own diagnosis. */

import { z } from "zod";
import { checkSchema } from "./check-schema";
import { difficulty, idSchema, markdown, misconception, objectives, topic } from "./field-schema";

const line = z.strictObject({
  on: z.string().default("node1"),
  run: z.string().min(1),
  /** It may end with another status than 0. */
  may_fail: z.boolean().default(false),
});

const task = z.strictObject({
  id: idSchema,
  text: markdown,
  checks: z.array(checkSchema).min(1),
});

/** Something that must stay as it was: a lazy way would break it. */
const keep = z.strictObject({ id: idSchema, text: markdown, check: checkSchema });

const diagnosis = z.strictObject({ id: idSchema, when: checkSchema, misconception: misconception.optional(), say: markdown });

export const labSchema = z.strictObject({
  id: idSchema,
  rev: z.int().min(1),
  title: z.string().trim().min(1),
  kind: z.enum(["build", "fix", "predict", "explore"]),
  topic,
  objectives,
  misconceptions: z.array(misconception).default([]),
  difficulty,
  minutes: z.int().min(1),
  prerequisites: z.array(idSchema).default([]),
  /** One sentence for the list. */
  goal: markdown,
  /** What is left out on purpose, for whoever changes the lab. */
  out_of_scope: z.string().optional(),
  references: z.array(z.string()).min(1),
  story: markdown,
  /** The host whose terminal is shown first. */
  host: z.string().default("node1"),
  setup: z.array(z.strictObject({ on: z.string().default("node1"), run: z.array(z.string().min(1)) })),
  /** What must hold after the set-up: that the fault really shows. */
  starts_with: z.array(checkSchema).default([]),
  tasks: z.array(task).min(1),
  keep: z.array(keep).default([]),
  diagnose: z.array(diagnosis).default([]),
  /** By task: from a look to a worked example of another case. */
  hints: z.record(z.string(), z.array(markdown)),
  solutions: z.array(z.strictObject({ id: idSchema, run: z.array(line).min(1) })).min(1),
  wrong: z
    .array(z.strictObject({ id: idSchema, run: z.array(line).min(1), fails: z.array(idSchema).min(1), diagnosis: idSchema.optional() }))
    .default([]),
  /** Shown after success. */
  debrief: markdown,
});

export type Lab = z.infer<typeof labSchema>;
export type LabTask = z.infer<typeof task>;
