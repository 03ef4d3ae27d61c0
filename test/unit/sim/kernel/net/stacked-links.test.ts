import { describe, expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { Netns } from "@/lib/sim/kernel/netns";
import { type Kind, TwoHosts } from "./lan";
import { address, byName, ip, mac, ping, route, up } from "./lab";

function vlanOn(netns: Netns, id: number, cidr: string, parent = "eth0"): void {
  const name = `${parent}.${id}`;
  unwrap(netns.links.addLink({ kind: "vlan", name, id, parent: byName(netns.links, parent) }));
  up(netns.links, name);
  unwrap(netns.links.addAddress(byName(netns.links, name), address(cidr)));
}

describe("a VLAN", () => {
  test("reaches its own kind on the other host and nothing else, by frames that carry its tag", () => {
    const lab = new TwoHosts();
    vlanOn(lab.root, 10, "10.10.0.1/24");
    vlanOn(lab.node2, 10, "10.10.0.2/24");
    vlanOn(lab.node2, 20, "10.10.0.3/24");
    expect(lab.run(ping(lab, lab.root, "10.10.0.2"))).toBe("reply from 10.10.0.2 ttl 64 bytes 64");
    const tags = lab.seen.flatMap((event) =>
      event.kind === "frame" && event.where.link === "eth0" && event.frame.payload.kind === "ipv4" ? [event.frame.vlan?.id] : [],
    );
    expect(tags).toEqual([10, 10]);
  });

  test("inside a VLAN carries two tags, and loses them in turn", () => {
    const lab = new TwoHosts();
    for (const [netns, digit] of [
      [lab.root, 1],
      [lab.node2, 2],
    ] as const) {
      vlanOn(netns, 10, `10.10.0.${digit}/24`);
      vlanOn(netns, 20, `10.20.0.${digit}/24`, "eth0.10");
    }
    expect(lab.run(ping(lab, lab.root, "10.20.0.2"))).toBe("reply from 10.20.0.2 ttl 64 bytes 64");
    const tags = lab.seen.flatMap((event) => (event.kind === "frame" && event.frame.vlan?.inner ? [event.frame.vlan] : []));
    expect(tags[0]).toEqual({ id: 10, priority: 0, inner: { id: 20, priority: 0 } });
  });

  test("goes down with its parent, comes up with it, and cannot come up before", () => {
    const lab = new TwoHosts();
    vlanOn(lab.root, 10, "10.10.0.1/24");
    up(lab.root.links, "eth0", false);
    const vlan = byName(lab.root.links, "eth0.10");
    expect(lab.root.links.link(vlan)?.isUp).toBe(false);
    expect(lab.root.links.change(vlan, { set: "up", up: true })).toEqual({ ok: false, error: { errno: "ENETDOWN" } });
    up(lab.root.links, "eth0");
    expect(lab.root.links.link(vlan)).toMatchObject({ isUp: true, operState: "UP" });
  });

  test("has its parent's address until it is given one, and never a larger MTU", () => {
    const lab = new TwoHosts();
    vlanOn(lab.root, 10, "10.10.0.1/24");
    const { links } = lab.root;
    const vlan = byName(links, "eth0.10");
    unwrap(links.change(byName(links, "eth0"), { set: "mac", mac: mac("02:00:00:00:00:09") }));
    expect(links.link(vlan)?.mac).toBe("02:00:00:00:00:09");
    unwrap(links.change(vlan, { set: "mac", mac: mac("02:00:00:00:00:aa") }));
    unwrap(links.change(byName(links, "eth0"), { set: "mac", mac: mac("02:00:00:00:00:08") }));
    expect(links.link(vlan)?.mac).toBe("02:00:00:00:00:aa");
    expect(links.change(vlan, { set: "mtu", mtu: 1_501 })).toEqual({ ok: false, error: { errno: "ERANGE" } });
    unwrap(links.change(byName(links, "eth0"), { set: "mtu", mtu: 1_400 }));
    unwrap(links.change(byName(links, "eth0"), { set: "mtu", mtu: 1_500 }));
    expect(links.link(vlan)?.mtu).toBe(1_400);
  });

  test("is refused in the kernel's words", () => {
    const lab = new TwoHosts();
    const { root } = lab;
    vlanOn(root, 10, "10.10.0.1/24");
    const why = (name: string, kind: Kind, parent?: string) => {
      const made = lab.addOn(root, name, kind, parent);
      return made.ok ? "made" : `${made.error.errno} ${made.error.extack ?? ""}`;
    };
    expect(why("again", { kind: "vlan", id: 10 })).toBe("EEXIST 8021q: VLAN device already exists.");
    expect(why("far", { kind: "vlan", id: 4_095 })).toBe("ERANGE 8021q: Invalid VLAN id.");
    expect(why("none", { kind: "vlan" })).toBe("EINVAL 8021q: VLAN properties not specified.");
    expect(why("lo.5", { kind: "vlan", id: 5 }, "lo")).toBe("EOPNOTSUPP 8021q: VLANs not supported on device.");
    expect(why("wide", { kind: "vlan", id: 5, mtu: 2_000 })).toBe("EINVAL ");
    expect(root.links.addLink({ kind: "vlan", name: "alone", id: 5 })).toEqual({
      ok: false,
      error: { errno: "EINVAL", extack: "8021q: link not specified." },
    });
  });

  test("goes with its parent, in whichever namespace it is", () => {
    const lab = new TwoHosts();
    unwrap(lab.root.links.addLink({ kind: "dummy", name: "dm0" }));
    const netns = lab.stack.create();
    const vlan = unwrap(lab.addOn(lab.root, "dm0.3", { kind: "vlan", id: 3 }, "dm0"));
    unwrap(lab.root.links.change(vlan, { set: "netns", netns: netns.id }));
    expect(netns.links.linkByName("dm0.3")?.detail).toMatchObject({ kind: "vlan", id: 3, linkNetnsId: 0 });
    unwrap(lab.root.links.deleteLink(byName(lab.root.links, "dm0")));
    expect(netns.links.linkByName("dm0.3")).toBeUndefined();
  });
});

describe("macvlans", () => {
  test("reach each other and the LAN, but not their host, nor it them", () => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "macvlan", mode: "bridge" }, "192.168.56.101/24");
    lab.guest("bob", { kind: "macvlan", mode: "bridge" }, "192.168.56.102/24");
    expect(lab.run(ping(lab, ann, "192.168.56.102"))).toBe("reply from 192.168.56.102 ttl 64 bytes 64");
    expect(lab.run(ping(lab, ann, "192.168.56.12"))).toBe("reply from 192.168.56.12 ttl 64 bytes 64");
    expect(lab.run(ping(lab, lab.node2, "192.168.56.101"))).toBe("reply from 192.168.56.101 ttl 64 bytes 64");
    expect(lab.run(ping(lab, ann, "192.168.56.11"))).toMatch(/EHOSTUNREACH|host|timeout/);
    expect(lab.run(ping(lab, lab.root, "192.168.56.101"))).toMatch(/EHOSTUNREACH|host|timeout/);
  });

  test.each(["private", "vepa"] as const)("in mode %s do not reach each other on a LAN that sends nothing back", (mode) => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "macvlan", mode }, "192.168.56.101/24");
    lab.guest("bob", { kind: "macvlan", mode }, "192.168.56.102/24");
    expect(lab.run(ping(lab, ann, "192.168.56.12"))).toBe("reply from 192.168.56.12 ttl 64 bytes 64");
    expect(lab.run(ping(lab, ann, "192.168.56.102"))).not.toContain("reply");
  });

  test("in mode passthru one has the parent's address, and takes what would have been the parent's", () => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "macvlan", mode: "passthru" }, "192.168.56.101/24");
    expect(ann.links.linkByName("ann")?.mac).toBe("02:00:00:00:00:01");
    expect(lab.run(ping(lab, ann, "192.168.56.12"))).toBe("reply from 192.168.56.12 ttl 64 bytes 64");
    expect(lab.run(ping(lab, lab.root, "192.168.56.12"))).not.toContain("reply");
    expect(lab.addOn(lab.root, "bob", { kind: "macvlan", mode: "bridge" })).toEqual({ ok: false, error: { errno: "EINVAL" } });
    unwrap(ann.links.change(byName(ann.links, "ann"), { set: "mac", mac: mac("02:00:00:00:00:0a") }));
    expect(lab.root.links.linkByName("eth0")?.mac).toBe("02:00:00:00:00:0a");
  });

  test("have addresses of their own, for which their parent listens to all frames", () => {
    const lab = new TwoHosts();
    const { links } = lab.root;
    const link = unwrap(lab.addOn(lab.root, "mv0", { kind: "macvlan", mode: "bridge" }));
    expect(links.change(link, { set: "mac", mac: mac("02:00:00:00:00:01") })).toEqual({ ok: false, error: { errno: "EADDRINUSE" } });
    expect(links.linkByName("eth0")?.promiscuity).toBe(0);
    up(links, "mv0");
    expect(links.linkByName("eth0")?.promiscuity).toBe(1);
  });

  test("stand on the real link, not on each other; one handler takes a link's frames, and no second", () => {
    const lab = new TwoHosts();
    const { links } = lab.root;
    unwrap(lab.addOn(lab.root, "mv0", { kind: "macvlan", mode: "bridge" }));
    unwrap(lab.addOn(lab.root, "mv1", { kind: "macvlan", mode: "bridge" }, "mv0"));
    expect(links.linkByName("mv1")?.detail).toMatchObject({ parent: byName(links, "eth0") });
    const bridge = unwrap(links.addLink({ kind: "bridge", name: "br0" }));
    const busy = { ok: false, error: { errno: "EBUSY" } };
    expect(links.change(byName(links, "eth0"), { set: "master", master: bridge })).toEqual(busy);
    expect(lab.addOn(lab.root, "ipv0", { kind: "ipvlan", mode: "l2" })).toEqual(busy);
    for (const name of ["mv0", "mv1"]) unwrap(links.deleteLink(byName(links, name)));
    unwrap(links.change(byName(links, "eth0"), { set: "master", master: bridge }));
    expect(lab.addOn(lab.root, "mv0", { kind: "macvlan", mode: "bridge" })).toEqual(busy);
  });
});

describe("ipvlans", () => {
  test("in mode l2 share an Ethernet address, and reach each other and the LAN, but not their host", () => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "ipvlan", mode: "l2" }, "192.168.56.101/24");
    const bob = lab.guest("bob", { kind: "ipvlan", mode: "l2" }, "192.168.56.102/24");
    expect([ann.links.linkByName("ann")?.mac, bob.links.linkByName("bob")?.mac]).toEqual(["02:00:00:00:00:01", "02:00:00:00:00:01"]);
    for (const to of ["192.168.56.102", "192.168.56.12"]) expect(lab.run(ping(lab, ann, to))).toBe(`reply from ${to} ttl 64 bytes 64`);
    expect(lab.run(ping(lab, lab.node2, "192.168.56.102"))).toBe("reply from 192.168.56.102 ttl 64 bytes 64");
    expect(lab.run(ping(lab, ann, "192.168.56.11"))).not.toContain("reply");
  });

  test("with the flag private hand nothing over", () => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "ipvlan", mode: "l2", flag: "private" }, "192.168.56.101/24");
    lab.guest("bob", { kind: "ipvlan", mode: "l2", flag: "private" }, "192.168.56.102/24");
    expect(lab.run(ping(lab, ann, "192.168.56.102"))).not.toContain("reply");
    expect(lab.drops()).toContain("bob port-isolated");
  });

  test.each(["l3", "l3s"] as const)("in mode %s are routed by their host, and reached from outside by a route over it", (mode) => {
    const lab = new TwoHosts();
    const ann = lab.guest("ann", { kind: "ipvlan", mode }, "10.30.0.5/24");
    unwrap(ann.links.addRoute(route("0.0.0.0/0", { link: byName(ann.links, "ann"), scope: "link" })));
    expect(lab.run(ping(lab, ann, "192.168.56.12"))).not.toContain("reply");
    unwrap(lab.node2.links.addRoute(route("10.30.0.0/24", { gateway: ip("192.168.56.11") })));
    expect(lab.run(ping(lab, ann, "192.168.56.12"))).toBe("reply from 192.168.56.12 ttl 64 bytes 64");
    expect(lab.run(ping(lab, lab.node2, "10.30.0.5"))).toBe("reply from 10.30.0.5 ttl 64 bytes 64");
    expect(ann.links.linkByName("ann")?.arp).toBe(false);
    unwrap(lab.root.iptables.setPolicy("filter", "INPUT", "DROP"));
    expect(lab.run(ping(lab, lab.node2, "10.30.0.5"))).toBe(mode === "l3" ? "reply from 10.30.0.5 ttl 64 bytes 64" : "timeout");
  });

  test("refuse an address that a neighbour has, and an Ethernet address of their own", () => {
    const lab = new TwoHosts();
    const { links } = lab.root;
    for (const name of ["ipv0", "ipv1"]) unwrap(lab.addOn(lab.root, name, { kind: "ipvlan", mode: "l2" }));
    unwrap(links.addAddress(byName(links, "ipv0"), address("10.0.0.1/24")));
    expect(links.addAddress(byName(links, "ipv1"), address("10.0.0.1/24"))).toEqual({
      ok: false,
      error: { errno: "EADDRINUSE", extack: "Address already assigned to an ipvlan device." },
    });
    expect(links.change(byName(links, "ipv0"), { set: "mac", mac: mac("02:00:00:00:00:0a") })).toEqual({
      ok: false,
      error: { errno: "EOPNOTSUPP" },
    });
    unwrap(links.change(byName(links, "eth0"), { set: "mac", mac: mac("02:00:00:00:00:0b") }));
    expect(links.linkByName("ipv0")?.mac).toBe("02:00:00:00:00:0b");
  });

  test("have one mode on one parent: the last that was asked for", () => {
    const lab = new TwoHosts();
    unwrap(lab.addOn(lab.root, "ipv0", { kind: "ipvlan", mode: "l3", flag: "private" }));
    unwrap(lab.addOn(lab.root, "ipv1", { kind: "ipvlan", mode: "l2" }));
    expect(lab.root.links.linkByName("ipv0")?.detail).toMatchObject({ mode: "l2", flag: "bridge" });
  });

  test("have link-local addresses that differ although their Ethernet addresses do not", () => {
    const lab = new TwoHosts();
    const { links } = lab.root;
    for (const name of ["ipv0", "ipv1"]) {
      unwrap(lab.addOn(lab.root, name, { kind: "ipvlan", mode: "l2" }));
      up(links, name);
    }
    const own = (name: string) => links.addresses(byName(links, name)).map(({ prefix }) => prefix.address);
    expect([own("ipv0"), own("ipv1")]).toEqual([["fe80::200:0:100:1"], ["fe80::200:0:200:1"]]);
  });
});
