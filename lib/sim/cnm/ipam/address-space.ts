/**
 * The pools of one address space and family: which subnets are taken, and which predefined one comes next.
 *
 * A learner sees it in the subnets that `docker network create` picks (172.18.0.0/16, then 172.19.0.0/16 …), and in
 * "Pool overlaps with other one on this address space". Modelled on moby's daemon/libnetwork/ipams/defaultipam
 * (address_space.go). It differs in how it searches: moby walks the sorted allocations in one pass, here each predefined
 * pool is searched for its first free subnet.
 */

import { DONE, ok, type Result } from "@/lib/base/result";
import {
  addressAfter,
  bitsOf,
  compareIp,
  contains,
  formatPrefix,
  type Ip,
  lastOf,
  networkOf,
  overlaps,
  type Prefix,
} from "@/lib/sim/net/address";
import type { CnmError } from "../contract";
import { forbidden, invalid } from "../error";
import { AddressSet } from "./address-set";
import type { AddressRefusal } from "./contract";

/** A block to be cut into subnets of length `size`. */
export type PredefinedPool = { readonly base: Prefix; readonly size: number };

type Pool = {
  readonly subnet: Prefix;
  readonly addresses: AddressSet;
  readonly ranges: Set<string>;
  /** Goes with its last range. */
  autoRelease: boolean;
};

export class PoolSpace {
  readonly #predefined: readonly PredefinedPool[];
  readonly #pools = new Map<string, Pool>();

  constructor(predefined: readonly PredefinedPool[]) {
    this.#predefined = withoutNested(predefined);
  }

  /**
   * Takes a subnet that was asked for. With a range of its own a subnet may overlap others, and even be the same: moby
   * checks only whole subnets (moby/moby#46756).
   */
  allocate(subnet: Prefix, range: Prefix | undefined): Result<void, CnmError> {
    const known = this.#pools.get(formatPrefix(subnet));
    if (known && (!range || known.ranges.has(formatPrefix(range)))) return poolOverlap();
    if (!range) {
      if ([...this.#pools.values()].some((pool) => overlaps(pool.subnet, subnet))) return poolOverlap();
      this.#add(subnet);
      return DONE;
    }
    const pool = known ?? this.#add(subnet);
    if (!known) pool.autoRelease = true;
    pool.ranges.add(formatPrefix(range));
    return DONE;
  }

  /** Takes the first predefined subnet that overlaps neither another pool nor `exclude`. */
  allocatePredefined(exclude: readonly Prefix[]): Result<Prefix, CnmError> {
    const inTheWay = [...[...this.#pools.values()].map((pool) => pool.subnet), ...exclude];
    for (const { base, size } of this.#predefined) {
      const subnet = firstFree(base, size, inTheWay);
      if (!subnet) continue;
      this.#add(subnet);
      return ok(subnet);
    }
    return invalid("all predefined address pools have been fully subnetted");
  }

  release(subnet: Prefix, range: Prefix | undefined): void {
    const pool = this.#pools.get(formatPrefix(subnet));
    if (!pool) return;
    if (range) pool.ranges.delete(formatPrefix(range));
    else pool.autoRelease = true;
    if (pool.ranges.size === 0 && pool.autoRelease) this.#pools.delete(formatPrefix(subnet));
  }

  take(subnet: Prefix, range: Prefix | undefined, wanted: Ip | undefined): Result<Ip, AddressRefusal> {
    const pool = this.#pools.get(formatPrefix(subnet));
    if (!pool || (range && !pool.ranges.has(formatPrefix(range)))) {
      const name = range ? `${formatPrefix(subnet)}/${formatPrefix(range)}` : formatPrefix(subnet);
      return refuse("no-pool", { kind: "not-found", message: `cannot find address pool for poolID:${name}` });
    }
    if (wanted) {
      if (!contains(subnet, wanted)) return refuse("out-of-range", { kind: "invalid", message: "requested address is out of range" });
      if (!pool.addresses.take(wanted)) return refuse("taken", { kind: "forbidden", message: "Address already in use" });
      return ok(wanted);
    }
    const address = pool.addresses.takeLowest(range);
    return address ? ok(address) : refuse("none-left", { kind: "unavailable", message: "no available addresses on this pool" });
  }

  free(subnet: Prefix, address: Ip): void {
    this.#pools.get(formatPrefix(subnet))?.addresses.free(address);
  }

  /** Subnets that are taken, lowest first. */
  get subnets(): readonly Prefix[] {
    return [...this.#pools.values()].map((pool) => pool.subnet).sort(comparePrefixes);
  }

  #add(subnet: Prefix): Pool {
    const pool: Pool = { subnet, addresses: new AddressSet(subnet), ranges: new Set(), autoRelease: false };
    this.#pools.set(formatPrefix(subnet), pool);
    return pool;
  }
}

/** Lowest address first, then the wider. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  return compareIp(a.address, b.address) || a.length - b.length;
}

function firstFree(base: Prefix, size: number, inTheWay: readonly Prefix[]): Prefix | undefined {
  const relevant = inTheWay.filter((other) => overlaps(base, other)).sort(comparePrefixes);
  let candidate: Prefix = networkOf({ address: base.address, length: size });
  while (contains(base, candidate.address)) {
    const obstacle = relevant.find((other) => overlaps(other, candidate));
    if (!obstacle) return candidate;
    const end = obstacle.length < size ? lastOf(obstacle) : lastOf(candidate);
    if (compareIp(end, lastOf(base)) >= 0 || end === lastOf({ address: end, length: 0 })) return undefined;
    candidate = networkOf({ address: addressAfter(end, 1), length: size });
  }
  return undefined;
}

/** A predefined pool inside another one would give the same subnets twice. */
function withoutNested(pools: readonly PredefinedPool[]): PredefinedPool[] {
  const kept: PredefinedPool[] = [];
  for (const pool of [...pools].sort((a, b) => comparePrefixes(a.base, b.base))) {
    if (!kept.some((other) => overlaps(other.base, pool.base))) kept.push(pool);
  }
  return kept.filter((pool) => pool.size >= pool.base.length && pool.size <= bitsOf(pool.base.address));
}

function poolOverlap(): Result<never, CnmError> {
  return forbidden("invalid pool request: Pool overlaps with other one on this address space");
}

function refuse(why: AddressRefusal["why"], error: CnmError): Result<never, AddressRefusal> {
  return { ok: false, error: { why, error } };
}
