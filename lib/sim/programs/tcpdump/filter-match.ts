/** Whether a frame is one that a filter selects. */

import { contains, type Ip, isMulticast, isV4 } from "@/lib/sim/net/address";
import { encodeFrame, ETHERTYPES, PROTOCOLS } from "@/lib/sim/net/encode";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import { ETHERNET_HEADER, frameLength, IPV4_HEADER, IPV6_HEADER } from "@/lib/sim/net/length";
import { BROADCAST, isUnicast } from "@/lib/sim/net/mac";
import { tagsLength } from "@/lib/sim/net/vlan";
import type { Arithmetic, Comparison, Direction, Filter, Layer } from "./filter";

export type Seen = { readonly frame: Frame; readonly direction: "in" | "out" };

export function matches(filter: Filter, seen: Seen): boolean {
  const { frame } = seen;
  if (isHidden(frame) && LOOKS_INSIDE.has(filter.kind)) return false;
  switch (filter.kind) {
    case "all":
      return true;
    case "and":
      return matches(filter.left, seen) && matches(filter.right, seen);
    case "or":
      return matches(filter.left, seen) || matches(filter.right, seen);
    case "not":
      return !matches(filter.of, seen);
    case "layer":
      return isLayer(frame, filter.layer);
    case "host":
      return (
        (filter.within === undefined || isLayer(frame, filter.within)) &&
        anyOf(filter.direction, addressesOf(frame), (address) => filter.addresses.includes(address))
      );
    case "net":
      return (
        (filter.within === undefined || isLayer(frame, filter.within)) &&
        anyOf(filter.direction, addressesOf(frame), (address) => contains(filter.prefix, address))
      );
    case "port": {
      const ports = portsOf(frame, filter.within);
      return ports !== undefined && anyOf(filter.direction, ports, (port) => port >= filter.from && port <= filter.to);
    }
    case "ether-host":
      return anyOf(filter.direction, [frame.source, frame.destination], (mac) => mac === filter.mac);
    case "ether-type":
      return ETHERTYPES[frame.payload.kind] === filter.type;
    case "ip-protocol":
      return (
        frame.payload.kind !== "arp" &&
        (filter.family === undefined || frame.payload.kind === `ipv${filter.family}`) &&
        protocolOf(frame.payload) === filter.protocol
      );
    case "broadcast":
    case "multicast":
      return isToGroup(frame, filter.kind, filter.of);
    case "in-or-out":
      return seen.direction === filter.direction;
    case "compare":
      return compare(filter.operator, filter.left, filter.right, frame);
  }
}

const LOOKS_INSIDE = new Set<Filter["kind"]>(["host", "net", "port", "ether-type", "ip-protocol"]);

/** The first tag travels beside the frame; behind a second one, the packet is not where a filter looks for it. */
function isHidden(frame: Frame): boolean {
  return frame.vlan?.inner !== undefined;
}

function isLayer(frame: Frame, layer: Layer): boolean {
  const { payload } = frame;
  if (isHidden(frame) && layer !== "ether") return false;
  switch (layer) {
    case "ether":
      return true;
    case "arp":
      return payload.kind === "arp";
    case "ip":
      return payload.kind === "ipv4";
    case "ip6":
      return payload.kind === "ipv6";
    case "tcp":
    case "udp":
    case "icmp":
    case "icmp6":
      return payload.kind !== "arp" && protocolOf(payload) === PROTOCOLS[layer];
  }
}

function protocolOf(packet: IpPacket): number {
  return packet.payload.kind === "raw" ? packet.payload.protocol : PROTOCOLS[packet.payload.kind];
}

function addressesOf(frame: Frame): readonly [Ip, Ip] | undefined {
  const { payload } = frame;
  if (payload.kind === "arp") return [payload.senderIp, payload.targetIp];
  return [payload.source, payload.destination];
}

/** Of later fragments there are none: their first bytes are no header. */
function portsOf(frame: Frame, within: "tcp" | "udp" | undefined): readonly [number, number] | undefined {
  const { payload: packet } = frame;
  if (packet.kind === "arp" || (packet.fragment && packet.fragment.offset > 0)) return undefined;
  const { payload } = packet;
  if (payload.kind !== "tcp" && payload.kind !== "udp") return undefined;
  if (within !== undefined && payload.kind !== within) return undefined;
  return [payload.sourcePort, payload.destinationPort];
}

function anyOf<T>(direction: Direction, ends: readonly [T, T] | undefined, test: (end: T) => boolean): boolean {
  if (!ends) return false;
  switch (direction) {
    case "source":
      return test(ends[0]);
    case "destination":
      return test(ends[1]);
    case "either":
      return test(ends[0]) || test(ends[1]);
    case "both":
      return test(ends[0]) && test(ends[1]);
  }
}

function isToGroup(frame: Frame, kind: "broadcast" | "multicast", of: "ether" | "ip" | "ip6"): boolean {
  if (of === "ether") return kind === "broadcast" ? frame.destination === BROADCAST : !isUnicast(frame.destination);
  const { payload } = frame;
  if (payload.kind !== (of === "ip" ? "ipv4" : "ipv6")) return false;
  if (kind === "multicast") return isMulticast(payload.destination);
  return payload.kind === "ipv4" && frame.destination === BROADCAST && isV4(payload.destination) && !isMulticast(payload.destination);
}

function compare(operator: Comparison, left: Arithmetic, right: Arithmetic, frame: Frame): boolean {
  const a = evaluate(left, frame);
  const b = evaluate(right, frame);
  // A byte that is not there makes the whole comparison fail.
  if (a === undefined || b === undefined) return false;
  switch (operator) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
  }
}

function evaluate(expression: Arithmetic, frame: Frame): number | undefined {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "length":
      return frameLength(frame);
    case "bytes": {
      const at = evaluate(expression.at, frame);
      const start = startOf(frame, expression.layer);
      if (at === undefined || start === undefined) return undefined;
      const bytes = encodeFrame(frame);
      let value = 0;
      for (let i = 0; i < expression.size; i++) {
        const byte = bytes[start + at + i];
        if (byte === undefined) return undefined;
        value = value * 256 + byte;
      }
      return value;
    }
    case "binary": {
      const a = evaluate(expression.left, frame);
      const b = evaluate(expression.right, frame);
      return a === undefined || b === undefined ? undefined : calculate(expression.operator, a, b);
    }
  }
}

function startOf(frame: Frame, layer: Layer): number | undefined {
  if (!isLayer(frame, layer)) return undefined;
  const link = ETHERNET_HEADER + tagsLength(frame);
  switch (layer) {
    case "ether":
      return 0;
    case "arp":
    case "ip":
    case "ip6":
      return link;
    case "tcp":
    case "udp":
    case "icmp":
    case "icmp6":
      if (frame.payload.kind !== "arp" && frame.payload.fragment && frame.payload.fragment.offset > 0) return undefined;
      return link + (frame.payload.kind === "ipv6" ? IPV6_HEADER : IPV4_HEADER);
  }
}

function calculate(operator: Extract<Arithmetic, { kind: "binary" }>["operator"], a: number, b: number): number | undefined {
  switch (operator) {
    case "+":
      return (a + b) >>> 0;
    case "-":
      return (a - b) >>> 0;
    case "*":
      return Math.imul(a, b) >>> 0;
    case "/":
      return b === 0 ? undefined : Math.floor(a / b);
    case "%":
      return b === 0 ? undefined : a % b;
    case "&":
      return (a & b) >>> 0;
    case "|":
      return (a | b) >>> 0;
    case "^":
      return (a ^ b) >>> 0;
    case "<<":
      return (a << b) >>> 0;
    case ">>":
      return a >>> b;
  }
}
