import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { newSkb } from "@/lib/sim/kernel/netfilter";
import { echo, ends, Host, portUnreachable, tcp, udp } from "./host";

/** What Docker installs for `-p 8080:80` to a container at 172.17.0.2. */
function publishing(): Host {
  const host = new Host();
  for (const rule of [
    "nat PREROUTING -m addrtype --dst-type LOCAL -j DNAT --to-destination 172.17.0.2:80 -p tcp --dport 8080 ! -i docker0",
    "nat OUTPUT ! -d 127.0.0.0/8 -p tcp -m addrtype --dst-type LOCAL --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    "nat POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
  ])
    host.append(rule);
  return host;
}

describe("a published port", () => {
  test("leads to the container, and the answer looks as if the host gave it", () => {
    const host = publishing();

    expect(ends(host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0"))).toBe(
      "192.168.56.1:40000 > 172.17.0.2:80",
    );
    expect(ends(host.forward(tcp("172.17.0.2:80", "192.168.56.1:40000", "syn", "ack"), "docker0", "eth0"))).toBe(
      "192.168.56.11:8080 > 192.168.56.1:40000",
    );
    expect(host.netfilter.conntrack.list()).toMatchObject([
      {
        original: { source: "192.168.56.1", destination: "192.168.56.11", destinationPort: 8080 },
        reply: { source: "172.17.0.2", sourcePort: 80, destination: "192.168.56.1" },
      },
    ]);
  });

  test("goes on where it went once its rule is gone", () => {
    const host = publishing();
    host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0");
    host.netfilter.iptables.flush("nat", "PREROUTING");

    expect(ends(host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0"))).toBe(
      "192.168.56.1:40000 > 172.17.0.2:80",
    );
  });

  test("is seen in the trace as a packet rewritten", () => {
    const host = publishing();
    host.events.length = 0;
    host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0");

    expect(host.events).toMatchObject([
      {
        kind: "rewrite",
        where: { host: "node1", netns: "1" },
        before: { destination: "192.168.56.11" },
        after: { destination: "172.17.0.2" },
      },
    ]);
  });

  test("asks the table for the first packet only", () => {
    const host = publishing();
    for (let i = 0; i < 3; i++) host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0");

    expect(host.netfilter.iptables.chains("nat")[0]?.rules[0]?.counters.packets).toBe(1);
  });

  test("is reached by the host itself through OUTPUT", () => {
    const host = publishing();

    expect(ends(host.send(tcp("192.168.56.11:40000", "192.168.56.11:8080", "syn"), "docker0"))).toBe("192.168.56.11:40000 > 172.17.0.2:80");
    expect(ends(host.receive(tcp("172.17.0.2:80", "192.168.56.11:40000", "syn", "ack"), "docker0"))).toBe(
      "192.168.56.11:8080 > 192.168.56.11:40000",
    );
  });

  test("matches DNAT and its original destination in a later chain", () => {
    const host = publishing();
    host.append("filter FORWARD -p tcp -m conntrack --ctstate DNAT --ctorigdst 192.168.56.11 --ctorigdstport 8080 -j ACCEPT");
    host.append("filter FORWARD -j DROP");

    expect(host.forward(tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn"), "eth0", "docker0")).toBeDefined();
    expect(host.forward(tcp("192.168.56.1:40001", "172.17.0.2:80", "syn"), "eth0", "docker0")).toBeUndefined();
  });
});

describe("masquerading", () => {
  test("lends a container the host's address, and finds it again for the answer", () => {
    const host = publishing();

    expect(ends(host.forward(udp("172.17.0.2:5000", "8.8.8.8:53"), "docker0", "eth0"))).toBe("192.168.56.11:5000 > 8.8.8.8:53");
    expect(ends(host.forward(udp("8.8.8.8:53", "192.168.56.11:5000"), "eth0", "docker0"))).toBe("8.8.8.8:53 > 172.17.0.2:5000");
  });

  test("gives a second container another port when both use the same", () => {
    const host = publishing();
    host.forward(udp("172.17.0.2:5000", "8.8.8.8:53"), "docker0", "eth0");
    const second = host.forward(udp("172.17.0.3:5000", "8.8.8.8:53"), "docker0", "eth0");

    expect(second?.source).toBe("192.168.56.11");
    const port = second?.payload.kind === "udp" ? second.payload.sourcePort : 0;
    expect(port).not.toBe(5000);
    expect(port).toBeGreaterThanOrEqual(1024);
    expect(ends(host.forward(udp("8.8.8.8:53", `192.168.56.11:${port}`), "eth0", "docker0"))).toBe("8.8.8.8:53 > 172.17.0.3:5000");
  });

  test("keeps two pings with the same identifier apart", () => {
    const host = publishing();
    host.forward(echo("echo-request", "172.17.0.2", "8.8.8.8", 1), "docker0", "eth0");
    const second = host.forward(echo("echo-request", "172.17.0.3", "8.8.8.8", 1), "docker0", "eth0");
    const id = second?.payload.kind === "icmp" && "id" in second.payload ? second.payload.id : 0;

    expect(id).not.toBe(1);
    expect(ends(host.forward(echo("echo-reply", "8.8.8.8", "192.168.56.11", id), "eth0", "docker0"))).toBe("8.8.8.8 > 172.17.0.3 id 1");
  });

  test("puts an ICMP error and the packet in it right", () => {
    const host = publishing();
    const sent = host.forward(udp("172.17.0.2:5000", "8.8.8.8:53"), "docker0", "eth0");
    if (sent?.kind !== "ipv4") throw new Error("it did not get through");
    const error = host.forward(portUnreachable("192.168.56.1", "192.168.56.11", sent), "eth0", "docker0");

    expect(ends(error)).toBe("192.168.56.1 > 172.17.0.2");
    expect(error?.payload.kind === "icmp" && "about" in error.payload && ends(error.payload.about)).toBe("172.17.0.2:5000 > 8.8.8.8:53");
  });
});

test("an ICMP error about a redirected packet comes from where it was sent to", () => {
  const host = publishing();
  const client = tcp("192.168.56.1:40000", "192.168.56.11:8080", "syn");
  const inside = host.forward(client, "eth0", "docker0");
  if (inside?.kind !== "ipv4") throw new Error("it did not get through");
  const error = host.forward(portUnreachable("172.17.0.2", "192.168.56.1", inside), "docker0", "eth0");

  expect(ends(error)).toBe("192.168.56.11 > 192.168.56.1");
  expect(error?.payload.kind === "icmp" && "about" in error.payload && ends(error.payload.about)).toBe(
    "192.168.56.1:40000 > 192.168.56.11:8080",
  );
});

test("a container that reaches itself through its published port needs both kinds of NAT", () => {
  const host = new Host();
  host.append("nat PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80");
  host.append("nat POSTROUTING -s 172.17.0.2 -d 172.17.0.2 -p tcp --dport 80 -j MASQUERADE");

  expect(ends(host.forward(tcp("172.17.0.2:40000", "192.168.56.11:8080", "syn"), "docker0", "docker0"))).toBe(
    "172.17.0.1:40000 > 172.17.0.2:80",
  );
  expect(ends(host.forward(tcp("172.17.0.2:80", "172.17.0.1:40000", "syn", "ack"), "docker0", "docker0"))).toBe(
    "192.168.56.11:8080 > 172.17.0.2:40000",
  );
});

test("the embedded name server is reached through lo without a second connection", () => {
  const host = new Host();
  host.append("nat OUTPUT -d 127.0.0.11 -p udp --dport 53 -j DNAT --to-destination 127.0.0.11:41000");
  host.append("nat POSTROUTING -s 127.0.0.11 -p udp --sport 41000 -j SNAT --to-source :53");
  const skb = newSkb();
  const question = host.send(udp("127.0.0.1:5000", "127.0.0.11:53"), "lo", skb);
  expect(ends(question)).toBe("127.0.0.1:5000 > 127.0.0.11:41000");
  if (!question) return;
  expect(ends(host.receive(question, "lo", skb))).toBe("127.0.0.1:5000 > 127.0.0.11:41000");

  const answerSkb = newSkb();
  const answer = host.send(udp("127.0.0.11:41000", "127.0.0.1:5000"), "lo", answerSkb);
  expect(ends(answer)).toBe("127.0.0.11:53 > 127.0.0.1:5000");
  expect(host.netfilter.conntrack.list()).toHaveLength(1);
});

test("REDIRECT leads to the host's own address on the interface", () => {
  const host = new Host();
  host.append("nat PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 3128");

  expect(ends(host.receive(tcp("172.17.0.2:40000", "8.8.8.8:80", "syn"), "docker0"))).toBe("172.17.0.2:40000 > 172.17.0.1:3128");
  expect(ends(host.send(tcp("172.17.0.1:3128", "172.17.0.2:40000", "syn", "ack"), "docker0"))).toBe("8.8.8.8:80 > 172.17.0.2:40000");
});

test("a packet is dropped when masquerading has no address to lend", () => {
  const host = new Host();
  host.append("nat POSTROUTING -j MASQUERADE");

  expect(host.forward(udp("172.17.0.2:5000", "8.8.8.8:53"), "docker0", "tun0")).toBeUndefined();
});

// Answers find their way back: two connections never look alike outside, whatever their ends inside.
test("masquerading is a bijection between connections inside and outside", () => {
  const inside = fc.record({
    host: fc.integer({ min: 2, max: 5 }),
    port: fc.integer({ min: 1024, max: 1030 }),
    server: fc.constantFrom("8.8.8.8:53", "1.1.1.1:53"),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(inside, { maxLength: 40, selector: ({ host, port, server }) => `${host} ${port} ${server}` }),
      (connections) => {
        const host = publishing();
        const outside = new Map<string, string>();
        for (const { host: last, port, server } of connections) {
          const sent = udp(`172.17.0.${last}:${port}`, server);
          const left = ends(host.forward(sent, "docker0", "eth0"));
          expect(left).toBeDefined();
          expect(outside.has(left ?? "")).toBe(false);
          outside.set(left ?? "", ends(sent) ?? "");
        }
        for (const [left, sent] of outside) {
          const [from = "", to = ""] = left.split(" > ");
          const [client = "", server = ""] = sent.split(" > ");
          expect(ends(host.forward(udp(to, from), "eth0", "docker0"))).toBe(`${server} > ${client}`);
        }
      },
    ),
  );
});
