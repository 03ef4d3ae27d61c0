import fc from "fast-check";
import { expect, test } from "vitest";
import { InvariantViolation } from "@/lib/base/invariant";
import { EventLimitReached, Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt, seconds } from "@/lib/sim/core/time";

test("runs things in order of time, and of arrival within one instant", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (times) => {
      const scheduler = new Scheduler();
      const ran: { time: number; order: number }[] = [];
      times.forEach((time, order) => scheduler.at(instantAt(time), () => ran.push({ time, order })));

      scheduler.runUntil(instantAt(20));

      const expected = times.map((time, order) => ({ time, order })).sort((a, b) => a.time - b.time || a.order - b.order);
      expect(ran).toEqual(expected);
    }),
  );
});

test("a cancelled thing does not happen, and does not count as the next", () => {
  const scheduler = new Scheduler();
  const ran: string[] = [];
  const first = scheduler.after(seconds(1), () => ran.push("first"));
  scheduler.after(seconds(2), () => ran.push("second"));

  first.cancel();

  expect(scheduler.nextAt).toBe(seconds(2));
  scheduler.runUntil(instantAt(3_000_000));
  expect(ran).toEqual(["second"]);
});

test("the clock stands where it was told to run to, even if nothing was due", () => {
  const scheduler = new Scheduler();

  scheduler.runUntil(instantAt(7));

  expect(scheduler.now).toBe(7);
});

test("what is due at this very instant runs after what is due at it already", () => {
  const scheduler = new Scheduler();
  const ran: string[] = [];
  scheduler.at(instantAt(5), () => {
    ran.push("a");
    scheduler.soon(() => ran.push("c"));
  });
  scheduler.at(instantAt(5), () => ran.push("b"));

  scheduler.runUntil(instantAt(5));

  expect(ran).toEqual(["a", "b", "c"]);
});

test("nothing is scheduled for the past", () => {
  const scheduler = new Scheduler();
  scheduler.runUntil(instantAt(10));

  expect(() => scheduler.at(instantAt(9), () => {})).toThrow(InvariantViolation);
});

test("a storm of events ends with a limit that says it is one, and the event is not lost", () => {
  const scheduler = new Scheduler();
  let count = 0;
  const again = (): void => {
    count++;
    scheduler.soon(again);
  };
  scheduler.soon(again);
  scheduler.limit(100);

  expect(() => scheduler.runUntil(instantAt(1))).toThrow(EventLimitReached);
  expect(count).toBe(100);
  scheduler.limit(1);
  expect(scheduler.step()).toBe(true);
  expect(count).toBe(101);
});
