/**
 * IPv6 addresses of the links of one namespace, and the routes that follow from them: what `ip -6 addr` and `ip -6 route` show.
 *
 * Modelled on net/ipv6/addrconf.c. A link that comes up gets its link-local address (EUI-64) unless disable_ipv6 is on, and
 * loses its addresses as it goes down. It differs in that there is no duplicate address detection (no `tentative`), no
 * router solicitation and no privacy address.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import { type Ipv6, isLinkLocal, isV4, linkLocalFromMac, LOOPBACK_V6, networkOf, parseIpv6, type Prefix } from "@/lib/sim/net/address";
import type { Device } from "./device";
import type { Route } from "./fib";
import type { NetworkNamespace } from "./namespace";
import type { AddressView, NewAddress, RtnlError, Scope } from "./rtnetlink";

type Ipv6Address = {
  readonly device: Device;
  readonly address: Ipv6;
  readonly length: number;
  readonly scope: Scope;
  readonly noDad: boolean;
  readonly hasPrefixRoute: boolean;
  readonly protocol: AddressView["protocol"];
};

const SCOPE_RANK = { global: 14, site: 5, link: 2, host: 1, nowhere: 0 } as const satisfies Record<Scope, number>;
const KERNEL_METRIC = 256;
const MULTICAST = parseIpv6("ff00::");

export class Ipv6Addresses {
  readonly #netns: NetworkNamespace;
  readonly #byDevice = new Map<Device, Ipv6Address[]>();
  readonly #local = new Set<Ipv6>();

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  of(device: Device): readonly { readonly address: Ipv6; readonly length: number; readonly scope: Scope }[] {
    return this.#byDevice.get(device) ?? [];
  }

  has(address: Ipv6): boolean {
    return this.#local.has(address);
  }

  isEnabled(device: Device): boolean {
    return this.#netns.settings.ipv6Of(device, "disable_ipv6") === 0;
  }

  add(device: Device, wanted: NewAddress): Result<void, RtnlError> {
    const { address, length } = wanted.prefix;
    if (isV4(address) || length > 128) return fail({ errno: "EINVAL" });
    if (!this.isEnabled(device)) return fail({ errno: "EACCES", extack: "ipv6: IPv6 is disabled on this device." });
    const refusal = device.refuseAddress(address);
    if (refusal) return fail(refusal);
    if (this.of(device).some((own) => own.address === address)) return fail({ errno: "EEXIST", extack: "ipv6: address already assigned." });
    this.#insert({
      device,
      address,
      length,
      scope: scopeOf(address),
      noDad: wanted.noDad === true,
      hasPrefixRoute: wanted.noPrefixRoute !== true,
      protocol: undefined,
    });
    return DONE;
  }

  remove(device: Device, prefix: Prefix): Result<void, RtnlError> {
    const entry = this.#byDevice.get(device)?.find((own) => own.address === prefix.address && own.length === prefix.length);
    if (!entry) return fail({ errno: "EADDRNOTAVAIL", extack: "ipv6: address not found." });
    this.#delete(entry);
    return DONE;
  }

  /** The link came up, got its carrier, or had IPv6 switched on. */
  linkReady(device: Device): void {
    if (!this.isEnabled(device) || !device.isUp) return;
    if (device.kind === "loopback") {
      if (!this.has(LOOPBACK_V6))
        this.#insert({
          device,
          address: LOOPBACK_V6,
          length: 128,
          scope: "host",
          noDad: false,
          hasPrefixRoute: false,
          protocol: "kernel_lo",
        });
      return;
    }
    for (const entry of this.#byDevice.get(device) ?? []) this.#addRoutes(entry);
    if (!device.hasCarrier) return;
    if (MULTICAST)
      this.#addRoute({
        ...this.#route(device, { address: MULTICAST, length: 8 }),
        type: "multicast",
        table: "local",
        metric: KERNEL_METRIC,
      });
    const address = linkLocalFromMac(device.mac, device.deviceId);
    if (this.#netns.settings.ipv6Of(device, "addr_gen_mode") !== 0 || this.of(device).some((own) => isLinkLocal(own.address))) return;
    this.#insert({ device, address, length: 64, scope: "link", noDad: false, hasPrefixRoute: true, protocol: "kernel_ll" });
  }

  /** The link went down, or had IPv6 switched off. */
  linkDown(device: Device): void {
    for (const entry of [...(this.#byDevice.get(device) ?? [])]) this.#delete(entry);
    this.#netns.fib.removeWhere(6, (route) => route.device === device);
  }

  forgetLink(device: Device): void {
    this.linkDown(device);
    this.#byDevice.delete(device);
  }

  /** The address to send from towards `destination`, by the same scope and then the longest common network. */
  select(device: Device | undefined, destination: Ipv6): Ipv6 | undefined {
    const wanted = scopeOf(destination);
    const candidates = device ? this.of(device) : [];
    const everywhere = this.#netns.devices.all().flatMap((other) => this.of(other));
    const fitting = (list: readonly { readonly address: Ipv6; readonly scope: Scope }[]): Ipv6 | undefined =>
      list.find((own) => own.scope === wanted)?.address;
    return fitting(candidates) ?? (wanted === "link" ? undefined : fitting(everywhere));
  }

  views(device: Device): readonly AddressView[] {
    return (this.#byDevice.get(device) ?? []).map((entry) => ({
      link: device.index,
      prefix: { address: entry.address, length: entry.length },
      scope: entry.scope,
      label: device.name,
      isSecondary: false,
      ...(entry.noDad ? { noDad: true } : {}),
      ...(entry.protocol ? { protocol: entry.protocol } : {}),
    }));
  }

  /** Wider scopes first; of one scope the newest first (ipv6_link_dev_addr). */
  #insert(entry: Ipv6Address): void {
    const list = this.#byDevice.get(entry.device) ?? [];
    let place = list.findIndex((other) => SCOPE_RANK[entry.scope] >= SCOPE_RANK[other.scope]);
    if (place < 0) place = list.length;
    list.splice(place, 0, entry);
    this.#byDevice.set(entry.device, list);
    this.#local.add(entry.address);
    this.#addRoutes(entry);
    this.#netns.changed("address", entry.device.where);
  }

  #delete(entry: Ipv6Address): void {
    const list = this.#byDevice.get(entry.device) ?? [];
    list.splice(list.indexOf(entry), 1);
    this.#local.delete(entry.address);
    const network = networkOf({ address: entry.address, length: entry.length });
    const stillWanted = list.some(
      (other) => other.length === entry.length && networkOf({ address: other.address, length: other.length }).address === network.address,
    );
    this.#netns.fib.removeWhere(6, (route) => {
      if (route.device !== entry.device || route.protocol !== "kernel") return false;
      if (route.type === "local") return route.destination.address === entry.address && route.destination.length === 128;
      return (
        !stillWanted &&
        route.type === "unicast" &&
        route.destination.address === network.address &&
        route.destination.length === entry.length
      );
    });
    this.#netns.changed("address", entry.device.where);
  }

  #addRoutes(entry: Ipv6Address): void {
    const { device } = entry;
    this.#addRoute({ ...this.#route(device, { address: entry.address, length: 128 }), type: "local", table: "local", metric: 0 });
    if (!device.isUp || !entry.hasPrefixRoute || entry.length === 128) return;
    this.#addRoute({ ...this.#route(device, networkOf({ address: entry.address, length: entry.length })), metric: KERNEL_METRIC });
  }

  #route(device: Device, destination: Prefix<Ipv6>): Route {
    return {
      type: "unicast",
      destination,
      gateway: undefined,
      device,
      source: undefined,
      scope: "global",
      protocol: "kernel",
      metric: 0,
      table: "main",
      mtu: undefined,
      onlink: false,
    };
  }

  #addRoute(route: Route): void {
    const table = this.#netns.fib.table(6, route.table);
    const isThere = table
      .at(route.destination)
      .some((known) => known.device === route.device && known.type === route.type && known.metric === route.metric);
    if (!isThere) table.add(route);
  }
}

function scopeOf(address: Ipv6): Scope {
  if (address === LOOPBACK_V6) return "host";
  return isLinkLocal(address) ? "link" : "global";
}
