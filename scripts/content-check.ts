/**
 * Checks content/: schema, references, and that every lab proves itself.
 *
 *   npm run content:check [-- SEED ...]
 *
 * Prints each fault with file and line, and last 'N passed, N failed' (items and labs).
 */

import { readContent } from "@/lib/content/load";
import { checkReferences } from "@/lib/content/check";
import { proveLab } from "@/lib/practice/prove-lab";

const seeds = process.argv.slice(2);
const content = await readContent("content");
const faults = [...content.faults, ...checkReferences(content)];
for (const lab of content.labs) {
  for (const fault of proveLab(lab.value, seeds.length > 0 ? seeds : ["one", "two"])) {
    faults.push({ file: lab.document.file, line: lab.document.lineOf([...lab.path, ...fault.path]), message: fault.message });
  }
}
for (const fault of faults) console.log(`${fault.file}:${fault.line}: ${fault.message}`);
console.log(`${content.items.length} items, ${content.labs.length} labs`);
console.log(`${Math.max(0, content.items.length + content.labs.length - faults.length)} passed, ${faults.length} failed`);
process.exit(faults.length === 0 ? 0 : 1);
