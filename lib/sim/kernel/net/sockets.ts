/** The sockets of one namespace as one contract: what socket(2), bind(2), connect(2) and `ss` reach. */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Routine } from "@/lib/sim/core/task";
import { after } from "@/lib/sim/core/time";
import { ANY_V4, compareIp } from "@/lib/sim/net/address";
import type { Frame } from "@/lib/sim/net/frame";
import { EchoEndpoint } from "./echo-socket";
import type { NetworkNamespace } from "./namespace";
import type {
  EchoReply,
  EchoSocket,
  PacketTap,
  SocketAddress,
  Sockets,
  SocketView,
  TcpConnection,
  TcpListener,
  TcpOptions,
  UdpSocket,
} from "./socket";
import { Tap } from "./tap";

export class SocketTable implements Sockets {
  readonly #netns: NetworkNamespace;
  readonly #random: NetworkNamespace["macs"];

  constructor(netns: NetworkNamespace, random: NetworkNamespace["macs"]) {
    this.#netns = netns;
    this.#random = random;
  }

  udp(local: SocketAddress, options: NonNullable<Parameters<Sockets["udp"]>[1]> = {}): Result<UdpSocket, Errno> {
    return this.#netns.udp.open(local, options);
  }

  listen(local: SocketAddress, options?: Parameters<Sockets["listen"]>[1]): Result<TcpListener, Errno> {
    return this.#netns.tcp.listen(local, options);
  }

  connect(to: SocketAddress, options?: TcpOptions): Routine<Result<TcpConnection, Errno>> {
    return this.#netns.tcp.connect(to, options);
  }

  echo(): EchoSocket {
    for (;;) {
      const id = this.#random.below(65_535) + 1;
      const endpoint = new EchoEndpoint(this.#netns, id);
      if (this.#netns.icmp.bindEcho(endpoint, id)) return endpoint;
    }
  }

  *probe(to: SocketAddress, options: Parameters<Sockets["probe"]>[1]): Routine<EchoReply | undefined> {
    const socket = this.#netns.udp.open({ address: ANY_V4, port: 0 }, {});
    if (!socket.ok) return undefined;
    try {
      const sent = socket.value.send({ kind: "text", text: "@".repeat(options.length) }, to, { ttl: options.ttl });
      if (!sent.ok) return undefined;
      const error = yield* socket.value.receiveError(after(this.#netns.scheduler.now, options.timeout));
      if (!error.ok) return undefined;
      const { from, error: name, at, mtu } = error.value;
      return { kind: "error", from, sequence: 0, error: name, at, ...(mtu !== undefined ? { mtu } : {}) };
    } finally {
      socket.value.close();
    }
  }

  tap(link?: string): Result<PacketTap, Errno> {
    if (link === undefined) {
      const tap: Tap = new Tap(() => this.#netns.anyTaps.delete(tap));
      this.#netns.anyTaps.add(tap);
      return ok(tap);
    }
    const device = this.#netns.devices.byName(link);
    if (!device) return fail("ENODEV");
    const tap: Tap = new Tap(() => {
      if (device.taps.delete(tap)) device.promiscuity--;
    });
    device.taps.add(tap);
    device.promiscuity++;
    return ok(tap);
  }

  sendFrame(link: string, frame: Frame): Result<void, Errno> {
    const device = this.#netns.devices.byName(link);
    if (!device) return fail("ENODEV");
    if (!device.isUp) return fail("ENETDOWN");
    device.send(frame);
    return DONE;
  }

  list(): readonly SocketView[] {
    return [...this.#netns.tcp.views(), ...this.#netns.udp.views()].sort(
      (a, b) =>
        compare(a.protocol, b.protocol) ||
        compareIp(a.local.address, b.local.address) ||
        a.local.port - b.local.port ||
        (a.remote && b.remote
          ? compareIp(a.remote.address, b.remote.address) || a.remote.port - b.remote.port
          : Number(a.remote !== undefined) - Number(b.remote !== undefined)),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
