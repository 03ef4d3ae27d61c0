import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";
import type { ItemOf } from "@/lib/content";
import type { GradeRequest } from "@/lib/practice";
import { GraderPool } from "@/server/grader";

// A worker that does what the request's seed says: the pool is what is tested here.
const folder = mkdtempSync(join(tmpdir(), "drydock-grader-"));
const script = join(folder, "worker.mjs");
writeFileSync(
  script,
  `import { parentPort } from "node:worker_threads";
   parentPort.on("message", ({ kind, attempt, command }) => {
     const seed = kind === "command" ? command : attempt.seed;
     if (seed === "loop") for (;;);
     if (seed === "throw") throw new Error("broken");
     if (seed === "exit") process.exit(3);
     if (seed === "grow") { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }
     if (seed === "limit") return parentPort.postMessage({ kind: "limit", message: "too many events" });
     const passed = seed === "pass";
     setTimeout(() => parentPort.postMessage({ kind: "report", report: { passed, goals: [] } }), 20);
   });`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pool: GraderPool;
afterEach(() => pool.close());
const start = (limits: ConstructorParameters<typeof GraderPool>[1] = {}): GraderPool =>
  (pool = new GraderPool(pathToFileURL(script), limits));
const request = (seed: string) => ({ seed }) as GradeRequest;
const pass = { ok: true, value: { passed: true, goals: [] } };

test("a report comes back", async () => {
  start();

  expect(await pool.grade(request("pass"))).toEqual(pass);
  expect(await pool.grade(request("no"))).toEqual({ ok: true, value: { passed: false, goals: [] } });
});

test("a command comes back as what it did, under the same limits", async () => {
  start({ workers: 1, milliseconds: 300 });
  const item = { id: "net-test-0001" } as ItemOf<"cmd">;

  expect(await pool.run(item, "pass")).toEqual(pass);
  expect(await pool.run(item, "loop")).toEqual({ ok: false, error: { kind: "too-long", seconds: 0.3 } });
});

test("a replay without end is ended, and the next request finds a worker", async () => {
  start({ workers: 1, milliseconds: 300 });

  const [endless, next] = await Promise.all([pool.grade(request("loop")), pool.grade(request("pass"))]);

  expect(endless).toEqual({ ok: false, error: { kind: "too-long", seconds: 0.3 } });
  expect(next).toEqual(pass);
});

test.each([
  ["throw", { kind: "crash", message: "broken" }],
  ["exit", { kind: "crash", message: "the replay ended with status 3" }],
  ["limit", { kind: "limit", message: "too many events" }],
])("a worker that does '%s' is told of, and replaced", async (seed, error) => {
  start({ workers: 1 });

  expect(await pool.grade(request(seed))).toEqual({ ok: false, error });
  expect(await pool.grade(request("pass"))).toEqual(pass);
});

test("a replay that eats memory meets its limit", async () => {
  start({ workers: 1, megabytes: 32 });

  expect(await pool.grade(request("grow"))).toEqual({
    ok: false,
    error: { kind: "limit", message: "the replay used more than 32 MB of memory" },
  });
  expect(await pool.grade(request("pass"))).toEqual(pass);
});

test("who comes when all wait is sent away", async () => {
  start({ workers: 1, waiting: 2 });

  const answers = await Promise.all(Array.from({ length: 5 }, () => pool.grade(request("pass"))));

  expect(answers.map((answer) => (answer.ok ? "graded" : answer.error.kind))).toEqual(["graded", "graded", "graded", "busy", "busy"]);
});
