/** What the stack itself notes on a packet while it is inside one namespace, beside what netfilter does (struct sk_buff). */

import type { Mac } from "@/lib/sim/net/mac";
import type { Skb } from "../netfilter/hook";

export type StackSkb = Skb & {
  /** The bridge ran PREROUTING already; the IP layer does not run it again (br_netfilter's ip_sabotage_in). */
  prerouted: boolean;
  /** It came in fragments, so it may be larger than a link's MTU and is cut again on its way out (frag_max_size). */
  reassembled?: true;
};

export function newStackSkb(sourceMac?: Mac): StackSkb {
  const skb: StackSkb = { mark: 0, connection: undefined, untracked: false, prerouted: false };
  if (sourceMac !== undefined) skb.sourceMac = sourceMac;
  return skb;
}
