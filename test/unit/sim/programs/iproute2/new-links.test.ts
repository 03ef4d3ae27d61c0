import { expect, test } from "vitest";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { Machine } from "./machine";

const machine = (): Machine => new Machine(new Map(iproute2));

// What a real host answered to each.
test.each([
  ["ip link add link eth0 name v type vlan", "Error: 8021q: VLAN properties not specified.\n", 2],
  ["ip link add name v type vlan id 5", "Error: 8021q: link not specified.\n", 2],
  ["ip link add link eth0 name v type vlan id 4095", "Error: 8021q: Invalid VLAN id.\n", 2],
  ["ip link add link eth0 name v type vlan id abc", 'Error: argument "abc" is wrong: id is invalid\n', 255],
  ["ip link add link lo name v type vlan id 5", "Error: 8021q: VLANs not supported on device.\n", 2],
  ["ip link add name m type macvlan", "RTNETLINK answers: Invalid argument\n", 2],
  [
    "ip link add link eth0 name m type macvlan mode foo",
    'Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "foo"\n',
    1,
  ],
  ["ip link add link eth0 name i type ipvlan mode foo", 'Error: argument of "mode" must be either "l2", "l3" or "l3s"\n', 1],
  ["ip link add x type vxlan", "Error: Required attributes not provided to perform the operation.\n", 2],
  ["ip link add x type vxlan id 16777216", 'Error: argument "16777216" is wrong: invalid id\n', 255],
  ["ip link add x type vxlan id 1 group 239.1.1.1 dstport 4789", "vxlan: 'group' requires 'dev' to be specified\n", 1],
  ["ip link add x type vxlan id 1 remote 239.1.1.1", 'Error: argument "239.1.1.1" is wrong: invalid remote address\n', 255],
  ["ip link add x type vxlan id 1 remote 10.0.0.1 group 239.1.1.1", "vxlan: both group and remote cannot be specified\n", 1],
  ["ip link add x type vxlan id 1 local 10.0.0.1 remote fd00::1", 'Error: inet address is expected rather than "fd00::1".\n', 1],
])("%s is refused in its words", (line, stderr, status) => {
  expect(machine().run(line)).toEqual({ stdout: "", stderr, status });
});

test("an option that is real but not simulated says so", () => {
  const host = machine();
  for (const line of ["ip link add link eth0 name v type vlan id 5 gvrp on", "ip link add x type vxlan id 1 tos 4"]) {
    expect(host.run(line).stderr).toMatch(/^drydock: /);
  }
});

test("a VXLAN without a port is made, with the kernel's old port and a warning", () => {
  const host = machine();
  expect(host.run("ip link add vx0 type vxlan id 42")).toEqual({
    stdout: "",
    stderr:
      "vxlan: destination port not specified\nWill use Linux kernel default (non-standard value)\nUse 'dstport 4789' to get the IANA assigned value\nUse 'dstport 0' to get default and quiet this message\n",
    status: 0,
  });
  expect(host.must("ip -d link show vx0")).toContain("vxlan id 42 srcport 0 0 dstport 8472 ttl auto ageing 300 ");
});

test("details name the parent, also from another namespace", () => {
  const host = machine();
  host.must("ip netns add blue", "ip link add link eth0 name eth0.10 type vlan id 10", "ip link set eth0.10 netns blue");
  expect(host.must("ip -n blue -d link show eth0.10")).toMatch(
    /^3: eth0\.10@if2: .* link-netnsid 0 .*\n {4}vlan protocol 802\.1Q id 10 <REORDER_HDR> /s,
  );
});
