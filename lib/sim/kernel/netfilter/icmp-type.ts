/** ICMP types by the names that iptables gives them (libxt_icmp.h). */

import type { Result } from "@/lib/base/result";
import { fail, ok } from "@/lib/base/result";
import type { Family } from "@/lib/sim/net/address";

/** Without a code: any code. Type 255 of ICMP is `any`. */
export type IcmpType = { readonly type: number; readonly code?: number };

type Named = readonly [name: string, type: number, code?: number];

const ICMP_NAMES: readonly Named[] = [
  ["any", 255],
  ["echo-reply", 0],
  ["pong", 0],
  ["destination-unreachable", 3],
  ["network-unreachable", 3, 0],
  ["host-unreachable", 3, 1],
  ["protocol-unreachable", 3, 2],
  ["port-unreachable", 3, 3],
  ["fragmentation-needed", 3, 4],
  ["source-route-failed", 3, 5],
  ["network-unknown", 3, 6],
  ["host-unknown", 3, 7],
  ["network-prohibited", 3, 9],
  ["host-prohibited", 3, 10],
  ["TOS-network-unreachable", 3, 11],
  ["TOS-host-unreachable", 3, 12],
  ["communication-prohibited", 3, 13],
  ["host-precedence-violation", 3, 14],
  ["precedence-cutoff", 3, 15],
  ["source-quench", 4],
  ["redirect", 5],
  ["network-redirect", 5, 0],
  ["host-redirect", 5, 1],
  ["TOS-network-redirect", 5, 2],
  ["TOS-host-redirect", 5, 3],
  ["echo-request", 8],
  ["ping", 8],
  ["router-advertisement", 9],
  ["router-solicitation", 10],
  ["time-exceeded", 11],
  ["ttl-exceeded", 11],
  ["ttl-zero-during-transit", 11, 0],
  ["ttl-zero-during-reassembly", 11, 1],
  ["parameter-problem", 12],
  ["ip-header-bad", 12, 0],
  ["required-option-missing", 12, 1],
  ["timestamp-request", 13],
  ["timestamp-reply", 14],
  ["address-mask-request", 17],
  ["address-mask-reply", 18],
];

const ICMPV6_NAMES: readonly Named[] = [
  ["destination-unreachable", 1],
  ["no-route", 1, 0],
  ["communication-prohibited", 1, 1],
  ["beyond-scope", 1, 2],
  ["address-unreachable", 1, 3],
  ["port-unreachable", 1, 4],
  ["failed-policy", 1, 5],
  ["reject-route", 1, 6],
  ["packet-too-big", 2],
  ["time-exceeded", 3],
  ["ttl-exceeded", 3],
  ["ttl-zero-during-transit", 3, 0],
  ["ttl-zero-during-reassembly", 3, 1],
  ["parameter-problem", 4],
  ["bad-header", 4, 0],
  ["unknown-header-type", 4, 1],
  ["unknown-option", 4, 2],
  ["echo-request", 128],
  ["ping", 128],
  ["echo-reply", 129],
  ["pong", 129],
  ["router-solicitation", 133],
  ["router-advertisement", 134],
  ["neighbour-solicitation", 135],
  ["neighbor-solicitation", 135],
  ["neighbour-advertisement", 136],
  ["neighbor-advertisement", 136],
  ["redirect", 137],
];

const namesOf = (family: Family): readonly Named[] => (family === 4 ? ICMP_NAMES : ICMPV6_NAMES);

/** A name, the beginning of only one name, or `TYPE[/CODE]`. What is wrong comes back in iptables' words. */
export function parseIcmpType(text: string, family: Family): Result<IcmpType, string> {
  const wanted = text.toLowerCase();
  const candidates = namesOf(family).filter(([name]) => name.toLowerCase().startsWith(wanted));
  const [first, second] = candidates;
  if (first && second) return fail(`Ambiguous ${title(family)} type \`${text}': \`${first[0]}' or \`${second[0]}'?`);
  if (first) return ok(typeOf(first));

  const [type, code] = text.split("/");
  if (type === undefined || !isByte(type)) return fail(`Unknown ${title(family)} type \`${type ?? ""}'`);
  if (code === undefined) return ok({ type: Number(type) });
  return isByte(code) ? ok({ type: Number(type), code: Number(code) }) : fail(`Unknown ${title(family)} code \`${text}'`);
}

/** The first name that means exactly this. */
export function icmpTypeName({ type, code }: IcmpType, family: Family): string | undefined {
  return namesOf(family).find((named) => named[1] === type && named[2] === code)?.[0];
}

function title(family: Family): string {
  return family === 4 ? "ICMP" : "ICMPv6";
}

function typeOf([, type, code]: Named): IcmpType {
  return code === undefined ? { type } : { type, code };
}

function isByte(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 255;
}
