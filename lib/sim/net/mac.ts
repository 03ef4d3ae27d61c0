/** Ethernet addresses (IEEE 802 MAC-48) in the one spelling that `ip link` prints: lower case, with colons. */

import type { Random } from "@/lib/sim/core/random";
import { type Ipv4, type Ipv6, toBigInt, v4ToNumber } from "./address";

declare const mac: unique symbol;
export type Mac = string & { readonly [mac]: never };

export const BROADCAST = "ff:ff:ff:ff:ff:ff" as Mac;
export const NO_MAC = "00:00:00:00:00:00" as Mac;

/** Reads six pairs of hexadecimal digits separated by `:` or `-`. */
export function parseMac(text: string): Mac | undefined {
  if (!/^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$/i.test(text)) return undefined;
  return text.toLowerCase().replaceAll("-", ":") as Mac;
}

/** Group addresses (broadcast among them) have the lowest bit of the first octet set. */
export function isUnicast(address: Mac): boolean {
  return (Number.parseInt(address.slice(0, 2), 16) & 1) === 0;
}

/** A random unicast address with the locally administered bit set, as the kernel's `eth_random_addr`. */
export function randomMac(random: Random): Mac {
  const digits = random.hex(12);
  const first = ((Number.parseInt(digits.slice(0, 2), 16) & 0xfe) | 0x02).toString(16).padStart(2, "0");
  return `${first}:${digits.slice(2).replace(/..(?=.)/g, "$&:")}` as Mac;
}

/** The group address of an IPv4 multicast group: 01:00:5e and the low 23 bits of the group (RFC 1112, 6.4). */
export function multicastMac(group: Ipv4): Mac {
  const hex = (v4ToNumber(group) & 0x7fffff).toString(16).padStart(6, "0");
  return `01:00:5e:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}` as Mac;
}

/** The group address of an IPv6 multicast group: 33:33 and the low 32 bits of the group (RFC 2464, 7). */
export function multicastMac6(group: Ipv6): Mac {
  const hex = (toBigInt(group) & 0xffffffffn).toString(16).padStart(8, "0");
  return `33:33:${hex.replace(/..(?=.)/g, "$&:")}` as Mac;
}
