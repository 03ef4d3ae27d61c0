/** Reports: what a learner finds wrong with an item. Kept for whoever runs this installation (scripts/reports.ts). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Item } from "@/lib/content";
import { addReport, countReports, type Db } from "@/lib/db";
import { z } from "zod";
import { storable } from "./keepsakes";

const REPORT_TEXT_LIMIT = 1_000;
/** Of one learner on one day (UTC). */
export const REPORTS_A_DAY = 20;
const DAY = 86_400_000;

export const reportBodySchema = z.strictObject({
  item: z.string().min(1).max(100),
  rev: z.int().min(1).max(1_000_000),
  reason: z.enum(["answer", "unclear", "outdated", "source", "wording", "other"]),
  text: z
    .string()
    .trim()
    .max(REPORT_TEXT_LIMIT, `A report may have up to ${REPORT_TEXT_LIMIT} characters.`)
    .transform(storable)
    .default(""),
});
export type ReportBody = z.output<typeof reportBodySchema>;

export type ReportError = { readonly kind: "no-such-item" } | { readonly kind: "too-many-reports"; readonly limit: number };

export async function keepReport(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  body: ReportBody,
  now: Date,
): Promise<Result<void, ReportError>> {
  if (!items.some(({ id }) => id === body.item)) return fail({ kind: "no-such-item" });
  const midnight = new Date(now.getTime() - (now.getTime() % DAY));
  if ((await countReports(db, learnerId, midnight)) >= REPORTS_A_DAY) return fail({ kind: "too-many-reports", limit: REPORTS_A_DAY });
  await addReport(db, { ...body, learnerId, at: now });
  return ok(undefined);
}
