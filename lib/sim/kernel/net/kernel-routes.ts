/**
 * The IPv4 routes that the kernel makes by itself: to each address of its own (table local), to the networks of its links
 * (`proto kernel scope link src …`) and to their broadcast addresses; and what becomes of routes as links go down.
 *
 * Modelled on net/ipv4/fib_frontend.c (fib_add_ifaddr, fib_del_ifaddr, fib_inetaddr_event, fib_netdev_event) and
 * fib_semantics.c (fib_sync_down_dev, fib_sync_down_addr).
 */

import { lastOf, networkOf, type Ipv4, type Prefix, v4ToNumber } from "@/lib/sim/net/address";
import type { Device } from "./device";
import type { Route } from "./fib";
import { type Ipv4Address, isZeroNet } from "./ipv4-addresses";
import type { NetworkNamespace } from "./namespace";

export class KernelRoutes {
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  addressAdded(entry: Ipv4Address): void {
    for (const route of this.#routesOf(entry)) {
      const table = this.#netns.fib.table(4, route.table);
      if (!table.at(route.destination).some((known) => isSame(known, route))) table.add(route);
    }
    this.#netns.changed("route", entry.device.where);
  }

  /** Called when the address is no longer among its link's. */
  addressRemoved(entry: Ipv4Address): void {
    const { fib, ipv4 } = this.#netns;
    const stillWanted = ipv4.of(entry.device).flatMap((other) => this.#routesOf(other));
    for (const route of this.#routesOf(entry)) {
      if (stillWanted.some((other) => isSame(other, route))) continue;
      const table = fib.table(4, route.table);
      const known = table.at(route.destination).find((candidate) => isSame(candidate, route));
      if (known) table.remove(known);
    }
    // Routes that say `src` an address which is no more go too.
    if (!ipv4.has(entry.address)) fib.removeWhere(4, (route) => route.source === entry.address);
    this.#netns.changed("route", entry.device.where);
  }

  linkUp(device: Device): void {
    for (const entry of this.#netns.ipv4.of(device)) this.addressAdded(entry);
  }

  /** All routes through the link go, but its addresses stay this host's own. */
  linkDown(device: Device): void {
    const gone = this.#netns.fib.removeWhere(4, (route) => route.device === device && route.type !== "local");
    if (gone > 0) this.#netns.changed("route", device.where);
  }

  forgetLink(device: Device): void {
    this.#netns.fib.removeWhere(4, (route) => route.device === device);
  }

  #routesOf(entry: Ipv4Address): Route[] {
    const { device, network } = entry;
    const primary = entry.isSecondary ? this.#primaryOf(entry) : entry;
    const source = primary.address;
    const make = (type: Route["type"], destination: Prefix<Ipv4>): Route => ({
      type,
      destination,
      gateway: undefined,
      device,
      source,
      scope: type === "local" ? "host" : "link",
      protocol: "kernel",
      metric: 0,
      table: type === "unicast" ? "main" : "local",
      mtu: undefined,
      onlink: false,
    });

    const routes = [make("local", { address: entry.address, length: 32 })];
    if (!device.isUp) return routes;
    if (entry.broadcast !== undefined && entry.broadcast !== "255.255.255.255")
      routes.push(make("broadcast", { address: entry.broadcast, length: 32 }));
    const prefix = networkOf(network);
    const isHostRoute = network.length === 32 && prefix.address === entry.address;
    if (isZeroNet(prefix.address) || entry.isSecondary || isHostRoute) return routes;
    if (entry.hasPrefixRoute) routes.push(make(device.kind === "loopback" ? "local" : "unicast", prefix));
    if (network.length < 31) routes.push(make("broadcast", { address: lastOf(network), length: 32 }));
    return routes;
  }

  #primaryOf(entry: Ipv4Address): Ipv4Address {
    const shift = 32 - entry.length;
    const network = v4ToNumber(entry.network.address) >>> shift;
    const primary = this.#netns.ipv4
      .of(entry.device)
      .find((own) => !own.isSecondary && own.length === entry.length && v4ToNumber(own.network.address) >>> shift === network);
    return primary ?? entry;
  }
}

function isSame(a: Route, b: Route): boolean {
  return (
    a.type === b.type &&
    a.destination.address === b.destination.address &&
    a.destination.length === b.destination.length &&
    a.device === b.device &&
    a.source === b.source &&
    a.gateway === b.gateway &&
    a.metric === b.metric
  );
}
