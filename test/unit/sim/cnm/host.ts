/** A machine with a network card and libnetwork, and what it shows of itself. */

import { type Result, unwrap } from "@/lib/base/result";
import {
  type CnmConfig,
  type CnmError,
  type EndpointRequest,
  type EndpointView,
  Libnetwork,
  type NetworkView,
  type NewNetwork,
  type NewSandbox,
  type PortBindingRequest,
  type Sandbox,
  type SavedNetworks,
} from "@/lib/sim/cnm";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt } from "@/lib/sim/core/time";
import { executable, type FileSystem, Kernel, type Netfilter, type Netns, printRule, type TableName } from "@/lib/sim/kernel";
import { type Family, formatPrefix, parseIp, parsePrefix } from "@/lib/sim/net/address";
import { programs } from "@/lib/sim/programs/docker-proxy";

export type TestHost = {
  readonly kernel: Kernel;
  readonly scheduler: Scheduler;
  readonly cnm: Libnetwork;
  /** A network; `id` is 64 times the first letter of its name unless given. */
  network(name: string, request?: Partial<NewNetwork>): Result<NetworkView, CnmError>;
  container(name: string, request?: Partial<NewSandbox>): TestContainer;
  /** Another engine on the same machine, as after a restart. */
  restart(config?: CnmConfig): TestHost;
  pass(seconds: number): void;
};

export type TestContainer = {
  readonly sandbox: Sandbox;
  readonly files: FileSystem;
  connect(network: string, request?: Partial<EndpointRequest>): Result<EndpointView, CnmError>;
};

export const ETH0_MAC = "02:42:c0:a8:38:0b";

export function boot(config: CnmConfig = {}, seed = "test"): TestHost {
  const scheduler = new Scheduler();
  scheduler.limit(2_000_000);
  const random = new Random(seed);
  const kernel = new Kernel({ host: "node1", scheduler, random: random.fork("kernel"), trace: () => {}, programs });
  kernel.root.mnt.root.add([
    { path: "/usr/sbin/docker-proxy", kind: "file", text: executable("docker/docker-proxy"), mode: 0o755 },
    { path: "/etc/resolv.conf", kind: "file", text: "nameserver 192.168.56.1\n" },
    { path: "/etc/hosts", kind: "file", text: "127.0.0.1\tlocalhost\n" },
  ]);
  kernel.plugIn({ name: "eth0", mac: ETH0_MAC }, () => {});
  const { links } = kernel.root.net;
  for (const name of ["lo", "eth0"]) unwrap(links.change(linkIndex(kernel.root.net, name), { set: "up", up: true }));
  unwrap(links.addAddress(linkIndex(kernel.root.net, "eth0"), { prefix: prefix("192.168.56.11/24") }));
  unwrap(links.addRoute({ destination: prefix("0.0.0.0/0"), gateway: ip("192.168.56.1") }));
  return withEngine(kernel, scheduler, random.fork("engine"), config);
}

function withEngine(kernel: Kernel, scheduler: Scheduler, random: Random, config: CnmConfig, saved?: SavedNetworks): TestHost {
  const cnm = new Libnetwork({ kernel, random, config, owner: { pid: 500, name: "dockerd" } });
  unwrap(cnm.start(saved));
  return {
    kernel,
    scheduler,
    cnm,
    network: (name, request = {}) => cnm.create({ ...NEW_NETWORK, id: idOf(name), name, ...request }),
    container: (name, request = {}) => newContainer(kernel, cnm, name, request),
    restart: (changed = config) => withEngine(kernel, scheduler, random.fork("restart"), changed, cnm.saved()),
    pass: (seconds) => scheduler.runUntil(instantAt(scheduler.now + seconds * 1_000_000)),
  };
}

function newContainer(kernel: Kernel, cnm: Libnetwork, name: string, request: Partial<NewSandbox>): TestContainer {
  const files = kernel.createFileSystem();
  const containerId = idOf(name);
  const dnsNames = [name, containerId.slice(0, 12)];
  const sandbox = unwrap(
    cnm.newSandbox({
      containerId,
      containerName: name,
      hostname: containerId.slice(0, 12),
      domainname: "",
      mode: { kind: "own" },
      dns: { servers: [], search: [], options: [] },
      extraHosts: [],
      files,
      ...request,
    }),
  );
  return {
    sandbox,
    files,
    connect: (network, wanted = {}) =>
      sandbox.connect(networkNamed(cnm, network).id, {
        aliases: [],
        dnsNames,
        links: [],
        driverOptions: {},
        gwPriority: 0,
        exposedPorts: [],
        portBindings: [],
        publishAll: false,
        ...wanted,
      }),
  };
}

const NEW_NETWORK = {
  driver: "bridge",
  internal: false,
  attachable: false,
  ingress: false,
  configOnly: false,
  ipam: { driver: "default", options: {}, config: [] },
  options: {},
  labels: {},
} as const;

/** 64 hexadecimal digits that tell which name they were made of. */
export function idOf(name: string): string {
  return name
    .split("")
    .map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0"))
    .join("")
    .padEnd(64, "0")
    .slice(0, 64);
}

export function networkNamed(cnm: Libnetwork, name: string): NetworkView {
  const network = cnm.networks().find((one) => one.name === name);
  if (!network) throw new Error(`there is no network ${name}`);
  return network;
}

/** `--subnet` and the rest of it. */
export function subnet(...config: NewNetwork["ipam"]["config"]): Partial<NewNetwork> {
  return { ipam: { driver: "default", options: {}, config } };
}

/** `-p HOST:CONTAINER[/PROTOCOL]` with an optional address in front. */
export function published(text: string): Pick<EndpointRequest, "exposedPorts" | "portBindings"> {
  const [ports = "", protocol = "tcp"] = text.split("/");
  const parts = ports.split(":");
  const port = Number(parts.at(-1));
  const [from = "0", to = from] = (parts.at(-2) ?? "").split("-");
  const binding: PortBindingRequest = {
    port,
    protocol: protocol === "udp" ? "udp" : "tcp",
    hostIp: parts.slice(0, -2).join(":"),
    hostPort: Number(from),
    hostPortEnd: Number(to),
  };
  return { exposedPorts: [{ port, protocol: binding.protocol }], portBindings: [binding] };
}

/** As `iptables -t TABLE -S`. */
export function listRules(netfilter: Netfilter, table: TableName, chain?: string): string[] {
  const chains = netfilter.chains(table).filter(({ name }) => chain === undefined || name === chain);
  return [
    ...chains.map(({ name, policy }) => (policy ? `-P ${name} ${policy}` : `-N ${name}`)),
    ...chains.flatMap(({ name, rules }) => rules.map(({ rule }) => `-A ${name} ${printRule(rule)}`)),
  ];
}

export function allRules(netns: Netns): string[] {
  return [netns.iptables, netns.ip6tables].flatMap((netfilter) =>
    (["raw", "filter", "nat"] as const).flatMap((table) => [`# ${netfilter.family} ${table}`, ...listRules(netfilter, table)]),
  );
}

/** As `ip addr` says it, shortened: one line a link. */
export function describeLinks(netns: Netns): string[] {
  return netns.links.links().map((link) => {
    const addresses = netns.links.addresses(link.index).map((one) => formatPrefix(one.prefix));
    return [`${link.index}: ${link.name}`, link.operState, ...addresses].join(" ");
  });
}

export function describeRoutes(netns: Netns, family: Family = 4): string[] {
  return netns.links.routes(family).map((route) => {
    const link = route.link === undefined ? undefined : netns.links.link(route.link)?.name;
    return [
      route.destination.length === 0 ? "default" : formatPrefix(route.destination),
      route.gateway ? `via ${route.gateway}` : "",
      `dev ${link}`,
    ]
      .filter((part) => part !== "")
      .join(" ");
  });
}

export function linkIndex(netns: Netns, name: string): NonNullable<ReturnType<Netns["links"]["linkByName"]>>["index"] {
  const link = netns.links.linkByName(name);
  if (!link) throw new Error(`there is no ${name}`);
  return link.index;
}

export function prefix(text: string): NonNullable<ReturnType<typeof parsePrefix>> {
  const parsed = parsePrefix(text);
  if (!parsed) throw new Error(`${text} is no prefix`);
  return parsed;
}

export function ip(text: string): NonNullable<ReturnType<typeof parseIp>> {
  const parsed = parseIp(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
}

export function read(files: FileSystem, path: string): string {
  return unwrap(files.readFile(path));
}

/** The words of a refusal. */
export function refusal(result: Result<unknown, CnmError>): string {
  if (result.ok) throw new Error("it was not refused");
  return result.error.kind === "not-simulated" ? `not simulated: ${result.error.what}` : `${result.error.kind}: ${result.error.message}`;
}
