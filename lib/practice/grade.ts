/** Grades an attempt: replays its transcript on a fresh world and looks at what came of it. The only verdict that counts. */

import type { Lab } from "@/lib/content/schema";
import { World, type WorldContract } from "@/lib/sim";
import type { Diagnosis, GoalReport, GradeReport, GradeRequest } from "./contract";
import { evaluate, type Finding } from "./evaluate";
import { prepareLab } from "./prepare";

/** Replays the transcript to the instant of the question, within the limit. */
export function replayAttempt(request: GradeRequest): World {
  const prepared = prepareLab(request.lab, request.seed);
  const world = World.create({
    topology: prepared.world.topology,
    seed: request.seed,
    setup: prepared.world.setup,
    eventLimit: request.eventLimit,
  });
  for (const entry of request.entries) world.apply(entry);
  if (request.until > world.now) world.advanceTo(request.until);
  return world;
}

export function gradeAttempt(request: GradeRequest): GradeReport {
  return gradeWorld(request.lab, replayAttempt(request));
}

/**
 * Grades a world that may be spent. State is judged before behaviour is tried, and what restarts something comes last, so
 * that one goal's trial does not decide another's.
 */
export function gradeWorld(lab: Lab, world: WorldContract): GradeReport {
  const diagnosis = diagnose(lab, world);
  const goals: GoalReport[] = [
    ...lab.tasks.map((task) =>
      goalOf(
        task.id,
        task.text,
        task.checks.map((check) => evaluate(check, world)),
      ),
    ),
    ...lab.keep.map((keep) => goalOf(keep.id, keep.text, [evaluate(keep.check, world)])),
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

function diagnose(lab: Lab, world: WorldContract): Diagnosis | undefined {
  const found = lab.diagnose.find((one) => evaluate(one.when, world).holds);
  if (!found) return undefined;
  return { id: found.id, say: found.say, ...(found.misconception === undefined ? {} : { misconception: found.misconception }) };
}
