/**
 * How a name is looked up in a sandbox: on each of its networks, as a link's alias, as a container's name, and as either
 * followed by the name of a network (`web.app`).
 *
 * Modelled on moby's daemon/libnetwork/sandbox.go (ResolveName, ResolveIP).
 */

import type { Family, Ip } from "@/lib/sim/net/address";
import type { Endpoint } from "../endpoint";

/** Undefined: Docker does not know the name, others may. Empty: it is Docker's, but has no address of this family. */
export function lookUpName(endpoints: readonly Endpoint[], name: string, family: Family): readonly Ip[] | undefined {
  // Names and networks may both have dots: `a.b.c` can be `a.b.c`, `a.b` on the network `c`, or `a` on `b.c`.
  for (const { host, network } of splits(name)) {
    const candidates = endpoints.filter((endpoint) => network === undefined || endpoint.network.name === network);
    const found = asAlias(candidates, host, family) ?? asName(candidates, host, family);
    if (found) return found;
  }
  return undefined;
}

/** `web.app` for `2.0.18.172`. */
export function lookUpAddress(endpoints: readonly Endpoint[], reversedAddress: string): string | undefined {
  for (const { network } of endpoints) {
    const name = network.records.nameOf(reversedAddress);
    if (name !== undefined) return `${name}.${network.name}`;
  }
  return undefined;
}

function asAlias(endpoints: readonly Endpoint[], alias: string, family: Family): readonly Ip[] | undefined {
  for (const endpoint of endpoints) {
    const container = aliasesOf(endpoint).get(alias);
    const found = container === undefined ? undefined : endpoint.network.records.addressesOf(container, family);
    if (found) return found;
  }
  return undefined;
}

function asName(endpoints: readonly Endpoint[], name: string, family: Family): readonly Ip[] | undefined {
  for (const endpoint of endpoints) {
    if (aliasesOf(endpoint).has(name)) continue;
    const found = endpoint.network.records.addressesOf(name, family);
    if (found) return found;
  }
  return undefined;
}

/** `--link CONTAINER:ALIAS`. */
function aliasesOf(endpoint: Endpoint): ReadonlyMap<string, string> {
  return new Map(endpoint.request.links.map(({ container, alias }) => [alias, container]));
}

function splits(name: string): { readonly host: string; readonly network: string | undefined }[] {
  const result: { readonly host: string; readonly network: string | undefined }[] = [{ host: name, network: undefined }];
  for (let dot = name.lastIndexOf("."); dot >= 0; dot = name.lastIndexOf(".", dot - 1)) {
    result.push({ host: name.slice(0, dot), network: name.slice(dot + 1) });
    if (dot === 0) break;
  }
  return result;
}
