/**
 * Checks content/: schema, references, that every lab proves itself, and that what lessons show is what happens.
 *
 *   npm run content:check [-- SEED ...]
 *
 * Prints each fault with file and line, and last 'N passed, N failed' (items, labs and lessons).
 */

import { readContent } from "@/lib/content/load";
import { checkReferences } from "@/lib/content/check";
import { proveLab } from "@/lib/practice/prove-lab";
import { proveLesson } from "@/lib/practice/prove-lesson";

const seeds = process.argv.slice(2);
const content = await readContent("content");
const faults = [...content.faults, ...checkReferences(content)];
for (const lab of content.labs) {
  for (const fault of proveLab(lab.value, seeds.length > 0 ? seeds : ["one", "two"])) {
    faults.push({ file: lab.document.file, line: lab.document.lineOf([...lab.path, ...fault.path]), message: fault.message });
  }
}
for (const { value, file } of content.lessons) {
  for (const fault of proveLesson(value)) faults.push({ file, line: fault.line, message: fault.message });
}
for (const fault of faults) console.log(`${fault.file}:${fault.line}: ${fault.message}`);
console.log(`${content.items.length} items, ${content.labs.length} labs, ${content.lessons.length} lessons`);
console.log(
  `${Math.max(0, content.items.length + content.labs.length + content.lessons.length - faults.length)} passed, ${faults.length} failed`,
);
process.exit(faults.length === 0 ? 0 : 1);
