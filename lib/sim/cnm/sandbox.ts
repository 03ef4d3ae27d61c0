/**
 * A sandbox: a container's network stack, and the endpoints that join it to networks.
 *
 * A learner sees it as /var/run/docker/netns/…, as SandboxID in `docker inspect`, and in what happens when a running
 * container is connected and disconnected: an interface comes or goes, the default route and the published ports move.
 * Modelled on moby's daemon/libnetwork (sandbox.go, sandbox_linux.go, endpoint.go). It differs in that a join which fails
 * is undone whole; moby leaves the interface, and lines in /etc/hosts, behind.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { type Ip, LOOPBACK_V6 } from "@/lib/sim/net/address";
import type { Kernel, Netns, SocketOwner } from "@/lib/sim/kernel";
import type { CnmError, EndpointRequest, EndpointView, NewSandbox, Sandbox } from "./contract";
import { lookUpAddress, lookUpName } from "./dns/lookup";
import { Resolver, RESOLVER_ADDRESS } from "./dns/resolver";
import type { ExternalConnectivity, JoinInfo } from "./drivers/contract";
import type { Endpoint } from "./endpoint";
import { internal, notFound, within } from "./error";
import type { HostsRecord } from "./etc-hosts";
import { compareEndpoints, type Gateways, hasExternalAccess, selectGateways, splitsFamilies } from "./gateway";
import { SandboxInterfaces } from "./interfaces";
import { advertisementOf } from "./network-options";
import type { Network } from "./network";
import { createEndpoint, deleteEndpoint } from "./new-endpoint";
import { DEFAULT_NETWORK, isPredefined } from "./predefined";
import { SandboxFiles } from "./sandbox-files";

/** What a sandbox asks of the controller. */
export type SandboxEnvironment = {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly owner: SocketOwner | undefined;
  /** By id or name. */
  network(reference: string): Network | undefined;
  /** All sandboxes with a stack of their own. */
  sandboxes(): Iterable<OwnSandbox>;
  /** The sandbox has gone. */
  forget(sandbox: OwnSandbox): void;
};

export type NewOwnSandbox = {
  readonly id: string;
  readonly key: string;
  readonly netns: Netns;
  readonly spec: NewSandbox;
  readonly extraHosts: readonly HostsRecord[];
  readonly dns: NewSandbox["dns"];
};

type Ports = Pick<ExternalConnectivity, "exposedPorts" | "bindings">;

export class OwnSandbox implements Sandbox {
  readonly id: string;
  readonly key: string;
  readonly netns: Netns;
  readonly containerId: string;
  readonly hostname: string;
  readonly files: SandboxFiles;
  readonly isHost: boolean;
  readonly #env: SandboxEnvironment;
  readonly #interfaces: SandboxInterfaces;
  /** Best way out first. */
  #endpoints: Endpoint[] = [];
  #name: string;
  #resolver: Resolver | undefined;
  #ports: Ports = { exposedPorts: [], bindings: [] };

  constructor(env: SandboxEnvironment, { id, key, netns, spec, extraHosts, dns }: NewOwnSandbox) {
    this.#env = env;
    this.id = id;
    this.key = key;
    this.netns = netns;
    this.containerId = spec.containerId;
    this.hostname = spec.hostname;
    this.isHost = spec.mode.kind === "host";
    this.#name = spec.containerName;
    this.#interfaces = new SandboxInterfaces(netns, env.kernel.root.net, env.kernel.scheduler);
    const { hostname, domainname, files } = spec;
    this.files = new SandboxFiles({
      kernel: env.kernel,
      files,
      hostname,
      domainname,
      extraHosts,
      dns,
      isHost: this.isHost,
      hasIpv6: () => this.#hasIpv6,
    });
    this.files.start();
  }

  get containerName(): string {
    return this.#name;
  }

  get endpoints(): readonly EndpointView[] {
    return this.#endpoints.map((endpoint) => endpoint.view());
  }

  endpointOn(network: Network): Endpoint | undefined {
    return this.#endpoints.find((endpoint) => endpoint.network === network);
  }

  connect(reference: string, request: EndpointRequest): Result<EndpointView, CnmError> {
    const network = this.#env.network(reference);
    if (!network) return notFound(`network ${reference} not found`);
    const endpoint = this.#createEndpoint(network, request);
    if (!endpoint.ok) return endpoint;
    const joined = this.#join(endpoint.value);
    if (joined.ok) return ok(endpoint.value.view());
    deleteEndpoint(endpoint.value);
    return joined;
  }

  disconnect(reference: string): Result<void, CnmError> {
    const network = this.#env.network(reference);
    if (!network) return notFound(`network ${reference} not found`);
    const endpoint = this.endpointOn(network);
    if (!endpoint) return internal(`container ${this.containerId} is not connected to network ${network.name}`);
    this.#leave(endpoint);
    deleteEndpoint(endpoint);
    return DONE;
  }

  rename(name: string, dnsNames: (network: string) => readonly string[]): void {
    this.#name = name;
    for (const endpoint of this.#endpoints) {
      endpoint.name = name;
      endpoint.network.records.remove(endpoint.names());
      endpoint.dnsNames = isPredefined(endpoint.network.name) ? [] : dnsNames(endpoint.network.id);
      endpoint.network.records.add(endpoint.names());
    }
  }

  delete(): void {
    for (const endpoint of this.#endpoints) {
      this.#leave(endpoint);
      deleteEndpoint(endpoint);
    }
    this.#resolver?.stop();
    this.#env.forget(this);
  }

  // --- endpoints ----------------------------------------------------------------------------------------------------

  #createEndpoint(network: Network, request: EndpointRequest): Result<Endpoint, CnmError> {
    const { random } = this.#env;
    return createEndpoint({
      network,
      request,
      random,
      name: this.#name,
      containerId: this.containerId,
      netns: this.netns,
      hasIpv6: this.#hasIpv6,
    });
  }

  // --- joining and leaving ------------------------------------------------------------------------------------------

  #join(endpoint: Endpoint): Result<void, CnmError> {
    const { network, request } = endpoint;
    if (request.exposedPorts.length > 0 || request.portBindings.length > 0) this.#ports = portsOf(request);
    if (network.name === DEFAULT_NETWORK) this.#addLegacyLinks(endpoint);
    const joined =
      network.driver?.join(network.id, endpoint.id) ?? ok<JoinInfo>({ interface: undefined, gateway: undefined, gatewayV6: undefined });
    if (!joined.ok) return joined;
    endpoint.joined = joined.value;
    this.files.joined(endpoint.addresses, this.#addresses(), network.settings.enableIpv6);

    const before = this.#gateways();
    this.#endpoints = [...this.#endpoints, endpoint].sort(compareEndpoints);
    const done = this.#populate(endpoint, joined.value);
    const connected = done.ok ? this.#moveConnectivityTo(endpoint, before) : done;
    if (!connected.ok) {
      this.#detach(endpoint);
      return connected;
    }
    return DONE;
  }

  #leave(endpoint: Endpoint): void {
    const { network } = endpoint;
    const before = this.#gateways();
    const [left4, left6] = [before.ipv4 === endpoint, before.ipv6 === endpoint];
    if (left4 || left6) network.driver?.revokeExternalConnectivity(network.id, endpoint.id);
    network.driver?.leave(network.id, endpoint.id);
    this.#detach(endpoint);
    if (left4 || left6) this.#moveConnectivityFrom(before, left4, left6);
  }

  /** The interface goes, the default routes are those of the endpoints that stay. */
  #detach(endpoint: Endpoint): void {
    const before = this.#gateways();
    const source = endpoint.joined?.interface?.source;
    if (source !== undefined) this.#interfaces.remove(source);
    this.#endpoints = this.#endpoints.filter((other) => other !== endpoint);
    const { ipv4, ipv6 } = this.#gateways();
    if ((ipv4 && ipv4 !== before.ipv4) || (ipv6 && ipv6 !== before.ipv6))
      this.#interfaces.setDefaultRoutes(ipv4?.wayOut(4), ipv6?.wayOut(6));
    endpoint.joined = undefined;
    endpoint.interface = "";
    this.files.left(endpoint.addresses);
    this.#resolver?.setForwarding(hasExternalAccess(this.#endpoints));
  }

  #populate(endpoint: Endpoint, { interface: wanted }: JoinInfo): Result<void, CnmError> {
    const { network, mac, ipv4, ipv6, linkLocal, sysctls, wantedInterface } = endpoint;
    if (!isPredefined(network.name)) this.#startResolver();
    if (wanted) {
      const advertise = advertisementOf(network.settings.options);
      const added = this.#interfaces.add({
        ...wanted,
        name: wantedInterface,
        mac,
        ipv4: ipv4?.prefix,
        ipv6: ipv6?.prefix,
        linkLocal,
        sysctls,
        advertise,
      });
      if (!added.ok) return added;
      endpoint.interface = added.value;
    }
    const { ipv4: gateway4, ipv6: gateway6 } = this.#gateways();
    if (endpoint === gateway4 || endpoint === gateway6) {
      const set = this.#interfaces.setDefaultRoutes(gateway4?.wayOut(4), gateway6?.wayOut(6));
      if (!set.ok) return fail(within(set.error, (message) => `updating gateway endpoint: ${message}`));
    }
    this.#resolver?.setForwarding(hasExternalAccess(this.#endpoints));
    return DONE;
  }

  /** If the new endpoint is the way out now, the ports that others had published move to it. */
  #moveConnectivityTo(endpoint: Endpoint, before: Gateways): Result<void, CnmError> {
    const now = this.#gateways();
    if (endpoint !== now.ipv4 && endpoint !== now.ipv6) return DONE;
    const [splitBefore, splitNow] = [splitsFamilies(before), splitsFamilies(now)];
    const restart4 = endpoint !== now.ipv4 && splitBefore !== splitNow;
    const undo: (() => void)[] = [];
    if (before.ipv4 && (endpoint === now.ipv4 || restart4)) {
      const { ipv4 } = before;
      revoke(ipv4);
      if (restart4) this.#program(ipv4, splitNow);
      undo.push(() => {
        if (restart4) revoke(ipv4);
        this.#program(ipv4, splitBefore);
      });
    }
    if (endpoint === now.ipv6 && before.ipv6 && before.ipv6 !== before.ipv4) {
      const { ipv6 } = before;
      revoke(ipv6);
      undo.push(() => void this.#program(ipv6, false));
    }
    if (endpoint.network.settings.internal) return DONE;
    const programmed = this.#program(endpoint, splitNow);
    if (programmed.ok) return DONE;
    for (const restore of undo) restore();
    return fail(
      within(
        programmed.error,
        (message) => `driver failed programming external connectivity on endpoint ${endpoint.name} (${endpoint.id}): ${message}`,
        "internal",
      ),
    );
  }

  /** Another endpoint becomes the way out. What it cannot publish stays unpublished, without a word, as in Docker. */
  #moveConnectivityFrom(before: Gateways, left4: boolean, left6: boolean): void {
    const { ipv4, ipv6 } = this.#gateways();
    if (ipv4) {
      const noProxy6To4 = ipv6 !== undefined && ipv6 !== ipv4;
      if (before.ipv4 === ipv4 && (before.ipv6 === undefined) !== (ipv6 === undefined)) {
        revoke(ipv4);
        this.#program(ipv4, noProxy6To4);
      } else if (left4) this.#program(ipv4, noProxy6To4);
    }
    if (ipv6 && left6 && ipv6 !== ipv4) this.#program(ipv6, false);
  }

  #program({ network, id, request }: Endpoint, noProxy6To4: boolean): Result<void, CnmError> {
    const links = network.name === DEFAULT_NETWORK ? this.#linkedEndpoints(network, request) : [];
    return network.driver?.programExternalConnectivity(network.id, id, { ...this.#ports, noProxy6To4, links }) ?? DONE;
  }

  // --- names --------------------------------------------------------------------------------------------------------

  #startResolver(): void {
    if (this.#resolver || this.isHost) return;
    const { kernel, random, owner } = this.#env;
    const { servers, ndotsIsSet } = this.files.useResolver(RESOLVER_ADDRESS);
    this.#resolver = new Resolver({
      netns: this.netns,
      host: kernel.root.net,
      scheduler: kernel.scheduler,
      random: random.fork(`dns ${this.id}`),
      owner,
      backend: {
        resolveName: (name, family) => lookUpName(this.#endpoints, name, family),
        resolveAddress: (reversedAddress) => lookUpAddress(this.#endpoints, reversedAddress),
      },
    });
    this.#resolver.setForwarding(hasExternalAccess(this.#endpoints));
    this.#resolver.start(servers, ndotsIsSet);
  }

  /**
   * `--link` on the default bridge: lines in /etc/hosts for those this container links to, and this container's new
   * address in the files of those that link to it.
   */
  #addLegacyLinks(endpoint: Endpoint): void {
    for (const { container, alias } of endpoint.request.links) {
      const linked = this.#sandboxOf(endpoint.network, container);
      const names = [alias, linked?.sandbox.hostname, ...(alias === container ? [] : [container])].join(" ");
      for (const address of linked?.endpoint.addresses ?? []) this.files.addLink({ address, names }, this.#addresses());
    }
    for (const other of this.#env.sandboxes()) {
      const links = other.endpointOn(endpoint.network)?.request.links.filter(({ container }) => container === this.#name) ?? [];
      for (const { alias } of links) for (const address of endpoint.addresses) other.files.updateLink(alias, address);
    }
  }

  #linkedEndpoints(network: Network, request: EndpointRequest): { readonly endpointId: string }[] {
    return request.links.flatMap(({ container }) => {
      const linked = this.#sandboxOf(network, container);
      return linked ? [{ endpointId: linked.endpoint.id }] : [];
    });
  }

  #sandboxOf(network: Network, container: string): { readonly sandbox: OwnSandbox; readonly endpoint: Endpoint } | undefined {
    for (const sandbox of this.#env.sandboxes()) {
      const endpoint = sandbox.containerName === container ? sandbox.endpointOn(network) : undefined;
      if (endpoint) return { sandbox, endpoint };
    }
    return undefined;
  }

  #gateways(): Gateways {
    return selectGateways(this.#endpoints);
  }

  #addresses(): readonly Ip[] {
    return this.#endpoints.flatMap(({ addresses }) => addresses);
  }

  /** Linux puts ::1 on `lo` where IPv6 is on. */
  get #hasIpv6(): boolean {
    return this.netns.links.addresses().some(({ prefix }) => prefix.address === LOOPBACK_V6);
  }
}

function revoke({ network, id }: Endpoint): void {
  network.driver?.revokeExternalConnectivity(network.id, id);
}

/** With `-P`, exposed ports without a binding get a port of the engine's choice. */
function portsOf({ exposedPorts, portBindings, publishAll }: EndpointRequest): Ports {
  if (!publishAll) return { exposedPorts, bindings: portBindings };
  const chosen = exposedPorts.filter(
    ({ port, protocol }) => !portBindings.some((binding) => binding.port === port && binding.protocol === protocol),
  );
  return { exposedPorts, bindings: [...portBindings, ...chosen.map((spec) => ({ ...spec, hostIp: "", hostPort: 0, hostPortEnd: 0 }))] };
}
