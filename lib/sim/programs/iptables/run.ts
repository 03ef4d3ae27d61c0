/** Carries out one command of `iptables` on the tables of a namespace (iptables/xtables.c, do_commandx; nft.c). */

import { type ChainView, type Netfilter, printRule, printRuleWithCounters, type Rule } from "@/lib/sim/kernel";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { CommandLine } from "./command-line";
import { describeRule, listChain, listRule, type ListingStyle } from "./listing";
import {
  BAD_RULE,
  NO_CHAIN,
  notCommitted,
  type Outcome,
  parameterProblem,
  printed,
  refused,
  type RuleChange,
  ruleRefused,
  type Speaker,
} from "./words";

export type Names = { readonly hostName: (address: string) => string | undefined };

export function runCommand(line: CommandLine, netfilter: Netfilter, names: Names, speaker: Speaker): Outcome {
  if (line.verbose > 1) return { stdout: "", stderr: `${notSimulated("the dump of nf_tables by -vv")}\n`, status: 1 };
  const missing = missingJumpTarget(line, netfilter, speaker);
  if (missing) return missing;
  const { command, table, rule, verbose } = line;
  const say = (rules: readonly Rule[]): string => (verbose ? rules.map((one) => describeRule(one, netfilter.family)).join("") : "");

  switch (command.kind) {
    case "append":
      return changeRules(rule.all, "APPEND", command.chain, speaker, say, (one) =>
        netfilter.append(table, command.chain, one, rule.counters),
      );
    case "insert":
      return changeRules(rule.all, "INSERT", command.chain, speaker, say, (one) =>
        netfilter.insert(table, command.chain, command.number, one, rule.counters),
      );
    case "replace":
      return changeRules([rule.rule], "REPLACE", command.chain, speaker, say, (one) =>
        netfilter.replace(table, command.chain, command.number, one, rule.counters),
      );
    case "check": {
      const isThere = rule.all.every((one) => netfilter.hasRule(table, command.chain, one));
      return isThere ? printed(say(rule.all)) : refused(speaker, BAD_RULE);
    }
    case "delete": {
      if (command.number !== undefined) {
        const deleted = netfilter.deleteNumber(table, command.chain, command.number);
        if (deleted.ok) return printed("");
        return refused(speaker, deleted.error.kind === "no-chain" ? NO_CHAIN : "Index of deletion too big.");
      }
      if (!rule.all.every((one) => netfilter.hasRule(table, command.chain, one))) return refused(speaker, BAD_RULE);
      for (const one of rule.all) netfilter.deleteRule(table, command.chain, one);
      return printed(say(rule.all));
    }
    case "list":
    case "list-rules":
      return list(line, { ...command, kind: command.kind }, netfilter, names, speaker);
    case "zero":
      return zero(line, command.chain, command.number, netfilter, speaker);
    case "flush":
      return netfilter.flush(table, command.chain).ok
        ? printed(narrated(line, netfilter, command.chain, "Flushing"))
        : refused(speaker, NO_CHAIN);
    case "new-chain":
      return netfilter.newChain(table, command.chain).ok ? printed("") : refused(speaker, "Chain already exists.");
    case "delete-chain":
      return deleteChains(line, command.chain, netfilter, speaker);
    case "rename-chain": {
      const renamed = netfilter.renameChain(table, command.chain, command.to);
      if (renamed.ok) return printed("");
      return refused(speaker, renamed.error.kind === "chain-exists" ? "File exists." : NO_CHAIN);
    }
    case "policy": {
      const { policy } = command;
      const chain = find(netfilter.chains(table), command.chain);
      const hint = speaker.line === undefined ? " Run `dmesg' for more information." : "";
      if (!chain?.policy) return refused(speaker, "Bad built-in chain name.");
      if (policy !== "ACCEPT" && policy !== "DROP") return refused(speaker, `Bad policy name.${hint}`);
      netfilter.setPolicy(table, command.chain, policy);
      return printed("");
    }
  }
}

function changeRules(
  rules: readonly Rule[],
  change: RuleChange,
  chain: string,
  speaker: Speaker,
  say: (rules: readonly Rule[]) => string,
  put: (rule: Rule) => ReturnType<Netfilter["append"]>,
): Outcome {
  for (const rule of rules) {
    const done = put(rule);
    if (!done.ok) return ruleRefused(speaker, change, chain, done.error);
  }
  return printed(say(rules));
}

function list(
  line: CommandLine,
  {
    kind,
    chain,
    number,
    alsoZero,
  }: {
    readonly kind: "list" | "list-rules";
    readonly chain: string | undefined;
    readonly number: number | undefined;
    readonly alsoZero: boolean;
  },
  netfilter: Netfilter,
  names: Names,
  speaker: Speaker,
): Outcome {
  const chains = netfilter.chains(line.table);
  const chosen = chain === undefined ? chains : chains.filter(({ name }) => name === chain);
  if (chosen.length === 0) return refused(speaker, NO_CHAIN);
  const text = kind === "list" ? listed(line, chosen, number, netfilter, names) : asCommands(line, chosen, number);
  const zeroed = alsoZero ? zero(line, chain, number, netfilter, speaker) : printed("");
  return { ...zeroed, stdout: text + zeroed.stdout };
}

function listed(
  line: CommandLine,
  chains: readonly ChainView[],
  number: number | undefined,
  netfilter: Netfilter,
  { hostName }: Names,
): string {
  const { numeric, exact, lineNumbers } = line;
  const style: ListingStyle = { family: netfilter.family, numeric, exact, lineNumbers, verbose: line.verbose > 0, hostName };
  if (number === undefined) return chains.map((chain) => listChain(chain, style)).join("\n");
  const found = chains[0]?.rules[number - 1];
  return found ? listRule(found.rule, found.counters, number, style) : "";
}

/** `-S`: first what makes the chains, then their rules. */
function asCommands(line: CommandLine, chains: readonly ChainView[], number: number | undefined): string {
  const counted = line.verbose > 0;
  const makers = chains.map(({ name, policy, counters }) =>
    policy ? `-P ${name} ${policy}${counted ? ` -c ${counters.packets} ${counters.bytes}` : ""}\n` : `-N ${name}\n`,
  );
  const rules = chains.flatMap(({ name, rules: all }) =>
    all.map(({ rule, counters }) => {
      const text = counted ? printRuleWithCounters(rule, counters) : printRule(rule);
      return `-A ${name}${text === "" ? "" : ` ${text}`}\n`;
    }),
  );
  return number === undefined ? [...makers, ...rules].join("") : (rules[number - 1] ?? "");
}

function zero(line: CommandLine, chain: string | undefined, number: number | undefined, netfilter: Netfilter, speaker: Speaker): Outcome {
  const done = netfilter.zero(line.table, chain, number);
  if (!done.ok) return refused(speaker, done.error.kind === "no-chain" ? NO_CHAIN : BAD_RULE);
  return printed(number === undefined ? narrated(line, netfilter, chain, "Zeroing") : "");
}

/** All that are asked for go, or none does. */
function deleteChains(line: CommandLine, name: string | undefined, netfilter: Netfilter, speaker: Speaker): Outcome {
  const chains = netfilter.chains(line.table).filter((chain) => (name === undefined ? !chain.policy : chain.name === name));
  const [only] = chains;
  if (name !== undefined && (!only || only.policy)) return refused(speaker, NO_CHAIN);
  const busy = chains.find(({ rules, references }) => rules.length > 0 || references > 0);
  if (busy) return notCommitted(speaker, `CHAIN_DEL failed (Device or resource busy): chain ${busy.name}`);
  for (const chain of chains) netfilter.deleteChain(line.table, chain.name);
  return printed(line.verbose ? chains.map((chain) => `Deleting chain \`${chain.name}'\n`).join("") : "");
}

function narrated(line: CommandLine, netfilter: Netfilter, chain: string | undefined, what: string): string {
  if (!line.verbose) return "";
  return netfilter
    .chains(line.table)
    .filter(({ name }) => chain === undefined || name === chain)
    .map(({ name }) => `${what} chain \`${name}'\n`)
    .join("");
}

/** A jump is checked before the rule goes to the kernel, whichever command it is for. */
function missingJumpTarget({ command, table, rule }: CommandLine, netfilter: Netfilter, speaker: Speaker): Outcome | undefined {
  const { target } = rule.rule;
  const namesRule =
    command.kind === "append" ||
    command.kind === "insert" ||
    command.kind === "replace" ||
    command.kind === "delete" ||
    command.kind === "check";
  if (!namesRule || (target.kind !== "jump" && target.kind !== "goto") || find(netfilter.chains(table), target.chain)) return undefined;
  return parameterProblem(speaker, `Chain '${target.chain}' does not exist`);
}

function find(chains: readonly ChainView[], name: string): ChainView | undefined {
  return chains.find((chain) => chain.name === name);
}
