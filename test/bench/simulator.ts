/** Figures of the simulator itself: replay, grading, memory. Medians and ratios within one run; machines are noisy. */

import { loadLabs } from "@/lib/content";
import { drawLab } from "@/lib/content/draw-lab";
import { gradeAttempt, prepareLab } from "@/lib/practice";
import { BOOT, instantAt, ONE_HOST, type TranscriptEntry, World } from "@/lib/sim";
import { percentile, type Row } from "./table";

export async function benchSimulator(): Promise<Row[]> {
  return [bootTime(), memory(), ...replay(), await grading()];
}

function newWorld(seed: string): World {
  return World.create({ topology: ONE_HOST, seed });
}

function bootTime(): Row {
  newWorld("warm");
  const times = Array.from({ length: 9 }, (_, i) => timed(() => newWorld(`boot${i}`)));
  return { what: "a fresh one-host world boots", value: `${percentile(times, 50).toFixed(1)} ms`, aim: "" };
}

/** The difference that twenty worlds make to the heap after a full collection. */
function memory(): Row {
  const collect = globalThis.gc;
  if (!collect) return { what: "memory of a fresh one-host world", value: "run with --expose-gc", aim: "2 MB" };
  const kept: World[] = [newWorld("first")];
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 20; i++) kept.push(newWorld(`memory${i}`));
  collect();
  const each = (process.memoryUsage().heapUsed - before) / 20;
  return { what: "memory of a fresh one-host world", value: `${(each / 1_000_000).toFixed(2)} MB`, aim: "2 MB" };
}

/** A transcript typed into one terminal: each line is typed 100 virtual milliseconds after the one before. */
export function transcriptOf(lines: readonly string[]): TranscriptEntry[] {
  const entries: TranscriptEntry[] = [{ at: BOOT, kind: "open", terminal: "t1", host: "node1", columns: 80, rows: 24 }];
  lines.forEach((line, index) =>
    entries.push({ at: instantAt(10_000_000 + index * 100_000), kind: "input", terminal: "t1", text: `${line}\r` }),
  );
  return entries;
}

function replay(): Row[] {
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ["replay: shell builtins (echo)", Array.from({ length: 2000 }, (_, i) => `echo line ${i}`)],
    ["replay: small programs (ip -br addr | wc -l)", Array.from({ length: 500 }, () => "ip -br addr | wc -l")],
    [
      "replay: docker network create and rm",
      Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? `docker network create n${i}` : `docker network rm n${i - 1}`)),
    ],
    [
      "replay: docker exec ping between containers",
      [
        "docker network create app",
        "docker run -d --name web --network app nginx",
        "docker run -d --name cli --network app busybox sleep 99999",
        ...Array.from({ length: 100 }, () => "docker exec cli ping -c 1 -q web"),
      ],
    ],
  ];
  return kinds.map(([what, lines]) => {
    const world = newWorld(what);
    const start = world.now;
    const entries = transcriptOf(lines).map((entry) => ({ ...entry, at: instantAt(start + entry.at) }));
    const last = entries.at(-1)?.at ?? start;
    const ms = timed(() => {
      for (const entry of entries) {
        world.apply(entry);
        world.takeOutput("t1");
      }
      world.advanceTo(instantAt(last + 5_000_000));
    });
    return { what, value: `${Math.round(lines.length / (ms / 1000))} commands/s`, aim: what.includes("builtins") ? "5000" : "" };
  });
}

async function grading(): Promise<Row> {
  const labs = await loadLabs();
  const times: number[] = [];
  for (const lab of labs) {
    const prepared = prepareLab(lab, "bench");
    const [solution] = drawLab(lab, "bench").solutions;
    // The transcript has one terminal.
    if (!solution?.run.every(({ on }) => on === "node1")) continue;
    const start = World.create({ topology: prepared.world.topology, seed: "bench", setup: prepared.world.setup }).now;
    const entries = transcriptOf(solution.run.map((line) => line.run)).map((entry) => ({ ...entry, at: instantAt(start + entry.at * 5) }));
    const until = instantAt((entries.at(-1)?.at ?? start) + 5_000_000);
    for (let i = 0; i < 8; i++) {
      times.push(
        timed(() => {
          const report = gradeAttempt({ lab, seed: "bench", entries, until, eventLimit: 5_000_000 });
          if (!report.passed)
            throw new Error(
              `the solution of ${lab.id} does not pass: ${JSON.stringify(report.goals.filter((goal) => goal.status !== "pass"))}`,
            );
        }),
      );
    }
  }
  return {
    what: `grading an attempt (${labs.length} labs, their solutions), p95`,
    value: `${percentile(times, 95).toFixed(1)} ms (p50 ${percentile(times, 50).toFixed(1)})`,
    aim: "50 ms",
  };
}

export function timed(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
