/** Whether this process may open raw sockets (CAP_NET_RAW): there is no ICMP or packet socket for one that may not. */

import type { NetSys } from "@/lib/sim/kernel";

export function mayUseRawSockets(sys: NetSys): boolean {
  const tap = sys.netns.sockets.tap();
  if (!tap.ok) return false;
  tap.value.close();
  return true;
}
