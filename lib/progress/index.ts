/** What a learner does: read it, decide, write it (server only). */

export {
  type AnswerBody,
  type AnswerContext,
  answerBodySchema,
  type AnswerError,
  type CommandRunner,
  type Feedback,
  inWords,
  recordAnswer,
} from "./answers";
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
export { readCalendar } from "./calendar";
export { chooseItems, shuffle } from "./choose";
export {
  type BookmarkBody,
  bookmarkBodySchema,
  keepBookmark,
  keepNote,
  type KeepsakeError,
  type Keepsakes,
  keptAt,
  type Note,
  NOTE_LIMIT,
  type NoteBody,
  noteBodySchema,
  readKeepsakes,
  readNote,
} from "./keepsakes";
export { beliefsIn, isHeld, mistakesIn, OVERCOME, type ShownBelief } from "./mistakes";
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
export { keepReport, type ReportBody, reportBodySchema, type ReportError, REPORTS_A_DAY } from "./reports";
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
export { type Day, type History, isStudied } from "./history";
export { type Course, type MasteryRow, readStanding, type Standing, type Suggestion } from "./standing";
export { exportProgress, type Imported, importProgress, PROGRESS_FILE_LIMIT, type ProgressFile, progressFileSchema } from "./moving";
export { type BankStatistics, type ItemFigures, readBankStatistics } from "./statistics";
