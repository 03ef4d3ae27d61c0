/**
 * The content check, as far as it needs no simulator: ids, references, keys and reasons. (That a lab proves itself is
 * practice's affair.)
 */

import type { Say } from "./check-common";
import { checkItem, checkStems } from "./check-items";
import { checkLab } from "./check-labs";
import { checkKeyBalance, checkPassages } from "./check-prose";
import { checkSources } from "./check-sources";
import type { Fault } from "./document";
import { passagesOfItem, passagesOfMisconception } from "./prose";
import type { Content, Located } from "./load";

export function checkReferences(content: Content): readonly Fault[] {
  const faults: Fault[] = [];
  const say = (where: Located<unknown>, path: readonly PropertyKey[], message: string): void => {
    faults.push({ file: where.document.file, line: where.document.lineOf([...where.path, ...path]), message });
  };
  checkUnique(content.items, (item) => item.id, say);
  checkUnique(content.labs, (lab) => lab.id, say);
  checkUnique(content.misconceptions, (one) => one.id, say);
  const beliefs = new Set(content.misconceptions.map(({ value }) => value.id));
  for (const item of content.items) checkItem(item, beliefs, say);
  checkStems(content.items, say);
  checkKeyBalance(content.items, say);
  for (const item of content.items) checkPassages(item, passagesOfItem(item.value), say);
  for (const one of content.misconceptions) checkPassages(one, passagesOfMisconception(one.value), say);
  const labIds = new Set(content.labs.map((lab) => lab.value.id));
  for (const lab of content.labs) checkLab(lab, labIds, beliefs, say);
  faults.push(...checkLessons(content, labIds), ...checkSources(content));
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
    if (!labIds.has(lesson.lab)) say(`there is no lab ${lesson.lab}`);
  }
  return faults;
}

function checkUnique<T>(all: readonly Located<T>[], idOf: (value: T) => string, say: Say): void {
  const seen = new Map<string, string>();
  for (const one of all) {
    const id = idOf(one.value);
    const before = seen.get(id);
    if (before !== undefined) say(one, ["id"], `the id ${id} stands already in ${before}`);
    seen.set(id, one.document.file);
  }
}
