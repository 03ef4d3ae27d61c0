import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { NewNetwork } from "@/lib/sim/cnm";
import { boot, describeLinks, networkNamed, refusal, subnet } from "./host";

function macvlan(options: Readonly<Record<string, string>>, more: Partial<NewNetwork> = {}): Partial<NewNetwork> {
  return { driver: "macvlan", options, ...more };
}

test("Macvlan networks share a parent, ipvlan networks do not", () => {
  const host = boot();
  unwrap(host.network("one", macvlan({ parent: "eth0" }, subnet({ subnet: "10.1.0.0/24" }))));
  unwrap(host.network("two", macvlan({ parent: "eth0", macvlan_mode: "private" }, subnet({ subnet: "10.2.0.0/24" }))));
  expect(refusal(host.network("three", macvlan({ parent: "eth0", macvlan_mode: "passthru" })))).toContain(
    "cannot use mode passthru, macvlan network ",
  );
  unwrap(host.network("four", { driver: "ipvlan", options: { parent: "docker0" } }));
  expect(refusal(host.network("five", { driver: "ipvlan", options: { parent: "docker0" } }))).toMatch(
    /^internal: network di-[0-9a-f]{12} is already using parent interface docker0$/,
  );
});

test("Their options are checked in Docker's words", () => {
  const host = boot();
  expect(refusal(host.network("bad", macvlan({ parent: "eth0", macvlan_mode: "wrong" })))).toBe(
    "internal: requested macvlan mode 'wrong' is not valid, 'bridge' mode is the macvlan driver default",
  );
  expect(refusal(host.network("bad", { driver: "ipvlan", options: { parent: "eth0", ipvlan_mode: "l9" } }))).toBe(
    "internal: requested ipvlan mode 'l9' is not valid, 'l2' mode is the ipvlan driver default",
  );
  expect(refusal(host.network("bad", macvlan({ parent: "nosuch0" })))).toBe(
    "internal: invalid subinterface vlan name nosuch0, example formatting is eth0.10",
  );
  expect(refusal(host.network("bad", macvlan({ parent: "eth0.5000" })))).toBe("internal: vlan id must be between 1-4094, received: 5000");
  expect(refusal(host.network("bad", macvlan({ parent: "lo" })))).toBe("internal: loopback interface is not a valid macvlan parent link");
  expect(unwrap(host.network("good")).ipam.config).toEqual([{ subnet: "172.18.0.0/16", gateway: "172.18.0.1" }]);
});

test("Without a parent there is a dummy link, no gateway, and both go with the network, even after a restart", () => {
  const host = boot();
  const { id } = unwrap(host.network("alone", macvlan({}, subnet({ subnet: "192.168.70.0/24" }))));
  expect(networkNamed(host.cnm, "alone").ipam.config).toEqual([{ subnet: "192.168.70.0/24" }]);
  expect(describeLinks(host.kernel.root.net).at(-1)).toMatch(/^4: dm-[0-9a-f]{12} UNKNOWN/);
  unwrap(host.restart().cnm.remove(id));
  expect(describeLinks(host.kernel.root.net)).toHaveLength(3);
});

test("A gateway that was not asked for is taken from the subnet all the same, and auxiliary addresses are kept", () => {
  const host = boot();
  const { ipam } = unwrap(
    host.network("lan", macvlan({ parent: "eth0" }, subnet({ subnet: "192.168.56.0/24", auxiliary: { node: "192.168.56.2" } }))),
  );
  expect(ipam.config).toEqual([{ subnet: "192.168.56.0/24", auxiliary: { node: "192.168.56.2" } }]);
});

test("What is not simulated says so, and takes nothing", () => {
  const host = boot();
  unwrap(host.network("lan", macvlan({ parent: "eth0" }, subnet({ subnet: "10.1.0.0/24" }))));
  const links = describeLinks(host.kernel.root.net);
  expect(refusal(host.container("a").connect("lan"))).toBe("not simulated: joining a container to a network of the driver macvlan");
  expect(refusal(host.network("vlan", macvlan({ parent: "eth0.50" })))).toBe("not simulated: a VLAN link as parent of a network");
  expect(refusal(host.network("over", { driver: "overlay" }))).toBe("not simulated: an overlay network");
  expect(describeLinks(host.kernel.root.net)).toEqual(links);
});
