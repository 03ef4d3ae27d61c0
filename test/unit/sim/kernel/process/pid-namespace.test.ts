import { expect, test } from "vitest";
import { print } from "@/lib/sim/core/stdio";
import { seconds } from "@/lib/sim/core/time";
import { forever, fork, machine } from "./machine";

test("a process has one number in its namespace and another on the host", () => {
  const world = machine();
  const process = world.start(
    function* (sys) {
      const child = sys.spawn(fork(forever));
      yield* print(sys, JSON.stringify([sys.pid, sys.ppid, child, sys.processes().map((one) => [one.pid, one.ppid])]));
      return yield* forever(sys);
    },
    { namespaces: world.container() },
  );
  world.pass(1);

  expect(JSON.parse(process.stdout?.take() ?? "")).toEqual([
    1,
    0,
    { ok: true, value: 7 },
    [
      [1, 0],
      [7, 1],
    ],
  ]);
  expect(process.pid).toBe(2);
  expect(world.kernel.processes.list(process.namespaces.pid).map(({ pid, ppid }) => [pid, ppid])).toEqual([
    [2, 1],
    [3, 2],
  ]);
});

test("the numbers in a container leave room for the threads of runc, as recorded: 1, 7, 13", () => {
  const world = machine();
  const namespaces = world.container();
  const seen: number[] = [];
  for (let i = 0; i < 3; i++) {
    world.start(
      function* (sys) {
        seen.push(sys.pid);
        return yield* forever(sys);
      },
      { namespaces },
    );
  }
  world.pass(1);

  expect(seen).toEqual([1, 7, 13]);
});

test("when the first process ends, all others in its namespace are killed", () => {
  const world = machine();
  const namespaces = world.container();
  const first = world.start(
    function* (sys) {
      sys.spawn(fork(forever));
      yield* sys.sleep(seconds(2));
      return 0;
    },
    { namespaces },
  );
  const entered = world.start(forever, { namespaces });
  const elsewhere = world.start(forever);
  world.pass(1);
  expect(world.kernel.processes.list(namespaces.pid)).toHaveLength(3);
  world.pass(2);

  expect([first.end?.kind, entered.end, elsewhere.end]).toMatchObject(["exited", { kind: "killed", signal: "KILL" }, undefined]);
  expect(world.kernel.processes.list(namespaces.pid)).toEqual([]);
});

test("the first process ignores what it does not catch, from inside and outside, but not KILL from outside", () => {
  const world = machine();
  const process = world.start(
    function* (sys) {
      sys.kill(1, "TERM");
      sys.kill(1, "KILL");
      return yield* forever(sys);
    },
    { namespaces: world.container() },
  );
  world.pass(1);
  world.kernel.processes.kill(process.pid, "TERM");
  world.pass(1);
  expect(process.end).toBeUndefined();

  world.kernel.processes.kill(process.pid, "KILL");
  world.pass(1);

  expect(process.end).toMatchObject({ kind: "killed", signal: "KILL" });
});

test("the first process ends by a signal that it catches", () => {
  const world = machine();
  const process = world.start(
    function* (sys) {
      sys.catchSignals("TERM");
      while (sys.takeSignal() !== "TERM") yield* sys.wait({ on: [] });
      return 143;
    },
    { namespaces: world.container() },
  );
  world.pass(1);
  world.kernel.processes.kill(process.pid, "TERM");
  world.pass(1);

  expect(process.end).toMatchObject({ kind: "exited", status: 143 });
});

test("the machine's first process cannot be killed at all", () => {
  const world = machine();
  world.kernel.processes.kill(1, "KILL");

  expect(world.kernel.processes.list().map((process) => process.pid)).toEqual([1]);
});

test("a frozen namespace stands still, takes KILL, and goes on when it is thawed", () => {
  const world = machine();
  let ticks = 0;
  const process = world.start(
    function* (sys) {
      sys.spawn(
        fork(function* (child) {
          for (;;) {
            yield* child.sleep(seconds(1));
            ticks++;
          }
        }),
      );
      return yield* forever(sys);
    },
    { namespaces: world.container() },
  );
  world.pass(3.5);
  process.freeze(true);
  world.pass(10);
  expect(ticks).toBe(3);

  process.freeze(false);
  world.pass(2);
  expect(ticks).toBeGreaterThan(3);

  process.freeze(true);
  world.kernel.processes.kill(process.pid, "KILL");
  world.pass(1);
  expect(process.end).toMatchObject({ kind: "killed" });
});

test("nsenter: after entering the namespaces of a process, children are in its pid namespace", () => {
  const world = machine();
  const container = world.start(forever, { namespaces: world.container() });
  const { stdout } = world.run(function* (sys) {
    const before = sys.hostname;
    sys.enterNamespacesOf(container.pid, ["net", "mnt", "uts", "pid"]);
    sys.spawn(
      fork(function* (child) {
        const hostname = child.readFile("/etc/hostname");
        yield* print(child, JSON.stringify([before, child.pid, child.hostname, hostname, child.processes().map((one) => one.pid)]));
        return 0;
      }),
    );
    yield* sys.waitpid("any");
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual(["node1", 7, "c1", { ok: true, value: "c1\n" }, [1, 7]]);
});
