/** The table that `iptables -L` prints, and the one line that `-v` prints for a rule that was added (iptables/xshared.c). */

import type { Family, Prefix } from "@/lib/sim/net/address";
import { bitsOf } from "@/lib/sim/net/address";
import { type ChainView, type Counters, protocolName, protocolNumber, type Rule } from "@/lib/sim/kernel";
import { matchText, targetName, targetText } from "./extension-text";

export type ListingStyle = {
  readonly family: Family;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  /** The name of an address in /etc/hosts. Other names are not looked up. */
  readonly hostName: (address: string) => string | undefined;
};

export function listChain(chain: ChainView, style: ListingStyle): string {
  return `${title(chain, style)}${header(style)}${chain.rules.map(({ rule, counters }, index) => listRule(rule, counters, index + 1, style)).join("")}`;
}

export function listRule(rule: Rule, counters: Counters, number: number, style: ListingStyle): string {
  const { matches, target } = rule;
  const counted = style.exact
    ? (value: number): string => `${String(value).padStart(8)} `
    : (value: number): string => `${shortNumber(value, 5)} `;
  return [
    style.lineNumbers ? `${String(number).padEnd(4)} ` : "",
    style.verbose ? `${counted(counters.packets)}${counted(counters.bytes)}` : "",
    `${targetName(target).padEnd(10)}`,
    targetName(target).length > 9 ? " " : "",
    `${matches.protocol?.negated ? "!" : " "}${protocolText(rule, style).padEnd(4)} ${fragmentText(rule)} `,
    style.verbose ? ` ${interfaceText(matches.inInterface, style).padEnd(6)} ${interfaceText(matches.outInterface, style).padEnd(6)} ` : "",
    `${matches.source?.negated ? "!" : " "}${addressText(matches.source?.prefix, style).padEnd(19)} `,
    `${matches.destination?.negated ? "!" : " "}${addressText(matches.destination?.prefix, style).padEnd(19)} `,
    extensionText(rule, style),
    "\n",
  ].join("");
}

/** `ACCEPT  tcp opt -- in * out *  1.2.3.4  -> 0.0.0.0/0   tcp dpt:80` */
export function describeRule(rule: Rule, family: Family): string {
  const style: ListingStyle = { family, numeric: true, verbose: true, exact: false, lineNumbers: false, hostName: () => undefined };
  const { matches, target } = rule;
  return [
    `${targetName(target)} ${matches.protocol?.negated ? "!" : " "}${protocolText(rule, style)} opt ${fragmentText(rule)} `,
    `in ${interfaceText(matches.inInterface, style)} out ${interfaceText(matches.outInterface, style)} `,
    `${matches.source?.negated ? "!" : " "}${addressText(matches.source?.prefix, style)} `,
    `${matches.destination?.negated ? "!" : " "}-> ${addressText(matches.destination?.prefix, style)}  `,
    extensionText(rule, style),
    "\n",
  ].join("");
}

function title(chain: ChainView, { verbose, exact }: ListingStyle): string {
  if (!chain.policy) return `Chain ${chain.name} (${chain.references} references)\n`;
  const { packets, bytes } = chain.counters;
  const counted = exact ? String : (value: number): string => shortNumber(value, 0);
  return `Chain ${chain.name} (policy ${chain.policy}${verbose ? ` ${counted(packets)} packets, ${counted(bytes)} bytes` : ""})\n`;
}

function header({ lineNumbers, verbose, exact }: ListingStyle): string {
  return [
    lineNumbers ? "num  " : "",
    verbose ? (exact ? "    pkts      bytes " : " pkts bytes ") : "",
    "target     prot opt ",
    verbose ? "in     out     " : "",
    "source               destination         \n",
  ].join("");
}

/** 99999, 100K, 10M: never more than five digits. */
function shortNumber(value: number, width: number): string {
  if (value <= 99_999) return String(value).padStart(width);
  let rest = value;
  for (const unit of ["K", "M", "G", "T"]) {
    rest = Math.floor((rest + 500) / 1_000);
    if (rest <= 9_999 || unit === "T") return `${String(rest).padStart(Math.max(0, width - 1))}${unit}`;
  }
  return String(value);
}

function protocolText({ matches }: Rule, { numeric }: ListingStyle): string {
  const protocol = matches.protocol?.protocol ?? "all";
  if (typeof protocol !== "number") return protocol;
  return (numeric ? undefined : protocolName(protocolNumber(protocol))) ?? String(protocol);
}

function fragmentText({ matches }: Rule): string {
  if (!matches.fragment) return "--";
  return matches.fragment.negated ? "!f" : "-f";
}

function interfaceText(part: { readonly name: string; readonly negated?: true } | undefined, { numeric }: ListingStyle): string {
  if (!part) return numeric ? "*" : "any";
  return `${part.negated ? "!" : ""}${part.name}`;
}

function addressText(prefix: Prefix | undefined, { numeric, family, hostName }: ListingStyle): string {
  if (!prefix) return numeric ? (family === 4 ? "0.0.0.0/0" : "::/0") : "anywhere";
  if (prefix.length < bitsOf(prefix.address)) return `${prefix.address}/${prefix.length}`;
  return (numeric ? undefined : hostName(prefix.address)) ?? prefix.address;
}

function extensionText({ matches, target }: Rule, style: ListingStyle): string {
  const protocol = matches.protocol && protocolNumber(matches.protocol.protocol) === 17 ? "udp" : "tcp";
  return [
    target.kind === "goto" ? "[goto] " : "",
    ...matches.modules.map((module) => matchText(module, protocol, style)),
    targetText(target, style),
  ].join("");
}
