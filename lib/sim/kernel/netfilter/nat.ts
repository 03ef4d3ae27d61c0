/**
 * Network address translation (net/netfilter/nf_nat_core.c): the first packet of a connection decides how it is bound, every
 * later one is rewritten by what was decided. What an answer must look like is written into the connection's reply tuple.
 *
 * Differs from Linux in what is left to chance there: of several addresses of a range the first is taken, and a free port is
 * looked for from a random one of the lab's seed.
 */

import type { Random } from "@/lib/sim/core/random";
import type { Instant } from "@/lib/sim/core/time";
import { compareIp, type Ip, LOOPBACK_V4, LOOPBACK_V6, parseIp } from "@/lib/sim/net/address";
import type { IpPacket } from "@/lib/sim/net/frame";
import { type Connection, type Direction, opposite, type TrackedPacket } from "./connection";
import type { ConnectionTable } from "./conntrack";
import type { HookContext, StackForHooks } from "./hook";
import { aboutAnother, type Endpoint, ICMP, ICMPV6, packetInError, rewritten, TCP, UDP } from "./packet";
import type { NatRange, PortRange } from "./rule";
import { inverted, keyOf, type Tuple } from "./tuple";
import type { NatTarget } from "./walk";

export type Side = "source" | "destination";

/** The range that a NAT target stands for here and now. Undefined: it can do nothing, the packet is dropped. */
export function rangeOf(target: NatTarget, packet: IpPacket, context: HookContext, stack: StackForHooks): NatRange | undefined {
  switch (target.kind) {
    case "dnat":
    case "snat":
      return target.range;
    case "masquerade":
      return withAddress(target.range, context.out === undefined ? undefined : stack.sourceAddressOf(context.out, packet.destination));
    case "redirect": {
      if (context.hook === "OUTPUT") return withAddress(target.range, packet.kind === "ipv4" ? LOOPBACK_V4 : LOOPBACK_V6);
      return withAddress(target.range, context.in === undefined ? undefined : stack.sourceAddressOf(context.in, packet.source));
    }
  }
}

function withAddress(range: NatRange, address: string | undefined): NatRange | undefined {
  const ip = address === undefined ? undefined : parseIp(address);
  return ip && { ...range, from: ip, to: ip };
}

/**
 * Binds one side of a new connection (nf_nat_setup_info). An empty range leaves it as it is, unless another connection would
 * get the same answers: then its source port changes all the same. False: every port is taken.
 */
export function bind(connection: Connection, side: Side, range: NatRange, table: ConnectionTable, random: Random, now: Instant): boolean {
  const current = inverted(connection.reply);
  if (!current) return true;
  const wanted = uniqueTuple(connection, current, side, range, table, random, now);
  if (!wanted) return false;

  if (keyOf(wanted) !== keyOf(current)) {
    const reply = inverted(wanted);
    if (reply) connection.reply = reply;
    if (side === "source") connection.changesSource = true;
    else connection.changesDestination = true;
  }
  if (side === "source") connection.isSourceDecided = true;
  else connection.isDestinationDecided = true;
  return true;
}

function uniqueTuple(
  connection: Connection,
  current: Tuple,
  side: Side,
  range: NatRange,
  table: ConnectionTable,
  random: Random,
  now: Instant,
): Tuple | undefined {
  const isFree = (tuple: Tuple): boolean => {
    const reply = inverted(tuple);
    return reply !== undefined && !table.isTaken(reply, connection, now);
  };
  const isRandom = range.random === true || range.fullyRandom === true;
  if (side === "source" && !isRandom && isWithin(current.source, current.sourcePort, range, current.protocol) && isFree(current))
    return current;

  const address = isAddressWithin(current[side], range) ? current[side] : (range.from ?? current[side]);
  const moved: Tuple = { ...current, [side]: address };
  const key = portKey(current.protocol, side);
  if (!key) return moved;

  if (!isRandom) {
    const { ports } = range;
    if (!ports && isFree(moved)) return moved;
    if (ports && isPortWithin(moved[key], ports) && (ports.from === ports.to || isFree(moved))) return moved;
  }
  // The destination's port is the service: it is never changed unless the rule names ports.
  if (side === "destination" && !range.ports) return moved;

  const ports = range.ports ?? portsLike(moved[key], current.protocol);
  const count = ports.to - ports.from + 1;
  const start = side === "destination" && !isRandom ? 0 : random.below(count);
  for (let i = 0; i < count; i++) {
    const tuple = { ...moved, [key]: ports.from + ((start + i) % count) };
    // A rule that names one port means it.
    if (count === 1 || isFree(tuple)) return tuple;
  }
  return undefined;
}

/** Which field of a tuple NAT may change besides the address. */
function portKey(protocol: number, side: Side): "sourcePort" | "destinationPort" | undefined {
  if (protocol === TCP || protocol === UDP) return side === "source" ? "sourcePort" : "destinationPort";
  return (protocol === ICMP || protocol === ICMPV6) && side === "source" ? "sourcePort" : undefined;
}

/** Privileged ports stay among their like (nf_nat_l4proto_unique_tuple). */
function portsLike(port: number, protocol: number): PortRange {
  if (protocol !== TCP && protocol !== UDP) return { from: 0, to: 65_535 };
  if (port < 512) return { from: 1, to: 511 };
  if (port < 1024) return { from: 600, to: 1023 };
  return { from: 1024, to: 65_535 };
}

function isWithin(address: Ip, port: number, range: NatRange, protocol: number): boolean {
  return isAddressWithin(address, range) && (!range.ports || !portKey(protocol, "source") || isPortWithin(port, range.ports));
}

function isAddressWithin(address: Ip, range: NatRange): boolean {
  return range.from === undefined || (compareIp(range.from, address) <= 0 && compareIp(address, range.to ?? range.from) <= 0);
}

function isPortWithin(port: number, ports: PortRange): boolean {
  return ports.from <= port && port <= ports.to;
}

/** The packet as it goes on, when its connection's binding changes this side of it (nf_nat_packet). */
export function translate(packet: IpPacket, tracked: TrackedPacket, side: Side): IpPacket {
  const { connection, direction } = tracked;
  if (!changes(connection, direction, side)) return packet;
  const target = inverted(connection.tuple(opposite(direction)));
  if (!target) return packet;

  const about = tracked.state === "RELATED" ? packetInError(packet) : undefined;
  if (!about) return rewritten(packet, side, endpointOf(target, side));

  // An ICMP error quotes a packet of the opposite direction: there the other side is the one to put right. Outside only the
  // address changes (nf_nat_icmp_reply_translation).
  const quoted = connection.tuple(opposite(direction));
  const inner = side === "source" ? "destination" : "source";
  return rewritten(aboutAnother(packet, rewritten(about, inner, endpointOf(quoted, inner))), side, endpointOf(target, side));
}

function endpointOf(tuple: Tuple, side: Side): Endpoint {
  // An echo's identifier is the source's, whichever way it goes.
  const isEcho = tuple.protocol === ICMP || tuple.protocol === ICMPV6;
  return { address: tuple[side], port: side === "source" || isEcho ? tuple.sourcePort : tuple.destinationPort };
}

/** An answer's destination is the source that was changed, and the other way round. */
function changes(connection: Connection, direction: Direction, side: Side): boolean {
  const original: Side = direction === "original" ? side : side === "source" ? "destination" : "source";
  return original === "source" ? connection.changesSource : connection.changesDestination;
}
