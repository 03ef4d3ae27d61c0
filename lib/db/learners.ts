/** Learners: an id that a signed cookie carries, and what they set. */

import type { Db } from "./client";

export type Settings = {
  readonly reviewsPerDay: number;
  /** In percent. */
  readonly passMark: number;
};

export const DEFAULT_SETTINGS: Settings = { reviewsPerDay: 40, passMark: 65 };

export async function createLearner(db: Db, id: string): Promise<void> {
  await db.learner.create({ data: { id } });
}

export async function learnerExists(db: Db, id: string): Promise<boolean> {
  return (await db.learner.findUnique({ where: { id }, select: { id: true } })) !== null;
}

export async function readSettings(db: Db, learnerId: string | undefined): Promise<Settings> {
  if (learnerId === undefined) return DEFAULT_SETTINGS;
  return (await db.learner.findUnique({ where: { id: learnerId }, select: { reviewsPerDay: true, passMark: true } })) ?? DEFAULT_SETTINGS;
}

export async function writeSettings(db: Db, learnerId: string, settings: Partial<Settings>): Promise<Settings> {
  return db.learner.update({ where: { id: learnerId }, data: settings, select: { reviewsPerDay: true, passMark: true } });
}
