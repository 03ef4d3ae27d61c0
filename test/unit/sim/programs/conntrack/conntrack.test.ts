import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { NetProgram } from "@/lib/sim/kernel";
import { programs as conntrack } from "@/lib/sim/programs/conntrack";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { programs as iptables } from "@/lib/sim/programs/iptables";
import { Machine } from "../iproute2/machine";

function ip(text: string): Ip {
  const address = parseIp(text);
  if (!address) throw new Error(text);
  return address;
}

/** A connection to a redirected port, and a datagram that nobody answers. */
const talk: NetProgram = function* (sys) {
  const { sockets } = sys.netns;
  unwrap(sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
  unwrap(sockets.udp({ address: ip("127.0.0.1"), port: 53 }));
  unwrap(yield* sockets.connect({ address: ip("127.0.0.1"), port: 8080 }, { bind: { port: 40_000 } }));
  const socket = unwrap(sockets.udp({ address: ip("127.0.0.1"), port: 40_001 }));
  unwrap(socket.send({ kind: "text", text: "hello" }, { address: ip("127.0.0.1"), port: 53 }));
  yield* sys.sleep(seconds(1000));
  return 0;
};

const TCP =
  "tcp      6 431999 ESTABLISHED src=127.0.0.1 dst=127.0.0.1 sport=40000 dport=8080 src=127.0.0.1 dst=127.0.0.1 sport=80 dport=40000 [ASSURED] mark=0 use=1\n";
const UDP =
  "udp      17 29 src=127.0.0.1 dst=127.0.0.1 sport=40001 dport=53 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 sport=53 dport=40001 mark=0 use=1\n";

function talking(): Machine {
  const machine = new Machine(new Map([...conntrack, ...iproute2, ...iptables, ["test/talk", talk]]));
  machine.must("ip link set lo up", "iptables -t nat -A OUTPUT -p tcp --dport 8080 -j REDIRECT --to-ports 80");
  machine.start("talk");
  return machine;
}

const told = (text: string): string => `conntrack v1.4.9 (conntrack-tools): ${text}\n`;

test("every connection is a line, and how many there are goes to standard error", () => {
  const { stdout, stderr, status } = talking().run("conntrack -L");
  expect(stdout.split("\n").toSorted().join("\n")).toBe(`${TCP}${UDP}`.split("\n").toSorted().join("\n"));
  expect(stderr).toBe(told("2 flow entries have been shown."));
  expect(status).toBe(0);
});

test.each([
  ["-p tcp", TCP],
  ["-p 17", UDP],
  ["-p tcp --dport 8080", TCP],
  ["-p tcp --dport 80", ""],
  ["-p tcp --reply-port-src 80", TCP],
  ["-p udp --sport 40001", UDP],
  ["-s 127.0.0.1 -p udp", UDP],
  ["-s 10.0.0.0/8", ""],
  ["-d 127.0.0.0/8 -p tcp", TCP],
  ["-p tcp --state ESTABLISHED", TCP],
  ["-p tcp --state TIME_WAIT", ""],
  ["-u ASSURED", TCP],
  ["-g", TCP],
  ["-n", ""],
  ["-j 127.0.0.1", TCP],
  ["-f ipv6", ""],
  ["-m 1", ""],
  ["-w 1", ""],
  ["-o extended -p tcp", `ipv4     2 ${TCP}`],
  ["expect", ""],
])("conntrack -L %s chooses", (words, expected) => {
  expect(talking().run(`conntrack -L ${words}`).stdout).toBe(expected);
});

test("what is deleted is shown, and is gone", () => {
  const machine = talking();
  expect(machine.run("conntrack -C").stdout).toBe("2\n");
  expect(machine.run("conntrack -D -p udp")).toEqual({ stdout: UDP, stderr: told("1 flow entries have been deleted."), status: 0 });
  expect(machine.run("conntrack -D -p udp")).toEqual({ stdout: "", stderr: told("0 flow entries have been deleted."), status: 1 });
  expect(machine.run("conntrack -F")).toEqual({ stdout: "", stderr: told("connection tracking table has been emptied."), status: 0 });
  expect(machine.run("conntrack -C").stdout).toBe("0\n");
});

test.each([
  ["-L --dport 80", "unknown option `--dport'"],
  ["-p tcp", "Illegal option `--protonum' with this command"],
  ["-L -p", "option `-p' requires an argument"],
  ["-L foo", "unknown type `foo'"],
  ["-L -f foo", "`foo' unsupported protocol"],
  ["-L -p foo", "`foo' unsupported protocol"],
  ["-L -s foo", "Invalid IP address `foo'"],
  ["-D -L", "Invalid commands combination"],
  ["-L -o foo", "Bad parameter `foo'"],
  ["-L -u FOO", "Bad parameter `FOO'"],
  ["-C -p tcp", "Illegal option `--protonum' with this command"],
  ["-G -p tcp", "you have to specify `--src' and `--dst'"],
  ["-I", "You need to supply the `--protonum' option for this command"],
  ["-D expect", "You need to supply the `--src' option for this command"],
  ["--list", "unknown option `--list'"],
  ["-L -p tcp --state established", "unknown TCP state `established'"],
])("conntrack %s is refused", (words, message) => {
  const hint = "Try `conntrack -h' or 'conntrack --help' for more information.\n";
  expect(new Machine(conntrack).run(`conntrack ${words}`)).toEqual({ stdout: "", stderr: `${told(message)}${hint}`, status: 2 });
});

test("it needs CAP_NET_ADMIN", () => {
  const { stderr, status } = new Machine(conntrack).run("conntrack -L", { capabilities: [] });
  expect(stderr).toBe(told("Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this"));
  expect(status).toBe(1);
});
