/**
 * Rules in iptables' language: what `iptables -S` prints after `-A CHAIN` (iptables-nft 1.8's nft_rule_print_save and the
 * `save` functions of extensions/libxt_*.c).
 */

import { familyOf, formatPrefix } from "@/lib/sim/net/address";
import { ANY_ICMP_TYPE } from "./match";
import type { AddressType, Counters, CtState, MatchModule, Matches, NatRange, Negatable, PortRange, Rule, Target } from "./rule";

export function printRule(rule: Rule): string {
  return [...printMatches(rule.matches), ...printTarget(rule.target)].join(" ");
}

/** As `-S -v` prints it: with its counters in front of the target. */
export function printRuleWithCounters(rule: Rule, { packets, bytes }: Counters): string {
  return [...printMatches(rule.matches), "-c", String(packets), String(bytes), ...printTarget(rule.target)].join(" ");
}

function printMatches(matches: Matches): string[] {
  const { source, destination, inInterface, outInterface, protocol, fragment, modules } = matches;
  const words: string[] = [];
  if (source) words.push(...not(source), "-s", formatPrefix(source.prefix));
  if (destination) words.push(...not(destination), "-d", formatPrefix(destination.prefix));
  if (inInterface) words.push(...not(inInterface), "-i", inInterface.name);
  if (outInterface) words.push(...not(outInterface), "-o", outInterface.name);
  if (protocol) words.push(...not(protocol), "-p", String(protocol.protocol));
  if (fragment) words.push(...not(fragment), "-f");
  for (const module of modules) words.push("-m", module.module, ...printModule(module));
  return words;
}

function printModule(module: MatchModule): string[] {
  switch (module.module) {
    case "tcp": {
      const { flags } = module;
      return [
        ...ports("--sport", module.sourcePort),
        ...ports("--dport", module.destinationPort),
        ...(flags ? [...not(flags), "--tcp-flags", flagNames(flags.mask), flagNames(flags.set)] : []),
      ];
    }
    case "udp":
      return [...ports("--sport", module.sourcePort), ...ports("--dport", module.destinationPort)];
    case "icmp":
      return [...not(module.type), "--icmp-type", icmpType(module.type)];
    case "icmp6":
      return [...not(module.type), "--icmpv6-type", icmpType(module.type)];
    case "multiport": {
      const option = { source: "--sports", destination: "--dports", either: "--ports" }[module.direction];
      return [...not(module.ports), option, module.ports.ranges.map(portRange).join(",")];
    }
    case "conntrack": {
      const { states, originalDestination } = module;
      return [
        ...(states ? [...not(states), "--ctstate", ordered(states.states, CT_STATES)] : []),
        ...(originalDestination ? [...not(originalDestination), "--ctorigdst", hostOrNetwork(originalDestination)] : []),
        ...ports("--ctorigdstport", module.originalDestinationPort),
      ];
    }
    case "state":
      return [...not(module.states), "--state", ordered(module.states.states, CT_STATES)];
    case "addrtype": {
      const { sourceType, destinationType, limitIfaceIn, limitIfaceOut } = module;
      return [
        ...(sourceType ? [...not(sourceType), "--src-type", ordered(sourceType.types, ADDRESS_TYPES)] : []),
        ...(destinationType ? [...not(destinationType), "--dst-type", ordered(destinationType.types, ADDRESS_TYPES)] : []),
        ...(limitIfaceIn ? ["--limit-iface-in"] : []),
        ...(limitIfaceOut ? ["--limit-iface-out"] : []),
      ];
    }
    case "mark":
    case "connmark":
      return [...not(module.mark), "--mark", valueAndMask(module.mark)];
    case "comment":
      return ["--comment", quoted(module.text)];
    case "mac":
      return [...not(module.source), "--mac-source", module.source.mac];
    case "limit": {
      const { rate, burst } = module;
      return ["--limit", printRate(rate), ...(burst === DEFAULT_BURST ? [] : ["--limit-burst", String(burst)])];
    }
    case "physdev": {
      const { in: physIn, out: physOut, isBridged } = module;
      return [
        ...(physIn ? [...not(physIn), "--physdev-in", physIn.name] : []),
        ...(physOut ? [...not(physOut), "--physdev-out", physOut.name] : []),
        ...(isBridged ? [...not(isBridged), "--physdev-is-bridged"] : []),
      ];
    }
    case "policy":
      return ["--dir", module.direction, "--pol", module.policy];
    case "bpf":
      return ["--bytecode", `"${module.bytecode}"`];
  }
}

function printTarget(target: Target): string[] {
  switch (target.kind) {
    case "none":
      return [];
    case "accept":
    case "drop":
    case "return":
      return ["-j", target.kind.toUpperCase()];
    case "notrack":
      return ["-j", "NOTRACK"];
    case "reject":
      return ["-j", "REJECT", "--reject-with", target.with];
    case "jump":
      return ["-j", target.chain];
    case "goto":
      return ["-g", target.chain];
    case "dnat":
      return ["-j", "DNAT", ...natRange("--to-destination", target.range)];
    case "snat":
      return ["-j", "SNAT", ...natRange("--to-source", target.range)];
    case "masquerade":
      return ["-j", "MASQUERADE", ...natRange("--to-ports", target.range)];
    case "redirect":
      return ["-j", "REDIRECT", ...natRange("--to-ports", target.range)];
    case "mark":
      return ["-j", "MARK", "--set-xmark", `${hex(target.value)}/${hex(target.mask)}`];
    case "connmark": {
      const { operation } = target;
      return operation === "set"
        ? ["-j", "CONNMARK", "--set-xmark", `${hex(target.value)}/${hex(target.mask)}`]
        : ["-j", "CONNMARK", `--${operation}-mark`, "--nfmask", hex(target.packetMask), "--ctmask", hex(target.connectionMask)];
    }
    case "log":
      return [
        "-j",
        "LOG",
        ...(target.prefix === "" ? [] : ["--log-prefix", quoted(target.prefix)]),
        ...(target.level === DEFAULT_LOG_LEVEL ? [] : ["--log-level", String(target.level)]),
      ];
    case "tcpmss":
      return ["-j", "TCPMSS", ...("set" in target ? ["--set-mss", String(target.set)] : ["--clamp-mss-to-pmtu"])];
  }
}

/** The orders in which sets are printed. */
export const CT_STATES: readonly CtState[] = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"];
export const ADDRESS_TYPES: readonly AddressType[] = [
  "UNSPEC",
  "UNICAST",
  "LOCAL",
  "BROADCAST",
  "ANYCAST",
  "MULTICAST",
  "BLACKHOLE",
  "UNREACHABLE",
  "PROHIBIT",
];
export const TCP_FLAGS: readonly string[] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

export const DEFAULT_BURST = 5;
export const DEFAULT_LOG_LEVEL = 4;

function not(part: Negatable<object>): string[] {
  return part.negated ? ["!"] : [];
}

function ports(option: string, range: Negatable<PortRange> | undefined): string[] {
  return range ? [...not(range), option, portRange(range)] : [];
}

export function portRange({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}:${to}`;
}

export function ordered<T extends string>(set: readonly T[], order: readonly T[]): string {
  return order.filter((member) => set.includes(member)).join(",");
}

export function flagNames(flags: readonly string[]): string {
  return flags.length === 0 ? "NONE" : ordered(flags, TCP_FLAGS);
}

export function icmpType({ type, code }: { readonly type: number; readonly code?: number }): string {
  if (type === ANY_ICMP_TYPE && code === undefined) return "any";
  return code === undefined ? String(type) : `${type}/${code}`;
}

/** A host without its length. */
function hostOrNetwork({ prefix }: { readonly prefix: { readonly address: string; readonly length: number } }): string {
  const isHost = prefix.length === (prefix.address.includes(":") ? 128 : 32);
  return isHost ? prefix.address : `${prefix.address}/${prefix.length}`;
}

export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

export function valueAndMask({ value, mask }: { readonly value: number; readonly mask: number }): string {
  return mask >>> 0 === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

const RATE_NAMES = { second: "sec", minute: "min", hour: "hour", day: "day" } as const;

export function printRate(rate: { readonly count: number; readonly per: keyof typeof RATE_NAMES }): string {
  return `${rate.count}/${RATE_NAMES[rate.per]}`;
}

/** xtables_save_string: quoted unless there is nothing to quote. */
function quoted(text: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, "\\$&")}"`;
}

/** `10.0.0.1-10.0.0.9:80-90`, `[fd00::1]:80`, `:80`, `80`: as the target writes it. */
export function natAddresses(range: NatRange): string {
  const { from, to, ports: portsOfRange } = range;
  let text = "";
  if (from !== undefined) {
    text = to === undefined || to === from ? from : `${from}-${to}`;
    if (portsOfRange && familyOf(from) === 6) text = `[${text}]`;
  }
  return portsOfRange ? `${text}:${natPorts(portsOfRange)}` : text;
}

export function natPorts({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function natRange(option: string, range: NatRange): string[] {
  const value = option === "--to-ports" ? (range.ports ? natPorts(range.ports) : "") : natAddresses(range);
  return [
    ...(value === "" ? [] : [option, value]),
    ...(range.random ? ["--random"] : []),
    ...(range.fullyRandom ? ["--random-fully"] : []),
    ...(range.persistent ? ["--persistent"] : []),
  ];
}
