/**
 * The content check, as far as it needs no simulator: ids, references, keys and reasons. (That a lab proves itself is
 * practice's affair.)
 */

import type { Fault } from "./document";
import type { Content, Located } from "./load";
import type { Item, Lab } from "./schema";

/** Where a reference may lead: documentation and source, by a short name of the repository. */
const REFERENCE = /^(docs|cli|moby|swarmkit|go-connections|kubernetes|mirantis|rfc|linux|gh):\S+$/;
/** The misconceptions that are catalogued. */
const MISCONCEPTIONS = new Set<string>([
  ...range(1, 18),
  ...range(20, 24),
  ...range(30, 55),
  ...range(60, 63),
  ...range(70, 77),
  ...range(80, 82),
  "M85",
  "M86",
  "M90",
]);

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `M${String(from + i).padStart(2, "0")}`);
}

export function checkReferences(content: Content): readonly Fault[] {
  const faults: Fault[] = [];
  const say = (where: Located<unknown>, path: readonly PropertyKey[], message: string): void => {
    faults.push({ file: where.document.file, line: where.document.lineOf([...where.path, ...path]), message });
  };
  checkUnique(content.items, (item) => item.id, say);
  checkUnique(content.labs, (lab) => lab.id, say);
  for (const item of content.items) checkItem(item, say);
  checkStems(content.items, say);
  const labIds = new Set(content.labs.map((lab) => lab.value.id));
  for (const lab of content.labs) checkLab(lab, labIds, say);
  faults.push(...checkLessons(content, labIds));
  return faults;
}

function checkLessons(content: Content, labIds: ReadonlySet<string>): Fault[] {
  const faults: Fault[] = [];
  const items = new Set(content.items.map((item) => item.value.id));
  const lessons = content.lessons.map((lesson) => lesson.value.id);
  for (const { value: lesson, file } of content.lessons) {
    const say = (message: string): void => {
      faults.push({ file, line: 2, message });
    };
    if (lessons.filter((id) => id === lesson.id).length > 1) say(`the id ${lesson.id} is there twice`);
    for (const id of lesson.items) if (!items.has(id)) say(`there is no item ${id}`);
    for (const id of lesson.prerequisites) if (!lessons.includes(id)) say(`there is no lesson ${id}`);
    if (lesson.lab !== undefined && !labIds.has(lesson.lab)) say(`there is no lab ${lesson.lab}`);
    for (const ref of lesson.references) if (!REFERENCE.test(ref)) say(`${JSON.stringify(ref)} is no reference`);
  }
  return faults;
}

type Say = (where: Located<unknown>, path: readonly PropertyKey[], message: string) => void;

function checkUnique<T>(all: readonly Located<T>[], idOf: (value: T) => string, say: Say): void {
  const seen = new Map<string, string>();
  for (const one of all) {
    const id = idOf(one.value);
    const before = seen.get(id);
    if (before !== undefined) say(one, ["id"], `the id ${id} stands already in ${before}`);
    seen.set(id, one.document.file);
  }
}

function checkItem(located: Located<Item>, say: Say): void {
  const item = located.value;
  const keys = item.options.filter((option) => option.key).length;
  if (item.format === "mc" && keys !== 1) say(located, ["options"], `a single-answer item has one key, this has ${keys}`);
  if (item.format === "mr" && (keys < 1 || keys === item.options.length))
    say(located, ["options"], `a multiple-answer item has keys and distractors, this has ${keys} keys of ${item.options.length}`);
  const texts = new Map<string, string>();
  item.options.forEach((option, index) => {
    const path = ["options", index];
    if (item.options.findIndex((one) => one.id === option.id) !== index)
      say(located, [...path, "id"], `the option ${option.id} is there twice`);
    const plain = option.text.toLowerCase().replace(/\s+/g, " ");
    const twin = texts.get(plain);
    if (twin !== undefined) say(located, [...path, "text"], `the options ${twin} and ${option.id} say the same`);
    texts.set(plain, option.id);
    if (option.key && option.misconception !== undefined) say(located, [...path, "misconception"], "a key has no misconception");
    if (!option.key && option.misconception === undefined && option.near === undefined)
      say(located, path, `the distractor ${option.id} names neither a misconception nor what it is near to`);
    if (option.misconception !== undefined && !MISCONCEPTIONS.has(option.misconception))
      say(located, [...path, "misconception"], `${option.misconception} is not in the catalogue of misconceptions`);
    if (/\b(all|none) of the above\b/i.test(option.text)) say(located, [...path, "text"], "an option must be judgeable alone");
    checkRefs(option.refs ?? [], located, [...path, "refs"], say);
  });
  checkRefs(item.refs, located, ["refs"], say);
}

function checkRefs(refs: readonly string[], located: Located<unknown>, path: readonly PropertyKey[], say: Say): void {
  refs.forEach((ref, index) => {
    if (!REFERENCE.test(ref))
      say(
        located,
        [...path, index],
        `${JSON.stringify(ref)} is no reference of the form docs:PATH#SECTION, cli:PATH, moby:PATH, gh:OWNER/REPO#N, rfc:N`,
      );
  });
}

/** Two stems that share most of their three-word runs are one item written twice. */
function checkStems(items: readonly Located<Item>[], say: Say): void {
  const shingles = items.map((item) => shinglesOf(item.value.stem));
  for (let i = 0; i < items.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b, one, other] = [shingles[i], shingles[j], items[i], items[j]];
      if (!a || !b || !one || !other) continue;
      const shared = [...a].filter((shingle) => b.has(shingle)).length;
      const similarity = shared / Math.max(1, a.size + b.size - shared);
      if (similarity > 0.6) say(one, ["stem"], `the stem is nearly that of ${other.value.id}`);
    }
  }
}

function shinglesOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z0-9-]+/g) ?? [];
  return new Set(words.slice(2).map((word, i) => `${words[i]} ${words[i + 1]} ${word}`));
}

function checkLab(located: Located<Lab>, labIds: ReadonlySet<string>, say: Say): void {
  const lab = located.value;
  const goals = [...lab.tasks, ...lab.keep].map((goal) => goal.id);
  goals.forEach((id, index) => {
    if (goals.indexOf(id) !== index)
      say(
        located,
        index < lab.tasks.length ? ["tasks", index, "id"] : ["keep", index - lab.tasks.length, "id"],
        `the goal ${id} is there twice`,
      );
  });
  lab.prerequisites.forEach((id, index) => {
    if (!labIds.has(id)) say(located, ["prerequisites", index], `there is no lab ${id}`);
  });
  for (const id of Object.keys(lab.hints))
    if (!lab.tasks.some((task) => task.id === id)) say(located, ["hints", id], `there is no task ${id}`);
  lab.tasks.forEach((task, index) => {
    if ((lab.hints[task.id] ?? []).length === 0) say(located, ["tasks", index], `the task ${task.id} has no hint`);
  });
  if (lab.kind === "fix" && lab.keep.length === 0)
    say(located, ["kind"], "a lab with something to repair says what must stay as it was (keep)");
  const diagnoses = new Set(lab.diagnose.map((one) => one.id));
  lab.wrong.forEach((wrong, index) => {
    if (wrong.diagnosis !== undefined && !diagnoses.has(wrong.diagnosis))
      say(located, ["wrong", index, "diagnosis"], `there is no diagnosis ${wrong.diagnosis}`);
    wrong.fails.forEach((goal, at) => {
      if (!goals.includes(goal)) say(located, ["wrong", index, "fails", at], `there is no goal ${goal}`);
    });
  });
  lab.diagnose.forEach((diagnosis, index) => {
    if (!lab.wrong.some((wrong) => wrong.diagnosis === diagnosis.id))
      say(located, ["diagnose", index], `no wrong turn leads to the diagnosis ${diagnosis.id}`);
    if (diagnosis.misconception !== undefined && !MISCONCEPTIONS.has(diagnosis.misconception))
      say(located, ["diagnose", index, "misconception"], `${diagnosis.misconception} is not in the catalogue of misconceptions`);
  });
  for (const id of goals)
    if (!lab.wrong.some((wrong) => wrong.fails.includes(id)))
      say(located, ["wrong"], `no wrong turn fails the goal ${id}: it may be a check that cannot fail`);
  const solutionLines = new Set(lab.solutions.flatMap((solution) => solution.run.map((line) => line.run)));
  for (const [task, hints] of Object.entries(lab.hints)) {
    hints.forEach((hint, index) => {
      for (const line of solutionLines)
        if (hint.includes(line)) say(located, ["hints", task, index], `the hint holds a line of a solution: ${line}`);
    });
  }
  checkRefs(lab.references, located, ["references"], say);
}
