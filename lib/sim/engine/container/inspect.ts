/** A container as `docker inspect` and `docker ps` show it (moby: daemon/inspect.go, daemon/container/view.go). */

import type { ContainerInspect, ContainerSummary, EndpointSettings, NetworkSettings, Port } from "@/lib/sim/api";
import type { Engine } from "../engine";
import { type EpochMicros, rfc3339Nano, unixSeconds } from "../go/time";
import { sortedByKey } from "../go/shape";
import { isUserDefined, networkNameOf } from "../network/network-mode";
import { splitPort, compareKeys } from "../network/ports";
import { layersData } from "../storage-driver";
import { bytesBelow } from "../volume/files";
import { viewOf } from "../volume/mount-point";
import type { Container } from "./container";
import { CONFIG, ENDPOINT, HOST_CONFIG } from "./shapes";
import { inOrder } from "./volume-mounts";

const ROOT = "/var/lib/docker";

export function inspectContainer(engine: Engine, container: Container, withSize: boolean): ContainerInspect {
  const { state, hostConfig: host } = container;
  const children = [...engine.links.children(container)].map(([alias, child]) => `${child.name}:${alias}`).sort();
  rememberMac(container);
  const size = withSize ? sizesOf(engine, container) : undefined;
  const { own, image } = container.layers;
  return {
    Id: container.id,
    Created: rfc3339Nano(container.created),
    Path: container.path,
    Args: container.args,
    State: state.view,
    Image: container.imageId,
    ResolvConfPath: networkFile(container, "resolv.conf"),
    HostnamePath: networkFile(container, "hostname"),
    HostsPath: networkFile(container, "hosts"),
    LogPath:
      container.hasLogFile && host.LogConfig.Type === "json-file" ? `${ROOT}/containers/${container.id}/${container.id}-json.log` : "",
    Name: container.name,
    RestartCount: container.restartCount,
    Driver: engine.storageDriver,
    Platform: "linux",
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: container.execs.size > 0 ? [...container.execs.keys()] : null,
    HostConfig: HOST_CONFIG.write({ ...host, Links: children.length > 0 ? children : null }),
    GraphDriver: {
      Data: { ID: container.id, ...layersData(engine.storageDriver, own, [`${own}-init`, ...image]) },
      Name: engine.storageDriver,
    },
    ...(size ? { SizeRw: size.own, SizeRootFs: size.all } : {}),
    Mounts: inOrder(container).map(viewOf),
    Config: CONFIG.write(container.config),
    NetworkSettings: networkSettings(container),
  };
}

export function summarise(engine: Engine, container: Container, now: EpochMicros, withSize: boolean): ContainerSummary {
  const { config, hostConfig: host, state } = container;
  const image = config.Image === container.imageId ? undefined : engine.images.get(config.Image);
  const shown = image === undefined || (image.ok && image.value.id === container.imageId) ? config.Image : container.imageId;
  const args = container.args.map((arg) => (arg.includes(" ") ? `'${arg}'` : arg)).join(" ");
  const size = withSize ? sizesOf(engine, container) : undefined;
  return {
    Id: container.id,
    Names: engine.containers.namesOf(container.id),
    Image: shown,
    ImageID: container.imageId,
    Command: container.args.length > 0 ? `${container.path} ${args}` : container.path,
    Created: unixSeconds(container.created),
    Ports: portsOf(container),
    ...(size && size.own > 0 ? { SizeRw: size.own } : {}),
    ...(size && size.all > 0 ? { SizeRootFs: size.all } : {}),
    Labels: sortedByKey(config.Labels ?? {}),
    State: state.status,
    Status: state.describe(now),
    HostConfig: {
      ...(host.NetworkMode === "" ? {} : { NetworkMode: host.NetworkMode }),
      ...(host.Annotations ? { Annotations: sortedByKey(host.Annotations) } : {}),
    },
    NetworkSettings: { Networks: networksOf(container, summaryEndpoint) },
    Mounts: inOrder(container).map(viewOf),
  };
}

/** Bytes of the files that the container changed, and with its image's. */
export function sizesOf(engine: Engine, container: Container): { readonly own: number; readonly all: number } {
  const own = bytesBelow(container.root, "");
  return { own, all: own + (engine.images.byId(container.imageId)?.manifest.size ?? 0) };
}

function networkSettings(container: Container): NetworkSettings {
  const { net } = container;
  const bridge = net.networks?.get("bridge")?.settings;
  return {
    Bridge: "",
    SandboxID: net.sandboxId,
    SandboxKey: net.sandboxKey,
    Ports: net.ports ?? {},
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.EndpointID ?? "",
    Gateway: bridge?.Gateway ?? "",
    GlobalIPv6Address: bridge?.GlobalIPv6Address ?? "",
    GlobalIPv6PrefixLen: bridge?.GlobalIPv6PrefixLen ?? 0,
    IPAddress: bridge?.IPAddress ?? "",
    IPPrefixLen: bridge?.IPPrefixLen ?? 0,
    IPv6Gateway: bridge?.IPv6Gateway ?? "",
    MacAddress: bridge?.MacAddress ?? "",
    Networks: networksOf(container, (settings) => settings),
  };
}

function networksOf(
  container: Container,
  view: (settings: EndpointSettings) => EndpointSettings,
): Readonly<Record<string, EndpointSettings>> {
  const entries = [...(container.net.networks ?? [])].map(([name, { settings }]) => [name, ENDPOINT.write(view(settings))] as const);
  return sortedByKey(Object.fromEntries(entries));
}

/** A list shows what an endpoint got, and less of what was asked for. */
function summaryEndpoint(settings: EndpointSettings): EndpointSettings {
  const ipam = settings.IPAMConfig;
  return {
    ...settings,
    IPAMConfig: ipam && {
      ...(ipam.IPv4Address ? { IPv4Address: ipam.IPv4Address } : {}),
      ...(ipam.IPv6Address ? { IPv6Address: ipam.IPv6Address } : {}),
    },
    Links: null,
    Aliases: null,
    DriverOpts: null,
    DNSNames: null,
  };
}

function portsOf(container: Container): readonly Port[] {
  const ports = container.net.ports ?? {};
  return Object.keys(ports)
    .sort(compareKeys)
    .flatMap((key): readonly Port[] => {
      const { port, protocol } = splitPort(key);
      const bindings = ports[key] ?? [];
      if (bindings.length === 0) return [{ PrivatePort: Number(port), Type: protocol }];
      return bindings.map(({ HostIp, HostPort }) => ({
        ...(HostIp === "" ? {} : { IP: HostIp }),
        PrivatePort: Number(port),
        ...(Number(HostPort) > 0 ? { PublicPort: Number(HostPort) } : {}),
        Type: protocol,
      }));
    });
}

/** Older clients look for the MAC address that was asked for in the configuration; whoever inspects once has it there for good. */
function rememberMac(container: Container): void {
  const mode = container.hostConfig.NetworkMode;
  if (container.config.MacAddress || (mode !== "bridge" && !isUserDefined(mode))) return;
  const mac = container.net.networks?.get(networkNameOf(mode))?.desiredMac;
  if (mac) container.config = CONFIG.write({ ...container.config, MacAddress: mac });
}

function networkFile(container: Container, name: string): string {
  return container.networkFilesOf === undefined ? "" : `${ROOT}/containers/${container.networkFilesOf}/${name}`;
}
