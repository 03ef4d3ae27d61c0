/** Takes a snapshot of hosts: reads only, through the same doors as everybody. */

import type { Instant } from "@/lib/sim/core/time";
import type { Netns } from "@/lib/sim/kernel";
import type { Host } from "./host";
import type { HostSnapshot, NetnsSnapshot, WorldSnapshot } from "./snapshot";

export function snapshotOf(at: Instant, hosts: readonly Host[]): WorldSnapshot {
  return { at, hosts: hosts.map(hostSnapshot) };
}

function hostSnapshot(host: Host): HostSnapshot {
  const containers = host.daemon.containers();
  const used = new Set(containers.flatMap((container) => (container.netns === undefined ? [] : [container.netns])));
  const namespaces: Record<string, NetnsSnapshot> = {};
  for (const netns of host.kernel.netnses()) if (used.has(netns.id)) namespaces[netns.id] = netnsSnapshot(netns);
  return { name: host.name, root: netnsSnapshot(host.kernel.root.net), namespaces, containers, networks: host.daemon.networks() };
}

function netnsSnapshot(netns: Netns): NetnsSnapshot {
  return { id: netns.id, links: netns.links.links(), addresses: netns.links.addresses(), routes: netns.links.routes(4) };
}
