/**
 * A container and its networks: which it is to join, joining them when it starts, leaving them when it stops, and
 * `docker network connect` and `disconnect` in between.
 *
 * Modelled on moby's daemon/container_operations.go. The order in which a container joins several networks is that of a Go
 * map there; here the network of its mode comes first (as on the recordings), the others by name.
 */

import { fail, ok } from "@/lib/base/result";
import type { EndpointSettings } from "@/lib/sim/api";
import type { EndpointRequest, NetworkView, PortSpec } from "@/lib/sim/cnm/contract";
import type { Engine } from "../engine";
import { type EngineError, fromCnm, type Outcome, prefixed, refuse } from "../error";
import { dnsNamesOf, faultOfEndpoint, newEndpoint, withEndpoint, withoutOperationalData } from "../network/endpoint-settings";
import { isContainerMode, isPrivate, isUserDefined, networkNameOf } from "../network/network-mode";
import { portMapOf, requestedPorts } from "../network/ports";
import type { Container, Endpoint } from "./container";
import { parseLink } from "./links";
import { ENDPOINT } from "./shapes";

export const NETWORKING_FAILED = "failed to set up container networking";

const SHARED = "container sharing network namespace with another container or host cannot be connected to any other network";

/** Notes which networks the container is to join, by name where they are there already (updateContainerNetworkSettings). */
export function settleNetworks(engine: Engine, container: Container, asked: Readonly<Record<string, Endpoint>>): void {
  const mode = container.hostConfig.NetworkMode;
  if (container.config.NetworkDisabled || isContainerMode(mode)) return;
  const network = isUserDefined(mode) ? engine.networks.find(mode) : undefined;
  const name = network?.ok ? network.value.name : networkNameOf(mode);

  const entries = Object.entries(asked);
  if (entries.length > 0) {
    container.net.networks ??= new Map();
    for (const [key, endpoint] of entries) container.net.networks.set(key, endpoint);
  }
  container.net.networks ??= new Map([[name, newEndpoint(ENDPOINT.zero)]]);
  if (!isUserDefined(mode) || container.net.networks.has(name) || !network?.ok) return;
  const byId = container.net.networks.get(network.value.id);
  if (!byId) return;
  container.net.networks.set(name, byId);
  container.net.networks.delete(network.value.id);
}

/** Joins all of them, as the container starts. */
export function allocateNetworks(engine: Engine, container: Container): Outcome<void> {
  const networks = container.net.networks ?? new Map<string, Endpoint>();
  const first = container.hostConfig.NetworkMode;
  const names = [...networks.keys()].sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1));
  for (const name of names) {
    const endpoint = networks.get(name);
    if (!endpoint) continue;
    endpoint.settings = withoutOperationalData(endpoint.settings);
    const joined = join(engine, container, name, endpoint);
    if (!joined.ok) return joined;
  }
  return ok(undefined);
}

/** Leaves all of them: the container stopped, or could not start. */
export function releaseNetworks(engine: Engine, container: Container): void {
  const { net } = container;
  if (isContainerMode(container.hostConfig.NetworkMode)) {
    container.sandbox?.delete();
    container.sandbox = undefined;
    return;
  }
  net.ports = null;
  if (net.sandboxId === "") return;
  net.sandboxId = "";
  net.sandboxKey = "";
  const left: NetworkView[] = [];
  for (const [name, endpoint] of net.networks ?? []) {
    const network = engine.networks.find(idOf(name, endpoint.settings));
    if (network.ok) left.push(network.value);
    endpoint.settings = withoutOperationalData(endpoint.settings);
  }
  container.sandbox?.delete();
  container.sandbox = undefined;
  for (const network of left) engine.networks.log(network, "disconnect", { container: container.id });
}

/** `docker network connect`. Of a container that does not run it is only noted. The caller holds the lock. */
export function connect(engine: Engine, container: Container, term: string, settings: EndpointSettings): Outcome<void> {
  const endpoint = newEndpoint(settings);
  if (container.state.running) return join(engine, container, term, endpoint);
  if (container.state.removalInProgress || container.state.dead) return refuse("internal", errRemoval(container));
  container.net.networks ??= new Map();
  const network = engine.networks.find(term);
  if (!network.ok) {
    container.net.networks.set(term, endpoint);
    return ok(undefined);
  }
  return configure(engine, container, network.value, endpoint);
}

/** `docker network disconnect`. The caller holds the lock. */
export function disconnect(engine: Engine, container: Container, term: string, force: boolean): Outcome<void> {
  const network = engine.networks.find(term);
  if (!container.state.running || (!network.ok && force)) {
    if (container.state.removalInProgress || container.state.dead) return refuse("internal", errRemoval(container));
    const name = network.ok ? network.value.name : term;
    if (!container.net.networks?.delete(name))
      return refuse("internal", `container ${container.id} is not connected to the network ${name}`);
    return ok(undefined);
  }
  if (!network.ok) return network;
  const { id, name, driver } = network.value;
  if (container.hostConfig.NetworkMode === "host" && driver === "host") {
    return refuse("invalid", "cannot disconnect container from host network - container was created in host network mode");
  }
  const { sandbox } = container;
  if (!sandbox?.endpoints.some((endpoint) => endpoint.network === id))
    return refuse("internal", `container ${container.id} is not connected to network ${name}`);
  const left = sandbox.disconnect(id);
  if (!left.ok) return fail(fromCnm(left.error));
  container.net.networks?.delete(name);
  container.net.ports = portsOf(engine, container);
  engine.networks.log(network.value, "disconnect", { container: container.id });
  engine.changed.wake();
  return ok(undefined);
}

/** Gives a running container's new name to its networks. */
export function renameOnNetworks(engine: Engine, container: Container): void {
  for (const endpoint of container.net.networks?.values() ?? []) {
    endpoint.settings = { ...endpoint.settings, DNSNames: dnsNamesOf(container, endpoint.settings.Aliases) };
  }
  container.sandbox?.rename(container.bareName, (term) => {
    const network = engine.networks.find(term);
    const settings = network.ok ? container.net.networks?.get(network.value.name)?.settings : undefined;
    return settings?.DNSNames ?? [];
  });
}

/** Joins a running container, or one that starts, to a network (connectToNetwork). */
function join(engine: Engine, container: Container, term: string, endpoint: Endpoint): Outcome<void> {
  if (isContainerMode(container.hostConfig.NetworkMode)) return refuse("invalid", SHARED);
  if (engine.config.cnm.bridge === "none" && term === "bridge") {
    container.config = { ...container.config, NetworkDisabled: true };
    return ok(undefined);
  }
  const found = engine.networks.find(idOf(term, endpoint.settings));
  if (!found.ok) return found;
  const network = found.value;
  const mode = networkNameOf(container.hostConfig.NetworkMode);
  if (term !== mode && isUserDefined(mode)) {
    // A mode that names its network by the beginning of an id is completed now.
    const ofMode = engine.networks.find(mode);
    if (!ofMode.ok) return prefixed(`could not find a network matching network mode ${mode}`, ofMode.error);
    if (mode !== ofMode.value.id && mode !== ofMode.value.name)
      container.hostConfig = { ...container.hostConfig, NetworkMode: ofMode.value.id };
  }
  const configured = configure(engine, container, network, endpoint);
  if (!configured.ok) return configured;
  const { sandbox } = container;
  if (!sandbox) return refuse("internal", `sandbox for container ${container.id} not found`);

  const request = requestOf(engine, container, network, endpoint);
  if (!request.ok) return request;
  const fault = network.name === "bridge" ? faultOfLinks(engine, container) : undefined;
  if (fault !== undefined) return refuse("internal", fault);
  const joined = sandbox.connect(network.id, request.value);
  if (!joined.ok) {
    if (failedAfterCreation(fromCnm(joined.error))) endpoint.settings = { ...endpoint.settings, NetworkID: network.id };
    return fail(fromCnm(joined.error));
  }
  container.net.networks?.set(network.name, endpoint);
  container.net.networks?.delete(network.id);
  endpoint.settings = withEndpoint(endpoint.settings, network.id, joined.value);
  container.net.ports = portsOf(engine, container);
  engine.networks.log(network, "connect", { container: container.id });
  engine.changed.wake();
  return ok(undefined);
}

/** Names, checks, and what does not go together (updateNetworkConfig, updateNetworkSettings). */
function configure(engine: Engine, container: Container, network: NetworkView, endpoint: Endpoint): Outcome<void> {
  if (isUserDefined(network.name)) endpoint.settings = { ...endpoint.settings, DNSNames: dnsNamesOf(container, endpoint.settings.Aliases) };
  const fault = faultOfEndpoint(network.name, endpoint.settings, engine.networks.chosenPools(network));
  if (fault !== undefined) return refuse("invalid", fault);

  const networks = container.net.networks ?? new Map<string, Endpoint>();
  container.net.networks = networks;
  if (container.hostConfig.NetworkMode !== "host" && network.driver === "host") {
    return refuse("invalid", "cannot connect container to host network - container must be created in host network mode");
  }
  for (const [name, other] of networks) {
    const known = engine.networks.find(idOf(name, other.settings));
    if (!known.ok) continue;
    if (known.value.name === network.name) return ok(undefined);
    if (!isPrivate(known.value.driver) || !isPrivate(network.driver)) return refuse("invalid", SHARED);
    if (known.value.name === "none" || network.name === "none") {
      return refuse("invalid", "container cannot be connected to multiple networks with one of the networks in private (none) mode");
    }
  }
  networks.set(network.name, endpoint);
  return ok(undefined);
}

function requestOf(
  engine: Engine,
  container: Container,
  network: NetworkView,
  { settings, desiredMac }: Endpoint,
): Outcome<EndpointRequest> {
  const links: { readonly container: string; readonly alias: string }[] = [];
  for (const text of settings.Links ?? []) {
    const link = parseLink(text);
    if (!link.ok) return refuse("internal", link.error);
    links.push({ container: link.value.name, alias: link.value.alias });
  }
  if (network.name === "bridge") {
    for (const [alias, child] of engine.links.children(container))
      links.push({ container: child.bareName, alias: alias.slice(alias.lastIndexOf("/") + 1) });
  }
  const { IPv4Address: v4, IPv6Address: v6, LinkLocalIPs: linkLocal } = settings.IPAMConfig ?? {};
  const ports = requestedPorts(container.config, container.hostConfig);
  return ok({
    ...(v4 ? { ipv4: v4 } : {}),
    ...(v6 ? { ipv6: v6 } : {}),
    ...(linkLocal ? { linkLocal } : {}),
    ...(desiredMac === "" ? {} : { mac: desiredMac }),
    aliases: settings.Aliases ?? [],
    dnsNames: settings.DNSNames ?? [],
    links,
    driverOptions: settings.DriverOpts ?? {},
    gwPriority: settings.GwPriority,
    exposedPorts: ports.exposed,
    portBindings: ports.bindings,
    publishAll: container.hostConfig.PublishAllPorts,
  });
}

/** A link on the default bridge is to somebody who is there too. */
function faultOfLinks(engine: Engine, container: Container): string | undefined {
  for (const child of engine.links.children(container).values()) {
    if (!child.net.networks?.has("bridge")) return `Cannot link to ${child.name}, as it does not belong to the default network`;
  }
  return undefined;
}

/** What is published and exposed now: the bridge driver tells of both, on networks that lead outside. */
function portsOf(engine: Engine, container: Container): ReturnType<typeof portMapOf> {
  const endpoints = container.sandbox?.endpoints ?? [];
  const tells = endpoints.some(({ network }) => {
    const view = engine.networks.find(network);
    return view.ok && view.value.driver === "bridge" && !view.value.internal;
  });
  const exposed: readonly PortSpec[] = tells ? requestedPorts(container.config, container.hostConfig).exposed : [];
  return portMapOf(exposed, endpoints);
}

/** By which id or name a container's network is looked up: names of the engine's own networks outlive a restart, ids do not. */
function idOf(name: string, settings: EndpointSettings): string {
  return isUserDefined(name) && settings.NetworkID !== "" ? settings.NetworkID : name;
}

/** moby creates an endpoint and then joins it; only the second step can fail with these words, and leaves the network's id. */
function failedAfterCreation(error: EngineError): boolean {
  return error.message.startsWith("driver failed programming external connectivity");
}

function errRemoval(container: Container): string {
  return `Container ${container.id} is marked for removal and cannot be connected or disconnected to the network`;
}
