/** What a rule's matches and target look like in `iptables -L`, after its addresses (the `print` functions of extensions/libxt_*.c). */

import type { Family } from "@/lib/sim/net/address";
import {
  ADDRESS_TYPES,
  CT_STATES,
  flagNames,
  hex,
  icmpTypeName,
  type MatchModule,
  natAddresses,
  natPorts,
  ordered,
  printRate,
  serviceName,
  type Target,
  valueAndMask,
} from "@/lib/sim/kernel";

export type TextStyle = { readonly numeric: boolean; readonly family: Family };

type Negatable = { readonly negated?: true };
type Ports = { readonly from: number; readonly to: number };

const not = (part: Negatable): string => (part.negated ? " !" : "");
const mark = (part: Negatable): string => (part.negated ? "!" : "");

export function matchText(module: MatchModule, protocol: "tcp" | "udp", style: TextStyle): string {
  switch (module.module) {
    case "tcp": {
      const { flags } = module;
      const flagText = !flags
        ? ""
        : ` flags:${mark(flags)}${style.numeric ? `${flagBits(flags.mask)}/${flagBits(flags.set)}` : `${flagNames(flags.mask)}/${flagNames(flags.set)}`}`;
      return ` tcp${portText("spt", module.sourcePort, "tcp", style)}${portText("dpt", module.destinationPort, "tcp", style)}${flagText}`;
    }
    case "udp":
      return ` udp${portText("spt", module.sourcePort, "udp", style)}${portText("dpt", module.destinationPort, "udp", style)}`;
    case "icmp":
      return ` icmp${icmpText(module.type, 4, style)}`;
    case "icmp6":
      return ` ipv6-icmp${icmpText(module.type, 6, style)}`;
    case "multiport": {
      const which = { source: "sports", destination: "dports", either: "ports" }[module.direction];
      const list = module.ports.ranges.map((range) => rangeText(range, protocol, style)).join(",");
      return ` multiport ${which} ${not(module.ports)}${list}`;
    }
    case "conntrack": {
      const { states, originalDestination, originalDestinationPort } = module;
      const address = originalDestination?.prefix;
      const isHost = address?.length === (style.family === 4 ? 32 : 128);
      return [
        states ? `${not(states)} ctstate ${ordered(states.states, CT_STATES)}` : "",
        originalDestination && address
          ? `${not(originalDestination)} ctorigdst ${address.address}${isHost ? "" : `/${address.length}`}`
          : "",
        originalDestinationPort ? `${not(originalDestinationPort)} ctorigdstport ${numbers(originalDestinationPort)}` : "",
      ].join("");
    }
    case "state":
      return `${not(module.states)} state ${ordered(module.states.states, CT_STATES)}`;
    case "addrtype": {
      const { sourceType, destinationType, limitIfaceIn, limitIfaceOut } = module;
      return [
        " ADDRTYPE match",
        sourceType ? ` src-type ${mark(sourceType)}${ordered(sourceType.types, ADDRESS_TYPES)}` : "",
        destinationType ? ` dst-type ${mark(destinationType)}${ordered(destinationType.types, ADDRESS_TYPES)}` : "",
        limitIfaceIn ? " limit-in" : "",
        limitIfaceOut ? " limit-out" : "",
      ].join("");
    }
    case "mark":
      return ` mark match${not(module.mark)} ${valueAndMask(module.mark)}`;
    case "connmark":
      return ` connmark match ${mark(module.mark)} ${valueAndMask(module.mark)}`;
    case "comment":
      return ` /* ${module.text} */`;
    case "mac":
      return ` MAC${not(module.source)} ${module.source.mac}`;
    case "limit":
      return ` limit: avg ${printRate(module.rate)} burst ${module.burst}`;
    case "physdev": {
      const { in: physIn, out: physOut, isBridged } = module;
      return [
        " PHYSDEV match",
        physIn ? `${not(physIn)} --physdev-in ${physIn.name}` : "",
        physOut ? `${not(physOut)} --physdev-out ${physOut.name}` : "",
        isBridged ? `${not(isBridged)} --physdev-is-bridged` : "",
      ].join("");
    }
    case "policy":
      return ` policy match dir ${module.direction} pol ${module.policy}`;
    case "bpf":
      return `match bpf ${module.bytecode.split(",").slice(1).join(",")} `;
  }
}

/** The name in the column `target`. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case "none":
      return "";
    case "jump":
    case "goto":
      return target.chain;
    case "notrack":
      return "CT";
    default:
      return target.kind.toUpperCase();
  }
}

export function targetText(target: Target, { numeric }: TextStyle): string {
  switch (target.kind) {
    case "none":
    case "accept":
    case "drop":
    case "return":
    case "jump":
    case "goto":
      return "";
    case "notrack":
      return " NOTRACK";
    case "reject":
      return ` reject-with ${target.with}`;
    case "dnat":
    case "snat": {
      return ` to:${natAddresses(target.range)}${natFlags(target.range)}`;
    }
    case "masquerade":
      return `${target.range.ports ? ` masq ports: ${natPorts(target.range.ports)}` : ""}${natFlags(target.range)}`;
    case "redirect":
      return `${target.range.ports ? ` redir ports ${natPorts(target.range.ports)}` : ""}${natFlags(target.range)}`;
    case "mark":
      return ` MARK ${markChange(target)}`;
    case "connmark": {
      if (target.operation === "set") return ` CONNMARK ${markChange(target)}`;
      const { packetMask, connectionMask } = target;
      const masks =
        packetMask !== connectionMask
          ? ` nfmask ${hex(packetMask)} ctmask ~${hex(connectionMask)}`
          : packetMask >>> 0 === 0xffffffff
            ? ""
            : ` mask ${hex(packetMask)}`;
      return ` CONNMARK ${target.operation}${masks}`;
    }
    case "log":
      return ` LOG ${numeric ? `flags 0 level ${target.level}` : `level ${LOG_LEVELS[target.level] ?? target.level}`}${target.prefix === "" ? "" : ` prefix "${target.prefix}"`}`;
    case "tcpmss":
      return "set" in target ? ` TCPMSS set ${target.set}` : " TCPMSS clamp to PMTU";
  }
}

const LOG_LEVELS: readonly string[] = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"];
const FLAG_BITS: ReadonlyMap<string, number> = new Map([
  ["FIN", 1],
  ["SYN", 2],
  ["RST", 4],
  ["PSH", 8],
  ["ACK", 16],
  ["URG", 32],
]);

function flagBits(flags: readonly string[]): string {
  const bits = flags.reduce((sum, flag) => sum | (FLAG_BITS.get(flag) ?? 0), 0);
  return `0x${bits.toString(16).toUpperCase().padStart(2, "0")}`;
}

function portText(name: "spt" | "dpt", range: (Ports & Negatable) | undefined, protocol: "tcp" | "udp", style: TextStyle): string {
  if (!range) return "";
  return ` ${name}${range.from === range.to ? "" : "s"}:${mark(range)}${rangeText(range, protocol, style)}`;
}

function rangeText(range: Ports, protocol: "tcp" | "udp", { numeric }: TextStyle): string {
  const text = (port: number): string => (numeric ? undefined : serviceName(port, protocol)) ?? String(port);
  return range.from === range.to ? text(range.from) : `${text(range.from)}:${text(range.to)}`;
}

function numbers({ from, to }: Ports): string {
  return from === to ? String(from) : `${from}:${to}`;
}

function icmpText(type: Negatable & { readonly type: number; readonly code?: number }, family: Family, { numeric }: TextStyle): string {
  const name = numeric ? undefined : icmpTypeName(type, family);
  if (name !== undefined) return ` ${mark(type)}${name}`;
  return `${not(type)}type ${type.type}${type.code === undefined ? "" : ` code ${type.code}`}`;
}

function natFlags(range: { readonly random?: true; readonly fullyRandom?: true; readonly persistent?: true }): string {
  return `${range.random ? " random" : ""}${range.fullyRandom ? " random-fully" : ""}${range.persistent ? " persistent" : ""}`;
}

/** Every operation is kept as "clear these bits, flip those"; it is named by what that comes to. */
function markChange({ value, mask: bits }: { readonly value: number; readonly mask: number }): string {
  if (value === 0) return `and ${hex(~bits)}`;
  if (value === bits) return `or ${hex(bits)}`;
  if (bits === 0) return `xor ${hex(value)}`;
  return bits >>> 0 === 0xffffffff ? `set ${hex(value)}` : `xset ${hex(value)}/${hex(bits)}`;
}
