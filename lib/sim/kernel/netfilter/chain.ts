/** Chains of one table as the packet path walks them: rules compiled and counted (struct nft_chain, nft_rule). */

import { compileMatches, type Test } from "./match";
import type { Counters, Rule } from "./rule";
import { printRule } from "./rulespec-print";

export class ChainRule {
  readonly rule: Rule;
  /** As `-S` prints it after `-A CHAIN `. Equal rules have equal text. */
  readonly text: string;
  readonly matches: Test;
  packets = 0;
  bytes = 0;

  constructor(rule: Rule, counters?: Counters) {
    this.rule = rule;
    this.text = printRule(rule);
    this.matches = compileMatches(rule.matches);
    if (counters) this.count(counters);
  }

  /** Sets the counters. */
  count({ packets, bytes }: Counters): void {
    this.packets = packets;
    this.bytes = bytes;
  }
}

export class Chain {
  name: string;
  /** Only of built-in chains. */
  policy: "ACCEPT" | "DROP" | undefined;
  /** Of a built-in chain: what its policy decided. Of a user chain always zero. */
  packets = 0;
  bytes = 0;
  readonly rules: ChainRule[] = [];

  constructor(name: string, policy: "ACCEPT" | "DROP" | undefined) {
    this.name = name;
    this.policy = policy;
  }

  /** Sets the counters. */
  count({ packets, bytes }: Counters): void {
    this.packets = packets;
    this.bytes = bytes;
  }
}

/** The chain that a rule hands its packets to. */
export function chainOfTarget(rule: Rule): string | undefined {
  return rule.target.kind === "jump" || rule.target.kind === "goto" ? rule.target.chain : undefined;
}
