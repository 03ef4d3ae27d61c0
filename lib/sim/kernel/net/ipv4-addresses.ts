/**
 * IPv4 addresses of the links of one namespace: what `ip -4 addr` shows and changes.
 *
 * Modelled on net/ipv4/devinet.c. A second address in the network of an earlier one is `secondary`, and goes when the
 * primary goes (unless promote_secondaries is on). The routes that follow from an address are made in kernel-routes.ts.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import { contains, type Ipv4, isV4, LOOPBACK_V4, type Prefix, v4ToNumber } from "@/lib/sim/net/address";
import type { Device } from "./device";
import { SCOPE_NUMBERS } from "./fib";
import type { NetworkNamespace } from "./namespace";
import type { AddressView, NewAddress, RtnlError, Scope } from "./rtnetlink";

/** struct in_ifaddr. */
export type Ipv4Address = {
  readonly device: Device;
  readonly address: Ipv4;
  readonly length: number;
  /** The network that is reached through the link: the peer's when there is one. */
  readonly network: Prefix<Ipv4>;
  readonly broadcast: Ipv4 | undefined;
  readonly peer: Ipv4 | undefined;
  readonly scope: Scope;
  readonly label: string;
  isSecondary: boolean;
  readonly hasPrefixRoute: boolean;
};

export class Ipv4Addresses {
  readonly #netns: NetworkNamespace;
  readonly #byDevice = new Map<Device, Ipv4Address[]>();
  readonly #local = new Map<Ipv4, number>();

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  of(device: Device): readonly Ipv4Address[] {
    return this.#byDevice.get(device) ?? [];
  }

  /** Whether some link has this address (its link may be down). */
  has(address: Ipv4): boolean {
    return this.#local.has(address);
  }

  /** The link that has the address. */
  ownerOf(address: Ipv4): Device | undefined {
    if (!this.#local.has(address)) return undefined;
    for (const [device, list] of this.#byDevice) if (list.some((own) => own.address === address)) return device;
    return undefined;
  }

  add(device: Device, wanted: NewAddress): Result<void, RtnlError> {
    const { address, length } = wanted.prefix;
    if (!isV4(address) || length > 32) return fail({ errno: "EINVAL" });
    const peer = wanted.peer !== undefined && isV4(wanted.peer) ? wanted.peer : undefined;
    const entry: Ipv4Address = {
      device,
      address,
      length,
      network: { address: peer ?? address, length },
      broadcast: wanted.broadcast !== undefined && isV4(wanted.broadcast) ? wanted.broadcast : undefined,
      peer,
      scope: wanted.scope ?? (address.startsWith("127.") ? "host" : "global"),
      label: wanted.label ?? device.name,
      isSecondary: false,
      hasPrefixRoute: wanted.noPrefixRoute !== true,
    };
    const list = this.#byDevice.get(device) ?? [];
    for (const known of list) {
      if (known.length !== length || !contains(known.network, entry.network.address)) continue;
      if (known.address === address) return fail({ errno: "EEXIST", extack: "ipv4: Address already assigned." });
      if (known.scope !== entry.scope) return fail({ errno: "EINVAL", extack: "ipv4: Invalid scope value." });
      entry.isSecondary = true;
    }
    const refusal = device.refuseAddress(address);
    if (refusal) return fail(refusal);

    this.#insert(list, entry);
    this.#byDevice.set(device, list);
    this.#local.set(address, (this.#local.get(address) ?? 0) + 1);
    this.#netns.kernelRoutes.addressAdded(entry);
    this.#netns.changed("address", device.where);
    return DONE;
  }

  remove(device: Device, prefix: Prefix): Result<void, RtnlError> {
    const list = this.#byDevice.get(device) ?? [];
    const entry = list.find((own) => own.address === prefix.address && own.length === prefix.length);
    if (!entry) return fail({ errno: "EADDRNOTAVAIL", extack: "ipv4: Address not found." });

    this.#delete(entry);
    if (!entry.isSecondary) {
      const dependants = list.filter((own) => own.isSecondary && own.length === entry.length && contains(entry.network, own.address));
      const promoted = this.#netns.settings.max(device, "promote_secondaries") !== 0 ? dependants.shift() : undefined;
      for (const other of promoted ? [] : dependants) this.#delete(other);
      if (promoted) {
        promoted.isSecondary = false;
        this.#netns.kernelRoutes.addressAdded(promoted);
      }
    }
    this.#netns.changed("address", device.where);
    return DONE;
  }

  /** `lo` gets its address by itself as it comes up (inetdev_event). */
  linkUp(device: Device): void {
    if (device.kind === "loopback" && this.of(device).length === 0) {
      this.add(device, { prefix: { address: LOOPBACK_V4, length: 8 }, scope: "host" });
    }
  }

  /** The link goes away, with its addresses. */
  forgetLink(device: Device): void {
    for (const entry of [...this.of(device)].reverse()) this.#delete(entry);
    this.#byDevice.delete(device);
  }

  /** Labels follow the link's name. */
  renameLink(device: Device, before: string): void {
    const list = this.#byDevice.get(device);
    if (!list) return;
    this.#byDevice.set(
      device,
      list.map((entry) => {
        if (entry.label !== before && !entry.label.startsWith(`${before}:`)) return entry;
        return { ...entry, label: device.name + entry.label.slice(before.length) };
      }),
    );
  }

  /**
   * The address to send from (inet_select_addr): one of `device` whose network has `destination`, else its first that is wide
   * enough for `scope`, else one of another link.
   */
  select(device: Device | undefined, destination: Ipv4 | undefined, scope: Scope): Ipv4 | undefined {
    const limit = SCOPE_NUMBERS[scope];
    if (device) {
      let first: Ipv4 | undefined;
      for (const own of this.of(device)) {
        if (own.isSecondary || SCOPE_NUMBERS[own.scope] > limit) continue;
        if (destination === undefined || contains(own.network, destination)) return own.address;
        first ??= own.address;
      }
      if (first !== undefined) return first;
    }
    for (const other of this.#netns.devices.all()) {
      for (const own of this.of(other)) {
        if (!own.isSecondary && own.scope !== "link" && SCOPE_NUMBERS[own.scope] <= limit) return own.address;
      }
    }
    return undefined;
  }

  /** Whether `address` is in the network of one of the link's addresses (inet_addr_onlink). */
  isOnLink(device: Device, address: Ipv4): boolean {
    return this.of(device).some((own) => contains(own.network, address));
  }

  views(device: Device): readonly AddressView[] {
    return this.of(device).map((entry) => ({
      link: device.index,
      prefix: { address: entry.address, length: entry.length },
      ...(entry.broadcast !== undefined ? { broadcast: entry.broadcast } : {}),
      ...(entry.peer !== undefined ? { peer: entry.peer } : {}),
      scope: entry.scope,
      label: entry.label,
      isSecondary: entry.isSecondary,
    }));
  }

  /** Primary addresses before secondary ones, narrower scopes before wider ones (__inet_insert_ifa). */
  #insert(list: Ipv4Address[], entry: Ipv4Address): void {
    if (entry.isSecondary) {
      list.push(entry);
      return;
    }
    let place = 0;
    list.forEach((other, index) => {
      if (!other.isSecondary && SCOPE_NUMBERS[entry.scope] <= SCOPE_NUMBERS[other.scope]) place = index + 1;
    });
    list.splice(place, 0, entry);
  }

  #delete(entry: Ipv4Address): void {
    const list = this.#byDevice.get(entry.device) ?? [];
    const place = list.findIndex((own) => own.address === entry.address && own.length === entry.length);
    if (place >= 0) list.splice(place, 1);
    const count = this.#local.get(entry.address) ?? 0;
    if (count > 1) this.#local.set(entry.address, count - 1);
    else this.#local.delete(entry.address);
    this.#netns.kernelRoutes.addressRemoved(entry);
  }
}

/** 0.0.0.0/8: never a destination. */
export function isZeroNet(address: Ipv4): boolean {
  return v4ToNumber(address) >>> 24 === 0;
}
