/**
 * Prints what there is for each objective of the exam, as a table in Markdown.
 *
 *   node --import tsx scripts/coverage.ts [--update]
 *
 * With --update the table is written into README.md, between `<!-- coverage -->` and `<!-- /coverage -->`.
 */

import { readFile, writeFile } from "node:fs/promises";
import { coverageOf, toMarkdown, withTable } from "@/app/coverage/coverage";
import { loadItems, loadLabs, loadLessons } from "@/lib/content";

const [items, labs, lessons] = await Promise.all([loadItems(), loadLabs(), loadLessons()]);
const table = toMarkdown(coverageOf({ items, labs, lessons }));
if (process.argv.includes("--update")) {
  const updated = withTable(await readFile("README.md", "utf8"), table);
  if (updated === undefined) {
    console.error("README.md has no <!-- coverage --> … <!-- /coverage -->");
    process.exit(1);
  }
  await writeFile("README.md", updated);
} else console.log(table);
