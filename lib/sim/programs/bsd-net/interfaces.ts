/**
 * Interfaces as `ifconfig` has them: one IPv4 address to a name, further ones under labels of their own (`eth0:1`).
 * The classic ioctls (netdevice(7)) show and change them so; both net-tools and busybox use these.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Ip, isV4, lastOf, netmask, type Prefix } from "@/lib/sim/net/address";
import type { AddressView, LinkView, Netns } from "@/lib/sim/kernel";

export type Interface = {
  /** A link's name, or a label of one of its addresses. */
  readonly name: string;
  readonly link: LinkView;
  readonly isAlias: boolean;
  readonly address: AddressView | undefined;
  /** IPv6 addresses; an alias has none. */
  readonly ipv6: readonly AddressView[];
};

/** Sorted by name, numbers in it by their value. */
export function interfaces({ links }: Netns): readonly Interface[] {
  const found: Interface[] = [];
  for (const link of links.links()) {
    const addresses = links.addresses(link.index);
    const labels = [...new Set(addresses.filter(({ prefix }) => isV4(prefix.address)).map(({ label }) => label))];
    found.push(interfaceOf(link, link.name, addresses));
    for (const label of labels) if (label !== link.name) found.push(interfaceOf(link, label, addresses));
  }
  return found.sort((a, b) => compareNames(a.name, b.name));
}

export function findInterface(netns: Netns, name: string): Interface | undefined {
  const known = interfaces(netns).find((one) => one.name === name);
  if (known) return known;
  // A label that has no address yet.
  const link = netns.links.linkByName(linkNameOf(name));
  return link && name.includes(":") ? interfaceOf(link, name, []) : undefined;
}

/** `eth0` of `eth0:1`. */
export function linkNameOf(name: string): string {
  return name.split(":")[0] ?? name;
}

function interfaceOf(link: LinkView, name: string, addresses: readonly AddressView[]): Interface {
  const isAlias = name !== link.name;
  return {
    name,
    link,
    isAlias,
    address: addresses.find(({ prefix, label }) => isV4(prefix.address) && label === name),
    ipv6: isAlias ? [] : addresses.filter(({ prefix }) => !isV4(prefix.address)),
  };
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split(/(\d+)/));
  for (let i = 0; ; i++) {
    const [x, y] = [left?.[i], right?.[i]];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
    const difference = i % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (difference !== 0) return difference;
  }
}

/** IFF_* in the order in which `ifconfig` names them. */
export function interfaceFlags({ link }: Interface): readonly { readonly name: string; readonly bit: number }[] {
  const isLoopback = link.detail.kind === "loopback";
  const flags: readonly (readonly [boolean, string, number])[] = [
    [link.isUp, "UP", 0x1],
    [!isLoopback, "BROADCAST", 0x2],
    [isLoopback, "LOOPBACK", 0x8],
    [link.isUp && link.hasCarrier, "RUNNING", 0x40],
    [!link.arp, "NOARP", 0x80],
    [link.isPromiscuous, "PROMISC", 0x100],
    [!isLoopback && link.multicast, "MULTICAST", 0x1000],
  ];
  return flags.flatMap(([isSet, name, bit]) => (isSet ? [{ name, bit }] : []));
}

/** What `SIOCSIFADDR` does: the address of that name becomes this one, with the network of its class unless told otherwise. */
export function setAddress(netns: Netns, { name, link, address }: Interface, to: Prefix, broadcast?: Ip): Result<void, Errno> {
  const { links } = netns;
  if (address) {
    const removed = links.deleteAddress(link.index, address.prefix);
    if (!removed.ok) return fail(removed.error.errno);
  }
  if (to.address === "0.0.0.0") return ok(undefined);
  const isLoopback = link.detail.kind === "loopback";
  const all = broadcast ?? (isLoopback || to.length > 30 ? undefined : lastOf(to));
  const added = links.addAddress(link.index, {
    prefix: to,
    label: name,
    ...(all ? { broadcast: all } : {}),
    ...(isLoopback ? { scope: "host" as const } : {}),
  });
  if (!added.ok) return fail(added.error.errno);
  const up = links.change(link.index, { set: "up", up: true });
  return up.ok ? ok(undefined) : fail(up.error.errno);
}

/** The length of the network that an address's class had before CIDR. */
export function classLength(address: Ip): number {
  const first = Number(address.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** The length of a dotted netmask; undefined when its ones are not together. */
export function maskLength(mask: string): number | undefined {
  for (let length = 0; length <= 32; length++) if (netmask(length) === mask) return length;
  return undefined;
}

/** `746.0 B`, `1.2 KiB`: one digit, cut. */
export function scaledBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [whole, tenth, unit] = [bytes, 0, 0];
  while (whole >= 1024 && unit < units.length - 1) {
    tenth = Math.floor(((whole % 1024) * 10) / 1024);
    whole = Math.floor(whole / 1024);
    unit++;
  }
  return `${whole}.${tenth} ${units[unit]}`;
}
