/**
 * The IPAM driver `null`: it gives no addresses. What it says when a bridge asks it for some is all that a learner sees.
 *
 * Modelled on moby's daemon/libnetwork/ipams/null.
 */

import { ok, type Result } from "@/lib/base/result";
import { ANY_V4, ANY_V6, type Ip } from "@/lib/sim/net/address";
import type { CnmError } from "../contract";
import { invalid } from "../error";
import type { AddressRefusal, IpamDriver, PoolId, PoolRequest } from "./contract";

export class NullIpam implements IpamDriver {
  readonly name = "null";
  readonly spaces = { local: "null", global: "null" } as const;

  requestPool(request: PoolRequest): Result<PoolId, CnmError> {
    if (request.pool) return invalid("null ipam driver does not handle specific address pool requests");
    if (request.range) return invalid("null ipam driver does not handle specific address subpool requests");
    return ok({ space: "null", subnet: { address: request.family === 4 ? ANY_V4 : ANY_V6, length: 0 }, range: undefined });
  }

  releasePool(_pool: PoolId): void {}

  requestAddress(_pool: PoolId, _wanted: Ip | undefined): Result<undefined, AddressRefusal> {
    return ok(undefined);
  }

  releaseAddress(_pool: PoolId, _address: Ip): void {}
}
