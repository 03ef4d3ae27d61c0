/** Fields that items and labs share. */

import { z } from "zod";
import { TOPIC_IDS } from "./topics";

export const markdown = z.string().trim().min(1);
/** Names inside one item: of steps, sides of a pair, parts of a drawing. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "small letters, digits and hyphens");
/** Ids are for ever: a learner's history hangs on them. */
export const idSchema = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, "letters, digits and hyphens");
export const topic = z.enum(TOPIC_IDS);
export const objectives = z.array(z.string().regex(/^D[1-6]\.\d+$/, "D1.1 to D6.9")).min(1);
/** 1 recall … 5 analysis, as the author sees it. */
export const difficulty = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export const misconception = z.string().regex(/^M\d{2}$/, "M01 to M99");
