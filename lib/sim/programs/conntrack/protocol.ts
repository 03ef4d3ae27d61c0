/** Protocols that `conntrack` has a name for (libnetfilter_conntrack). */

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [33, "dccp"],
  [47, "gre"],
  [58, "icmpv6"],
  [132, "sctp"],
  [136, "udplite"],
]);

export const TCP_STATES: readonly string[] = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "LISTEN",
  "SYN_SENT2",
];

export function protocolName(number: number): string {
  return NAMES.get(number) ?? "unknown";
}

export function protocolOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  return [...NAMES].find(([, name]) => name === text)?.[0];
}
