/**
 * Firewall rules as Docker writes them: with iptables' own words, added only if not there, removed only if there.
 *
 * Whatever goes through here could have been typed; a learner reads it back with `iptables -S`. Modelled on moby's
 * daemon/libnetwork/iptables/iptables.go, which runs the program and quotes it when it fails: someone has deleted a chain.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { DONE, fail, type Result, unwrap } from "@/lib/base/result";
import { type Netfilter, type NetfilterError, parseRulespec, type Rule, type TableName } from "@/lib/sim/kernel";

/** The iptables that Docker runs names itself so in its messages. */
const VERSION = "v1.8.13 (nf_tables)";

export class RuleWriter {
  readonly #tables: Netfilter;

  constructor(tables: Netfilter) {
    this.#tables = tables;
  }

  get family(): 4 | 6 {
    return this.#tables.family;
  }

  /** `-N`, if there is none of that name. */
  newChain(table: TableName, chain: string): void {
    if (!this.#has(table, chain)) unwrap(this.#tables.newChain(table, chain));
  }

  /** A chain without rules: a new one, or `-F`. */
  emptyChain(table: TableName, chain: string): void {
    if (this.#has(table, chain)) unwrap(this.#tables.flush(table, chain));
    else unwrap(this.#tables.newChain(table, chain));
  }

  /** `-F` and `-X`. A chain to which a rule still jumps stays, empty. */
  removeChain(table: TableName, chain: string): void {
    if (!this.#has(table, chain)) return;
    unwrap(this.#tables.flush(table, chain));
    this.#tables.deleteChain(table, chain);
  }

  /** `-A`, unless the rule is in the chain already. What Docker says when it fails. */
  append(table: TableName, chain: string, spec: string): Result<void, string> {
    const rule = this.#rule(spec);
    if (this.#tables.hasRule(table, chain, rule)) return DONE;
    const added = this.#tables.append(table, chain, rule);
    return added.ok ? DONE : fail(this.#quote(["-A", "APPEND"], table, chain, spec, added.error));
  }

  /** `-I`, unless the rule is in the chain already. */
  insert(table: TableName, chain: string, spec: string): Result<void, string> {
    const rule = this.#rule(spec);
    if (this.#tables.hasRule(table, chain, rule)) return DONE;
    const added = this.#tables.insert(table, chain, 1, rule);
    return added.ok ? DONE : fail(this.#quote(["-I", "INSERT"], table, chain, spec, added.error));
  }

  /** `-D`, if the rule is in the chain. `ifChain`: the chain it jumps to, without which it cannot be there. */
  remove(table: TableName, chain: string, spec: string, options: { readonly ifChain?: string } = {}): void {
    if (options.ifChain !== undefined && !this.#has(table, options.ifChain)) return;
    const rule = this.#rule(spec);
    if (this.#tables.hasRule(table, chain, rule)) unwrap(this.#tables.deleteRule(table, chain, rule));
  }

  /** Makes the jump the first rule of a chain of the filter table. */
  jumpFirst(from: string, to: string): void {
    this.remove("filter", from, `-j ${to}`);
    unwrap(this.insert("filter", from, `-j ${to}`));
  }

  setPolicy(table: TableName, chain: string, policy: "ACCEPT" | "DROP"): void {
    unwrap(this.#tables.setPolicy(table, chain, policy));
  }

  #has(table: TableName, chain: string): boolean {
    return this.#tables.chains(table).some(({ name }) => name === chain);
  }

  /** The command that Docker ran, what that printed, and how it ended. */
  #quote([option, change]: readonly [string, string], table: TableName, chain: string, spec: string, error: NetfilterError): string {
    const program = this.#tables.family === 4 ? "iptables" : "ip6tables";
    const [printed, status] = complaint(program, change, chain, error);
    return ` (iptables failed: ${program} --wait -t ${table} ${option} ${chain} ${spec}: ${printed} (exit status ${status}))`;
  }

  #rule(spec: string): Rule {
    const parsed = parseRulespec(spec.split(" "), this.#tables.family);
    if (!parsed.ok) throw new InvariantViolation(`Docker's rule is not one that iptables reads: ${spec}`);
    return parsed.value.rule;
  }
}

/** What iptables prints about a rule that the kernel did not take, and its exit status. */
function complaint(program: string, change: string, chain: string, error: NetfilterError): readonly [printed: string, status: number] {
  switch (error.kind) {
    case "no-chain":
      return [`${program}: No chain/target/match by that name.\n`, 1];
    case "no-target-chain":
      return [
        `${program} ${VERSION}: Chain '${error.chain}' does not exist\nTry \`${program} -h' or '${program} --help' for more information.\n`,
        2,
      ];
    case "loop":
      return [`${program} ${VERSION}:  RULE_${change} failed (Too many links): rule in chain ${chain}\n`, 4];
    case "built-in-chain":
      return [`${program} ${VERSION}:  RULE_${change} failed (Operation not supported): rule in chain ${chain}\n`, 4];
    case "no-rule":
    case "index-too-big":
    case "chain-exists":
    case "chain-not-empty":
    case "chain-in-use":
    case "invalid":
      return [`${program} ${VERSION}:  RULE_${change} failed (Invalid argument): rule in chain ${chain}\n`, 4];
  }
}
