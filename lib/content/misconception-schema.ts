/** A belief that is wrong and common, in words: what distractors and diagnoses refer to by its number. */

import { z } from "zod";
import { markdown, misconception, topic } from "./field-schema";

export const misconceptionSchema = z.strictObject({
  id: misconception,
  topic,
  /** The belief as who holds it would say it. One sentence. */
  belief: markdown,
  /** What is so instead, and how one sees it. One to three sentences. */
  truth: markdown,
  refs: z.array(z.string()).min(1),
});

export type Misconception = z.infer<typeof misconceptionSchema>;
