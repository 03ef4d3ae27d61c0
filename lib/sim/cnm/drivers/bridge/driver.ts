/**
 * The driver `bridge`: a Linux bridge per network, a veth pair per endpoint, published ports by NAT and proxy.
 *
 * A learner sees the bridge with `ip link` (docker0, br-…), the pairs with `bridge link`, the ports with `docker port`.
 * Modelled on moby's daemon/libnetwork/drivers/bridge/bridge_linux.go.
 */

import { DONE, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { ANY_V4, type Ip, type Ipv4, LOOPBACK_V6 } from "@/lib/sim/net/address";
import type { ConntrackView, IfIndex, Kernel, LinkChange, Netns, SocketOwner } from "@/lib/sim/kernel";
import type { CnmError, PortBinding, PortSpec } from "../../contract";
import { forbidden, goErrno, internal, notFound } from "../../error";
import type { PortAllocator } from "../../port-allocator";
import type { DriverEndpoint, DriverNetwork, ExternalConnectivity, JoinInfo, NetworkDriver } from "../contract";
import { freeVethName } from "../veth-name";
import { type BridgeConfig, bridgeConfig, conflictOf, parseBridgeOptions } from "./config";
import { Firewall } from "./firewall";
import { PortMapper, type PortMappings } from "./port-mapper";
import { planPorts } from "./port-request";
import { type BridgeInterface, type BridgeSettings, DEFAULT_BRIDGE, setUpBridge } from "./setup";

export type BridgeDriverEnvironment = {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly allocator: PortAllocator;
  readonly settings: BridgeSettings;
  readonly proxyPath: string;
  readonly owner: SocketOwner | undefined;
};

type BridgeEndpoint = {
  readonly endpoint: DriverEndpoint;
  readonly hostInterface: string;
  readonly containerInterface: string;
  ports: PortMappings | undefined;
  exposed: readonly PortSpec[];
  /** Whom it may talk to although the network forbids that: endpoint ids. */
  links: readonly string[];
};

type BridgeNetwork = { readonly config: BridgeConfig; readonly bridge: BridgeInterface; readonly endpoints: Map<string, BridgeEndpoint> };

export class BridgeDriver implements NetworkDriver {
  readonly name = "bridge";
  readonly dataScope = "local";
  readonly hasOwnMacs = true;
  readonly firewall: Firewall;
  readonly #env: BridgeDriverEnvironment;
  readonly #host: Netns;
  readonly #ports: PortMapper;
  readonly #networks = new Map<string, BridgeNetwork>();
  /** Bridges that the engine before the restart had made, whose networks are not set up again yet. */
  readonly #madeBefore = new Set<string>();

  constructor(env: BridgeDriverEnvironment) {
    this.#env = env;
    this.#host = env.kernel.root.net;
    this.firewall = new Firewall({
      iptables: env.settings.iptables ? this.#host.iptables : undefined,
      ip6tables: this.#host.ip6tables,
      hairpin: !env.settings.userlandProxy,
    });
    this.#ports = new PortMapper({
      kernel: env.kernel,
      allocator: env.allocator,
      owner: env.owner,
      proxyPath: env.settings.userlandProxy ? env.proxyPath : undefined,
    });
  }

  skipGateway(network: Omit<DriverNetwork, "ipv4" | "ipv6">): Result<{ readonly ipv4: boolean; readonly ipv6: boolean }, CnmError> {
    const options = parseBridgeOptions(network, this.#host.links);
    if (!options.ok) return options;
    const { gatewayMode, inhibitIpv4 } = options.value;
    return ok({ ipv4: gatewayMode[4] === "isolated" || (inhibitIpv4 && network.internal), ipv6: gatewayMode[6] === "isolated" });
  }

  createNetwork(network: DriverNetwork): Result<void, CnmError> {
    if (this.#networks.has(network.id)) return forbidden(`network ${network.id} exists`);
    const options = parseBridgeOptions(network, this.#host.links);
    if (!options.ok) return options;
    const config = bridgeConfig(network, options.value);
    if (!config.ok) return config;
    for (const { config: other } of this.#networks.values()) {
      const why = conflictOf(other, config.value);
      if (why === undefined) continue;
      return forbidden(
        `cannot create network ${network.id} (${config.value.bridge}): conflicts with network ${other.networkId} (${other.bridge}): ${why}`,
      );
    }
    return this.#setUp(config.value.bridge === "" ? { ...config.value, bridge: DEFAULT_BRIDGE } : config.value);
  }

  /** Deletes the bridge too, unless it is the default one or was there before. */
  deleteNetwork(networkId: string): Result<void, CnmError> {
    const network = this.#networks.get(networkId);
    if (!network) return DONE;
    for (const endpointId of network.endpoints.keys()) this.deleteEndpoint(networkId, endpointId);
    this.#networks.delete(networkId);
    const { config, bridge } = network;
    if (bridge.madeByUs && !config.isDefault) this.#host.links.deleteLink(bridge.link);
    bridge.firewall.remove();
    return DONE;
  }

  createEndpoint(endpoint: DriverEndpoint): Result<void, CnmError> {
    const network = this.#networks.get(endpoint.networkId);
    if (!network) return notFound(`network ${endpoint.networkId} does not exist`);
    const hostInterface = freeVethName(this.#host, this.#env.random);
    const containerInterface = freeVethName(this.#host, this.#env.random);
    const { links } = this.#host;
    const added = links.addLink({ kind: "veth", name: hostInterface, peer: { name: containerInterface, netns: endpoint.netns.id } });
    if (!added.ok)
      return internal(
        `failed to add the host (${hostInterface}) <=> sandbox (${containerInterface}) pair interfaces: ${goErrno(added.error.errno)}`,
      );
    const wired = this.#wire(network, added.value, endpoint, hostInterface, containerInterface);
    if (!wired.ok) {
      links.deleteLink(added.value);
      return wired;
    }
    const guarded = network.bridge.firewall.addEndpoint(addressesOf(endpoint));
    if (!guarded.ok) {
      links.deleteLink(added.value);
      return internal(guarded.error);
    }
    network.endpoints.set(endpoint.id, { endpoint, hostInterface, containerInterface, ports: undefined, exposed: [], links: [] });
    return DONE;
  }

  deleteEndpoint(networkId: string, endpointId: string): void {
    const network = this.#networks.get(networkId);
    const found = network?.endpoints.get(endpointId);
    if (!network || !found) return;
    this.revokeExternalConnectivity(networkId, endpointId);
    network.bridge.firewall.removeEndpoint(addressesOf(found.endpoint));
    network.endpoints.delete(endpointId);
    // With one end goes the other, in whichever namespace it is.
    const { links } = this.#host;
    const link = links.linkByName(found.containerInterface) ?? links.linkByName(found.hostInterface);
    if (link) links.deleteLink(link.index);
  }

  join(networkId: string, endpointId: string): Result<JoinInfo, CnmError> {
    const network = this.#networks.get(networkId);
    const found = network?.endpoints.get(endpointId);
    if (!network || !found) return notFound(`endpoint not found: ${endpointId}`);
    const { config, bridge } = network;
    return ok({
      interface: { source: found.containerInterface, prefix: config.interfacePrefix === "" ? "eth" : config.interfacePrefix, leadsOut: [] },
      gateway: config.internal ? undefined : bridge.gateway,
      gatewayV6: config.internal ? undefined : bridge.gatewayV6,
    });
  }

  leave(networkId: string, endpointId: string): void {
    const network = this.#networks.get(networkId);
    const found = network?.endpoints.get(endpointId);
    if (network && found && !network.config.icc) this.#unlink(network, found);
  }

  programExternalConnectivity(networkId: string, endpointId: string, ports: ExternalConnectivity): Result<void, CnmError> {
    const network = this.#networks.get(networkId);
    const found = network?.endpoints.get(endpointId);
    if (!network || !found) return notFound(`endpoint not found: ${endpointId}`);
    const { config, bridge } = network;
    const groups = planPorts(ports.bindings, {
      ipv4: found.endpoint.ipv4?.address,
      ipv6: found.endpoint.ipv6?.address,
      defaultBinding: config.binding ?? ANY_V4,
      hasProxy: this.#env.settings.userlandProxy,
      noProxy6To4: ports.noProxy6To4,
      isRouted: { 4: config.gatewayMode[4] === "routed", 6: config.gatewayMode[6] === "routed" },
      hostHasIpv6: this.#host.links.addresses().some(({ prefix }) => prefix.address === LOOPBACK_V6),
    });
    const mapped = this.#ports.map(groups, bridge.firewall);
    if (!mapped.ok) return mapped;
    found.ports = mapped.value;
    found.exposed = ports.exposedPorts;
    this.#forgetConnections(found);
    if (config.icc) return DONE;
    const linked = this.#link(
      network,
      found,
      ports.links.map(({ endpointId: id }) => id),
    );
    if (!linked.ok) this.revokeExternalConnectivity(networkId, endpointId);
    return linked;
  }

  revokeExternalConnectivity(networkId: string, endpointId: string): void {
    const found = this.#networks.get(networkId)?.endpoints.get(endpointId);
    if (!found) return;
    found.ports?.release();
    found.ports = undefined;
    this.#forgetConnections(found);
  }

  portBindings(networkId: string, endpointId: string): readonly PortBinding[] {
    return this.#networks.get(networkId)?.endpoints.get(endpointId)?.ports?.bindings ?? [];
  }

  hostInterface(networkId: string, endpointId: string): string | undefined {
    return this.#networks.get(networkId)?.endpoints.get(endpointId)?.hostInterface;
  }

  bridgeName(networkId: string): string | undefined {
    return this.#networks.get(networkId)?.config.bridge;
  }

  /** Bridges that the engine made, of networks that are there: kept in its store, since after a restart they are found existing. */
  get madeBridges(): readonly string[] {
    return [...this.#networks.values()].filter(({ bridge }) => bridge.madeByUs).map(({ config }) => config.bridge);
  }

  rememberBridges(names: readonly string[]): void {
    for (const name of names) this.#madeBefore.add(name);
  }

  #setUp(config: BridgeConfig): Result<void, CnmError> {
    const set = setUpBridge(config, this.#env.settings, this.#host, this.firewall, this.#env.random);
    if (!set.ok) return set;
    const bridge = { ...set.value, madeByUs: set.value.madeByUs || this.#madeBefore.delete(config.bridge) };
    this.#networks.set(config.networkId, { config, bridge, endpoints: new Map() });
    return DONE;
  }

  /** Both ends get the network's MTU; the host's end becomes a port of the bridge and goes up. */
  #wire(
    network: BridgeNetwork,
    link: IfIndex,
    endpoint: DriverEndpoint,
    hostInterface: string,
    containerInterface: string,
  ): Result<void, CnmError> {
    const { config } = network;
    const { links } = this.#host;
    const inside = endpoint.netns.links.linkByName(containerInterface);
    if (!inside) return internal(`failed to find sandbox side interface ${containerInterface}: Link not found`);
    // Docker asks for no queue at all.
    links.change(link, { set: "queue-length", length: 0 });
    endpoint.netns.links.change(inside.index, { set: "queue-length", length: 0 });
    if (config.mtu !== 0) {
      const outer = links.change(link, { set: "mtu", mtu: config.mtu });
      if (!outer.ok) return internal(`failed to set MTU on host interface ${hostInterface}: ${goErrno(outer.error.errno)}`);
      const inner = endpoint.netns.links.change(inside.index, { set: "mtu", mtu: config.mtu });
      if (!inner.ok) return internal(`failed to set MTU on sandbox interface ${containerInterface}: ${goErrno(inner.error.errno)}`);
    }
    // By name: who has deleted the bridge and made another one of that name gets the container there.
    const bridge = links.linkByName(config.bridge);
    const complaint = `adding interface ${hostInterface} to bridge ${config.bridge} failed`;
    if (!bridge) return internal(`${complaint}: Device does not exist`);
    const changes: readonly { readonly change: LinkChange; readonly complaint: string }[] = [
      { change: { set: "master", master: bridge.index }, complaint },
      ...(this.#env.settings.userlandProxy
        ? []
        : [{ change: { set: "port", hairpin: true } as const, complaint: `unable to set hairpin mode on ${hostInterface} via netlink` }]),
      { change: { set: "up", up: true }, complaint: `could not set link up for host interface ${hostInterface}` },
    ];
    for (const { change, complaint: failed } of changes) {
      const changed = links.change(link, change);
      if (!changed.ok) return internal(`${failed}: ${goErrno(changed.error.errno)}`);
    }
    return DONE;
  }

  #link(network: BridgeNetwork, parent: BridgeEndpoint, children: readonly string[]): Result<void, CnmError> {
    parent.links = children;
    for (const [from, to, ports] of linksOf(network, parent)) {
      const added = network.bridge.firewall.addLink(from, to, ports);
      if (added.ok) continue;
      this.#unlink(network, parent);
      return internal(added.error);
    }
    return DONE;
  }

  /** A child that has left in the meantime keeps its rules: Docker no longer finds its ports. */
  #unlink(network: BridgeNetwork, parent: BridgeEndpoint): void {
    for (const [from, to, ports] of linksOf(network, parent)) network.bridge.firewall.removeLink(from, to, ports);
    parent.links = [];
  }

  /** Connections that began before the rules were there would go on past them. */
  #forgetConnections({ endpoint, ports }: BridgeEndpoint): void {
    const addresses: readonly Ip[] = addressesOf(endpoint);
    const udpPorts = new Set(ports?.bindings.filter(({ protocol }) => protocol === "udp").map(({ hostPort }) => hostPort));
    this.#host.conntrack.remove(({ protocol, original, reply }: ConntrackView) => {
      if ([original, reply].some(({ source, destination }) => addresses.includes(source) || addresses.includes(destination))) return true;
      return protocol === "udp" && original.destinationPort !== undefined && udpPorts.has(original.destinationPort);
    });
  }
}

function addressesOf({ ipv4, ipv6 }: DriverEndpoint): Ip[] {
  return [ipv4?.address, ipv6?.address].filter((address) => address !== undefined);
}

function linksOf(network: BridgeNetwork, parent: BridgeEndpoint): (readonly [from: Ipv4, to: Ipv4, ports: readonly PortSpec[]])[] {
  return parent.links.flatMap((id) => {
    const child = network.endpoints.get(id);
    const [from, to] = [parent.endpoint.ipv4?.address, child?.endpoint.ipv4?.address];
    return child && from && to ? [[from, to, child.exposed] as const] : [];
  });
}
