/**
 * A service as the body of a request to create its container. Follows docker/compose pkg/compose/create.go.
 */

import type { ContainerCreateRequest, EndpointSettings, Mount, PortBinding } from "@/lib/sim/api";
import { parseDuration, SECOND } from "@/lib/sim/programs/docker/units";
import { sha256 } from "@/lib/sim/programs/docker/sha256";
import { keysOf, listOf, type Project } from "./load";
import { LABEL, VERSION } from "./session";
import { type Data, type DataMap, isList, isMap, textOf } from "./yaml/data";

export type CreateOptions = {
  readonly service: string;
  readonly containerName: string;
  /** Undefined for a one-off container. */
  readonly number: number | undefined;
  readonly slug: string | undefined;
  readonly imageId: string;
  /** The id of the container whose network (or other namespace) is shared. */
  readonly containerOf: (service: string) => string;
  readonly autoRemove: boolean;
  /** Whether the names of the service are its own on the networks. */
  readonly useAliases: boolean;
  readonly attachStdin: boolean;
  readonly links: readonly string[];
};

/** Text that changes when the configuration does. What does not make a new container necessary is left out. */
export function configHash(service: DataMap): string {
  const kept = [...service].filter(([key]) => !["deploy", "scale", "depends_on", "profiles", "pull_policy"].includes(key));
  return sha256(JSON.stringify(plainOf(new Map(kept))));
}

export function plainOf(data: Data): unknown {
  if (isMap(data)) return Object.fromEntries([...data].map(([key, value]) => [key, plainOf(value)]));
  return isList(data) ? data.map(plainOf) : data;
}

function optionalList(service: DataMap, key: string): readonly string[] | null {
  return service.has(key) ? listOf(service, key) : null;
}

function record(data: Data | undefined): Record<string, string> {
  return isMap(data) ? Object.fromEntries([...data].map(([key, value]) => [key, textOf(value)])) : {};
}

/** Names of a service's networks: by priority, then by name. */
export function networksByPriority(service: DataMap): readonly string[] {
  const networks = service.get("networks");
  const priority = (name: string): number => {
    const settings = isMap(networks) ? networks.get(name) : undefined;
    return isMap(settings) ? Number(settings.get("priority") ?? 0) : 0;
  };
  return [...keysOf(networks)].sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}

export function createRequest(project: Project, service: DataMap, options: CreateOptions): ContainerCreateRequest {
  const environment = service.get("environment");
  const command = service.get("command");
  const entrypoint = service.get("entrypoint");
  const grace = service.has("stop_grace_period") ? parseDuration(textOf(service.get("stop_grace_period"))) : undefined;
  const exposed: Record<string, Record<string, never>> = {};
  for (const port of listOf(service, "expose")) exposed[port.includes("/") ? port : `${port}/tcp`] = {};
  const bindings: Record<string, PortBinding[]> = {};
  const ports = service.get("ports");
  for (const port of isList(ports) ? ports : []) {
    if (!isMap(port)) continue;
    const key = `${textOf(port.get("target"))}/${textOf(port.get("protocol")) || "tcp"}`;
    exposed[key] = {};
    (bindings[key] ??= []).push({ HostIp: textOf(port.get("host_ip")), HostPort: textOf(port.get("published")) });
  }
  const tty = service.get("tty") === true;
  const stdin = service.get("stdin_open") === true;
  const isDetached = !options.attachStdin;
  return {
    Hostname: textOf(service.get("hostname")),
    Domainname: textOf(service.get("domainname")),
    User: textOf(service.get("user")),
    ...(Object.keys(exposed).length > 0 ? { ExposedPorts: exposed } : {}),
    Tty: tty,
    OpenStdin: stdin,
    StdinOnce: !isDetached && stdin,
    AttachStdin: !isDetached,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: isList(command) ? command.map(textOf) : null,
    Image: textOf(service.get("image")),
    WorkingDir: textOf(service.get("working_dir")),
    Entrypoint: isList(entrypoint) ? entrypoint.map(textOf) : null,
    Labels: { ...record(service.get("labels")), ...labelsOf(project, service, options) },
    ...(service.has("stop_signal") ? { StopSignal: textOf(service.get("stop_signal")) } : {}),
    Env: (isMap(environment) ? [...environment] : []).map(([key, value]) => (value === null ? key : `${key}=${textOf(value)}`)),
    ...(grace?.ok ? { StopTimeout: Math.trunc(grace.value / SECOND) } : {}),
    HostConfig: {
      AutoRemove: options.autoRemove,
      ...mountsOf(project, service),
      CapAdd: optionalList(service, "cap_add"),
      CapDrop: optionalList(service, "cap_drop"),
      NetworkMode: networkMode(project, service, options),
      ...(service.has("init") ? { Init: service.get("init") === true } : {}),
      IpcMode: shared(textOf(service.get("ipc")), options),
      PidMode: shared(textOf(service.get("pid")), options),
      ReadonlyRootfs: service.get("read_only") === true,
      RestartPolicy: restartPolicy(textOf(service.get("restart"))),
      Dns: optionalList(service, "dns"),
      DnsSearch: optionalList(service, "dns_search"),
      DnsOptions: optionalList(service, "dns_opt"),
      ExtraHosts: listOf(service, "extra_hosts").map((host) => host.replace("=", ":")),
      GroupAdd: optionalList(service, "group_add"),
      PortBindings: bindings,
      Privileged: service.get("privileged") === true,
      ...(service.has("sysctls") ? { Sysctls: record(service.get("sysctls")) } : {}),
      ...(service.has("tmpfs")
        ? { Tmpfs: Object.fromEntries(listOf(service, "tmpfs").map((spec) => [spec.split(":")[0] ?? "", spec.split(":")[1] ?? ""])) }
        : {}),
      Memory: Number(service.get("mem_limit") ?? 0),
      NanoCpus: Math.round(Number(service.get("cpus") ?? 0) * 1e9),
    },
    NetworkingConfig: { EndpointsConfig: endpoints(project, service, options) },
  };
}

function labelsOf(project: Project, service: DataMap, options: CreateOptions): Record<string, string> {
  const dependencies = service.get("depends_on");
  const words = (isMap(dependencies) ? [...dependencies] : []).map(([name, settings]) => {
    const given = isMap(settings) ? settings : new Map<string, Data>();
    return `${name}:${textOf(given.get("condition"))}:${String(given.get("restart") === true)}`;
  });
  return {
    [LABEL.hash]: configHash(service),
    ...(options.number === undefined ? {} : { [LABEL.number]: String(options.number) }),
    [LABEL.dependsOn]: words.join(","),
    [LABEL.image]: options.imageId,
    [LABEL.oneOff]: options.number === undefined ? "True" : "False",
    [LABEL.project]: project.name,
    [LABEL.files]: project.files.join(","),
    [LABEL.workingDir]: project.workingDir,
    [LABEL.service]: options.service,
    ...(options.slug === undefined ? {} : { [LABEL.slug]: options.slug }),
    [LABEL.version]: VERSION,
  };
}

function shared(mode: string, options: CreateOptions): string {
  return mode.startsWith("service:") ? `container:${options.containerOf(mode.slice("service:".length))}` : mode;
}

function networkMode(project: Project, service: DataMap, options: CreateOptions): string {
  const mode = textOf(service.get("network_mode"));
  if (mode !== "") return shared(mode, options);
  const [first] = networksByPriority(service);
  return first === undefined ? "none" : textOf(project.networks.get(first)?.get("name"));
}

function endpoints(project: Project, service: DataMap, options: CreateOptions): Record<string, Partial<EndpointSettings>> {
  const networks = service.get("networks");
  const result: Record<string, Partial<EndpointSettings>> = {};
  if (service.has("network_mode")) return result;
  for (const key of networksByPriority(service)) {
    const given = isMap(networks) ? networks.get(key) : undefined;
    const settings = isMap(given) ? given : new Map<string, Data>();
    const ipam = {
      ...(settings.has("ipv4_address") ? { IPv4Address: textOf(settings.get("ipv4_address")) } : {}),
      ...(settings.has("ipv6_address") ? { IPv6Address: textOf(settings.get("ipv6_address")) } : {}),
      ...(settings.has("link_local_ips") ? { LinkLocalIPs: listOf(settings, "link_local_ips") } : {}),
    };
    const names = [options.containerName, ...(options.useAliases ? [options.service, ...listOf(settings, "aliases")] : [])];
    result[textOf(project.networks.get(key)?.get("name"))] = {
      Aliases: [...new Set(names)],
      ...(options.links.length > 0 ? { Links: options.links } : {}),
      ...(Object.keys(ipam).length > 0 ? { IPAMConfig: ipam } : {}),
      MacAddress: textOf(settings.get("mac_address")) || textOf(service.get("mac_address")),
      ...(settings.has("driver_opts") ? { DriverOpts: record(settings.get("driver_opts")) } : {}),
      GwPriority: Number(settings.get("gw_priority") ?? 0),
    };
  }
  return result;
}

function restartPolicy(text: string): { readonly Name: string; readonly MaximumRetryCount: number } {
  const [name = "", count] = text.split(":");
  return { Name: name === "no" ? "no" : name, MaximumRetryCount: count === undefined ? 0 : Number(count) };
}

function mountsOf(project: Project, service: DataMap): { readonly Binds: readonly string[] | null; readonly Mounts?: readonly Mount[] } {
  const binds: string[] = [];
  const mounts: Mount[] = [];
  const volumes = service.get("volumes");
  for (const volume of isList(volumes) ? volumes : []) {
    if (!isMap(volume)) continue;
    const kind = textOf(volume.get("type"));
    const source = textOf(volume.get("source"));
    const target = textOf(volume.get("target"));
    const details = volume.get(kind);
    const isReadOnly = volume.get("read_only") === true;
    const mode = isReadOnly ? "ro" : "rw";
    const createsPath = isMap(details) && details.get("create_host_path") === true;
    if (kind === "volume" && source !== "") {
      const nocopy = isMap(details) && details.get("nocopy") === true ? ",nocopy" : "";
      binds.push(`${textOf(project.volumes.get(source)?.get("name"))}:${target}:${mode}${nocopy}`);
    } else if (kind === "bind" && createsPath) {
      const propagation = isMap(details) && details.has("propagation") ? `,${textOf(details.get("propagation"))}` : "";
      binds.push(`${source}:${target}:${mode}${propagation}`);
    } else
      mounts.push({ Type: kind, ...(source === "" ? {} : { Source: source }), Target: target, ...(isReadOnly ? { ReadOnly: true } : {}) });
  }
  return { Binds: binds.length > 0 ? binds : null, ...(mounts.length > 0 ? { Mounts: mounts } : {}) };
}
