/**
 * `POST /containers/create`: from a request to a container, in moby's order: what the decoder refuses, the settings, the
 * image, the networks, the name, the mounts, the links.
 *
 * Modelled on moby's daemon/server/router/container (postContainersCreate), runconfig and daemon/create.go.
 */

import { ok } from "@/lib/base/result";
import type { ContainerConfig, ContainerCreateResponse, EndpointSettings, HostConfig } from "@/lib/sim/api";
import type { FileSystem } from "@/lib/sim/kernel";
import type { Engine } from "../engine";
import { joinErrors, type Outcome, prefixed, refuse, refuseNotSimulated } from "../error";
import { parseFirst } from "../go/json-text";
import { decode } from "../go/shape";
import { type ApiRequest, EMPTY_BODY } from "../http/request";
import { shortId } from "../ids";
import type { StoredImage } from "../image/image-store";
import { faultOfEndpoint, newEndpoint } from "../network/endpoint-settings";
import { containerOf, isContainerMode, isUserDefined } from "../network/network-mode";
import { faultOfStorageOptions } from "../storage-driver";
import { kindOf } from "../volume/files";
import { registerMounts } from "../volume/register";
import { Container } from "./container";
import { removeContainer } from "./remove";
import { parseLink } from "./links";
import { mergeConfig } from "./merge";
import { settleNetworks } from "./networking";
import { CONFIG, CONFIG_KEYS, CREATE, ENDPOINT, HOST_CONFIG } from "./shapes";
import { checkConfig, checkModes, verifyHostConfig } from "./verify";

const MASKED_PATHS = [
  "/proc/asound",
  "/proc/acpi",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
];
const READ_ONLY_PATHS = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
const SHM_SIZE = 67_108_864;
const LOG_DRIVERS = ["json-file", "local", "none"];
const OTHER_LOG_DRIVERS = ["awslogs", "fluentd", "gelf", "journald", "splunk", "syslog"];
const LOG_OPTIONS = ["max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag", "mode", "max-buffer-size"];

type Endpoints = Readonly<Record<string, EndpointSettings | null>>;
type Wanted = { config: ContainerConfig; host: HostConfig; endpoints: Endpoints };

export function createContainer(engine: Engine, request: ApiRequest): Outcome<ContainerCreateResponse> {
  const decoded = decodeRequest(request);
  if (!decoded.ok) return decoded;
  const warnings: string[] = [];
  const wanted = forVersion(decoded.value, warnings);
  if (!wanted.ok) return wanted;
  const name = request.text("name");
  const made = create(engine, name, wanted.value);
  if (!made.ok) return made;
  engine.logContainer(made.value.container, "create");
  return ok({ Id: made.value.container.id, Warnings: [...made.value.warnings, ...warnings] });
}

/** The body as `runconfig` takes it. */
function decodeRequest(request: ApiRequest): Outcome<Wanted> {
  const type = request.checkContentType();
  if (!type.ok) return type;
  const parsed = parseFirst(request.body);
  if (!parsed.ok) return refuse("invalid", parsed.error.eof === "EOF" ? EMPTY_BODY : `invalid JSON: ${parsed.error.message}`);
  const body = decode(CREATE, parsed.value.value, "");
  if (!body.ok) return refuse("invalid", `invalid JSON: ${body.error}`);
  if (parsed.value.rest) return refuse("invalid", "unexpected content after JSON");

  const { HostConfig: host, NetworkingConfig: networking, ...rest } = body.value;
  const given = parsed.value.value instanceof Map ? [...(parsed.value.value as ReadonlyMap<string, unknown>).keys()] : [];
  const hasConfig = given.some((key) => CONFIG_KEYS.some((known) => known.toLowerCase() === key.toLowerCase()));
  if (host) {
    const fault = checkModes(hasConfig ? rest : undefined, { ...host, NetworkMode: host.NetworkMode || "default" });
    if (fault !== undefined) return refuse("invalid", fault);
  }
  if (!hasConfig) return refuse("invalid", "config cannot be empty in order to create a container");
  return ok({ config: CONFIG.write(rest), host: host ?? HOST_CONFIG.zero, endpoints: networking?.EndpointsConfig ?? {} });
}

/** What the API promises besides: the default network's name, the older place of the MAC address, older limits. */
function forVersion({ config, host, endpoints }: Wanted, warnings: string[]): Outcome<Wanted> {
  let networks = endpoints;
  let mode = host.NetworkMode;
  if (mode === "" || mode === "default") {
    mode = "bridge";
    const { default: theDefault, ...others } = endpoints;
    if (theDefault !== undefined) networks = { ...others, bridge: theDefault };
  }
  for (const mount of host.Mounts ?? []) {
    for (const [options, type] of [
      ["VolumeOptions", "volume"],
      ["BindOptions", "bind"],
      ["TmpfsOptions", "tmpfs"],
    ] as const) {
      if (mount[options] !== undefined && mount.Type !== type)
        return refuse("invalid", `${options} must not be specified on mount type "${mount.Type ?? ""}"`);
    }
  }

  let { MacAddress: mac, ...rest } = config;
  if (mac) {
    if (mode === "bridge" || isUserDefined(mode)) {
      const endpoint = networks[mode] ?? ENDPOINT.zero;
      if (endpoint.MacAddress !== "" && endpoint.MacAddress !== mac) {
        return refuse(
          "invalid",
          "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty",
        );
      }
      networks = { ...networks, [mode]: { ...endpoint, MacAddress: mac } };
    }
    warnings.push("The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.");
  }
  const ofInterface = Object.keys(host.Sysctls ?? {}).find((key) => /^net\.[^.]*\.[^.]*\.eth[^.]*\./.test(key));
  if (ofInterface !== undefined && mode !== "host" && !isContainerMode(mode)) {
    return refuse(
      "internal",
      `interface specific sysctl setting "${ofInterface}" must be supplied using driver option 'com.docker.network.endpoint.sysctls'`,
    );
  }
  const pids = host.PidsLimit !== null && host.PidsLimit <= 0 ? null : host.PidsLimit;
  return ok({ config: rest, host: { ...host, NetworkMode: mode, PidsLimit: pids }, endpoints: networks });
}

function create(
  engine: Engine,
  name: string,
  wanted: Wanted,
): Outcome<{ readonly container: Container; readonly warnings: readonly string[] }> {
  const policy = wanted.host.RestartPolicy;
  const named = { ...wanted.host, RestartPolicy: { ...policy, Name: policy.Name || "no" } };
  const checked = checkConfig(wanted.config);
  if (!checked.ok) return refuse("invalid", checked.error);
  const forwarding = engine.kernel.root.net.sysctl("net.ipv4.ip_forward");
  const verified = verifyHostConfig(named, {
    ipForwarding: !forwarding.ok || forwarding.value !== "0",
    hostPathExists: (path) => engine.hostPathExists(path),
  });
  if (!verified.ok) return refuse("invalid", verified.error);
  const { Test: test, ...others } = checked.value.Healthcheck ?? {};
  // `--no-healthcheck` switches off what no image here has.
  if (!(test?.length === 1 && test[0] === "NONE") && (test !== undefined || Object.keys(others).length > 0))
    return refuseNotSimulated("a health check");

  let image: StoredImage | undefined;
  if (checked.value.Image !== "") {
    const found = engine.images.get(checked.value.Image);
    if (!found.ok) return found;
    image = found.value;
  }
  const endpointFault = faultOfEndpoints(engine, wanted.endpoints);
  if (endpointFault !== undefined) return refuse("invalid", endpointFault);
  const owners = [verified.value.host.IpcMode, verified.value.host.PidMode]
    .filter(isContainerMode)
    .map((mode) => engine.containers.get(containerOf(mode)));
  for (const owner of owners) if (!owner.ok) return refuse("invalid", owner.error.message);
  const adapted = adapt(engine, verified.value.host);

  const merged = mergeConfig(checked.value, image?.manifest.config);
  if (!merged.ok) return refuse("invalid", merged.error);
  const log = logConfig(adapted.LogConfig);
  if (!log.ok) return log;

  const id = engine.containerIds.next();
  const reserved = name === "" ? ok(engine.containers.invent(id)) : engine.containers.reserve(name, id);
  if (!reserved.ok) return reserved;
  const storageFault = faultOfStorageOptions(engine.storageDriver, adapted.StorageOpt);
  if (storageFault !== undefined) {
    engine.containers.release(reserved.value);
    return refuse("internal", storageFault);
  }
  const hostname = merged.value.Hostname || (adapted.NetworkMode === "host" ? engine.kernel.root.uts.hostname : shortId(id));
  const layer = engine.layerIds.next();
  const container = new Container({
    id,
    name: reserved.value,
    created: engine.now,
    imageId: image?.id ?? "",
    config: CONFIG.write({ ...merged.value, Hostname: hostname }),
    hostConfig: HOST_CONFIG.write({ ...adapted, LogConfig: log.value }),
    root: engine.images.filesFor(image),
    layers: {
      own: layer,
      image: image
        ? engine.images
            .layersOf(image)
            .toReversed()
            .map(({ cacheId }) => cacheId)
        : [],
    },
    files: engine.kernel.createFileSystem(),
  });
  engine.containers.add(container);
  const set = setUp(engine, container, wanted.endpoints);
  if (!set.ok) {
    removeContainer(engine, container, { removeVolumes: true });
    return set;
  }
  return ok({ container, warnings: verified.value.warnings });
}

/** Mounts, links, working directory, and the networks that it will join. */
function setUp(engine: Engine, container: Container, endpoints: Endpoints): Outcome<void> {
  const mounted = registerMounts(engine, container);
  if (!mounted.ok) return mounted;
  const linked = registerLinks(engine, container);
  if (!linked.ok) return linked;
  const directory = makeWorkingDirectory(container.root, container.config.WorkingDir);
  if (!directory.ok) return directory;
  settleNetworks(
    engine,
    container,
    Object.fromEntries(
      Object.entries(endpoints).flatMap(([name, settings]) => (settings ? [[name, newEndpoint(settings, settings.MacAddress)]] : [])),
    ),
  );
  return ok(undefined);
}

export function makeWorkingDirectory(root: FileSystem, path: string): Outcome<void> {
  if (path === "") return ok(undefined);
  const kind = kindOf(root, path);
  if (kind === "file") return refuse("internal", `Cannot mkdir: ${path} is not a directory`);
  if (kind === undefined) root.add([{ path, kind: "directory", mode: 0o755 }]);
  return ok(undefined);
}

function registerLinks(engine: Engine, container: Container): Outcome<void> {
  if (isUserDefined(container.hostConfig.NetworkMode)) return ok(undefined);
  for (const text of container.hostConfig.Links ?? []) {
    const link = parseLink(text);
    if (!link.ok) return refuse("internal", link.error);
    let child = engine.containers.get(link.value.name);
    if (!child.ok)
      return prefixed(
        `could not get container for ${link.value.name}`,
        child.error,
        child.error.kind === "not-found" ? "invalid" : child.error.kind,
      );
    while (child.ok && isContainerMode(child.value.hostConfig.NetworkMode)) {
      const owner = containerOf(child.value.hostConfig.NetworkMode);
      child = engine.containers.get(owner);
      if (!child.ok)
        return prefixed(
          `could not get container for ${owner}`,
          child.error,
          child.error.kind === "not-found" ? "invalid" : child.error.kind,
        );
    }
    if (child.value.hostConfig.NetworkMode === "host") {
      return refuse(
        "invalid",
        "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
      );
    }
    const alias = `${container.name}/${link.value.alias}`;
    if (!engine.containers.reserveAlias(alias, child.value.id)) return refuse("conflict", `error: name is reserved: ${alias}`);
    engine.links.link(container, child.value, alias);
  }
  return ok(undefined);
}

function faultOfEndpoints(engine: Engine, endpoints: Endpoints): string | undefined {
  const faults: string[] = [];
  for (const [name, settings] of Object.entries(endpoints)) {
    if (!settings) {
      faults.push(`invalid config for network ${name}: EndpointsConfig is nil`);
      continue;
    }
    const network = engine.networks.find(name);
    const fault = faultOfEndpoint(name, settings, network.ok ? engine.networks.chosenPools(network.value) : undefined);
    if (fault !== undefined) faults.push(`invalid config for network ${name}: ${fault}`);
  }
  return joinErrors(faults);
}

/** What the daemon fills in (adaptContainerSettings). */
function adapt(engine: Engine, host: HostConfig): HostConfig {
  const shared = (mode: string): string => {
    if (!isContainerMode(mode)) return mode;
    const owner = engine.containers.get(containerOf(mode));
    return owner.ok ? `container:${owner.value.id}` : mode;
  };
  const isPrivileged = host.Privileged;
  const isUnlabelled = isPrivileged || host.IpcMode === "host" || host.PidMode === "host";
  const hasOwnLabel = host.SecurityOpt?.some((option) => option.split("=")[0] === "label") ?? false;
  return {
    ...host,
    MemorySwap: host.Memory > 0 && host.MemorySwap === 0 ? host.Memory * 2 : host.MemorySwap,
    ShmSize: host.ShmSize === 0 ? SHM_SIZE : host.ShmSize,
    IpcMode: shared(host.IpcMode === "" ? "private" : host.IpcMode),
    CgroupnsMode: host.CgroupnsMode === "" ? "private" : host.CgroupnsMode,
    PidMode: shared(host.PidMode),
    NetworkMode: shared(host.NetworkMode),
    SecurityOpt: isUnlabelled && !hasOwnLabel ? [...(host.SecurityOpt ?? []), "label=disable"] : host.SecurityOpt,
    OomKillDisable: host.OomKillDisable ?? false,
    MaskedPaths: host.MaskedPaths ?? (isPrivileged ? null : MASKED_PATHS),
    ReadonlyPaths: host.ReadonlyPaths ?? (isPrivileged ? null : READ_ONLY_PATHS),
  };
}

function logConfig(asked: HostConfig["LogConfig"]): Outcome<HostConfig["LogConfig"]> {
  const type = asked.Type || "json-file";
  if (OTHER_LOG_DRIVERS.includes(type)) return refuseNotSimulated(`the log driver ${type}`);
  if (!LOG_DRIVERS.includes(type)) return refuse("invalid", `error looking up logging plugin ${type}: plugin "${type}" not found`);
  const options = asked.Config ?? {};
  const unknown = Object.keys(options).find((option) => !LOG_OPTIONS.includes(option));
  if (unknown !== undefined) return refuse("invalid", `unknown log opt '${unknown}' for ${type} log driver`);
  return ok({ Type: type, Config: options });
}
