/**
 * What the drivers without a data plane of their own have in common: nothing to publish, no interface on the host.
 */

import { DONE, ok, type Result } from "@/lib/base/result";
import type { CnmError } from "../contract";
import type { DriverEndpoint, DriverNetwork, ExternalConnectivity, JoinInfo, NetworkDriver } from "./contract";

export abstract class PlainDriver implements NetworkDriver {
  abstract readonly name: string;
  abstract readonly dataScope: "local" | "global";
  abstract readonly hasOwnMacs: boolean;

  abstract createNetwork(network: DriverNetwork): Result<void, CnmError>;
  abstract deleteNetwork(networkId: string): Result<void, CnmError>;
  abstract createEndpoint(endpoint: DriverEndpoint): Result<void, CnmError>;
  abstract join(networkId: string, endpointId: string): Result<JoinInfo, CnmError>;

  skipGateway(_network: Omit<DriverNetwork, "ipv4" | "ipv6">): Result<{ readonly ipv4: boolean; readonly ipv6: boolean }, CnmError> {
    return ok({ ipv4: false, ipv6: false });
  }

  deleteEndpoint(_networkId: string, _endpointId: string): void {}

  leave(_networkId: string, _endpointId: string): void {}

  programExternalConnectivity(_networkId: string, _endpointId: string, _ports: ExternalConnectivity): Result<void, CnmError> {
    return DONE;
  }

  revokeExternalConnectivity(_networkId: string, _endpointId: string): void {}

  portBindings(_networkId: string, _endpointId: string): readonly [] {
    return [];
  }

  hostInterface(_networkId: string, _endpointId: string): undefined {
    return undefined;
  }

  bridgeName(_networkId: string): undefined {
    return undefined;
  }
}
