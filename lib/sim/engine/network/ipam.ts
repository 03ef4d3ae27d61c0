/**
 * The daemon's check of the address pools in a request to create a network: text, families, and what lies within what.
 * Modelled on moby's api/types/network/ipam.go (ValidateIPAM); all faults are told at once.
 */

import type { IpamPool } from "@/lib/sim/api";
import { contains, formatPrefix, type Ip, isV4, networkOf, overlaps, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { joinErrors } from "../error";

export function checkIpam(pools: readonly IpamPool[], enableIpv6: boolean): string | undefined {
  const faults: string[] = [];
  for (const pool of pools) {
    const text = pool.Subnet ?? "";
    const subnet = parsePrefix(text);
    if (!subnet) {
      faults.push(`invalid subnet ${text}: invalid CIDR block notation`);
      continue;
    }
    if (!enableIpv6 && !isV4(subnet.address)) continue;
    const masked = networkOf(subnet);
    if (masked.address !== subnet.address) faults.push(`invalid subnet ${formatPrefix(subnet)}: it should be ${formatPrefix(masked)}`);
    faults.push(...faultsOfRange(pool.IPRange ?? "", subnet));
    const gateway = faultOfAddress(pool.Gateway ?? "", subnet);
    if (gateway !== undefined) faults.push(`invalid gateway ${pool.Gateway}: ${gateway}`);
    for (const [name, address] of Object.entries(pool.AuxiliaryAddresses ?? {})) {
      const fault = faultOfAddress(address, subnet);
      if (fault !== undefined) faults.push(`invalid auxiliary address ${name}: ${fault}`);
    }
  }
  const joined = joinErrors(faults);
  return joined === undefined ? undefined : `invalid network config:\n${joined}`;
}

function faultsOfRange(text: string, subnet: Prefix): readonly string[] {
  if (text === "") return [];
  const range = parsePrefix(text);
  if (!range) return [`invalid ip-range ${text}: invalid CIDR block notation`];
  if (isV4(range.address) !== isV4(subnet.address))
    return [`invalid ip-range ${text}: parent subnet is an ${familyName(subnet.address)} block`];
  const faults: string[] = [];
  if (range.length < subnet.length)
    faults.push(`invalid ip-range ${text}: CIDR block is bigger than its parent subnet ${formatPrefix(subnet)}`);
  const masked = networkOf(range);
  if (masked.address !== range.address) faults.push(`invalid ip-range ${formatPrefix(range)}: it should be ${formatPrefix(masked)}`);
  if (!overlaps(subnet, range)) faults.push(`invalid ip-range ${text}: parent subnet ${formatPrefix(subnet)} doesn't contain ip-range`);
  return faults;
}

function faultOfAddress(text: string, subnet: Prefix): string | undefined {
  if (text === "") return undefined;
  const address = parseIp(text);
  if (!address) return "invalid address";
  if (isV4(address) !== isV4(subnet.address)) return `parent subnet is an ${familyName(subnet.address)} block`;
  return contains(subnet, address) ? undefined : `parent subnet ${formatPrefix(subnet)} doesn't contain this address`;
}

function familyName(address: Ip): "IPv4" | "IPv6" {
  return isV4(address) ? "IPv4" : "IPv6";
}
