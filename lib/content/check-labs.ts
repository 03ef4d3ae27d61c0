/**
 * The check of labs, as far as it needs no simulator: every variant follows the schema, ids and references lead somewhere, each goal
 * can fail, and no hint is a solution. (That a lab proves itself is practice's affair.)
 */

import type { Say } from "./check-common";
import { parseContent } from "./document";
import { fillLab, LabPatternFault, variantsOf } from "./draw-lab";
import { drawnBodySchema } from "./lab-schema";
import type { Located } from "./load";
import type { DrawnLab, Lab } from "./schema";

type Form = Omit<DrawnLab, keyof Lab | "variant">;

/** `labIds`: those that there are. `beliefs`: the misconceptions that are catalogued. */
export function checkLab(located: Located<Lab>, labIds: ReadonlySet<string>, beliefs: ReadonlySet<string>, say: Say): void {
  const lab = located.value;
  lab.prerequisites.forEach((id, index) => {
    if (!labIds.has(id)) say(located, ["prerequisites", index], `there is no lab ${id}`);
  });
  const ids = lab.choose.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) say(located, ["choose", index, "id"], `the variant ${id} is there twice`);
  });

  const told = new Set<string>();
  const diagnosed = new Set<string>();
  for (const variant of variantsOf(lab)) {
    const once: Say = (where, path, message) => {
      const key = `${path.map(String).join(".")}: ${message}`;
      if (!told.has(key)) say(where, path, message);
      told.add(key);
    };
    for (const belief of checkForm(located, variant, beliefs, once)) diagnosed.add(belief);
  }
  lab.misconceptions.forEach((belief, index) => {
    if (!diagnosed.has(belief)) say(located, ["misconceptions", index], `no diagnosis speaks of ${belief}`);
  });
}

/** Checks one variant; answers the misconceptions that its diagnoses speak of. */
function checkForm(located: Located<Lab>, variant: string, beliefs: ReadonlySet<string>, say: Say): readonly string[] {
  const { document, value: lab } = located;
  try {
    const { body, placeOf } = fillLab(lab, "check", variant);
    const parsed = parseContent({ ...document, value: body, lineOf: (path) => document.lineOf(placeOf(path)) }, drawnBodySchema);
    if (!parsed.ok) {
      for (const { line, message } of parsed.faults) say({ ...located, document: { ...document, lineOf: () => line } }, [], message);
      return [];
    }
    const sayOfForm: Say = (where, path, message) => say(where, placeOf(path), message);
    checkGoals(located, parsed.value, sayOfForm);
    checkHints(located, parsed.value, sayOfForm);
    checkWrongTurns(located, parsed.value, sayOfForm);
    parsed.value.diagnose.forEach(({ misconception }, index) => {
      if (misconception !== undefined && !beliefs.has(misconception))
        sayOfForm(located, ["diagnose", index, "misconception"], `${misconception} is not in the catalogue of misconceptions`);
    });
    return parsed.value.diagnose.flatMap(({ misconception }) => misconception ?? []);
  } catch (error) {
    if (!(error instanceof LabPatternFault)) throw error;
    say(located, error.path, error.message);
    return [];
  }
}

function checkGoals(located: Located<Lab>, form: Form, say: Say): void {
  const goals = goalsOf(form);
  goals.forEach((id, index) => {
    const path = index < form.tasks.length ? ["tasks", index, "id"] : ["keep", index - form.tasks.length, "id"];
    if (goals.indexOf(id) !== index) say(located, path, `the goal ${id} is there twice`);
    if (!form.wrong.some((wrong) => wrong.fails.includes(id)))
      say(located, ["wrong"], `no wrong turn fails the goal ${id}: it may be a check that cannot fail`);
  });
  if (located.value.kind === "fix" && form.keep.length === 0)
    say(located, ["kind"], "a lab with something to repair says what must stay as it was (keep)");
  for (const host of [form.host, ...form.setup.map(({ on }) => on), ...form.solutions.flatMap(({ run }) => run.map(({ on }) => on))])
    if (!(host in form.world.hosts)) say(located, ["world"], `there is no host ${host}`);
}

function checkHints(located: Located<Lab>, form: Form, say: Say): void {
  for (const id of Object.keys(form.hints))
    if (!form.tasks.some((task) => task.id === id)) say(located, ["hints", id], `there is no task ${id}`);
  form.tasks.forEach((task, index) => {
    if ((form.hints[task.id] ?? []).length === 0) say(located, ["tasks", index], `the task ${task.id} has no hint`);
  });
  const lines = new Set(form.solutions.flatMap((solution) => solution.run.map((line) => line.run)));
  for (const [task, hints] of Object.entries(form.hints)) {
    hints.forEach((hint, index) => {
      for (const line of lines)
        if (hint.includes(line)) say(located, ["hints", task, index], `the hint holds a line of a solution: ${line}`);
    });
  }
}

function checkWrongTurns(located: Located<Lab>, form: Form, say: Say): void {
  const goals = goalsOf(form);
  const diagnoses = form.diagnose.map(({ id }) => id);
  form.wrong.forEach((wrong, index) => {
    const path = ["wrong", index];
    if (wrong.diagnosis !== undefined && !diagnoses.includes(wrong.diagnosis))
      say(located, [...path, "diagnosis"], `there is no diagnosis ${wrong.diagnosis}`);
    wrong.fails.forEach((goal, at) => {
      if (!goals.includes(goal)) say(located, [...path, "fails", at], `there is no goal ${goal}`);
    });
    const base = form.solutions.find(({ id }) => id === wrong.from);
    if (wrong.from !== undefined && !base) say(located, [...path, "from"], `there is no solution ${wrong.from}`);
    if (!base && wrong.run.length === 0) say(located, path, "a wrong turn does something: from, run");
    for (const text of Object.keys(wrong.replace))
      if (!base?.run.some((line) => line.run.includes(text)))
        say(located, [...path, "replace"], `${JSON.stringify(text)} is not in the solution ${wrong.from ?? ""}`);
  });
  diagnoses.forEach((id, index) => {
    if (!form.wrong.some((wrong) => wrong.diagnosis === id))
      say(located, ["diagnose", index], `no wrong turn leads to the diagnosis ${id}`);
  });
}

function goalsOf(form: Form): readonly string[] {
  return [...form.tasks, ...form.keep].map(({ id }) => id);
}
