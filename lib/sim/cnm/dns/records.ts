/**
 * The names on one network: which addresses each stands for, and which name an address has.
 *
 * They are what Docker's resolver answers from. Modelled on moby's daemon/libnetwork (network.go: addSvcRecords,
 * ResolveName, ResolveIP). It differs in order: moby's sets have none, here names and addresses keep the order in which
 * they came (the resolver shuffles its answers anyway).
 */

import { type Family, familyOf, type Ip, isV4, toBigInt } from "@/lib/sim/net/address";

/** The names of one endpoint. The first is the one that its address is called by. */
export type EndpointNames = { readonly endpointId: string; readonly names: readonly string[]; readonly addresses: readonly Ip[] };

export class NameRecords {
  readonly #byName: Readonly<Record<Family, Map<string, Map<string, Ip>>>> = { 4: new Map(), 6: new Map() };
  readonly #byAddress = new Map<string, Map<string, string>>();

  add({ endpointId, names, addresses }: EndpointNames): void {
    for (const address of addresses) {
      for (const name of names) put(this.#byName[familyOf(address)], name.toLowerCase(), `${endpointId} ${address}`, address);
      const [first] = names;
      if (first !== undefined) put(this.#byAddress, reversed(address), `${endpointId} ${first}`, first);
    }
  }

  remove({ endpointId, names, addresses }: EndpointNames): void {
    for (const address of addresses) {
      for (const name of names) drop(this.#byName[familyOf(address)], name.toLowerCase(), `${endpointId} ${address}`);
      const [first] = names;
      if (first !== undefined) drop(this.#byAddress, reversed(address), `${endpointId} ${first}`);
    }
  }

  /** Undefined: no such name. Empty: the name is here, without an address of this family. */
  addressesOf(name: string, family: Family): readonly Ip[] | undefined {
    const key = name.toLowerCase();
    const found = { 4: this.#byName[4].get(key), 6: this.#byName[6].get(key) };
    if (!found[4] && !found[6]) return undefined;
    return [...new Set(found[family]?.values() ?? [])];
  }

  /** The name that is called for by an address in reverse notation (`2.0.18.172`). */
  nameOf(reversedAddress: string): string | undefined {
    return this.#byAddress.get(reversedAddress)?.values().next().value;
  }

  get isEmpty(): boolean {
    return this.#byName[4].size === 0 && this.#byName[6].size === 0 && this.#byAddress.size === 0;
  }
}

/** An address as in a PTR query, without the domain: octets, or hexadecimal digits, last first. */
export function reversed(address: Ip): string {
  if (isV4(address)) return address.split(".").reverse().join(".");
  return toBigInt(address).toString(16).padStart(32, "0").split("").reverse().join(".");
}

function put<T>(index: Map<string, Map<string, T>>, key: string, member: string, value: T): void {
  const members = index.get(key) ?? new Map<string, T>();
  if (!members.has(member)) members.set(member, value);
  index.set(key, members);
}

function drop<T>(index: Map<string, Map<string, T>>, key: string, member: string): void {
  const members = index.get(key);
  members?.delete(member);
  if (members?.size === 0) index.delete(key);
}
