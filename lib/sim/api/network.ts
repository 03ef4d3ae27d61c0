/** Networks and a container's endpoints on them (moby: api/types/network). `docker network inspect` prints `NetworkInspect`. */

import type { GoMap, Slice, Timestamp } from "./go-json";

export type EndpointIpamConfig = {
  readonly IPv4Address?: string;
  readonly IPv6Address?: string;
  readonly LinkLocalIPs?: readonly string[];
};

/** What a container asked of a network (the first six), and what it got. */
export type EndpointSettings = {
  readonly IPAMConfig: EndpointIpamConfig | null;
  readonly Links: Slice<string>;
  readonly Aliases: Slice<string>;
  readonly MacAddress: string;
  readonly DriverOpts: GoMap<string>;
  readonly GwPriority: number;
  readonly NetworkID: string;
  readonly EndpointID: string;
  readonly Gateway: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly IPv6Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly DNSNames: Slice<string>;
};

export type NetworkingConfig = { readonly EndpointsConfig?: GoMap<Partial<EndpointSettings> | null> };

export type IpamPool = {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>>;
};
export type Ipam = { readonly Driver: string; readonly Options: GoMap<string>; readonly Config: Slice<IpamPool> };

/** Body of `POST /networks/create`. */
export type NetworkCreateRequest = {
  readonly Driver?: string;
  readonly Scope?: string;
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6?: boolean;
  readonly IPAM?: Partial<Ipam> | null;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly Ingress?: boolean;
  readonly ConfigOnly?: boolean;
  readonly ConfigFrom?: { readonly Network: string } | null;
  readonly Options?: GoMap<string>;
  readonly Labels?: GoMap<string>;
  readonly Name: string;
  readonly CheckDuplicate?: boolean;
};
export type NetworkCreateResponse = { readonly Id: string; readonly Warning: string };

export type EndpointResource = {
  readonly Name: string;
  readonly EndpointID: string;
  readonly MacAddress: string;
  readonly IPv4Address: string;
  readonly IPv6Address: string;
};

/** `GET /networks/{id}`, and one element of `GET /networks` (there `Containers` is always `{}`). */
export type NetworkInspect = {
  readonly Name: string;
  readonly Id: string;
  readonly Created: Timestamp;
  readonly Scope: string;
  readonly Driver: string;
  readonly EnableIPv4: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: Ipam;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigFrom: { readonly Network: string };
  readonly ConfigOnly: boolean;
  readonly Containers: Readonly<Record<string, EndpointResource>>;
  readonly Options: GoMap<string>;
  readonly Labels: GoMap<string>;
};

export type NetworkConnectRequest = { readonly Container: string; readonly EndpointConfig?: Partial<EndpointSettings> | null };
export type NetworkDisconnectRequest = { readonly Container: string; readonly Force?: boolean };
export type NetworksPruneReport = { readonly NetworksDeleted: Slice<string> };
