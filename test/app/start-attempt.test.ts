import { afterAll, beforeAll, expect, test } from "vitest";
import { loadLabs } from "@/lib/content";
import { addCheckResult, createLearner } from "@/lib/db";
import { startAttempt } from "@/lib/progress";
import { migratedDatabases, type TestDatabases } from "./database";

let databases: TestDatabases;
beforeAll(() => {
  databases = migratedDatabases();
});
afterAll(() => databases.remove());

test("an attempt begun again is the same lab; after a success another fault comes", async () => {
  const db = await databases.open();
  await createLearner(db, "ann");
  const labs = await loadLabs();
  const begin = async (id: string) => {
    const started = await startAttempt(db, labs, { learnerId: "ann", lab: "L-PUB-3", id, seed: `seed of ${id}` });
    if (!started.ok) throw new Error(started.error.kind);
    return started.value;
  };

  const first = await begin("a1");
  const again = await begin("a2");
  await addCheckResult(db, { attemptId: again.id, through: 0, report: "{}", passed: true }, new Date(0));
  const next = await begin("a3");

  expect(again.seed).toBe(first.seed);
  expect(again.lab).toEqual(first.lab);
  expect(new Set([first.lab.variant, next.lab.variant])).toEqual(new Set(["on-the-host", "in-the-container"]));
});
