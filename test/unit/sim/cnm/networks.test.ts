import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { type CnmConfig, Libnetwork, type NewNetwork } from "@/lib/sim/cnm";
import { Random } from "@/lib/sim/core/random";
import {
  boot,
  describeLinks,
  describeRoutes,
  idOf,
  linkIndex,
  listRules,
  networkNamed,
  prefix,
  refusal,
  subnet,
  type TestHost,
} from "./host";

const BRIDGE = "com.docker.network.bridge";

function option(key: string, value: string): Partial<NewNetwork> {
  return { options: { [key]: value } };
}

function sysctl(host: TestHost, key: string): string {
  return unwrap(host.kernel.root.net.sysctl(key));
}

test("An engine that starts has bridge, host and none, docker0, and forwarding between networks with a closed door", () => {
  const host = boot();
  expect(host.cnm.networks().map(({ name, driver, scope }) => [name, driver, scope])).toEqual([
    ["bridge", "bridge", "local"],
    ["host", "host", "local"],
    ["none", "null", "local"],
  ]);
  expect(networkNamed(host.cnm, "bridge").ipam).toEqual({
    driver: "default",
    options: undefined,
    config: [{ subnet: "172.17.0.0/16", gateway: "172.17.0.1" }],
  });
  expect(describeLinks(host.kernel.root.net).at(-1)).toBe("3: docker0 DOWN 172.17.0.1/16");
  expect(sysctl(host, "net.ipv4.ip_forward")).toBe("1");
  expect(listRules(host.kernel.root.net.iptables, "filter")[1]).toBe("-P FORWARD DROP");
  expect(listRules(host.kernel.root.net.ip6tables, "filter")[1]).toBe("-P FORWARD ACCEPT");
});

test("The first network with IPv6 turns on IPv6 forwarding, and closes that door too", () => {
  const host = boot();
  unwrap(host.network("six", { enableIpv6: true }));
  expect(sysctl(host, "net.ipv6.conf.all.forwarding")).toBe("1");
  expect(listRules(host.kernel.root.net.ip6tables, "filter")[1]).toBe("-P FORWARD DROP");
});

test("A host whose forwarding was on already keeps its FORWARD policy", () => {
  const before = boot();
  const { iptables } = before.kernel.root.net;
  unwrap(iptables.setPolicy("filter", "FORWARD", "ACCEPT"));
  before.restart();
  expect(listRules(iptables, "filter")[1]).toBe("-P FORWARD ACCEPT");
});

test("A network has a bridge of its own, with the gateway's address", () => {
  const host = boot();
  const network = unwrap(
    host.network(
      "app",
      subnet({ subnet: "10.1.2.0/24", ipRange: "10.1.2.64/26", gateway: "10.1.2.254", auxiliary: { printer: "10.1.2.65" } }),
    ),
  );
  const bridge = `br-${network.id.slice(0, 12)}`;
  expect(network.bridge).toBe(bridge);
  expect(describeLinks(host.kernel.root.net).at(-1)).toBe(`4: ${bridge} DOWN 10.1.2.254/24`);
  expect(unwrap(host.container("a").connect("app")).ipv4).toBe("10.1.2.64");
  expect(unwrap(host.container("b").connect("app")).ipv4).toBe("10.1.2.66");
});

test("Options of the bridge are read, and refused in Docker's words", () => {
  const host = boot();
  expect(refusal(host.network("bad", option(`${BRIDGE}.inhibit_ipv4`, "maybe")))).toBe(
    'invalid: failed to parse com.docker.network.bridge.inhibit_ipv4 value: maybe (strconv.ParseBool: parsing "maybe": invalid syntax)',
  );
  expect(refusal(host.network("bad", option(`${BRIDGE}.gateway_mode_ipv6`, "wrong")))).toContain(
    "failed to parse com.docker.network.bridge.gateway_mode_ipv6 value: wrong (unknown gateway mode wrong)",
  );
  expect(refusal(host.network("bad", option("com.docker.network.host_ipv4", "x")))).toContain(
    "failed to parse com.docker.network.host_ipv4 value: x (nil ip)",
  );
  expect(refusal(host.network("bad", option("com.docker.network.driver.mtu", "70000")))).toBe("internal: invalid argument");
  expect(refusal(host.network("bad", option("com.docker.network.driver.mtu", "99999999999999999999")))).toContain(
    '(strconv.Atoi: parsing "99999999999999999999": value out of range)',
  );
  expect(refusal(host.network("bad", option(`${BRIDGE}.name`, "eth0")))).toContain("existing interface eth0 is not a bridge");
  expect(refusal(host.network("bad", option(`${BRIDGE}.name`, "a b")))).toBe("internal: invalid argument");
});

test("Networks that get in each other's way are refused", () => {
  const host = boot();
  unwrap(host.network("one", { ...option(`${BRIDGE}.name`, "br-one"), ...subnet({ subnet: "10.40.0.0/16", ipRange: "10.40.1.0/24" }) }));
  expect(
    refusal(host.network("two", { ...option(`${BRIDGE}.name`, "br-two"), ...subnet({ subnet: "10.40.0.0/16", ipRange: "10.40.2.0/24" }) })),
  ).toContain(
    `cannot create network ${idOf("two")} (br-two): conflicts with network ${idOf("one")} (br-one): networks have overlapping IPv4`,
  );
  expect(refusal(host.network("two", { ...option(`${BRIDGE}.name`, "br-one"), ...subnet({ subnet: "10.41.0.0/16" }) }))).toContain(
    "networks have same bridge name",
  );
  expect(refusal(host.network("two", subnet({ subnet: "10.40.3.0/24" })))).toBe(
    "forbidden: invalid pool request: Pool overlaps with other one on this address space",
  );
  expect(refusal(host.network("one", { id: "f".repeat(64) }))).toBe("conflict: network with name one already exists");
  expect(refusal(host.network("two", subnet({ subnet: "10.42.0.0/30", ipRange: "10.42.0.0/32" })))).toContain(
    "failed to allocate gateway (): no available addresses on this pool",
  );
  expect(unwrap(host.network("two", subnet({ subnet: "10.42.0.0/30" }))).ipam.config).toEqual([{ subnet: "10.42.0.0/30" }]);
});

test("Every refusal leaves the host as it was", () => {
  const host = boot();
  const before = [
    describeLinks(host.kernel.root.net),
    listRules(host.kernel.root.net.iptables, "filter"),
    listRules(host.kernel.root.net.iptables, "nat"),
  ];
  for (const request of [
    option("com.docker.network.driver.mtu", "70000"),
    option(`${BRIDGE}.name`, "lo"),
    { ...option("com.docker.network.driver.mtu", "20"), enableIpv6: true },
  ]) {
    expect(host.network("bad", request).ok).toBe(false);
  }
  expect([
    describeLinks(host.kernel.root.net),
    listRules(host.kernel.root.net.iptables, "filter"),
    listRules(host.kernel.root.net.iptables, "nat"),
  ]).toEqual(before);
  expect(unwrap(host.network("good")).ipam.config).toEqual([{ subnet: "172.18.0.0/16", gateway: "172.18.0.1" }]);
});

test("A network with a container on it cannot be removed", () => {
  const host = boot();
  const { id } = unwrap(host.network("app"));
  const container = host.container("web");
  const endpoint = unwrap(container.connect("app"));
  expect(refusal(host.cnm.remove(id))).toBe(`forbidden: network app has active endpoints (name:"web" id:"${endpoint.id.slice(0, 12)}")`);
  container.sandbox.delete();
  unwrap(host.cnm.remove(id));
  expect(host.cnm.network(id)).toBeUndefined();
  expect(describeLinks(host.kernel.root.net)).toHaveLength(3);
  expect(refusal(host.cnm.remove(networkNamed(host.cnm, "none").id))).toBe(
    "forbidden: none is a pre-defined network and cannot be removed",
  );
});

test("A bridge that somebody else made is used, and stays when the network goes", () => {
  const host = boot();
  const { links } = host.kernel.root.net;
  const index = unwrap(links.addLink({ name: "br-mine", kind: "bridge" }));
  unwrap(links.addAddress(index, { prefix: prefix("10.50.0.7/24") }));
  const { id } = unwrap(host.network("mine", option(`${BRIDGE}.name`, "br-mine")));
  expect(describeLinks(host.kernel.root.net).at(-1)).toMatch(/br-mine \w+ 172\.18\.0\.1\/16/);
  unwrap(host.cnm.remove(id));
  expect(links.linkByName("br-mine")).toBeDefined();
});

test("Drivers that are not there, and those that have one network only", () => {
  const host = boot();
  expect(refusal(host.network("x", { driver: "nosuch" }))).toBe('not-found: plugin "nosuch" not found');
  expect(refusal(host.network("x", { driver: "null" }))).toBe('forbidden: only one instance of "null" network is allowed');
  expect(refusal(host.network("x", { driver: "host" }))).toBe('forbidden: only one instance of "host" network is allowed');
  expect(refusal(host.network("x", { ipam: { driver: "nosuch", options: {}, config: [] } }))).toBe('not-found: plugin "nosuch" not found');
  expect(host.cnm.drivers).toEqual(["bridge", "host", "ipvlan", "macvlan", "null", "overlay"]);
});

test("A configuration-only network lends its settings to others, and cannot go while it does", () => {
  const host = boot();
  const config = unwrap(
    host.network("conf", { configOnly: true, driver: "macvlan", options: { parent: "eth0" }, ...subnet({ subnet: "10.30.0.0/24" }) }),
  );
  expect([config.driver, config.scope]).toEqual(["null", "local"]);
  const lent = unwrap(host.network("mac", { driver: "macvlan", configFrom: "conf", internal: true }));
  expect([lent.options, lent.ipam.config, lent.configFrom]).toEqual([{ parent: "eth0" }, [{ subnet: "10.30.0.0/24" }], "conf"]);
  expect(refusal(host.cnm.remove(config.id))).toBe('forbidden: configuration network "conf" is in use');
  expect(refusal(host.network("x", { configFrom: "nosuch" }))).toBe('not-found: configuration network "nosuch" does not exist');
  expect(refusal(host.network("x", { configFrom: "conf", options: { a: "b" } }))).toBe(
    "forbidden: network driver options are not supported if the network depends on a configuration network",
  );
});

test("After a restart the networks are there again, with the gateways that they have written down", () => {
  const before = boot();
  unwrap(before.network("given", { id: "c".repeat(64), ...subnet({ subnet: "10.77.0.0/24" }) }));
  unwrap(before.network("picked", { id: "a".repeat(64) }));
  unwrap(before.network("ranged", { id: "b".repeat(64), ...subnet({ subnet: "10.78.0.0/24", ipRange: "10.78.0.128/25" }) }));
  const old = networkNamed(before.cnm, "bridge").id;
  const { cnm, kernel } = before.restart();
  expect(cnm.networks().map(({ name, ipam }) => [name, ipam.config])).toEqual([
    ["bridge", [{ subnet: "172.17.0.0/16", gateway: "172.17.0.1" }]],
    ["given", [{ subnet: "10.77.0.0/24", gateway: "10.77.0.1" }]],
    ["host", []],
    ["none", []],
    ["picked", [{ subnet: "172.18.0.0/16", gateway: "172.18.0.1" }]],
    ["ranged", [{ subnet: "10.78.0.0/24", ipRange: "10.78.0.128/25", gateway: "10.78.0.128" }]],
  ]);
  expect(networkNamed(cnm, "bridge").id).not.toBe(old);
  expect(describeRoutes(kernel.root.net)).toEqual([
    "default via 192.168.56.1 dev eth0",
    "10.77.0.0/24 dev br-cccccccccccc",
    "10.78.0.0/24 dev br-bbbbbbbbbbbb",
    "172.17.0.0/16 dev docker0",
    "172.18.0.0/16 dev br-aaaaaaaaaaaa",
    "192.168.56.0/24 dev eth0",
  ]);
});

test("After a restart the filter's rules are written anew in the order of the networks' ids, docker0's last, as Docker leaves them", () => {
  const before = boot();
  for (const letter of ["c", "b", "a"])
    unwrap(
      before.network(`n${letter}`, {
        id: letter.repeat(64),
        options: { [`${BRIDGE}.name`]: `br-${letter}` },
        ...subnet({ subnet: `10.7${letter.charCodeAt(0) - 97}.0.0/24` }),
      }),
    );
  const { iptables } = before.restart().kernel.root.net;
  expect(listRules(iptables, "filter").slice(12)).toEqual([
    "-A DOCKER ! -i br-a -o br-a -j DROP",
    "-A DOCKER ! -i br-b -o br-b -j DROP",
    "-A DOCKER ! -i br-c -o br-c -j DROP",
    "-A DOCKER ! -i docker0 -o docker0 -j DROP",
    "-A DOCKER-BRIDGE -o br-a -j DOCKER",
    "-A DOCKER-BRIDGE -o br-b -j DOCKER",
    "-A DOCKER-BRIDGE -o br-c -j DOCKER",
    "-A DOCKER-BRIDGE -o docker0 -j DOCKER",
    ...["br-a", "br-b", "br-c", "docker0"].map((name) => `-A DOCKER-CT -o ${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
    "-A DOCKER-FORWARD -j DOCKER-CT",
    "-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1",
    "-A DOCKER-FORWARD -j DOCKER-BRIDGE",
    ...["br-a", "br-b", "br-c", "docker0"].map((name) => `-A DOCKER-FORWARD -i ${name} -j ACCEPT`),
    ...["br-a", "br-b", "br-c", "docker0"].map((name) => `-A DOCKER-ISOLATION-STAGE-1 -i ${name} ! -o ${name} -j DOCKER-ISOLATION-STAGE-2`),
    ...["docker0", "br-c", "br-b", "br-a"].map((name) => `-A DOCKER-ISOLATION-STAGE-2 -o ${name} -j DROP`),
  ]);
  expect(listRules(iptables, "nat").slice(5)).toEqual([
    "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
    "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    "-A POSTROUTING -s 10.70.0.0/24 ! -o br-a -j MASQUERADE",
    "-A POSTROUTING -s 10.71.0.0/24 ! -o br-b -j MASQUERADE",
    "-A POSTROUTING -s 10.72.0.0/24 ! -o br-c -j MASQUERADE",
    ...["docker0", "br-c", "br-b", "br-a"].map((name) => `-A DOCKER -i ${name} -j RETURN`),
  ]);
});

test("An engine whose default bridge cannot be made does not start", () => {
  const { kernel } = boot();
  const start = (config: CnmConfig): unknown => new Libnetwork({ kernel, random: new Random("other"), config }).start();
  expect(start({ bip: "nonsense" })).toEqual({
    ok: false,
    error: 'error creating default "bridge" network on docker0: parse bip failed: invalid CIDR address: nonsense',
  });
  expect(start({ bridge: "br0" })).toEqual({
    ok: false,
    error: 'error creating default "bridge" network on br0: bridge device with non default name br0 must be created manually',
  });
});

test("daemon.json moves docker0, and can do without it", () => {
  const moved = boot({ bip: "10.200.0.1/24", fixedCidr: "10.200.0.128/25", mtu: 1400, icc: false });
  expect(describeLinks(moved.kernel.root.net).at(-1)).toBe("3: docker0 DOWN 10.200.0.1/24");
  expect(moved.kernel.root.net.links.link(linkIndex(moved.kernel.root.net, "docker0"))?.mtu).toBe(1400);
  expect(unwrap(moved.container("a").connect("bridge")).ipv4).toBe("10.200.0.128");
  expect(listRules(moved.kernel.root.net.iptables, "filter", "DOCKER-FORWARD")).toContain(
    "-A DOCKER-FORWARD -i docker0 -o docker0 -j DROP",
  );
  const without = boot({ bridge: "none" });
  expect(without.cnm.networks().map(({ name }) => name)).toEqual(["host", "none"]);
  expect(without.kernel.root.net.links.linkByName("docker0")).toBeUndefined();
});
