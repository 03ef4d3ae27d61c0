/**
 * The settings of one bridge network, read from its options (`-o com.docker.network…`) and from what IPAM gave.
 *
 * A learner meets them in `docker network create -o …` and in the sentences with which wrong ones are refused. Modelled on
 * moby's daemon/libnetwork/drivers/bridge/bridge_linux.go. It differs in order: of several wrong options moby names any
 * (it walks a Go map), here the first by name.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import {
  contains,
  formatPrefix,
  type Ip,
  type Ipv4,
  type Ipv6,
  isMulticast,
  networkOf,
  overlaps,
  parsePrefix,
  type Prefix,
} from "@/lib/sim/net/address";
import type { Rtnetlink } from "@/lib/sim/kernel";
import type { CnmError } from "../../contract";
import { forbidden, internal, invalid } from "../../error";
import { atoi, parseBool, parseGoIp } from "../../go-value";
import type { DriverNetwork, DriverPool } from "../contract";

export type GatewayMode = "nat" | "nat-unprotected" | "routed" | "isolated";

export type BridgeOptions = {
  /** Empty: the default bridge's. */
  readonly bridge: string;
  /** 0: the kernel's default. */
  readonly mtu: number;
  readonly icc: boolean;
  readonly masquerade: boolean;
  readonly gatewayMode: Readonly<Record<4 | 6, GatewayMode>>;
  readonly trustedInterfaces: readonly string[];
  /** The bridge gets no IPv4 address. */
  readonly inhibitIpv4: boolean;
  readonly isDefault: boolean;
  readonly binding: Ip | undefined;
  readonly interfacePrefix: string;
  /** Source address instead of masquerading. */
  readonly hostIp: Readonly<Record<4 | 6, Ip | undefined>>;
};

export type BridgeConfig = BridgeOptions & {
  readonly networkId: string;
  readonly internal: boolean;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  /** The bridge's own address in the network: the gateway where there is one. */
  readonly ipv4: Prefix<Ipv4> | undefined;
  readonly ipv6: Prefix<Ipv6> | undefined;
  /** daemon.json's default-gateway: not the bridge. */
  readonly defaultGateway: { readonly 4: Ipv4 | undefined; readonly 6: Ipv6 | undefined };
};

const BRIDGE = "com.docker.network.bridge";
const LINK_LOCAL = "fe80::/64";

type Draft = { -readonly [K in keyof BridgeOptions]: BridgeOptions[K] };

/** Reads the options. Unknown ones are ignored, as Docker ignores them. */
export function parseBridgeOptions(
  network: Pick<DriverNetwork, "id" | "internal" | "options">,
  links: Rtnetlink,
): Result<BridgeOptions, CnmError> {
  const draft: Draft = {
    bridge: "",
    mtu: 0,
    icc: true,
    masquerade: true,
    gatewayMode: { 4: "nat", 6: "nat" },
    trustedInterfaces: [],
    inhibitIpv4: false,
    isDefault: false,
    binding: undefined,
    interfacePrefix: "",
    hostIp: { 4: undefined, 6: undefined },
  };
  for (const label of Object.keys(network.options).sort()) {
    const value = network.options[label] ?? "";
    const complaint = readOption(draft, label, value);
    if (complaint !== undefined) return invalid(`failed to parse ${label} value: ${value} (${complaint})`);
  }
  if (draft.bridge === "" && !draft.isDefault) draft.bridge = `br-${network.id.slice(0, 12)}`;

  const existing = links.linkByName(draft.bridge);
  if (existing && existing.detail.kind !== "bridge") return internal(`existing interface ${draft.bridge} is not a bridge`);
  const isolated = draft.gatewayMode[4] === "isolated" || draft.gatewayMode[6] === "isolated";
  if (isolated && !network.internal) return internal("gateway mode 'isolated' can only be used for an internal network");
  return ok(draft);
}

/** Puts options and addresses together, and checks what can be checked before anything is set up. */
export function bridgeConfig(network: DriverNetwork, options: BridgeOptions): Result<BridgeConfig, CnmError> {
  const { enableIpv4, enableIpv6 } = network;
  if (!enableIpv4 && !enableIpv6) return invalid("IPv4 or IPv6 must be enabled");
  if (enableIpv4 && isEmptyPool(network.ipv4)) return invalid("ipv4 pool is empty");
  if (enableIpv6 && isEmptyPool(network.ipv6)) return invalid("ipv6 pool is empty");
  if (network.ipv4.length > 1 || network.ipv6.length > 1) return forbidden("bridge driver doesn't support multiple subnets");

  const [pool4, pool6] = [network.ipv4[0], network.ipv6[0]];
  const config: BridgeConfig = {
    ...options,
    networkId: network.id,
    internal: network.internal,
    enableIpv4,
    enableIpv6,
    ipv4: pool4 && ownAddress(pool4),
    ipv6: pool6 && ownAddress(pool6),
    defaultGateway: { 4: pool4?.auxiliary["DefaultGatewayIPv4"], 6: pool6?.auxiliary["DefaultGatewayIPv6"] },
  };
  return validated(config);
}

/** Why two networks cannot be together, or undefined. */
export function conflictOf(a: BridgeConfig, b: BridgeConfig): string | undefined {
  if (a.bridge === b.bridge) return "networks have same bridge name";
  if (a.ipv4 && b.ipv4 && (contains(a.ipv4, b.ipv4.address) || contains(b.ipv4, a.ipv4.address))) return "networks have overlapping IPv4";
  if (a.ipv6 && b.ipv6 && (contains(a.ipv6, b.ipv6.address) || contains(b.ipv6, a.ipv6.address))) return "networks have overlapping IPv6";
  return undefined;
}

function validated(config: BridgeConfig): Result<BridgeConfig, CnmError> {
  if (config.mtu < 0) return invalid(`invalid MTU number: ${config.mtu}`);
  const { ipv4, ipv6, defaultGateway } = config;
  if (config.enableIpv4 && ipv4 && defaultGateway[4] && !contains(ipv4, defaultGateway[4]))
    return invalid("default gateway ip must be part of the network");
  if (!config.enableIpv6 || !ipv6) return ok(config);
  if (isMulticast(ipv6.address)) return invalid(`multicast subnet '${formatPrefix(ipv6)}' is not allowed`);
  const linkLocal = parsePrefix(LINK_LOCAL);
  const subnet = networkOf(ipv6);
  if (linkLocal && formatPrefix(subnet) !== LINK_LOCAL && overlaps(linkLocal, subnet)) {
    return invalid(`'${formatPrefix(ipv6)}' clashes with the Link-Local prefix '${LINK_LOCAL}'`);
  }
  if (defaultGateway[6] && !contains(ipv6, defaultGateway[6])) return invalid("default gateway ip must be part of the network");
  return ok(config);
}

/** Puts one option into the draft. What is wrong with it, in Go's words. */
function readOption(draft: Draft, label: string, value: string): string | undefined {
  const into = <T>(read: Result<T, string>, put: (value: T) => void): string | undefined => {
    if (!read.ok) return read.error;
    put(read.value);
    return undefined;
  };
  switch (label) {
    case `${BRIDGE}.name`:
      draft.bridge = value;
      return undefined;
    case "com.docker.network.driver.mtu":
      return into(atoi(value), (mtu) => (draft.mtu = mtu));
    case `${BRIDGE}.enable_ip_masquerade`:
      return into(parseBool(value), (masquerade) => (draft.masquerade = masquerade));
    case `${BRIDGE}.gateway_mode_ipv4`:
      return into(gatewayMode(value), (mode) => (draft.gatewayMode = { ...draft.gatewayMode, 4: mode }));
    case `${BRIDGE}.gateway_mode_ipv6`:
      return into(gatewayMode(value), (mode) => (draft.gatewayMode = { ...draft.gatewayMode, 6: mode }));
    case `${BRIDGE}.enable_icc`:
      return into(parseBool(value), (icc) => (draft.icc = icc));
    case `${BRIDGE}.trusted_host_interfaces`:
      draft.trustedInterfaces = value.split(":").filter((name) => name !== "");
      return undefined;
    case `${BRIDGE}.inhibit_ipv4`:
      return into(parseBool(value), (inhibit) => (draft.inhibitIpv4 = inhibit));
    case `${BRIDGE}.default_bridge`:
      return into(parseBool(value), (isDefault) => (draft.isDefault = isDefault));
    case `${BRIDGE}.host_binding_ipv4`:
      return into(ipOption(value), (address) => (draft.binding = address));
    case "com.docker.network.container_iface_prefix":
      draft.interfacePrefix = value;
      return undefined;
    case "com.docker.network.host_ipv4":
      return into(ipOption(value), (address) => (draft.hostIp = { ...draft.hostIp, 4: address }));
    case "com.docker.network.host_ipv6":
      return into(ipOption(value), (address) => (draft.hostIp = { ...draft.hostIp, 6: address }));
    default:
      return undefined;
  }
}

function gatewayMode(value: string): Result<GatewayMode, string> {
  switch (value) {
    case "nat":
    case "nat-unprotected":
    case "routed":
    case "isolated":
      return ok(value);
    default:
      return fail(`unknown gateway mode ${value}`);
  }
}

function ipOption(value: string): Result<Ip, string> {
  const address = parseGoIp(value);
  return address ? ok(address) : fail("nil ip");
}

function isEmptyPool(pools: readonly DriverPool[]): boolean {
  const [pool] = pools;
  return !pool || (pool.subnet.length === 0 && (pool.subnet.address === "0.0.0.0" || pool.subnet.address === "::"));
}

function ownAddress<A extends Ip>({ subnet, gateway }: DriverPool<A>): Prefix<A> {
  return gateway ? { address: gateway, length: subnet.length } : subnet;
}
