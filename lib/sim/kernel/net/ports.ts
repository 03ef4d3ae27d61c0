/** Which ports are taken, and picking free ones (net.ipv4.ip_local_port_range; inet_csk_find_open_port). */

import type { Random } from "@/lib/sim/core/random";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";

/** Where a socket is bound. `::` takes IPv4 too unless it is `v6Only`. */
export type BoundAddress = { readonly address: Ip; readonly v6Only: boolean };

/** Whether two local addresses cannot both have the same port. */
export function addressesClash(a: BoundAddress, b: BoundAddress): boolean {
  if (a.address === b.address) return true;
  if (isV4(a.address) !== isV4(b.address)) {
    const six = isV4(a.address) ? b : a;
    return six.address === ANY_V6 && !six.v6Only;
  }
  return [ANY_V4, ANY_V6].some((any) => any === a.address || any === b.address);
}

/**
 * A free port of the range, from a random start upwards. Linux gives odd ones to `bind` and even ones to `connect`, as long
 * as there are any.
 */
export function pickPort(
  range: { readonly from: number; readonly to: number },
  random: Random,
  parity: 0 | 1,
  isFree: (port: number) => boolean,
): number | undefined {
  const count = range.to - range.from + 1;
  const start = random.below(count);
  for (const wanted of [parity, 1 - parity]) {
    for (let i = 0; i < count; i++) {
      const port = range.from + ((start + i) % count);
      if ((port & 1) === wanted && isFree(port)) return port;
    }
  }
  return undefined;
}
