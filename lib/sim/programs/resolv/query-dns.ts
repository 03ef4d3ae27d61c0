/** One question to one name server over UDP (RFC 1035 section 4.2.1). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Routine } from "@/lib/sim/core/task";
import { after, type Duration } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";
import type { DnsMessage, DnsQuestion } from "@/lib/sim/net/dns";
import type { NetSys } from "@/lib/sim/kernel";

/** `timeout`: silence. `refused`: nobody listens there. `interrupted`: a caught signal. Else the errno of sending. */
export type QueryFailure = "timeout" | "refused" | "interrupted" | "unreachable";

export const DNS_PORT = 53;

export function* queryDns(
  sys: NetSys,
  server: Ip,
  question: DnsQuestion,
  options: { readonly timeout: Duration; readonly port?: number; readonly recurse?: boolean },
): Routine<Result<DnsMessage, QueryFailure>> {
  const bound = sys.netns.sockets.udp({ address: isV4(server) ? ANY_V4 : ANY_V6, port: 0 });
  if (!bound.ok) return fail("unreachable");
  const socket = bound.value;
  try {
    if (!socket.connect({ address: server, port: options.port ?? DNS_PORT }).ok) return fail("unreachable");
    const id = sys.random.below(65_536);
    const query: DnsMessage = {
      id,
      isResponse: false,
      recursionDesired: options.recurse ?? true,
      recursionAvailable: false,
      isAuthoritative: false,
      code: "NOERROR",
      question,
      answers: [],
    };
    const sent = socket.send({ kind: "dns", message: query });
    if (!sent.ok) return fail(sent.error === "ECONNREFUSED" ? "refused" : "unreachable");
    const until = after(sys.now, options.timeout);
    for (;;) {
      const datagram = yield* socket.receive(until);
      if (!datagram.ok) {
        if (datagram.error === "EAGAIN" || datagram.error === "ETIMEDOUT") return fail("timeout");
        if (datagram.error === "EINTR") return fail("interrupted");
        return fail(datagram.error === "ECONNREFUSED" ? "refused" : "unreachable");
      }
      const { payload } = datagram.value;
      if (payload.kind === "dns" && payload.message.id === id) return ok(payload.message);
    }
  } finally {
    socket.close();
  }
}
