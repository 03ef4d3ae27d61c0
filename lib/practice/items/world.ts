/** The fresh hosts that an item is executed on. */

import type { Proof } from "@/lib/content/schema";
import { ONE_HOST, type Topology, World } from "@/lib/sim";

/** node1, node2, … as in the recordings, all images there. */
export function hostsOf(count: number): Topology {
  return {
    ...ONE_HOST,
    hosts: Array.from({ length: count }, (_, at) => ({ name: `node${at + 1}`, address: `192.168.56.${11 + at}/24`, images: "all" })),
  };
}

/** A world where the item's set-up has run. Throws `SetupFailed`. */
export function worldOf(proof: Proof, seed: string, eventLimit?: number): World {
  const world = World.create({ topology: hostsOf(proof.hosts), seed, ...(eventLimit === undefined ? {} : { eventLimit }) });
  for (const { on, run, may_fail } of proof.setup) {
    for (const command of run) {
      const result = world.run(on, command, { limitSeconds: 120 });
      if (result.status !== 0 && !may_fail) throw new SetupFailed(`${on}$ ${command}: status ${result.status}: ${result.stderr.trim()}`);
    }
  }
  return world;
}

/** A line of an item's set-up ended with another status than 0. */
export class SetupFailed extends Error {}
