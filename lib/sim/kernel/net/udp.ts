/**
 * UDP (RFC 768): sockets by port, datagrams in and out.
 *
 * Modelled on net/ipv4/udp.c. A datagram to a port where nobody listens is answered with "port unreachable". A socket bound
 * to `::` takes both families' datagrams, as Linux's do unless told otherwise.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Random } from "@/lib/sim/core/random";
import { ANY_V4, ANY_V6, type Ip, isV4 } from "@/lib/sim/net/address";
import type { IpPacket, Udp, UdpPayload } from "@/lib/sim/net/frame";
import { udpPayloadLength } from "@/lib/sim/net/length";
import type { Device } from "./device";
import type { HeardError } from "./icmp";
import type { NetworkNamespace } from "./namespace";
import { addressesClash, pickPort } from "./ports";
import type { SocketAddress, SocketOwner, SocketView, UdpDatagram, UdpSocket } from "./socket";
import type { StackSkb } from "./skb";
import { boundTo, headerLength } from "./transport";
import { UdpEndpoint } from "./udp-socket";

const LARGEST_DATA = 65_507;

export class UdpLayer {
  readonly #netns: NetworkNamespace;
  readonly #random: Random;
  readonly #byPort = new Map<number, UdpEndpoint[]>();

  constructor(netns: NetworkNamespace, random: Random) {
    this.#netns = netns;
    this.#random = random;
  }

  /** `receiver`: the kernel's own user of the socket, who gets each datagram at once (encap_rcv). */
  open(
    local: SocketAddress,
    options: { readonly owner?: SocketOwner; readonly v6Only?: boolean; readonly receiver?: (datagram: UdpDatagram) => void },
  ): Result<UdpSocket, Errno> {
    if (!this.#netns.canBind(local.address)) return fail("EADDRNOTAVAIL");
    const v6Only = options.v6Only === true;
    let { port } = local;
    if (port === 0) {
      const free = pickPort(
        this.#netns.settings.portRange,
        this.#random,
        1,
        (candidate) => !this.isTaken(local.address, candidate, v6Only),
      );
      if (free === undefined) return fail("EADDRINUSE");
      port = free;
    } else if (this.isTaken(local.address, port, v6Only)) return fail("EADDRINUSE");
    const endpoint = new UdpEndpoint(this.#netns, { address: local.address, port }, { ...options, v6Only });
    const sharers = this.#byPort.get(port);
    if (sharers) sharers.push(endpoint);
    else this.#byPort.set(port, [endpoint]);
    return ok(endpoint);
  }

  isTaken(address: Ip, port: number, v6Only = false): boolean {
    return (
      this.#byPort
        .get(port)
        ?.some((endpoint) => addressesClash({ address: endpoint.local.address, v6Only: endpoint.v6Only }, { address, v6Only })) ?? false
    );
  }

  forget(endpoint: UdpEndpoint): void {
    const { port } = endpoint.local;
    const left = this.#byPort.get(port)?.filter((other) => other !== endpoint) ?? [];
    if (left.length > 0) this.#byPort.set(port, left);
    else this.#byPort.delete(port);
  }

  receive(packet: IpPacket, datagram: Udp, device: Device, skb: StackSkb): void {
    const endpoint = this.#find(
      { address: packet.destination, port: datagram.destinationPort },
      { address: packet.source, port: datagram.sourcePort },
    );
    if (endpoint)
      return endpoint.take({
        from: { address: packet.source, port: datagram.sourcePort },
        to: { address: packet.destination, port: datagram.destinationPort },
        payload: datagram.payload,
      });
    device.drop(packet, { kind: "no-socket", protocol: "udp", port: datagram.destinationPort });
    if (!this.#netns.transport.isLocal(packet.destination)) return;
    if (packet.kind === "ipv4") this.#netns.icmp.sendUnreachable(packet, "port", skb);
    else this.#netns.icmp6.sendUnreachable(packet, "port", skb);
  }

  heardError(about: IpPacket, datagram: Udp, error: HeardError): void {
    const to = { address: about.destination, port: datagram.destinationPort };
    this.#find({ address: about.source, port: datagram.sourcePort }, to)?.heardError(to, error);
  }

  send(
    from: SocketAddress,
    to: SocketAddress,
    payload: UdpPayload,
    options: { readonly ttl?: number; readonly dontFragment?: boolean; readonly from?: Ip },
  ): Result<void, Errno> {
    const length = udpPayloadLength(payload);
    if (length > LARGEST_DATA) return fail("EMSGSIZE");
    if (to.port === 0) return fail("EINVAL");
    // A socket for IPv4 only cannot speak IPv6; one on `::` speaks both.
    if (isV4(from.address) && !isV4(to.address)) return fail("EAFNOSUPPORT");
    const { transport } = this.#netns;
    const source = boundTo(options.from ?? from.address);
    const route = transport.route(to.address, source !== undefined ? { source } : {});
    if (!route.ok) return route;
    if (route.value.type === "broadcast") return fail("EACCES");
    const fits = headerLength(to.address) + 8 + length <= route.value.mtu;
    if (options.dontFragment === true && !fits) return fail("EMSGSIZE");
    return transport.sendVia(route.value, {
      destination: to.address,
      ...(source !== undefined ? { source } : {}),
      ...(options.ttl !== undefined ? { ttl: options.ttl } : {}),
      dontFragment: fits && options.dontFragment !== false,
      payload: { kind: "udp", sourcePort: from.port, destinationPort: to.port, payload },
    });
  }

  views(): readonly SocketView[] {
    return [...this.#byPort.values()].flatMap((endpoints) => endpoints.map((endpoint) => endpoint.view()));
  }

  close(): void {
    for (const endpoints of [...this.#byPort.values()]) for (const endpoint of endpoints) endpoint.close();
  }

  /** The socket that fits best: connected to the sender, else bound to the address, else bound to any. */
  #find(local: SocketAddress, remote: SocketAddress): UdpEndpoint | undefined {
    let best: UdpEndpoint | undefined;
    let bestScore = -1;
    for (const endpoint of this.#byPort.get(local.port) ?? []) {
      const bound = endpoint.local.address;
      const takes =
        bound === local.address || (isV4(local.address) ? bound === ANY_V4 || (bound === ANY_V6 && !endpoint.v6Only) : bound === ANY_V6);
      if (!takes) continue;
      const { peer } = endpoint;
      if (peer && (peer.address !== remote.address || peer.port !== remote.port)) continue;
      const score = (peer ? 4 : 0) + (bound === local.address ? 2 : 0) + (bound === ANY_V4 ? 1 : 0);
      if (score > bestScore) {
        best = endpoint;
        bestScore = score;
      }
    }
    return best;
  }
}
