/** Grades an attempt: replays its transcript on a fresh world and looks at what came of it. The only verdict that counts. */

import { drawLab } from "@/lib/content/draw-lab";
import type { DrawnLab } from "@/lib/content/schema";
import { World, type WorldContract, type WorldSnapshot } from "@/lib/sim";
import type { Diagnosis, GoalReport, GradeReport, GradeRequest } from "./contract";
import { evaluate, type Finding } from "./evaluate";
import { worldOf } from "./prepare";

/** An attempt at the instant of grading. */
export type Attempt = {
  /** A copy of its world, to be spent. Each call makes another, equal one. */
  readonly world: () => WorldContract;
  /** The world before the first input. */
  readonly start: () => WorldSnapshot;
};

export function gradeAttempt(request: GradeRequest): GradeReport {
  const lab = drawLab(request.lab, request.seed);
  return gradeDrawn(lab, { world: () => replay(lab, request), start: () => startOf(lab, request.seed, request.eventLimit).snapshot() });
}

/** To the instant of the question, within the limit. */
function replay(lab: DrawnLab, { seed, entries, until, eventLimit }: GradeRequest): World {
  const world = startOf(lab, seed, eventLimit);
  for (const entry of entries) world.apply(entry);
  if (until > world.now) world.advanceTo(until);
  return world;
}

/** The world of a drawn lab, set up and not yet touched. */
export function startOf(lab: DrawnLab, seed: string, eventLimit?: number): World {
  return World.create({ ...worldOf(lab), seed, ...(eventLimit === undefined ? {} : { eventLimit }) });
}

/**
 * All goals are judged on one copy of the world: state first is the lab author's affair, and a probe leaves no more than entries
 * in tables. What restarts something is tried on a copy of its own.
 */
export function gradeDrawn(lab: DrawnLab, attempt: Attempt): GradeReport {
  const world = attempt.world();
  let snapshot: WorldSnapshot | undefined;
  const more = { copy: attempt.world, start: () => (snapshot ??= attempt.start()) };
  const look = (check: Parameters<typeof evaluate>[0]): Finding => evaluate(check, world, more);

  const diagnosis = diagnose(lab, look);
  const goals = [
    ...lab.tasks.map((task) => goalOf(task.id, task.text, task.checks.map(look))),
    ...lab.keep.map((keep) => goalOf(keep.id, keep.text, [look(keep.check)])),
  ];
  const passed = goals.every((goal) => goal.status === "pass");
  return { passed, goals, ...(diagnosis && !passed ? { diagnosis } : {}) };
}

function goalOf(id: string, text: string, findings: readonly Finding[]): GoalReport {
  const failed = findings.find((finding) => !finding.holds);
  if (!failed || failed.holds) return { id, text, status: "pass" };
  return {
    id,
    text,
    status: failed.blocked ? "blocked" : "fail",
    evidence: failed.evidence,
    ...(failed.death ? { death: failed.death } : {}),
  };
}

function diagnose(lab: DrawnLab, look: (check: DrawnLab["diagnose"][number]["when"]) => Finding): Diagnosis | undefined {
  const found = lab.diagnose.find((one) => look(one.when).holds);
  if (!found) return undefined;
  return { id: found.id, say: found.say, ...(found.misconception === undefined ? {} : { misconception: found.misconception }) };
}
