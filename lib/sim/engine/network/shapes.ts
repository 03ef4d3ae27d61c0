/** Bodies of requests about networks (moby: api/types/network, the structs that the API server decodes into). */

import type { EndpointSettings, Ipam, IpamPool } from "@/lib/sim/api";
import { ENDPOINT } from "../container/shapes";
import { bool, map, omitEmpty, pointer, slice, string, struct } from "../go/shape";

export type NetworkCreation = {
  readonly Driver: string;
  readonly Scope: string;
  readonly EnableIPv4: boolean | null;
  readonly EnableIPv6: boolean | null;
  readonly IPAM: Ipam | null;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigOnly: boolean;
  readonly ConfigFrom: { readonly Network: string } | null;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Name: string;
};

const POOL = struct<IpamPool>("network.IPAMConfig", {
  Subnet: omitEmpty(string),
  IPRange: omitEmpty(string),
  Gateway: omitEmpty(string),
  AuxiliaryAddresses: omitEmpty(map(string)),
});

export const NETWORK_CREATE = struct<NetworkCreation>("network.CreateRequest", {
  Driver: string,
  Scope: string,
  EnableIPv4: pointer(bool),
  EnableIPv6: pointer(bool),
  IPAM: pointer(struct<Ipam>("network.IPAM", { Driver: string, Options: map(string), Config: slice(POOL) })),
  Internal: bool,
  Attachable: bool,
  Ingress: bool,
  ConfigOnly: bool,
  ConfigFrom: pointer(struct<{ readonly Network: string }>("network.ConfigReference", { Network: string })),
  Options: map(string),
  Labels: map(string),
  Name: string,
});

export const NETWORK_CONNECT = struct<{ readonly Container: string; readonly EndpointConfig: EndpointSettings | null }>(
  "network.ConnectOptions",
  {
    Container: string,
    EndpointConfig: pointer(ENDPOINT),
  },
);

export const NETWORK_DISCONNECT = struct<{ readonly Container: string; readonly Force: boolean }>("network.DisconnectOptions", {
  Container: string,
  Force: bool,
});
