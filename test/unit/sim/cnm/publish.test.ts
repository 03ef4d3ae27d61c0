import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { EndpointRequest } from "@/lib/sim/cnm";
import { ANY_V4 } from "@/lib/sim/net/address";
import { allRules, boot, ip, listRules, published, refusal, subnet, type TestHost } from "./host";

function several(...texts: readonly string[]): Pick<EndpointRequest, "exposedPorts" | "portBindings"> {
  const parts = texts.map(published);
  return {
    exposedPorts: parts.flatMap(({ exposedPorts }) => exposedPorts),
    portBindings: parts.flatMap(({ portBindings }) => portBindings),
  };
}

/** What a new container got for its `-p` options. */
function publish(host: TestHost, name: string, ...texts: readonly string[]): string[] {
  const { ports } = unwrap(host.container(name).connect("bridge", several(...texts)));
  return ports.map(({ port, protocol, hostIp, hostPort }) => `${port}/${protocol} -> ${hostIp} ${hostPort}`).sort();
}

function proxies(host: TestHost): string[] {
  return host.kernel.processes
    .list()
    .filter(({ name }) => name === "docker-proxy")
    .map(({ argv }) => `${argv[2]} ${argv[4]} ${argv[6]}`);
}

const FAILED = /^internal: driver failed programming external connectivity on endpoint (\w+) \([0-9a-f]{64}\): /;

test("Without an address a port is published on 0.0.0.0 and on ::, each with a socket and a proxy", () => {
  const host = boot();
  expect(publish(host, "web", "8080:80", "8053:53/udp")).toEqual([
    "53/udp -> 0.0.0.0 8053",
    "53/udp -> :: 8053",
    "80/tcp -> 0.0.0.0 8080",
    "80/tcp -> :: 8080",
  ]);
  expect(proxies(host)).toEqual(["udp 0.0.0.0 8053", "udp :: 8053", "tcp 0.0.0.0 8080", "tcp :: 8080"]);
  const sockets = host.kernel.root.net.sockets
    .list()
    .map(({ protocol, local, owner, sendQueue }) => `${protocol} ${local.address} ${local.port} ${owner?.name} ${owner?.fd} ${sendQueue}`);
  expect(sockets).toEqual([
    "tcp 0.0.0.0 8080 docker-proxy 7 4096",
    "tcp :: 8080 docker-proxy 7 4096",
    "udp 0.0.0.0 8053 docker-proxy 7 0",
    "udp :: 8053 docker-proxy 7 0",
  ]);
});

test("Ranges, addresses and protocols are published as Docker pairs them", () => {
  const host = boot();
  expect(publish(host, "s2", "7000:7000", "7001:7001", "7000:9/udp", "127.0.0.1:7005-7006:80", "127.0.0.2:7005-7006:80")).toEqual([
    "7000/tcp -> 0.0.0.0 7000",
    "7000/tcp -> :: 7000",
    "7001/tcp -> 0.0.0.0 7001",
    "7001/tcp -> :: 7001",
    "80/tcp -> 127.0.0.1 7005",
    "80/tcp -> 127.0.0.2 7005",
    "9/udp -> 0.0.0.0 7000",
    "9/udp -> :: 7000",
  ]);
  expect(listRules(host.kernel.root.net.iptables, "nat", "DOCKER").slice(2)).toEqual([
    "-A DOCKER ! -i docker0 -p udp -m udp --dport 7000 -j DNAT --to-destination 172.17.0.2:9",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 7000 -j DNAT --to-destination 172.17.0.2:7000",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 7001 -j DNAT --to-destination 172.17.0.2:7001",
    "-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 7005 -j DNAT --to-destination 172.17.0.2:80",
    "-A DOCKER -d 127.0.0.2/32 ! -i docker0 -p tcp -m tcp --dport 7005 -j DNAT --to-destination 172.17.0.2:80",
  ]);
});

test("Port 0 of a container is a port like any other", () => {
  const host = boot();
  expect(publish(host, "zero", "8080:0")).toEqual(["0/tcp -> 0.0.0.0 8080", "0/tcp -> :: 8080"]);
  expect(listRules(host.kernel.root.net.iptables, "nat", "DOCKER").at(-1)).toBe(
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:0",
  );
});

test("A port on a loopback address cannot be reached from outside", () => {
  const host = boot();
  publish(host, "web", "127.0.0.1:8080:80");
  expect(listRules(host.kernel.root.net.iptables, "raw").slice(2)).toEqual([
    "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP",
    "-A PREROUTING -d 127.0.0.1/32 ! -i lo -p tcp -m tcp --dport 8080 -j DROP",
  ]);
});

test("A port that another container has is refused, and what the container had of the network is given back", () => {
  const host = boot();
  publish(host, "web", "8080:80");
  const before = [allRules(host.kernel.root.net), proxies(host), host.kernel.root.net.sockets.list().length];
  const refused = refusal(host.container("web2").connect("bridge", several("9090:80", "8080:80")));
  expect(refused.replace(FAILED, "$1 ")).toBe("web2 Bind for 0.0.0.0:8080 failed: port is already allocated");
  expect([allRules(host.kernel.root.net), proxies(host), host.kernel.root.net.sockets.list().length]).toEqual(before);
  expect(publish(host, "web3", "9090:80")).toContain("80/tcp -> 0.0.0.0 9090");
});

test("A port that a program of the host has is refused in the kernel's words; a free one of a range is taken instead", () => {
  const host = boot();
  const { sockets } = host.kernel.root.net;
  for (const port of [7010, 32_769]) unwrap(sockets.listen({ address: ANY_V4, port }));
  const refused = refusal(host.container("a").connect("bridge", several("7010:80")));
  expect(refused.replace(FAILED, "$1 ")).toBe("a failed to bind host port for 0.0.0.0:7010:172.17.0.2:80/tcp: address already in use");
  expect(publish(host, "b", "7010-7011:80")).toContain("80/tcp -> 0.0.0.0 7011");
  expect(publish(host, "c", ":80", ":81")).toEqual([
    "80/tcp -> 0.0.0.0 32768",
    "80/tcp -> :: 32768",
    "81/tcp -> 0.0.0.0 32770",
    "81/tcp -> :: 32770",
  ]);
  const elsewhere = refusal(host.container("d").connect("bridge", several("9.9.9.9:80:80")));
  expect(elsewhere.replace(FAILED, "$1 ")).toBe(
    "d failed to bind host port for 9.9.9.9:80:172.17.0.4:80/tcp: cannot assign requested address",
  );
});

test("A container that leaves closes its ports", () => {
  const host = boot();
  const before = allRules(host.kernel.root.net);
  const web = host.container("web");
  unwrap(web.connect("bridge", several("8080:80", ":81", "5353:53/udp")));
  web.sandbox.delete();
  expect(proxies(host)).toEqual([]);
  expect(host.kernel.root.net.sockets.list()).toEqual([]);
  expect(allRules(host.kernel.root.net)).toEqual(before);
  expect(publish(host, "again", "8080:80")).toContain("80/tcp -> 0.0.0.0 8080");
});

test("Without the userland proxy loopback is routed to containers, and bridges turn packets around", () => {
  const host = boot({ userlandProxy: false });
  const web = host.container("web");
  unwrap(web.connect("bridge", several("8080:80")));
  expect(proxies(host)).toEqual([]);
  expect(host.kernel.root.net.sysctl("net.ipv4.conf.docker0.route_localnet")).toEqual({ ok: true, value: "1" });
  expect(listRules(host.kernel.root.net.iptables, "nat")).toContain("-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER");
  const veth = host.kernel.root.net.links.links().find(({ name }) => name.startsWith("veth"));
  expect(veth?.port?.hairpin).toBe(true);
  expect(host.kernel.root.net.sockets.list()).toHaveLength(1);
  web.sandbox.delete();
  expect(host.kernel.root.net.sockets.list()).toEqual([]);
});

test("A network's own host address is where its ports are published", () => {
  const host = boot();
  unwrap(host.network("app", { options: { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" } }));
  expect(unwrap(host.container("web").connect("app", several("8080:80"))).ports).toEqual([
    { port: 80, protocol: "tcp", hostIp: ip("127.0.0.1"), hostPort: 8080 },
  ]);
});

test("A routed network publishes a port without a number of the host's, and lets the container's be reached", () => {
  const host = boot();
  unwrap(
    host.network("app", {
      options: { "com.docker.network.bridge.gateway_mode_ipv4": "routed", "com.docker.network.bridge.name": "br-app" },
      ...subnet({ subnet: "10.2.0.0/24" }),
    }),
  );
  const { ports } = unwrap(host.container("web").connect("app", several("8080:80")));
  expect(ports.map(({ hostIp, hostPort }) => `${hostIp} ${hostPort}`)).toEqual(["0.0.0.0 0", ":: 8080"]);
  expect(listRules(host.kernel.root.net.iptables, "filter", "DOCKER")[1]).toBe(
    "-A DOCKER -d 10.2.0.2/32 ! -i br-app -o br-app -p tcp -m tcp --dport 80 -j ACCEPT",
  );
});

test("An internal network publishes nothing, and SCTP is not simulated", () => {
  const host = boot();
  unwrap(host.network("closed", { internal: true }));
  expect(unwrap(host.container("a").connect("closed", several("8080:80"))).ports).toEqual([]);
  const sctp = { port: 7000, protocol: "sctp" } as const;
  const refused = host
    .container("b")
    .connect("bridge", { exposedPorts: [sctp], portBindings: [{ ...sctp, hostIp: "", hostPort: 7000, hostPortEnd: 7000 }] });
  expect(refusal(refused)).toBe("not simulated: publishing an SCTP port");
});
