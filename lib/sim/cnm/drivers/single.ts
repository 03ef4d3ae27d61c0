/**
 * The drivers `host` and `null`: one network each, without interfaces of its own. A container on `host` shares the
 * machine's namespace, one on `none` has a namespace with nothing but `lo`; both are the sandbox's affair.
 *
 * Modelled on moby's daemon/libnetwork/drivers/host and drivers/null.
 */

import { DONE, ok, type Result } from "@/lib/base/result";
import type { CnmError } from "../contract";
import { forbidden } from "../error";
import type { DriverEndpoint, DriverNetwork, JoinInfo } from "./contract";
import { PlainDriver } from "./plain";

export class SingleNetworkDriver extends PlainDriver {
  readonly name: "host" | "null";
  readonly dataScope = "local";
  readonly hasOwnMacs = false;
  #network: string | undefined;

  constructor(name: "host" | "null") {
    super();
    this.name = name;
  }

  createNetwork(network: DriverNetwork): Result<void, CnmError> {
    if (this.#network !== undefined) return forbidden(`only one instance of "${this.name}" network is allowed`);
    this.#network = network.id;
    return DONE;
  }

  deleteNetwork(_networkId: string): Result<void, CnmError> {
    return forbidden(`network of type "${this.name}" cannot be deleted`);
  }

  createEndpoint(_endpoint: DriverEndpoint): Result<void, CnmError> {
    return DONE;
  }

  join(_networkId: string, _endpointId: string): Result<JoinInfo, CnmError> {
    return ok({ interface: undefined, gateway: undefined, gatewayV6: undefined });
  }
}
