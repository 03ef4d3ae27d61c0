/** iptables' own sentences: its name and version, where to find help, and what it says when the kernel refuses. */

import type { Family } from "@/lib/sim/net/address";
import type { NetfilterError, RulespecError } from "@/lib/sim/kernel";
import { notSimulated } from "@/lib/sim/core/not-simulated";

export const VERSION = "v1.8.13 (nf_tables)";

/** What a run comes to. Text is printed as it is. */
export type Outcome = { readonly stdout: string; readonly stderr: string; readonly status: number };

export const nameOf = (family: Family): "iptables" | "ip6tables" => (family === 4 ? "iptables" : "ip6tables");

/** How a message is put: by `iptables`, or by `iptables-restore` at a line of its input. */
export type Speaker = { readonly name: string; readonly line?: number };

export function printed(stdout: string): Outcome {
  return { stdout, stderr: "", status: 0 };
}

/** `PARAMETER_PROBLEM` of xtables_error. */
export function parameterProblem(speaker: Speaker, message: string): Outcome {
  return { stdout: "", stderr: `${speaker.name} ${VERSION}: ${message}\n${whereToLook(speaker)}`, status: 2 };
}

export function whereToLook({ name, line }: Speaker): string {
  return `${line === undefined ? "" : `Error occurred at line: ${line}\n`}Try \`${name} -h' or '${name} --help' for more information.\n`;
}

export function rulespecProblem(speaker: Speaker, error: RulespecError): Outcome {
  switch (error.kind) {
    case "parameter-problem":
      return parameterProblem(speaker, error.message);
    case "bad-argument":
      return { stdout: "", stderr: `Bad argument \`${error.argument}'\n${whereToLook(speaker)}`, status: 2 };
    case "not-simulated":
      return { stdout: "", stderr: `${notSimulated(error.what)}\n`, status: 1 };
  }
}

/** A sentence for an errno (nft_strerror), with status 1. */
export function refused({ name, line }: Speaker, sentence: string): Outcome {
  return { stdout: "", stderr: line === undefined ? `${name}: ${sentence}\n` : `${name}: line ${line} failed: ${sentence}\n`, status: 1 };
}

/** A change that the kernel turned down when it was committed, with status 4. */
export function notCommitted({ name, line }: Speaker, what: string): Outcome {
  const message = line === undefined ? ` ${what}` : `\nline ${line}: ${what}`;
  return { stdout: "", stderr: `${name} ${VERSION}: ${message}\n`, status: 4 };
}

export const NO_CHAIN = "No chain/target/match by that name.";
export const BAD_RULE = "Bad rule (does a matching rule exist in that chain?).";

export type RuleChange = "APPEND" | "INSERT" | "REPLACE";

export function ruleRefused(speaker: Speaker, change: RuleChange, chain: string, error: NetfilterError): Outcome {
  switch (error.kind) {
    case "no-chain":
      return refused(speaker, NO_CHAIN);
    case "no-target-chain":
      return parameterProblem(speaker, `Chain '${error.chain}' does not exist`);
    case "index-too-big":
      return refused(speaker, `Index of ${change === "REPLACE" ? "replacement" : "insertion"} too big.`);
    case "loop":
      return notCommitted(speaker, `RULE_${change} failed (Too many links): rule in chain ${chain}`);
    case "built-in-chain":
      return notCommitted(speaker, `RULE_${change} failed (Operation not supported): rule in chain ${chain}`);
    case "no-rule":
    case "chain-exists":
    case "chain-not-empty":
    case "chain-in-use":
    case "invalid":
      return notCommitted(speaker, `RULE_${change} failed (Invalid argument): rule in chain ${chain}`);
  }
}
