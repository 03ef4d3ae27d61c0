/** Databases for tests: one migrated file, copied for each test that wants its own. */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Db, openDb } from "@/lib/db";

export type TestDatabases = { readonly open: () => Promise<Db>; readonly remove: () => Promise<void> };

export function migratedDatabases(): TestDatabases {
  const folder = mkdtempSync(join(tmpdir(), "drydock-test-"));
  const template = join(folder, "template.db");
  const done = spawnSync(process.execPath, ["scripts/db.mjs", "deploy"], {
    env: { ...process.env, DATABASE_URL: `file:${template}` },
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(`the migrations failed: ${done.stderr}`);
  const opened: Db[] = [];
  return {
    async open() {
      const file = join(folder, `${opened.length}.db`);
      // What was written last is still in the log beside the file.
      for (const part of ["", "-wal"]) if (existsSync(template + part)) copyFileSync(template + part, file + part);
      const db = await openDb(`file:${file}`);
      opened.push(db);
      return db;
    },
    async remove() {
      await Promise.all(opened.map((db) => db.$disconnect()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
