/** What a learner does: read it, decide, write it (server only). */

export { type AnswerBody, answerBodySchema, type AnswerError, type Feedback, type Question, recordAnswer, toQuestion } from "./answers";
export {
  type AttemptError,
  type AttemptView,
  checkAttempt,
  currentAttempt,
  type GradeFailure,
  type Grader,
  readAttempt,
  recordEntries,
  startAttempt,
} from "./attempts";
export { chooseItems, shuffle } from "./choose";
export { type LabStanding, type LabState, type Overview, readOverview, summarise, type TopicStanding } from "./overview";
export { checkBodySchema, type EntriesBody, entriesBodySchema, type NumberedEntry, TRANSCRIPT_LIMITS } from "./transcript";
export {
  EXAM_FORMS,
  type Ask,
  closeExam,
  type ExamError,
  type ExamView,
  readExam,
  replyBodySchema,
  type ReplyBody,
  replyInExam,
  shortfallOf,
  startBodySchema,
  startExam,
  viewOf,
} from "./exams";
export { compareObjectives, type ExamReport, type ExamResult, listResults, type ReportItem, reportOf, type Share } from "./exam-report";
export {
  changeGrade,
  gradeBodySchema,
  readDesk,
  recordReview,
  reviewBodySchema,
  type ReviewBody,
  type ReviewDesk,
  type Reviewed,
  type ReviewError,
  type ReviewTask,
  undoReview,
} from "./reviews";
export { settingsBodySchema } from "./settings";
export { CALENDAR_DAYS, type MasteryRow, readStanding, type Standing, type Suggestion } from "./standing";
export { exportProgress, type Imported, importProgress, PROGRESS_FILE_LIMIT, type ProgressFile, progressFileSchema } from "./moving";
