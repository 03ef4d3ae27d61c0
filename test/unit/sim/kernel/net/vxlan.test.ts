import { describe, expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { NewLink } from "@/lib/sim/kernel";
import type { Netns } from "@/lib/sim/kernel/netns";
import { TwoHosts } from "./lan";
import { address, anyIp, byName, ip, mac, ping, up } from "./lab";

type Options = Omit<Extract<NewLink, { kind: "vxlan" }>, "kind" | "name">;

const [NODE1, NODE2] = [ip("192.168.56.11"), ip("192.168.56.12")];
const ALL = mac("00:00:00:00:00:00");

function addVxlan(netns: Netns, options: Options = {}) {
  return netns.links.addLink({ kind: "vxlan", name: "vx", vni: 42, port: 4_789, ...options });
}

/** `vx` on both hosts, with 10.42.0.1 and 10.42.0.2. */
function tunnel(options: Options = {}): TwoHosts {
  const lab = new TwoHosts();
  for (const [netns, local, remote, digit] of [
    [lab.root, NODE1, NODE2, 1],
    [lab.node2, NODE2, NODE1, 2],
  ] as const) {
    const link = unwrap(addVxlan(netns, { local, remote, ...options }));
    unwrap(netns.setSysctl("net.ipv6.conf.vx.disable_ipv6", "1"));
    unwrap(netns.links.addAddress(link, address(`10.42.0.${digit}/24`)));
    up(netns.links, "vx");
  }
  return lab;
}

test("frames cross the LAN in UDP packets, ARP among them, and the answers teach where they came from", () => {
  const lab = tunnel();
  expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).toBe("reply from 10.42.0.2 ttl 64 bytes 64");
  const outer = lab.udpSeen();
  expect(outer.map(({ payload: { payload } }) => (payload.kind === "vxlan" ? [payload.vni, payload.frame.payload.kind] : []))).toEqual([
    [42, "arp"],
    [42, "ipv4"],
  ]);
  expect(outer[0]).toMatchObject({ source: NODE1, destination: NODE2, ttl: 64, dontFragment: false, payload: { destinationPort: 4_789 } });
  const learned = lab.root.links.fdb(byName(lab.root.links, "vx")).map(({ mac: station, remote, state }) => [station, remote, state]);
  expect(learned).toEqual([
    [lab.node2.links.linkByName("vx")?.mac, NODE2, "reachable"],
    [ALL, NODE2, "permanent"],
  ]);
});

test("one conversation has one source port, in both directions; another one has another", () => {
  const lab = tunnel();
  lab.run(ping(lab, lab.root, "10.42.0.2"));
  lab.run(ping(lab, lab.node2, "10.42.0.1"));
  const ports = lab.events.flatMap((event) => {
    if (event.kind !== "frame" || event.where.link !== "eth0" || event.frame.payload.kind !== "ipv4") return [];
    const { payload } = event.frame.payload;
    return payload.kind === "udp" && payload.payload.kind === "vxlan" && payload.payload.frame.payload.kind === "ipv4"
      ? [payload.sourcePort]
      : [];
  });
  expect(ports).toHaveLength(4);
  expect(new Set(ports).size).toBe(1);
  const arp = lab.udpSeen().find(({ payload: { payload } }) => payload.kind === "vxlan" && payload.frame.payload.kind === "arp");
  expect(arp?.payload.sourcePort).not.toBe(ports[0]);
});

test("another VNI at the same port is another network", () => {
  const lab = tunnel();
  unwrap(lab.root.links.deleteLink(byName(lab.root.links, "vx")));
  unwrap(addVxlan(lab.root, { vni: 43, local: NODE1, remote: NODE2 }));
  unwrap(lab.root.links.addAddress(byName(lab.root.links, "vx"), address("10.42.0.1/24")));
  up(lab.root.links, "vx");
  expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).not.toContain("reply");
});

test("the socket is there while a VXLAN of the port is up, and shared", () => {
  const lab = tunnel();
  const listening = () => lab.root.sockets.list().filter(({ local }) => local.port === 4_789);
  expect(listening()).toMatchObject([{ protocol: "udp", state: "UNCONN", local: { address: "0.0.0.0" } }]);
  const other = unwrap(lab.root.links.addLink({ kind: "vxlan", name: "vx2", vni: 43, port: 4_789 }));
  unwrap(lab.root.links.change(other, { set: "up", up: true }));
  expect(listening()).toHaveLength(1);
  up(lab.root.links, "vx", false);
  expect(listening()).toHaveLength(1);
  unwrap(lab.root.links.deleteLink(other));
  expect(listening()).toHaveLength(0);
});

describe("the forwarding table", () => {
  const entries = (netns: Netns) => netns.links.fdb(byName(netns.links, "vx")).map(({ mac: station, remote }) => `${station} ${remote}`);

  test("sends what it does not know to every end of the zero entry, and to nobody without one", () => {
    const lab = tunnel();
    const { links } = lab.root;
    const link = byName(links, "vx");
    const all = { link, mac: ALL, on: "self", state: "permanent" } as const;
    unwrap(links.addFdb({ ...all, remote: ip("192.168.56.13"), mode: "append" }));
    unwrap(links.addFdb({ ...all, remote: ip("192.168.56.13"), mode: "append" }));
    expect(entries(lab.root)).toEqual([`${ALL} ${NODE2}`, `${ALL} 192.168.56.13`]);
    expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).toContain("reply");
    unwrap(links.deleteFdb({ link, mac: ALL, on: "self" }));
    unwrap(links.deleteNeighbour(link, ip("10.42.0.2")));
    expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).not.toContain("reply");
    expect(lab.drops()).toContain("vx no-neighbour");
  });

  test("refuses what is there already, what is not, and what has no end", () => {
    const lab = tunnel();
    const { links } = lab.root;
    const entry = { link: byName(links, "vx"), mac: mac("02:00:00:00:00:77"), on: "self", state: "permanent" } as const;
    const remote = NODE2;
    const errno = (error: string) => ({ ok: false, error: { errno: error } });
    expect(links.addFdb(entry)).toEqual(errno("EINVAL"));
    unwrap(links.addFdb({ ...entry, remote }));
    expect(links.addFdb({ ...entry, remote })).toEqual(errno("EEXIST"));
    unwrap(links.addFdb({ ...entry, remote: ip("192.168.56.15"), mode: "replace" }));
    expect(entries(lab.root)).toContain("02:00:00:00:00:77 192.168.56.15");
    expect(links.deleteFdb({ ...entry, remote })).toEqual(errno("ENOENT"));
    unwrap(links.deleteFdb(entry));
    expect(links.addFdb({ ...entry, mac: ALL, remote, mode: "replace" })).toEqual({
      ok: false,
      error: { errno: "EOPNOTSUPP", extack: "Cannot replace non-unicast fdb entries." },
    });
  });

  test("does not learn with nolearning, forgets what it learned as the link goes down, and after five minutes", () => {
    const silent = tunnel({ learning: false });
    silent.run(ping(silent, silent.root, "10.42.0.2"));
    expect(entries(silent.root)).toEqual([`${ALL} ${NODE2}`]);

    const lab = tunnel();
    lab.run(ping(lab, lab.root, "10.42.0.2"));
    expect(entries(lab.root)).toHaveLength(2);
    // The neighbour itself asks once more, five seconds later.
    lab.idle(310);
    expect(entries(lab.root)).toHaveLength(1);
    lab.run(ping(lab, lab.root, "10.42.0.2"));
    up(lab.root.links, "vx", false);
    expect(entries(lab.root)).toHaveLength(1);
  });
});

describe("the 50 bytes of headers", () => {
  test("come off the MTU of a VXLAN with a link below, and cannot be taken back", () => {
    const lab = new TwoHosts();
    const device = byName(lab.root.links, "eth0");
    const link = unwrap(addVxlan(lab.root, { device, mtu: 1_500 }));
    expect(lab.root.links.link(link)?.mtu).toBe(1_450);
    expect(lab.root.links.change(link, { set: "mtu", mtu: 1_451 })).toEqual({ ok: false, error: { errno: "EINVAL" } });
    const other = unwrap(lab.root.links.addLink({ kind: "vxlan", name: "free", vni: 43 }));
    expect(lab.root.links.link(other)?.mtu).toBe(1_500);
  });

  test("without one, a packet that is too large is cut on its way, and the next that must not be cut is refused", () => {
    const lab = tunnel();
    expect(lab.run(ping(lab, lab.root, "10.42.0.2", { length: 1_472 }))).toContain("reply");
    expect(lab.root.links.lookup(anyIp("10.42.0.2"))).toMatchObject({ value: { learnedMtu: { mtu: 1_450, secondsLeft: 599 } } });
    expect(lab.run(ping(lab, lab.root, "10.42.0.2", { length: 1_472, dontFragment: true }))).toBe("EMSGSIZE");
    expect(lab.run(ping(lab, lab.root, "10.42.0.2", { length: 1_422, dontFragment: true }))).toContain("reply");
  });

  test("are told to a container behind a bridge, in its peer's name", () => {
    const lab = new TwoHosts();
    const bridge = lab.bridge("br0", "10.42.0.1/24");
    const ann = lab.container(bridge, "10.42.0.5/24");
    const link = unwrap(addVxlan(lab.root, { local: NODE1, remote: NODE2 }));
    unwrap(lab.root.links.change(link, { set: "master", master: bridge }));
    up(lab.root.links, "vx");
    unwrap(addVxlan(lab.node2, { local: NODE2, remote: NODE1 }));
    unwrap(lab.node2.links.addAddress(byName(lab.node2.links, "vx"), address("10.42.0.2/24")));
    up(lab.node2.links, "vx");
    expect(lab.run(ping(lab, ann, "10.42.0.2"))).toBe("reply from 10.42.0.2 ttl 64 bytes 64");
    expect(lab.run(ping(lab, ann, "10.42.0.2", { length: 1_472, dontFragment: true }))).toBe("fragmentation-needed from 10.42.0.2");
    expect(lab.run(ping(lab, ann, "10.42.0.2", { length: 1_472 }))).toContain("reply");
  });
});

test("a group takes the place of ends, reached with a TTL of 1, and joined while the link is up", () => {
  const group = ip("239.1.1.1");
  const lab = new TwoHosts();
  for (const [netns, digit] of [
    [lab.root, 1],
    [lab.node2, 2],
  ] as const) {
    const link = unwrap(addVxlan(netns, { remote: group, device: byName(netns.links, "eth0") }));
    unwrap(netns.links.addAddress(link, address(`10.42.0.${digit}/24`)));
    up(netns.links, "vx");
  }
  expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).toContain("reply");
  expect(lab.udpSeen().find(({ destination }) => destination === group)).toMatchObject({ ttl: 1 });
  const groups = () => lab.node2.links.fdb(byName(lab.node2.links, "eth0")).map((entry) => entry.mac);
  expect(groups()).toContain("01:00:5e:01:01:01");
  up(lab.node2.links, "vx", false);
  expect(groups()).not.toContain("01:00:5e:01:01:01");
});

test("with proxy, ARP is answered from the host's own table and does not leave", () => {
  const lab = tunnel({ proxy: true });
  expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).not.toContain("reply");
  expect(lab.udpSeen()).toEqual([]);
  for (const [netns, other, digit] of [
    [lab.root, lab.node2, 2],
    [lab.node2, lab.root, 1],
  ] as const) {
    const link = byName(netns.links, "vx");
    const station = other.links.linkByName("vx")?.mac ?? ALL;
    unwrap(netns.links.addNeighbour({ link, address: ip(`10.42.0.${digit}`), mac: station, state: "PERMANENT" }, "replace"));
  }
  expect(lab.run(ping(lab, lab.root, "10.42.0.2"))).toContain("reply");
});

test("moved to another namespace its packets still travel where it was made; it goes with that, and with the link below", () => {
  const lab = tunnel({ local: NODE1 });
  const netns = lab.stack.create();
  unwrap(lab.root.links.change(byName(lab.root.links, "vx"), { set: "netns", netns: netns.id }));
  unwrap(netns.links.addAddress(byName(netns.links, "vx"), address("10.42.0.1/24")));
  up(netns.links, "vx");
  expect(lab.run(ping(lab, netns, "10.42.0.2"))).not.toContain("reply");
  unwrap(lab.node2.links.deleteLink(byName(lab.node2.links, "vx")));
  const link = unwrap(addVxlan(lab.node2, { local: NODE2, remote: NODE1 }));
  unwrap(lab.node2.links.addAddress(link, address("10.42.0.2/24")));
  up(lab.node2.links, "vx");
  expect(lab.run(ping(lab, netns, "10.42.0.2"))).toContain("reply");
  expect(addVxlan(lab.root)).toEqual({
    ok: false,
    error: { errno: "EEXIST", extack: "A VXLAN device with the specified VNI already exists." },
  });

  unwrap(lab.root.links.addLink({ kind: "dummy", name: "dm0" }));
  unwrap(lab.root.links.addLink({ kind: "vxlan", name: "on-dummy", vni: 50, device: byName(lab.root.links, "dm0") }));
  unwrap(lab.root.links.deleteLink(byName(lab.root.links, "dm0")));
  expect(lab.root.links.linkByName("on-dummy")).toBeUndefined();
});

test("without options it is refused in the kernel's words", () => {
  const lab = new TwoHosts();
  expect(lab.root.links.addLink({ kind: "vxlan", name: "vx" })).toEqual({
    ok: false,
    error: { errno: "EINVAL", extack: "Required attributes not provided to perform the operation." },
  });
});
