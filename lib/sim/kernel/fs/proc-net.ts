/**
 * /proc/net of one network namespace: proc_pid_net(5). `route`, `arp`, `netstat` and `ifconfig` of busybox read these.
 *
 * Linux: net/core/net-procfs.c, net/ipv4/fib_trie.c, net/ipv4/arp.c, net/ipv4/tcp_ipv4.c, net/ipv6/addrconf.c.
 * Differs: inode numbers and timers of sockets are zero; IPv6 routes are not listed.
 */

import { ok } from "@/lib/base/result";
import { type Ip, isV4, netmask, parseIpv4, toBigInt, v4ToNumber } from "@/lib/sim/net/address";
import type { LinkView, RouteView, Scope } from "../net/rtnetlink";
import type { SocketView, TcpState } from "../net/socket";
import type { ConntrackTuple, Netns } from "../netns";
import { directory, type SyntheticDirectory, text } from "./synthetic";
import type { Viewer } from "./viewer";

export function netDirectory(netns: Netns, _viewer: Viewer): SyntheticDirectory {
  return directory({
    arp: () => text(() => arp(netns)),
    dev: () => text(() => dev(netns)),
    if_inet6: () => text(() => ifInet6(netns)),
    nf_conntrack: () => ({ kind: "file", mode: 0o440, size: 0, read: () => ok(connections(netns)) }),
    route: () => text(() => route(netns)),
    tcp: () => text(() => sockets(netns, "tcp", 4)),
    tcp6: () => text(() => sockets(netns, "tcp", 6)),
    udp: () => text(() => sockets(netns, "udp", 4)),
    udp6: () => text(() => sockets(netns, "udp", 6)),
  });
}

function dev(netns: Netns): string {
  const header =
    "Inter-|   Receive                                                |  Transmit\n" +
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
  return header + netns.links.links().map(devLine).join("");
}

function devLine({ name, stats }: LinkView): string {
  const n = (value: number, width: number): string => String(value).padStart(width);
  const received = `${n(stats.rxBytes, 8)} ${n(stats.rxPackets, 7)} ${n(0, 4)} ${n(stats.rxDropped, 4)} ${n(0, 4)} ${n(0, 5)} ${n(0, 10)} ${n(0, 9)}`;
  const sent = `${n(stats.txBytes, 8)} ${n(stats.txPackets, 7)} ${n(0, 4)} ${n(stats.txDropped, 4)} ${n(0, 4)} ${n(0, 5)} ${n(0, 7)} ${n(0, 10)}`;
  return `${name.padStart(6)}: ${received} ${sent}\n`;
}

function route(netns: Netns): string {
  const names = new Map(netns.links.links().map((link) => [link.index, link.name]));
  const header = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
  const rows = netns.links
    .routes(4, "main")
    .map((entry) => routeLine(entry, entry.link === undefined ? "*" : (names.get(entry.link) ?? "*")));
  return [header, ...rows].map((line) => `${line.padEnd(127)}\n`).join("");
}

const FLAGS = { up: 1, gateway: 2, host: 4, reject: 0x200 } as const;

function routeLine(entry: RouteView, link: string): string {
  const isReject = entry.type === "unreachable" || entry.type === "prohibit";
  const flags =
    FLAGS.up | (entry.gateway ? FLAGS.gateway : 0) | (entry.destination.length === 32 ? FLAGS.host : 0) | (isReject ? FLAGS.reject : 0);
  const fields = [
    link,
    littleEndian(entry.destination.address),
    entry.gateway && isV4(entry.gateway) ? littleEndian(entry.gateway) : "00000000",
    flags.toString(16).toUpperCase().padStart(4, "0"),
    0,
    0,
    entry.metric,
    littleEndian(netmask(entry.destination.length)),
    0,
    0,
    0,
  ];
  return fields.join("\t");
}

function arp(netns: Netns): string {
  const names = new Map(netns.links.links().map((link) => [link.index, link.name]));
  const header = "IP address       HW type     Flags       HW address            Mask     Device\n";
  const rows = netns.links
    .neighbours()
    .filter((entry) => isV4(entry.address) && entry.state !== "NOARP")
    .map((entry) => {
      const isComplete = entry.state !== "INCOMPLETE" && entry.state !== "FAILED";
      const flags = (isComplete ? 2 : 0) | (entry.state === "PERMANENT" ? 4 : 0);
      const mac = isComplete && entry.mac ? entry.mac : "00:00:00:00:00:00";
      return `${entry.address.padEnd(16)} ${"0x1".padEnd(11)} ${`0x${flags.toString(16)}`.padEnd(11)} ${mac.padEnd(21)} *        ${names.get(entry.link) ?? ""}\n`;
    });
  return header + rows.join("");
}

const SCOPES: Readonly<Record<Scope, number>> = { global: 0x00, host: 0x10, link: 0x20, site: 0x40, nowhere: 0xff };

function ifInet6(netns: Netns): string {
  return netns.links
    .links()
    .flatMap((link) =>
      netns.links
        .addresses(link.index)
        .filter(({ prefix }) => !isV4(prefix.address))
        .map(({ prefix, scope, noDad }) => {
          const flags = 0x80 | (noDad ? 0x02 : 0);
          const hex = (value: number): string => value.toString(16).padStart(2, "0");
          return `${toBigInt(prefix.address).toString(16).padStart(32, "0")} ${hex(link.index)} ${hex(prefix.length)} ${hex(SCOPES[scope])} ${hex(flags)} ${link.name.padStart(8)}\n`;
        }),
    )
    .join("");
}

/** The tracked connections, as `conntrack -L -o extended` prints them. */
function connections(netns: Netns): string {
  const tuple = ({ source, destination, sourcePort, destinationPort, icmp }: ConntrackTuple): string => {
    const ends = `src=${source} dst=${destination} `;
    if (icmp) return `${ends}type=${icmp.type} code=${icmp.code} id=${icmp.id} `;
    return sourcePort === undefined ? ends : `${ends}sport=${sourcePort} dport=${destinationPort} `;
  };
  return netns.conntrack
    .list()
    .map((one) => {
      const family = isV4(one.original.source) ? "ipv4     2" : "ipv6     10";
      const state = one.tcpState === undefined ? "" : `${one.tcpState} `;
      return `${family} ${one.protocol.padEnd(8)} ${one.protocolNumber} ${one.timeoutSeconds} ${state}${tuple(one.original)}${one.isReplied ? "" : "[UNREPLIED] "}${tuple(one.reply)}${one.isAssured ? "[ASSURED] " : ""}mark=${one.mark} zone=0 use=2\n`;
    })
    .join("");
}

const STATES: Readonly<Record<TcpState, number>> = {
  ESTAB: 1,
  "SYN-SENT": 2,
  "SYN-RECV": 3,
  "FIN-WAIT-1": 4,
  "FIN-WAIT-2": 5,
  "TIME-WAIT": 6,
  CLOSED: 7,
  "CLOSE-WAIT": 8,
  "LAST-ACK": 9,
  LISTEN: 10,
  CLOSING: 11,
};

function sockets(netns: Netns, protocol: "tcp" | "udp", family: 4 | 6): string {
  const address =
    family === 4 ? "local_address rem_address  " : "local_address                         remote_address                       ";
  const header =
    protocol === "tcp"
      ? `  sl  ${address} st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${family === 4 ? "                                                     " : ""}\n`
      : `   sl  ${address} st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops${family === 4 ? "            " : ""}\n`;
  const rows = netns.sockets
    .list()
    .filter((socket) => socket.protocol === protocol && isV4(socket.local.address) === (family === 4))
    .map((socket, n) => socketLine(socket, n, family));
  return header + rows.join("");
}

function socketLine(socket: SocketView, n: number, family: 4 | 6): string {
  const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, "0");
  const end = (at: { readonly address: Ip; readonly port: number } | undefined): string =>
    at ? `${hexAddress(at.address)}:${hex(at.port, 4)}` : `${"0".repeat(family === 4 ? 8 : 32)}:0000`;
  const state = socket.protocol === "tcp" ? STATES[socket.state] : socket.state === "ESTAB" ? 1 : 7;
  const queues = `${hex(socket.sendQueue, 8)}:${hex(socket.receiveQueue, 8)}`;
  return `${String(n).padStart(socket.protocol === "tcp" ? 4 : 5)}: ${end(socket.local)} ${end(socket.remote)} ${hex(state, 2)} ${queues} 00:00000000 00000000     0        0 0 1 0000000000000000 100 0 0 10 0\n`;
}

/** Words of an address in host byte order, as the kernel prints them. */
function hexAddress(address: Ip): string {
  if (isV4(address)) return littleEndian(address);
  const digits = toBigInt(address).toString(16).padStart(32, "0");
  return (digits.match(/.{8}/g) ?? []).map((word) => (word.match(/../g) ?? []).reverse().join("").toUpperCase()).join("");
}

function littleEndian(address: Ip): string {
  const v4 = parseIpv4(address);
  const digits = (v4 ? v4ToNumber(v4) : 0).toString(16).padStart(8, "0");
  return (digits.match(/../g) ?? []).reverse().join("").toUpperCase();
}
