import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Task } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import type { Netns } from "@/lib/sim/kernel";
import { ANY_V4, type Ip, parseIpv4 } from "@/lib/sim/net/address";
import type { DnsMessage, DnsType } from "@/lib/sim/net/dns";
import { udpPayloadLength } from "@/lib/sim/net/length";
import { boot, idOf, ip, linkIndex, listRules, networkNamed, prefix, subnet, type TestHost } from "./host";

/** What a server answers to one question: `NOERROR 172.18.0.2 …`, or that nobody answered. */
function ask(host: TestHost, netns: Netns, name: string, type: DnsType = "A", server = "127.0.0.11"): string {
  let said = "timed out";
  new Task(
    host.scheduler,
    (function* () {
      const socket = unwrap(netns.sockets.udp({ address: ANY_V4, port: 0 }));
      unwrap(socket.connect({ address: ip(server), port: 53 }));
      const message: DnsMessage = {
        id: 7,
        isResponse: false,
        recursionDesired: true,
        recursionAvailable: false,
        isAuthoritative: false,
        code: "NOERROR",
        question: { name, type },
        answers: [],
      };
      unwrap(socket.send({ kind: "dns", message }));
      const answer = yield* socket.receive(after(host.scheduler.now, seconds(5)));
      if (answer.ok && answer.value.payload.kind === "dns") {
        const { code, answers } = answer.value.payload.message;
        said = [code, ...answers.map((one) => ("address" in one ? one.address : one.target))].join(" ");
      } else if (!answer.ok) said = answer.error;
      socket.close();
    })(),
  );
  host.pass(6);
  return said;
}

/** A name server on the host, which knows one name. */
function serve(host: TestHost, netns: Netns, address: Ip, known: Readonly<Record<string, string>>): void {
  const socket = unwrap(netns.sockets.udp({ address, port: 53 }));
  new Task(
    host.scheduler,
    (function* () {
      for (;;) {
        const query = yield* socket.receive();
        if (!query.ok) return;
        const { from, payload } = query.value;
        if (payload.kind !== "dns") continue;
        const { name } = payload.message.question;
        const found = parseIpv4(known[name] ?? "");
        const answers: DnsMessage["answers"] = found === undefined ? [] : [{ type: "A", name, ttl: 60, address: found }];
        socket.send(
          { kind: "dns", message: { ...payload.message, isResponse: true, code: found === undefined ? "NXDOMAIN" : "NOERROR", answers } },
          from,
        );
      }
    })(),
  );
}

function withUpstream(): TestHost {
  const host = boot();
  const { links } = host.kernel.root.net;
  unwrap(links.addAddress(linkIndex(host.kernel.root.net, "lo"), { prefix: prefix("192.0.2.53/32") }));
  unwrap(host.kernel.root.mnt.root.writeFile("/etc/resolv.conf", "nameserver 192.0.2.53\n"));
  serve(host, host.kernel.root.net, ip("192.0.2.53"), { "dns.google": "8.8.8.8", web: "203.0.113.1" });
  return host;
}

test("Containers of a network find each other by name, short id, alias and name with the network", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  unwrap(host.container("web").connect("app", { dnsNames: ["web", idOf("web").slice(0, 12), "www"] }));
  const { netns } = tool.sandbox;
  for (const name of ["web", "WEB", idOf("web").slice(0, 12), "www", "web.app", "www.app"])
    expect(ask(host, netns, name)).toBe("NOERROR 172.18.0.3");
  expect(ask(host, netns, "tool")).toBe("NOERROR 172.18.0.2");
  expect(ask(host, netns, "web", "AAAA")).toBe("NOERROR");
  expect(ask(host, netns, "web", "MX")).toBe("NOERROR");
  expect(ask(host, netns, "web.back")).toBe("NXDOMAIN");
});

test("Docker writes the names in its own answers out, and passes on what others have compressed", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  const tap = unwrap(tool.sandbox.netns.sockets.tap("lo"));
  const lengths: number[] = [];
  new Task(
    host.scheduler,
    (function* () {
      for (;;) {
        const captured = yield* tap.receive();
        if (!captured.ok) return;
        const packet = captured.value.frame.payload;
        if (
          packet.kind === "ipv4" &&
          packet.payload.kind === "udp" &&
          packet.payload.payload.kind === "dns" &&
          packet.payload.payload.message.isResponse
        )
          lengths.push(udpPayloadLength(packet.payload.payload));
      }
    })(),
  );
  ask(host, tool.sandbox.netns, "tool");
  ask(host, tool.sandbox.netns, "dns.google");
  expect([...new Set(lengths)]).toEqual([42, 44]);
});

test("What Docker does not know is asked of the host's servers", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  expect(ask(host, tool.sandbox.netns, "dns.google")).toBe("NOERROR 8.8.8.8");
  expect(ask(host, tool.sandbox.netns, "nosuch")).toBe("NXDOMAIN");
  expect(ask(host, tool.sandbox.netns, "tool", "TXT")).toBe("NXDOMAIN");
});

test("On an internal network nothing is asked outside, until another network leads there", () => {
  const host = withUpstream();
  unwrap(host.network("closed", { internal: true }));
  unwrap(host.network("open"));
  const tool = host.container("tool");
  unwrap(tool.connect("closed"));
  expect(ask(host, tool.sandbox.netns, "dns.google")).toBe("SERVFAIL");
  expect(ask(host, tool.sandbox.netns, "tool.closed")).toBe("NOERROR 172.18.0.2");
  unwrap(tool.connect("open"));
  expect(ask(host, tool.sandbox.netns, "dns.google")).toBe("NOERROR 8.8.8.8");
  unwrap(tool.sandbox.disconnect(networkNamed(host.cnm, "open").id));
  expect(ask(host, tool.sandbox.netns, "dns.google")).toBe("SERVFAIL");
});

test("Several containers with one alias are all answered, in turns", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  for (const name of ["a", "b", "c"]) unwrap(host.container(name).connect("app", { dnsNames: [name, "www"] }));
  const answers = Array.from({ length: 12 }, () => ask(host, tool.sandbox.netns, "www"));
  expect(new Set(answers.map((answer) => answer.split(" ").slice(1).sort().join(" ")))).toEqual(
    new Set(["172.18.0.3 172.18.0.4 172.18.0.5"]),
  );
  expect(new Set(answers.map((answer) => answer.split(" ")[1])).size).toBeGreaterThan(1);
});

test("Addresses lead back to names, with the network as domain", () => {
  const host = withUpstream();
  unwrap(host.network("app", { enableIpv6: true, ...subnet({ subnet: "fd00:7::/64" }) }));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  unwrap(host.container("web").connect("app"));
  expect(ask(host, tool.sandbox.netns, "3.0.18.172.in-addr.arpa", "PTR")).toBe("NOERROR web.app");
  expect(ask(host, tool.sandbox.netns, `3.${"0.".repeat(23)}7.0.0.0.0.0.d.f.ip6.arpa`, "PTR")).toBe("NOERROR web.app");
  expect(ask(host, tool.sandbox.netns, "1.0.18.172.in-addr.arpa", "PTR")).toBe("NXDOMAIN");
  expect(ask(host, tool.sandbox.netns, "web", "AAAA")).toBe("NOERROR fd00:7::3");
});

test("Names go when a container leaves, and change when it is renamed", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  const web = host.container("db");
  unwrap(web.connect("app"));
  web.sandbox.rename("store", () => ["store"]);
  expect(ask(host, tool.sandbox.netns, "db")).toBe("NXDOMAIN");
  expect(ask(host, tool.sandbox.netns, "store")).toBe("NOERROR 172.18.0.3");
  expect(networkNamed(host.cnm, "app").endpoints.map(({ containerName }) => containerName)).toEqual(["store", "tool"]);
  web.sandbox.delete();
  expect(ask(host, tool.sandbox.netns, "store")).toBe("NXDOMAIN");
});

test("A container on two networks sees both, one on neither sees none", () => {
  const host = withUpstream();
  unwrap(host.network("front"));
  unwrap(host.network("back"));
  const [proxy, app, db] = [host.container("proxy"), host.container("app"), host.container("db")];
  unwrap(proxy.connect("front"));
  unwrap(app.connect("front"));
  unwrap(app.connect("back"));
  unwrap(db.connect("back"));
  expect(ask(host, proxy.sandbox.netns, "db")).toBe("NXDOMAIN");
  expect(ask(host, app.sandbox.netns, "db")).toBe("NOERROR 172.19.0.3");
  expect(ask(host, app.sandbox.netns, "proxy")).toBe("NOERROR 172.18.0.2");
  expect(ask(host, db.sandbox.netns, "app")).toBe("NOERROR 172.19.0.2");
});

test("A link on a user's network is an alias that only the linking container knows", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const [web, tool, other] = [host.container("web"), host.container("tool"), host.container("other")];
  unwrap(web.connect("app"));
  unwrap(tool.connect("app", { links: [{ container: "web", alias: "wlink" }] }));
  unwrap(other.connect("app"));
  expect(ask(host, tool.sandbox.netns, "wlink")).toBe("NOERROR 172.18.0.2");
  expect(ask(host, tool.sandbox.netns, "wlink.app")).toBe("NOERROR 172.18.0.2");
  expect(ask(host, other.sandbox.netns, "wlink")).toBe("NXDOMAIN");
});

test("--dns is asked from inside the container, even at the container's own loopback", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool", { dns: { servers: ["127.0.0.1"], search: [], options: [] } });
  unwrap(tool.connect("app"));
  serve(host, tool.sandbox.netns, ip("127.0.0.1"), { "inside.example": "10.0.0.1" });
  expect(ask(host, tool.sandbox.netns, "inside.example")).toBe("NOERROR 10.0.0.1");
  expect(ask(host, tool.sandbox.netns, "dns.google")).toBe("NXDOMAIN");
});

test("The server hides behind rules of the container's own nat table", () => {
  const host = withUpstream();
  unwrap(host.network("app"));
  const tool = host.container("tool");
  unwrap(tool.connect("app"));
  const ports = Object.fromEntries(tool.sandbox.netns.sockets.list().map(({ protocol, local }) => [protocol, local.port]));
  expect(listRules(tool.sandbox.netns.iptables, "nat").slice(6)).toEqual([
    "-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT",
    "-A POSTROUTING -d 127.0.0.11/32 -j DOCKER_POSTROUTING",
    `-A DOCKER_OUTPUT -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:${ports.tcp}`,
    `-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:${ports.udp}`,
    `-A DOCKER_POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport ${ports.tcp} -j SNAT --to-source :53`,
    `-A DOCKER_POSTROUTING -s 127.0.0.11/32 -p udp -m udp --sport ${ports.udp} -j SNAT --to-source :53`,
  ]);
  expect(ask(host, tool.sandbox.netns, "tool", "A", "127.0.0.11")).toBe("NOERROR 172.18.0.2");
});
