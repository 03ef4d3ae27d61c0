/**
 * Connection tracking (net/netfilter/nf_conntrack_core.c): which packets belong together. `conntrack -L` lists what is here,
 * `-m conntrack --ctstate` asks it, NAT lives on it.
 *
 * A packet's connection is found or begun at PREROUTING or OUTPUT, and enters the table only when the packet has made it
 * through all chains (`confirm`, at POSTROUTING or INPUT): what is dropped leaves no trace.
 *
 * Time-outs are Linux's defaults. Differs: an entry dies on the dot (Linux's garbage collector may be late), there is no limit
 * on their number, no helpers and no expectations; listings are in order of creation (Linux: of its hash table).
 */

import { after, type Duration, elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import type { IpPacket } from "@/lib/sim/net/frame";
import { Connection, type Direction, opposite, TrackedPacket, trackedPacket } from "./connection";
import type { Skb } from "./hook";
import { factsOf, ICMP, ICMPV6, packetInError, type PacketFacts, TCP, UDP } from "./packet";
import { nextTcpState, TCP_TIMEOUTS, TCP_UNACKNOWLEDGED } from "./tcp-state";
import { inverted, isIcmpRequest, keyOf, type Tuple, tupleOf } from "./tuple";

const UDP_TIMEOUT = seconds(30);
const UDP_STREAM_TIMEOUT = seconds(120);
/** A UDP connection that still speaks after this long is a stream. */
const UDP_STREAM_AFTER = seconds(2);
const ICMP_TIMEOUT = seconds(30);
const GENERIC_TIMEOUT = seconds(600);

/** How often the dead are cleared away, in confirmed connections. */
const SWEEP_EVERY = 256;

type Found = { readonly connection: Connection; readonly direction: Direction };

export class ConnectionTable {
  readonly #byTuple = new Map<string, Found>();
  #confirmed = 0;

  /** Gives the packet its connection: a known one, or a new one that is not in the table yet. */
  track(packet: IpPacket, facts: PacketFacts, skb: Skb, now: Instant): void {
    // A packet that comes round through `lo` has its connection already.
    if (skb.untracked || trackedPacket(skb)) return;
    if (facts.protocol === ICMPV6 && isNeighbourDiscovery(facts)) {
      skb.untracked = true;
      return;
    }
    const about = packetInError(packet);
    skb.connection = about ? this.#relate(facts, about, now) : this.#belong(facts, now);
  }

  /** The first packet of a connection got through. False: meanwhile another connection took one of its tuples. */
  confirm(skb: Skb, now: Instant): boolean {
    const tracked = trackedPacket(skb);
    if (!tracked || tracked.direction !== "original") return true;
    const { connection } = tracked;
    if (connection.confirmedAs !== undefined || connection.isDying) return true;
    if (this.find(connection.original, now) || this.find(connection.reply, now)) return false;

    connection.confirmedAs = ++this.#confirmed;
    this.#byTuple.set(keyOf(connection.original), { connection, direction: "original" });
    this.#byTuple.set(keyOf(connection.reply), { connection, direction: "reply" });
    if (this.#confirmed % SWEEP_EVERY === 0) this.#sweep(now);
    return true;
  }

  find(tuple: Tuple, now: Instant): Found | undefined {
    const found = this.#byTuple.get(keyOf(tuple));
    return found && isLive(found.connection, now) ? found : undefined;
  }

  /** Whether a connection other than `except` awaits packets like `tuple`. */
  isTaken(tuple: Tuple, except: Connection, now: Instant): boolean {
    const found = this.find(tuple, now);
    return found !== undefined && found.connection !== except;
  }

  remove(connection: Connection): void {
    connection.isDying = true;
    for (const tuple of [connection.original, connection.reply]) {
      const key = keyOf(tuple);
      if (this.#byTuple.get(key)?.connection === connection) this.#byTuple.delete(key);
    }
  }

  /** In order of creation. */
  list(now: Instant): readonly Connection[] {
    const connections: Connection[] = [];
    for (const { connection, direction } of this.#byTuple.values()) {
      if (direction === "original" && isLive(connection, now)) connections.push(connection);
    }
    return connections.sort((a, b) => (a.confirmedAs ?? 0) - (b.confirmedAs ?? 0));
  }

  /** The connection that an ICMP error tells about. */
  #relate(facts: PacketFacts, about: IpPacket, now: Instant): TrackedPacket | undefined {
    const answer = inverted(tupleOf(factsOf(about)));
    const found = answer && this.find(answer, now);
    if (!found) return undefined;
    // The error must go to where answers of that connection go.
    if (found.connection.tuple(found.direction).destination !== facts.destination) return undefined;
    return new TrackedPacket(found.connection, found.direction, "RELATED");
  }

  #belong(facts: PacketFacts, now: Instant): TrackedPacket | undefined {
    const tuple = tupleOf(facts);
    const known = this.find(tuple, now);
    if (known) {
      const { connection, direction } = known;
      switch (this.#follow(connection, direction, facts, now)) {
        case "ok": {
          if (direction === "original") return new TrackedPacket(connection, direction, connection.isReplied ? "ESTABLISHED" : "NEW");
          connection.isReplied = true;
          return new TrackedPacket(connection, direction, "ESTABLISHED");
        }
        case "invalid":
          return undefined;
        case "again":
          this.remove(connection);
      }
    }
    const reply = inverted(tuple);
    if (!reply || !mayBegin(tuple, facts)) return undefined;
    const connection = new Connection(tuple, reply, now);
    return this.#follow(connection, "original", facts, now) === "ok" ? new TrackedPacket(connection, "original", "NEW") : undefined;
  }

  /** What the packet does to the connection. `again`: it begins a new one between the same ends. */
  #follow(connection: Connection, direction: Direction, facts: PacketFacts, now: Instant): "ok" | "invalid" | "again" {
    switch (facts.protocol) {
      case TCP:
        return this.#followTcp(connection, direction, facts, now);
      case UDP: {
        // Counted from the second packet on: the one that makes it replied still finds it unreplied.
        const isStream = connection.isReplied && elapsed(connection.startedAt, now) > UDP_STREAM_AFTER;
        if (isStream) connection.isAssured = true;
        extend(connection, isStream ? UDP_STREAM_TIMEOUT : UDP_TIMEOUT, now);
        return "ok";
      }
      case ICMP:
      case ICMPV6:
        extend(connection, ICMP_TIMEOUT, now);
        return "ok";
      default:
        extend(connection, GENERIC_TIMEOUT, now);
        return "ok";
    }
  }

  #followTcp(connection: Connection, direction: Direction, facts: PacketFacts, now: Instant): "ok" | "invalid" | "again" {
    const flags = facts.tcpFlags ?? {};
    const before = connection.tcpState;
    const next = nextTcpState(before, direction, flags);
    if (next === "invalid") return "invalid";
    if (next === "ignore") return "ok";
    if (next === "SYN_SENT" && (before === "TIME_WAIT" || before === "CLOSE") && direction === "original") return "again";

    connection.tcpState = next;
    if (!connection.isReplied && flags.rst) {
      // Refused: nothing is left to remember.
      this.remove(connection);
      return "ok";
    }
    const timeout = TCP_TIMEOUTS[next];
    const isOneSided = !connection.isReplied && direction === "original" && next === "ESTABLISHED";
    extend(connection, isOneSided && timeout > TCP_UNACKNOWLEDGED ? TCP_UNACKNOWLEDGED : timeout, now);
    if (connection.isReplied && next === "ESTABLISHED" && (before === "SYN_RECV" || before === "ESTABLISHED")) connection.isAssured = true;
    return "ok";
  }

  #sweep(now: Instant): void {
    for (const { connection } of this.#byTuple.values()) if (!isLive(connection, now)) this.remove(connection);
  }
}

/** The packet that answers one of a connection on this host's behalf, an ICMP error or a RST, belongs to it (nf_ct_attach). */
export function attachAnswer(answer: Skb, to: Skb): void {
  const tracked = trackedPacket(to);
  if (tracked) answer.connection = new TrackedPacket(tracked.connection, opposite(tracked.direction), "RELATED");
}

/** Whole seconds that an entry has left, as `conntrack -L` counts them. */
export function secondsLeft(connection: Connection, now: Instant): number {
  return Math.max(0, Math.floor(elapsed(now, connection.expiresAt) / seconds(1)));
}

function isLive(connection: Connection, now: Instant): boolean {
  return !connection.isDying && now < connection.expiresAt;
}

function extend(connection: Connection, timeout: Duration, now: Instant): void {
  connection.expiresAt = after(now, timeout);
}

function mayBegin(tuple: Tuple, facts: PacketFacts): boolean {
  return facts.protocol === ICMP || facts.protocol === ICMPV6 ? isIcmpRequest(tuple) : true;
}

function isNeighbourDiscovery(facts: PacketFacts): boolean {
  const type = facts.icmp?.type ?? 0;
  return type >= 130 && type <= 137;
}
