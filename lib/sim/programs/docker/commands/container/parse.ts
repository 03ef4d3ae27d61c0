/**
 * From the flags of `docker run` and `docker create` to the body of the create request.
 *
 * Follows docker/cli cli/command/container/opts.go (`parse`): the order of its checks is the order of errors. What the CLI fills
 * in (empty lists, `MemorySwappiness: -1`) is kept, as `docker inspect` shows it.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerCreateRequest, HealthConfig, HostConfig, RestartPolicy } from "@/lib/sim/api";
import type { Cli } from "../../cli";
import type { FlagSet } from "../../cobra/flag";
import { atoi } from "../../gotemplate/strconv";
import { compactJson, parseJson, quote } from "../../gotemplate";
import { isMac } from "../../opts/address";
import { parseMount, parseVolume } from "../../opts/mount";
import { parseExpose, parsePublish } from "../../opts/ports";
import { cut, keyValues, parseUlimit, readKeyValueFile } from "../../opts/validators";
import { ramInBytes } from "../../units";
import { orNull } from "./or-null";
import { parseNetworks } from "./parse-networks";

export type ParsedContainer = {
  readonly body: ContainerCreateRequest & { readonly HostConfig: Partial<HostConfig> };
  readonly attach: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
};

/** `words` are the image, its command and arguments. */
export function parseContainer(cli: Cli, flags: FlagSet, words: readonly string[]): Result<ParsedContainer, string> {
  const mac = flags.text("mac-address");
  if (mac !== "" && !isMac(mac.trim())) return fail(`${mac} is not a valid mac address`);
  const swappiness = flags.number("memory-swappiness");
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100))
    return fail(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);

  const mounts = parseMounts(cli, flags);
  if (!mounts.ok) return mounts;
  const ports = parsePorts(flags);
  if (!ports.ok) return ports;
  const devices = parseDevices(flags.list("device"));
  if (!devices.ok) return devices;
  const environment = withFiles(cli, flags.list("env-file"), [...proxyEnvironment(cli, flags.list("env")), ...flags.list("env")], (name) =>
    cli.env(name),
  );
  if (!environment.ok) return environment;
  const labels = withFiles(cli, flags.list("label-file"), flags.list("label"), undefined);
  if (!labels.ok) return labels;
  const modes = checkModes(flags);
  if (modes !== undefined) return fail(modes);
  const restart = parseRestartPolicy(flags.text("restart"));
  if (!restart.ok) return restart;
  if (flags.text("log-driver") === "none" && flags.list("log-opt").length > 0) return fail("invalid logging opts for driver none");
  const security = parseSecurity(cli, flags.list("security-opt"));
  if (!security.ok) return security;
  if (flags.list("storage-opt").some((option) => !option.includes("="))) return fail("invalid storage option");
  const health = parseHealth(flags);
  if (!health.ok) return health;

  const attach = { ...attachments(flags) };
  const networks = parseNetworks(flags);
  if (!networks.ok) return networks;
  if (flags.bool("rm") && restart.value.Name !== "no" && restart.value.Name !== "") {
    return fail("conflicting options: cannot specify both --restart and --rm");
  }

  const [image = "", ...command] = words;
  const unconfined = flags.list("security-opt").includes("systempaths=unconfined");
  const stdinOnce = flags.bool("interactive") && attach.stdin;
  const host: Partial<HostConfig> = {
    Binds: orNull(mounts.value.binds),
    ContainerIDFile: flags.text("cidfile"),
    LogConfig: { Type: flags.text("log-driver"), Config: keyValues(flags.list("log-opt")) },
    NetworkMode: networks.value.mode,
    PortBindings: Object.fromEntries(ports.value.bindings),
    RestartPolicy: restart.value,
    AutoRemove: flags.bool("rm"),
    VolumeDriver: flags.text("volume-driver"),
    VolumesFrom: orNull(flags.list("volumes-from")),
    ConsoleSize: [0, 0],
    ...(flags.map("annotation").size > 0 ? { Annotations: Object.fromEntries(flags.map("annotation")) } : {}),
    CapAdd: orNull(capabilities(flags.list("cap-add"))),
    CapDrop: orNull(capabilities(flags.list("cap-drop"))),
    CgroupnsMode: flags.text("cgroupns"),
    Dns: flags.list("dns"),
    DnsOptions: flags.list("dns-option"),
    DnsSearch: flags.list("dns-search"),
    ExtraHosts: orNull(flags.list("add-host")),
    GroupAdd: orNull(flags.list("group-add")),
    IpcMode: flags.text("ipc"),
    Cgroup: "",
    Links: orNull(flags.list("link")),
    OomScoreAdj: flags.number("oom-score-adj"),
    PidMode: flags.text("pid"),
    Privileged: flags.bool("privileged"),
    PublishAllPorts: flags.bool("publish-all"),
    ReadonlyRootfs: flags.bool("read-only"),
    SecurityOpt: orNull(security.value),
    ...(flags.list("storage-opt").length > 0 ? { StorageOpt: keyValues(flags.list("storage-opt")) } : {}),
    ...(flags.list("tmpfs").length > 0 ? { Tmpfs: tmpfs(flags.list("tmpfs")) } : {}),
    UTSMode: flags.text("uts"),
    UsernsMode: flags.text("userns"),
    ShmSize: flags.number("shm-size"),
    ...(flags.map("sysctl").size > 0 ? { Sysctls: Object.fromEntries(flags.map("sysctl")) } : {}),
    ...(flags.text("runtime") === "" ? {} : { Runtime: flags.text("runtime") }),
    Isolation: flags.text("isolation"),
    ...resources(flags),
    Devices: devices.value.mappings,
    DeviceRequests:
      devices.value.cdi.length > 0 ? [{ Driver: "cdi", Count: 0, DeviceIDs: devices.value.cdi, Capabilities: null, Options: null }] : null,
    ...(mounts.value.mounts.length > 0 ? { Mounts: mounts.value.mounts } : {}),
    MaskedPaths: unconfined ? [] : null,
    ReadonlyPaths: unconfined ? [] : null,
    ...(flags.changed("init") ? { Init: flags.bool("init") } : {}),
  };
  const body = {
    Hostname: flags.text("hostname"),
    Domainname: flags.text("domainname"),
    User: flags.text("user"),
    AttachStdin: attach.stdin,
    AttachStdout: attach.stdout,
    AttachStderr: attach.stderr,
    ...(ports.value.exposed.size > 0 ? { ExposedPorts: Object.fromEntries([...ports.value.exposed].map((port) => [port, {}])) } : {}),
    Tty: flags.bool("tty"),
    OpenStdin: flags.bool("interactive"),
    StdinOnce: stdinOnce,
    Env: orNull(environment.value),
    Cmd: command.length > 0 ? command : null,
    ...(health.value ? { Healthcheck: health.value } : {}),
    Image: image,
    Volumes: Object.fromEntries(mounts.value.anonymous.map((volume) => [volume, {}])),
    WorkingDir: flags.text("workdir"),
    Entrypoint: flags.text("entrypoint") !== "" ? [flags.text("entrypoint")] : flags.changed("entrypoint") ? [""] : null,
    OnBuild: null,
    Labels: keyValues(labels.value),
    ...(flags.text("stop-signal") === "" ? {} : { StopSignal: flags.text("stop-signal") }),
    ...(flags.changed("stop-timeout") ? { StopTimeout: flags.number("stop-timeout") } : {}),
    HostConfig: host,
    NetworkingConfig: { EndpointsConfig: networks.value.endpoints },
  };
  return ok({ body, attach });
}

/** `net_admin` as `CAP_NET_ADMIN`; sorted, each once. */
function capabilities(names: readonly string[]): readonly string[] {
  const full = names.map((name) => name.toUpperCase()).map((name) => (name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`));
  return [...new Set(full)].sort();
}

/** The streams that `-a` and `-i` ask for; stdout and stderr when nothing is said. */
function attachments(flags: FlagSet): ParsedContainer["attach"] {
  const named = flags.list("attach");
  return {
    stdin: named.includes("stdin") || flags.bool("interactive"),
    stdout: named.length === 0 || named.includes("stdout"),
    stderr: named.length === 0 || named.includes("stderr"),
  };
}

function tmpfs(specs: readonly string[]): Record<string, string> {
  return Object.fromEntries(specs.map((spec) => [cut(spec, ":")[0], cut(spec, ":")[1] ?? ""]));
}

type Mounts = {
  readonly binds: readonly string[];
  readonly anonymous: readonly string[];
  readonly mounts: NonNullable<HostConfig["Mounts"]>;
};

function parseMounts(cli: Cli, flags: FlagSet): Result<Mounts, string> {
  const binds: string[] = [];
  const anonymous: string[] = [];
  for (const spec of new Set(flags.list("volume"))) {
    const volume = parseVolume(spec);
    if (!volume.ok) return volume;
    if (volume.value.source === "") {
      anonymous.push(spec);
      continue;
    }
    const [path, rest] = cut(spec, ":");
    binds.push(volume.value.isBind && path.startsWith(".") ? `${cli.absolute(path)}:${rest ?? ""}` : spec);
  }
  const mounts = [];
  for (const text of flags.list("mount")) {
    const mount = parseMount(text, cli);
    if (!mount.ok) return mount;
    mounts.push(mount.value);
  }
  return ok({ binds, anonymous, mounts });
}

function parsePorts(flags: FlagSet): Result<
  {
    readonly exposed: ReadonlySet<string>;
    readonly bindings: ReadonlyMap<string, readonly { readonly HostIp: string; readonly HostPort: string }[]>;
  },
  string
> {
  const published = parsePublish(flags.list("publish"));
  if (!published.ok) return published;
  const exposed = parseExpose(flags.list("expose"));
  if (!exposed.ok) return exposed;
  return ok({ exposed: new Set([...published.value.exposed, ...exposed.value]), bindings: published.value.bindings });
}

type Devices = {
  readonly mappings: { readonly PathOnHost: string; readonly PathInContainer: string; readonly CgroupPermissions: string }[];
  readonly cdi: readonly string[];
};

function parseDevices(specs: readonly string[]): Result<Devices, string> {
  const mappings: Devices["mappings"] = [];
  const cdi: string[] = [];
  const isMode = (text: string): boolean => /^[rwm]+$/.test(text) && new Set(text).size === text.length;
  for (const spec of specs) {
    if (/^[a-zA-Z0-9][\w.-]*\/[\w-]+=[\w.:-]+$/.test(spec)) {
      cdi.push(spec);
      continue;
    }
    const parts = spec.split(":");
    if (parts.length > 3 || parts[0] === "") return fail(`bad format for path: ${spec}`);
    const [source = "", second, third] = parts;
    const inside = second === undefined || (third === undefined && isMode(second)) ? source : second;
    const mode = third ?? (second !== undefined && isMode(second) ? second : "rwm");
    if (third !== undefined && !isMode(third)) return fail(`bad mode specified: ${third}`);
    if (!inside.startsWith("/")) return fail(`${inside} is not an absolute path`);
    mappings.push({ PathOnHost: source, PathInContainer: inside, CgroupPermissions: mode });
  }
  return ok({ mappings, cdi });
}

function withFiles(
  cli: Cli,
  files: readonly string[],
  given: readonly string[],
  lookup: ((name: string) => string | undefined) | undefined,
): Result<readonly string[], string> {
  const all: string[] = [];
  for (const file of files) {
    const lines = readKeyValueFile(file, cli, lookup);
    if (!lines.ok) return lines;
    all.push(...lines.value);
  }
  return ok([...all, ...given]);
}

const PROXIES: Readonly<Record<string, string>> = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
};

/** The proxies of config.json, in capitals and in small letters, as far as `-e` does not set them. */
function proxyEnvironment(cli: Cli, given: readonly string[]): readonly string[] {
  const proxies = cli.config.proxies.get(cli.client.host) ?? cli.config.proxies.get("default");
  if (!proxies) return [];
  const names = new Set(given.map((pair) => cut(pair, "=")[0]));
  const environment: string[] = [];
  for (const [key, name] of Object.entries(PROXIES)) {
    const value = proxies.get(key);
    if (!value) continue;
    for (const spelling of [name, name.toLowerCase()]) if (!names.has(spelling)) environment.push(`${spelling}=${value}`);
  }
  return environment;
}

function checkModes(flags: FlagSet): string | undefined {
  const pid = flags.text("pid");
  if (!(pid === "" || pid === "host" || /^container:[^:]+$/.test(pid))) return "--pid: invalid PID mode";
  if (!["", "host"].includes(flags.text("uts"))) return "--uts: invalid UTS mode";
  if (!["", "host"].includes(flags.text("userns"))) return "--userns: invalid USER mode";
  if (!["", "private", "host"].includes(flags.text("cgroupns"))) return "--cgroupns: invalid CGROUP mode";
  return undefined;
}

export function parseRestartPolicy(text: string): Result<RestartPolicy, string> {
  const [name, count] = cut(text, ":");
  if (text !== "" && count !== undefined && name === "") return fail("invalid restart policy format: no policy provided before colon");
  const retries = count === undefined || count === "" ? ok(0) : atoi(count);
  if (!retries.ok) return fail("invalid restart policy format: maximum retry count must be an integer");
  return ok({ Name: name, MaximumRetryCount: retries.value });
}

function parseSecurity(cli: Cli, options: readonly string[]): Result<readonly string[], string> {
  const parsed: string[] = [];
  for (const option of options) {
    if (option === "systempaths=unconfined") continue;
    let [key, value] = cut(option, "=");
    if (value === undefined && key !== "no-new-privileges") [key, value] = cut(option, ":");
    if ((value === undefined || value === "") && key !== "no-new-privileges") return fail(`Invalid --security-opt: ${quote(option)}`);
    if (key === "seccomp" && value !== undefined && value !== "builtin" && value !== "unconfined") {
      const file = cli.readFile(value);
      if (!file.ok) return fail(`opening seccomp profile (${value}) failed: ${file.error}`);
      const json = parseJson(file.value);
      if (!json.ok) return fail(`compacting json for seccomp profile (${value}) failed: ${json.error}`);
      parsed.push(`seccomp=${compactJson(file.value)}`);
    } else parsed.push(option);
  }
  return ok(parsed);
}

function parseHealth(flags: FlagSet): Result<HealthConfig | undefined, string> {
  const command = flags.text("health-cmd");
  const numbers = ["interval", "timeout", "retries", "start-period", "start-interval"].map(
    (name) => [name, flags.number(`health-${name}`)] as const,
  );
  const isSet = command !== "" || numbers.some(([, value]) => value !== 0);
  if (flags.bool("no-healthcheck")) return isSet ? fail("--no-healthcheck conflicts with --health-* options") : ok({ Test: ["NONE"] });
  if (!isSet) return ok(undefined);
  for (const [name, value] of numbers) if (value < 0) return fail(`--health-${name} cannot be negative`);
  const number = (name: string): number => flags.number(`health-${name}`);
  return ok({
    ...(command === "" ? {} : { Test: ["CMD-SHELL", command] }),
    ...(number("interval") ? { Interval: number("interval") } : {}),
    ...(number("timeout") ? { Timeout: number("timeout") } : {}),
    ...(number("start-period") ? { StartPeriod: number("start-period") } : {}),
    ...(number("start-interval") ? { StartInterval: number("start-interval") } : {}),
    ...(number("retries") ? { Retries: number("retries") } : {}),
  });
}

function resources(flags: FlagSet): Partial<HostConfig> {
  const throttle = (name: string): { readonly Path: string; readonly Rate: number }[] =>
    flags.list(name).map((spec) => {
      const [path, rate = "0"] = cut(spec, ":");
      const size = ramInBytes(rate);
      return { Path: path, Rate: size.ok ? size.value : 0 };
    });
  const ulimits = new Map(
    flags.list("ulimit").flatMap((text) => {
      const parsed = parseUlimit(text);
      return parsed.ok ? [[parsed.value.Name, parsed.value] as const] : [];
    }),
  );
  return {
    CpuShares: flags.number("cpu-shares"),
    Memory: flags.number("memory"),
    NanoCpus: flags.number("cpus"),
    CgroupParent: flags.text("cgroup-parent"),
    BlkioWeight: flags.number("blkio-weight"),
    BlkioWeightDevice: flags.list("blkio-weight-device").map((spec) => ({ Path: cut(spec, ":")[0], Weight: Number(cut(spec, ":")[1]) })),
    BlkioDeviceReadBps: throttle("device-read-bps"),
    BlkioDeviceWriteBps: throttle("device-write-bps"),
    BlkioDeviceReadIOps: throttle("device-read-iops"),
    BlkioDeviceWriteIOps: throttle("device-write-iops"),
    CpuPeriod: flags.number("cpu-period"),
    CpuQuota: flags.number("cpu-quota"),
    CpuRealtimePeriod: flags.number("cpu-rt-period"),
    CpuRealtimeRuntime: flags.number("cpu-rt-runtime"),
    CpusetCpus: flags.text("cpuset-cpus"),
    CpusetMems: flags.text("cpuset-mems"),
    DeviceCgroupRules: orNull(flags.list("device-cgroup-rule")),
    MemoryReservation: flags.number("memory-reservation"),
    MemorySwap: flags.number("memory-swap"),
    MemorySwappiness: flags.number("memory-swappiness"),
    OomKillDisable: flags.bool("oom-kill-disable"),
    PidsLimit: flags.number("pids-limit"),
    Ulimits: [...ulimits.keys()].sort().flatMap((name) => ulimits.get(name) ?? []),
    CpuCount: flags.number("cpu-count"),
    CpuPercent: flags.number("cpu-percent"),
    IOMaximumIOps: flags.number("io-maxiops"),
    IOMaximumBandwidth: flags.number("io-maxbandwidth"),
  };
}
