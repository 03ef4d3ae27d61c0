/**
 * Replays recorded transcripts on the simulator and compares, step by step, after masking.
 *
 *   npm run conformance [-- [--diff] [--update] [FOLDER or FILE ...]]
 *
 * Without folders: the corpus beside this file, held against ratchet.json (which steps must stay equal).
 * With folders: whatever transcripts lie there; no ratchet, the exit status says whether all steps are equal.
 */

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { World } from "@/lib/sim";
import { compareSessions, normaliseSession, unified } from "./compare.mjs";
import { parseSession, toLines, type Session, type Step } from "./session.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const CORPUS = join(HERE, "corpus");
const RATCHET = join(HERE, "ratchet.json");
/** Virtual seconds that a recorded step may take, as on the machine that recorded them. */
const STEP_LIMIT = 60;

type Outcome = {
  readonly file: string;
  readonly topic: string;
  readonly steps: readonly { readonly ok: boolean; readonly step: Step; readonly diff?: string }[];
};

function findSessions(path: string): string[] {
  if (statSync(path).isFile()) return path.endsWith(".session") ? [path] : [];
  return readdirSync(path)
    .sort()
    .flatMap((name) => findSessions(join(path, name)));
}

/** Runs every step of a transcript on a fresh world; what it gave is a transcript again. */
function replaySession(golden: Session, seed: string): Session {
  const hosts = Array.from({ length: golden.nodes }, (_, i) => ({
    name: `node${i + 1}`,
    address: `192.168.56.${11 + i}/24`,
    images: "all" as const,
  }));
  const world = World.create({ topology: { hosts, gateway: "192.168.56.1" }, seed });
  let broken: string | undefined;
  const steps = golden.steps.map((step) => {
    if (broken !== undefined) return { ...step, stdout: [], stderr: [broken], exit: 255 };
    try {
      const result = world.run(step.node, step.command, { limitSeconds: STEP_LIMIT });
      return { ...step, stdout: toLines(result.stdout), stderr: toLines(result.stderr), exit: result.status };
    } catch (error) {
      // A bug of the simulator's. It fails this step and all that follow, and says where it happened.
      broken = `the world broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      return { ...step, stdout: [], stderr: broken.split("\n"), exit: 255 };
    }
  });
  return { ...golden, steps, items: steps };
}

function runFile(path: string, root: string): Outcome {
  const golden = parseSession(readFileSync(path, "utf8"));
  const file = relative(root, path);
  const topic = golden.topic || basename(dirname(path));
  const actual = replaySession(golden, file);
  const compared = compareSessions(normaliseSession(golden), normaliseSession(actual));
  return {
    file,
    topic,
    steps: compared.map((result) => ({ ok: result.ok, step: result.step, diff: result.reason ?? unified(result.diff ?? []).join("\n") })),
  };
}

/** `[1,2,3,5]` → `1-3,5`. */
function toRanges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let j = i;
    while (numbers[j + 1] === (numbers[j] ?? 0) + 1) j++;
    parts.push(i === j ? `${numbers[i]}` : `${numbers[i]}-${numbers[j]}`);
    i = j + 1;
  }
  return parts.join(",");
}

function fromRanges(text: string): number[] {
  return text
    .split(",")
    .filter(Boolean)
    .flatMap((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
}

const args = process.argv.slice(2);
const showDiffs = args.includes("--diff");
const update = args.includes("--update");
const given = args.filter((arg) => !arg.startsWith("--"));
const roots = given.length > 0 ? given.map((path) => resolve(path)) : [CORPUS];
for (const root of roots) {
  if (!existsSync(root)) {
    console.error(`conformance: no such file or folder: ${root}`);
    process.exit(2);
  }
}
const inCorpus = roots.every((root) => root === CORPUS || root.startsWith(`${CORPUS}/`));

const outcomes = roots.flatMap((root) =>
  findSessions(root).map((path) => runFile(path, inCorpus ? CORPUS : statSync(root).isFile() ? dirname(root) : root)),
);
const topics = new Map<string, { equal: number; all: number }>();
for (const outcome of outcomes) {
  const equal = outcome.steps.filter((step) => step.ok).length;
  const sum = topics.get(outcome.topic) ?? { equal: 0, all: 0 };
  topics.set(outcome.topic, { equal: sum.equal + equal, all: sum.all + outcome.steps.length });
  if (given.length > 0 || showDiffs) console.log(`${outcome.file}: ${equal} of ${outcome.steps.length}`);
  if (!showDiffs) continue;
  for (const [index, step] of outcome.steps.entries()) {
    if (!step.ok) console.log(`--- ${outcome.file} step ${index + 1}: ${step.step.node}$ ${step.step.command}\n${step.diff ?? ""}`);
  }
}

console.log("\ntopic          equal  steps");
for (const [topic, { equal, all }] of [...topics].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${topic.padEnd(14)} ${String(equal).padStart(5)}  ${String(all).padStart(5)}  ${((100 * equal) / all).toFixed(1)} %`);
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.steps.filter((step) => step.ok).length, 0);
const total = outcomes.reduce((sum, outcome) => sum + outcome.steps.length, 0);
console.log(
  `${"all".padEnd(14)} ${String(passed).padStart(5)}  ${String(total).padStart(5)}  ${((100 * passed) / Math.max(total, 1)).toFixed(1)} %\n`,
);

if (!inCorpus) {
  console.log(`${passed} passed, ${total - passed} failed`);
  process.exit(passed === total ? 0 : 1);
}

const ratchet: Record<string, string> = existsSync(RATCHET) ? (JSON.parse(readFileSync(RATCHET, "utf8")) as Record<string, string>) : {};
const lost: string[] = [];
let held = 0;
let gained = 0;
for (const outcome of outcomes) {
  const equal = outcome.steps.flatMap((step, index) => (step.ok ? [index + 1] : []));
  const before = fromRanges(ratchet[outcome.file] ?? "");
  for (const number of before) {
    if (equal.includes(number)) held++;
    else lost.push(`${outcome.file} step ${number}: ${outcome.steps[number - 1]?.step.command ?? "(no such step)"}`);
  }
  gained += equal.filter((number) => !before.includes(number)).length;
  if (update) ratchet[outcome.file] = toRanges(equal);
}
for (const line of lost) console.log(`was equal, is not any more: ${line}`);
if (update) {
  const sorted = Object.fromEntries(Object.entries(ratchet).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(RATCHET, `${JSON.stringify(sorted, null, 2)}\n`);
  console.log(`ratchet written: ${held + gained} steps must stay equal`);
} else if (gained > 0) console.log(`${gained} steps more than the ratchet holds are equal; --update writes them down`);
console.log(`${held} passed, ${lost.length} failed`);
process.exit(lost.length === 0 || update ? 0 : 1);
