import { expect, test } from "vitest";
import { print } from "@/lib/sim/core/stdio";
import { seconds } from "@/lib/sim/core/time";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { forever, fork, machine } from "./machine";

function* ends(sys: Sys, pid: number): Routine<string> {
  const report = yield* sys.waitpid(pid);
  if (!report.ok || !report.value) return "?";
  return report.value.kind === "exited" ? `exited ${report.value.status}` : `${report.value.kind} ${report.value.signal}`;
}

test("a signal with its default effect ends a process where it waits, and its finally blocks run", () => {
  let tidied = false;
  const { stdout } = machine().run(function* (sys) {
    const child = sys.spawn(
      fork(function* (waiting) {
        try {
          yield* waiting.sleep(seconds(100));
        } finally {
          tidied = true;
        }
        return 0;
      }),
    );
    if (!child.ok) return 1;
    yield* sys.sleep(seconds(1));
    sys.kill(child.value, "TERM");
    yield* print(sys, yield* ends(sys, child.value));
    return 0;
  });

  expect([stdout, tidied]).toEqual(["killed TERM", true]);
});

test("a caught signal ends the wait early and is there to be taken", () => {
  const log: unknown[] = [];
  const world = machine();
  const process = world.start(function* (sys) {
    sys.catchSignals("USR1");
    const wake = yield* sys.sleep(seconds(100));
    log.push(wake.kind, sys.takeSignal(), sys.takeSignal(), sys.now < 2_000_000);
    return 0;
  });
  world.pass(1);
  world.kernel.processes.kill(process.pid, "USR1");
  world.pass(1);

  expect(log).toEqual(["signal", "USR1", undefined, true]);
});

test("a signal that came while nobody waited ends the next wait, once", () => {
  const log: string[] = [];
  machine().run(function* (sys) {
    sys.catchSignals("TERM");
    sys.kill(sys.pid, "TERM");
    log.push((yield* sys.sleep(seconds(1))).kind, (yield* sys.sleep(seconds(1))).kind);
    return 0;
  });

  expect(log).toEqual(["signal", "timeout"]);
});

test("a read that a signal interrupts says EINTR; computing goes on to its end", () => {
  const log: unknown[] = [];
  const world = machine();
  const process = world.start(function* (sys) {
    sys.catchSignals("INT");
    yield* sys.compute(seconds(2));
    log.push(sys.now >= 2_000_000);
    log.push(yield* sys.read(0));
    return 0;
  });
  world.pass(1);
  world.kernel.processes.kill(process.pid, "INT");
  world.pass(5);

  expect(log).toEqual([true, { ok: false, error: "EINTR" }]);
});

test("an ignored signal does nothing, and a child that was started with it ignored ignores it too", () => {
  const { stdout } = machine().run(function* (sys) {
    const child = sys.spawn(
      fork(
        function* (waiting) {
          yield* waiting.sleep(seconds(3));
          return 5;
        },
        { ignore: ["HUP"] },
      ),
    );
    if (!child.ok) return 1;
    sys.kill(child.value, "HUP");
    yield* print(sys, yield* ends(sys, child.value));
    return 0;
  });

  expect(stdout).toBe("exited 5");
});

test("KILL cannot be caught or ignored", () => {
  const { stdout } = machine().run(function* (sys) {
    const child = sys.spawn(
      fork(function* (stubborn) {
        stubborn.catchSignals("KILL");
        stubborn.ignoreSignals("KILL");
        return yield* forever(stubborn);
      }),
    );
    if (!child.ok) return 1;
    yield* sys.sleep(seconds(1));
    sys.kill(child.value, "KILL");
    yield* print(sys, yield* ends(sys, child.value));
    return 0;
  });

  expect(stdout).toBe("killed KILL");
});

test("a stopped process does nothing until it is continued; what would end it waits, except KILL", () => {
  const log: unknown[] = [];
  machine().run(function* (sys) {
    const child = sys.spawn(
      fork(function* (ticking) {
        for (;;) {
          yield* ticking.sleep(seconds(1));
          log.push("tick");
        }
      }),
    );
    if (!child.ok) return 1;
    sys.kill(child.value, "STOP");
    log.push(yield* ends(sys, -99), (yield* sys.waitpid(child.value, { untraced: true })).ok);
    yield* sys.sleep(seconds(5));
    log.push(sys.processes().find((one) => one.pid === child.value)?.state);
    sys.kill(child.value, "TERM");
    yield* sys.sleep(seconds(1));
    log.push("still there");
    sys.kill(child.value, "CONT");
    log.push(yield* ends(sys, child.value));
    return 0;
  });

  expect(log).toEqual(["?", true, "T", "still there", "killed TERM"]);
});

test("a negative number means a process group; an unknown one is ESRCH, another user's EPERM", () => {
  const { stdout } = machine().run(function* (sys) {
    const first = sys.spawn(fork(forever, { group: "own" }));
    if (!first.ok) return 1;
    const second = sys.spawn(fork(forever, { group: first.value }));
    const bystander = sys.spawn(fork(forever));
    if (!second.ok || !bystander.ok) return 1;
    sys.kill(-first.value, "TERM");
    const told = [yield* ends(sys, first.value), yield* ends(sys, second.value), sys.kill(bystander.value, 0).ok];
    yield* print(sys, JSON.stringify([...told, sys.kill(4_000, "TERM")]));
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual(["killed TERM", "killed TERM", true, { ok: false, error: "ESRCH" }]);
});

test("a user may not signal another's processes", () => {
  const world = machine();
  const victim = world.start(forever);
  const { stdout } = world.run(
    function* (sys) {
      yield* print(sys, JSON.stringify([sys.user, sys.kill(victim.pid, "TERM")]));
      return 0;
    },
    { user: "ada" },
  );

  expect(JSON.parse(stdout)).toEqual([
    { name: "ada", uid: 1000, gid: 1000 },
    { ok: false, error: "EPERM" },
  ]);
});

test("a process that kills itself does not outlive its next wait", () => {
  const { end } = machine().run(function* (sys) {
    sys.kill(sys.pid, "TERM");
    yield* sys.sleep(seconds(1));
    return 0;
  });

  expect(end).toMatchObject({ kind: "killed", signal: "TERM" });
});
