/** What learners find wrong with items, for whoever runs this installation. */

import type { Db } from "./client";
import type { ReportReason } from "./generated/sqlite/enums.ts";

export type { ReportReason };

export type ReportRecord = {
  readonly item: string;
  readonly rev: number;
  readonly reason: ReportReason;
  readonly text: string;
  readonly at: Date;
};

export async function addReport(db: Db, report: ReportRecord & { readonly learnerId: string }): Promise<void> {
  await db.report.create({ data: report });
}

/** How many a learner has sent since then. */
export async function countReports(db: Db, learnerId: string, since: Date): Promise<number> {
  return db.report.count({ where: { learnerId, at: { gte: since } } });
}

/** Everybody's, of one item or of all: by item, then in order of time. Nobody is named. */
export async function listReports(db: Db, item?: string): Promise<readonly ReportRecord[]> {
  return db.report.findMany({
    where: item === undefined ? {} : { item },
    orderBy: [{ item: "asc" }, { id: "asc" }],
    select: { item: true, rev: true, reason: true, text: true, at: true },
  });
}
