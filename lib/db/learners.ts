/** Learners: so far only an id that a signed cookie carries. */

import type { Db } from "./client";

export async function createLearner(db: Db, id: string): Promise<void> {
  await db.learner.create({ data: { id } });
}

export async function learnerExists(db: Db, id: string): Promise<boolean> {
  return (await db.learner.findUnique({ where: { id }, select: { id: true } })) !== null;
}
