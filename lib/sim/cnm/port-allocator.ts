/**
 * Which ports of the host are promised to containers.
 *
 * A learner sees it in `docker port` (32768, 32769, …) and in "Bind for 0.0.0.0:8080 failed: port is already allocated".
 * It knows nothing of sockets: that another program has a port shows when the port is bound. Modelled on moby's
 * daemon/libnetwork/portallocator. It differs in one word: where a port is taken on several addresses moby names any of
 * them (it walks a Go map), here it is the first that was asked for.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { ANY_V4, ANY_V6, familyOf, type Ip } from "@/lib/sim/net/address";

export type TransportProtocol = "tcp" | "udp" | "sctp";

export type PortRequest = {
  /** They all get the same port. */
  readonly addresses: readonly Ip[];
  readonly protocol: TransportProtocol;
  /** 0 and 0: one of the ephemeral range. */
  readonly from: number;
  readonly to: number;
};

/** The sentence with which a port is refused. */
export type PortRefusal = string;

type Ports = {
  readonly taken: Set<number>;
  /** The port that was given last, by range: the next search begins behind it. */
  readonly last: Map<string, number>;
};

export class PortAllocator {
  readonly #ephemeral: { readonly from: number; readonly to: number };
  readonly #ports = new Map<string, Ports>();
  readonly #addresses = new Set<Ip>([ANY_V4, ANY_V6]);

  /** `ephemeral`: net.ipv4.ip_local_port_range. */
  constructor(ephemeral: { readonly from: number; readonly to: number }) {
    this.#ephemeral = ephemeral;
  }

  request({ addresses, protocol, from, to }: PortRequest): Result<number, PortRefusal> {
    if ((from !== 0 || to !== 0) && (from === 0 || to === 0 || to < from)) return fail(`invalid port range: ${from}-${to}`);
    const [first] = addresses;
    if (!first) return fail("no IP addresses specified");
    for (const address of addresses) this.#addresses.add(address);

    const asked = addresses.map((address) => this.#of(address, protocol));
    const alsoFree = this.#addressesInTheWay(addresses).map((address) => ({ address, ports: this.#of(address, protocol) }));
    const involved = [...addresses.map((address) => ({ address, ports: this.#of(address, protocol) })), ...alsoFree];
    if (from > 0 && from === to) {
      const holder = involved.find(({ ports }) => ports.taken.has(from));
      if (holder) return fail(`Bind for ${holder.address}:${from} failed: port is already allocated`);
      for (const ports of asked) ports.taken.add(from);
      return ok(from);
    }

    const range = from === 0 ? this.#ephemeral : { from, to };
    const key = `${range.from}-${range.to}`;
    let port = this.#of(first, protocol).last.get(key) ?? range.to;
    for (let tries = range.from; tries <= range.to; tries++) {
      port = port + 1 > range.to ? range.from : port + 1;
      if (involved.some(({ ports }) => ports.taken.has(port))) continue;
      for (const ports of asked) {
        ports.taken.add(port);
        ports.last.set(key, port);
      }
      return ok(port);
    }
    return fail("all ports are allocated");
  }

  release(address: Ip, protocol: TransportProtocol, port: number): void {
    this.#ports.get(`${protocol} ${address}`)?.taken.delete(port);
  }

  /** Ports in use, for whoever must know that none was lost. */
  get count(): number {
    let count = 0;
    for (const { taken } of this.#ports.values()) count += taken.size;
    return count;
  }

  /** 0.0.0.0 means every address of its family, and every address means 0.0.0.0 too. */
  #addressesInTheWay(addresses: readonly Ip[]): Ip[] {
    const result: Ip[] = [];
    for (const any of [ANY_V4, ANY_V6]) {
      const ofFamily = addresses.filter((address) => familyOf(address) === familyOf(any));
      if (ofFamily.includes(any))
        result.push(...[...this.#addresses].filter((address) => familyOf(address) === familyOf(any) && !ofFamily.includes(address)));
      else if (ofFamily.length > 0) result.push(any);
    }
    return result;
  }

  #of(address: Ip, protocol: TransportProtocol): Ports {
    const key = `${protocol} ${address}`;
    const ports = this.#ports.get(key) ?? { taken: new Set<number>(), last: new Map<string, number>() };
    this.#ports.set(key, ports);
    return ports;
  }
}
