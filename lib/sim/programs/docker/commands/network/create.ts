/** `docker network create`. Follows docker/cli cli/command/network/create.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { IpamPool, NetworkCreateRequest, NetworkCreateResponse } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler, Invocation } from "../../cobra/command";
import { contains, parseCidr, parseIp } from "../../opts/address";
import { keyValues } from "../../opts/validators";

export const networkCreate: Handler = function* (invocation) {
  const { cli, flags, args } = invocation;
  const pools = ipamPools(invocation);
  if (!pools.ok) return { status: 1, message: pools.error };
  const body: NetworkCreateRequest = {
    Name: args[0] ?? "",
    Driver: flags.text("driver"),
    Scope: flags.text("scope"),
    ...(flags.changed("ipv4") ? { EnableIPv4: flags.bool("ipv4") } : {}),
    ...(flags.changed("ipv6") ? { EnableIPv6: flags.bool("ipv6") } : {}),
    IPAM: { Driver: flags.text("ipam-driver"), Options: Object.fromEntries(flags.map("ipam-opt")), Config: pools.value },
    Internal: flags.bool("internal"),
    Attachable: flags.bool("attachable"),
    Ingress: flags.bool("ingress"),
    ConfigOnly: flags.bool("config-only"),
    ConfigFrom: flags.text("config-from") === "" ? null : { Network: flags.text("config-from") },
    Options: Object.fromEntries(flags.map("opt")),
    Labels: keyValues(flags.list("label")),
  };
  const created = yield* cli.client.get<NetworkCreateResponse>("NetworkCreate", { body });
  if (!created.ok) return failureOf(created.error);
  yield* cli.out(`${created.value.Id}\n`);
  return undefined;
};

type Pool = { Subnet: string; IPRange?: string; Gateway?: string; AuxiliaryAddresses: Record<string, string> };

/** Brings each range, gateway and auxiliary address to the subnet that it lies in. */
function ipamPools({ flags }: Invocation): Result<readonly IpamPool[], string> {
  const subnets = flags.list("subnet");
  const ranges = flags.list("ip-range");
  const gateways = flags.list("gateway");
  if (subnets.length < ranges.length || subnets.length < gateways.length)
    return fail("every ip-range or gateway must have a corresponding subnet");

  const pools = new Map<string, Pool>();
  for (const subnet of subnets) {
    for (const other of pools.keys()) {
      const inside = matches(subnet, other);
      if (!inside.ok) return inside;
      const around = matches(other, subnet);
      if (!around.ok) return around;
      if (inside.value || around.value) return fail("multiple overlapping subnet configuration is not supported");
    }
    pools.set(subnet, { Subnet: subnet, AuxiliaryAddresses: {} });
  }
  for (const range of ranges) {
    if (subnets.length > 0 && !parseCidr(range)) return fail(`invalid CIDR address: ${range}`);
    const placed = place(pools, range, `no matching subnet for range ${range}`, (pool) => {
      if (pool.IPRange !== undefined)
        return `cannot configure multiple ranges (${range}, ${pool.IPRange}) on the same subnet (${pool.Subnet})`;
      pool.IPRange = range;
      return undefined;
    });
    if (!placed.ok) return placed;
  }
  for (const gateway of gateways) {
    const placed = place(pools, gateway, `no matching subnet for gateway ${gateway}`, (pool) => {
      if (pool.Gateway !== undefined)
        return `cannot configure multiple gateways (${gateway}, ${pool.Gateway}) for the same subnet (${pool.Subnet})`;
      pool.Gateway = gateway;
      return undefined;
    });
    if (!placed.ok) return placed;
  }
  for (const [name, address] of flags.map("aux-address")) {
    const placed = place(pools, address, `no matching subnet for aux-address ${address}`, (pool) => {
      pool.AuxiliaryAddresses[name] = address;
      return undefined;
    });
    if (!placed.ok) return placed;
  }
  return ok(
    [...pools.values()].map(({ AuxiliaryAddresses, ...pool }) =>
      Object.keys(AuxiliaryAddresses).length > 0 ? { ...pool, AuxiliaryAddresses } : pool,
    ),
  );
}

function place(
  pools: ReadonlyMap<string, Pool>,
  address: string,
  none: string,
  put: (pool: Pool) => string | undefined,
): Result<void, string> {
  let isPlaced = false;
  for (const pool of pools.values()) {
    const inside = matches(pool.Subnet, address);
    if (!inside.ok) return inside;
    if (!inside.value) continue;
    const problem = put(pool);
    if (problem !== undefined) return fail(problem);
    isPlaced = true;
  }
  return isPlaced ? ok(undefined) : fail(none);
}

/** Whether `data`, an address or a prefix, begins inside the subnet. */
function matches(subnet: string, data: string): Result<boolean, string> {
  const cidr = parseCidr(subnet);
  if (!cidr) return fail(`invalid subnet: invalid CIDR address: ${subnet}`);
  if (!data.includes("/")) return ok(contains(cidr, parseIp(data)));
  const inner = parseCidr(data);
  return inner ? ok(contains(cidr, inner.ip)) : fail(`invalid CIDR address: ${data}`);
}
