/**
 * Forwarding tables: which route a packet to an address takes. What `ip route show table …` lists.
 *
 * Modelled on net/ipv4/fib_trie.c by what it answers, not how: the longest prefix wins, then the lowest metric, then the
 * route that was there first. The order of `list` is the trie's: ascending addresses, and for one address the longer prefix
 * first. IPv6 lists what is contained before what contains it (net/ipv6/ip6_fib.c walks its tree from the leaves).
 */

import { type Family, type Ip, isV4, lastOf, networkOf, type Prefix, toBigInt, v4ToNumber } from "@/lib/sim/net/address";
import type { Device } from "./device";
import type { RouteTable, RouteType, RouteView, Scope } from "./rtnetlink";

/** A route in a table. `device` is the link itself, so that renaming it changes nothing. */
export type Route = {
  readonly type: RouteType;
  readonly destination: Prefix;
  readonly gateway: Ip | undefined;
  readonly device: Device | undefined;
  readonly source: Ip | undefined;
  readonly scope: Scope;
  readonly protocol: RouteView["protocol"];
  readonly metric: number;
  readonly table: RouteTable;
  readonly mtu: number | undefined;
  readonly onlink: boolean;
};

/** Number → how wide: global covers all, host only this host. Greater is narrower (rtnetlink.h's RT_SCOPE_*). */
export const SCOPE_NUMBERS = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const satisfies Record<Scope, number>;

/** One table of one family. */
export class FibTable {
  readonly #family: Family;
  /** By length, then by network (as a number for IPv4, else as text). */
  readonly #byLength: (Map<number | string, Route[]> | undefined)[] = [];
  /** Lengths in use, longest first. */
  #lengths: number[] = [];
  #size = 0;

  constructor(family: Family) {
    this.#family = family;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Routes to exactly this prefix, best first. */
  at(destination: Prefix): readonly Route[] {
    return this.#byLength[destination.length]?.get(networkKey(destination.address, destination.length)) ?? [];
  }

  /** Adds after (or, with `first`, before) the routes to the same prefix that have the same metric. */
  add(route: Route, first = false): void {
    const { length, address } = route.destination;
    let networks = this.#byLength[length];
    if (!networks) {
      networks = new Map();
      this.#byLength[length] = networks;
      this.#lengths.push(length);
      this.#lengths.sort((a, b) => b - a);
    }
    const key = networkKey(address, length);
    const routes = networks.get(key);
    this.#size++;
    if (!routes) {
      networks.set(key, [route]);
      return;
    }
    let place = routes.findIndex((other) => (first ? other.metric >= route.metric : other.metric > route.metric));
    if (place < 0) place = routes.length;
    routes.splice(place, 0, route);
  }

  remove(route: Route): boolean {
    const { length, address } = route.destination;
    const networks = this.#byLength[length];
    const key = networkKey(address, length);
    const routes = networks?.get(key);
    const place = routes?.indexOf(route) ?? -1;
    if (!networks || !routes || place < 0) return false;
    routes.splice(place, 1);
    this.#size--;
    if (routes.length > 0) return true;
    networks.delete(key);
    if (networks.size > 0) return true;
    this.#byLength[length] = undefined;
    this.#lengths = this.#lengths.filter((other) => other !== length);
    return true;
  }

  /** Removes all routes that `matches` says; what was removed. */
  removeWhere(matches: (route: Route) => boolean): readonly Route[] {
    const gone: Route[] = [];
    for (const networks of this.#byLength) {
      if (networks) for (const routes of networks.values()) for (const route of routes) if (matches(route)) gone.push(route);
    }
    for (const route of gone) this.remove(route);
    return gone;
  }

  /** The best route to `address` that `isUsable` allows. */
  lookup(address: Ip, isUsable: (route: Route) => boolean): Route | undefined {
    for (const length of this.#lengths) {
      const routes = this.#byLength[length]?.get(networkKey(address, length));
      if (routes) for (const route of routes) if (isUsable(route)) return route;
    }
    return undefined;
  }

  /** In the order in which `ip route` prints the table. */
  list(): readonly Route[] {
    const groups: { readonly prefix: Prefix; readonly start: bigint; readonly end: bigint; readonly routes: readonly Route[] }[] = [];
    for (const networks of this.#byLength) {
      if (!networks) continue;
      for (const routes of networks.values()) {
        const prefix = routes[0]?.destination;
        if (prefix) groups.push({ prefix, start: toBigInt(networkOf(prefix).address), end: toBigInt(lastOf(prefix)), routes });
      }
    }
    groups.sort((a, b) => {
      const [x, y] = this.#family === 4 ? [a.start, b.start] : [a.end, b.end];
      if (x !== y) return x < y ? -1 : 1;
      return b.prefix.length - a.prefix.length;
    });
    return groups.flatMap((group) => group.routes);
  }
}

function networkKey(address: Ip, length: number): number | string {
  if (isV4(address)) return length === 0 ? 0 : v4ToNumber(address) >>> (32 - length);
  return (toBigInt(address) >> BigInt(128 - length)).toString(16);
}
