/** One UDP socket: its queue of datagrams, its default destination and the ICMP errors about what it sent. */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { Ip } from "@/lib/sim/net/address";
import type { UdpPayload } from "@/lib/sim/net/frame";
import { udpPayloadLength } from "@/lib/sim/net/length";
import type { HeardError } from "./icmp";
import type { NetworkNamespace } from "./namespace";
import type { SocketAddress, SocketOwner, SocketView, UdpDatagram, UdpError, UdpSocket } from "./socket";
import { boundTo } from "./transport";

/** net.core.rmem_default. */
const RECEIVE_BUFFER = 212_992;
/** Errors that may pass (icmp_err_convert's `fatal` is 0). */
const SOFT = new Set<HeardError["name"]>(["net-unreachable", "host-unreachable", "fragmentation-needed", "time-exceeded"]);
/** What a queued datagram costs beside its data. */
const OVERHEAD = 768;

export class UdpEndpoint implements UdpSocket {
  readonly local: SocketAddress;
  readonly readable = new WaitQueue();
  readonly #netns: NetworkNamespace;
  readonly v6Only: boolean;
  #owner: SocketOwner | undefined;
  readonly #receiver: ((datagram: UdpDatagram) => void) | undefined;
  readonly #queue: UdpDatagram[] = [];
  readonly #errors: UdpError[] = [];
  #queuedBytes = 0;
  #peer: SocketAddress | undefined;
  #pending: Errno | undefined;
  #isClosed = false;

  constructor(
    netns: NetworkNamespace,
    local: SocketAddress,
    options: { readonly owner?: SocketOwner; readonly v6Only: boolean; readonly receiver?: (datagram: UdpDatagram) => void },
  ) {
    this.#netns = netns;
    this.local = local;
    this.#owner = options.owner;
    this.v6Only = options.v6Only;
    this.#receiver = options.receiver;
  }

  handOver(owner: SocketOwner): void {
    this.#owner = owner;
  }

  get peer(): SocketAddress | undefined {
    return this.#peer;
  }

  get hasData(): boolean {
    return this.#queue.length > 0 || this.#pending !== undefined;
  }

  get hasError(): boolean {
    return this.#errors.length > 0;
  }

  connect(to: SocketAddress): Result<void, Errno> {
    const source = boundTo(this.local.address);
    const route = this.#netns.transport.route(to.address, source !== undefined ? { source } : {});
    if (!route.ok) return route;
    this.#peer = to;
    return DONE;
  }

  send(
    payload: UdpPayload,
    to?: SocketAddress,
    options: { readonly ttl?: number; readonly dontFragment?: boolean; readonly from?: Ip } = {},
  ): Result<void, Errno> {
    if (this.#isClosed) return fail("EBADF");
    const pending = this.#takePending();
    if (pending) return fail(pending);
    const target = to ?? this.#peer;
    return target ? this.#netns.udp.send(this.local, target, payload, options) : fail("EDESTADDRREQ");
  }

  *receive(until?: Instant): Routine<Result<UdpDatagram, Errno>> {
    for (;;) {
      const pending = this.#takePending();
      if (pending) return fail(pending);
      const next = this.#queue.shift();
      if (next) {
        this.#queuedBytes -= udpPayloadLength(next.payload) + OVERHEAD;
        return ok(next);
      }
      if (this.#isClosed) return fail("EBADF");
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout" && !this.hasData) return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  *receiveError(until?: Instant): Routine<Result<UdpError, Errno>> {
    for (;;) {
      const next = this.#errors.shift();
      if (next) return ok(next);
      if (this.#isClosed) return fail("EBADF");
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout" && this.#errors.length === 0) return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#netns.udp.forget(this);
    this.readable.wake();
  }

  /** A datagram for this socket. With a full buffer it is lost. */
  take(datagram: UdpDatagram): void {
    if (this.#receiver) return this.#receiver(datagram);
    const size = udpPayloadLength(datagram.payload) + OVERHEAD;
    if (this.#queuedBytes + size > RECEIVE_BUFFER) return;
    this.#queuedBytes += size;
    this.#queue.push(datagram);
    this.readable.wake();
  }

  heardError(to: SocketAddress, error: HeardError): void {
    this.#errors.push({
      from: error.from,
      to,
      error: error.name,
      ...(error.mtu !== undefined ? { mtu: error.mtu } : {}),
      ttl: error.ttl,
      at: this.#netns.scheduler.now,
    });
    if (this.#errors.length > 64) this.#errors.shift();
    // Only a connected socket gets errors in place of data, and of them only the hard ones.
    if (this.#peer && !SOFT.has(error.name)) this.#pending = error.errno;
    this.readable.wake();
  }

  view(): SocketView {
    return {
      protocol: "udp",
      state: this.#peer ? "ESTAB" : "UNCONN",
      local: this.local,
      ...(this.#peer ? { remote: this.#peer } : {}),
      receiveQueue: this.#queuedBytes,
      sendQueue: 0,
      ...(this.#owner ? { owner: this.#owner } : {}),
      ...(this.v6Only ? { isV6Only: true } : {}),
    };
  }

  #takePending(): Errno | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
