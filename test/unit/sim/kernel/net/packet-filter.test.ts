import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Task } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { parseRulespec } from "@/lib/sim/kernel/netfilter/rulespec";
import type { TableName } from "@/lib/sim/kernel/netfilter/rule";
import type { Netns } from "@/lib/sim/kernel/netns";
import { ip, Lab, ping, up } from "./lab";

/** `nat POSTROUTING -s 10.0.0.0/8 -j MASQUERADE`. */
function rule(netns: Netns, text: string): void {
  const [table = "", chain = "", ...words] = text.split(" ");
  unwrap(netns.iptables.append(table as TableName, chain, unwrap(parseRulespec(words, 4)).rule));
}

/** docker0 with two containers, and another host on the LAN side. */
function host(): { lab: Lab; web: Netns; cli: Netns; outside: Netns } {
  const lab = new Lab();
  unwrap(lab.root.setSysctl("net.ipv4.ip_forward", "1"));
  up(lab.root.links, "lo");
  const docker0 = lab.bridge("docker0", "172.17.0.1/16");
  const lan = lab.bridge("lan", "192.168.56.11/24");
  const web = lab.container(docker0, "172.17.0.2/16", "172.17.0.1");
  const cli = lab.container(docker0, "172.17.0.3/16", "172.17.0.1");
  const outside = lab.container(lan, "192.168.56.1/24");
  unwrap(web.sockets.listen({ address: ip("0.0.0.0"), port: 80 }));
  return { lab, web, cli, outside };
}

const connect = (lab: Lab, from: Netns, address: string, port: number): string => {
  const connected = lab.run(from.sockets.connect({ address: ip(address), port }, { timeout: seconds(5) }));
  return connected.ok ? "connected" : connected.error;
};

test("a masqueraded container reaches a host that has no way back to it", () => {
  const { lab, cli } = host();

  expect(lab.run(ping(lab, cli, "192.168.56.1"))).toBe("timeout");
  rule(lab.root, "nat POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE");
  expect(lab.run(ping(lab, cli, "192.168.56.1"))).toBe("reply from 192.168.56.1 ttl 63 bytes 64");
});

test("a published port leads from outside and from the host itself to the container", () => {
  const { lab, outside } = host();
  rule(lab.root, "nat PREROUTING -m addrtype --dst-type LOCAL -p tcp ! -i docker0 --dport 8080 -j DNAT --to-destination 172.17.0.2:80");
  rule(lab.root, "nat OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80");

  expect(connect(lab, outside, "192.168.56.11", 8080)).toBe("connected");
  expect(connect(lab, outside, "192.168.56.11", 8081)).toBe("ECONNREFUSED");
  expect(connect(lab, lab.root, "192.168.56.11", 8080)).toBe("connected");
  expect(connect(lab, lab.root, "127.0.0.1", 8080)).toBe("ECONNREFUSED");
});

test("a container reaches a port that another one of the same bridge publishes, when the rule does not except the bridge", () => {
  const { lab, cli } = host();
  rule(lab.root, "nat PREROUTING -m addrtype --dst-type LOCAL -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80");

  expect(connect(lab, cli, "172.17.0.1", 8080)).toBe("connected");
});

test("bridged packets pass FORWARD, with the ports as physdevs, unless bridge-nf-call-iptables is off", () => {
  const { lab, cli } = host();
  rule(lab.root, "filter FORWARD -i docker0 -o docker0 -j DROP");

  expect(lab.run(ping(lab, cli, "172.17.0.2"))).toBe("timeout");
  expect(lab.events.find((event) => event.kind === "drop" && event.reason.kind === "rule")).toMatchObject({
    reason: { rule: { chain: "FORWARD", number: 1 } },
  });
  expect(lab.run(ping(lab, cli, "172.17.0.1"))).toBe("reply from 172.17.0.1 ttl 64 bytes 64");
  unwrap(lab.root.setSysctl("net.bridge.bridge-nf-call-iptables", "0"));
  expect(lab.run(ping(lab, cli, "172.17.0.2"))).toBe("reply from 172.17.0.2 ttl 64 bytes 64");
});

test("a REJECT between two ports of a bridge is answered by the host", () => {
  const { lab, cli } = host();
  rule(lab.root, "filter FORWARD -p icmp -j REJECT --reject-with icmp-host-prohibited");
  rule(lab.root, "filter FORWARD -p tcp -j REJECT --reject-with tcp-reset");

  expect(lab.run(ping(lab, cli, "172.17.0.2"))).toBe("host-prohibited from 172.17.0.1");
  expect(connect(lab, cli, "172.17.0.2", 80)).toBe("ECONNREFUSED");
});

test("a dropped packet of one's own is silently lost, a rejected one is told of", () => {
  const { lab } = host();
  rule(lab.root, "filter OUTPUT -d 172.17.0.2/32 -j DROP");
  rule(lab.root, "filter OUTPUT -d 172.17.0.3/32 -j REJECT");

  expect(lab.run(ping(lab, lab.root, "172.17.0.2"))).toBe("timeout");
  expect(lab.run(ping(lab, lab.root, "172.17.0.3"))).toBe("EPERM");
});

test("the resolver at 127.0.0.11 is reached by redirection inside a container", () => {
  const { lab, cli } = host();
  const server = unwrap(cli.sockets.udp({ address: ip("127.0.0.11"), port: 0 }));
  rule(cli, `nat OUTPUT -d 127.0.0.11/32 -p udp --dport 53 -j DNAT --to-destination 127.0.0.11:${server.local.port}`);
  rule(cli, `nat POSTROUTING -s 127.0.0.11/32 -p udp --sport ${server.local.port} -j SNAT --to-source :53`);
  new Task(
    lab.scheduler,
    (function* () {
      const query = unwrap(yield* server.receive());
      server.send({ kind: "text", text: "answer" }, query.from);
    })(),
  );
  function* ask() {
    const socket = unwrap(cli.sockets.udp({ address: ip("0.0.0.0"), port: 0 }));
    unwrap(socket.connect({ address: ip("127.0.0.11"), port: 53 }));
    unwrap(socket.send({ kind: "text", text: "question" }));
    const answer = yield* socket.receive(after(lab.scheduler.now, seconds(1)));
    return answer.ok ? `${answer.value.from.address}:${answer.value.from.port}` : answer.error;
  }

  expect(lab.run(ask())).toBe("127.0.0.11:53");
});

test("a marked packet takes the table that a rule names", () => {
  const { lab, cli } = host();
  const { links } = lab.root;
  unwrap(links.addRule(4, { priority: 100, mark: 7, table: 100 }));
  unwrap(links.addRoute({ destination: { address: ip("0.0.0.0"), length: 0 }, gateway: ip("172.17.0.3"), table: 100 }));
  rule(lab.root, "mangle OUTPUT -p icmp -j MARK --set-xmark 0x7/0xffffffff");

  lab.run(ping(lab, lab.root, "192.168.56.1", { timeout: 1 }));
  const seen = lab.events.some(
    (event) =>
      event.kind === "frame" &&
      event.direction === "in" &&
      event.where.netns === cli.id &&
      event.frame.payload.kind === "ipv4" &&
      event.frame.payload.destination === "192.168.56.1",
  );
  expect(seen).toBe(true);
});

test("connections from 127.0.0.0/8 do not leave the host unless route_localnet is on", () => {
  const { lab } = host();
  rule(lab.root, "nat OUTPUT -d 127.0.0.1/32 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80");
  rule(lab.root, "nat POSTROUTING -o docker0 -m addrtype --src-type LOCAL -j MASQUERADE");

  expect(connect(lab, lab.root, "127.0.0.1", 8080)).toBe("ETIMEDOUT");
  unwrap(lab.root.setSysctl("net.ipv4.conf.docker0.route_localnet", "1"));
  expect(connect(lab, lab.root, "127.0.0.1", 8080)).toBe("connected");
});
