/**
 * Netfilter rules as values: what `iptables` writes and the packet path reads.
 *
 * Rules are written and printed in iptables' own language by rulespec.ts, which both the `iptables` program and libnetwork
 * use: what Docker installs could have been typed.
 */

import type { Result } from "@/lib/base/result";
import type { Family, Ip, Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";
export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** Which rule: what `iptables -t TABLE -L CHAIN --line-numbers` would number `number`. `text` is as `-S` prints it. */
export type RuleLocation = { readonly table: TableName; readonly chain: string; readonly number: number; readonly text: string };

/** `negated` is the `!` in front. */
export type Negatable<T> = T & { readonly negated?: true };

export type PortRange = { readonly from: number; readonly to: number };
export type CtState = "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED" | "SNAT" | "DNAT";
export type AddressType = "UNSPEC" | "UNICAST" | "LOCAL" | "BROADCAST" | "ANYCAST" | "MULTICAST" | "BLACKHOLE" | "UNREACHABLE" | "PROHIBIT";

/** One number has one spelling here: that of `iptables -S`. */
export type Protocol = "tcp" | "udp" | "icmp" | "ipv6-icmp" | "esp" | "ah" | "sctp" | "mobility-header" | "udplite" | "all" | number;

/** What a packet must be like, in the order in which `-S` prints the parts. */
export type Matches = {
  readonly source?: Negatable<{ readonly prefix: Prefix }>;
  readonly destination?: Negatable<{ readonly prefix: Prefix }>;
  /** A trailing `+` matches any ending. */
  readonly inInterface?: Negatable<{ readonly name: string }>;
  readonly outInterface?: Negatable<{ readonly name: string }>;
  readonly protocol?: Negatable<{ readonly protocol: Protocol }>;
  readonly fragment?: Negatable<{ readonly second: true }>;
  /** Modules (`-m`), in the order given. */
  readonly modules: readonly MatchModule[];
};

export type MatchModule =
  | {
      readonly module: "tcp";
      readonly sourcePort?: Negatable<PortRange>;
      readonly destinationPort?: Negatable<PortRange>;
      readonly flags?: Negatable<{ readonly mask: readonly string[]; readonly set: readonly string[] }>;
    }
  | { readonly module: "udp"; readonly sourcePort?: Negatable<PortRange>; readonly destinationPort?: Negatable<PortRange> }
  | { readonly module: "icmp"; readonly type: Negatable<{ readonly type: number; readonly code?: number }> }
  | { readonly module: "icmp6"; readonly type: Negatable<{ readonly type: number; readonly code?: number }> }
  | {
      readonly module: "multiport";
      readonly direction: "source" | "destination" | "either";
      readonly ports: Negatable<{ readonly ranges: readonly PortRange[] }>;
    }
  | {
      readonly module: "conntrack";
      readonly states?: Negatable<{ readonly states: readonly CtState[] }>;
      readonly originalDestination?: Negatable<{ readonly prefix: Prefix }>;
      readonly originalDestinationPort?: Negatable<PortRange>;
    }
  | { readonly module: "state"; readonly states: Negatable<{ readonly states: readonly CtState[] }> }
  | {
      readonly module: "addrtype";
      readonly sourceType?: Negatable<{ readonly types: readonly AddressType[] }>;
      readonly destinationType?: Negatable<{ readonly types: readonly AddressType[] }>;
      readonly limitIfaceIn?: true;
      readonly limitIfaceOut?: true;
    }
  | { readonly module: "mark"; readonly mark: Negatable<{ readonly value: number; readonly mask: number }> }
  | { readonly module: "connmark"; readonly mark: Negatable<{ readonly value: number; readonly mask: number }> }
  | { readonly module: "comment"; readonly text: string }
  | { readonly module: "mac"; readonly source: Negatable<{ readonly mac: Mac }> }
  | {
      readonly module: "limit";
      readonly rate: { readonly count: number; readonly per: "second" | "minute" | "hour" | "day" };
      readonly burst: number;
    }
  | {
      readonly module: "physdev";
      readonly in?: Negatable<{ readonly name: string }>;
      readonly out?: Negatable<{ readonly name: string }>;
      readonly isBridged?: Negatable<{ readonly flag: true }>;
    }
  /** IPsec, as encrypted overlays ask for it. */
  | { readonly module: "policy"; readonly direction: "in" | "out"; readonly policy: "none" | "ipsec" }
  /** Classic BPF as `--bytecode` takes it: kept and printed, it holds for no packet. */
  | { readonly module: "bpf"; readonly bytecode: string };

export type RejectWith =
  | "icmp-net-unreachable"
  | "icmp-host-unreachable"
  | "icmp-port-unreachable"
  | "icmp-proto-unreachable"
  | "icmp-net-prohibited"
  | "icmp-host-prohibited"
  | "icmp-admin-prohibited"
  | "tcp-reset"
  | "icmp6-no-route"
  | "icmp6-adm-prohibited"
  | "icmp6-addr-unreachable"
  | "icmp6-port-unreachable";

export type NatRange = {
  readonly from?: Ip;
  readonly to?: Ip;
  readonly ports?: PortRange;
  readonly random?: true;
  readonly fullyRandom?: true;
  readonly persistent?: true;
};

export type Target =
  /** A rule without `-j`: it only counts. */
  | { readonly kind: "none" }
  | { readonly kind: "accept" }
  | { readonly kind: "drop" }
  | { readonly kind: "return" }
  | { readonly kind: "reject"; readonly with: RejectWith }
  | { readonly kind: "jump"; readonly chain: string }
  | { readonly kind: "goto"; readonly chain: string }
  | { readonly kind: "dnat"; readonly range: NatRange }
  | { readonly kind: "snat"; readonly range: NatRange }
  | { readonly kind: "masquerade"; readonly range: NatRange }
  | { readonly kind: "redirect"; readonly range: NatRange }
  | { readonly kind: "mark"; readonly operation: "set" | "and" | "or" | "xor"; readonly value: number; readonly mask: number }
  | { readonly kind: "connmark"; readonly operation: "set"; readonly value: number; readonly mask: number }
  | { readonly kind: "connmark"; readonly operation: "save" | "restore"; readonly packetMask: number; readonly connectionMask: number }
  | { readonly kind: "notrack" }
  /** `level` 0 (emerg) to 7 (debug); 4 (warning) is the default. */
  | { readonly kind: "log"; readonly prefix: string; readonly level: number }
  | { readonly kind: "tcpmss"; readonly clampToPmtu: true }
  | { readonly kind: "tcpmss"; readonly set: number };

export type Rule = { readonly matches: Matches; readonly target: Target };

export type Counters = { readonly packets: number; readonly bytes: number };

export type ChainView = {
  readonly name: string;
  /** Only built-in chains have one. */
  readonly policy?: "ACCEPT" | "DROP";
  readonly counters: Counters;
  readonly rules: readonly { readonly rule: Rule; readonly counters: Counters }[];
  /** How many rules jump or go to it. */
  readonly references: number;
};

/** Facts; the `iptables` program finds the words. */
export type NetfilterError =
  | { readonly kind: "no-chain"; readonly chain: string }
  | { readonly kind: "no-target-chain"; readonly chain: string }
  | { readonly kind: "chain-exists"; readonly chain: string }
  | { readonly kind: "chain-not-empty"; readonly chain: string }
  | { readonly kind: "chain-in-use"; readonly chain: string }
  /** It can neither be removed, renamed nor jumped to. */
  | { readonly kind: "built-in-chain"; readonly chain: string }
  | { readonly kind: "no-rule" }
  | { readonly kind: "index-too-big"; readonly index: number }
  | { readonly kind: "loop"; readonly chain: string }
  | { readonly kind: "invalid"; readonly why: string };

/** The tables of one network namespace, of one family. Rule numbers count from 1. */
export interface Netfilter {
  readonly family: Family;
  /** Tables that exist, that is, those that were ever changed, in the order of `iptables-save`. */
  tables(): readonly TableName[];
  /** Built-in chains first in hook order, then user chains by name (as iptables-nft lists them). */
  chains(table: TableName): readonly ChainView[];
  newChain(table: TableName, chain: string): Result<void, NetfilterError>;
  deleteChain(table: TableName, chain: string): Result<void, NetfilterError>;
  renameChain(table: TableName, from: string, to: string): Result<void, NetfilterError>;
  /** The counters are set, where they are given. */
  setPolicy(table: TableName, chain: string, policy: "ACCEPT" | "DROP", counters?: Counters): Result<void, NetfilterError>;
  append(table: TableName, chain: string, rule: Rule, counters?: Counters): Result<void, NetfilterError>;
  insert(table: TableName, chain: string, number: number, rule: Rule, counters?: Counters): Result<void, NetfilterError>;
  replace(table: TableName, chain: string, number: number, rule: Rule, counters?: Counters): Result<void, NetfilterError>;
  deleteNumber(table: TableName, chain: string, number: number): Result<void, NetfilterError>;
  /** Deletes the first rule that is equal. */
  deleteRule(table: TableName, chain: string, rule: Rule): Result<void, NetfilterError>;
  /** Whether an equal rule is there (`-C`). */
  hasRule(table: TableName, chain: string, rule: Rule): boolean;
  /** Removes all rules of a chain, or of all chains. */
  flush(table: TableName, chain?: string): Result<void, NetfilterError>;
  /** Of all chains, of one, or of one rule in it. */
  zero(table: TableName, chain?: string, number?: number): Result<void, NetfilterError>;
}
