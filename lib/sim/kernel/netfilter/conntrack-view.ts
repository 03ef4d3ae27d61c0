/** The connection table as `conntrack` sees it (nfnetlink_conntrack). */

import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { Conntrack, ConntrackTuple, ConntrackView } from "../netns";
import type { Connection } from "./connection";
import { type ConnectionTable, secondsLeft } from "./conntrack";
import { ICMP, ICMPV6, TCP, UDP } from "./packet";
import type { Tuple } from "./tuple";

export function conntrackOf(table: ConnectionTable, scheduler: Scheduler): Conntrack {
  const view = (connection: Connection): ConntrackView => ({
    protocol: protocolOf(connection.original),
    protocolNumber: connection.original.protocol,
    timeoutSeconds: secondsLeft(connection, scheduler.now),
    ...(connection.original.protocol === TCP ? { tcpState: connection.tcpState } : {}),
    original: tupleView(connection.original),
    reply: tupleView(connection.reply),
    isReplied: connection.isReplied,
    isAssured: connection.isAssured,
    mark: connection.mark,
  });
  return {
    list: () => table.list(scheduler.now).map(view),
    remove(matches) {
      const doomed = table.list(scheduler.now).filter((connection) => matches(view(connection)));
      for (const connection of doomed) table.remove(connection);
      return doomed.length;
    },
  };
}

function protocolOf({ protocol }: Tuple): ConntrackView["protocol"] {
  switch (protocol) {
    case TCP:
      return "tcp";
    case UDP:
      return "udp";
    case ICMP:
      return "icmp";
    default:
      return "unknown";
  }
}

function tupleView(tuple: Tuple): ConntrackTuple {
  const { protocol, source, destination, sourcePort, destinationPort } = tuple;
  switch (protocol) {
    case TCP:
    case UDP:
      return { source, destination, sourcePort, destinationPort };
    case ICMP:
    case ICMPV6:
      return { source, destination, icmp: { id: sourcePort, type: destinationPort >> 8, code: destinationPort & 255 } };
    default:
      return { source, destination };
  }
}
