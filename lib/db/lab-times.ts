/** When something was typed in a learner's labs, by each lab's own clock: it is the same wherever the transcript was moved to. */

import type { Db } from "./client";

export type LabTimes = {
  readonly startedAt: Date;
  /** Of the entries, in their order. In microseconds of the lab's time, which stands still while its page is closed. */
  readonly times: readonly number[];
};

export async function listLabTimes(db: Db, learnerId: string): Promise<readonly LabTimes[]> {
  const attempts = await db.attempt.findMany({
    where: { learnerId },
    orderBy: [{ startedAt: "asc" }, { id: "asc" }],
    select: { startedAt: true, entries: { orderBy: { seq: "asc" }, select: { payload: true } } },
  });
  return attempts.map(({ startedAt, entries }) => ({
    startedAt,
    times: entries.map(({ payload }) => (JSON.parse(payload) as { readonly at: number }).at),
  }));
}
