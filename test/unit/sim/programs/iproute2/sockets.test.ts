import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { NetProgram, TcpListener } from "@/lib/sim/kernel";
import { programs as busybox } from "@/lib/sim/programs/busybox-net";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { programs as netTools } from "@/lib/sim/programs/net-tools";
import { answerTo, Machine, stepsOf } from "./machine";

function ip(text: string): Ip {
  const address = parseIp(text);
  if (!address) throw new Error(text);
  return address;
}

const LISTENERS: readonly (readonly ["tcp" | "udp", string, number, boolean?])[] = [
  ["tcp", "0.0.0.0", 80],
  ["tcp", "::", 80, true],
  ["tcp", "127.0.0.1", 8081],
  ["tcp", "::", 8443],
  ["tcp", "fd00:1234:5678:9abc:def0:1:2:3", 7777],
  ["udp", "0.0.0.0", 53],
  ["udp", "::", 53, true],
];

/** What the script held open whose machine was recorded. */
const hold: NetProgram = function* (sys) {
  const { sockets } = sys.netns;
  const listeners: TcpListener[] = [];
  const owner = (fd: number) => ({ pid: sys.pid, name: "perl", fd });
  LISTENERS.forEach(([protocol, address, port, v6Only = false], i) => {
    const at = { address: ip(address), port };
    if (protocol === "udp") unwrap(sockets.udp(at, { owner: owner(3 + i), v6Only }));
    else listeners.push(unwrap(sockets.listen(at, { owner: owner(3 + i), v6Only, backlog: 4096 })));
  });
  unwrap(sockets.udp({ address: ip("127.0.0.11"), port: 5353 }, { owner: owner(11) }));
  unwrap(
    yield* sockets.connect(
      { address: ip("127.0.0.1"), port: 8081 },
      { bind: { address: ip("127.0.0.1"), port: 40_000 }, owner: owner(12) },
    ),
  );
  const accepting = listeners.find(({ local }) => local.port === 8081);
  if (accepting) unwrap(yield* accepting.accept());
  yield* sys.sleep(seconds(1000));
  return 0;
};

/** The order of sockets is that of hash buckets, and process numbers are not those of the recorded machine. */
function unordered(step: string): readonly string[] {
  return step
    .replace(/\n$/, "")
    .replace(/pid=\d+/g, "pid=N")
    .replace(/,fd=\d+/g, "")
    .replace(/\d+\/perl +/g, "N/perl")
    .split("\n")
    .toSorted();
}

const steps = stepsOf(readFileSync(join(import.meta.dirname, "sockets.session"), "utf8"));
const machine = new Machine(new Map([...iproute2, ...netTools, ...busybox, ["test/hold", hold]]), { hasCard: false });
machine.must("ip link set lo up", "ip addr add fd00:1234:5678:9abc:def0:1:2:3/128 dev lo nodad");
machine.start("hold");

test.each(steps)("$command", ({ command, text }) => {
  expect(unordered(answerTo(machine, command))).toEqual(unordered(text));
});
