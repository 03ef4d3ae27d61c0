/**
 * One endpoint: what joins a sandbox to a network.
 *
 * A learner sees it in `docker network inspect` (Containers) and `docker inspect` (Networks). Modelled on moby's
 * daemon/libnetwork/endpoint.go and endpoint_info.go.
 */

import type { Family, Ip, Ipv4, Ipv6, Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";
import type { EndpointRequest, EndpointView } from "./contract";
import type { EndpointNames } from "./dns/records";
import type { JoinInfo } from "./drivers/contract";
import type { WayOut } from "./interfaces";
import type { PoolId } from "./ipam/contract";
import type { Network } from "./network";

/** An address and the pool that it goes back to. */
export type Assigned<A extends Ip> = { readonly prefix: Prefix<A>; readonly pool: PoolId };

export type NewEndpoint = {
  readonly id: string;
  /** The container's name; it changes with `docker rename`. */
  readonly name: string;
  readonly containerId: string;
  readonly network: Network;
  readonly mac: Mac | "";
  readonly ipv4: Assigned<Ipv4> | undefined;
  readonly ipv6: Assigned<Ipv6> | undefined;
  readonly linkLocal: readonly Prefix[];
  readonly request: EndpointRequest;
};

export class Endpoint {
  readonly id: string;
  readonly network: Network;
  readonly containerId: string;
  readonly mac: Mac | "";
  readonly ipv4: Assigned<Ipv4> | undefined;
  readonly ipv6: Assigned<Ipv6> | undefined;
  readonly linkLocal: readonly Prefix[];
  readonly request: EndpointRequest;
  name: string;
  dnsNames: readonly string[];
  /** Set while it is joined to its sandbox. */
  joined: JoinInfo | undefined;
  /** Its interface in the sandbox, as it is called there. */
  interface = "";

  constructor(endpoint: NewEndpoint) {
    this.id = endpoint.id;
    this.name = endpoint.name;
    this.containerId = endpoint.containerId;
    this.network = endpoint.network;
    this.mac = endpoint.mac;
    this.ipv4 = endpoint.ipv4;
    this.ipv6 = endpoint.ipv6;
    this.linkLocal = endpoint.linkLocal;
    this.request = endpoint.request;
    this.dnsNames = endpoint.request.dnsNames;
  }

  get addresses(): readonly Ip[] {
    return [this.ipv4?.prefix.address, this.ipv6?.prefix.address].filter((address) => address !== undefined);
  }

  get gateway(): Ipv4 | undefined {
    return this.joined?.gateway;
  }

  /** Without an IPv6 address of its own it has no use for a gateway. */
  get gatewayV6(): Ipv6 | undefined {
    return this.ipv6 && this.joined?.gatewayV6;
  }

  /** How it leads everywhere, if it does: to a gateway, or (`ipvlan` in mode l3) through its interface alone. */
  wayOut(family: Family): WayOut | undefined {
    const via = family === 4 ? this.gateway : this.gatewayV6;
    if (via !== undefined) return { via };
    const wanted = this.joined?.interface;
    return wanted?.leadsOut.includes(family) ? { through: wanted.source } : undefined;
  }

  /** `com.docker.network.endpoint.ifname`. */
  get wantedInterface(): string {
    return this.request.driverOptions["com.docker.network.endpoint.ifname"] ?? "";
  }

  /** `com.docker.network.endpoint.sysctls`. */
  get sysctls(): readonly string[] {
    const text = this.request.driverOptions["com.docker.network.endpoint.sysctls"];
    return text === undefined ? [] : text.split(",");
  }

  names(): EndpointNames {
    return { endpointId: this.id, names: this.dnsNames, addresses: this.addresses };
  }

  view(): EndpointView {
    const { network, ipv4, ipv6, gateway, gatewayV6 } = this;
    const hostInterface = network.driver?.hostInterface(network.id, this.id);
    return {
      id: this.id,
      network: network.id,
      containerId: this.containerId,
      containerName: this.name,
      interface: this.interface,
      mac: this.mac,
      ...(ipv4 ? { ipv4: ipv4.prefix.address, ipv4Length: ipv4.prefix.length } : {}),
      ...(ipv6 ? { ipv6: ipv6.prefix.address, ipv6Length: ipv6.prefix.length } : {}),
      ...(gateway ? { gateway } : {}),
      ...(gatewayV6 ? { gatewayV6 } : {}),
      ports: network.driver?.portBindings(network.id, this.id) ?? [],
      ...(hostInterface === undefined ? {} : { hostInterface }),
    };
  }
}
