/** Where each TCP conversation's sequence numbers began, so that lines can count from there (print-tcp.c). */

import type { Ip } from "@/lib/sim/net/address";
import type { Tcp } from "@/lib/sim/net/frame";

export class Conversations {
  /** The sequence numbers of the two ends, by both ends' addresses in a fixed order. */
  readonly #known = new Map<string, [number, number]>();

  /** The numbers to print. The first segment that has an acknowledgement, and each SYN with one, keeps its own. */
  relative(source: Ip, destination: Ip, segment: Tcp): { readonly sequence: number; readonly acknowledgement: number } {
    const { sequence, acknowledgement, flags } = segment;
    if (!flags.ack) return { sequence, acknowledgement };
    const from = `${source} ${segment.sourcePort}`;
    const to = `${destination} ${segment.destinationPort}`;
    const isReversed = from > to;
    const key = isReversed ? `${to} ${from}` : `${from} ${to}`;
    const known = this.#known.get(key);
    if (!known || flags.syn) {
      const before = (acknowledgement - 1) >>> 0;
      this.#known.set(key, isReversed ? [before, sequence] : [sequence, before]);
      return { sequence, acknowledgement };
    }
    const [mine, theirs] = isReversed ? [known[1], known[0]] : known;
    return { sequence: (sequence - mine) >>> 0, acknowledgement: (acknowledgement - theirs) >>> 0 };
  }
}
