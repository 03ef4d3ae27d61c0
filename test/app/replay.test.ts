import { expect, test } from "vitest";
import { LiveClock } from "@/app/_lab/live-clock";
import { Random } from "@/lib/sim/core/random";
import { ONE_HOST, type TranscriptEntry, World } from "@/lib/sim";

const LINES = [
  "docker network create app",
  "docker run -d --name web --network app -p 8080:80 nginx",
  "for i in 1 2 3; do echo $i; sleep 0.2; done &",
  "docker exec web ping -c 2 192.168.56.1",
  "curl -s -o /dev/null -w '%{http_code}\\n' http://192.168.56.11:8080/",
  "docker ps -a",
  "ip -br addr",
];

/** Types the lines at a world whose clock follows a wall that moves by chance. */
function live(seed: number): { readonly entries: readonly TranscriptEntry[]; readonly screen: string; readonly world: World } {
  const chance = new Random(`wall ${seed}`);
  const random = (): number => chance.fraction();
  const world = World.create({ topology: ONE_HOST, seed: "replay" });
  let screen = "";
  world.onOutput = (terminal) => {
    screen += world.takeOutput(terminal);
  };
  let wall = 0;
  const clock = new LiveClock(world, () => wall);
  const entries: TranscriptEntry[] = [];
  const give = (
    input:
      | { kind: "open"; terminal: string; host: string; columns: number; rows: number }
      | { kind: "input"; terminal: string; text: string },
  ) => {
    wall += random() * 90;
    const entry = { ...input, at: clock.catchUp() };
    world.apply(entry);
    entries.push(entry);
  };
  give({ kind: "open", terminal: "t1", host: "node1", columns: 100, rows: 30 });
  for (const line of LINES) {
    for (const key of `${line}\r`) give({ kind: "input", terminal: "t1", text: key });
    for (let pause = 0; pause < 6; pause++) {
      wall += random() * 700;
      clock.catchUp();
    }
  }
  return { entries, screen, world };
}

test.each([1, 2, 3])("what was seen live is seen again when the transcript is replayed (seed %i)", (seed) => {
  const before = live(seed);

  const world = World.create({ topology: ONE_HOST, seed: "replay" });
  let screen = "";
  world.onOutput = (terminal) => {
    screen += world.takeOutput(terminal);
  };
  for (const entry of before.entries) world.apply(entry);
  world.advanceTo(before.world.now);

  expect(screen).toBe(before.screen);
  expect(screen).toContain("200");
  expect(JSON.stringify(world.snapshot())).toBe(JSON.stringify(before.world.snapshot()));
});
