/**
 * The tables of one namespace and family: what `iptables` changes and lists (iptables-nft over nf_tables).
 *
 * A table comes into being with all its built-in chains the first time that it is changed; one that was never changed lists
 * as empty and costs packets nothing. A rule that the kernel refuses when it validates a table (a loop, a target where it
 * may not be) is refused here.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import type { Family } from "@/lib/sim/net/address";
import { BUILTIN_CHAINS, isBuiltin, TABLES } from "./builtin";
import { Chain, ChainRule, chainOfTarget } from "./chain";
import { whyRuleIsRefused, whyTargetIsMisplaced } from "./refusal";
import type { ChainView, Counters, Netfilter, NetfilterError, Rule, TableName } from "./rule";
import { printRule } from "./rulespec-print";

type Refusal = Result<void, NetfilterError>;
type Chains = Map<string, Chain>;

export class Tables implements Netfilter {
  readonly family: Family;
  readonly #tables = new Map<TableName, Chains>();
  readonly #onChange: () => void;
  /** Whether some rule needs connections; unknown after a change. */
  #needsConntrack: boolean | undefined;

  constructor(family: Family, onChange: () => void) {
    this.family = family;
    this.#onChange = onChange;
  }

  tables(): readonly TableName[] {
    return TABLES.filter((table) => this.#tables.has(table));
  }

  chains(table: TableName): readonly ChainView[] {
    const chains = this.#chainsOf(table);
    const references = countReferences(chains);
    return sortedChains(table, chains).map((chain) => ({
      name: chain.name,
      ...(chain.policy ? { policy: chain.policy } : {}),
      counters: { packets: chain.packets, bytes: chain.bytes },
      rules: chain.rules.map(({ rule, packets, bytes }) => ({ rule, counters: { packets, bytes } })),
      references: references.get(chain.name) ?? 0,
    }));
  }

  newChain(table: TableName, name: string): Refusal {
    const chains = this.#chainsOf(table);
    if (chains.has(name)) return fail({ kind: "chain-exists", chain: name });
    chains.set(name, new Chain(name, undefined));
    return this.#changed(table, chains);
  }

  deleteChain(table: TableName, name: string): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    if (isBuiltin(table, name)) return fail({ kind: "built-in-chain", chain: name });
    if (chain.rules.length > 0) return fail({ kind: "chain-not-empty", chain: name });
    if (countReferences(chains).has(name)) return fail({ kind: "chain-in-use", chain: name });
    chains.delete(name);
    return this.#changed(table, chains);
  }

  renameChain(table: TableName, from: string, to: string): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(from);
    if (chains.has(to)) return fail({ kind: "chain-exists", chain: to });
    if (!chain) return fail({ kind: "no-chain", chain: from });
    if (isBuiltin(table, from)) return fail({ kind: "built-in-chain", chain: from });
    chains.delete(from);
    chain.name = to;
    chains.set(to, chain);
    for (const other of chains.values()) {
      for (const [index, old] of other.rules.entries()) {
        const { target } = old.rule;
        if ((target.kind === "jump" || target.kind === "goto") && target.chain === from) {
          other.rules[index] = new ChainRule({ ...old.rule, target: { ...target, chain: to } }, old);
        }
      }
    }
    return this.#changed(table, chains);
  }

  setPolicy(table: TableName, name: string, policy: "ACCEPT" | "DROP", counters?: Counters): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    if (!isBuiltin(table, name)) return fail({ kind: "invalid", why: `${name} is not a built-in chain` });
    chain.policy = policy;
    if (counters) chain.count(counters);
    return this.#changed(table, chains);
  }

  append(table: TableName, name: string, rule: Rule, counters?: Counters): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    return this.#put(table, chains, chain, { at: chain.rules.length, instead: 0 }, new ChainRule(rule, counters));
  }

  insert(table: TableName, name: string, number: number, rule: Rule, counters?: Counters): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    if (number < 1 || number > chain.rules.length + 1) return fail({ kind: "index-too-big", index: number });
    return this.#put(table, chains, chain, { at: number - 1, instead: 0 }, new ChainRule(rule, counters));
  }

  replace(table: TableName, name: string, number: number, rule: Rule, counters?: Counters): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    if (number < 1 || number > chain.rules.length) return fail({ kind: "index-too-big", index: number });
    return this.#put(table, chains, chain, { at: number - 1, instead: 1 }, new ChainRule(rule, counters));
  }

  deleteNumber(table: TableName, name: string, number: number): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    if (number < 1 || number > chain.rules.length) return fail({ kind: "index-too-big", index: number });
    chain.rules.splice(number - 1, 1);
    return this.#changed(table, chains);
  }

  deleteRule(table: TableName, name: string, rule: Rule): Refusal {
    const chains = this.#chainsOf(table);
    const chain = chains.get(name);
    if (!chain) return fail({ kind: "no-chain", chain: name });
    const text = printRule(rule);
    const index = chain.rules.findIndex((existing) => existing.text === text);
    if (index < 0) return fail({ kind: "no-rule" });
    chain.rules.splice(index, 1);
    return this.#changed(table, chains);
  }

  hasRule(table: TableName, name: string, rule: Rule): boolean {
    const text = printRule(rule);
    return (
      this.#chainsOf(table)
        .get(name)
        ?.rules.some((existing) => existing.text === text) ?? false
    );
  }

  flush(table: TableName, name?: string): Refusal {
    const chains = this.#chainsOf(table);
    const flushed = name === undefined ? [...chains.values()] : [chains.get(name)];
    for (const chain of flushed) {
      if (!chain) return fail({ kind: "no-chain", chain: name ?? "" });
      chain.rules.length = 0;
    }
    return this.#changed(table);
  }

  zero(table: TableName, name?: string, number?: number): Refusal {
    const chains = this.#chainsOf(table);
    const chain = name === undefined ? undefined : chains.get(name);
    if (name !== undefined && !chain) return fail({ kind: "no-chain", chain: name });
    if (chain && number !== undefined) {
      const rule = chain.rules[number - 1];
      if (!rule) return fail({ kind: "index-too-big", index: number });
      rule.count(NOTHING);
      return DONE;
    }
    for (const zeroed of chain ? [chain] : chains.values()) {
      zeroed.count(NOTHING);
      for (const rule of zeroed.rules) rule.count(NOTHING);
    }
    return DONE;
  }

  /** For the packet path: the chain, if its table exists. */
  chainFor(table: TableName, name: string): Chain | undefined {
    return this.#tables.get(table)?.get(name);
  }

  /** Whether some rule needs connections: NAT, or a match that asks about them (nf_ct_netns_get). */
  get needsConntrack(): boolean {
    this.#needsConntrack ??= [...this.#tables.values()].some((chains) =>
      [...chains.values()].some((chain) => chain.rules.some(({ rule }) => usesConntrack(rule))),
    );
    return this.#needsConntrack;
  }

  /** The table's chains; of one that does not exist yet, what it would begin with. */
  #chainsOf(table: TableName): Chains {
    return this.#tables.get(table) ?? new Map(BUILTIN_CHAINS[table].map((name) => [name, new Chain(name, "ACCEPT")]));
  }

  #put(table: TableName, chains: Chains, chain: Chain, place: { readonly at: number; readonly instead: 0 | 1 }, rule: ChainRule): Refusal {
    const target = chainOfTarget(rule.rule);
    if (target !== undefined && !chains.has(target)) return fail({ kind: "no-target-chain", chain: target });
    if (target !== undefined && isBuiltin(table, target)) return fail({ kind: "built-in-chain", chain: target });
    const refused = whyRuleIsRefused(rule.rule, table);
    if (refused !== undefined) return fail({ kind: "invalid", why: refused });

    const removed = chain.rules.splice(place.at, place.instead, rule);
    const error = validate(table, chains);
    if (error) {
      chain.rules.splice(place.at, 1, ...removed);
      return fail(error);
    }
    return this.#changed(table, chains);
  }

  /** Without `chains`: a change that does not make the table exist. */
  #changed(table: TableName, chains?: Chains): Refusal {
    if (chains) this.#tables.set(table, chains);
    this.#needsConntrack = undefined;
    this.#onChange();
    return DONE;
  }
}

const NOTHING: Counters = { packets: 0, bytes: 0 };

/**
 * What the kernel refuses in a table as a whole (nft_chain_validate): from each hook, no way may lead back to itself, and no
 * target may stand where it cannot work. What no hook leads to is not looked at.
 */
function validate(table: TableName, chains: ReadonlyMap<string, Chain>): NetfilterError | undefined {
  for (const hook of BUILTIN_CHAINS[table]) {
    const finished = new Set<string>();
    const visit = (name: string, way: readonly string[]): NetfilterError | undefined => {
      if (way.includes(name)) return { kind: "loop", chain: name };
      if (finished.has(name)) return undefined;
      for (const { rule } of chains.get(name)?.rules ?? []) {
        const why = whyTargetIsMisplaced(rule.target, hook);
        if (why !== undefined) return { kind: "invalid", why };
        const target = chainOfTarget(rule);
        const error = target === undefined ? undefined : visit(target, [...way, name]);
        if (error) return error;
      }
      finished.add(name);
      return undefined;
    };
    const error = visit(hook, []);
    if (error) return error;
  }
  return undefined;
}

function sortedChains(table: TableName, chains: ReadonlyMap<string, Chain>): Chain[] {
  const builtin: readonly string[] = BUILTIN_CHAINS[table];
  const rank = (name: string): number => (builtin.includes(name) ? builtin.indexOf(name) : builtin.length);
  return [...chains.values()].sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

function countReferences(chains: ReadonlyMap<string, Chain>): Map<string, number> {
  const references = new Map<string, number>();
  for (const chain of chains.values()) {
    for (const { rule } of chain.rules) {
      const target = chainOfTarget(rule);
      if (target !== undefined) references.set(target, (references.get(target) ?? 0) + 1);
    }
  }
  return references;
}

function usesConntrack({ matches, target }: Rule): boolean {
  switch (target.kind) {
    case "dnat":
    case "snat":
    case "masquerade":
    case "redirect":
    case "connmark":
      return true;
    default:
      return matches.modules.some(({ module }) => module === "conntrack" || module === "state" || module === "connmark");
  }
}
