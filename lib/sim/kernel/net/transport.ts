/** What UDP, TCP and echo sockets ask of both IP layers: the way to an address, and sending along it. */

import { fail, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";
import type { Icmp, Icmp6, Tcp, Udp } from "@/lib/sim/net/frame";
import { IPV4_HEADER, IPV6_HEADER } from "@/lib/sim/net/length";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import type { OutputRoute } from "./routing";
import type { OutputRoute6 } from "./routing6";

export type Way = OutputRoute | OutputRoute6;

export type Departure = {
  readonly destination: Ip;
  readonly source?: Ip;
  readonly payload: Udp | Tcp | Icmp | Icmp6;
  readonly ttl?: number;
  /** IPv4 only. */
  readonly id?: number;
  readonly dontFragment?: boolean;
};

export class Transport {
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  route(destination: Ip, query: { readonly source?: Ip; readonly out?: Device } = {}): Result<Way, Errno> {
    const out = query.out ? { out: query.out } : {};
    const { source } = query;
    if (isV4(destination)) {
      if (source !== undefined && !isV4(source)) return fail("EAFNOSUPPORT");
      return this.#netns.routing.output(destination, { ...out, ...(source !== undefined ? { source } : {}) });
    }
    if (source !== undefined && isV4(source)) return fail("EAFNOSUPPORT");
    return this.#netns.routing6.output(destination, { ...out, ...(source !== undefined ? { source } : {}) });
  }

  send(departure: Departure): Result<void, Errno> {
    const way = this.route(departure.destination, departure.source !== undefined ? { source: departure.source } : {});
    return way.ok ? this.sendVia(way.value, departure) : way;
  }

  sendVia(way: Way, departure: Departure): Result<void, Errno> {
    const { destination, source, payload, ttl, id, dontFragment } = departure;
    const hops = ttl !== undefined ? { ttl } : {};
    if (way.family === 4) {
      if (!isV4(destination) || (source !== undefined && !isV4(source)) || payload.kind === "icmp6") return fail("EAFNOSUPPORT");
      return this.#netns.ip.sendVia(way, {
        destination,
        payload,
        ...hops,
        ...(source !== undefined ? { source } : {}),
        ...(id !== undefined ? { id } : {}),
        ...(dontFragment !== undefined ? { dontFragment } : {}),
      });
    }
    if (isV4(destination) || (source !== undefined && isV4(source)) || payload.kind === "icmp") return fail("EAFNOSUPPORT");
    return this.#netns.ip6.sendVia(way, { destination, payload, ...hops, ...(source !== undefined ? { source } : {}) });
  }

  /** Whether the address is this host's own. */
  isLocal(address: Ip): boolean {
    return isV4(address) ? this.#netns.routing.isLocal(address) : this.#netns.ipv6.has(address);
  }
}

export function headerLength(address: Ip): number {
  return isV4(address) ? IPV4_HEADER : IPV6_HEADER;
}

/** The address that a socket is bound to, if it is bound to one. */
export function boundTo(address: Ip): Ip | undefined {
  return address === ANY_V4 || address === ANY_V6 ? undefined : address;
}
