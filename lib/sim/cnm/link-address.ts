/**
 * Addresses as Docker puts them on links: an IPv4 network that has one comes with its broadcast address (`brd` in
 * `ip addr`). Modelled on addrHandle of vishvananda/netlink, addr_linux.go.
 */

import { isV4, lastOf, type Prefix } from "@/lib/sim/net/address";
import type { NewAddress } from "@/lib/sim/kernel";

export function linkAddress(prefix: Prefix): NewAddress {
  return isV4(prefix.address) && prefix.length < 31 ? { prefix, broadcast: lastOf(prefix) } : { prefix };
}
