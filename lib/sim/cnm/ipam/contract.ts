/**
 * What libnetwork asks of an IPAM driver (`--ipam-driver`): pools for networks, addresses for endpoints.
 *
 * Modelled on moby's daemon/libnetwork/ipamapi/contract.go. It differs in that a pool is named by its prefixes, not by an
 * opaque string: no remote drivers are simulated.
 */

import type { Result } from "@/lib/base/result";
import type { Family, Ip, Prefix } from "@/lib/sim/net/address";
import type { CnmError } from "../contract";

/** Networks of one machine and networks of a cluster take from different pools. */
export type AddressSpace = "LocalDefault" | "GlobalDefault" | "null";

export type PoolRequest = {
  readonly space: AddressSpace;
  readonly family: Family;
  /** `--subnet`. Absent: one of the predefined pools. */
  readonly pool: Prefix | undefined;
  /** `--ip-range`. */
  readonly range: Prefix | undefined;
  /** Prefixes that a predefined pool must stay clear of: what the host itself uses. */
  readonly exclude: readonly Prefix[];
};

/** An allocated pool. */
export type PoolId = { readonly space: AddressSpace; readonly subnet: Prefix; readonly range: Prefix | undefined };

export interface IpamDriver {
  readonly name: string;
  /** The spaces that local and global networks use. */
  readonly spaces: { readonly local: AddressSpace; readonly global: AddressSpace };
  requestPool(request: PoolRequest): Result<PoolId, CnmError>;
  releasePool(pool: PoolId): void;
  /** The address that is `wanted`, or any. `undefined`: this driver gives none. */
  requestAddress(pool: PoolId, wanted: Ip | undefined): Result<Ip | undefined, AddressRefusal>;
  releaseAddress(pool: PoolId, address: Ip): void;
}

/** Why an address was not given. */
export type AddressRefusal =
  | { readonly why: "taken"; readonly error: CnmError }
  | { readonly why: "none-left"; readonly error: CnmError }
  | { readonly why: "out-of-range"; readonly error: CnmError }
  | { readonly why: "no-pool"; readonly error: CnmError };
