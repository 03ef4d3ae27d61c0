import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import type { Sys } from "@/lib/sim/core/sys";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import { instantAt, millis, seconds } from "@/lib/sim/core/time";
import { Kernel } from "@/lib/sim/kernel";
import { sideBySide } from "@/lib/sim/programs/docker/concurrent";

/** Runs a program that catches INT; what it noted, and when, to ten milliseconds. */
function run(
  program: (sys: Sys, note: (what: string) => void) => Routine<void>,
  meanwhile: readonly (readonly [number, (pid: number, kernel: Kernel) => void])[] = [],
): readonly string[] {
  const scheduler = new Scheduler();
  const kernel = new Kernel({ host: "node1", scheduler, random: new Random("strands"), trace: () => {}, programs: new Map() });
  const notes: string[] = [];
  // Starting takes a moment, too.
  const now = (): number => Math.floor(scheduler.now / 10_000) * 10;
  const process = unwrap(
    kernel.processes.start({
      namespaces: kernel.root,
      path: "/none",
      *run(sys) {
        sys.catchSignals("INT");
        yield* program(sys, (what) => notes.push(`${now()} ${what}`));
        notes.push(`${now()} over`);
        return 0;
      },
      argv: ["strands"],
      env: new Map(),
      cwd: "/",
      stdio: { kind: "streams", stdin: false },
    }),
  );
  for (const [at, action] of meanwhile) scheduler.at(instantAt(millis(at)), () => action(process.pid, kernel));
  scheduler.runUntil(instantAt(seconds(10)));
  return notes;
}

const NEVER = { isOver: () => false, *onSignal(): Routine<void> {} };

test("routines wait at the same time", () => {
  const notes = run(function* (sys, note) {
    const each = [300, 100, 200].map(function* (ms): Routine<void> {
      yield* sys.sleep(millis(ms));
      note(`slept ${ms}`);
    });
    yield* sideBySide(sys, each, NEVER);
  });

  expect(notes).toEqual(["100 slept 100", "200 slept 200", "300 slept 300", "300 over"]);
});

test("they are ended where they are when it is over", () => {
  const notes = run(function* (sys, note) {
    let isOver = false;
    const quick = (function* (): Routine<void> {
      yield* sys.sleep(millis(100));
      isOver = true;
    })();
    const slow = (function* (): Routine<void> {
      try {
        yield* sys.sleep(seconds(5));
      } finally {
        note("ended");
      }
    })();
    yield* sideBySide(sys, [slow, quick], { ...NEVER, isOver: () => isOver });
  });

  expect(notes).toEqual(["100 ended", "100 over"]);
});

test("what happens while a signal is dealt with is not missed", () => {
  const queue = new WaitQueue();
  let hasCome = false;
  const notes = run(
    function* (sys, note) {
      const waiting = (function* (): Routine<void> {
        while (!hasCome) yield { on: [queue] };
        note("saw it");
      })();
      yield* sideBySide(sys, [waiting], {
        isOver: () => false,
        *onSignal(signal) {
          note(signal);
          yield* sys.sleep(millis(100));
        },
      });
    },
    [
      [50, (pid, kernel) => kernel.processes.kill(pid, "INT")],
      [
        100,
        () => {
          hasCome = true;
          queue.wake();
        },
      ],
    ],
  );

  expect(notes).toEqual(["50 INT", "150 saw it", "150 over"]);
});
