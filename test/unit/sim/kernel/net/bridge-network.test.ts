import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Lab, byName, ip, ping, prefix, route, showRoutes, up } from "./lab";

test("containers on one bridge reach each other, and the host reaches them", () => {
  const lab = new Lab();
  const br = lab.bridge("br0", "10.8.0.1/24");
  const ann = lab.container(br, "10.8.0.2/24");
  const bob = lab.container(br, "10.8.0.3/24");
  up(lab.root.links, "lo");

  expect(lab.run(ping(lab, ann, "10.8.0.3"))).toBe("reply from 10.8.0.3 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "10.8.0.3"))).toBe("reply from 10.8.0.3 ttl 64 bytes 64");
  expect(lab.run(ping(lab, bob, "10.8.0.1"))).toBe("reply from 10.8.0.1 ttl 64 bytes 64");
  expect(ann.links.neighbours().map((entry) => `${entry.address} ${entry.state}`)).toEqual(["10.8.0.3 REACHABLE"]);
});

test("a neighbour that is not there fails after three seconds", () => {
  const lab = new Lab();
  const br = lab.bridge("br0", "10.8.0.1/24");
  const ann = lab.container(br, "10.8.0.2/24");

  expect(lab.run(ping(lab, ann, "10.8.0.9"))).toBe("host-unreachable from 10.8.0.2");
  expect(lab.scheduler.now / 1e6).toBeCloseTo(3, 1);
  expect(ann.links.neighbours().map((entry) => `${entry.address} ${entry.state}`)).toEqual(["10.8.0.9 FAILED"]);
});

test("two networks meet in the host when it forwards, and not before", () => {
  const lab = new Lab();
  const red = lab.bridge("red", "10.8.0.1/24");
  const blue = lab.bridge("blue", "10.9.0.1/24");
  const ann = lab.container(red, "10.8.0.2/24", "10.8.0.1");
  const bob = lab.container(blue, "10.9.0.2/24", "10.9.0.1");

  expect(lab.run(ping(lab, ann, "10.9.0.2"))).toBe("timeout");
  expect(lab.drops()).toContain("red forwarding-off");
  unwrap(lab.root.setSysctl("net.ipv4.ip_forward", "1"));
  expect(lab.run(ping(lab, ann, "10.9.0.2"))).toBe("reply from 10.9.0.2 ttl 63 bytes 64");
  expect(lab.run(ping(lab, bob, "10.8.0.2", { ttl: 1 }))).toBe("time-exceeded from 10.9.0.1");
  expect(lab.run(ping(lab, bob, "10.77.0.1"))).toBe("net-unreachable from 10.9.0.1");
  expect(lab.run(ping(lab, bob, "10.8.0.77"))).toBe("host-unreachable from 10.9.0.1");
});

test("interfaces are numbered and named as on a Docker host", () => {
  const lab = new Lab();
  lab.stack.plugIn({ name: "eth0", mac: "02:42:c0:a8:38:0b" }, () => {});
  const br = lab.bridge("docker0", "172.17.0.1/16");
  const c1 = lab.container(br, "172.17.0.2/16");

  expect(lab.root.links.links().map((link) => `${link.index} ${link.name}`)).toEqual([
    "1 lo",
    "2 eth0",
    "3 docker0",
    expect.stringMatching(/^4 veth/),
  ]);
  const eth0 = c1.links.linkByName("eth0");
  expect(eth0?.index).toBe(2);
  expect(eth0?.detail).toEqual({ kind: "veth", peerIndex: 4, peerNetns: lab.root.id, linkNetnsId: 0 });
  expect(lab.root.links.link(4 as never)?.detail).toMatchObject({ peerIndex: 2, linkNetnsId: 0 });
});

test("a bridge without a port has no carrier, and its route says linkdown", () => {
  const lab = new Lab();
  const br = lab.bridge("docker0", "172.17.0.1/16");
  const state = (): string => {
    const link = lab.root.links.link(br);
    return `${link?.operState} ${link?.hasCarrier}`;
  };

  expect(state()).toBe("DOWN false");
  expect(showRoutes(lab.root.links)).toEqual(["172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown"]);
  const c1 = lab.container(br, "172.17.0.2/16");
  expect(state()).toBe("UP true");
  expect(showRoutes(lab.root.links)).toEqual(["172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1"]);
  expect(lab.root.links.addresses(br).map((entry) => entry.prefix.address)).toEqual(["172.17.0.1", expect.stringMatching(/^fe80::/)]);
  lab.stack.destroy(c1);
  expect(state()).toBe("DOWN false");
  expect(lab.root.links.links().map((link) => link.name)).toEqual(["lo", "docker0"]);
});

test("a veth pair in one namespace behaves as recorded", () => {
  const lab = new Lab();
  const { links } = lab.root;
  up(links, "lo");
  unwrap(links.addLink({ kind: "veth", name: "v0", peer: { name: "v1" } }));
  const v0 = byName(links, "v0");

  expect(links.links().map((link) => link.name)).toEqual(["lo", "v1", "v0"]);
  up(links, "v0");
  expect(links.linkByName("v0")?.operState).toBe("LOWERLAYERDOWN");
  for (const cidr of ["10.5.0.1/24", "10.5.0.2/24", "10.5.0.9/32"]) unwrap(links.addAddress(v0, { prefix: prefix(cidr) }));
  expect(links.addresses(v0).map((entry) => `${entry.prefix.address}${entry.isSecondary ? " secondary" : ""}`)).toEqual([
    "10.5.0.1",
    "10.5.0.9",
    "10.5.0.2 secondary",
  ]);
  expect(showRoutes(links)).toEqual(["10.5.0.0/24 dev v0 proto kernel scope link src 10.5.0.1 linkdown"]);
  expect(showRoutes(links, "local")).toEqual([
    "local 10.5.0.1 dev v0 proto kernel scope host src 10.5.0.1",
    "local 10.5.0.2 dev v0 proto kernel scope host src 10.5.0.1",
    "local 10.5.0.9 dev v0 proto kernel scope host src 10.5.0.9",
    "broadcast 10.5.0.255 dev v0 proto kernel scope link src 10.5.0.1 linkdown",
    "local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1",
    "local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1",
    "broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1",
  ]);
  up(links, "v1");
  expect(links.linkByName("v0")?.operState).toBe("UP");
  unwrap(links.deleteAddress(v0, prefix("10.5.0.1/24")));
  expect(links.addresses(v0).map((entry) => entry.prefix.address)).toEqual(["10.5.0.9", expect.stringMatching(/^fe80::/)]);
  expect(showRoutes(links)).toEqual([]);
  unwrap(links.deleteLink(byName(links, "v1")));
  expect(links.links().map((link) => link.name)).toEqual(["lo"]);
});

test("a host answers on all of its own addresses, through lo", () => {
  const lab = new Lab();
  lab.bridge("br0", "10.8.0.1/24");
  up(lab.root.links, "lo");

  expect(lab.run(ping(lab, lab.root, "127.0.0.1"))).toBe("reply from 127.0.0.1 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "127.5.5.5"))).toBe("reply from 127.5.5.5 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "10.8.0.1"))).toBe("reply from 10.8.0.1 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "0.0.0.0"))).toBe("reply from 127.0.0.1 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "9.9.9.9"))).toBe("ENETUNREACH");
});

test("a large packet is cut and put together again, unless that is forbidden", () => {
  const lab = new Lab();
  const br = lab.bridge("br0", "10.8.0.1/24");
  const ann = lab.container(br, "10.8.0.2/24");
  lab.container(br, "10.8.0.3/24");

  expect(lab.run(ping(lab, ann, "10.8.0.3", { length: 4_000 }))).toBe("reply from 10.8.0.3 ttl 64 bytes 4008");
  expect(lab.run(ping(lab, ann, "10.8.0.3", { length: 4_000, dontFragment: true }))).toBe("EMSGSIZE");
  unwrap(ann.links.change(byName(ann.links, "eth0"), { set: "mtu", mtu: 9_000 }));
  expect(lab.run(ping(lab, ann, "10.8.0.3", { length: 4_000 }))).toBe("timeout");
});

test("routes are checked as the kernel checks them", () => {
  const lab = new Lab();
  const br = lab.bridge("br0", "10.8.0.1/24");
  lab.container(br, "10.8.0.2/24");
  const { links } = lab.root;

  expect(links.addRoute(route("10.77.0.0/16", { gateway: ip("10.8.0.2") })).ok).toBe(true);
  expect(links.addRoute(route("10.77.0.0/16", { gateway: ip("10.8.0.3") }))).toEqual({ ok: false, error: { errno: "EEXIST" } });
  expect(links.addRoute(route("10.78.0.0/16", { gateway: ip("10.99.0.1") }))).toEqual({
    ok: false,
    error: { errno: "ENETUNREACH", extack: "Nexthop has invalid gateway." },
  });
  expect(links.deleteRoute(route("10.79.0.0/16"))).toEqual({ ok: false, error: { errno: "ESRCH" } });
  expect(links.addRoute(route("10.77.0.1/16", { link: br }))).toEqual({
    ok: false,
    error: { errno: "EINVAL", extack: "Invalid prefix for given prefix length." },
  });
  expect(unwrap(links.lookup(ip("10.77.1.1")))).toMatchObject({ gateway: "10.8.0.2", source: "10.8.0.1", link: br });
  expect(links.lookup(ip("1.1.1.1"))).toEqual({ ok: false, error: { errno: "ENETUNREACH" } });
});
