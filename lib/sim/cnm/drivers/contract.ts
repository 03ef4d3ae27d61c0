/**
 * What libnetwork asks of a network driver (`--driver`).
 *
 * A network driver makes networks, endpoints on them, and joins endpoints to sandboxes; which addresses they get and when,
 * libnetwork decides. Modelled on moby's daemon/libnetwork/driverapi/driverapi.go.
 */

import type { Result } from "@/lib/base/result";
import type { Family, Ip, Ipv4, Ipv6, Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";
import type { Netns } from "@/lib/sim/kernel";
import type { CnmError, PortBinding, PortBindingRequest, PortSpec } from "../contract";

/** The addresses of a network of one family: what IPAM gave. */
export type DriverPool<A extends Ip = Ip> = {
  readonly subnet: Prefix<A>;
  readonly gateway: A | undefined;
  readonly auxiliary: Readonly<Record<string, A>>;
};

export type DriverNetwork = {
  readonly id: string;
  readonly name: string;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  readonly internal: boolean;
  /** `-o`. */
  readonly options: Readonly<Record<string, string>>;
  readonly ipv4: readonly DriverPool<Ipv4>[];
  readonly ipv6: readonly DriverPool<Ipv6>[];
};

export type DriverEndpoint = {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly ipv4: Prefix<Ipv4> | undefined;
  readonly ipv6: Prefix<Ipv6> | undefined;
  /** Empty where the driver has no Ethernet addresses to give away. */
  readonly mac: Mac | "";
  /** The namespace that it will be joined to. */
  readonly netns: Netns;
};

/** Two endpoints of the default bridge that may talk although it forbids that (`--link` with icc=false). */
export type LinkedEndpoint = { readonly endpointId: string };

/** How an endpoint's interface looks in the sandbox. */
export type JoinInfo = {
  readonly interface:
    | {
        /** The name it has so far, in the sandbox's namespace. */
        readonly source: string;
        /** It is named `PREFIX` and a number, unless `name` is given. */
        readonly prefix: string;
        /** The families for which it leads everywhere by itself, without a gateway. */
        readonly leadsOut: readonly Family[];
      }
    | undefined;
  readonly gateway: Ipv4 | undefined;
  readonly gatewayV6: Ipv6 | undefined;
};

/** Ports of a container, and what the endpoint that is its way out must do about them. */
export type ExternalConnectivity = {
  readonly exposedPorts: readonly PortSpec[];
  readonly bindings: readonly PortBindingRequest[];
  /** Another endpoint is the way out for IPv6: do not lead the host's IPv6 ports to an IPv4 address. */
  readonly noProxy6To4: boolean;
  readonly links: readonly LinkedEndpoint[];
};

export interface NetworkDriver {
  readonly name: string;
  /** Whether its networks are known on one machine, or in the whole cluster. */
  readonly dataScope: "local" | "global";
  /** Whether its endpoints have Ethernet addresses of their own. */
  readonly hasOwnMacs: boolean;
  /** Which gateway addresses IPAM need not give. Checks the options as far as that. */
  skipGateway(network: Omit<DriverNetwork, "ipv4" | "ipv6">): Result<{ readonly ipv4: boolean; readonly ipv6: boolean }, CnmError>;
  createNetwork(network: DriverNetwork): Result<void, CnmError>;
  deleteNetwork(networkId: string): Result<void, CnmError>;
  createEndpoint(endpoint: DriverEndpoint): Result<void, CnmError>;
  deleteEndpoint(networkId: string, endpointId: string): void;
  join(networkId: string, endpointId: string): Result<JoinInfo, CnmError>;
  leave(networkId: string, endpointId: string): void;
  programExternalConnectivity(networkId: string, endpointId: string, ports: ExternalConnectivity): Result<void, CnmError>;
  revokeExternalConnectivity(networkId: string, endpointId: string): void;
  /** Ports of the host that lead to the endpoint. */
  portBindings(networkId: string, endpointId: string): readonly PortBinding[];
  /** The host's end of the endpoint's interface. */
  hostInterface(networkId: string, endpointId: string): string | undefined;
  /** The Linux bridge of a network, if it has one. */
  bridgeName(networkId: string): string | undefined;
}
