import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { EndpointRequest } from "@/lib/sim/cnm";
import {
  boot,
  describeLinks,
  describeRoutes,
  linkIndex,
  listRules,
  networkNamed,
  published,
  refusal,
  subnet,
  type TestContainer,
} from "./host";

const ENDPOINT = "com.docker.network.endpoint";

function options(key: string, value: string): Partial<EndpointRequest> {
  return { driverOptions: { [`${ENDPOINT}.${key}`]: value } };
}

/** `docker port`: lines as `80/tcp -> 0.0.0.0:8080`. */
function ports({ sandbox }: TestContainer): string[] {
  return sandbox.endpoints
    .flatMap((endpoint) =>
      endpoint.ports.map(
        ({ port, protocol, hostIp, hostPort }) => `${port}/${protocol} -> ${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:${hostPort}`,
      ),
    )
    .sort();
}

test("A container that joins a network has an interface there, and the host the other end of it", () => {
  const host = boot();
  unwrap(host.network("app"));
  const web = host.container("web");
  const endpoint = unwrap(web.connect("app"));
  expect([endpoint.interface, endpoint.ipv4, endpoint.ipv4Length, endpoint.gateway]).toEqual(["eth0", "172.18.0.2", 16, "172.18.0.1"]);
  expect(endpoint.hostInterface).toMatch(/^veth[0-9a-f]{7}$/);
  expect(describeLinks(web.sandbox.netns)).toEqual(["1: lo UNKNOWN 127.0.0.1/8 ::1/128", "2: eth0 UP 172.18.0.2/16"]);
  expect(describeRoutes(web.sandbox.netns)).toEqual(["default via 172.18.0.1 dev eth0", "172.18.0.0/16 dev eth0"]);
  expect(web.sandbox.netns.sysctl("net.ipv6.conf.eth0.disable_ipv6")).toEqual({ ok: true, value: "1" });
  const eth0 = web.sandbox.netns.links.linkByName("eth0");
  const veth = host.kernel.root.net.links.linkByName(endpoint.hostInterface ?? "");
  expect(eth0?.mac).toBe(endpoint.mac);
  expect(veth?.port?.bridge).toBe(linkIndex(host.kernel.root.net, networkNamed(host.cnm, "app").bridge ?? ""));
});

test("Addresses have a broadcast address where there is room for one, and links have no queue", () => {
  const host = boot();
  unwrap(host.network("pair", { options: { "com.docker.network.bridge.name": "br-31" }, ...subnet({ subnet: "10.3.3.0/31" }) }));
  const web = host.container("web");
  unwrap(web.connect("bridge"));
  const { links } = host.kernel.root.net;
  const broadcasts = [links, web.sandbox.netns.links].map((one) =>
    one
      .addresses()
      .map(({ label, broadcast }) => `${label} ${broadcast}`)
      .filter((line) => /docker0|br-31|eth0 172/.test(line)),
  );
  expect(broadcasts).toEqual([["docker0 172.17.255.255", "docker0 undefined", "br-31 undefined"], ["eth0 172.17.255.255"]]);
  const queues = [...links.links(), ...web.sandbox.netns.links.links()]
    .filter(({ detail }) => detail.kind === "bridge" || detail.kind === "veth")
    .map(({ queueLength }) => queueLength);
  expect(queues).toEqual([0, 0, 0, 0]);
});

test("The host's ends of containers are numbered one after the other, the containers' own begin at 2", () => {
  const host = boot();
  const indexes = ["a", "b", "c"].map((name) => {
    const container = host.container(name);
    unwrap(container.connect("bridge"));
    return [linkIndex(container.sandbox.netns, "eth0"), host.kernel.root.net.links.links().at(-1)?.index];
  });
  expect(indexes).toEqual([
    [2, 4],
    [2, 5],
    [2, 6],
  ]);
});

test("A container with several networks takes its way out by name, unless a priority says otherwise", () => {
  const host = boot();
  for (const name of ["beta", "alpha", "closed"]) unwrap(host.network(name, { internal: name === "closed" }));
  const one = host.container("one");
  unwrap(one.connect("beta"));
  unwrap(one.connect("closed"));
  expect(describeRoutes(one.sandbox.netns)[0]).toBe("default via 172.18.0.1 dev eth0");
  unwrap(one.connect("alpha"));
  expect(describeRoutes(one.sandbox.netns)[0]).toBe("default via 172.19.0.1 dev eth2");
  unwrap(one.sandbox.disconnect(networkNamed(host.cnm, "alpha").id));
  expect(describeRoutes(one.sandbox.netns)[0]).toBe("default via 172.18.0.1 dev eth0");
  unwrap(one.connect("alpha", { gwPriority: -1 }));
  expect(describeRoutes(one.sandbox.netns)[0]).toBe("default via 172.18.0.1 dev eth0");
  unwrap(one.sandbox.disconnect(networkNamed(host.cnm, "beta").id));
  expect(describeRoutes(one.sandbox.netns)).toEqual([
    "default via 172.19.0.1 dev eth2",
    "172.19.0.0/16 dev eth2",
    "172.20.0.0/16 dev eth1",
  ]);
});

test("Published ports move with the way out, and are numbered anew as they do", () => {
  const host = boot();
  unwrap(host.network("alpha"));
  unwrap(host.network("beta", { enableIpv6: true, ...subnet({ subnet: "fd00:b::/64" }) }));
  unwrap(host.network("gamma", { internal: true }));
  unwrap(host.network("delta", { enableIpv4: false, enableIpv6: true, ...subnet({ subnet: "fd00:d::/64" }) }));
  const c1 = host.container("c1");
  const bindings = ["8080:80", "9000-9003:80", ":80"].flatMap((text) => published(text).portBindings);
  unwrap(c1.connect("beta", { exposedPorts: [{ port: 80, protocol: "tcp" }], portBindings: bindings }));
  const at = (...numbers: readonly number[]): string[] =>
    ["0.0.0.0", "[::]"].flatMap((address) => numbers.map((number) => `80/tcp -> ${address}:${number}`)).sort();
  const leave = (network: string): void => unwrap(c1.sandbox.disconnect(networkNamed(host.cnm, network).id));
  expect(ports(c1)).toEqual(at(8080, 9000, 32768));
  unwrap(c1.connect("alpha"));
  expect(ports(c1)).toEqual(at(8080, 9000, 32768));
  unwrap(c1.connect("delta", { gwPriority: 5 }));
  expect(ports(c1)).toEqual(at(8080, 9000, 32768));
  expect(describeRoutes(c1.sandbox.netns, 6).filter((route) => route.startsWith("default"))).toEqual(["default via fd00:b::1 dev eth0"]);
  leave("beta");
  expect(ports(c1)).toEqual(at(8080, 9001, 32769));
  expect(describeRoutes(c1.sandbox.netns)[0]).toBe("default via 172.18.0.1 dev eth1");
  leave("delta");
  expect(ports(c1)).toEqual(at(8080, 9002, 32770));
  unwrap(c1.connect("gamma"));
  leave("alpha");
  expect(ports(c1)).toEqual([]);
  expect(describeRoutes(c1.sandbox.netns)).toEqual(["172.20.0.0/16 dev eth0"]);
});

test("An interface that cannot be had is refused in Docker's words, and nothing of it stays", () => {
  const host = boot();
  unwrap(host.network("alpha"));
  unwrap(host.network("beta"));
  const c2 = host.container("c2");
  unwrap(c2.connect("alpha"));
  const before = [describeLinks(c2.sandbox.netns), describeLinks(host.kernel.root.net)];
  expect(refusal(c2.connect("beta", options("ifname", "eth0")))).toMatch(
    /^internal: failed to add interface (veth[0-9a-f]{7}) to sandbox: error renaming interface "\1" to "eth0": file exists$/,
  );
  expect(refusal(c2.connect("beta", options("ifname", "toolongname12345678")))).toMatch(
    /to "toolongname12345678": numerical result out of range$/,
  );
  expect(refusal(c2.connect("beta", options("sysctls", "net.ipv4.conf.IFNAME.nosuch=1")))).toMatch(
    /to sandbox: \/proc\/sys\/net\/ipv4\/conf\/eth1\/nosuch is not a sysctl file$/,
  );
  expect([describeLinks(c2.sandbox.netns), describeLinks(host.kernel.root.net)]).toEqual(before);
  const endpoint = unwrap(
    c2.connect("beta", {
      driverOptions: {
        [`${ENDPOINT}.ifname`]: "eth5",
        [`${ENDPOINT}.sysctls`]: "net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0",
      },
    }),
  );
  expect([endpoint.interface, endpoint.ipv4]).toEqual(["eth5", "172.19.0.2"]);
  expect(c2.sandbox.netns.sysctl("net.ipv4.conf.eth5.log_martians")).toEqual({ ok: true, value: "1" });
});

test("Addresses that were asked for: given, taken, and out of place", () => {
  const host = boot();
  unwrap(host.network("app", subnet({ subnet: "10.1.0.0/24" })));
  expect(unwrap(host.container("a").connect("app", { ipv4: "10.1.0.77" })).ipv4).toBe("10.1.0.77");
  expect(refusal(host.container("b").connect("app", { ipv4: "10.1.0.77" }))).toBe("forbidden: Address already in use");
  expect(refusal(host.container("c").connect("app", { ipv4: "10.9.0.1" }))).toBe(
    "invalid: invalid address 10.9.0.1: It does not belong to any of this network's subnets",
  );
  expect(unwrap(host.container("d").connect("app")).ipv4).toBe("10.1.0.2");
  expect(unwrap(host.container("e").connect("app", { mac: "02:42:ac:11:00:99" })).mac).toBe("02:42:ac:11:00:99");
});

test("The lowest address is given again once its container has left", () => {
  const host = boot();
  const [a, b] = [host.container("a"), host.container("b")];
  unwrap(a.connect("bridge"));
  unwrap(b.connect("bridge"));
  a.sandbox.delete();
  expect(unwrap(host.container("c").connect("bridge")).ipv4).toBe("172.17.0.2");
});

test("A network whose bridge somebody has deleted takes no container, and loses no address by it", () => {
  const host = boot();
  const { id } = unwrap(host.network("app", { options: { "com.docker.network.bridge.name": "br-app" } }));
  const { links } = host.kernel.root.net;
  unwrap(links.deleteLink(linkIndex(host.kernel.root.net, "br-app")));
  const before = describeLinks(host.kernel.root.net);
  expect(refusal(host.container("a").connect("app"))).toMatch(
    /^internal: failed to create endpoint a on network app: adding interface veth[0-9a-f]{7} to bridge br-app failed: Device does not exist$/,
  );
  expect(describeLinks(host.kernel.root.net)).toEqual(before);
  const other = unwrap(links.addLink({ name: "br-app", kind: "bridge" }));
  const b = host.container("b");
  expect(unwrap(b.connect("app")).ipv4).toBe("172.18.0.2");
  expect(links.links().at(-1)?.port?.bridge).toBe(other);
  b.sandbox.delete();
  unwrap(host.cnm.remove(id));
  expect(links.link(other)).toBeDefined();
});

test("A network that is full says so", () => {
  const host = boot();
  const { id } = unwrap(host.network("tiny", subnet({ subnet: "10.44.0.0/30" })));
  unwrap(host.container("a").connect("tiny"));
  expect(refusal(host.container("b").connect("tiny"))).toBe(
    `internal: no available IPv4 addresses on this network's address pools: tiny (${id})`,
  );
});

test("In host mode a container has the machine's namespace", () => {
  const host = boot();
  const container = host.container("h", { mode: { kind: "host" } });
  const { sandbox } = container;
  const endpoint = unwrap(container.connect("host"));
  expect(sandbox.key).toBe("/var/run/docker/netns/default");
  expect(sandbox.netns).toBe(host.kernel.root.net);
  expect([endpoint.mac, endpoint.ipv4, endpoint.gateway, endpoint.interface]).toEqual(["", undefined, undefined, ""]);
  sandbox.delete();
  expect(describeLinks(host.kernel.root.net)).toHaveLength(3);
  host.restart().container("again", { mode: { kind: "host" } });
  expect(host.kernel.root.mnt.mounts.filter(({ at }) => at.endsWith("/netns/default"))).toHaveLength(1);
});

test("In container mode a namespace lives as long as its last container", () => {
  const host = boot();
  const first = host.container("first");
  unwrap(first.connect("bridge"));
  const second = unwrap(
    host.cnm.newSandbox({
      containerId: "f".repeat(64),
      containerName: "second",
      hostname: "",
      domainname: "",
      mode: { kind: "container", sandbox: first.sandbox },
      dns: { servers: [], search: [], options: [] },
      extraHosts: [],
      files: first.files,
    }),
  );
  expect(second.netns).toBe(first.sandbox.netns);
  expect(second.endpoints).toEqual([]);
  first.sandbox.delete();
  expect(host.kernel.netnses()).toContain(second.netns);
  expect(describeLinks(second.netns)).toEqual(["1: lo UNKNOWN 127.0.0.1/8 ::1/128"]);
  second.delete();
  expect(host.kernel.netnses()).toEqual([host.kernel.root.net]);
});

test("A sandbox is named by the key under which its namespace is bound", () => {
  const host = boot();
  const { sandbox } = host.container("a");
  expect(sandbox.key).toBe(`/var/run/docker/netns/${sandbox.id.slice(0, 12)}`);
  expect(host.kernel.root.mnt.root.exists(sandbox.key)).toBe(true);
  sandbox.delete();
  expect(host.kernel.root.mnt.root.exists(sandbox.key)).toBe(false);
});

test("Legacy links open the linked container's ports where containers may not talk", () => {
  const host = boot({ icc: false });
  const db = host.container("db");
  unwrap(
    db.connect("bridge", {
      exposedPorts: [
        { port: 5432, protocol: "tcp" },
        { port: 53, protocol: "udp" },
      ],
    }),
  );
  const app = host.container("app");
  unwrap(app.connect("bridge", { links: [{ container: "db", alias: "database" }] }));
  const links = [
    "-A DOCKER -s 172.17.0.3/32 -d 172.17.0.2/32 -i docker0 -o docker0 -p tcp -m tcp --dport 5432 -j ACCEPT",
    "-A DOCKER -s 172.17.0.2/32 -d 172.17.0.3/32 -i docker0 -o docker0 -p tcp -m tcp --sport 5432 -j ACCEPT",
    "-A DOCKER -s 172.17.0.3/32 -d 172.17.0.2/32 -i docker0 -o docker0 -p udp -m udp --dport 53 -j ACCEPT",
    "-A DOCKER -s 172.17.0.2/32 -d 172.17.0.3/32 -i docker0 -o docker0 -p udp -m udp --sport 53 -j ACCEPT",
  ];
  const { iptables } = host.kernel.root.net;
  expect(listRules(iptables, "filter", "DOCKER").slice(2)).toEqual(links);
  app.sandbox.delete();
  expect(listRules(iptables, "filter", "DOCKER").slice(2)).toEqual([]);
});

test("With -P, ports that are exposed and not bound get a port of the engine's choice", () => {
  const host = boot();
  const web = host.container("web");
  unwrap(
    web.connect("bridge", {
      exposedPorts: [
        { port: 443, protocol: "tcp" },
        { port: 80, protocol: "tcp" },
      ],
      portBindings: published("8080:80").portBindings,
      publishAll: true,
    }),
  );
  expect(ports(web)).toEqual(["443/tcp -> 0.0.0.0:32768", "443/tcp -> [::]:32768", "80/tcp -> 0.0.0.0:8080", "80/tcp -> [::]:8080"]);
});

test("A new address is told to the neighbours three times, a second apart", () => {
  const host = boot();
  unwrap(host.network("app"));
  const { bridge = "" } = networkNamed(host.cnm, "app");
  const tap = unwrap(host.kernel.root.net.sockets.tap(bridge));
  const web = host.container("web");
  unwrap(web.connect("app"));
  const seen: number[] = [];
  for (let tenth = 0; tenth < 40; tenth++) {
    host.pass(0.1);
    seen.push(tap.received);
  }
  expect([...new Set(seen)]).toEqual([1, 2, 3]);
});
