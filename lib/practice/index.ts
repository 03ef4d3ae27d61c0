/** A learner at a lab: set-up, goals, diagnoses. Runs in the browser and in the grader alike. */

export type {
  Death,
  Diagnosis,
  Evidence,
  GoalReport,
  GradeReport,
  GradeRequest,
  LabWorld,
  PreparedLab,
  PreparedTask,
} from "./contract";
export { evaluate, type Finding } from "./evaluate";
export { gradeAttempt } from "./grade";
export { nextSeed } from "./next-seed";
export { prepareLab } from "./prepare";
export { reasonWords } from "./reason-words";
