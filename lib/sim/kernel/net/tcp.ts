/**
 * TCP of one namespace: which connection or listener a segment belongs to, and the RST that says that none does.
 *
 * Modelled on net/ipv4/tcp_ipv4.c and inet_hashtables.c. A listener on `::` takes IPv4 connections too.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Random } from "@/lib/sim/core/random";
import type { Routine } from "@/lib/sim/core/task";
import { after } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";
import type { IpPacket, Tcp } from "@/lib/sim/net/frame";
import type { Device } from "./device";
import type { HeardError } from "./icmp";
import type { NetworkNamespace } from "./namespace";
import { addressesClash, pickPort } from "./ports";
import type { SocketAddress, SocketOwner, SocketView, TcpConnection, TcpListener, TcpOptions } from "./socket";
import { type ConnectionInit, TcpEndpoint } from "./tcp-connection";
import { ListeningSocket } from "./tcp-listener";
import { resetFor } from "./tcp-reset";
import { boundTo } from "./transport";

const DEFAULT_BACKLOG = 128;

export class TcpLayer {
  readonly #netns: NetworkNamespace;
  readonly #random: Random;
  readonly #connections = new Map<string, TcpEndpoint>();
  /** How many connections have each local port. */
  readonly #portUse = new Map<number, number>();
  readonly #listeners = new Map<number, ListeningSocket[]>();

  constructor(netns: NetworkNamespace, random: Random) {
    this.#netns = netns;
    this.#random = random;
  }

  listen(
    local: SocketAddress,
    options: { readonly owner?: SocketOwner; readonly backlog?: number; readonly reuseAddress?: boolean; readonly v6Only?: boolean } = {},
  ): Result<TcpListener, Errno> {
    if (!this.#netns.canBind(local.address)) return fail("EADDRNOTAVAIL");
    const v6Only = options.v6Only === true;
    let { port } = local;
    if (port === 0) {
      const free = pickPort(this.#netns.settings.portRange, this.#random, 1, (candidate) => !this.isTaken(local.address, candidate));
      if (free === undefined) return fail("EADDRINUSE");
      port = free;
    } else {
      if (this.#hasListener(local.address, port, v6Only)) return fail("EADDRINUSE");
      if (options.reuseAddress === false && this.#portUse.has(port)) return fail("EADDRINUSE");
    }
    const backlog = Math.min(options.backlog ?? DEFAULT_BACKLOG, this.#netns.settings.number("core.somaxconn"));
    const listener = new ListeningSocket({ address: local.address, port }, { backlog, v6Only, owner: options.owner }, (closed) =>
      this.#forgetListener(closed),
    );
    const sharers = this.#listeners.get(port);
    if (sharers) sharers.push(listener);
    else this.#listeners.set(port, [listener]);
    return ok(listener);
  }

  *connect(to: SocketAddress, options: TcpOptions = {}): Routine<Result<TcpConnection, Errno>> {
    const started = this.start(to, options);
    if (!started.ok) return started;
    const connection = started.value;
    const { scheduler } = this.#netns;
    const until = options.timeout === undefined ? undefined : after(scheduler.now, options.timeout);
    let isDone = false;
    try {
      for (;;) {
        if (connection.error !== undefined) return fail(connection.error);
        if (connection.state !== "SYN-SENT" && connection.state !== "SYN-RECV") {
          isDone = true;
          return ok(connection);
        }
        const wake = yield until === undefined ? { on: [connection.changed] } : { on: [connection.changed], until };
        if (wake.kind === "signal") return fail("EINTR");
        if (wake.kind === "timeout" && connection.error === undefined && connection.state === "SYN-SENT") return fail("ETIMEDOUT");
      }
    } finally {
      // Also when the program is killed while it waits.
      if (!isDone) connection.close();
    }
  }

  /** Sends the SYN and does not wait. */
  start(to: SocketAddress, options: TcpOptions = {}): Result<TcpEndpoint, Errno> {
    const bound = options.bind?.address;
    if (bound !== undefined && !this.#netns.canBind(bound)) return fail("EADDRNOTAVAIL");
    const wanted = bound === undefined ? undefined : boundTo(bound);
    const route = this.#netns.transport.route(to.address, wanted !== undefined ? { source: wanted } : {});
    if (!route.ok) return route;
    if (route.value.type === "broadcast" || route.value.type === "multicast") return fail("ENETUNREACH");
    const source = wanted ?? route.value.source;
    const remote = { address: boundTo(to.address) === undefined ? route.value.nextHop : to.address, port: to.port };
    const isFree = (port: number): boolean =>
      !this.#connections.has(key(source, port, remote.address, remote.port)) && !this.#hasListener(source, port);
    const port = options.bind?.port ? options.bind.port : pickPort(this.#netns.settings.portRange, this.#random, 0, isFree);
    if (port === undefined) return fail("EADDRNOTAVAIL");
    if (options.bind?.port && !isFree(port)) return fail("EADDRINUSE");
    const connection = this.#create({ address: source, port }, remote, options.owner, { onEstablished: () => true, onGone: () => {} });
    connection.open();
    return ok(connection);
  }

  isTaken(address: Ip, port: number): boolean {
    return this.#portUse.has(port) || this.#hasListener(address, port);
  }

  receive(packet: IpPacket, segment: Tcp, device: Device): void {
    const connection = this.#connections.get(key(packet.destination, segment.destinationPort, packet.source, segment.sourcePort));
    if (connection?.receive(segment)) return;
    const listener = this.#findListener(packet.destination, segment.destinationPort);
    if (listener && !segment.flags.rst) {
      if (segment.flags.syn && !segment.flags.ack) return this.#answer(listener, packet, segment);
      if (!segment.flags.ack) return;
    }
    if (!listener) device.drop(packet, { kind: "no-socket", protocol: "tcp", port: segment.destinationPort });
    this.#refuse(packet, segment);
  }

  heardError(about: IpPacket, segment: Tcp, error: HeardError): void {
    this.#connections.get(key(about.source, segment.sourcePort, about.destination, segment.destinationPort))?.heardError(error);
  }

  views(): readonly SocketView[] {
    const listeners = [...this.#listeners.values()].flat().map((listener) => listener.view());
    return [...listeners, ...[...this.#connections.values()].map((connection) => connection.view())];
  }

  close(): void {
    for (const listeners of [...this.#listeners.values()]) for (const listener of [...listeners]) listener.close();
    for (const connection of [...this.#connections.values()]) connection.vanish();
  }

  #answer(listener: ListeningSocket, packet: IpPacket, syn: Tcp): void {
    if (listener.isFull) return;
    const connection = this.#create(
      { address: packet.destination, port: syn.destinationPort },
      { address: packet.source, port: syn.sourcePort },
      listener.owner,
      {
        onEstablished: (established) => listener.established(established),
        onGone: (gone) => listener.gone(gone),
      },
    );
    listener.opening(connection);
    connection.answer(syn);
  }

  #create(
    local: ConnectionInit["local"],
    remote: ConnectionInit["remote"],
    owner: SocketOwner | undefined,
    events: Pick<ConnectionInit, "onEstablished" | "onGone">,
  ): TcpEndpoint {
    const place = key(local.address, local.port, remote.address, remote.port);
    const connection = new TcpEndpoint({
      netns: this.#netns,
      local,
      remote,
      initialSequence: this.#random.u32(),
      firstId: this.#random.below(65_536),
      clockOffset: this.#random.u32(),
      owner,
      onEstablished: events.onEstablished,
      onGone: (gone) => {
        if (this.#connections.get(place) === gone) this.#connections.delete(place);
        const users = (this.#portUse.get(local.port) ?? 1) - 1;
        if (users > 0) this.#portUse.set(local.port, users);
        else this.#portUse.delete(local.port);
        events.onGone(gone);
      },
    });
    this.#connections.set(place, connection);
    this.#portUse.set(local.port, (this.#portUse.get(local.port) ?? 0) + 1);
    return connection;
  }

  #hasListener(address: Ip, port: number, v6Only = false): boolean {
    return (
      this.#listeners
        .get(port)
        ?.some((listener) => addressesClash({ address: listener.local.address, v6Only: listener.v6Only }, { address, v6Only })) ?? false
    );
  }

  #findListener(address: Ip, port: number): ListeningSocket | undefined {
    const listeners = this.#listeners.get(port);
    if (!listeners) return undefined;
    return (
      listeners.find((listener) => listener.local.address === address) ??
      (isV4(address) ? listeners.find((listener) => listener.local.address === ANY_V4) : undefined) ??
      listeners.find((listener) => listener.local.address === ANY_V6 && !(listener.v6Only && isV4(address)))
    );
  }

  #forgetListener(listener: ListeningSocket): void {
    const { port } = listener.local;
    const left = this.#listeners.get(port)?.filter((other) => other !== listener) ?? [];
    if (left.length > 0) this.#listeners.set(port, left);
    else this.#listeners.delete(port);
  }

  /** tcp_v4_send_reset. */
  #refuse(packet: IpPacket, segment: Tcp): void {
    if (segment.flags.rst || !this.#netns.transport.isLocal(packet.destination)) return;
    this.#netns.transport.send({
      destination: packet.source,
      source: packet.destination,
      id: 0,
      dontFragment: true,
      payload: resetFor(segment),
    });
  }
}

function key(local: Ip, localPort: number, remote: Ip, remotePort: number): string {
  return `${localPort} ${remotePort} ${local} ${remote}`;
}
