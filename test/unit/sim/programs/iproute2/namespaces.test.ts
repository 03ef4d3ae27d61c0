import { expect, test } from "vitest";
import { programs as busybox } from "@/lib/sim/programs/busybox-net";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { programs as netTools } from "@/lib/sim/programs/net-tools";
import { Machine } from "./machine";

const machine = (): Machine => new Machine(new Map([...iproute2, ...netTools, ...busybox]));
const ok = (stdout: string) => ({ stdout, stderr: "", status: 0 });

test("a named namespace is made, listed, entered and removed", () => {
  const host = machine();
  expect(host.must("ip netns")).toBe("");
  host.must("ip netns add blue", "ip netns add red");
  expect(host.must("ip netns list")).toBe("blue\nred\n");
  expect(host.must("ip netns exec blue ip -o link")).toBe(
    "1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n",
  );
  expect(host.must("ip -n red -br link")).toBe("lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n");
  host.must("ip netns del blue");
  expect(host.must("ip netns")).toBe("red\n");
});

test.each([
  ["ip netns add blue", 'Cannot create namespace file "/run/netns/blue": File exists\n', 1],
  ["ip netns del nosuch", 'Cannot remove namespace file "/run/netns/nosuch": No such file or directory\n', 1],
  ["ip netns exec nosuch ip link", 'Cannot open network namespace "nosuch": No such file or directory\n', 255],
  ["ip -n nosuch link", 'Cannot open network namespace "nosuch": No such file or directory\n', 255],
  ["ip netns exec blue nosuch", 'exec of "nosuch" failed: No such file or directory\n', 1],
])("%s is refused", (line, stderr, status) => {
  const host = machine();
  host.must("ip netns add blue");
  expect(host.run(line)).toEqual({ stdout: "", stderr, status });
});

test("the two ends of a veth pair name each other across namespaces", () => {
  const host = machine();
  host.must(
    "ip netns add blue",
    "ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02",
    "ip link set v1 netns blue",
  );
  expect(host.must("ip link show v0")).toBe(
    "4: v0@if3: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns blue\n",
  );
  expect(host.must("ip -n blue link show v1")).toBe(
    "3: v1@if4: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0\n",
  );
  expect(host.must("ip netns")).toBe("blue (id: 0)\n");
});

// What containers may not do: they are started without CAP_NET_ADMIN.
test.each([
  ["ip link set lo up", "RTNETLINK answers: Operation not permitted\n", 2],
  ["ip addr add 10.0.0.1/24 dev lo", "RTNETLINK answers: Operation not permitted\n", 2],
  ["ip route add 10.0.0.0/8 dev lo", "RTNETLINK answers: Operation not permitted\n", 2],
  ["ip link add b0 type bridge", "RTNETLINK answers: Operation not permitted\n", 2],
  ["ifconfig lo up", "SIOCSIFFLAGS: Operation not permitted\n", 255],
  ["ifconfig lo 127.0.0.2", "SIOCSIFADDR: Operation not permitted\nSIOCSIFFLAGS: Operation not permitted\n", 255],
  ["ifconfig lo mtu 1400", "SIOCSIFMTU: Operation not permitted\n", 1],
  ["route add default dev lo", "SIOCADDRT: Operation not permitted\n", 7],
  ["arp -d 10.0.0.1", "SIOCDARP(dontpub): Operation not permitted\n", 255],
  ["busybox/ip link set lo up", "ip: SIOCSIFFLAGS: Operation not permitted\n", 2],
  ["busybox/ip addr add 10.0.0.1/24 dev lo", "ip: RTNETLINK answers: Operation not permitted\n", 2],
  ["busybox/ip route add 10.0.0.0/8 dev lo", "ip: RTNETLINK answers: Operation not permitted\n", 2],
  ["busybox/route add default dev lo", "route: SIOCADDRT: Operation not permitted\n", 1],
  ["busybox/ifconfig lo up", "ifconfig: SIOCSIFFLAGS: Operation not permitted\n", 1],
  ["busybox/brctl addbr b0", "brctl: bridge b0: Operation not permitted\n", 1],
])("without CAP_NET_ADMIN, %s is not permitted", (line, stderr, status) => {
  expect(machine().run(line, { capabilities: [] })).toEqual({ stdout: "", stderr, status });
});

test("reading needs no capability", () => {
  expect(machine().run("ip -br link show lo", { capabilities: [] })).toEqual(
    ok("lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n"),
  );
});
