/**
 * Which addresses of a subnet are taken. The lowest free one is given first.
 *
 * A learner sees it in the addresses that containers get, and in which one a new container gets after another has left.
 * Modelled on moby's daemon/libnetwork/internal/addrset and bitmap.
 */

import { bitsOf, familyOf, fromBigInt, type Ip, isV4, lastOf, networkOf, type Prefix, toBigInt } from "@/lib/sim/net/address";

export class AddressSet {
  readonly #subnet: Prefix;
  readonly #taken = new Set<bigint>();

  /** The network's own address, and IPv4's broadcast address, are taken from the start, where the subnet has them. */
  constructor(subnet: Prefix) {
    this.#subnet = networkOf(subnet);
    const hostBits = bitsOf(subnet.address) - subnet.length;
    // A /31 is a point-to-point link (RFC 3021); in IPv6 the first address is the subnet routers' anycast address.
    if (!isV4(subnet.address) || hostBits > 1) this.#taken.add(toBigInt(this.#subnet.address));
    if (isV4(subnet.address) && hostBits > 1) this.#taken.add(toBigInt(lastOf(this.#subnet)));
  }

  /** False when it was taken already. */
  take(address: Ip): boolean {
    const value = toBigInt(address);
    if (this.#taken.has(value)) return false;
    this.#taken.add(value);
    return true;
  }

  /** The lowest free address, within `range` if that is given. */
  takeLowest(range: Prefix = this.#subnet): Ip | undefined {
    const last = toBigInt(lastOf(range));
    for (let value = toBigInt(networkOf(range).address); value <= last; value++) {
      if (this.#taken.has(value)) continue;
      this.#taken.add(value);
      return fromBigInt(value, familyOf(range.address));
    }
    return undefined;
  }

  free(address: Ip): void {
    this.#taken.delete(toBigInt(address));
  }

  get size(): number {
    return this.#taken.size;
  }
}
