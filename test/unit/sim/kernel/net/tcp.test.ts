import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { type Routine, Task } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import type { IpPacket } from "@/lib/sim/net/frame";
import type { PacketHooks } from "@/lib/sim/kernel/netfilter/hook";
import type { TcpConnection } from "@/lib/sim/kernel/net/socket";
import type { Netns } from "@/lib/sim/kernel/netns";
import { ip, Lab, up } from "./lab";

/** Two containers on a bridge; packets for which `drops` says so are lost in the bridge's FORWARD hook. */
function pair(drops: (packet: IpPacket) => boolean = () => false): { lab: Lab; ann: Netns; bob: Netns } {
  const hooks: PacketHooks = {
    run: (packet, context) =>
      context.hook === "FORWARD" && drops(packet)
        ? { kind: "drop", reason: { kind: "policy", table: "filter", chain: "FORWARD" } }
        : { kind: "accept", packet },
  };
  const lab = new Lab({ hooks });
  const br = lab.bridge("br0", "10.8.0.1/24");
  const ann = lab.container(br, "10.8.0.2/24");
  const bob = lab.container(br, "10.8.0.3/24");
  return { lab, ann, bob };
}

function* readToEnd(connection: TcpConnection): Routine<string> {
  let text = "";
  for (;;) {
    const chunk = yield* connection.read();
    if (!chunk.ok) return `${text}<${chunk.error}>`;
    if (chunk.value === "") return text;
    text += chunk.value;
  }
}

const states = (netns: Netns): string[] =>
  netns.sockets.list().map((socket) => `${socket.state} ${socket.local.address}:${socket.local.port}`);

describe("a connection", () => {
  test("carries text both ways and ends with a FIN each", () => {
    const { lab, ann, bob } = pair();
    const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
    function* serve(): Routine<string> {
      const connection = unwrap(yield* listener.accept());
      const request = unwrap(yield* connection.read());
      unwrap(yield* connection.write(`you said ${request}`));
      connection.close();
      return request;
    }
    const server = new Task(lab.scheduler, serve());
    function* client(): Routine<string> {
      const connection = unwrap(yield* ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }));
      unwrap(yield* connection.write("grüß dich"));
      const answer = yield* readToEnd(connection);
      connection.close();
      return answer;
    }

    expect(lab.run(client())).toBe("you said grüß dich");
    expect(server.end).toEqual({ kind: "returned", value: "grüß dich" });
    lab.idle(1);
    expect(states(bob)).toEqual(["LISTEN 0.0.0.0:80", "TIME-WAIT 10.8.0.3:80"]);
    expect(states(ann)).toEqual([]);
    lab.idle(60);
    expect(states(bob)).toEqual(["LISTEN 0.0.0.0:80"]);
  });

  test("to a closed port is refused at once", () => {
    const { lab, ann } = pair();

    expect(lab.run(ann.sockets.connect({ address: ip("10.8.0.3"), port: 81 }))).toEqual({ ok: false, error: "ECONNREFUSED" });
    expect(lab.scheduler.now).toBeLessThan(seconds(0.01));
    expect(lab.drops()).toContain("eth0 no-socket");
  });

  test("to nobody fails when the neighbour does", () => {
    const { lab, ann } = pair();

    expect(lab.run(ann.sockets.connect({ address: ip("10.8.0.9"), port: 80 }))).toEqual({ ok: false, error: "EHOSTUNREACH" });
    expect(lab.scheduler.now / 1e6).toBeCloseTo(3, 1);
    expect(lab.run(ann.sockets.connect({ address: ip("9.9.9.9"), port: 80 }))).toEqual({ ok: false, error: "ENETUNREACH" });
  });

  test("whose SYNs are dropped is tried at 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 seconds and given up after 131", () => {
    const { lab, ann } = pair((packet) => packet.payload.kind === "tcp");

    expect(lab.run(ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }))).toEqual({ ok: false, error: "ETIMEDOUT" });
    expect(lab.scheduler.now / 1e6).toBeCloseTo(131, 1);
    const sent = lab.events.flatMap((event) =>
      event.kind === "frame" && event.direction === "out" && event.where.link === "eth0" && event.frame.payload.kind === "ipv4"
        ? [Math.round(event.at / 1e6)]
        : [],
    );
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
  });

  test("gives up earlier when told to", () => {
    const { lab, ann } = pair((packet) => packet.payload.kind === "tcp");

    expect(lab.run(ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }, { timeout: seconds(2) }))).toEqual({
      ok: false,
      error: "ETIMEDOUT",
    });
    expect(lab.scheduler.now / 1e6).toBeCloseTo(2, 3);
    expect(states(ann)).toEqual([]);
  });

  test("closed with unread data is reset", () => {
    const { lab, ann, bob } = pair();
    const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
    function* client(): Routine<string> {
      const connection = unwrap(yield* ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }));
      const accepted = unwrap(yield* listener.accept());
      unwrap(yield* connection.write("never read"));
      yield { on: [], until: (lab.scheduler.now + 1_000) as typeof lab.scheduler.now };
      accepted.close();
      const read = yield* connection.read();
      const write = yield* connection.write("more");
      return `${read.ok ? read.value : read.error} ${write.ok ? "written" : write.error}`;
    }

    expect(lab.run(client())).toBe("ECONNRESET EPIPE");
  });

  test("stops writing while nobody reads, and goes on when somebody does", () => {
    const { lab, ann, bob } = pair();
    const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
    const text = "x".repeat(400_000);
    function* client(): Routine<void> {
      const connection = unwrap(yield* ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }));
      unwrap(yield* connection.write(text));
      connection.close();
    }
    const writer = new Task(lab.scheduler, client());

    lab.idle(30);
    expect(writer.end).toBeUndefined();
    const accepted = unwrap(lab.run(listener.accept()));
    expect(lab.run(readToEnd(accepted))).toBe(text);
    lab.idle(1);
    expect(writer.end?.kind).toBe("returned");
  });

  test("over a link with a smaller MTU in between learns to send smaller segments", () => {
    const lab = new Lab();
    unwrap(lab.root.setSysctl("net.ipv4.ip_forward", "1"));
    const red = lab.bridge("red", "10.8.0.1/24");
    const blue = lab.bridge("blue", "10.9.0.1/24");
    const ann = lab.container(red, "10.8.0.2/24", "10.8.0.1");
    const bob = lab.container(blue, "10.9.0.2/24", "10.9.0.1");
    unwrap(lab.root.links.change(blue, { set: "mtu", mtu: 1_000 }));
    const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
    function* client(): Routine<string> {
      const connection = unwrap(yield* ann.sockets.connect({ address: ip("10.9.0.2"), port: 80 }));
      const accepted = unwrap(yield* listener.accept());
      unwrap(yield* connection.write("y".repeat(20_000)));
      connection.close();
      return yield* readToEnd(accepted);
    }

    expect(lab.run(client())).toBe("y".repeat(20_000));
    expect(lab.scheduler.now).toBeLessThan(seconds(1));
    expect(lab.drops()).toContain("red too-big");
  });

  test("dies with its namespace", () => {
    const { lab, ann, bob } = pair();
    const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
    function* client(): Routine<string> {
      unwrap(yield* ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }));
      const accepted = unwrap(yield* listener.accept());
      lab.stack.destroy(ann);
      const read = yield* accepted.read((lab.scheduler.now + 5_000_000) as typeof lab.scheduler.now);
      return read.ok ? read.value : read.error;
    }

    expect(lab.run(client())).toBe("EAGAIN");
  });
});

test("a port that is listened on cannot be taken again, but v4 and v6-only can share it", () => {
  const { ann } = pair();
  const any6 = "::" as ReturnType<typeof ip>;

  expect(ann.sockets.listen({ address: ip("0.0.0.0"), port: 80 }).ok).toBe(true);
  expect(ann.sockets.listen({ address: ip("10.8.0.2"), port: 80 })).toEqual({ ok: false, error: "EADDRINUSE" });
  expect(ann.sockets.listen({ address: any6, port: 80 })).toEqual({ ok: false, error: "EADDRINUSE" });
  expect(ann.sockets.listen({ address: any6, port: 80 }, { v6Only: true }).ok).toBe(true);
  expect(ann.sockets.listen({ address: ip("10.9.9.9"), port: 81 })).toEqual({ ok: false, error: "EADDRNOTAVAIL" });
});

test("delivers exactly what was written, whatever is lost on the way", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 4_000 }), { minLength: 1, maxLength: 8 }),
      fc.integer(),
      fc.integer({ min: 0, max: 25 }),
      (texts, seed, percent) => {
        const random = new Random(String(seed));
        const { lab, ann, bob } = pair((packet) => packet.payload.kind === "tcp" && random.below(100) < percent);
        up(bob.links, "lo");
        const listener = unwrap(bob.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
        const received = new Task(
          lab.scheduler,
          (function* (): Routine<string> {
            const connection = unwrap(yield* listener.accept());
            const text = yield* readToEnd(connection);
            unwrap(yield* connection.write(String(text.length)));
            connection.close();
            return text;
          })(),
        );
        function* client(): Routine<string> {
          const connection = unwrap(yield* ann.sockets.connect({ address: ip("10.8.0.3"), port: 80 }));
          for (const text of texts) unwrap(yield* connection.write(text));
          connection.shutdownWrite();
          const answer = yield* readToEnd(connection);
          connection.close();
          return answer;
        }

        const answer = lab.run(client(), 100_000);

        expect(received.end).toEqual({ kind: "returned", value: texts.join("") });
        expect(answer).toBe(String(texts.join("").length));
      },
    ),
    { numRuns: 60 },
  );
});
