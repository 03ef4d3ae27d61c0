import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { NewNetwork } from "@/lib/sim/cnm";
import { boot, listRules, published, refusal, subnet, type TestHost } from "./host";
import * as recorded from "./recorded-rules";

const BRIDGE = "com.docker.network.bridge";

/** The networks of the recording: bridge `br-a` of network `na` and so on. */
const NETWORKS: readonly (readonly [letter: string, request: Partial<NewNetwork>])[] = [
  ["a", { options: { [`${BRIDGE}.gateway_mode_ipv4`]: "nat-unprotected" }, ...subnet({ subnet: "10.1.0.0/24" }) }],
  ["b", { options: { [`${BRIDGE}.gateway_mode_ipv4`]: "routed" }, ...subnet({ subnet: "10.2.0.0/24" }) }],
  ["c", { options: { [`${BRIDGE}.trusted_host_interfaces`]: "eth0:lo" }, ...subnet({ subnet: "10.3.0.0/24" }) }],
  ["d", { options: { "com.docker.network.host_ipv4": "192.168.56.11" }, ...subnet({ subnet: "10.4.0.0/24" }) }],
  ["e", { options: { [`${BRIDGE}.inhibit_ipv4`]: "true" }, ...subnet({ subnet: "10.5.0.0/24" }) }],
  ["f", { options: { [`${BRIDGE}.enable_icc`]: "false" }, internal: true, ...subnet({ subnet: "10.6.0.0/24" }) }],
  ["g", { enableIpv6: true, internal: true, ...subnet({ subnet: "10.7.0.0/24" }, { subnet: "fd00:7::/64" }) }],
  ["h", { options: { [`${BRIDGE}.enable_ip_masquerade`]: "false" }, ...subnet({ subnet: "10.8.0.0/24" }) }],
  [
    "i",
    {
      options: { [`${BRIDGE}.gateway_mode_ipv6`]: "routed" },
      enableIpv6: true,
      ...subnet({ subnet: "10.9.0.0/24" }, { subnet: "fd00:9::/64" }),
    },
  ],
  [
    "j",
    {
      options: { [`${BRIDGE}.gateway_mode_ipv6`]: "isolated" },
      enableIpv6: true,
      internal: true,
      ...subnet({ subnet: "10.10.0.0/24" }, { subnet: "fd00:10::/64" }),
    },
  ],
];

function withNetworks(host: TestHost): TestHost {
  for (const [letter, request] of NETWORKS)
    unwrap(host.network(`n${letter}`, { ...request, options: { ...request.options, [`${BRIDGE}.name`]: `br-${letter}` } }));
  return host;
}

function text(lines: readonly string[]): string {
  return `\n${lines.join("\n")}\n`;
}

test("Each kind of network writes the rules that Docker writes, in its order", () => {
  const { iptables, ip6tables } = withNetworks(boot()).kernel.root.net;
  expect(text(listRules(iptables, "filter"))).toBe(recorded.FILTER_V4);
  expect(text(listRules(iptables, "nat"))).toBe(recorded.NAT_V4);
  expect(text(listRules(ip6tables, "filter"))).toBe(recorded.FILTER_V6);
  expect(text(listRules(ip6tables, "nat"))).toBe(recorded.NAT_V6);
});

test("Published ports add rules where the gateway mode asks for them", () => {
  const host = withNetworks(boot());
  for (const [letter, port] of [
    ["a", 8097],
    ["b", 8098],
    ["c", 8099],
  ] as const)
    unwrap(host.container(`c${letter}`).connect(`n${letter}`, published(`${port}:80`)));
  const { iptables } = host.kernel.root.net;
  expect(text(listRules(iptables, "filter", "DOCKER"))).toBe(recorded.DOCKER_WITH_PORTS);
  expect(text(listRules(iptables, "nat"))).toBe(recorded.NAT_V4_WITH_PORTS);
  expect(text(listRules(iptables, "raw"))).toBe(recorded.RAW_WITH_PORTS);
  const proxies = host.kernel.processes.list().filter(({ name }) => name === "docker-proxy");
  expect(text(proxies.map(({ argv }) => argv.slice(1).join(" ")).sort())).toBe(recorded.PROXIES);
});

test("When the networks are removed, only what an engine always has is left", () => {
  const host = withNetworks(boot());
  for (const { id, name } of host.cnm.networks()) if (name.length === 2) unwrap(host.cnm.remove(id));
  const { iptables, ip6tables } = host.kernel.root.net;
  expect(text(listRules(iptables, "filter"))).toBe(recorded.FILTER_V4_AFTER);
  expect(text(listRules(iptables, "nat"))).toBe(recorded.NAT_V4_AFTER);
  expect(text(listRules(iptables, "raw"))).toBe(recorded.RAW_AFTER);
  expect(text(listRules(ip6tables, "filter"))).toBe(recorded.FILTER_V6_AFTER);
  expect(text(listRules(ip6tables, "nat"))).toBe(recorded.NAT_V6_AFTER);
});

function deleteChain(host: TestHost, table: "filter" | "nat", chain: string): void {
  const { iptables } = host.kernel.root.net;
  unwrap(iptables.flush(table));
  unwrap(iptables.deleteChain(table, chain));
}

test("Rules that somebody has flushed are not missed, and come back with the next engine", () => {
  const host = boot();
  const web = host.container("web");
  unwrap(web.connect("bridge", published("8080:80")));
  const { iptables } = host.kernel.root.net;
  for (const table of ["filter", "nat", "raw"] as const) unwrap(iptables.flush(table));
  unwrap(host.container("web2").connect("bridge", published("8081:80")));
  expect(listRules(iptables, "filter").slice(10)).toEqual([
    "-A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT",
  ]);
  expect(listRules(iptables, "nat").slice(5)).toEqual([
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.3:80",
  ]);
  web.sandbox.delete();
  host.restart();
  expect(listRules(iptables, "filter", "DOCKER-FORWARD").slice(1)).toEqual([
    "-A DOCKER-FORWARD -j DOCKER-CT",
    "-A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1",
    "-A DOCKER-FORWARD -j DOCKER-BRIDGE",
    "-A DOCKER-FORWARD -i docker0 -j ACCEPT",
  ]);
});

test("Where a chain of Docker's is gone, iptables' own words are passed on, and nothing is left of what was begun", () => {
  const host = boot();
  const { iptables } = host.kernel.root.net;
  deleteChain(host, "nat", "DOCKER");
  const nat = listRules(iptables, "nat");
  expect(refusal(host.container("ff").connect("bridge", published("8082:80"))).replace(/[0-9a-f]{64}/, "ID")).toBe(
    "internal: driver failed programming external connectivity on endpoint ff (ID): Unable to enable DNAT rule:  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 8082 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: iptables: No chain/target/match by that name.\n (exit status 1))",
  );
  expect(refusal(host.network("xx", { options: { [`${BRIDGE}.name`]: "br-x" } }))).toBe(
    "internal: Failed to Setup IP tables: Unable to enable SKIP DNAT rule:  (iptables failed: iptables --wait -t nat -I DOCKER -i br-x -j RETURN: iptables: No chain/target/match by that name.\n (exit status 1))",
  );
  expect(listRules(iptables, "nat")).toEqual(nat);
  expect(host.kernel.root.net.links.linkByName("br-x")).toBeUndefined();
  unwrap(host.network("yy", { internal: true }));

  deleteChain(host, "filter", "DOCKER");
  unwrap(iptables.newChain("nat", "DOCKER"));
  expect(refusal(host.container("gg").connect("bridge", published("8083:80")))).toContain(
    "Unable to enable OPEN PORT rule:  (iptables failed: iptables --wait -t filter -I DOCKER ! -i docker0 -o docker0 -p tcp -d 172.17.0.2 --dport 80 -j ACCEPT: iptables: No chain/target/match by that name.\n (exit status 1))",
  );
  expect(listRules(iptables, "nat").slice(5)).toEqual([]);
  const options = {
    [`${BRIDGE}.name`]: "br-z",
    [`${BRIDGE}.gateway_mode_ipv4`]: "nat-unprotected",
    [`${BRIDGE}.enable_ip_masquerade`]: "false",
  };
  expect(refusal(host.network("zz", { options }))).toBe(
    "internal: failed to add default-drop rule: Unable to enable DEFAULT FWD rule:  (iptables failed: iptables --wait -t filter -A DOCKER ! -i br-z -o br-z -j ACCEPT: iptables: No chain/target/match by that name.\n (exit status 1))",
  );
  unwrap(iptables.newChain("filter", "DOCKER"));
  unwrap(iptables.deleteChain("filter", "DOCKER-CT"));
  expect(refusal(host.network("ww"))).toContain(
    "internal: Unable to enable bridge ct related rule:  (iptables failed: iptables --wait -t filter -A DOCKER-CT -o br-",
  );
});
