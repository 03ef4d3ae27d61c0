/**
 * One network namespace (struct net): links, addresses, routes, neighbours, packet filter, sockets and settings of its own.
 *
 * A container's is one of these, and so is the host's. The parts know each other through this object.
 */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { ANY_V4, ANY_V6, type Ip, isMulticast, isV4, LOOPBACK_V6, parseIp } from "@/lib/sim/net/address";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import { NO_MAC } from "@/lib/sim/net/mac";
import type { PacketHooks, Skb, StackForHooks } from "../netfilter/hook";
import type { Netfilter } from "../netfilter/rule";
import type { Conntrack, Netns } from "../netns";
import type { KernelEvent, KernelTrace, Where } from "../trace";
import { announce, receiveArp } from "./arp";
import type { Device } from "./device";
import { Devices } from "./devices";
import { FibTables } from "./fib-tables";
import { Fragments } from "./fragments";
import { IcmpLayer } from "./icmp";
import { IpLayer } from "./ip";
import { Icmp6Layer } from "./icmp6";
import { Ip6Layer } from "./ip6";
import { Ipv4Addresses } from "./ipv4-addresses";
import { Ipv6Addresses } from "./ipv6-addresses";
import { KernelRoutes } from "./kernel-routes";
import { Neighbours } from "./neighbours";
import { Netlink } from "./netlink";
import { PathMtus } from "./path-mtu";
import { Loopback } from "./plain-links";
import { Routes } from "./routes";
import { Routing } from "./routing";
import { Routing6 } from "./routing6";
import { Settings } from "./settings";
import { type StackSkb, newStackSkb } from "./skb";
import { SocketTable } from "./sockets";
import type { NetfilterFactory, NetworkStack } from "./stack";
import type { Tap } from "./tap";
import { TcpLayer } from "./tcp";
import { Transport } from "./transport";
import { UdpLayer } from "./udp";
import { VxlanSockets } from "./vxlan-sockets";

export type NamespaceInit = {
  readonly id: string;
  readonly stack: NetworkStack;
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  readonly netfilter: NetfilterFactory;
  /** The root namespace's settings, which a new one starts from. */
  readonly inherit: Settings | undefined;
};

export class NetworkNamespace implements Netns {
  readonly id: string;
  readonly host: string;
  readonly stack: NetworkStack;
  readonly scheduler: Scheduler;
  readonly trace: KernelTrace;
  /** Draws the MAC addresses of new links. */
  readonly macs: Random;
  readonly settings: Settings;
  readonly devices: Devices;
  readonly ipv4: Ipv4Addresses;
  readonly ipv6: Ipv6Addresses;
  readonly fib = new FibTables();
  readonly kernelRoutes: KernelRoutes;
  readonly routes: Routes;
  readonly routing: Routing;
  readonly neighbours: Neighbours;
  readonly fragments: Fragments;
  readonly pathMtus: PathMtus;
  readonly ip: IpLayer;
  readonly ip6: Ip6Layer;
  readonly routing6: Routing6;
  readonly icmp6: Icmp6Layer;
  readonly transport: Transport;
  readonly icmp: IcmpLayer;
  readonly udp: UdpLayer;
  readonly tcp: TcpLayer;
  /** Of VXLANs whose packets travel here. */
  readonly vxlans: VxlanSockets;
  readonly hooks: PacketHooks;
  readonly anyTaps = new Set<Tap>();

  readonly links: Netlink;
  readonly sockets: SocketTable;
  readonly iptables: Netfilter;
  readonly ip6tables: Netfilter;
  readonly conntrack: Conntrack;
  /** Numbers of other namespaces as this one sees them (`link-netnsid`). */
  readonly #nsids = new Map<NetworkNamespace, number>();

  constructor(init: NamespaceInit) {
    this.id = init.id;
    this.host = init.host;
    this.stack = init.stack;
    this.scheduler = init.scheduler;
    this.trace = init.trace;
    const { random } = init;
    this.macs = random.fork("mac");
    this.settings = new Settings(
      {
        devices: () => this.devices.all(),
        ipv6Toggled: (device, disabled) => (disabled ? this.ipv6.linkDown(device) : this.ipv6.linkReady(device)),
      },
      init.inherit,
    );
    this.devices = new Devices(this);
    this.ipv4 = new Ipv4Addresses(this);
    this.ipv6 = new Ipv6Addresses(this);
    this.kernelRoutes = new KernelRoutes(this);
    this.routes = new Routes(this);
    this.routing = new Routing(this);
    this.neighbours = new Neighbours(this, random.fork("neighbours"));
    this.fragments = new Fragments(this.scheduler);
    this.pathMtus = new PathMtus(this.scheduler);
    this.ip = new IpLayer(this, random.fork("ip-id").below(65_536));
    this.ip6 = new Ip6Layer(this, random.fork("ip6-id").u32());
    this.routing6 = new Routing6(this);
    this.icmp6 = new Icmp6Layer(this);
    this.transport = new Transport(this);
    this.icmp = new IcmpLayer(this);
    this.udp = new UdpLayer(this, random.fork("udp"));
    this.tcp = new TcpLayer(this, random.fork("tcp"));
    this.vxlans = new VxlanSockets(this);
    this.links = new Netlink(this);
    this.sockets = new SocketTable(this, random.fork("echo"));
    const filter = init.netfilter(this.#forHooks(), {
      scheduler: this.scheduler,
      random: random.fork("netfilter"),
      host: this.host,
      netnsId: this.id,
      trace: this.trace,
    });
    this.hooks = filter.hooks;
    this.iptables = filter.iptables;
    this.ip6tables = filter.ip6tables;
    this.conntrack = filter.conntrack;
    this.devices.register(new Loopback({ netns: this, index: this.devices.takeIndex(), name: "lo", mac: NO_MAC, mtu: 65_536 }));
  }

  // --- settings -------------------------------------------------------------------------------------------------------
  sysctl(key: string): Result<string, Errno> {
    if (key === "net.netfilter.nf_conntrack_count") return { ok: true, value: String(this.conntrack.list().length) };
    return this.settings.read(key);
  }

  setSysctl(key: string, value: string): Result<void, Errno> {
    return this.settings.write(key, value);
  }

  sysctls(): readonly string[] {
    return this.settings.keys();
  }

  // --- for the parts --------------------------------------------------------------------------------------------------
  /** A frame that came in at a link which is not a port. */
  receive(device: Device, frame: Frame, skb: Skb | undefined): void {
    const { payload } = frame;
    switch (payload.kind) {
      case "arp":
        return receiveArp(device, payload, frame.destination);
      case "ipv4":
        return this.ip.receive(device, frame, payload, skb && toStackSkb(skb));
      case "ipv6":
        return this.ip6.receive(device, frame, payload, skb && toStackSkb(skb));
    }
  }

  /** A packet for this host itself, after INPUT. */
  deliver(packet: IpPacket, device: Device, skb: StackSkb): void {
    const { payload } = packet;
    switch (payload.kind) {
      case "icmp":
        return packet.kind === "ipv4" ? this.icmp.receive(packet, payload, device) : undefined;
      case "icmp6":
        return packet.kind === "ipv6" ? this.icmp6.receive(packet, payload, device, skb) : undefined;
      case "udp":
        return this.udp.receive(packet, payload, device, skb);
      case "tcp":
        return this.tcp.receive(packet, payload, device);
      case "raw":
        if (packet.kind === "ipv4") this.icmp.sendUnreachable(packet, "protocol", skb);
    }
  }

  /** Whether a socket may be bound to the address. */
  canBind(address: Ip): boolean {
    if (address === ANY_V4 || address === ANY_V6 || address === LOOPBACK_V6) return true;
    if (this.settings.number(isV4(address) ? "ipv4.ip_nonlocal_bind" : "ipv6.ip_nonlocal_bind") !== 0) return true;
    return isV4(address) ? this.routing.isLocal(address) || isMulticast(address) : this.ipv6.has(address);
  }

  /** The number by which this namespace knows another one; the lowest free one is given when first asked. */
  nsidOf(other: NetworkNamespace): number {
    const known = this.#nsids.get(other);
    if (known !== undefined) return known;
    const taken = new Set(this.#nsids.values());
    let id = 0;
    while (taken.has(id)) id++;
    this.#nsids.set(other, id);
    return id;
  }

  /** Another namespace is gone. */
  forgetNamespace(other: NetworkNamespace): void {
    this.#nsids.delete(other);
  }

  addressOfLinkChanged(device: Device): void {
    this.neighbours.linkDown(device, false);
    if (device.isUp && this.settings.max(device, "arp_notify") !== 0) {
      const [first] = this.ipv4.of(device);
      if (first) announce(device, first.address);
    }
    for (const upper of device.uppers) {
      if (!upper.followsMac || upper.mac === device.mac) continue;
      upper.mac = device.mac;
      upper.netns.addressOfLinkChanged(upper);
    }
    this.changed("link", device.where);
  }

  changed(what: Extract<KernelEvent, { kind: "changed" }>["what"], where?: Where): void {
    this.trace({ kind: "changed", at: this.scheduler.now, where: where ?? { host: this.host, netns: this.id }, what });
    this.links.changed.wake();
  }

  /** Ends all sockets and removes all links. */
  close(home: NetworkNamespace | undefined): void {
    this.tcp.close();
    this.udp.close();
    this.fragments.close();
    for (const tap of this.anyTaps) tap.linkGone();
    this.devices.close(home);
  }

  #forHooks(): StackForHooks {
    return {
      addressType: (address, onlyInterface) => {
        const parsed = parseIp(address);
        if (parsed === undefined) return "UNICAST";
        if (!isV4(parsed)) return this.routing6.addressType(parsed);
        return this.routing.addressType(parsed, onlyInterface === undefined ? undefined : this.devices.byName(onlyInterface));
      },
      sourceAddressOf: (link, destination) => {
        const device = this.devices.byName(link);
        const target = parseIp(destination);
        if (!device || target === undefined) return undefined;
        return isV4(target) ? this.ipv4.select(device, target, "global") : this.ipv6.select(device, target);
      },
      isPortTaken: (protocol, address, port) => {
        const parsed = parseIp(address);
        if (parsed === undefined) return false;
        return protocol === "tcp" ? this.tcp.isTaken(parsed, port) : this.udp.isTaken(parsed, port);
      },
      mtuOf: (link) => this.devices.byName(link)?.mtu,
    };
  }
}

function toStackSkb(skb: Skb): StackSkb {
  return "prerouted" in skb ? (skb as StackSkb) : { ...newStackSkb(), ...skb };
}
