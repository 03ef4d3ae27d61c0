/**
 * Checks content/: schema, references, that every command shown is one that the CLI reads, that items and labs prove themselves,
 * that what lessons show is what happens, and that everything is spelled right.
 *
 *   npm run content:check [-- SEED ...]
 *
 * Prints each fault with file and line, and last 'N passed, N failed' (items, labs and lessons).
 */

import { readFile } from "node:fs/promises";
import { type Located, readContent } from "@/lib/content/load";
import { checkReferences } from "@/lib/content/check";
import { drawLab } from "@/lib/content/draw-lab";
import { type Passage, passagesOfItem, passagesOfLab, passagesOfLesson, passagesOfMisconception } from "@/lib/content/prose";
import { checkItemCommands, checkLabCommands, checkLessonCommands } from "@/lib/practice/check-commands";
import { proveItem } from "@/lib/practice/items/prove";
import { proveLab } from "@/lib/practice/prove-lab";
import { proveLesson } from "@/lib/practice/prove-lesson";
import { speller } from "./spelling";

const seeds = process.argv.slice(2);
const content = await readContent("content");
const faults = [...content.faults, ...checkReferences(content)];
const place = ({ document, path }: Located<unknown>, fault: { readonly path: readonly PropertyKey[]; readonly message: string }): void => {
  faults.push({ file: document.file, line: document.lineOf([...path, ...fault.path]), message: fault.message });
};
const misspelled = await speller();
const spell = (located: Located<unknown>, passages: readonly Passage[]): void => {
  for (const { path, text } of passages)
    for (const word of misspelled(text))
      place(located, { path, message: `${JSON.stringify(word)} is in no dictionary (content/words.txt)` });
};
for (const one of content.misconceptions) spell(one, passagesOfMisconception(one.value));
let proved = 0;
for (const item of content.items) {
  spell(item, passagesOfItem(item.value));
  if (item.value.proof || item.value.format === "cmd") proved++;
  for (const fault of [...checkItemCommands(item.value), ...proveItem(item.value)]) place(item, fault);
}
for (const lab of content.labs) {
  const drawn = drawLab(lab.value, "one");
  spell(lab, passagesOfLab(drawn));
  for (const fault of [...checkLabCommands(lab.value), ...proveLab(lab.value, seeds.length > 0 ? seeds : ["one", "two"])])
    place(lab, fault);
}
for (const { value, file } of content.lessons) {
  const lines = (await readFile(file, "utf8")).split("\n");
  for (const { text } of passagesOfLesson(value))
    for (const word of misspelled(text))
      faults.push({
        file,
        line: lines.findIndex((line) => line.includes(word)) + 1,
        message: `${JSON.stringify(word)} is in no dictionary (content/words.txt)`,
      });
  for (const message of checkLessonCommands(value)) faults.push({ file, line: 1, message });
  for (const fault of proveLesson(value)) faults.push({ file, line: fault.line, message: fault.message });
}
for (const fault of faults) console.log(`${fault.file}:${fault.line}: ${fault.message}`);
console.log(`${content.items.length} items (${proved} of them executed), ${content.labs.length} labs, ${content.lessons.length} lessons`);
console.log(
  `${Math.max(0, content.items.length + content.labs.length + content.lessons.length - faults.length)} passed, ${faults.length} failed`,
);
process.exit(faults.length === 0 ? 0 : 1);
