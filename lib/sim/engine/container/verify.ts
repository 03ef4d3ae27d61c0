/**
 * The checks of a container's configuration that need no look at other objects, in moby's order and words: what the
 * request decoder refuses (runconfig), and what `verifyContainerSettings` does (daemon/container.go, daemon_unix.go).
 *
 * The second kind also drops what the machine cannot do, with a warning.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerConfig, HostConfig, Resources, RestartPolicy } from "@/lib/sim/api";
import { CAPABILITIES } from "@/lib/sim/core/capability";
import { parseSignal } from "@/lib/sim/core/signal";
import { parseIp } from "@/lib/sim/net/address";
import { quote } from "../go/quote";
import { containerOf, isContainerMode } from "../network/network-mode";
import { checkPortBindings } from "../network/ports";
import { MACHINE, SYSINFO } from "../system/sysinfo";
import { checkMount, checkTmpfs, cleanPath } from "../volume/mount-point";

const SMALLEST_MEMORY = 6_291_456;
const MILLISECOND = 1_000_000;

/** What of network, UTS and the rest does not go together. */
export function checkModes(config: ContainerConfig | undefined, host: HostConfig): string | undefined {
  const mode = host.NetworkMode;
  const isListed = (items: readonly unknown[] | null): boolean => (items?.length ?? 0) > 0;
  if (mode === "container" || isContainerMode(mode)) {
    if (containerOf(mode) === "") return "invalid network mode: invalid container format container:<name|id>";
    if (config?.Hostname) return "conflicting options: hostname and the network mode";
    if (isListed(host.Links))
      return "conflicting options: container type network can't be used with links. This would result in undefined behavior";
    if (isListed(host.Dns)) return "conflicting options: dns and the network mode";
    if (isListed(host.ExtraHosts)) return "conflicting options: custom host-to-IP mapping and the network mode";
    if (Object.keys(host.PortBindings ?? {}).length > 0 || host.PublishAllPorts)
      return "conflicting options: port publishing and the container type network mode";
    if (Object.keys(config?.ExposedPorts ?? {}).length > 0) return "conflicting options: port exposing and the container type network mode";
  }
  if (host.UTSMode === "host" && config?.Hostname) return "conflicting options: hostname and the UTS mode";
  if (mode === "host" && isListed(host.Links))
    return "conflicting options: host type networking can't be used with links. This would result in undefined behavior";
  if (!isIsolation(host.Isolation)) return `invalid isolation (${host.Isolation}): linux only supports 'default'`;
  if (host.IOMaximumBandwidth !== 0) return "invalid option: QoS maximum bandwidth configuration is not supported on linux";
  if (host.IOMaximumIOps !== 0) return "invalid option: QoS maximum IOPs configuration is not supported on linux";
  if ((host.CpuRealtimePeriod !== 0 || host.CpuRealtimeRuntime !== 0) && !SYSINFO.cpuRealtime)
    return "kernel does not support CPU real-time scheduler";
  return undefined;
}

/** `WorkingDir` cleaned, if the configuration holds. */
export function checkConfig(config: ContainerConfig): Result<ContainerConfig, string> {
  const dir = config.WorkingDir;
  if (dir !== "" && !dir.startsWith("/")) return fail(`the working directory '${dir}' is invalid, it needs to be an absolute path`);
  if (config.StopSignal && !parseSignal(config.StopSignal)) return fail(`invalid signal: ${config.StopSignal}`);
  for (const variable of config.Env ?? []) {
    if (variable === "" || variable.startsWith("=")) return fail(`invalid environment variable: ${variable}`);
  }
  const health = config.Healthcheck;
  for (const name of ["Interval", "Timeout"] as const) {
    const span = health?.[name] ?? 0;
    if (span !== 0 && span < MILLISECOND) return fail(`${name} in Healthcheck cannot be less than 1ms`);
  }
  if ((health?.Retries ?? 0) < 0) return fail("Retries in Healthcheck cannot be negative");
  for (const name of ["StartPeriod", "StartInterval"] as const) {
    const span = health?.[name] ?? 0;
    if (span !== 0 && span < MILLISECOND) return fail(`${name} in Healthcheck cannot be less than 1ms`);
  }
  return ok(dir === "" ? config : { ...config, WorkingDir: cleanPath(dir) });
}

/** The host configuration as the machine can have it, with warnings about what was dropped. */
export function verifyHostConfig(
  given: HostConfig,
  facts: { readonly ipForwarding: boolean; readonly hostPathExists: (path: string) => boolean; readonly isUpdate?: boolean },
): Result<{ readonly host: HostConfig; readonly warnings: readonly string[] }, string> {
  const warnings: string[] = [];
  if (given.AutoRemove && !isNoRestart(given.RestartPolicy)) return fail("can't create 'AutoRemove' container with restart policy");
  for (const mount of given.Mounts ?? []) {
    if (mount.Type === "image") warnings.push("Image mount is an experimental feature");
    const fault = checkMount(mount, facts.hostPathExists);
    if (fault !== undefined) return fail(fault);
  }
  for (const line of given.ExtraHosts ?? []) {
    const fault = faultOfExtraHost(line);
    if (fault !== undefined) return fail(fault);
  }
  const ports = checkPortBindings(given.PortBindings);
  if (!ports.ok) return fail(ports.error.message);
  const policy = faultOfRestartPolicy(given.RestartPolicy);
  if (policy !== undefined) return fail(policy);
  for (const [field, names] of [
    ["CapAdd", given.CapAdd],
    ["CapDrop", given.CapDrop],
  ] as const) {
    const unknown = names?.map(capabilityName).find((name) => name !== "ALL" && !isCapability(name));
    if (unknown !== undefined) return fail(`invalid ${field}: unknown capability: ${quote(`CAP_${unknown}`)}`);
  }
  if (!isIsolation(given.Isolation)) return fail(`invalid isolation '${given.Isolation}' on linux`);
  if (Object.keys(given.Annotations ?? {}).includes(""))
    return fail("invalid Annotations: the empty string is not permitted as an annotation key");

  const resources = verifyResources(given, warnings, facts.isUpdate ?? false);
  if (!resources.ok) return resources;
  const host = { ...given, ...resources.value };

  const ipc = ["", "none", "private", "host", "shareable"].includes(host.IpcMode) || isContainerMode(host.IpcMode);
  if (!ipc) return fail(`invalid IPC mode: ${host.IpcMode}`);
  const pid = host.PidMode === "" || host.PidMode === "host" || containerOf(host.PidMode) !== "";
  if (!pid) return fail(`invalid PID mode: ${host.PidMode}`);
  if (host.ShmSize < 0) return fail("SHM size can not be less than 0");
  if (host.UTSMode !== "" && host.UTSMode !== "host") return fail(`invalid UTS mode: ${host.UTSMode}`);
  if (host.OomScoreAdj < -1000 || host.OomScoreAdj > 1000)
    return fail(`Invalid value ${host.OomScoreAdj}, range for oom score adj is [-1000, 1000]`);
  if (!facts.ipForwarding && host.NetworkMode !== "host" && host.NetworkMode !== "none") {
    warnings.push("IPv4 forwarding is disabled. Networking will not work.");
  }
  if (host.NetworkMode === "host" && Object.keys(host.PortBindings ?? {}).length > 0) {
    warnings.push("Published ports are discarded when using host network mode");
  }
  const runtime = host.Runtime ?? "runc";
  if (runtime !== "runc" && runtime !== "io.containerd.runc.v2") return fail(`unknown or invalid runtime name: ${runtime}`);
  for (const destination of Object.keys(host.Tmpfs ?? {})) {
    const fault = checkTmpfs(destination);
    if (fault !== undefined) return fail(fault);
  }
  if (!["", "private", "host"].includes(host.CgroupnsMode)) return fail(`invalid cgroup namespace mode: ${host.CgroupnsMode}`);
  return ok({ host: { ...host, Runtime: runtime }, warnings });
}

export function faultOfRestartPolicy({ Name: name, MaximumRetryCount: count }: RestartPolicy): string | undefined {
  switch (name) {
    case "always":
    case "unless-stopped":
    case "no":
      if (count === 0) return undefined;
      return `invalid restart policy: maximum retry count can only be used with 'on-failure'${count < 0 ? " and cannot be negative" : ""}`;
    case "on-failure":
      return count < 0 ? "invalid restart policy: maximum retry count cannot be negative" : undefined;
    case "":
      return undefined;
    default:
      return `invalid restart policy: unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`;
  }
}

export function isNoRestart(policy: RestartPolicy): boolean {
  return policy.Name === "no" || policy.Name === "";
}

/** `NET_ADMIN` of `cap_net_admin`. */
export function capabilityName(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, "");
}

function isCapability(name: string): boolean {
  return CAPABILITIES.some((known) => known === name);
}

function verifyResources(given: Resources, warnings: string[], isUpdate: boolean): Result<Resources, string> {
  const resources = { ...given };
  const drop = (what: string): void => {
    warnings.push(`Your kernel does not support ${what}`);
  };
  if (resources.MemorySwappiness === -1) resources.MemorySwappiness = null;
  if (resources.Memory !== 0 && resources.Memory < SMALLEST_MEMORY) return fail("Minimum memory limit allowed is 6MB");
  if (resources.Memory > 0 && !SYSINFO.memoryLimit) {
    drop("memory limit capabilities or the cgroup is not mounted. Limitation discarded.");
    resources.Memory = 0;
    resources.MemorySwap = -1;
  }
  if (resources.Memory > 0 && resources.MemorySwap !== -1 && !SYSINFO.swapLimit) {
    drop("swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
    resources.MemorySwap = -1;
  }
  if (resources.Memory > 0 && resources.MemorySwap > 0 && resources.MemorySwap < resources.Memory) {
    return fail("Minimum memoryswap limit should be larger than memory limit, see usage");
  }
  if (resources.Memory === 0 && resources.MemorySwap > 0 && !isUpdate)
    return fail("You should always set the Memory limit when using Memoryswap limit, see usage");
  if (resources.MemorySwappiness !== null && !SYSINFO.memorySwappiness) {
    drop("memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.");
    resources.MemorySwappiness = null;
  }
  if (resources.MemoryReservation > 0 && !SYSINFO.memoryReservation) {
    drop("memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.");
    resources.MemoryReservation = 0;
  }
  if (resources.OomKillDisable !== null && !SYSINFO.oomKillDisable) {
    if (resources.OomKillDisable) drop("OomKillDisable. OomKillDisable discarded.");
    resources.OomKillDisable = null;
  }
  if (resources.PidsLimit !== null && !SYSINFO.pidsLimit) {
    if (resources.PidsLimit > 0) drop("PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.");
    resources.PidsLimit = null;
  }
  if (resources.NanoCpus > 0 && resources.CpuPeriod > 0) return fail("Conflicting options: Nano CPUs and CPU Period cannot both be set");
  if (resources.NanoCpus > 0 && resources.CpuQuota > 0) return fail("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  if (resources.NanoCpus > 0 && !SYSINFO.cpuCfs) {
    return fail("NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup is not mounted");
  }
  if (resources.NanoCpus < 0 || resources.NanoCpus > MACHINE.cpus * 1e9) {
    return fail(`range of CPUs is from 0.01 to ${MACHINE.cpus}.00, as there are only ${MACHINE.cpus} CPUs available`);
  }
  if (resources.CpuShares > 0 && !SYSINFO.cpuShares) {
    drop("CPU shares or the cgroup is not mounted. Shares discarded.");
    resources.CpuShares = 0;
  }
  if ((resources.CpuPeriod !== 0 || resources.CpuQuota !== 0) && !SYSINFO.cpuCfs) {
    drop("CPU CFS scheduler. CPU period/quota discarded.");
    resources.CpuPeriod = 0;
    resources.CpuQuota = 0;
  }
  if (resources.CpuPercent > 0) {
    warnings.push("linux does not support CPU percent. Percent discarded.");
    resources.CpuPercent = 0;
  }
  if ((resources.CpusetCpus !== "" || resources.CpusetMems !== "") && !SYSINFO.cpuset) {
    drop("cpuset or the cgroup is not mounted. Cpuset discarded.");
    resources.CpusetCpus = "";
    resources.CpusetMems = "";
  }
  if (resources.BlkioWeight > 0 && !SYSINFO.blkioWeight) {
    drop("Block I/O weight or the cgroup is not mounted. Weight discarded.");
    resources.BlkioWeight = 0;
  }
  if ((resources.BlkioWeightDevice?.length ?? 0) > 0 && !SYSINFO.blkioWeightDevice) {
    drop("Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.");
    resources.BlkioWeightDevice = [];
  }
  const throttles = [
    [
      "BlkioDeviceReadBps",
      SYSINFO.blkioReadBps,
      "BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit discarded.",
    ],
    [
      "BlkioDeviceWriteBps",
      SYSINFO.blkioWriteBps,
      "BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit discarded.",
    ],
    [
      "BlkioDeviceReadIOps",
      SYSINFO.blkioReadIops,
      "IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit discarded.",
    ],
    [
      "BlkioDeviceWriteIOps",
      SYSINFO.blkioWriteIops,
      "IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit discarded.",
    ],
  ] as const;
  for (const [field, isSupported, what] of throttles) {
    if ((resources[field]?.length ?? 0) === 0 || isSupported) continue;
    drop(what);
    resources[field] = [];
  }
  return ok(resources);
}

/** `HOST:IP`; the address may be `host-gateway`. */
function faultOfExtraHost(line: string): string | undefined {
  const colon = line.indexOf(":");
  if (colon <= 0) return `bad format for add-host: ${quote(line)}`;
  const address = line.slice(colon + 1);
  if (address === "host-gateway" || parseIp(address.trim())) return undefined;
  return `invalid IP address in add-host: ${quote(address)}`;
}

function isIsolation(isolation: string): boolean {
  return isolation === "" || isolation.toLowerCase() === "default";
}
