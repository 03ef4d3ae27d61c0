/**
 * Containers: configuration, state, listing, and the bodies of the requests about them.
 * `docker inspect` prints `ContainerInspect`, `docker ps` is made of `ContainerSummary`.
 *
 * Fields stand in the order of moby's structs (api/types/container, 28.5.2), which is the order on the wire.
 */

import type { Empty, GoMap, Slice, Timestamp } from "./go-json";
import type { Mount, MountPoint } from "./mount";
import type { EndpointSettings, NetworkingConfig } from "./network";

/** `80/tcp` → where it is published. */
export type PortMap = GoMap<Slice<PortBinding>>;
export type PortBinding = { readonly HostIp: string; readonly HostPort: string };

export type HealthConfig = {
  readonly Test?: readonly string[];
  /** Nanoseconds, as all durations here. */
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
};

/** What can move to another host with the container. */
export type ContainerConfig = {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly User: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly ExposedPorts?: Readonly<Record<string, Empty>>;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Env: Slice<string>;
  readonly Cmd: Slice<string>;
  readonly Healthcheck?: HealthConfig;
  readonly ArgsEscaped?: boolean;
  readonly Image: string;
  readonly Volumes: GoMap<Empty>;
  readonly WorkingDir: string;
  readonly Entrypoint: Slice<string>;
  readonly NetworkDisabled?: boolean;
  readonly MacAddress?: string;
  readonly OnBuild: Slice<string>;
  readonly Labels: GoMap<string>;
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Shell?: readonly string[];
};

export type RestartPolicy = { readonly Name: string; readonly MaximumRetryCount: number };
export type Ulimit = { readonly Name: string; readonly Hard: number; readonly Soft: number };
export type WeightDevice = { readonly Path: string; readonly Weight: number };
export type ThrottleDevice = { readonly Path: string; readonly Rate: number };

/** Limits of a container; embedded in `HostConfig` and in the body of an update. */
export type Resources = {
  readonly CpuShares: number;
  readonly Memory: number;
  readonly NanoCpus: number;
  readonly CgroupParent: string;
  readonly BlkioWeight: number;
  readonly BlkioWeightDevice: Slice<WeightDevice>;
  readonly BlkioDeviceReadBps: Slice<ThrottleDevice>;
  readonly BlkioDeviceWriteBps: Slice<ThrottleDevice>;
  readonly BlkioDeviceReadIOps: Slice<ThrottleDevice>;
  readonly BlkioDeviceWriteIOps: Slice<ThrottleDevice>;
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
  readonly CpuRealtimePeriod: number;
  readonly CpuRealtimeRuntime: number;
  readonly CpusetCpus: string;
  readonly CpusetMems: string;
  readonly Devices: Slice<{ readonly PathOnHost: string; readonly PathInContainer: string; readonly CgroupPermissions: string }>;
  readonly DeviceCgroupRules: Slice<string>;
  readonly DeviceRequests: Slice<{
    readonly Driver: string;
    readonly Count: number;
    readonly DeviceIDs: Slice<string>;
    readonly Capabilities: Slice<Slice<string>>;
    readonly Options: GoMap<string>;
  }>;
  readonly KernelMemory?: number;
  readonly KernelMemoryTCP?: number;
  readonly MemoryReservation: number;
  readonly MemorySwap: number;
  readonly MemorySwappiness: number | null;
  readonly OomKillDisable: boolean | null;
  readonly PidsLimit: number | null;
  readonly Ulimits: Slice<Ulimit>;
  readonly CpuCount: number;
  readonly CpuPercent: number;
  readonly IOMaximumIOps: number;
  readonly IOMaximumBandwidth: number;
};

/** What depends on the host that the container runs on. */
export type HostConfig = {
  readonly Binds: Slice<string>;
  readonly ContainerIDFile: string;
  readonly LogConfig: { readonly Type: string; readonly Config: GoMap<string> };
  readonly NetworkMode: string;
  readonly PortBindings: PortMap;
  readonly RestartPolicy: RestartPolicy;
  readonly AutoRemove: boolean;
  readonly VolumeDriver: string;
  readonly VolumesFrom: Slice<string>;
  /** Height, width. */
  readonly ConsoleSize: readonly [number, number];
  readonly Annotations?: Readonly<Record<string, string>>;
  readonly CapAdd: Slice<string>;
  readonly CapDrop: Slice<string>;
  readonly CgroupnsMode: string;
  readonly Dns: Slice<string>;
  readonly DnsOptions: Slice<string>;
  readonly DnsSearch: Slice<string>;
  readonly ExtraHosts: Slice<string>;
  readonly GroupAdd: Slice<string>;
  readonly IpcMode: string;
  readonly Cgroup: string;
  readonly Links: Slice<string>;
  readonly OomScoreAdj: number;
  readonly PidMode: string;
  readonly Privileged: boolean;
  readonly PublishAllPorts: boolean;
  readonly ReadonlyRootfs: boolean;
  readonly SecurityOpt: Slice<string>;
  readonly StorageOpt?: Readonly<Record<string, string>>;
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly UTSMode: string;
  readonly UsernsMode: string;
  readonly ShmSize: number;
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly Runtime?: string;
  readonly Isolation: string;
} & Resources & {
    readonly Mounts?: readonly Mount[];
    readonly MaskedPaths: Slice<string>;
    readonly ReadonlyPaths: Slice<string>;
    readonly Init?: boolean;
  };

/** Body of `POST /containers/create`. Whatever is left out is Go's zero value. */
export type ContainerCreateRequest = Partial<ContainerConfig> & {
  readonly HostConfig?: Partial<HostConfig>;
  readonly NetworkingConfig?: NetworkingConfig;
};
export type ContainerCreateResponse = { readonly Id: string; readonly Warnings: readonly string[] };

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

export type HealthcheckResult = { readonly Start: Timestamp; readonly End: Timestamp; readonly ExitCode: number; readonly Output: string };
export type Health = {
  readonly Status: "none" | "starting" | "healthy" | "unhealthy";
  readonly FailingStreak: number;
  readonly Log: Slice<HealthcheckResult>;
};

export type ContainerState = {
  readonly Status: ContainerStatus;
  readonly Running: boolean;
  readonly Paused: boolean;
  readonly Restarting: boolean;
  readonly OOMKilled: boolean;
  readonly Dead: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  readonly Error: string;
  readonly StartedAt: Timestamp;
  readonly FinishedAt: Timestamp;
  readonly Health?: Health;
};

export type NetworkSettings = {
  readonly Bridge: string;
  readonly SandboxID: string;
  readonly SandboxKey: string;
  readonly Ports: PortMap;
  readonly HairpinMode: boolean;
  readonly LinkLocalIPv6Address: string;
  readonly LinkLocalIPv6PrefixLen: number;
  readonly SecondaryIPAddresses: null;
  readonly SecondaryIPv6Addresses: null;
  /** These eight are of the default bridge network; empty on others. */
  readonly EndpointID: string;
  readonly Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly IPv6Gateway: string;
  readonly MacAddress: string;
  readonly Networks: GoMap<EndpointSettings>;
};

export type DriverData = { readonly Data: GoMap<string>; readonly Name: string };

/** `GET /containers/{id}/json`. */
export type ContainerInspect = {
  readonly Id: string;
  readonly Created: Timestamp;
  readonly Path: string;
  readonly Args: Slice<string>;
  readonly State: ContainerState;
  /** The image's id with `sha256:`. */
  readonly Image: string;
  readonly ResolvConfPath: string;
  readonly HostnamePath: string;
  readonly HostsPath: string;
  readonly LogPath: string;
  /** With its leading slash. */
  readonly Name: string;
  readonly RestartCount: number;
  readonly Driver: string;
  readonly Platform: string;
  readonly MountLabel: string;
  readonly ProcessLabel: string;
  readonly AppArmorProfile: string;
  readonly ExecIDs: Slice<string>;
  readonly HostConfig: HostConfig;
  readonly GraphDriver: DriverData;
  /** With `?size=1`. */
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Mounts: readonly MountPoint[];
  readonly Config: ContainerConfig;
  readonly NetworkSettings: NetworkSettings;
};

export type Port = {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
};

/** One element of `GET /containers/json`, newest first. */
export type ContainerSummary = {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Ports: readonly Port[];
  readonly SizeRw?: number;
  readonly SizeRootFs?: number;
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: ContainerStatus;
  /** `Up 3 seconds`, `Exited (0) 2 minutes ago`. */
  readonly Status: string;
  readonly HostConfig: { readonly NetworkMode?: string; readonly Annotations?: Readonly<Record<string, string>> };
  readonly NetworkSettings: { readonly Networks: GoMap<EndpointSettings> };
  readonly Mounts: readonly MountPoint[];
};

/** `POST /containers/{id}/wait`. */
export type WaitCondition = "not-running" | "next-exit" | "removed";
export type WaitResponse = { readonly Error?: { readonly Message?: string }; readonly StatusCode: number };

export type TopResponse = { readonly Processes: Slice<readonly string[]>; readonly Titles: Slice<string> };
/** Kind: 0 changed, 1 added, 2 deleted. */
export type FilesystemChange = { readonly Kind: 0 | 1 | 2; readonly Path: string };
export type ContainerUpdateRequest = Partial<Resources> & { readonly RestartPolicy?: RestartPolicy };
export type ContainerUpdateResponse = { readonly Warnings: Slice<string> };
export type ContainersPruneReport = { readonly ContainersDeleted: Slice<string>; readonly SpaceReclaimed: number };
