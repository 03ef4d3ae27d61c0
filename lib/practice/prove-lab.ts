/**
 * A lab proves itself (style D4), each of its variants: its start shows the fault and is not solved, each solution solves it the
 * same way twice, and each wrong turn fails exactly as it says. Further seeds prove start and solutions with other values.
 */

import { drawLab, LabPatternFault, variantsOf } from "@/lib/content/draw-lab";
import type { DrawnLab, Lab, LabLine } from "@/lib/content/schema";
import { InvariantViolation, type World, type WorldSnapshot } from "@/lib/sim";
import type { GradeReport } from "./contract";
import { evaluate } from "./evaluate";
import { gradeDrawn, startOf } from "./grade";
import { proveStory } from "./prove-story";

/** What is wrong, and at which path of the lab's file. */
export type LabFault = { readonly path: readonly PropertyKey[]; readonly message: string };

export function proveLab(lab: Lab, seeds: readonly string[]): readonly LabFault[] {
  const faults = variantsOf(lab).flatMap((variant) =>
    seeds.flatMap((seed, index) =>
      proveVariant(lab, variant, seed, index).map(({ path, message }) => ({
        path,
        message: variant === "" ? message : `${variant}: ${message}`,
      })),
    ),
  );
  return faults.filter((fault, index) => faults.findIndex(({ message }) => message === fault.message) === index);
}

function proveVariant(lab: Lab, variant: string, seed: string, turn: number): LabFault[] {
  let drawn: DrawnLab;
  try {
    drawn = drawLab(lab, seed, variant);
  } catch (error) {
    // The check of the file says more about it.
    if (error instanceof InvariantViolation || error instanceof LabPatternFault) return [{ path: [], message: "it cannot be drawn" }];
    throw error;
  }
  let start: World;
  try {
    start = startOf(drawn, seed);
  } catch (error) {
    if (error instanceof InvariantViolation) return [{ path: ["setup"], message: error.message }];
    throw error;
  }
  const snapshot = start.snapshot();
  const stage: Stage = { lab: drawn, seed, start: () => snapshot };
  // Another seed brings other values: they must not change what solves the lab.
  return turn === 0
    ? [...proveStart(stage, start), ...proveSolutions(stage, 2), ...proveWrongTurns(stage)]
    : [...proveStart(stage, start), ...proveSolutions(stage, 1)];
}

/** A drawn lab and its start, which many plays are compared with. */
type Stage = { readonly lab: DrawnLab; readonly seed: string; readonly start: () => WorldSnapshot };

/** `start`: a world of the lab, to be spent. */
function proveStart(stage: Stage, start: World): LabFault[] {
  const { lab, seed } = stage;
  const faults: LabFault[] = [];
  lab.starts_with.forEach((check, index) => {
    const finding = evaluate(check, start, { copy: () => startOf(lab, seed) });
    if (!finding.holds)
      faults.push({
        path: ["starts_with", index],
        message: `does not hold at the start: ${finding.evidence.object}: ${finding.evidence.found}`,
      });
  });
  for (const message of proveStory(lab, () => startOf(lab, seed))) faults.push({ path: ["story"], message });
  const { report } = playAndGrade(stage, []);
  lab.tasks.forEach((task, index) => {
    if (statusOf(report, task.id) === "pass")
      faults.push({ path: ["tasks", index], message: `the task ${task.id} is solved before anything was done` });
  });
  lab.keep.forEach((keep, index) => {
    if (statusOf(report, keep.id) !== "pass") faults.push({ path: ["keep", index], message: `${keep.id} does not hold at the start` });
  });
  return faults;
}

function proveSolutions(stage: Stage, times: 1 | 2): LabFault[] {
  return stage.lab.solutions.flatMap((solution, index) => {
    const path = ["solutions", index];
    const { failed, report } = playAndGrade(stage, solution.run);
    if (failed) return [{ path: [...path, "run", failed.line], message: failed.message }];
    const faults: LabFault[] = report.goals.flatMap(({ id, status, evidence }) =>
      status === "pass"
        ? []
        : {
            path,
            message: `the solution ${solution.id} does not solve ${id}: ${evidence?.object}: expected ${evidence?.expected}, found ${evidence?.found}`,
          },
    );
    if (times === 2 && JSON.stringify(report) !== JSON.stringify(playAndGrade(stage, solution.run).report))
      faults.push({ path, message: `the solution ${solution.id} is graded differently the second time` });
    return faults;
  });
}

function proveWrongTurns(stage: Stage): LabFault[] {
  return stage.lab.wrong.flatMap((wrong, index) => {
    const path = ["wrong", index];
    const { failed, report } = playAndGrade(stage, linesOf(stage.lab, wrong));
    if (failed) return [{ path: [...path, "run"], message: `the wrong turn ${wrong.id}: ${failed.message}` }];
    const faults: LabFault[] = [];
    const missed = report.goals.filter((goal) => goal.status !== "pass").map((goal) => goal.id);
    if ([...missed].sort().join() !== [...wrong.fails].sort().join())
      faults.push({
        path: [...path, "fails"],
        message: `the wrong turn ${wrong.id} fails ${missed.join(", ") || "nothing"}, not ${wrong.fails.join(", ")}`,
      });
    if (report.diagnosis?.id !== wrong.diagnosis)
      faults.push({
        path: [...path, "diagnosis"],
        message: `the wrong turn ${wrong.id} is diagnosed as ${report.diagnosis?.id ?? "nothing"}, not ${wrong.diagnosis ?? "nothing"}`,
      });
    return faults;
  });
}

/** Its own lines, after those of the solution that it begins as, with its replacements. */
export function linesOf(lab: DrawnLab, wrong: DrawnLab["wrong"][number]): readonly LabLine[] {
  const base = lab.solutions.find(({ id }) => id === wrong.from)?.run ?? [];
  const replaced = base.flatMap((line): LabLine[] => {
    const run = Object.entries(wrong.replace).reduce((text, [from, to]) => text.replace(from, () => to), line.run);
    return run.trim() === "" ? [] : [{ ...line, run }];
  });
  return [...replaced, ...wrong.run];
}

/** Runs the lines on a world of the lab and grades it. `failed`: the first line that ends badly without leave; later ones did not run. */
function playAndGrade({ lab, seed, start }: Stage, lines: readonly LabLine[]): { readonly failed?: Failed; readonly report: GradeReport } {
  const first = play(lab, seed, lines);
  let spare: World | undefined = first.world;
  const world = (): World => {
    const next = spare ?? play(lab, seed, lines).world;
    spare = undefined;
    return next;
  };
  const report = gradeDrawn(lab, { world, start });
  return { report, ...(first.failed ? { failed: first.failed } : {}) };
}

type Failed = { readonly line: number; readonly message: string };

function play(lab: DrawnLab, seed: string, lines: readonly LabLine[]): { readonly world: World; readonly failed?: Failed } {
  const world = startOf(lab, seed);
  for (const [index, line] of lines.entries()) {
    const result = world.run(line.on, line.run, { limitSeconds: 120 });
    if (result.status !== 0 && !line.may_fail) {
      const said = result.stderr.trim() || result.stdout.trim();
      return { world, failed: { line: index, message: `${line.run}: status ${result.status}: ${said}` } };
    }
  }
  return { world };
}

function statusOf(report: GradeReport, goal: string): string | undefined {
  return report.goals.find((one) => one.id === goal)?.status;
}
