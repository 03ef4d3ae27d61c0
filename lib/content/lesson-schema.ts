/** A lesson: Markdown with a head of facts. Its console blocks are run by the content check. */

import { z } from "zod";
import type { Drawing } from "./drawing-schema";
import { idSchema, objectives, topic } from "./field-schema";

export const lessonHeadSchema = z.strictObject({
  id: idSchema,
  rev: z.int().min(1),
  title: z.string().trim().min(1),
  topic,
  objectives,
  minutes: z.int().min(1),
  /** One sentence for the list. */
  about: z.string().trim().min(1),
  prerequisites: z.array(idSchema).default([]),
  /** Three items to take at the end. */
  items: z.array(idSchema).length(3),
  /** The lab to do at the end: the one that fits it best. */
  lab: idSchema,
  /** Commands that it shows because the CLI refuses them. */
  refused: z.array(z.string().startsWith("docker ")).default([]),
  references: z.array(z.string()).min(1),
});

export type LessonHead = z.infer<typeof lessonHeadSchema>;

/** A console block: lines typed on hosts, each with what it prints. */
export type ConsoleStep = {
  readonly host: string;
  readonly command: string;
  readonly output: readonly string[] /** In the lesson's file, from 1. */;
  readonly line: number;
};

/** `run`: played by the check, in the order of the lesson, on one world. `later`: needs what is not simulated yet. */
export type ConsoleBlock = { readonly mode: "run" | "later"; readonly steps: readonly ConsoleStep[]; readonly line: number };

export type Lesson = LessonHead & {
  /** Markdown without the head. */ readonly body: string;
  readonly blocks: readonly ConsoleBlock[] /** In their order. */;
  readonly drawings: readonly Drawing[];
};
