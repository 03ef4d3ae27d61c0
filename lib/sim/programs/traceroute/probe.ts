/**
 * What traceroute sends: UDP datagrams to ports that nobody listens on, or ICMP echo requests, with a small TTL; and what it
 * hears about them.
 */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";
import type { EchoSocket, IcmpErrorName, NetSys, UdpSocket } from "@/lib/sim/kernel";

/** What came back for probe number `index`. `reply`: the destination answered an echo request. */
export type Heard = {
  readonly index: number;
  readonly from: Ip;
  readonly at: Instant;
  readonly what: IcmpErrorName | "reply";
  readonly mtu: number | undefined;
};

export interface Prober {
  send(index: number, ttl: number): Result<void, Errno>;
  /** Everything that came by `until`; at once when there is something. Undefined: a caught signal. */
  hear(until: Instant): Routine<readonly Heard[] | undefined>;
  close(): void;
}

export type ProbeOptions = {
  readonly to: Ip;
  /** Bytes after the IP header's 20 and the transport header's 8. */
  readonly length: number;
  readonly port: number;
  /** Every probe to the same port (`-U`). */
  readonly fixedPort: boolean;
  readonly from: Ip | undefined;
  readonly link: string | undefined;
  readonly dontFragment: boolean | undefined;
};

/** Each datagram from a socket of its own. */
export class UdpProber implements Prober {
  readonly #sys: NetSys;
  readonly #options: ProbeOptions;
  readonly #sockets = new Map<number, UdpSocket>();

  constructor(sys: NetSys, options: ProbeOptions) {
    this.#sys = sys;
    this.#options = options;
  }

  send(index: number, ttl: number): Result<void, Errno> {
    const { to, length, port, fixedPort, from, dontFragment } = this.#options;
    const opened = this.#sys.netns.sockets.udp({ address: from ?? (isV4(to) ? ANY_V4 : ANY_V6), port: 0 });
    if (!opened.ok) return opened;
    const sent = opened.value.send(
      { kind: "text", text: FILLING.slice(0, length) },
      { address: to, port: fixedPort ? port : port + index },
      { ttl, dontFragment: dontFragment ?? false },
    );
    if (sent.ok) this.#sockets.set(index, opened.value);
    else opened.value.close();
    return sent;
  }

  *hear(until: Instant): Routine<readonly Heard[] | undefined> {
    for (;;) {
      const heard: Heard[] = [];
      for (const [index, socket] of this.#sockets) {
        if (!socket.hasError) continue;
        const error = yield* socket.receiveError(this.#sys.now);
        if (!error.ok) continue;
        heard.push({ index, from: error.value.from, at: error.value.at, what: error.value.error, mtu: error.value.mtu });
        socket.close();
        this.#sockets.delete(index);
      }
      if (heard.length > 0 || this.#sys.now >= until) return heard;
      const wake = yield* this.#sys.wait({ on: [...this.#sockets.values()].map((socket) => socket.readable), until });
      if (wake.kind === "signal") return undefined;
    }
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
  }
}

export class EchoProber implements Prober {
  readonly #sys: NetSys;
  readonly #options: ProbeOptions;
  readonly #socket: EchoSocket;

  constructor(sys: NetSys, options: ProbeOptions) {
    this.#sys = sys;
    this.#options = options;
    this.#socket = sys.netns.sockets.echo();
  }

  send(index: number, ttl: number): Result<void, Errno> {
    const { to, length, from, link } = this.#options;
    return this.#socket.send(to, {
      sequence: index + 1,
      length,
      ttl,
      ...(from !== undefined ? { from } : {}),
      ...(link !== undefined ? { link } : {}),
    });
  }

  *hear(until: Instant): Routine<readonly Heard[] | undefined> {
    const reply = yield* this.#socket.receive(until);
    if (!reply.ok) return reply.error === "EINTR" ? undefined : [];
    const { value } = reply;
    const what = value.kind === "reply" ? "reply" : value.error;
    return [{ index: value.sequence - 1, from: value.from, at: this.#sys.now, what, mtu: value.kind === "error" ? value.mtu : undefined }];
  }

  close(): void {
    this.#socket.close();
  }
}

/** IP and UDP (or ICMP) headers. */
export function headers(address: Ip): number {
  return isV4(address) ? 28 : 48;
}

const FILLING = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~".repeat(1_100);
