/**
 * The IPAM driver `default`: pools and addresses kept in the engine itself.
 *
 * Modelled on moby's daemon/libnetwork/ipams/defaultipam (allocator.go), with the predefined pools of ipamutils/utils.go
 * and the ULA prefix that daemon.go derives from the engine's id. It differs in that the prefix is drawn at random, once
 * per engine, instead of being hashed from an id.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { familyOf, type Ip, networkOf, type Prefix } from "@/lib/sim/net/address";
import type { CnmConfig, CnmError } from "../contract";
import { invalid } from "../error";
import { parseGoPrefix } from "../go-value";
import { PoolSpace, type PredefinedPool } from "./address-space";
import type { AddressRefusal, AddressSpace, IpamDriver, PoolId, PoolRequest } from "./contract";

const LOCAL_POOLS: readonly PredefinedPool[] = [
  pool("172.17.0.0/16", 16),
  pool("172.18.0.0/16", 16),
  pool("172.19.0.0/16", 16),
  pool("172.20.0.0/14", 16),
  pool("172.24.0.0/14", 16),
  pool("172.28.0.0/14", 16),
  pool("192.168.0.0/16", 20),
];
const GLOBAL_POOLS: readonly PredefinedPool[] = [pool("10.0.0.0/8", 24)];

export class DefaultIpam implements IpamDriver {
  readonly name = "default";
  readonly spaces = { local: "LocalDefault", global: "GlobalDefault" } as const;
  readonly #spaces: Readonly<Record<"local4" | "local6" | "global4" | "global6", PoolSpace>>;

  constructor(configured: CnmConfig["defaultAddressPools"], random: Random) {
    const local = configured && configured.length > 0 ? configured.map(({ base, size }) => pool(base, size)) : [...LOCAL_POOLS];
    if (!local.some(({ base }) => familyOf(base.address) === 6)) local.push({ base: uniqueLocal(random), size: 64 });
    this.#spaces = {
      local4: new PoolSpace(local.filter(({ base }) => familyOf(base.address) === 4)),
      local6: new PoolSpace(local.filter(({ base }) => familyOf(base.address) === 6)),
      global4: new PoolSpace(GLOBAL_POOLS),
      global6: new PoolSpace([]),
    };
  }

  requestPool(request: PoolRequest): Result<PoolId, CnmError> {
    if (!request.pool) {
      const space = this.#space(request.space, request.family);
      if (!space) return invalid(`cannot find address space ${request.space}`);
      const subnet = space.allocatePredefined(request.exclude);
      return subnet.ok ? ok({ space: request.space, subnet: subnet.value, range: undefined }) : subnet;
    }
    const subnet = networkOf(request.pool);
    if (request.range && familyOf(request.range.address) !== familyOf(subnet.address))
      return invalid("pool and subpool are of incompatible address families");
    const space = this.#space(request.space, familyOf(subnet.address));
    if (!space) return invalid(`cannot find address space ${request.space}`);
    // A range wider than its subnet is the subnet: networks made before version 24 may say so.
    const range = request.range && request.range.length < subnet.length ? subnet : request.range && networkOf(request.range);
    const allocated = space.allocate(subnet, range);
    return allocated.ok ? ok({ space: request.space, subnet, range }) : allocated;
  }

  releasePool(id: PoolId): void {
    this.#space(id.space, familyOf(id.subnet.address))?.release(id.subnet, id.range);
  }

  requestAddress(id: PoolId, wanted: Ip | undefined): Result<Ip, AddressRefusal> {
    const space = this.#space(id.space, familyOf(id.subnet.address));
    if (!space)
      return { ok: false, error: { why: "no-pool", error: { kind: "invalid", message: `cannot find address space ${id.space}` } } };
    return space.take(id.subnet, id.range, wanted);
  }

  releaseAddress(id: PoolId, address: Ip): void {
    this.#space(id.space, familyOf(id.subnet.address))?.free(id.subnet, address);
  }

  #space(space: AddressSpace, family: 4 | 6): PoolSpace | undefined {
    switch (space) {
      case "LocalDefault":
        return family === 4 ? this.#spaces.local4 : this.#spaces.local6;
      case "GlobalDefault":
        return family === 4 ? this.#spaces.global4 : this.#spaces.global6;
      case "null":
        return undefined;
    }
  }
}

/** fdxx:xxxx:xxxx::/48 (RFC 4193). */
function uniqueLocal(random: Random): Prefix {
  const digits = random.hex(10);
  return parsed(`fd${digits.slice(0, 2)}:${digits.slice(2, 6)}:${digits.slice(6)}::/48`);
}

function pool(base: string, size: number): PredefinedPool {
  return { base: parsed(base), size };
}

function parsed(text: string): Prefix {
  const prefix = parseGoPrefix(text);
  if (!prefix) throw new InvariantViolation(`daemon.json was not checked: ${text} is no address pool`);
  return networkOf(prefix);
}
