/**
 * How an endpoint comes to be and goes: its name on the network, its addresses and MAC, and what the driver makes for it.
 *
 * Modelled on moby's daemon/libnetwork (network.go createEndpoint, endpoint.go Delete).
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { type Family, type Ip, type Ipv6, isLinkLocal, isV4, type Prefix } from "@/lib/sim/net/address";
import { type Mac, parseMac, randomMac } from "@/lib/sim/net/mac";
import type { Netns } from "@/lib/sim/kernel";
import type { CnmError, EndpointRequest } from "./contract";
import { type Assigned, Endpoint } from "./endpoint";
import { forbidden, internal, invalid, within } from "./error";
import { parseGoIp } from "./go-value";
import type { Network } from "./network";
import { isPredefined } from "./predefined";

export type EndpointCreation = {
  readonly network: Network;
  readonly request: EndpointRequest;
  readonly random: Random;
  /** The container's name, which the endpoint has on the network. */
  readonly name: string;
  readonly containerId: string;
  readonly netns: Netns;
  /** Whether the namespace has IPv6 at all. */
  readonly hasIpv6: boolean;
};

/** Undone when one part is refused. */
export function createEndpoint(creation: EndpointCreation): Result<Endpoint, CnmError> {
  const { network, request, random, name, containerId, netns } = creation;
  if (name.trim() === "") return invalid("invalid name: name is empty");
  if (network.settings.configOnly || !network.driver) return forbidden("cannot create endpoint on configuration-only network");
  if (network.endpointByName(name)) return forbidden(`endpoint with name ${name} already exists in network ${network.name}`);
  const linkLocal = linkLocalPrefixes(request.linkLocal ?? []);
  if (!linkLocal.ok) return linkLocal;
  const mac = macFor(network, request, random);
  if (!mac.ok) return mac;

  const ipv4 = assign(network, 4, network.settings.enableIpv4, request.ipv4);
  if (!ipv4.ok) return ipv4;
  const free = (assigned: Assigned<Ip> | undefined): void => {
    if (assigned) network.freeAddress(assigned.pool, assigned.prefix.address);
  };
  const ipv6 = assign(network, 6, network.settings.enableIpv6 && creation.hasIpv6, request.ipv6);
  if (!ipv6.ok) {
    free(ipv4.value);
    return ipv6;
  }
  const endpoint = new Endpoint({
    id: random.hex(64),
    name,
    containerId,
    network,
    mac: mac.value,
    ipv4: narrowed(ipv4.value, isV4),
    ipv6: narrowed(ipv6.value, isV6),
    linkLocal: linkLocal.value,
    request: isPredefined(network.name) ? { ...request, dnsNames: [] } : request,
  });
  const created = createInDriver(endpoint, netns);
  if (!created.ok) {
    free(ipv4.value);
    free(ipv6.value);
    return fail(within(created.error, (message) => `failed to create endpoint ${name} on network ${network.name}: ${message}`, "internal"));
  }
  network.endpoints.add(endpoint);
  network.records.add(endpoint.names());
  return ok(endpoint);
}

export function deleteEndpoint(endpoint: Endpoint): void {
  const { network, ipv4, ipv6 } = endpoint;
  network.endpoints.delete(endpoint);
  network.records.remove(endpoint.names());
  network.driver?.deleteEndpoint(network.id, endpoint.id);
  for (const assigned of [ipv4, ipv6]) if (assigned) network.freeAddress(assigned.pool, assigned.prefix.address);
}

function createInDriver({ network, id, name, mac, ipv4, ipv6 }: Endpoint, netns: Netns): Result<void, CnmError> {
  if (!network.driver) return DONE;
  return network.driver.createEndpoint({ id, name, networkId: network.id, ipv4: ipv4?.prefix, ipv6: ipv6?.prefix, mac, netns });
}

function macFor(network: Network, { mac }: EndpointRequest, random: Random): Result<Mac | "", CnmError> {
  if (network.isSpecial) return ok("");
  if (mac === undefined || mac === "") return ok(network.driver?.hasOwnMacs === false ? "" : randomMac(random));
  const parsed = parseMac(mac);
  return parsed ? ok(parsed) : internal(`address ${mac}: invalid MAC address`);
}

function assign(network: Network, family: Family, wanted: boolean, text: string | undefined): Result<Assigned<Ip> | undefined, CnmError> {
  if (!wanted || network.isSpecial) return ok(undefined);
  let address: Ip | undefined;
  if (text !== undefined && text !== "") {
    address = parseGoIp(text);
    if (!address) return internal(`invalid IPv${family} address: ${text}`);
  }
  const taken = network.takeAddress(family, address);
  return taken.ok ? ok(taken.value && { prefix: taken.value.address, pool: taken.value.pool }) : taken;
}

function linkLocalPrefixes(texts: readonly string[]): Result<readonly Prefix[], CnmError> {
  const prefixes: Prefix[] = [];
  for (const text of texts) {
    const address = parseGoIp(text);
    if (!address) return internal(`invalid link-local IP address: [${texts.join(" ")}]`);
    if (!isLinkLocal(address)) return invalid(`invalid link local IP address: ${address}`);
    prefixes.push({ address, length: isV4(address) ? 16 : 64 });
  }
  return ok(prefixes);
}

function isV6(address: Ip): address is Ipv6 {
  return !isV4(address);
}

function narrowed<A extends Ip>(assigned: Assigned<Ip> | undefined, is: (address: Ip) => address is A): Assigned<A> | undefined {
  if (!assigned) return undefined;
  const { address, length } = assigned.prefix;
  return is(address) ? { pool: assigned.pool, prefix: { address, length } } : undefined;
}
