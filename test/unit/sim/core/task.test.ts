import { expect, test } from "vitest";
import { Channel } from "@/lib/sim/core/channel";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { type Routine, sleep, Task, WaitQueue } from "@/lib/sim/core/task";
import { instantAt, seconds } from "@/lib/sim/core/time";
import { Together } from "@/lib/sim/core/together";

test("a task sleeps in simulated time", () => {
  const scheduler = new Scheduler();
  let woke: number | undefined;
  new Task(
    scheduler,
    (function* (): Routine<void> {
      yield* sleep(scheduler, seconds(3));
      woke = scheduler.now;
    })(),
  );

  scheduler.runUntil(instantAt(10_000_000));

  expect(woke).toBe(3_000_000);
});

test("a wait with a deadline ends with whichever comes first", () => {
  const scheduler = new Scheduler();
  const queue = new WaitQueue();
  const kinds: string[] = [];
  new Task(
    scheduler,
    (function* (): Routine<void> {
      kinds.push((yield { on: [queue], until: instantAt(5) }).kind);
      kinds.push((yield { on: [queue], until: instantAt(20) }).kind);
    })(),
  );

  scheduler.at(instantAt(10), () => queue.wake());
  scheduler.runUntil(instantAt(30));

  expect(kinds).toEqual(["timeout", "ready"]);
});

test("a signal ends a wait early, and nothing of the wait is left behind", () => {
  const scheduler = new Scheduler();
  const queue = new WaitQueue();
  const kinds: string[] = [];
  const task = new Task(
    scheduler,
    (function* (): Routine<void> {
      kinds.push((yield { on: [queue], until: instantAt(100) }).kind);
    })(),
  );

  scheduler.at(instantAt(1), () => task.interrupt("INT"));
  scheduler.runUntil(instantAt(200));

  expect(kinds).toEqual(["signal"]);
  expect(queue.isEmpty).toBe(true);
});

test("cancelling runs the finally blocks at once", () => {
  const scheduler = new Scheduler();
  const done: string[] = [];
  const task = new Task(
    scheduler,
    (function* (): Routine<void> {
      try {
        yield* sleep(scheduler, seconds(100));
        done.push("woke");
      } finally {
        done.push("cleaned up");
      }
    })(),
  );
  scheduler.runUntil(instantAt(1));

  task.cancel();

  expect(done).toEqual(["cleaned up"]);
  expect(task.end).toEqual({ kind: "cancelled" });
});

test("a channel gives what was put in, in order, and then its end", () => {
  const scheduler = new Scheduler();
  const channel = new Channel<number>();
  const got: (number | undefined)[] = [];
  new Task(
    scheduler,
    (function* (): Routine<void> {
      for (;;) {
        const item = yield* channel.read();
        got.push(item);
        if (item === undefined) return;
      }
    })(),
  );
  scheduler.at(instantAt(1), () => channel.push(1));
  scheduler.at(instantAt(2), () => {
    channel.push(2);
    channel.end();
    channel.push(3);
  });

  scheduler.runUntil(instantAt(3));

  expect(got).toEqual([1, 2, undefined]);
});

test("routines in one task wait for their own things", () => {
  const scheduler = new Scheduler();
  const log: string[] = [];
  const together = new Together();
  function* member(name: string, ...at: number[]): Routine<void> {
    for (const when of at) {
      while (scheduler.now < when) yield { on: [], until: instantAt(when) };
      log.push(`${name}${when}`);
    }
  }
  together.add(member("a", 1, 5));
  together.add(member("b", 3));
  let end: string | undefined;
  new Task(
    scheduler,
    (function* (): Routine<void> {
      end = yield* together.run(() => scheduler.now);
    })(),
  );

  scheduler.runUntil(instantAt(10));

  expect(log).toEqual(["a1", "b3", "a5"]);
  expect(end).toBe("ended");
});
