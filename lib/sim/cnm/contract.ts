/**
 * libnetwork's contract with the daemon: networks, sandboxes and the endpoints that join them (the Container Network Model).
 *
 * The daemon knows names, ids and configurations. It does not know what a veth is. Modelled on moby 28.5.2,
 * daemon/libnetwork (controller.go, network.go, endpoint.go, sandbox.go).
 */

import type { Result } from "@/lib/base/result";
import type { NotSimulated } from "@/lib/sim/core/not-simulated";
import type { Instant } from "@/lib/sim/core/time";
import type { Ip, Ipv4, Ipv6 } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";
import type { FileSystem, Netns } from "@/lib/sim/kernel";

/**
 * A refusal in libnetwork's own words. `kind` is moby's errdefs class, which decides the HTTP status
 * (invalid 400, forbidden 403, not-found 404, conflict 409, internal 500, not-implemented 501, unavailable 503).
 */
export type CnmError =
  | {
      readonly kind: "invalid" | "forbidden" | "not-found" | "conflict" | "internal" | "not-implemented" | "unavailable";
      readonly message: string;
    }
  | NotSimulated;

export type IpamConfig = {
  readonly subnet?: string;
  readonly ipRange?: string;
  readonly gateway?: string;
  /** Name → address that is kept for something else. */
  readonly auxiliary?: Readonly<Record<string, string>>;
};

/** As the API's NetworkCreate gives it: still text, checked by the controller in moby's order. */
export type NewNetwork = {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly enableIpv4?: boolean;
  readonly enableIpv6?: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly configOnly: boolean;
  readonly configFrom?: string;
  readonly scope?: string;
  readonly ipam: { readonly driver: string; readonly options: Readonly<Record<string, string>>; readonly config: readonly IpamConfig[] };
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
};

export type NetworkView = {
  readonly id: string;
  readonly name: string;
  readonly created: Instant;
  /** `local`, `swarm`, `global`; Docker takes any other word that `--scope` gives as well. */
  readonly scope: string;
  readonly driver: string;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly configOnly: boolean;
  readonly configFrom: string;
  readonly ipam: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>> | undefined;
    readonly config: readonly IpamConfig[];
  };
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Of a bridge network: the Linux bridge's name. */
  readonly bridge?: string;
  readonly endpoints: readonly EndpointView[];
};

/** What a container asks of one network (API EndpointSettings and the port bindings that it brings along). */
export type EndpointRequest = {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly linkLocal?: readonly string[];
  readonly mac?: string;
  readonly aliases: readonly string[];
  /** Names under which the embedded DNS knows it on this network: container name, short id, aliases, hostname. */
  readonly dnsNames: readonly string[];
  /** `CONTAINER:ALIAS` pairs resolved to container names. */
  readonly links: readonly { readonly container: string; readonly alias: string }[];
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly gwPriority: number;
  readonly exposedPorts: readonly PortSpec[];
  readonly portBindings: readonly PortBindingRequest[];
  /** `-P`. */
  readonly publishAll: boolean;
};

export type PortSpec = { readonly port: number; readonly protocol: "tcp" | "udp" | "sctp" };
/** Host port 0 (or absent) is one that the engine picks; a range takes the first free one. */
export type PortBindingRequest = PortSpec & { readonly hostIp: string; readonly hostPort: number; readonly hostPortEnd: number };
export type PortBinding = PortSpec & { readonly hostIp: Ip; readonly hostPort: number };

export type EndpointView = {
  readonly id: string;
  readonly network: string;
  readonly containerId: string;
  readonly containerName: string;
  /** Interface in the sandbox: `eth0`. */
  readonly interface: string;
  readonly mac: Mac | "";
  readonly ipv4?: Ipv4;
  readonly ipv4Length?: number;
  readonly ipv6?: Ipv6;
  readonly ipv6Length?: number;
  readonly gateway?: Ip;
  readonly gatewayV6?: Ip;
  readonly ports: readonly PortBinding[];
  /** The veth's end in the host's namespace, and the bridge it is a port of. */
  readonly hostInterface?: string;
};

export type NewSandbox = {
  readonly containerId: string;
  /** Changes with `rename`. */
  containerName: string;
  readonly hostname: string;
  readonly domainname: string;
  /** `host` shares the machine's namespace, `container` another sandbox's; `own` makes a new one. */
  readonly mode: { readonly kind: "own" } | { readonly kind: "host" } | { readonly kind: "container"; readonly sandbox: Sandbox };
  readonly dns: { readonly servers: readonly string[]; readonly search: readonly string[]; readonly options: readonly string[] };
  /** `HOST:IP` lines, `host-gateway` among them. */
  readonly extraHosts: readonly string[];
  /** Where the sandbox keeps the container's hosts, hostname and resolv.conf: files `/hosts`, `/hostname`, `/resolv.conf` in it. */
  readonly files: FileSystem;
};

export interface Sandbox {
  readonly id: string;
  /** `/var/run/docker/netns/<key>`; `/var/run/docker/netns/default` in host mode. */
  readonly key: string;
  readonly netns: Netns;
  readonly containerId: string;
  readonly endpoints: readonly EndpointView[];
  /** Creates an endpoint on the network and joins it: interface, addresses, routes, DNS records, ports. Undoes all of it when one part fails. */
  connect(network: string, request: EndpointRequest): Result<EndpointView, CnmError>;
  /** Leaves and deletes the endpoint. */
  disconnect(network: string): Result<void, CnmError>;
  rename(name: string, dnsNames: (network: string) => readonly string[]): void;
  /** All endpoints leave; the namespace goes. */
  delete(): void;
}

/** daemon.json's settings that libnetwork reads. Absent: the engine's default. */
export type CnmConfig = {
  readonly defaultAddressPools?: readonly { readonly base: string; readonly size: number }[];
  readonly bridge?: string;
  readonly bip?: string;
  readonly fixedCidr?: string;
  readonly defaultGateway?: string;
  readonly mtu?: number;
  readonly icc?: boolean;
  readonly ipMasq?: boolean;
  readonly ipForward?: boolean;
  readonly iptables?: boolean;
  readonly userlandProxy?: boolean;
  /** Default host address of published ports. */
  readonly ip?: string;
  readonly hostGatewayIps?: readonly string[];
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
};

export interface NetworkController {
  create(network: NewNetwork): Result<NetworkView, CnmError>;
  remove(id: string): Result<void, CnmError>;
  /** By id. */
  network(id: string): NetworkView | undefined;
  /** In the order of their names (as the API lists them is the daemon's affair). */
  networks(): readonly NetworkView[];
  /** Names with which a driver or an IPAM driver can be asked for (`docker info`). */
  readonly drivers: readonly string[];
  newSandbox(sandbox: NewSandbox): Result<Sandbox, CnmError>;
}
