/** The ARP cache as `arp` shows and changes it (/proc/net/arp, SIOCSARP). */

import { familyOf } from "@/lib/sim/net/address";
import type { IfIndex, Netns } from "@/lib/sim/kernel";

export type ArpEntry = {
  readonly address: string;
  readonly mac: string | undefined;
  readonly isPermanent: boolean;
  readonly device: string;
};

/** Without those that need no ARP. */
export function arpEntries({ links }: Netns): readonly ArpEntry[] {
  return links
    .neighbours()
    .filter(({ address, state }) => familyOf(address) === 4 && state !== "NOARP")
    .map(({ address, mac, state, link }) => ({
      address,
      mac: state === "INCOMPLETE" || state === "FAILED" ? undefined : mac,
      isPermanent: state === "PERMANENT",
      device: links.link(link)?.name ?? "",
    }));
}

/** The link whose network an address is in: where a new entry goes. */
export function linkFor({ links }: Netns, address: Parameters<Netns["links"]["lookup"]>[0]): IfIndex | undefined {
  const route = links.lookup(address);
  return route.ok ? route.value.link : undefined;
}
