import { describe, expect, test } from "vitest";

import { seconds } from "@/lib/sim/core/time";
import { answeringSkb, newSkb } from "@/lib/sim/kernel/netfilter";
import { echo, Host, portUnreachable, tcp, udp } from "./host";

const [CLIENT, SERVER] = ["10.0.0.1:40000", "10.0.0.2:80"];
const there = (...flags: Parameters<typeof tcp>[2][]) => tcp(CLIENT, SERVER, ...flags);
const back = (...flags: Parameters<typeof tcp>[2][]) => tcp(SERVER, CLIENT, ...flags);

/** A router whose rules ask about connections. */
function router(...rules: string[]): Host {
  const host = new Host();
  for (const rule of rules.length > 0 ? rules : ["filter FORWARD -m conntrack --ctstate INVALID"]) host.append(rule);
  return host;
}

function handshake(host: Host): void {
  host.forward(there("syn"), "a", "b");
  host.forward(back("syn", "ack"), "b", "a");
  host.forward(there("ack"), "a", "b");
}

const entry = (host: Host) => host.netfilter.conntrack.list()[0];

describe("TCP", () => {
  test("is followed from SYN to TIME_WAIT, with Linux's time-outs", () => {
    const host = router();
    const seen: unknown[] = [];
    const step = (packet: ReturnType<typeof tcp>, from: string, to: string) => {
      host.forward(packet, from, to);
      const { tcpState, timeoutSeconds, isReplied, isAssured } = entry(host) ?? {};
      seen.push([tcpState, timeoutSeconds, isReplied, isAssured]);
    };
    step(there("syn"), "a", "b");
    step(back("syn", "ack"), "b", "a");
    step(there("ack"), "a", "b");
    step(there("fin", "ack"), "a", "b");
    step(back("ack"), "b", "a");
    step(back("fin", "ack"), "b", "a");
    step(there("ack"), "a", "b");

    expect(seen).toEqual([
      ["SYN_SENT", 120, false, false],
      ["SYN_RECV", 60, true, false],
      ["ESTABLISHED", 432_000, true, true],
      ["FIN_WAIT", 120, true, true],
      ["CLOSE_WAIT", 60, true, true],
      ["LAST_ACK", 30, true, true],
      ["TIME_WAIT", 120, true, true],
    ]);
  });

  test("that is refused leaves nothing behind", () => {
    const host = router();
    host.forward(there("syn"), "a", "b");
    host.forward(back("rst", "ack"), "b", "a");

    expect(host.netfilter.conntrack.list()).toEqual([]);
  });

  test("between the same ends can begin anew after TIME_WAIT", () => {
    const host = router();
    handshake(host);
    for (const packet of [there("fin", "ack"), back("fin", "ack"), there("ack")]) host.forward(packet, "a", "b");
    expect(entry(host)?.tcpState).toBe("TIME_WAIT");

    host.forward(there("syn"), "a", "b");
    expect(host.netfilter.conntrack.list().map(({ tcpState }) => tcpState)).toEqual(["SYN_SENT"]);
  });

  test("that was under way before the rules came is picked up, a stray SYN-ACK is not", () => {
    const host = router();
    host.forward(there("ack"), "a", "b");
    host.forward(tcp("10.0.0.9:1", "10.0.0.2:80", "syn", "ack"), "a", "b");

    expect(host.netfilter.conntrack.list().map(({ tcpState, timeoutSeconds }) => [tcpState, timeoutSeconds])).toEqual([
      ["ESTABLISHED", 300],
    ]);
  });
});

describe("UDP", () => {
  const ask = udp("10.0.0.1:5000", "10.0.0.2:53");
  const answer = udp("10.0.0.2:53", "10.0.0.1:5000");

  test("is remembered for 30 seconds, and for two minutes once it is a stream", () => {
    const host = router();
    host.forward(ask, "a", "b");
    host.forward(answer, "b", "a");
    expect([entry(host)?.timeoutSeconds, entry(host)?.isAssured]).toEqual([30, false]);

    host.wait(seconds(3));
    host.forward(ask, "a", "b");
    expect([entry(host)?.timeoutSeconds, entry(host)?.isAssured]).toEqual([120, true]);
  });

  test("is new again once it was forgotten", () => {
    const host = router("filter FORWARD -m conntrack --ctstate NEW -j DROP");
    expect(host.forward(ask, "a", "b")).toBeUndefined();
    expect(host.netfilter.conntrack.list()).toEqual([]);
    host.netfilter.iptables.flush("filter");
    host.append("filter FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT");
    host.append("filter FORWARD -i b -j DROP");
    host.forward(ask, "a", "b");
    expect(host.forward(answer, "b", "a")).toBeDefined();
    host.wait(seconds(30));
    expect(host.forward(answer, "b", "a")).toBeUndefined();
  });
});

describe("ICMP", () => {
  test("echo requests and replies are one connection for 30 seconds", () => {
    const host = router();
    host.forward(echo("echo-request", "10.0.0.1", "10.0.0.2", 7), "a", "b");
    host.forward(echo("echo-reply", "10.0.0.2", "10.0.0.1", 7), "b", "a");

    expect(host.netfilter.conntrack.list()).toMatchObject([
      {
        protocol: "icmp",
        timeoutSeconds: 30,
        isReplied: true,
        original: { icmp: { id: 7, type: 8, code: 0 } },
        reply: { source: "10.0.0.2", icmp: { id: 7, type: 0, code: 0 } },
      },
    ]);
  });

  test("a reply that nobody asked for is invalid", () => {
    const host = router("filter FORWARD -m conntrack --ctstate INVALID -j DROP");

    expect(host.forward(echo("echo-reply", "10.0.0.2", "10.0.0.1", 7), "b", "a")).toBeUndefined();
  });

  test("an error about a known connection is related, about another one invalid", () => {
    const host = router("filter FORWARD -m conntrack --ctstate RELATED -j ACCEPT", "filter FORWARD -p icmp -j DROP");
    const ask = udp("10.0.0.1:5000", "10.0.0.2:53");
    host.forward(ask, "a", "b");

    expect(host.forward(portUnreachable("10.0.0.2", "10.0.0.1", ask), "b", "a")).toBeDefined();
    expect(host.forward(portUnreachable("10.0.0.2", "10.0.0.1", udp("10.0.0.1:5001", "10.0.0.2:53")), "b", "a")).toBeUndefined();
    expect(host.netfilter.conntrack.list()).toHaveLength(1);
  });
});

test("a packet that is dropped on its way leaves no connection", () => {
  const host = router("filter FORWARD -m conntrack --ctstate NEW -j DROP");
  host.forward(there("syn"), "a", "b");

  expect(host.netfilter.conntrack.list()).toEqual([]);
});

test("nothing is tracked where no rule asks", () => {
  const host = new Host();
  host.append("filter FORWARD -p tcp -j ACCEPT");
  host.forward(there("syn"), "a", "b");

  expect(host.netfilter.conntrack.list()).toEqual([]);
});

test("NOTRACK keeps a packet out, and its state is UNTRACKED", () => {
  const host = router(
    "raw PREROUTING -p tcp -j NOTRACK",
    "filter FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT",
    "filter FORWARD -j DROP",
  );

  expect(host.forward(there("syn"), "a", "b")).toBeDefined();
  expect(host.netfilter.conntrack.list()).toEqual([]);
  expect(host.forward(udp("10.0.0.1:1", "10.0.0.2:2"), "a", "b")).toBeUndefined();
});

test("a packet that comes round through lo is not taken for another connection", () => {
  const host = router("filter INPUT -m conntrack --ctstate NEW");
  const skb = newSkb();
  const packet = tcp("127.0.0.1:40000", "127.0.0.1:80", "syn");
  host.send(packet, "lo", skb);
  host.receive(packet, "lo", skb);

  expect(host.netfilter.conntrack.list()).toHaveLength(1);
});

test("an answer that the host gives in a connection's name is related to it", () => {
  const host = router("filter OUTPUT -m conntrack --ctstate RELATED -j ACCEPT", "filter OUTPUT -j DROP");
  const skb = newSkb();
  const ask = udp("10.0.0.1:5000", "10.0.0.2:53");
  host.hook(ask, "PREROUTING", skb, { in: "a" });

  expect(host.send(portUnreachable("10.0.0.254", "10.0.0.1", ask), "a", answeringSkb(skb))).toBeDefined();
});

test("marks pass from packets to their connection and back", () => {
  const host = router(
    "mangle PREROUTING -i a -j MARK --set-mark 0x7",
    "mangle PREROUTING -i a -j CONNMARK --save-mark",
    "mangle PREROUTING -i b -j CONNMARK --restore-mark",
  );
  host.forward(there("syn"), "a", "b");
  const skb = newSkb();
  host.forward(back("syn", "ack"), "b", "a", skb);

  expect(skb.mark).toBe(7);
  expect(entry(host)?.mark).toBe(7);
});

test("entries can be taken out", () => {
  const host = router();
  handshake(host);

  expect(host.netfilter.conntrack.remove(({ protocol }) => protocol === "udp")).toBe(0);
  expect(host.netfilter.conntrack.remove(({ protocol }) => protocol === "tcp")).toBe(1);
  expect(host.netfilter.conntrack.list()).toEqual([]);
});
