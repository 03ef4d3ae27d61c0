import fc from "fast-check";
import { expect, test } from "vitest";
import { EventLimitReached, instantAt, ONE_HOST, type TranscriptEntry, World } from "@/lib/sim";

const fresh = (seed = "world"): World => World.create({ topology: ONE_HOST, seed });

/** Lines typed on one terminal, each some milliseconds after the one before. */
function typed(world: World, lines: readonly string[], gapMs = 400): TranscriptEntry[] {
  const entries: TranscriptEntry[] = [
    { at: instantAt(world.now + 1_000), kind: "open", terminal: "t1", host: "node1", columns: 80, rows: 24 },
  ];
  lines.forEach((text, index) =>
    entries.push({ at: instantAt(world.now + 300_000 + index * gapMs * 1_000), kind: "input", terminal: "t1", text }),
  );
  return entries;
}

function play(world: World, entries: readonly TranscriptEntry[], slices: readonly number[] = []): string {
  let output = "";
  let slice = 0;
  for (const entry of entries) {
    for (let guard = 0; slices.length > 0 && guard < 50; guard++) {
      const next = world.now + (slices[slice++ % slices.length] ?? 1);
      if (next >= entry.at) break;
      world.advanceTo(instantAt(next));
      output += world.takeOutput("t1");
    }
    world.apply(entry);
    output += world.takeOutput("t1");
  }
  world.advanceTo(instantAt((entries.at(-1)?.at ?? world.now) + 3_000_000));
  return output + world.takeOutput("t1");
}

const LINES = [
  "docker network create app\r",
  "docker run -d --name web --network app nginx\r",
  "docker run --rm --network app busybox ping -c 2 web\r",
  "docker net",
  "\t",
  "work ls\r",
  "ping 8.8.8.8\r",
  "\x03",
  "date\r",
];

test("the same seed and transcript give the same bytes", () => {
  const one = fresh();
  const other = fresh();
  const entries = typed(one, LINES);

  expect(play(one, entries)).toBe(play(other, entries));
  expect(JSON.stringify(one.snapshot())).toBe(JSON.stringify(other.snapshot()));
});

test("another seed gives other ids", () => {
  const [one, other] = [fresh("one"), fresh("other")];

  expect(one.run("node1", "docker network create app").stdout).not.toBe(other.run("node1", "docker network create app").stdout);
});

test("it does not matter into which slices the time between inputs is cut", () => {
  const reference = fresh();
  const entries = typed(reference, LINES);
  const expected = play(reference, entries);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 20 }), (slices) => {
      expect(play(fresh(), entries, slices)).toBe(expected);
    }),
    { numRuns: 8 },
  );
});

test("what is typed appears, with a prompt before and after it", () => {
  const world = fresh();

  const output = play(world, typed(world, ["echo hello\r"]));

  expect(output).toContain("root@node1:~# echo hello");
  expect(output).toMatch(/\rhello\r\n.*root@node1:~# $/s);
});

test("an endless loop ends with Ctrl-C", () => {
  const world = fresh();

  const output = play(world, typed(world, ["while true; do :; done\r", "\x03", "echo still here\r"]));

  expect(output).toContain("\rstill here\r\n");
});

test("a storm of events stops at the budget, and the next input brings a new one", () => {
  const world = World.create({ topology: ONE_HOST, seed: "storm", eventLimit: 20_000 });
  const entries = typed(world, ["while true; do /bin/true; done\r"], 60_000);
  for (const entry of entries) world.apply(entry);

  expect(() => world.advanceTo(instantAt(world.now + 600_000_000))).toThrow(EventLimitReached);
  world.apply({ at: instantAt(world.now + 1_000), kind: "input", terminal: "t1", text: "\x03" });
  world.takeOutput("t1");
  world.apply({ at: instantAt(world.now + 500_000), kind: "input", terminal: "t1", text: "echo back\r" });
  world.advanceTo(instantAt(world.now + 500_000));
  expect(world.takeOutput("t1")).toContain("\rback\r\n");
});

test("a snapshot shows hosts, networks, containers and their namespaces as plain data", () => {
  const world = fresh();
  world.run("node1", "docker network create app");
  world.run("node1", "docker run -d --name web --network app -p 127.0.0.1:8080:80 nginx");

  const snapshot = structuredClone(world.snapshot());

  const [host] = snapshot.hosts;
  expect(host?.networks.map((network) => network.name).sort()).toEqual(["app", "bridge", "host", "none"]);
  expect(host?.containers).toMatchObject([{ name: "web", state: "running", networkMode: "app" }]);
  const netns = host?.containers[0]?.netns ?? "";
  expect(host?.namespaces[netns]?.addresses.map((address) => address.prefix.address)).toContain("172.18.0.2");
  expect(host?.networks.find((network) => network.name === "app")?.endpoints).toMatchObject([
    { containerName: "web", ipv4: "172.18.0.2", ports: [{ hostIp: "127.0.0.1", hostPort: 8080, port: 80 }] },
  ]);
});

test("a file saved in the editor is there for the shell", () => {
  const world = fresh();
  world.apply({ at: world.now, kind: "file", host: "node1", path: "/root/note.txt", text: "written\n" });

  expect(world.run("node1", "cat /root/note.txt").stdout).toBe("written\n");
});

test("a probe tells what became of its frames, and where they died", () => {
  const world = fresh();
  world.run("node1", "docker network create red; docker network create blue");
  world.run("node1", "docker run -d --name r1 --network red nginx; docker run -d --name b1 --network blue nginx; sleep 1");
  const from = { kind: "container", host: "node1", name: "r1" } as const;

  expect(world.probe({ from, to: "r1", what: { kind: "http", port: 80 } }).outcome).toMatchObject({ kind: "ok", status: 200 });
  expect(world.probe({ from, to: "b1", what: { kind: "resolve" } }).outcome).toEqual({ kind: "no-such-name", name: "b1" });
  expect(world.probe({ from, to: "172.18.0.1", what: { kind: "tcp", port: 99 } }).outcome).toEqual({
    kind: "refused",
    address: "172.18.0.1",
  });
  expect(world.probe({ from, to: "172.18.0.77", what: { kind: "ping" } })).toMatchObject({ outcome: { kind: "unreachable", why: "host" } });
  const crossing = world.probe({ from, to: "172.19.0.2", what: { kind: "tcp", port: 80 } });
  expect(crossing.outcome).toEqual({ kind: "timeout", address: "172.19.0.2" });
  expect(crossing.death).toMatchObject({ where: { host: "node1" }, reason: { kind: "rule", rule: { table: "raw", chain: "PREROUTING" } } });
  expect(world.probe({ from: { kind: "container", host: "node1", name: "nobody" }, to: "x", what: { kind: "ping" } }).outcome.kind).toBe(
    "no-source",
  );
  expect(world.probe({ from: { kind: "outside" }, to: "192.168.56.11", what: { kind: "tcp", port: 80 } }).outcome.kind).toBe("refused");
});
