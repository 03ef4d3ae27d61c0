/**
 * The controller: networks and sandboxes of one host, and the drivers behind them.
 *
 * A learner sees what it does in `docker network …` and in every container that starts. It sets up the kernel as it would
 * through netlink and iptables, so that all of it can be looked at from outside. Modelled on moby's
 * daemon/libnetwork/controller.go and the start of the networks in daemon/daemon_unix.go.
 */

import { invariant } from "@/lib/base/invariant";
import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import type { Ip } from "@/lib/sim/net/address";
import type { Kernel, Netns, SocketOwner } from "@/lib/sim/kernel";
import type { CnmConfig, CnmError, NetworkController, NetworkView, NewNetwork, NewSandbox, Sandbox } from "./contract";
import { defaultBridgeIpam, defaultBridgeName, defaultBridgeOptions, isDefaultBridgeOff } from "./default-bridge";
import { BridgeDriver } from "./drivers/bridge/driver";
import { DEFAULT_BRIDGE } from "./drivers/bridge/setup";
import type { NetworkDriver } from "./drivers/contract";
import { OverlayDriver } from "./drivers/overlay";
import { ParentLinkDriver } from "./drivers/parent-link";
import { SingleNetworkDriver } from "./drivers/single";
import { conflict, forbidden, internal, invalid, notFound } from "./error";
import type { HostsRecord } from "./etc-hosts";
import { parseGoIp } from "./go-value";
import { GuestSandbox } from "./guest-sandbox";
import type { IpamDriver } from "./ipam/contract";
import { DefaultIpam } from "./ipam/default-driver";
import { NullIpam } from "./ipam/null-driver";
import { reservedByHost } from "./ipam/reserved";
import { Network, type NetworkSettings } from "./network";
import { checkConfiguration, settingsOf } from "./new-network";
import { PortAllocator } from "./port-allocator";
import { DEFAULT_NETWORK, isPredefined } from "./predefined";
import { OwnSandbox, type SandboxEnvironment } from "./sandbox";

export type LibnetworkEnvironment = {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly config: CnmConfig;
  /** The program of the userland proxy. */
  readonly proxyPath?: string;
  /** The daemon's process: it holds the resolvers' sockets. */
  readonly owner?: SocketOwner;
};

/** The networks of an engine that has stopped, for the next one to begin with, and the parents and bridges that it made for them. */
export type SavedNetworks = {
  readonly networks: readonly NetworkSettings[];
  readonly madeParents: readonly string[];
  readonly madeBridges: readonly string[];
};

const NOTHING_SAVED: SavedNetworks = { networks: [], madeParents: [], madeBridges: [] };

const PROXY_PATH = "/usr/sbin/docker-proxy";
const NETNS_PATH = "/var/run/docker/netns";

export class Libnetwork implements NetworkController {
  readonly #env: LibnetworkEnvironment;
  readonly #networks = new Map<string, Network>();
  readonly #sandboxes = new Map<string, OwnSandbox>();
  /** How many sandboxes live in a namespace. */
  readonly #users = new Map<Netns, number>();
  readonly #drivers: ReadonlyMap<string, NetworkDriver>;
  readonly #ipams: ReadonlyMap<string, IpamDriver>;
  readonly #bridge: BridgeDriver;
  readonly #parentDrivers: readonly ParentLinkDriver[];
  readonly #ids: Random;

  constructor(env: LibnetworkEnvironment) {
    this.#env = env;
    const { kernel, random, config } = env;
    this.#ids = random.fork("ids");
    this.#bridge = new BridgeDriver({
      kernel,
      random: random.fork("bridge"),
      allocator: new PortAllocator(ephemeralPorts(kernel.root.net)),
      settings: { ipForward: config.ipForward ?? true, iptables: config.iptables ?? true, userlandProxy: config.userlandProxy ?? true },
      proxyPath: env.proxyPath ?? PROXY_PATH,
      owner: env.owner,
    });
    this.#parentDrivers = (["ipvlan", "macvlan"] as const).map((name) => new ParentLinkDriver(name, kernel.root.net, random.fork(name)));
    const drivers: readonly NetworkDriver[] = [
      this.#bridge,
      new SingleNetworkDriver("host"),
      ...this.#parentDrivers,
      new SingleNetworkDriver("null"),
      new OverlayDriver(),
    ];
    this.#drivers = new Map(drivers.map((driver) => [driver.name, driver]));
    const ipams: readonly IpamDriver[] = [new DefaultIpam(config.defaultAddressPools, random.fork("ula")), new NullIpam()];
    this.#ipams = new Map(ipams.map((ipam) => [ipam.name, ipam]));
  }

  /** The chains that are always there, the networks of before, and the predefined ones. Without a default bridge, dockerd does not start. */
  start({ networks, madeParents, madeBridges } = NOTHING_SAVED): Result<void, string> {
    this.#bridge.firewall.start();
    for (const driver of this.#parentDrivers) driver.rememberParents(madeParents);
    this.#bridge.rememberBridges(madeBridges);
    for (const settings of [...networks].sort((a, b) => (a.id < b.id ? -1 : 1))) this.#restore(settings);
    this.#bridge.firewall.startUserChain();
    this.#startPredefined("none", "null");
    this.#startPredefined("host", "host");
    return this.#startDefaultBridge(networks.some(({ name }) => name === DEFAULT_NETWORK));
  }

  /** What the next engine on this host is to begin with. */
  saved(): SavedNetworks {
    return {
      networks: [...this.#networks.values()].map((network) => network.pinned()),
      madeParents: this.#parentDrivers.flatMap((driver) => driver.madeParents),
      madeBridges: this.#bridge.madeBridges,
    };
  }

  create(request: NewNetwork): Result<NetworkView, CnmError> {
    const { id, name, configOnly } = request;
    if (this.#networks.has(id)) return conflict(`network with name ${id} already exists`);
    if (name.trim() === "") return invalid("invalid name: name is empty");
    if (this.#byName(name)) return conflict(`network with name ${name} already exists`);

    const checked = checkConfiguration(request);
    if (!checked.ok) return checked;
    if (configOnly)
      return this.#add(
        new Network({ ...settingsOf(request, this.#now), scope: "local", driver: "null" }, undefined, this.#ipam("default")),
      );
    const settings = this.#completed(settingsOf(request, this.#now));
    return settings.ok ? this.#make(settings.value) : settings;
  }

  remove(id: string): Result<void, CnmError> {
    const network = this.#networks.get(id);
    if (!network) return notFound(`network ${id} not found`);
    const { name } = network;
    if (isPredefined(name)) return forbidden(`${name} is a pre-defined network and cannot be removed`);
    if (network.settings.configOnly && [...this.#networks.values()].some(({ settings }) => settings.configFrom === name)) {
      return forbidden(`configuration network "${name}" is in use`);
    }
    const endpoints = network.endpointViews();
    if (endpoints.length > 0) {
      const list = endpoints.map((endpoint) => `name:"${endpoint.containerName}" id:"${endpoint.id.slice(0, 12)}"`).join(", ");
      return forbidden(`network ${name} has active endpoints (${list})`);
    }
    return this.#discard(network);
  }

  network(id: string): NetworkView | undefined {
    return this.#networks.get(id)?.view();
  }

  networks(): readonly NetworkView[] {
    return [...this.#networks.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map((network) => network.view());
  }

  get drivers(): readonly string[] {
    return [...this.#drivers.keys()].sort();
  }

  newSandbox(spec: NewSandbox): Result<Sandbox, CnmError> {
    if (spec.containerId === "") return invalid("invalid container ID");
    const { mode, containerId } = spec;
    if (mode.kind === "container") {
      const { netns } = mode.sandbox;
      this.#use(netns);
      return ok(new GuestSandbox(containerId, netns, () => this.#unuse(netns)));
    }
    const present = [...this.#sandboxes.values()].find((sandbox) => sandbox.containerId === containerId);
    if (present) return forbidden(`container ${containerId} is already present in sandbox ${present.id}`);
    const extraHosts = this.#extraHosts(spec.extraHosts);
    if (!extraHosts.ok) return extraHosts;

    const id = this.#ids.hex(64);
    const key = `${NETNS_PATH}/${mode.kind === "host" ? "default" : id.slice(0, 12)}`;
    const netns = mode.kind === "host" ? this.#hostNamespace(key) : this.#newNamespace(key);
    const sandbox = new OwnSandbox(this.#sandboxEnvironment(), {
      id,
      key,
      netns,
      spec,
      extraHosts: extraHosts.value,
      dns: this.#dnsOf(spec),
    });
    this.#sandboxes.set(id, sandbox);
    return ok(sandbox);
  }

  // --- networks -----------------------------------------------------------------------------------------------------

  /** Fills in what the driver and a configuration-only network decide. */
  #completed(settings: NetworkSettings): Result<NetworkSettings, CnmError> {
    const driver = this.#drivers.get(settings.driver);
    if (!driver) return notFound(`plugin ${JSON.stringify(settings.driver)} not found`);
    if (settings.scope === "local" && driver.dataScope === "global")
      return forbidden(`cannot downgrade network scope for ${driver.name} networks`);
    if (settings.ingress && driver.dataScope !== "global") return forbidden("Ingress network can only be global scope network");

    let complete = settings;
    if (settings.configFrom !== "") {
      const config = [...this.#networks.values()].find(
        (network) => network.settings.configOnly && network.name === settings.configFrom,
      )?.settings;
      if (!config) return notFound(`configuration network "${settings.configFrom}" does not exist`);
      const { enableIpv4, enableIpv6, ipam, options, labels } = config;
      complete = { ...settings, enableIpv4, enableIpv6, ipam, options, labels };
    }
    if (settings.scope === "swarm") return forbidden("cannot create a swarm scoped network when swarm is not active");
    return ok({ ...complete, scope: settings.scope === "" ? driver.dataScope : settings.scope });
  }

  #make(settings: NetworkSettings): Result<NetworkView, CnmError> {
    const driver = this.#drivers.get(settings.driver);
    if (!driver) return notFound(`plugin ${JSON.stringify(settings.driver)} not found`);
    const skipGateway = driver.skipGateway(settings);
    if (!skipGateway.ok) return skipGateway;
    const ipam = this.#ipams.get(settings.ipam.driver);
    if (!ipam) return notFound(`plugin ${JSON.stringify(settings.ipam.driver)} not found`);
    const network = new Network(settings, driver, ipam);
    const allocated = network.allocate(skipGateway.value, (family) => reservedByHost(this.#env.kernel, family));
    if (!allocated.ok) return allocated;
    const created = driver.createNetwork(network.forDriver());
    if (!created.ok) {
      network.release();
      return created;
    }
    return this.#add(network);
  }

  #add(network: Network): Result<NetworkView, CnmError> {
    this.#networks.set(network.id, network);
    return ok(network.view());
  }

  #discard(network: Network): Result<void, CnmError> {
    network.release();
    const deleted = network.driver?.deleteNetwork(network.id) ?? DONE;
    // Only a driver that forbids it keeps its network; other complaints are for the daemon's log.
    if (!deleted.ok && deleted.error.kind === "forbidden") return deleted;
    this.#networks.delete(network.id);
    return DONE;
  }

  #restore(settings: NetworkSettings): void {
    if (settings.configOnly) this.#add(new Network(settings, undefined, this.#ipam("default")));
    else this.#make(settings);
  }

  #startPredefined(name: string, driver: string): void {
    if (this.#byName(name)) return;
    const made = this.#make(this.#predefined(name, driver, {}, []));
    invariant(made.ok, `the predefined network ${name} can always be made`);
  }

  #startDefaultBridge(existed: boolean): Result<void, string> {
    const { config, kernel } = this.#env;
    const stale = this.#byName(DEFAULT_NETWORK);
    if (stale) this.#discard(stale);
    const configuresPools = (config.defaultAddressPools?.length ?? 0) > 0;
    const link = kernel.root.net.links.linkByName(DEFAULT_BRIDGE);
    if (link && ((existed && configuresPools) || isDefaultBridgeOff(config))) kernel.root.net.links.deleteLink(link.index);
    if (isDefaultBridgeOff(config)) return DONE;
    const ipam = defaultBridgeIpam(config, kernel.root.net);
    const made = ipam.ok ? this.#make(this.#predefined(DEFAULT_NETWORK, "bridge", defaultBridgeOptions(config), ipam.value)) : ipam;
    if (made.ok) return DONE;
    const why = made.error.kind === "not-simulated" ? made.error.what : made.error.message;
    return fail(`error creating default "bridge" network on ${defaultBridgeName(config)}: ${why}`);
  }

  #predefined(
    name: string,
    driver: string,
    options: Readonly<Record<string, string>>,
    config: NetworkSettings["ipam"]["config"],
  ): NetworkSettings {
    return {
      id: this.#ids.hex(64),
      name,
      created: this.#now,
      driver,
      scope: "local",
      enableIpv4: true,
      enableIpv6: false,
      internal: false,
      attachable: false,
      ingress: false,
      configOnly: false,
      configFrom: "",
      ipam: { driver: "default", options: undefined, config },
      options,
      labels: {},
    };
  }

  #ipam(name: string): IpamDriver {
    const ipam = this.#ipams.get(name);
    invariant(ipam !== undefined, `the IPAM driver ${name} is built in`);
    return ipam;
  }

  #byName(name: string): Network | undefined {
    return [...this.#networks.values()].find((network) => network.name === name);
  }

  get #now(): NetworkSettings["created"] {
    return this.#env.kernel.scheduler.now;
  }

  // --- sandboxes ----------------------------------------------------------------------------------------------------

  #sandboxEnvironment(): SandboxEnvironment {
    return {
      kernel: this.#env.kernel,
      random: this.#env.random.fork(`sandbox ${this.#ids.hex(16)}`),
      owner: this.#env.owner,
      network: (reference) => this.#networks.get(reference) ?? this.#byName(reference),
      sandboxes: () => this.#sandboxes.values(),
      forget: (sandbox) => {
        this.#sandboxes.delete(sandbox.id);
        if (sandbox.isHost) return;
        this.#env.kernel.unbindNetns(sandbox.key);
        this.#unuse(sandbox.netns);
      },
    };
  }

  #newNamespace(key: string): Netns {
    const { kernel } = this.#env;
    const netns = kernel.createNetns();
    kernel.bindNetns(key, netns);
    const lo = netns.links.linkByName("lo");
    if (lo) netns.links.change(lo.index, { set: "up", up: true });
    this.#use(netns);
    return netns;
  }

  /** The machine's own namespace is given a name once, and keeps it. */
  #hostNamespace(key: string): Netns {
    const { kernel } = this.#env;
    if (!kernel.root.mnt.root.exists(key)) kernel.bindNetns(key, kernel.root.net);
    return kernel.root.net;
  }

  #use(netns: Netns): void {
    this.#users.set(netns, (this.#users.get(netns) ?? 0) + 1);
  }

  /** A namespace goes with the last container in it. */
  #unuse(netns: Netns): void {
    const users = (this.#users.get(netns) ?? 1) - 1;
    if (users > 0) {
      this.#users.set(netns, users);
      return;
    }
    this.#users.delete(netns);
    if (netns !== this.#env.kernel.root.net) this.#env.kernel.destroyNetns(netns);
  }

  /** `--add-host NAME:ADDRESS`; `host-gateway` is the default bridge's address, or what daemon.json says. */
  #extraHosts(lines: readonly string[]): Result<readonly HostsRecord[], CnmError> {
    const records: HostsRecord[] = [];
    for (const line of lines) {
      const colon = line.indexOf(":");
      const [names, text] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
      const addresses = text === "host-gateway" ? this.#hostGateway() : [parseGoIp(text)];
      if (addresses.length === 0) return internal("unable to derive the IP value for host-gateway");
      for (const address of addresses) {
        if (!address) return invalid(`could not parse extra host IP ${text}: ParseAddr("${text}"): unable to parse IP`);
        records.push({ names, address });
      }
    }
    return ok(records);
  }

  #hostGateway(): readonly (Ip | undefined)[] {
    const configured = this.#env.config.hostGatewayIps;
    return configured && configured.length > 0 ? configured.map(parseGoIp) : (this.#byName(DEFAULT_NETWORK)?.gateways() ?? []);
  }

  #dnsOf({ dns }: NewSandbox): NewSandbox["dns"] {
    const { config } = this.#env;
    const either = (own: readonly string[], daemon: readonly string[] | undefined): readonly string[] =>
      own.length > 0 ? own : (daemon ?? []);
    return {
      servers: either(dns.servers, config.dns),
      search: either(dns.search, config.dnsSearch),
      options: either(dns.options, config.dnsOptions),
    };
  }
}

function ephemeralPorts(host: Netns): { readonly from: number; readonly to: number } {
  const range = host.sysctl("net.ipv4.ip_local_port_range");
  const match = range.ok ? /^(\d+)\s+(\d+)/.exec(range.value) : null;
  return match ? { from: Number(match[1]), to: Number(match[2]) } : { from: 49_153, to: 65_535 };
}
