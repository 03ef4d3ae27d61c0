/**
 * The driver `overlay`: one network over several machines. It needs a swarm, and there is none yet.
 *
 * The daemon says so before it asks libnetwork for one; this driver keeps the name known.
 * Modelled on moby's daemon/libnetwork/drivers/overlay.
 */

import { DONE, type Result } from "@/lib/base/result";
import type { CnmError } from "../contract";
import { missing } from "../error";
import type { DriverEndpoint, DriverNetwork, JoinInfo } from "./contract";
import { PlainDriver } from "./plain";

const WHAT = "an overlay network";

export class OverlayDriver extends PlainDriver {
  readonly name = "overlay";
  readonly dataScope = "global";
  readonly hasOwnMacs = true;

  createNetwork(_network: DriverNetwork): Result<void, CnmError> {
    return missing(WHAT);
  }

  deleteNetwork(_networkId: string): Result<void, CnmError> {
    return DONE;
  }

  createEndpoint(_endpoint: DriverEndpoint): Result<void, CnmError> {
    return missing(WHAT);
  }

  join(_networkId: string, _endpointId: string): Result<JoinInfo, CnmError> {
    return missing(WHAT);
  }
}
