/** IP protocols by the names that iptables knows (xtables_chain_protos) or finds in /etc/protocols, and ports by /etc/services. */

import type { Protocol } from "./rule";
import { servicePort } from "./services";

const PRINTED = {
  all: 0,
  icmp: 1,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  "ipv6-icmp": 58,
  sctp: 132,
  "mobility-header": 135,
  udplite: 136,
} as const satisfies Record<Extract<Protocol, string>, number>;

/** Names that are read, and printed as numbers. */
const READ: ReadonlyMap<string, number> = new Map([
  ["ip", 0],
  ["icmpv6", 58],
  ["igmp", 2],
  ["ggp", 3],
  ["ipencap", 4],
  ["egp", 8],
  ["igp", 9],
  ["hmp", 20],
  ["dccp", 33],
  ["ipv6", 41],
  ["rsvp", 46],
  ["gre", 47],
  ["eigrp", 88],
  ["ospf", 89],
  ["ipip", 94],
  ["etherip", 97],
  ["encap", 98],
  ["pim", 103],
  ["ipcomp", 108],
  ["vrrp", 112],
  ["l2tp", 115],
  ["isis", 124],
  ["mh", 135],
  ["hip", 139],
]);

export function protocolNumber(protocol: Protocol): number {
  return typeof protocol === "number" ? protocol : PRINTED[protocol];
}

/** Reads a name or a number. */
export function parseProtocol(text: string): Protocol | undefined {
  const name = text.toLowerCase();
  if (isPrinted(name)) return name;
  const number = /^\d+$/.test(name) ? Number(name) : READ.get(name);
  if (number === undefined || number > 255) return undefined;
  return (
    Object.keys(PRINTED)
      .filter(isPrinted)
      .find((known) => PRINTED[known] === number) ?? number
  );
}

function isPrinted(name: string): name is keyof typeof PRINTED {
  return Object.hasOwn(PRINTED, name);
}

/** The name of /etc/protocols that listings show for a number which `-S` prints as it is. */
export function protocolName(number: number): string | undefined {
  for (const [name, known] of READ) if (known === number) return name;
  return undefined;
}

/** A port's number, or its name in /etc/services. */
export function parsePort(text: string, protocol?: "tcp" | "udp"): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : servicePort(text, protocol);
}
