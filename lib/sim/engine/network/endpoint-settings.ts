/**
 * What a container asks of one network, checked and completed: `--ip`, `--network-alias`, `--mac-address`, the names under
 * which it is known.
 *
 * Modelled on moby's daemon/container_operations.go (validateEndpointSettings, buildEndpointDNSNames) and
 * api/types/network/endpoint.go. Several faults are told at once.
 */

import type { EndpointSettings, IpamPool } from "@/lib/sim/api";
import type { EndpointView } from "@/lib/sim/cnm/contract";
import { contains, isV4, parseIp, parsePrefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { Container, Endpoint } from "../container/container";
import { joinErrors } from "../error";
import { shortId } from "../ids";
import { isUserDefined } from "./network-mode";

const ENDPOINT_SYSCTLS = "com.docker.network.endpoint.sysctls";

/** `pools`: what the user chose for the network; undefined when the network is not there yet. */
export function faultOfEndpoint(
  networkName: string,
  settings: EndpointSettings,
  pools: readonly IpamPool[] | undefined,
): string | undefined {
  const faults: string[] = [];
  const { IPv4Address: v4 = "", IPv6Address: v6 = "", LinkLocalIPs: linkLocal = [] } = settings.IPAMConfig ?? {};
  if (!isUserDefined(networkName)) {
    if (v4 !== "" || v6 !== "") faults.push("user specified IP address is supported on user defined networks only");
    if ((settings.Aliases?.length ?? 0) > 0) faults.push("network-scoped alias is supported only for containers in user defined networks");
  }

  const isUsable = (text: string): boolean => {
    const address = parseIp(text);
    return address !== undefined && address !== "0.0.0.0" && address !== "::";
  };
  if (v4 !== "" && !(isUsable(v4) && isV4Text(v4))) faults.push(`invalid IPv4 address: ${v4}`);
  if (v6 !== "" && !(isUsable(v6) && !isV4Text(v6))) faults.push(`invalid IPv6 address: ${v6}`);
  for (const address of linkLocal) if (!isUsable(address)) faults.push(`invalid link-local IP address: ${address}`);

  if (pools) {
    for (const [text, family] of [
      [v4, 4],
      [v6, 6],
    ] as const) {
      if (text === "") continue;
      const subnets = pools
        .flatMap(({ Subnet }) => parsePrefix(Subnet ?? "") ?? [])
        .filter(({ address }) => isV4(address) === (family === 4));
      const address = parseIp(text);
      if (address && subnets.some((subnet) => contains(subnet, address))) continue;
      faults.push(
        subnets.length > 0
          ? `no configured subnet or ip-range contain the IP address ${text}`
          : "user specified IP address is supported only when connecting to networks with user configured subnets",
      );
    }
  }

  if (settings.MacAddress !== "" && !parseMac(settings.MacAddress)) return `invalid MAC address ${settings.MacAddress}`;
  const sysctls = settings.DriverOpts?.[ENDPOINT_SYSCTLS];
  for (const sysctl of sysctls === undefined ? [] : sysctls.split(",")) {
    const [, family = "", , name = "", ...rest] = sysctl.split(".");
    if (rest.length > 0 && ["ipv4", "ipv6", "mpls"].includes(family) && ["IFNAME", "ifname"].includes(name)) continue;
    faults.push(
      `unrecognised network interface sysctl '${sysctl}'; represent 'net.X.Y.ethN.Z=V' as 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4', 'ipv6' or 'mpls'`,
    );
  }
  const joined = joinErrors(faults);
  return joined === undefined ? undefined : `invalid endpoint settings:\n${joined}`;
}

/** Names in the embedded DNS, the first of them for reverse lookups. */
export function dnsNamesOf(container: Container, aliases: readonly string[] | null): readonly string[] {
  const names = [container.bareName, ...(aliases ?? []), shortId(container.id)];
  if (container.config.Hostname !== "") names.push(container.config.Hostname);
  return [...new Set(names)];
}

/** What an endpoint got is forgotten when the container stops; what was asked for stays. */
export function withoutOperationalData(settings: EndpointSettings): EndpointSettings {
  return {
    ...settings,
    EndpointID: "",
    Gateway: "",
    IPAddress: "",
    IPPrefixLen: 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    MacAddress: "",
  };
}

export function withEndpoint(settings: EndpointSettings, networkId: string, endpoint: EndpointView): EndpointSettings {
  return {
    ...settings,
    NetworkID: networkId,
    EndpointID: endpoint.id,
    MacAddress: endpoint.mac,
    Gateway: endpoint.gateway ?? "",
    IPAddress: endpoint.ipv4 ?? "",
    IPPrefixLen: endpoint.ipv4 === undefined ? 0 : (endpoint.ipv4Length ?? 0),
    IPv6Gateway: endpoint.gatewayV6 ?? "",
    GlobalIPv6Address: endpoint.ipv6 ?? "",
    GlobalIPv6PrefixLen: endpoint.ipv6 === undefined ? 0 : (endpoint.ipv6Length ?? 0),
  };
}

export function newEndpoint(settings: EndpointSettings, desiredMac = ""): Endpoint {
  return { settings, desiredMac };
}

function isV4Text(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && isV4(address);
}
