/**
 * A connection's tuple: what makes packets belong together (struct nf_conntrack_tuple). Learners see two of them in each
 * line of `conntrack -L`: the original one and the reply's.
 */

import type { Ip } from "@/lib/sim/net/address";
import { ICMP, ICMPV6, type PacketFacts, TCP, UDP } from "./packet";

/** For an echo, `sourcePort` is the identifier and `destinationPort` type × 256 + code, as Linux keeps them. */
export type Tuple = {
  readonly protocol: number;
  readonly source: Ip;
  readonly sourcePort: number;
  readonly destination: Ip;
  readonly destinationPort: number;
};

export function tupleOf(facts: PacketFacts): Tuple {
  const { protocol, source, destination } = facts;
  switch (protocol) {
    case TCP:
    case UDP:
      return { protocol, source, sourcePort: facts.sourcePort ?? 0, destination, destinationPort: facts.destinationPort ?? 0 };
    case ICMP:
    case ICMPV6: {
      const { type, code, id } = facts.icmp ?? { type: 0, code: 0, id: undefined };
      return { protocol, source, sourcePort: id ?? 0, destination, destinationPort: type * 256 + code };
    }
    default:
      return { protocol, source, sourcePort: 0, destination, destinationPort: 0 };
  }
}

/** The tuple of an answer. There is none for an ICMP type that nobody answers. */
export function inverted(tuple: Tuple): Tuple | undefined {
  const { protocol, source, sourcePort, destination, destinationPort } = tuple;
  if (protocol !== ICMP && protocol !== ICMPV6) {
    return { protocol, source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };
  }
  const answer = ANSWERS[protocol].get(destinationPort >> 8);
  return answer === undefined
    ? undefined
    : { protocol, source: destination, sourcePort, destination: source, destinationPort: answer * 256 + (destinationPort & 255) };
}

/** A key under which equal tuples are found. */
export function keyOf(tuple: Tuple): string {
  return `${tuple.protocol} ${tuple.source} ${tuple.sourcePort} ${tuple.destination} ${tuple.destinationPort}`;
}

/** Whether a packet of this ICMP type may begin a connection. */
export function isIcmpRequest(tuple: Tuple): boolean {
  const type = tuple.destinationPort >> 8;
  return tuple.protocol === ICMPV6 ? type === 128 : type === 8 || type === 13 || type === 15 || type === 17;
}

const ANSWERS: Readonly<Record<typeof ICMP | typeof ICMPV6, ReadonlyMap<number, number>>> = {
  [ICMP]: new Map([
    [8, 0],
    [0, 8],
    [13, 14],
    [14, 13],
    [15, 16],
    [16, 15],
    [17, 18],
    [18, 17],
  ]),
  [ICMPV6]: new Map([
    [128, 129],
    [129, 128],
  ]),
};
