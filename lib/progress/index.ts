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
