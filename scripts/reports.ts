/**
 * Prints what learners reported about questions, by question.
 *
 *   npm run reports [-- ITEM]
 */

import { reportsToText } from "@/app/_components/reports-text";
import { loadItems } from "@/lib/content";
import { listReports, openDb } from "@/lib/db";

const [item, ...more] = process.argv.slice(2);
if (more.length > 0) {
  console.error("usage: npm run reports [-- ITEM]");
  process.exit(2);
}
const db = await openDb(process.env["DATABASE_URL"] || "file:./data/drydock.db");
console.log(reportsToText(await listReports(db, item), await loadItems()));
await db.$disconnect();
