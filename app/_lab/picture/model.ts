/**
 * What the picture shows of a world: hosts, their networks, the containers on them, and the way out. A pure reading of the
 * snapshot; the drawing, its text form and the details all come from it.
 */

import type { ContainerView, EndpointView, HostSnapshot, NetworkView, WorldSnapshot } from "@/lib/sim";

export type PictureModel = { readonly hosts: readonly HostModel[] };

export type HostModel = {
  readonly name: string;
  /** Id of its own namespace. */
  readonly netns: string;
  readonly uplink: { readonly link: string; readonly address: string; readonly gateway: string } | undefined;
  readonly networks: readonly NetworkModel[];
  readonly containers: readonly ContainerModel[];
};

export type NetworkModel = {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** 0 for those that are always there; else 1 to 8. */
  readonly colour: number;
  /** The Linux bridge, where there is one. */
  readonly bridge: string | undefined;
  readonly subnet: string;
  /** The bridge's own address on it. */
  readonly gateway: string;
  readonly isInternal: boolean;
};

export type ContainerModel = {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerView["state"];
  readonly exitCode: number;
  readonly netns: string | undefined;
  readonly mode: "networks" | "host" | "none" | "shared";
  readonly attachments: readonly AttachmentModel[];
  readonly ports: readonly PortModel[];
  /** Interfaces besides lo and those of the attachments. */
  readonly otherLinks: readonly string[];
};

export type AttachmentModel = {
  readonly network: string;
  readonly networkName: string;
  readonly colour: number;
  readonly link: string;
  readonly address: string;
  readonly mac: string;
  readonly hostLink: string | undefined;
};

export type PortModel = { readonly hostIp: string; readonly hostPort: number; readonly port: number; readonly protocol: string };

export const COLOURS = 8;

export function modelOf(snapshot: WorldSnapshot): PictureModel {
  const colours = coloursOf(snapshot);
  return { hosts: snapshot.hosts.map((host) => hostOf(host, colours)) };
}

function coloursOf({ hosts }: WorldSnapshot): ReadonlyMap<string, number> {
  const networks = hosts.flatMap((host) => host.networks).sort((a, b) => a.created - b.created || compare(a.name, b.name));
  return coloursFor(networks.map(({ name }) => name));
}

/**
 * A network's colour follows from its name, so that it is the same in every lab, in every drawing and after every reload; where two
 * names want the same one, the first (of a lab: the older network) has it and the other takes the next that is free.
 */
export function coloursFor(names: readonly string[]): ReadonlyMap<string, number> {
  const colours = new Map<string, number>();
  for (const name of names) {
    if (colours.has(name)) continue;
    if (ALWAYS_THERE.includes(name)) colours.set(name, 0);
    else {
      const taken = new Set(colours.values());
      const wish = hash(name) % COLOURS;
      const free = Array.from({ length: COLOURS }, (_, i) => ((wish + i) % COLOURS) + 1).find((colour) => !taken.has(colour));
      colours.set(name, free ?? wish + 1);
    }
  }
  return colours;
}

const ALWAYS_THERE = ["bridge", "host", "none"];

function hostOf(host: HostSnapshot, colours: ReadonlyMap<string, number>): HostModel {
  const networks = host.networks
    .filter((network) => !["host", "null"].includes(network.driver))
    .sort((a, b) => Number(b.name === "bridge") - Number(a.name === "bridge") || a.created - b.created || compare(a.name, b.name));
  const order = new Map(networks.map((network, index) => [network.id, index]));
  const containers = host.containers.map((container) => containerOf(container, host, colours, order));
  return {
    name: host.name,
    netns: host.root.id,
    uplink: uplinkOf(host),
    networks: networks.map((network) => networkOf(network, colours)),
    // Beside their neighbours: by the networks they are on, then by name.
    containers: containers.sort((a, b) => compare(placeOf(a, order), placeOf(b, order)) || compare(a.name, b.name)),
  };
}

/** Those on the first network come first, those on none last. */
function placeOf({ attachments }: ContainerModel, order: ReadonlyMap<string, number>): string {
  return attachments.length === 0 ? "~" : attachments.map(({ network }) => String(order.get(network) ?? 99).padStart(2, "0")).join(" ");
}

function uplinkOf({ root }: HostSnapshot): HostModel["uplink"] {
  const route = root.routes.find(({ destination, gateway }) => destination.length === 0 && gateway !== undefined);
  const card = root.links.find((link) => (route ? link.index === route.link : link.detail.kind === "physical"));
  if (!card) return undefined;
  const address = root.addresses.find((candidate) => candidate.link === card.index && !candidate.prefix.address.includes(":"));
  return {
    link: card.name,
    address: address ? `${address.prefix.address}/${address.prefix.length}` : "",
    gateway: route?.gateway ?? "",
  };
}

function networkOf(network: NetworkView, colours: ReadonlyMap<string, number>): NetworkModel {
  const config = network.ipam.config.find((candidate) => !candidate.subnet?.includes(":")) ?? network.ipam.config[0];
  return {
    id: network.id,
    name: network.name,
    driver: network.driver,
    colour: colours.get(network.name) ?? 0,
    bridge: network.bridge,
    subnet: config?.subnet ?? "",
    gateway: config?.gateway?.replace(/\/.*/, "") ?? "",
    isInternal: network.internal,
  };
}

function containerOf(
  container: ContainerView,
  host: HostSnapshot,
  colours: ReadonlyMap<string, number>,
  order: ReadonlyMap<string, number>,
): ContainerModel {
  const ends = host.networks
    .flatMap((network) =>
      network.endpoints.filter((endpoint) => endpoint.containerId === container.id).map((endpoint) => ({ network, endpoint })),
    )
    .filter(({ network }) => order.has(network.id))
    .sort((a, b) => (order.get(a.network.id) ?? 0) - (order.get(b.network.id) ?? 0));
  const isUp = container.state === "running" || container.state === "paused";
  const attachments = isUp ? ends.map(({ network, endpoint }) => attachmentOf(network, endpoint, colours)) : [];
  const links = container.netns === undefined ? [] : (host.namespaces[container.netns]?.links ?? []);
  return {
    id: container.id,
    name: container.name,
    image: container.image,
    state: container.state,
    exitCode: container.exitCode,
    netns: container.netns,
    mode: modeOf(container.networkMode),
    attachments,
    ports: ends.flatMap(({ endpoint }) =>
      endpoint.ports.map(({ hostIp, hostPort, port, protocol }) => ({ hostIp, hostPort, port, protocol })),
    ),
    otherLinks: links
      .map((link) => link.name)
      .filter((name) => name !== "lo" && !attachments.some((attachment) => attachment.link === name)),
  };
}

function attachmentOf(network: NetworkView, endpoint: EndpointView, colours: ReadonlyMap<string, number>): AttachmentModel {
  return {
    network: network.id,
    networkName: network.name,
    colour: colours.get(network.name) ?? 0,
    link: endpoint.interface,
    address: endpoint.ipv4 ?? endpoint.ipv6 ?? "",
    mac: endpoint.mac,
    hostLink: endpoint.hostInterface,
  };
}

function modeOf(networkMode: string): ContainerModel["mode"] {
  if (networkMode === "host" || networkMode === "none") return networkMode;
  return networkMode.startsWith("container:") ? "shared" : "networks";
}

/** `0.0.0.0:8080 → 80/tcp`; one line for both families. */
export function portLines(ports: readonly PortModel[]): readonly string[] {
  const lines = ports
    .filter(
      (port) =>
        !(
          port.hostIp === "::" &&
          ports.some((other) => other.hostIp === "0.0.0.0" && other.hostPort === port.hostPort && other.port === port.port)
        ),
    )
    .map(
      ({ hostIp, hostPort, port, protocol }) =>
        `${hostIp === "0.0.0.0" || hostIp === "::" ? "" : hostIp}:${hostPort} to ${port}/${protocol}`,
    );
  return [...new Set(lines)];
}

export function stateWords({ state, exitCode }: Pick<ContainerModel, "state" | "exitCode">): string {
  return state === "exited" ? `exited (${exitCode})` : state;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
