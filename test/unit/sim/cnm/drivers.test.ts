import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { NewNetwork } from "@/lib/sim/cnm";
import { boot, describeLinks, ETH0_MAC, networkNamed, refusal, subnet } from "./host";

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

test("A container's interface stands on the parent, with the endpoint's address, and goes when it leaves", () => {
  const host = boot();
  unwrap(host.network("lan", macvlan({ parent: "eth0" }, subnet({ subnet: "192.168.56.0/24", gateway: "192.168.56.1" }))));
  const before = describeLinks(host.kernel.root.net);
  const { sandbox, connect } = host.container("a");
  const view = unwrap(connect("lan", { ipv4: "192.168.56.101" }));
  expect(view).toMatchObject({ interface: "eth0", ipv4: "192.168.56.101", gateway: "192.168.56.1", ports: [] });
  expect(view.hostInterface).toBeUndefined();
  const link = sandbox.netns.links.linkByName("eth0");
  expect(link).toMatchObject({ mac: view.mac, isUp: true, detail: { kind: "macvlan", parent: 2, mode: "bridge", linkNetnsId: 0 } });
  unwrap(sandbox.disconnect("lan"));
  expect(sandbox.netns.links.links().map(({ name }) => name)).toEqual(["lo"]);
  expect(describeLinks(host.kernel.root.net)).toEqual(before);
});

test("A sub-interface is made for the first network on it, and goes with the last; one that was there stays", () => {
  const host = boot();
  const names = () => host.kernel.root.net.links.links().map(({ name }) => name);
  const one = unwrap(host.network("one", macvlan({ parent: "eth0.10" }, subnet({ subnet: "10.1.0.0/24" }))));
  const two = unwrap(host.network("two", macvlan({ parent: "eth0.10" }, subnet({ subnet: "10.2.0.0/24" }))));
  expect(host.kernel.root.net.links.linkByName("eth0.10")).toMatchObject({ isUp: true, detail: { kind: "vlan", id: 10 } });
  unwrap(host.cnm.remove(one.id));
  expect(names()).toContain("eth0.10");
  unwrap(host.restart().cnm.remove(two.id));
  expect(names()).not.toContain("eth0.10");

  const { links } = host.kernel.root.net;
  unwrap(links.addLink({ kind: "vlan", name: "eth0.20", id: 20, parent: links.linkByName("eth0")?.index ?? (0 as never) }));
  const three = unwrap(host.network("three", macvlan({ parent: "eth0.20" }, subnet({ subnet: "10.3.0.0/24" }))));
  unwrap(host.cnm.remove(three.id));
  expect(names()).toContain("eth0.20");
});

test("Ipvlan containers have no Ethernet address of their own; routed ones have a default route without a gateway", () => {
  const host = boot();
  unwrap(host.network("flat", { driver: "ipvlan", options: { parent: "eth0" }, ...subnet({ subnet: "10.1.0.0/24" }) }));
  const flat = host.container("a");
  expect(unwrap(flat.connect("flat"))).toMatchObject({ mac: "", ipv4: "10.1.0.2", gateway: "10.1.0.1" });
  expect(flat.sandbox.netns.links.linkByName("eth0")?.mac).toBe(ETH0_MAC);
  expect(refusal(host.container("b").connect("flat", { mac: "02:00:00:00:00:01" }))).toBe(
    "internal: failed to create endpoint b on network flat: ipvlan interfaces do not support custom mac address assignment",
  );

  const routed = { parent: "eth0.30", ipvlan_mode: "l3" };
  unwrap(host.network("routed", { driver: "ipvlan", options: routed, ...subnet({ subnet: "10.2.0.0/24" }) }));
  const { sandbox, connect } = host.container("c");
  expect(unwrap(connect("routed"))).toMatchObject({ ipv4: "10.2.0.1" });
  const [first] = sandbox.netns.links.routes(4);
  expect(first).toMatchObject({ destination: { length: 0 }, scope: "link" });
  expect(first?.gateway).toBeUndefined();
});

test("What the kernel refuses is told in Docker's words, and leaves nothing behind", () => {
  const host = boot();
  unwrap(host.network("through", macvlan({ parent: "eth0", macvlan_mode: "passthru" }, subnet({ subnet: "10.1.0.0/24" }))));
  unwrap(host.network("flat", { driver: "ipvlan", options: { parent: "eth0" }, ...subnet({ subnet: "10.2.0.0/24" }) }));
  unwrap(host.container("a").connect("through"));
  const links = describeLinks(host.kernel.root.net);
  expect(refusal(host.container("b").connect("through"))).toBe("internal: failed to create the macvlan port: invalid argument");
  expect(refusal(host.container("c").connect("flat"))).toBe("internal: failed to create the ipvlan port: device or resource busy");
  expect(describeLinks(host.kernel.root.net)).toEqual(links);
});

test("An overlay network is not simulated, and says so", () => {
  expect(refusal(boot().network("over", { driver: "overlay" }))).toBe("not simulated: an overlay network");
});
