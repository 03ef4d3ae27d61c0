import { expect, test } from "vitest";
import { LiveClock } from "@/app/_lab/live-clock";
import { type Instant, instantAt } from "@/lib/sim";

/** A world in which something happens each `every` microseconds and costs `cost` milliseconds of the wall's time. */
class Machine {
  wall = 0;
  now = instantAt(0);
  nextAt: Instant | undefined;
  runs = 0;
  readonly #every: number;
  readonly #cost: number;

  constructor(every: number, cost: number) {
    this.#every = every;
    this.#cost = cost;
    this.nextAt = every > 0 ? instantAt(every) : undefined;
  }

  advanceTo(until: Instant): void {
    while (this.nextAt !== undefined && this.nextAt <= until) {
      this.now = this.nextAt;
      this.nextAt = instantAt(this.nextAt + this.#every);
      this.wall += this.#cost;
      this.runs++;
    }
    this.now = until;
  }
}

const clockOf = (machine: Machine): LiveClock => new LiveClock(machine, () => machine.wall);

test("virtual time follows the wall's", () => {
  const machine = new Machine(1_000, 0);
  const clock = clockOf(machine);
  machine.wall = 250;

  expect(clock.catchUp()).toBe(250_000);
  expect(machine.runs).toBe(250);
});

test("a world at rest moves at once, and asks for nothing", () => {
  const machine = new Machine(0, 0);
  const clock = clockOf(machine);
  machine.wall = 86_400_000;

  expect(clock.catchUp()).toBe(86_400_000_000);
  expect(clock.dueIn()).toBeUndefined();
});

test("the next event is due when the wall will have reached it", () => {
  const machine = new Machine(1_000_000, 0);
  const clock = clockOf(machine);
  machine.wall = 400;
  clock.catchUp();

  expect(clock.dueIn()).toBe(600);
});

test("a turn ends in time even when the world is a thousand times too slow", () => {
  // An event each microsecond that costs a millisecond.
  const machine = new Machine(1, 1);
  const clock = clockOf(machine);
  machine.wall = 1_000;
  const began = machine.wall;

  clock.catchUp();

  expect(machine.wall - began).toBeLessThan(2_000);
  for (let turn = 0; turn < 10; turn++) {
    machine.wall += 1;
    const before = machine.wall;
    clock.catchUp();
    expect(machine.wall - before).toBeLessThan(120);
  }
});

test("what could not be kept up with is not made up for later", () => {
  const machine = new Machine(1, 1);
  const clock = clockOf(machine);
  machine.wall = 10_000;
  clock.catchUp();
  const behind = machine.now;

  machine.wall += 1;
  clock.catchUp();

  expect(machine.now - behind).toBeLessThan(2_000);
});
