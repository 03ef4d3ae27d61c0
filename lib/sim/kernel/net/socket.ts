/**
 * Sockets of one network namespace: UDP, TCP, ICMP echo, and taps (AF_PACKET) for tcpdump.
 *
 * A socket belongs to whoever opened it; a program's sockets are closed when its process ends (`owner`).
 */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Duration, Instant } from "@/lib/sim/core/time";
import type { Ip } from "@/lib/sim/net/address";
import type { Frame, UdpPayload } from "@/lib/sim/net/frame";

export type SocketAddress = { readonly address: Ip; readonly port: number };

export type UdpDatagram = { readonly from: SocketAddress; readonly to: SocketAddress; readonly payload: UdpPayload };

/** Who holds a socket, for `ss -p`: pid as seen in the host's namespace. */
export type SocketOwner = { readonly pid: number; readonly name: string; readonly fd?: number };

/** An ICMP error about a datagram that this socket sent to `to` (IP_RECVERR). */
export type UdpError = {
  readonly from: Ip;
  readonly to: SocketAddress;
  readonly error: IcmpErrorName;
  readonly mtu?: number;
  readonly ttl: number;
  readonly at: Instant;
};

export interface UdpSocket {
  readonly local: SocketAddress;
  /** Sets the default destination, and lets ICMP errors come back (ECONNREFUSED). */
  connect(to: SocketAddress): Result<void, Errno>;
  /** `from`: the source address of this one datagram, for a socket bound to any (IP_PKTINFO). */
  send(
    payload: UdpPayload,
    to?: SocketAddress,
    options?: { readonly ttl?: number; readonly dontFragment?: boolean; readonly from?: Ip },
  ): Result<void, Errno>;
  /** The next datagram; a timeout is EAGAIN, a caught signal EINTR. */
  receive(until?: Instant): Routine<Result<UdpDatagram, Errno>>;
  /** The next ICMP error about what was sent, whether connected or not. */
  receiveError(until?: Instant): Routine<Result<UdpError, Errno>>;
  /** Whether `receiveError` would not wait. */
  readonly hasError: boolean;
  /** Woken for datagrams and for errors. */
  readonly readable: WaitQueue;
  /** Whether `receive` would not wait. */
  readonly hasData: boolean;
  /** Another process holds it now: a descriptor that was passed on. */
  handOver(owner: SocketOwner): void;
  close(): void;
}

export interface TcpListener {
  readonly local: SocketAddress;
  accept(until?: Instant): Routine<Result<TcpConnection, Errno>>;
  readonly readable: WaitQueue;
  /** Whether `accept` would not wait. */
  readonly hasPending: boolean;
  /** Another process holds it now: a descriptor that was passed on. */
  handOver(owner: SocketOwner): void;
  close(): void;
}

export interface TcpConnection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** The next text; `""` is the other side's FIN. EAGAIN on timeout, EINTR on a caught signal. */
  read(until?: Instant): Routine<Result<string, Errno>>;
  /** Waits while the send buffer is full. EPIPE or ECONNRESET when the other side is gone. */
  write(text: string): Routine<Result<void, Errno>>;
  readonly readable: WaitQueue;
  /** Whether `read` would not wait. */
  readonly hasData: boolean;
  /** FIN: no more will be written. */
  shutdownWrite(): void;
  /** Closes both ways; unread data makes it a RST, as in Linux. */
  close(): void;
  abort(): void;
}

export type IcmpErrorName =
  | "net-unreachable"
  | "host-unreachable"
  | "port-unreachable"
  | "protocol-unreachable"
  | "fragmentation-needed"
  | "net-prohibited"
  | "host-prohibited"
  | "admin-prohibited"
  | "time-exceeded";

/** `bytes` counts the ICMP header too, as ping prints it (64 for 56 bytes of data). */
export type EchoReply =
  | {
      readonly kind: "reply";
      readonly from: Ip;
      readonly sequence: number;
      readonly ttl: number;
      readonly bytes: number;
      readonly at: Instant;
    }
  /** An ICMP error about our request. `code` as in frame.ts. */
  | {
      readonly kind: "error";
      readonly from: Ip;
      readonly sequence: number;
      readonly error: IcmpErrorName;
      readonly mtu?: number;
      readonly at: Instant;
    };

export interface EchoSocket {
  readonly id: number;
  /** `length` is the number of payload bytes (56 by default in ping). */
  send(
    to: Ip,
    request: {
      readonly sequence: number;
      readonly length: number;
      readonly ttl?: number;
      readonly dontFragment?: boolean;
      readonly from?: Ip;
      readonly link?: string;
    },
  ): Result<void, Errno>;
  receive(until?: Instant): Routine<Result<EchoReply, Errno>>;
  readonly readable: WaitQueue;
  close(): void;
}

export type Captured = {
  readonly at: Instant;
  readonly link: string;
  readonly direction: "in" | "out";
  readonly frame: Frame;
  readonly linkIndex: number;
};

export interface PacketTap {
  receive(until?: Instant): Routine<Result<Captured, Errno>>;
  readonly readable: WaitQueue;
  /** How many were taken so far, and how many the filter of the tap's owner never saw because the queue was full. */
  readonly received: number;
  readonly droppedByKernel: number;
  close(): void;
}

export type TcpState =
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECV"
  | "ESTAB"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT"
  | "CLOSED";

export type SocketView =
  | {
      readonly protocol: "tcp";
      readonly state: TcpState;
      readonly local: SocketAddress;
      readonly remote?: SocketAddress;
      readonly receiveQueue: number;
      readonly sendQueue: number;
      readonly owner?: SocketOwner;
      readonly isV6Only?: boolean;
    }
  | {
      readonly protocol: "udp";
      readonly state: "UNCONN" | "ESTAB";
      readonly local: SocketAddress;
      readonly remote?: SocketAddress;
      readonly receiveQueue: number;
      readonly sendQueue: number;
      readonly owner?: SocketOwner;
      readonly isV6Only?: boolean;
    };

export type TcpOptions = {
  readonly bind?: { readonly address?: Ip; readonly port?: number };
  readonly owner?: SocketOwner;
  readonly timeout?: Duration;
};

export interface Sockets {
  /** Port 0 takes a free one of ip_local_port_range. EADDRINUSE, EADDRNOTAVAIL. The address `::` listens on both families unless `v6Only`. */
  udp(local: SocketAddress, options?: { readonly owner?: SocketOwner; readonly v6Only?: boolean }): Result<UdpSocket, Errno>;
  listen(
    local: SocketAddress,
    options?: { readonly owner?: SocketOwner; readonly backlog?: number; readonly reuseAddress?: boolean; readonly v6Only?: boolean },
  ): Result<TcpListener, Errno>;
  /** The handshake: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT (after the SYN retries, or `timeout`), EINTR. */
  connect(to: SocketAddress, options?: TcpOptions): Routine<Result<TcpConnection, Errno>>;
  echo(options?: { readonly owner?: SocketOwner }): EchoSocket;
  /** Datagrams with a chosen TTL whose ICMP errors come back, for traceroute. */
  probe(
    to: SocketAddress,
    options: { readonly ttl: number; readonly length: number; readonly timeout: Duration },
  ): Routine<EchoReply | undefined>;
  /** All interfaces when `link` is absent (`-i any`). ENODEV. */
  tap(link?: string): Result<PacketTap, Errno>;
  /** A whole frame out of `link`, past the IP stack (AF_PACKET): gratuitous ARP, `arping`. ENODEV, ENETDOWN. */
  sendFrame(link: string, frame: Frame): Result<void, Errno>;
  /** By protocol, then local address and port. */
  list(): readonly SocketView[];
}
