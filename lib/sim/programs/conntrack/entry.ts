/** One entry of the connection table: which conditions it meets, and its line. */

import { contains, familyOf, type Ip } from "@/lib/sim/net/address";
import type { ConntrackTuple, ConntrackView } from "@/lib/sim/kernel";
import type { Condition } from "./options";
import { protocolName } from "./protocol";

export function meets(entry: ConntrackView, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => meetsOne(entry, condition));
}

function meetsOne(entry: ConntrackView, condition: Condition): boolean {
  switch (condition.on) {
    case "address": {
      const address = entry[condition.direction][condition.end];
      return familyOf(address) === familyOf(condition.prefix.address) && contains(condition.prefix, address);
    }
    case "port":
      return (
        condition.port === 0 || entry[condition.direction][condition.end === "source" ? "sourcePort" : "destinationPort"] === condition.port
      );
    case "protocol":
      return entry.protocolNumber === condition.number;
    case "family":
      return familyOf(entry.original.source) === condition.family;
    case "tcp-state":
      return entry.tcpState === condition.state;
    case "icmp":
      return entry.original.icmp?.[condition.field] === condition.value;
    case "mark":
      return (entry.mark & condition.mask) === (condition.value & condition.mask);
    case "status":
      return (!condition.assured || entry.isAssured) && (!condition.replied || entry.isReplied);
    case "zone":
      return condition.zone === 0;
    case "nat": {
      const source = isTranslated(entry, "source") && isTo(condition.address, entry.reply.destination);
      const destination = isTranslated(entry, "destination") && isTo(condition.address, entry.reply.source);
      return condition.kind === "source" ? source : condition.kind === "destination" ? destination : source || destination;
    }
  }
}

function isTo(wanted: Ip | undefined, address: Ip): boolean {
  return wanted === undefined || wanted === address;
}

/**
 * The reply does not mirror the original. The library compares ports without asking for the protocol, so every entry of
 * ICMP counts: where a port would be, one direction has the identifier and the other type and code.
 */
function isTranslated({ original, reply }: ConntrackView, end: "source" | "destination"): boolean {
  const [address, port] =
    end === "source" ? ([original.source, original.sourcePort] as const) : ([original.destination, original.destinationPort] as const);
  const [answered, answeredPort] =
    end === "source" ? ([reply.destination, reply.destinationPort] as const) : ([reply.source, reply.sourcePort] as const);
  return original.icmp !== undefined || address !== answered || port !== answeredPort;
}

export function entryLine(entry: ConntrackView, isExtended: boolean): string {
  const isV6 = familyOf(entry.original.source) === 6;
  return [
    isExtended ? (isV6 ? "ipv6     10 " : "ipv4     2 ") : "",
    `${protocolName(entry.protocolNumber).padEnd(8)} ${entry.protocolNumber} ${entry.timeoutSeconds} `,
    entry.tcpState === undefined ? "" : `${entry.tcpState} `,
    tupleText(entry.original),
    entry.isReplied ? "" : "[UNREPLIED] ",
    tupleText(entry.reply),
    entry.isAssured ? "[ASSURED] " : "",
    `mark=${entry.mark} use=1\n`,
  ].join("");
}

function tupleText({ source, destination, sourcePort, destinationPort, icmp }: ConntrackTuple): string {
  const ports = sourcePort === undefined || destinationPort === undefined ? "" : `sport=${sourcePort} dport=${destinationPort} `;
  return `src=${source} dst=${destination} ${ports}${icmp ? `type=${icmp.type} code=${icmp.code} id=${icmp.id} ` : ""}`;
}
