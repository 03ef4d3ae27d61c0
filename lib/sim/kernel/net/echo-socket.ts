/**
 * The socket behind `ping`: sends ICMP echo requests and hears the answers and errors that belong to them.
 *
 * Modelled on net/ipv4/ping.c and net/ipv6/ping.c. One queue holds replies and errors in the order in which they came.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import { type Ip, isV4 } from "@/lib/sim/net/address";
import type { HeardError } from "./icmp";
import type { NetworkNamespace } from "./namespace";
import type { EchoReply, EchoSocket } from "./socket";
import { headerLength } from "./transport";

const LARGEST_DATA = 65_507;

export class EchoEndpoint implements EchoSocket {
  readonly id: number;
  readonly readable = new WaitQueue();
  readonly #netns: NetworkNamespace;
  readonly #queue: EchoReply[] = [];

  constructor(netns: NetworkNamespace, id: number) {
    this.#netns = netns;
    this.id = id;
  }

  send(to: Ip, request: Parameters<EchoSocket["send"]>[1]): Result<void, Errno> {
    if (request.length > LARGEST_DATA) return fail("EMSGSIZE");
    const { devices, transport } = this.#netns;
    const out = request.link === undefined ? undefined : devices.byName(request.link);
    if (request.link !== undefined && !out) return fail("ENODEV");
    const way = transport.route(to, { ...(request.from !== undefined ? { source: request.from } : {}), ...(out ? { out } : {}) });
    if (!way.ok) return way;
    const fits = headerLength(to) + 8 + request.length <= way.value.mtu;
    if (request.dontFragment === true && !fits) return fail("EMSGSIZE");
    return transport.sendVia(way.value, {
      destination: to,
      ...(request.ttl !== undefined ? { ttl: request.ttl } : {}),
      dontFragment: fits,
      payload: {
        kind: isV4(to) ? "icmp" : "icmp6",
        type: "echo-request",
        id: this.id,
        sequence: request.sequence & 0xffff,
        length: request.length,
      },
    });
  }

  *receive(until?: Instant): Routine<Result<EchoReply, Errno>> {
    for (;;) {
      const next = this.#queue.shift();
      if (next) return ok(next);
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout" && this.#queue.length === 0) return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  close(): void {
    this.#netns.icmp.unbindEcho(this.id);
  }

  heardReply(packet: { readonly source: Ip; readonly ttl: number }, sequence: number, length: number): void {
    this.#push({ kind: "reply", from: packet.source, sequence, ttl: packet.ttl, bytes: length + 8, at: this.#netns.scheduler.now });
  }

  heardError(sequence: number, error: HeardError): void {
    this.#push({
      kind: "error",
      from: error.from,
      sequence,
      error: error.name,
      ...(error.mtu !== undefined ? { mtu: error.mtu } : {}),
      at: this.#netns.scheduler.now,
    });
  }

  #push(reply: EchoReply): void {
    this.#queue.push(reply);
    this.readable.wake();
  }
}
