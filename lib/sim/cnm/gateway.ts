/**
 * Which of a sandbox's endpoints leads out: its gateway becomes the default route, and it publishes the ports.
 *
 * It is why a container on two networks has its route through one of them: `--gw-priority` first, then a network that is
 * not internal, then one with both families, then the name. Modelled on moby's daemon/libnetwork (sandbox.go: Less;
 * default_gateway.go: selectGatewayEndpoint).
 */

import type { Endpoint } from "./endpoint";

export type Gateways = { readonly ipv4: Endpoint | undefined; readonly ipv6: Endpoint | undefined };

/** Better ways out come first. */
export function compareEndpoints(a: Endpoint, b: Endpoint): number {
  return (
    b.request.gwPriority - a.request.gwPriority ||
    Number(a.network.settings.internal) - Number(b.network.settings.internal) ||
    gatewayCount(b) - gatewayCount(a) ||
    (a.network.name < b.network.name ? -1 : 1)
  );
}

/**
 * The ways out for each family. The first endpoint with a gateway of both families is both, even before one of a single
 * family with a higher priority.
 */
export function selectGateways(sorted: readonly Endpoint[]): Gateways {
  const candidates = sorted.filter(({ network }) => !network.isSpecial);
  const dual = candidates.find((endpoint) => gatewayCount(endpoint) === 2);
  if (dual) return { ipv4: dual, ipv6: dual };
  return {
    ipv4: candidates.find((endpoint) => endpoint.wayOut(4) !== undefined),
    ipv6: candidates.find((endpoint) => endpoint.wayOut(6) !== undefined),
  };
}

/** Whether a sandbox reaches beyond its networks at all. */
export function hasExternalAccess(endpoints: readonly Endpoint[]): boolean {
  return endpoints.some((endpoint) => !endpoint.network.settings.internal && !endpoint.network.isSpecial && gatewayCount(endpoint) > 0);
}

/** IPv6 leads out through another endpoint than IPv4: then the host's IPv6 ports must not lead to an IPv4 address. */
export function splitsFamilies({ ipv4, ipv6 }: Gateways): boolean {
  return ipv4 !== undefined && ipv6 !== undefined && ipv4 !== ipv6;
}

function gatewayCount(endpoint: Endpoint): number {
  return Number(endpoint.wayOut(4) !== undefined) + Number(endpoint.wayOut(6) !== undefined);
}
