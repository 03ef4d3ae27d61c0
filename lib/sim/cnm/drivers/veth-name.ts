/** Names for links that a container will get: `veth` and seven digits (netutils.GenerateIfaceName). */

import type { Random } from "@/lib/sim/core/random";
import type { Netns } from "@/lib/sim/kernel";

export function freeVethName({ links }: Netns, random: Random): string {
  for (;;) {
    const name = `veth${random.hex(7)}`;
    if (!links.linkByName(name)) return name;
  }
}
