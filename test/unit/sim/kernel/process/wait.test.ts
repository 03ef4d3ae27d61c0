import { expect, test } from "vitest";
import { print } from "@/lib/sim/core/stdio";
import type { ExitReport } from "@/lib/sim/core/sys";
import { seconds } from "@/lib/sim/core/time";
import { forever, fork, machine } from "./machine";

test("waitpid tells how each child ended, in the order in which they did", () => {
  const reports: (ExitReport | undefined)[] = [];
  machine().run(function* (sys) {
    sys.spawn(
      fork(function* (child) {
        yield* child.sleep(seconds(2));
        return 2;
      }),
    );
    sys.spawn(
      fork(function* (child) {
        yield* child.sleep(seconds(1));
        return 300;
      }),
    );
    for (let i = 0; i < 2; i++) {
      const report = yield* sys.waitpid("any");
      if (report.ok) reports.push(report.value);
    }
    return 0;
  });

  expect(reports).toEqual([
    { kind: "exited", pid: 4, status: 300 - 256 },
    { kind: "exited", pid: 3, status: 2 },
  ]);
});

test("without children there is nothing to wait for", () => {
  const { stdout } = machine().run(function* (sys) {
    yield* print(sys, JSON.stringify([yield* sys.waitpid("any"), yield* sys.waitpid(77)]));
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual([
    { ok: false, error: "ECHILD" },
    { ok: false, error: "ECHILD" },
  ]);
});

test("a child is a zombie until its parent waits for it", () => {
  const states: (string | undefined)[] = [];
  machine().run(function* (sys) {
    const child = sys.spawn(
      fork(function* () {
        return 0;
      }),
    );
    const look = (): void => {
      states.push(sys.processes().find((process) => child.ok && process.pid === child.value)?.state);
    };
    look();
    yield* sys.sleep(seconds(1));
    look();
    yield* sys.waitpid("any");
    look();
    return 0;
  });

  expect(states).toEqual(["S", "Z", undefined]);
});

test("a parent that ignores SIGCHLD has no zombies", () => {
  const { stdout } = machine().run(function* (sys) {
    sys.ignoreSignals("CHLD");
    sys.spawn(
      fork(function* () {
        return 0;
      }),
    );
    yield* print(sys, JSON.stringify([yield* sys.waitpid("any"), sys.processes().length]));
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual([{ ok: false, error: "ECHILD" }, 2]);
});

test("orphans are adopted by the first process of their namespace, which inherits the zombies too", () => {
  const world = machine();
  const parents: (number | undefined)[] = [];
  const reports: unknown[] = [];
  world.start(
    function* (init) {
      init.spawn(
        fork(function* (parent) {
          parent.spawn(
            fork(function* (orphan) {
              parents.push(orphan.ppid);
              yield* orphan.sleep(seconds(1));
              parents.push(orphan.ppid);
              return 7;
            }),
          );
          yield* parent.sleep(seconds(0.5));
          return 0;
        }),
      );
      for (let i = 0; i < 2; i++) reports.push(yield* init.waitpid("any"));
      return 0;
    },
    { namespaces: world.container() },
  );
  world.pass(3);

  expect(parents).toEqual([7, 1]);
  expect(reports).toEqual([
    { ok: true, value: { kind: "exited", pid: 7, status: 0 } },
    { ok: true, value: { kind: "exited", pid: 8, status: 7 } },
  ]);
});

test("a wait without patience comes back at once", () => {
  const { stdout } = machine().run(function* (sys) {
    sys.spawn(fork(forever));
    yield* print(sys, JSON.stringify(yield* sys.waitpid("any", { noHang: true })));
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual({ ok: true });
});

test("starting a process takes half a millisecond", () => {
  const { stdout } = machine().run(function* (sys) {
    const before = sys.now;
    for (let i = 0; i < 10; i++) {
      sys.spawn(
        fork(function* () {
          return 0;
        }),
      );
      yield* sys.waitpid("any");
    }
    yield* print(sys, String(sys.now - before));
    return 0;
  });

  expect(stdout).toBe("5000");
});

test("more processes than the machine may have are refused with EAGAIN", () => {
  const { stdout } = machine().run(function* (sys) {
    for (let started = 2; ; started++) {
      const child = sys.spawn(fork(forever));
      if (child.ok) continue;
      yield* print(sys, `${started} ${child.error}`);
      return 0;
    }
  });

  expect(stdout).toBe("2000 EAGAIN");
});
