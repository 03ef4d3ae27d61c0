/**
 * IP addresses and prefixes.
 *
 * An address is a string in its one canonical spelling (dotted quad; RFC 5952 for IPv6), so that `===` and `Map` keys
 * work. Only the parsers here make one.
 */

declare const ipv4: unique symbol;
declare const ipv6: unique symbol;

export type Ipv4 = string & { readonly [ipv4]: never };
export type Ipv6 = string & { readonly [ipv6]: never };
export type Ip = Ipv4 | Ipv6;
export type Family = 4 | 6;

/** A network, or an address with the length of its network's prefix: `172.18.0.2/16`. Host bits are kept as given. */
export type Prefix<A extends Ip = Ip> = { readonly address: A; readonly length: number };

export const ANY_V4 = "0.0.0.0" as Ipv4;
export const BROADCAST_V4 = "255.255.255.255" as Ipv4;
export const LOOPBACK_V4 = "127.0.0.1" as Ipv4;
export const ANY_V6 = "::" as Ipv6;
export const LOOPBACK_V6 = "::1" as Ipv6;
/** All nodes of a link, and all routers. */
export const ALL_NODES_V6 = "ff02::1" as Ipv6;
export const ALL_ROUTERS_V6 = "ff02::2" as Ipv6;

export function familyOf(address: Ip): Family {
  return address.includes(":") ? 6 : 4;
}

export function isV4(address: Ip): address is Ipv4 {
  return !address.includes(":");
}

/** Four decimal numbers, without leading zeros (as Go's netip and inet_pton). */
export function parseIpv4(text: string): Ipv4 | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  for (const part of match.slice(1)) if (Number(part) > 255 || (part.length > 1 && part.startsWith("0"))) return undefined;
  return text as Ipv4;
}

/** RFC 4291 text forms, an embedded dotted quad among them; the result is RFC 5952's spelling. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const groups = ipv6Groups(text);
  return groups && formatGroups(groups);
}

export function parseIp(text: string): Ip | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** `ADDRESS/LENGTH`; the length is required. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (!address || !/^\d{1,3}$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= bitsOf(address) ? { address, length } : undefined;
}

export function formatPrefix(prefix: Prefix): string {
  return `${prefix.address}/${prefix.length}`;
}

/** 32 or 128. */
export function bitsOf(address: Ip): 32 | 128 {
  return isV4(address) ? 32 : 128;
}

/** The address as a whole number. */
export function toBigInt(address: Ip): bigint {
  if (isV4(address)) return BigInt(v4ToNumber(address));
  let value = 0n;
  for (const group of ipv6Groups(address) ?? []) value = (value << 16n) | BigInt(group);
  return value;
}

export function fromBigInt(value: bigint, family: Family): Ip {
  if (family === 4) return numberToV4(Number(value));
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return formatGroups(groups);
}

/** An IPv4 address as an unsigned 32-bit number. */
export function v4ToNumber(address: Ipv4): number {
  let value = 0;
  let part = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      value = value * 256 + part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return value * 256 + part;
}

export function numberToV4(value: number): Ipv4 {
  return `${Math.floor(value / 16_777_216) & 255}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as Ipv4;
}

/** Whether `address` is in the network that `prefix` names. Addresses of the other family are not. */
export function contains(prefix: Prefix, address: Ip): boolean {
  if (prefix.length === 0) return familyOf(prefix.address) === familyOf(address);
  if (isV4(prefix.address)) {
    if (!isV4(address)) return false;
    const shift = 32 - prefix.length;
    return v4ToNumber(prefix.address) >>> shift === v4ToNumber(address) >>> shift;
  }
  if (isV4(address)) return false;
  const shift = BigInt(128 - prefix.length);
  return toBigInt(prefix.address) >> shift === toBigInt(address) >> shift;
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.length <= b.length ? contains(a, b.address) : contains(b, a.address);
}

/** The prefix with its host bits cleared. */
export function networkOf<A extends Ip>(prefix: Prefix<A>): Prefix<A> {
  const shift = BigInt(bitsOf(prefix.address) - prefix.length);
  const address = fromBigInt((toBigInt(prefix.address) >> shift) << shift, familyOf(prefix.address)) as A;
  return { address, length: prefix.length };
}

/** The highest address of the network. In IPv4 the directed broadcast address. */
export function lastOf<A extends Ip>(prefix: Prefix<A>): A {
  const shift = BigInt(bitsOf(prefix.address) - prefix.length);
  return fromBigInt(toBigInt(networkOf(prefix).address) | ((1n << shift) - 1n), familyOf(prefix.address)) as A;
}

/** The address `count` further on. */
export function addressAfter<A extends Ip>(address: A, count: bigint | number): A {
  return fromBigInt(toBigInt(address) + BigInt(count), familyOf(address)) as A;
}

export function compareIp(a: Ip, b: Ip): number {
  const families = familyOf(a) - familyOf(b);
  if (families !== 0) return families;
  if (isV4(a) && isV4(b)) return v4ToNumber(a) - v4ToNumber(b);
  const difference = toBigInt(a) - toBigInt(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isMulticast(address: Ip): boolean {
  return isV4(address) ? v4ToNumber(address) >>> 28 === 0xe : address.startsWith("ff");
}

export function isLoopback(address: Ip): boolean {
  return isV4(address) ? address.startsWith("127.") : address === LOOPBACK_V6;
}

/** 169.254.0.0/16 or fe80::/10. */
export function isLinkLocal(address: Ip): boolean {
  return isV4(address) ? address.startsWith("169.254.") : /^fe[89ab]/.test(address);
}

/** The dotted netmask: 16 → 255.255.0.0. */
export function netmask(length: number): Ipv4 {
  return numberToV4(length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);
}

/**
 * fe80::/64 with the interface identifier made from a MAC address (EUI-64, RFC 4291 appendix A). `deviceId`: the number by which
 * Linux tells links apart that share their MAC address (addrconf_ifid_eui48).
 */
export function linkLocalFromMac(mac: string, deviceId = 0): Ipv6 {
  const octets = mac.split(":").map((octet) => Number.parseInt(octet, 16));
  const at = (index: number): number => octets[index] ?? 0;
  const middle = deviceId === 0 ? 0xfffe : deviceId;
  const first = deviceId === 0 ? at(0) ^ 2 : at(0);
  return formatGroups([
    0xfe80,
    0,
    0,
    0,
    (first << 8) | at(1),
    (at(2) << 8) | (middle >>> 8),
    ((middle & 0xff) << 8) | at(3),
    (at(4) << 8) | at(5),
  ]);
}

function ipv6Groups(text: string): number[] | undefined {
  let source = text;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source);
  if (dotted) {
    const quad = parseIpv4(dotted[2] ?? "");
    if (!quad) return undefined;
    const value = v4ToNumber(quad);
    source = `${dotted[1]}${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (!head) return undefined;
  const digits = tail ? [...head, ...tail] : head;
  if (!digits.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  if (tail ? digits.length > 7 : digits.length !== 8) return undefined;
  const zeros = tail ? new Array<string>(8 - digits.length).fill("0") : [];
  return [...head, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
}

function formatGroups(groups: readonly number[]): Ipv6 {
  let best = { start: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.start < 0) return hex.join(":") as Ipv6;
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}` as Ipv6;
}

/** The group that a neighbour with this address listens to: ff02::1:ff and its last 24 bits (RFC 4291, 2.7.1). */
export function solicitedNodeGroup(address: Ipv6): Ipv6 {
  return fromBigInt(0xff0200000000000000000001ff000000n | (toBigInt(address) & 0xffffffn), 6) as Ipv6;
}
