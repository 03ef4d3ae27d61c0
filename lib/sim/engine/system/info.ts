/** What the engine says of itself: `docker version`, `docker info`, `docker system df` (moby: daemon/info.go, info_unix.go, disk_usage.go). */

import { API_VERSION, type DiskUsage, ENGINE_VERSION, MIN_API_VERSION, type SystemInfo, type SystemVersion } from "@/lib/sim/api";
import { listContainers } from "../container/list";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import { Filters } from "../filters";
import { rfc3339Nano } from "../go/time";
import { layersSize, listImages } from "../image/views";
import { storageDriverStatus } from "../storage-driver";
import { MACHINE, SYSINFO, SYSINFO_WARNINGS } from "./sysinfo";

const GO_VERSION = "go1.24.9";
export const GIT_COMMIT = "89c5e8f";
const BUILD_TIME = "2025-11-05T14:43:25.000000000+00:00";
const CONTAINERD = { version: "v1.7.29", commit: "442cb34bda9a6a0fed82a2ca7cade05c5c749582" };
const RUNC = { version: "1.3.3", commit: "v1.3.3-0-gd842d771" };
const INIT = { version: "0.19.0", commit: "de40ad0" };
const VOLUME_DRIVERS = ["local"];
const NETWORK_DRIVERS = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"];
const LOG_DRIVERS = ["awslogs", "fluentd", "gelf", "journald", "json-file", "local", "splunk", "syslog"];

export function version(): SystemVersion {
  return {
    Platform: { Name: "Docker Engine - Community" },
    Components: [
      {
        Name: "Engine",
        Version: ENGINE_VERSION,
        Details: {
          ApiVersion: API_VERSION,
          Arch: "amd64",
          BuildTime: BUILD_TIME,
          Experimental: "false",
          GitCommit: GIT_COMMIT,
          GoVersion: GO_VERSION,
          KernelVersion: MACHINE.kernelVersion,
          MinAPIVersion: MIN_API_VERSION,
          Os: "linux",
        },
      },
      { Name: "containerd", Version: CONTAINERD.version, Details: { GitCommit: CONTAINERD.commit } },
      { Name: "runc", Version: RUNC.version, Details: { GitCommit: RUNC.commit } },
      { Name: "docker-init", Version: INIT.version, Details: { GitCommit: INIT.commit } },
    ],
    Version: ENGINE_VERSION,
    ApiVersion: API_VERSION,
    MinAPIVersion: MIN_API_VERSION,
    GitCommit: GIT_COMMIT,
    GoVersion: GO_VERSION,
    Os: "linux",
    Arch: "amd64",
    KernelVersion: MACHINE.kernelVersion,
    BuildTime: BUILD_TIME,
  };
}

export function info(engine: Engine): SystemInfo {
  const containers = engine.containers.list();
  const paused = containers.filter(({ state }) => state.paused).length;
  const running = containers.filter(({ state }) => state.running && !state.paused && !state.restarting).length;
  const forwarding = engine.kernel.root.net.sysctl("net.ipv4.ip_forward");
  const pools = engine.config.cnm.defaultAddressPools;
  return {
    ID: engine.id,
    Containers: containers.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: containers.length - running - paused,
    Images: engine.images.list().length,
    Driver: engine.storageDriver,
    DriverStatus: storageDriverStatus(engine.storageDriver),
    Plugins: { Volume: VOLUME_DRIVERS, Network: NETWORK_DRIVERS, Authorization: null, Log: LOG_DRIVERS },
    MemoryLimit: SYSINFO.memoryLimit,
    SwapLimit: SYSINFO.swapLimit,
    CpuCfsPeriod: SYSINFO.cpuCfs,
    CpuCfsQuota: SYSINFO.cpuCfs,
    CPUShares: SYSINFO.cpuShares,
    CPUSet: SYSINFO.cpuset,
    PidsLimit: SYSINFO.pidsLimit,
    IPv4Forwarding: !forwarding.ok || forwarding.value !== "0",
    Debug: engine.config.debug,
    NFd: 24 + containers.length,
    OomKillDisable: SYSINFO.oomKillDisable,
    NGoroutines: 42 + running * 3,
    SystemTime: rfc3339Nano(engine.now),
    LoggingDriver: "json-file",
    CgroupDriver: "cgroupfs",
    CgroupVersion: "2",
    NEventsListener: engine.events.listeners,
    KernelVersion: MACHINE.kernelVersion,
    OperatingSystem: MACHINE.operatingSystem,
    OSVersion: "13",
    OSType: "linux",
    Architecture: "x86_64",
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: {
      IndexConfigs: { "docker.io": { Mirrors: [], Name: "docker.io", Official: true, Secure: true } },
      InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
      Mirrors: null,
    },
    NCPU: MACHINE.cpus,
    MemTotal: MACHINE.memory,
    GenericResources: null,
    DockerRootDir: "/var/lib/docker",
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: engine.kernel.root.uts.hostname,
    Labels: engine.config.labels,
    ExperimentalBuild: false,
    ServerVersion: ENGINE_VERSION,
    Runtimes: { "io.containerd.runc.v2": { path: "runc" }, runc: { path: "runc" } },
    DefaultRuntime: "runc",
    Swarm: { NodeID: "", NodeAddr: "", LocalNodeState: "inactive", ControlAvailable: false, Error: "", RemoteManagers: null },
    LiveRestoreEnabled: false,
    Isolation: "",
    InitBinary: "docker-init",
    ContainerdCommit: { ID: CONTAINERD.commit },
    RuncCommit: { ID: RUNC.commit },
    InitCommit: { ID: INIT.commit },
    SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"],
    ...(pools && pools.length > 0 ? { DefaultAddressPools: pools.map(({ base, size }) => ({ Base: base, Size: size })) } : {}),
    FirewallBackend: { Driver: "iptables" },
    CDISpecDirs: ["/etc/cdi", "/var/run/cdi"],
    Containerd: { Address: "/run/containerd/containerd.sock", Namespaces: { Containers: "moby", Plugins: "plugins.moby" } },
    Warnings: SYSINFO_WARNINGS,
  };
}

/** `types`: what was asked for; everything when nothing was. */
export function diskUsage(engine: Engine, types: readonly string[] | undefined): Outcome<DiskUsage> {
  const unknown = types?.find((type) => !["container", "image", "volume", "build-cache"].includes(type));
  if (unknown !== undefined) return refuse("invalid", `unknown object type: ${unknown}`);
  const wants = (type: string): boolean => types === undefined || types.includes(type);
  const images = listImages(engine.images, engine.containers, { filters: new Filters(), all: false, sharedSize: true, now: engine.now });
  if (!images.ok) return images;
  const containers = listContainers(engine, { all: true, limit: 0, size: true, since: "", before: "", filters: new Filters() });
  if (!containers.ok) return containers;
  return {
    ok: true,
    value: {
      LayersSize: wants("image") ? layersSize(engine.images) : 0,
      Images: wants("image") ? images.value : null,
      Containers: wants("container") ? containers.value : null,
      Volumes: wants("volume") ? engine.volumes.usage() : null,
      BuildCache: wants("build-cache") ? [] : null,
    },
  };
}
