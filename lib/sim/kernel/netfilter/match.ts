/**
 * Whether a packet is what a rule asks for: the matches of xtables (net/netfilter/xt_*.c, ipt_do_table's ip_packet_match),
 * compiled once into a function, since every packet meets every rule.
 */

import { type Duration, elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import { bitsOf, contains, type Ip, isV4, type Prefix, v4ToNumber } from "@/lib/sim/net/address";
import type { TcpFlags } from "@/lib/sim/net/frame";
import { trackedPacket } from "./connection";
import type { HookContext, StackForHooks } from "./hook";
import { ICMP, ICMPV6, type PacketFacts, TCP, UDP } from "./packet";
import { protocolNumber } from "./protocol";
import type { AddressType, CtState, MatchModule, Matches, PortRange } from "./rule";

export type Candidate = {
  readonly facts: PacketFacts;
  readonly context: HookContext;
  readonly stack: StackForHooks;
  readonly now: Instant;
};

export type Test = (candidate: Candidate) => boolean;

/** All parts must hold. A test may keep state of its own (`limit`), so each rule needs one of its own. */
export function compileMatches(matches: Matches): Test {
  const tests: Test[] = [];
  const { source, destination, inInterface, outInterface, protocol } = matches;
  if (protocol && protocol.protocol !== "all") {
    const wanted = protocolNumber(protocol.protocol);
    tests.push(unless(protocol.negated, ({ facts }) => facts.protocol === wanted));
  }
  if (inInterface) {
    const named = interfaceTest(inInterface.name);
    tests.push(unless(inInterface.negated, ({ context }) => named(context.in)));
  }
  if (outInterface) {
    const named = interfaceTest(outInterface.name);
    tests.push(unless(outInterface.negated, ({ context }) => named(context.out)));
  }
  if (source) {
    const within = prefixTest(source.prefix);
    tests.push(unless(source.negated, ({ facts }) => within(facts.source)));
  }
  if (destination) {
    const within = prefixTest(destination.prefix);
    tests.push(unless(destination.negated, ({ facts }) => within(facts.destination)));
  }
  // Packets are never second fragments.
  if (matches.fragment) tests.push(unless(matches.fragment.negated, () => false));
  for (const module of matches.modules) tests.push(moduleTest(module));
  return (candidate) => tests.every((test) => test(candidate));
}

function unless(negated: true | undefined, test: Test): Test {
  return negated ? (candidate) => !test(candidate) : test;
}

function interfaceTest(wanted: string): (name: string | undefined) => boolean {
  if (!wanted.endsWith("+")) return (name) => name === wanted;
  const beginning = wanted.slice(0, -1);
  return (name) => name?.startsWith(beginning) ?? beginning === "";
}

function prefixTest(prefix: Prefix): (address: Ip) => boolean {
  if (!isV4(prefix.address)) {
    return prefix.length === bitsOf(prefix.address) ? (address) => address === prefix.address : (address) => contains(prefix, address);
  }
  if (prefix.length === 0) return (address) => isV4(address);
  const shift = 32 - prefix.length;
  const wanted = v4ToNumber(prefix.address) >>> shift;
  return (address) => isV4(address) && v4ToNumber(address) >>> shift === wanted;
}

function moduleTest(module: MatchModule): Test {
  switch (module.module) {
    case "tcp": {
      const { flags } = module;
      const ports = portTests(module.sourcePort, module.destinationPort);
      const flagsMatch = flags ? unless(flags.negated, ({ facts }) => hasFlags(facts.tcpFlags ?? {}, flags.mask, flags.set)) : undefined;
      return (candidate) => candidate.facts.protocol === TCP && ports(candidate) && (flagsMatch?.(candidate) ?? true);
    }
    case "udp": {
      const ports = portTests(module.sourcePort, module.destinationPort);
      return (candidate) => candidate.facts.protocol === UDP && ports(candidate);
    }
    case "icmp":
    case "icmp6": {
      const protocol = module.module === "icmp" ? ICMP : ICMPV6;
      const { type, code, negated } = module.type;
      const named = unless(
        negated,
        ({ facts }) => type === ANY_ICMP_TYPE || (facts.icmp?.type === type && (code === undefined || facts.icmp.code === code)),
      );
      return (candidate) => candidate.facts.protocol === protocol && named(candidate);
    }
    case "multiport": {
      const { direction, ports } = module;
      return unless(ports.negated, ({ facts }) => {
        const source = direction !== "destination" && isInSome(ports.ranges, facts.sourcePort);
        return source || (direction !== "source" && isInSome(ports.ranges, facts.destinationPort));
      });
    }
    case "conntrack": {
      const { states, originalDestination, originalDestinationPort } = module;
      const state = states && unless(states.negated, stateTest(states.states));
      const within = originalDestination && prefixTest(originalDestination.prefix);
      return (candidate) => {
        if (state && !state(candidate)) return false;
        const tracked = trackedPacket(candidate.context.skb);
        // Of a packet without a connection only the state can be asked.
        if (!tracked) return states !== undefined;
        const { original } = tracked.connection;
        return (
          (!within || within(original.destination) !== (originalDestination.negated === true)) &&
          (!originalDestinationPort ||
            isInSome([originalDestinationPort], original.destinationPort) !== (originalDestinationPort.negated === true))
        );
      };
    }
    case "state":
      return unless(module.states.negated, stateTest(module.states.states));
    case "addrtype": {
      const { sourceType, destinationType, limitIfaceIn, limitIfaceOut } = module;
      const device = ({ context }: Candidate): string | undefined => (limitIfaceIn ? context.in : limitIfaceOut ? context.out : undefined);
      const tests: Test[] = [];
      if (sourceType) tests.push(unless(sourceType.negated, (c) => isOfType(c, c.facts.source, sourceType.types, device(c))));
      if (destinationType)
        tests.push(unless(destinationType.negated, (c) => isOfType(c, c.facts.destination, destinationType.types, device(c))));
      return (candidate) => tests.every((test) => test(candidate));
    }
    case "mark": {
      const { value, mask, negated } = module.mark;
      return unless(negated, ({ context }) => (context.skb.mark & mask) >>> 0 === value >>> 0);
    }
    case "connmark": {
      const { value, mask, negated } = module.mark;
      return ({ context }) => {
        const tracked = trackedPacket(context.skb);
        return tracked !== undefined && ((tracked.connection.mark & mask) >>> 0 === value >>> 0) !== (negated === true);
      };
    }
    case "comment":
      return () => true;
    case "mac": {
      const { mac, negated } = module.source;
      return ({ context }) => context.skb.sourceMac !== undefined && (context.skb.sourceMac === mac) !== (negated === true);
    }
    case "limit":
      return limitTest(module.rate.count, PERIODS[module.rate.per], module.burst);
    case "physdev": {
      const { in: physIn, out: physOut, isBridged } = module;
      const tests: Test[] = [];
      if (physIn) {
        const named = interfaceTest(physIn.name);
        tests.push(unless(physIn.negated, ({ context }) => named(context.skb.physIn)));
      }
      if (physOut) {
        const named = interfaceTest(physOut.name);
        tests.push(unless(physOut.negated, ({ context }) => named(context.skb.physOut)));
      }
      if (isBridged)
        tests.push(unless(isBridged.negated, ({ context }) => context.skb.physIn !== undefined && context.skb.physOut !== undefined));
      return (candidate) => tests.every((test) => test(candidate));
    }
    case "policy":
      // No packet here has been through IPsec: only `--pol none` can hold.
      return () => module.policy === "none";
    case "bpf":
      // Byte code is kept and printed; only a host that is sent an encrypted overlay's packets would run it.
      return () => false;
  }
}

/** `--icmp-type any`. */
export const ANY_ICMP_TYPE = 255;

function portTests(
  source: (PortRange & { readonly negated?: true }) | undefined,
  destination: (PortRange & { readonly negated?: true }) | undefined,
): Test {
  return ({ facts }) =>
    (!source || isInSome([source], facts.sourcePort) !== (source.negated === true)) &&
    (!destination || isInSome([destination], facts.destinationPort) !== (destination.negated === true));
}

function isInSome(ranges: readonly PortRange[], port: number | undefined): boolean {
  return port !== undefined && ranges.some((range) => range.from <= port && port <= range.to);
}

function hasFlags(flags: TcpFlags, mask: readonly string[], set: readonly string[]): boolean {
  const isSet = (name: string): boolean => Object.hasOwn(flags, name.toLowerCase());
  return mask.every((name) => isSet(name) === set.includes(name));
}

function stateTest(states: readonly CtState[]): Test {
  return ({ context }) => {
    const tracked = trackedPacket(context.skb);
    if (!tracked) return states.includes(context.skb.untracked ? "UNTRACKED" : "INVALID");
    if (states.includes(tracked.state)) return true;
    const { changesSource, changesDestination } = tracked.connection;
    return (changesSource && states.includes("SNAT")) || (changesDestination && states.includes("DNAT"));
  };
}

function isOfType(candidate: Candidate, address: Ip, types: readonly AddressType[], device: string | undefined): boolean {
  return types.includes(candidate.stack.addressType(address, device));
}

const PERIODS = { second: seconds(1), minute: seconds(60), hour: seconds(3_600), day: seconds(86_400) } as const;

/** A token bucket that starts full (xt_limit.c). */
function limitTest(count: number, period: Duration, burst: number): Test {
  let tokens = burst;
  let filledAt: Instant | undefined;
  return ({ now }) => {
    if (filledAt !== undefined) tokens = Math.min(burst, tokens + (elapsed(filledAt, now) * count) / period);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
