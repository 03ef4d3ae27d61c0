/** A learner at a lab: set-up, goals, diagnoses. Runs in the browser and in the grader alike. */

export type {
  Death,
  Diagnosis,
  Evidence,
  GoalReport,
  GradeAttempt,
  GradeReport,
  GradeRequest,
  LabWorld,
  PrepareLab,
  PreparedLab,
  PreparedTask,
} from "./contract";
export { evaluate, type Finding } from "./evaluate";
export { gradeAttempt, gradeWorld, replayAttempt } from "./grade";
export { prepareLab } from "./prepare";
export { reasonWords } from "./reason-words";
