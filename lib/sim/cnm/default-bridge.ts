/**
 * The settings of the default network `bridge`, from daemon.json: its options and its addresses.
 *
 * An engine that starts anew finds docker0 as it left it, and keeps its address unless the configuration says otherwise.
 * Modelled on moby's daemon/daemon_unix.go (initBridgeDriver, getDefaultBridgeIPAMConf, selectBIP). It differs in that the
 * default bridge has no IPv6 (daemon.json's `ipv6` is not read).
 */

import { ok, type Result } from "@/lib/base/result";
import { contains, formatPrefix, type Ip, isV4, networkOf, type Prefix } from "@/lib/sim/net/address";
import type { Netns } from "@/lib/sim/kernel";
import type { CnmConfig, CnmError, IpamConfig } from "./contract";
import { DEFAULT_BRIDGE } from "./drivers/bridge/setup";
import { internal } from "./error";
import { parseGoPrefix } from "./go-value";

/** daemon.json's `"bridge": "none"`: no default network at all. */
export function isDefaultBridgeOff(config: CnmConfig): boolean {
  return config.bridge === "none";
}

export function defaultBridgeName(config: CnmConfig): string {
  return config.bridge === undefined || config.bridge === "" ? DEFAULT_BRIDGE : config.bridge;
}

export function defaultBridgeOptions(config: CnmConfig): Readonly<Record<string, string>> {
  const { mtu = 1500, ipMasq = true, icc = true, ip = "0.0.0.0" } = config;
  return {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": String(icc),
    "com.docker.network.bridge.enable_ip_masquerade": String(ipMasq),
    "com.docker.network.bridge.host_binding_ipv4": ip,
    "com.docker.network.bridge.name": defaultBridgeName(config),
    "com.docker.network.driver.mtu": String(mtu),
  };
}

export function defaultBridgeIpam(config: CnmConfig, host: Netns): Result<readonly IpamConfig[], CnmError> {
  const fixed = config.fixedCidr === undefined || config.fixedCidr === "" ? undefined : parseGoPrefix(config.fixedCidr);
  if (!fixed && config.fixedCidr) return internal(`parse fixed-cidr failed: invalid CIDR address: ${config.fixedCidr}`);
  const bip = config.bip === undefined || config.bip === "" ? undefined : parseGoPrefix(config.bip);
  if (!bip && config.bip) return internal(`parse bip failed: invalid CIDR address: ${config.bip}`);

  const name = defaultBridgeName(config);
  const isUsers = name !== DEFAULT_BRIDGE;
  const own = bip ? { address: bip.address, subnet: networkOf(bip) } : existingAddress(host, name, fixed, isUsers);
  const subnet = own?.subnet ?? (fixed && networkOf(fixed));
  if (!subnet) return ok(gatewayAux(config) ? [{ auxiliary: gatewayAux(config) ?? {} }] : []);
  const range = fixed && !(isUsers && own && isOutside(fixed, own.subnet)) ? formatPrefix(networkOf(fixed)) : undefined;
  const auxiliary = gatewayAux(config);
  return ok([
    {
      subnet: formatPrefix(subnet),
      ...(range === undefined ? {} : { ipRange: range }),
      ...(own ? { gateway: own.address } : {}),
      ...(auxiliary ? { auxiliary } : {}),
    },
  ]);
}

/** An address that the bridge has already, as far as it fits the configured range. */
function existingAddress(
  host: Netns,
  name: string,
  fixed: Prefix | undefined,
  isUsers: boolean,
): { readonly address: Ip; readonly subnet: Prefix } | undefined {
  const link = host.links.linkByName(name);
  const addresses = link
    ? host.links
        .addresses(link.index)
        .map(({ prefix }) => prefix)
        .filter(({ address }) => isV4(address))
    : [];
  const chosen =
    (fixed && addresses.find((prefix) => contains(prefix, fixed.address))) ??
    (fixed && addresses.find(({ address }) => contains(fixed, address))) ??
    addresses[0];
  if (!chosen) return undefined;
  if (!fixed || isUsers) return { address: chosen.address, subnet: networkOf(chosen) };
  if (!contains(chosen, fixed.address)) return undefined;
  const length = Math.min(fixed.length, chosen.length);
  return { address: chosen.address, subnet: networkOf({ address: chosen.address, length }) };
}

function isOutside(range: Prefix, subnet: Prefix): boolean {
  return !contains(subnet, range.address) || range.length < subnet.length;
}

/** daemon.json's default-gateway travels as an auxiliary address. */
function gatewayAux({ defaultGateway }: CnmConfig): Readonly<Record<string, string>> | undefined {
  return defaultGateway === undefined || defaultGateway === "" ? undefined : { DefaultGatewayIPv4: defaultGateway };
}
