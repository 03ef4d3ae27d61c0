import { describe, expect, test } from "vitest";
import type { Ip, Ipv4 } from "@/lib/sim/net/address";
import type { Frame, Ipv4Packet, TcpFlags } from "@/lib/sim/net/frame";
import { BROADCAST, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import { matches } from "@/lib/sim/programs/tcpdump/filter-match";
import { parseFilter } from "@/lib/sim/programs/tcpdump/filter-parse";

const [ann, bob] = ["02:42:ac:11:00:02", "02:42:ac:11:00:03"] as [Mac, Mac];
const [a, b] = ["172.17.0.2", "172.18.0.3"] as [Ipv4, Ipv4];
const ipv4 = (payload: Ipv4Packet["payload"]): Frame => ({
  source: ann,
  destination: bob,
  payload: { kind: "ipv4", source: a, destination: b, ttl: 64, tos: 0, id: 1, dontFragment: true, payload },
});
const tcp = (flags: TcpFlags, text = ""): Frame =>
  ipv4({ kind: "tcp", sourcePort: 40_000, destinationPort: 80, sequence: 1, acknowledgement: 0, flags, window: 0, text });

const FRAMES: Readonly<Record<string, Frame>> = {
  arp: {
    source: ann,
    destination: BROADCAST,
    payload: { kind: "arp", operation: "request", senderMac: ann, senderIp: a, targetMac: NO_MAC, targetIp: b },
  },
  syn: tcp({ syn: true }),
  synack: tcp({ syn: true, ack: true }),
  data: tcp({ psh: true, ack: true }, "x".repeat(500)),
  dns: ipv4({ kind: "udp", sourcePort: 5_000, destinationPort: 53, payload: { kind: "text", text: "?" } }),
  echo: ipv4({ kind: "icmp", type: "echo-request", id: 1, sequence: 1, length: 56 }),
};

function compile(text: string): ReturnType<typeof unwrapped> {
  return unwrapped(text);
}

function unwrapped(text: string) {
  const routine = parseFilter(text, {
    *host(name): Generator<never, readonly Ip[], never> {
      return name === "web" ? [b] : [];
    },
    port: (name) => (name === "domain" ? 53 : name === "http" ? 80 : undefined),
  });
  const step = routine.next({ kind: "ready" });
  if (!step.done) throw new Error("the parser waited");
  return step.value;
}

function selected(text: string): string {
  const filter = compile(text);
  if (!filter.ok) return `! ${filter.error}`;
  return Object.entries(FRAMES)
    .filter(([, frame]) => matches(filter.value, { frame, direction: "in" }))
    .map(([name]) => name)
    .join(" ");
}

describe("a filter selects", () => {
  test.each([
    ["", "arp syn synack data dns echo"],
    ["arp", "arp"],
    ["ip", "syn synack data dns echo"],
    ["tcp", "syn synack data"],
    ["icmp or arp", "arp echo"],
    ["icmp or arp and udp", ""],
    ["not tcp", "arp dns echo"],
    ["host web", "arp syn synack data dns echo"],
    ["src host web", ""],
    ["dst web and udp", "dns"],
    ["src 172.17.0.2 and tcp port 80", "syn synack data"],
    ["host 1.2.3.4 or web", "arp syn synack data dns echo"],
    ["ip host 172.17.0.2", "syn synack data dns echo"],
    ["net 172.18.0.0/16", "arp syn synack data dns echo"],
    ["net 172.17", "arp syn synack data dns echo"],
    ["src net 172.18", ""],
    ["net 10.0.0.0 mask 255.0.0.0", ""],
    ["port 53", "dns"],
    ["udp port domain", "dns"],
    ["tcp port domain", ""],
    ["port 80 or 53", "syn synack data dns"],
    ["portrange 50-60", "dns"],
    ["src or dst port 53", "dns"],
    ["ether host 02:42:ac:11:00:02", "arp syn synack data dns echo"],
    ["ether broadcast", "arp"],
    ["broadcast", "arp"],
    ["multicast", "arp"],
    ["ether proto 0x0806", "arp"],
    ["ip proto 17", "dns"],
    ["tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "syn synack"],
    ["tcp[13] = 2", "syn"],
    ["tcp[tcpflags] == tcp-syn|tcp-ack", "synack"],
    ["(tcp[13] = 2) or icmp", "syn echo"],
    ["(tcp[13] = 2 or icmp) and not port 53", "syn echo"],
    ["icmp[icmptype] == icmp-echo", "echo"],
    ["ip[2:2] > 500", "data"],
    ["ip[8] = 64 and udp", "dns"],
    ["greater 500", "data"],
    ["less 60", "arp syn synack dns"],
    ["len > 500", "data"],
    ["! (tcp or udp)", "arp echo"],
    ["inbound && arp", "arp"],
    ["outbound", ""],
    ["nosuch", "! unknown host 'nosuch'"],
    ["port x", "! unknown port 'x'"],
    ["tcp and", "! syntax error"],
    ["(tcp", "! syntax error"],
    ["tcp[13", "! syntax error"],
    ["vlan 5", "! drydock: 'vlan' in a filter is real, but not simulated here"],
  ])("%s", (text, expected) => {
    expect(selected(text)).toBe(expected);
  });
});
