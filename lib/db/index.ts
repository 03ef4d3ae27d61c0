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
export { type BookmarkCopy, type BookmarkRecord, listBookmarks, readBookmarks, writeBookmark } from "./bookmarks";
export { type Db, openDb } from "./client";
export {
  addReply,
  createExam,
  endExam,
  type ExamItemRecord,
  type ExamKind,
  type ExamRecord,
  type ExamReplyRecord,
  type ExamState,
  findExam,
  listExams,
  listReplies,
} from "./exams";
export { type Pool, type PooledAnswer, type PooledExam, readPool, readPoolVersion } from "./item-statistics";
export { type LabTimes, listLabTimes } from "./lab-times";
export { createLearner, DEFAULT_SETTINGS, learnerExists, readSettings, type Settings, writeSettings } from "./learners";
export { type Everything, mergeEverything, type Merged, readEverything } from "./moving";
export { findNote, listNotes, type NoteChanged, type NoteCopy, type NoteRecord, readNotes, versionOf, writeNote } from "./notes";
export { addReport, countReports, listReports, type ReportReason, type ReportRecord } from "./reports";
export {
  addReviews,
  type CardKind,
  lastReviewedAnswer,
  listReviews,
  type NewReview,
  regrade,
  removeReviews,
  type ReviewRecord,
} from "./reviews";
