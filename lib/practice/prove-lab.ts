/**
 * A lab proves itself (style D4): its start shows the fault and is not solved, each solution solves it the same way twice, and
 * each wrong turn fails exactly as it says.
 */

import type { Lab } from "@/lib/content/schema";
import { World } from "@/lib/sim";
import type { GradeReport } from "./contract";
import { evaluate } from "./evaluate";
import { gradeWorld } from "./grade";
import { prepareLab } from "./prepare";

/** What is wrong, and at which path of the lab's file. */
export type LabFault = { readonly path: readonly PropertyKey[]; readonly message: string };

type Line = Lab["solutions"][number]["run"][number];

export function proveLab(lab: Lab, seeds: readonly string[]): readonly LabFault[] {
  return seeds.flatMap((seed) => proveOnce(lab, seed));
}

function proveOnce(lab: Lab, seed: string): LabFault[] {
  const faults: LabFault[] = [];
  const fresh = (): World => {
    const prepared = prepareLab(lab, seed);
    return World.create({ topology: prepared.world.topology, seed, setup: prepared.world.setup });
  };

  const start = fresh();
  lab.starts_with.forEach((check, index) => {
    const finding = evaluate(check, start);
    if (!finding.holds)
      faults.push({
        path: ["starts_with", index],
        message: `does not hold at the start: ${finding.evidence.object}: ${finding.evidence.found}`,
      });
  });
  const untouched = gradeWorld(lab, fresh());
  lab.tasks.forEach((task, index) => {
    if (statusOf(untouched, task.id) === "pass")
      faults.push({ path: ["tasks", index], message: `the task ${task.id} is solved before anything was done` });
  });
  lab.keep.forEach((keep, index) => {
    if (statusOf(untouched, keep.id) !== "pass") faults.push({ path: ["keep", index], message: `${keep.id} does not hold at the start` });
  });

  lab.solutions.forEach((solution, index) => {
    const path = ["solutions", index];
    const first = play(fresh(), solution.run, path, faults);
    const second = play(fresh(), solution.run, path, []);
    if (!first || !second) return;
    const report = gradeWorld(lab, first);
    for (const goal of report.goals) {
      if (goal.status !== "pass")
        faults.push({
          path,
          message: `the solution ${solution.id} does not solve ${goal.id}: ${goal.evidence?.object}: expected ${goal.evidence?.expected}, found ${goal.evidence?.found}`,
        });
    }
    if (JSON.stringify(report) !== JSON.stringify(gradeWorld(lab, second)))
      faults.push({ path, message: `the solution ${solution.id} is graded differently the second time` });
  });

  lab.wrong.forEach((wrong, index) => {
    const path = ["wrong", index];
    const world = play(fresh(), wrong.run, path, faults);
    if (!world) return;
    const report = gradeWorld(lab, world);
    const failed = report.goals.filter((goal) => goal.status !== "pass").map((goal) => goal.id);
    if ([...failed].sort().join() !== [...wrong.fails].sort().join())
      faults.push({
        path: [...path, "fails"],
        message: `the wrong turn ${wrong.id} fails ${failed.join(", ") || "nothing"}, not ${wrong.fails.join(", ")}`,
      });
    if (report.diagnosis?.id !== wrong.diagnosis)
      faults.push({
        path: [...path, "diagnosis"],
        message: `the wrong turn ${wrong.id} is diagnosed as ${report.diagnosis?.id ?? "nothing"}, not ${wrong.diagnosis ?? "nothing"}`,
      });
  });
  return faults;
}

function play(world: World, lines: readonly Line[], path: readonly PropertyKey[], faults: LabFault[]): World | undefined {
  for (const [index, line] of lines.entries()) {
    const result = world.run(line.on, line.run, { limitSeconds: 120 });
    if (result.status !== 0 && !line.may_fail) {
      faults.push({
        path: [...path, "run", index],
        message: `ends with status ${result.status}: ${result.stderr.trim() || result.stdout.trim()}`,
      });
      return undefined;
    }
  }
  return world;
}

function statusOf(report: GradeReport, goal: string): string | undefined {
  return report.goals.find((one) => one.id === goal)?.status;
}
