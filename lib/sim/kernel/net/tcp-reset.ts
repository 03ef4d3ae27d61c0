/** The RST that answers a segment which belongs to nothing (RFC 9293, 3.10.7.1). */

import type { Tcp } from "@/lib/sim/net/frame";
import { utf8Length } from "@/lib/sim/net/length";

export function resetFor(segment: Tcp): Tcp {
  const length = utf8Length(segment.text) + (segment.flags.syn ? 1 : 0) + (segment.flags.fin ? 1 : 0);
  return {
    kind: "tcp",
    sourcePort: segment.destinationPort,
    destinationPort: segment.sourcePort,
    sequence: segment.flags.ack ? segment.acknowledgement : 0,
    acknowledgement: segment.flags.ack ? 0 : (segment.sequence + length) >>> 0,
    flags: segment.flags.ack ? { rst: true } : { rst: true, ack: true },
    window: 0,
    text: "",
  };
}
