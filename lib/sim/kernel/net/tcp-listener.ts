/** A listening TCP socket: half-open connections, and the queue of those that wait for `accept` (net/ipv4/inet_connection_sock.c). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { SocketAddress, SocketOwner, SocketView, TcpConnection, TcpListener } from "./socket";
import type { TcpEndpoint } from "./tcp-connection";

export class ListeningSocket implements TcpListener {
  readonly local: SocketAddress;
  readonly readable = new WaitQueue();
  readonly backlog: number;
  readonly v6Only: boolean;
  #owner: SocketOwner | undefined;
  readonly #onClose: (listener: ListeningSocket) => void;
  readonly #accepted: TcpEndpoint[] = [];
  /** Half-open connections. */
  readonly #opening = new Set<TcpEndpoint>();
  #isClosed = false;

  constructor(
    local: SocketAddress,
    options: { readonly backlog: number; readonly v6Only: boolean; readonly owner: SocketOwner | undefined },
    onClose: (listener: ListeningSocket) => void,
  ) {
    this.local = local;
    this.backlog = options.backlog;
    this.v6Only = options.v6Only;
    this.#owner = options.owner;
    this.#onClose = onClose;
  }

  get owner(): SocketOwner | undefined {
    return this.#owner;
  }

  handOver(owner: SocketOwner): void {
    this.#owner = owner;
  }

  get hasPending(): boolean {
    return this.#accepted.length > 0;
  }

  /** More than `backlog` finished handshakes wait already. */
  get isFull(): boolean {
    return this.#accepted.length > this.backlog;
  }

  *accept(until?: Instant): Routine<Result<TcpConnection, Errno>> {
    for (;;) {
      const next = this.#accepted.shift();
      if (next) return ok(next);
      if (this.#isClosed) return fail("EINVAL");
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout" && !this.hasPending) return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  opening(connection: TcpEndpoint): void {
    this.#opening.add(connection);
  }

  /** A handshake was finished. False: there is no room. */
  established(connection: TcpEndpoint): boolean {
    if (this.#isClosed || this.isFull) return false;
    this.#opening.delete(connection);
    this.#accepted.push(connection);
    this.readable.wake();
    return true;
  }

  gone(connection: TcpEndpoint): void {
    this.#opening.delete(connection);
  }

  /** Those who wait to be accepted get a RST. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose(this);
    for (const connection of [...this.#opening, ...this.#accepted]) connection.abort();
    this.#accepted.length = 0;
    this.readable.wake();
  }

  view(): SocketView {
    return {
      protocol: "tcp",
      state: "LISTEN",
      local: this.local,
      receiveQueue: this.#accepted.length,
      sendQueue: this.backlog,
      ...(this.#owner ? { owner: this.#owner } : {}),
      ...(this.v6Only ? { isV6Only: true } : {}),
    };
  }
}
