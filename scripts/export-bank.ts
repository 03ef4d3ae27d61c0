/**
 * Writes the question bank for another program.
 *
 *   npx tsx scripts/export-bank.ts gift|qti|anki OUT
 */

import { writeFile } from "node:fs/promises";
import { PRESENTATION } from "@/app/api/bank/presentation";
import { loadItems } from "@/lib/content";
import { EXPORT_FORMATS, exportBank, isExportFormat } from "@/lib/content/export";

const [format = "", out = "", ...more] = process.argv.slice(2);
if (!isExportFormat(format) || out === "" || more.length > 0) {
  console.error(`usage: npx tsx scripts/export-bank.ts ${EXPORT_FORMATS.join("|")} OUT`);
  process.exit(2);
}
const items = await loadItems();
const { bytes } = await exportBank(format, items, PRESENTATION);
await writeFile(out, bytes);
console.log(`${items.length} items, ${bytes.byteLength} bytes in ${out}`);
