/** `iptables` and `ip6tables`: from the command line to what is printed. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Netfilter } from "@/lib/sim/kernel";
import { parseCommandLine } from "./command-line";
import { runCommand } from "./run";
import { nameOf, type Outcome, printed, rulespecProblem, VERSION, whereToLook } from "./words";

/** `denied` is asked once the command line is understood: without privilege nothing is looked at. */
export function iptablesOutcome(
  args: readonly string[],
  netfilter: Netfilter,
  hostName: (address: string) => string | undefined,
  denied: () => Outcome | undefined,
): Outcome {
  const speaker = { name: nameOf(netfilter.family) };
  const line = parseCommandLine(args, netfilter.family);
  if (!line.ok) {
    const { error } = line;
    switch (error.kind) {
      case "help":
        return { stdout: synopsis(speaker.name), stderr: `${notSimulated(`the rest of ${speaker.name}'s help text`)}\n`, status: 0 };
      case "version":
        return printed(`${speaker.name} ${VERSION}\n`);
      case "other-family":
        return { stdout: "", stderr: whereToLook(speaker), status: 2 };
      case "no-table":
        return {
          stdout: "",
          stderr: `${speaker.name} ${VERSION}: table '${error.table}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.\n`,
          status: 3,
        };
      default:
        return rulespecProblem(speaker, error);
    }
  }
  const refusal = denied();
  if (refusal) return refusal;
  const warnings = line.value.rule.warnings.map((warning) => `${warning}\n`).join("");
  const outcome = runCommand(line.value, netfilter, { hostName }, speaker);
  return { ...outcome, stderr: warnings + outcome.stderr };
}

function synopsis(name: string): string {
  return `${name} ${VERSION}

Usage: ${name} -[ACD] chain rule-specification [options]
       ${name} -I chain [rulenum] rule-specification [options]
       ${name} -R chain rulenum rule-specification [options]
       ${name} -D chain rulenum [options]
       ${name} -[LS] [chain [rulenum]] [options]
       ${name} -[FZ] [chain] [options]
       ${name} -[NX] chain
       ${name} -E old-chain-name new-chain-name
       ${name} -P chain target [options]
       ${name} -h (print this help information)
`;
}
