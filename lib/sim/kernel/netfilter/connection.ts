/** One tracked connection (struct nf_conn), and what a packet knows of the one it belongs to (`skb->_nfct`). */

import type { Instant } from "@/lib/sim/core/time";
import type { Skb } from "./hook";
import type { ConntrackTcpState } from "./tcp-state";
import type { Tuple } from "./tuple";

export type Direction = "original" | "reply";

export class Connection {
  readonly original: Tuple;
  /** What an answer looks like where it arrives. NAT changes it while the connection is not confirmed. */
  reply: Tuple;
  readonly startedAt: Instant;
  expiresAt: Instant;
  /** In the table, with a number that tells its place in listings. */
  confirmedAs: number | undefined;
  /** Taken out of the table. A packet that still holds it goes on. */
  isDying = false;
  isReplied = false;
  isAssured = false;
  /** NAT has decided about this side, whether it changes it or not. */
  isSourceDecided = false;
  isDestinationDecided = false;
  /** IPS_SRC_NAT and IPS_DST_NAT: the decision was to change it. */
  changesSource = false;
  changesDestination = false;
  tcpState: ConntrackTcpState = "NONE";
  mark = 0;

  constructor(original: Tuple, reply: Tuple, now: Instant) {
    this.original = original;
    this.reply = reply;
    this.startedAt = now;
    this.expiresAt = now;
  }

  tuple(direction: Direction): Tuple {
    return direction === "original" ? this.original : this.reply;
  }
}

/** A packet's place in its connection (`enum ip_conntrack_info`). */
export class TrackedPacket {
  readonly connection: Connection;
  readonly direction: Direction;
  readonly state: "NEW" | "ESTABLISHED" | "RELATED";

  constructor(connection: Connection, direction: Direction, state: "NEW" | "ESTABLISHED" | "RELATED") {
    this.connection = connection;
    this.direction = direction;
    this.state = state;
  }
}

export function trackedPacket(skb: Skb): TrackedPacket | undefined {
  return skb.connection instanceof TrackedPacket ? skb.connection : undefined;
}

export function opposite(direction: Direction): Direction {
  return direction === "original" ? "reply" : "original";
}
