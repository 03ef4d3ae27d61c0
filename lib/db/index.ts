/** What a learner did, kept (server only). Repositories give plain values and hold no rules; only this folder names Prisma. */

export { addAnswer, type AnswerMode, type AnswerRecord, listAnswers, type NewAnswer } from "./answers";
export {
  addCheckResult,
  appendEntries,
  type AppendError,
  type AttemptRecord,
  type AttemptState,
  type CheckRecord,
  createAttempt,
  findAttempt,
  lastSeq,
  latestAttempt,
  latestCheck,
  listAttempts,
  listEntries,
  type StoredEntry,
} from "./attempts";
export { type Db, openDb } from "./client";
export { createLearner, learnerExists } from "./learners";
