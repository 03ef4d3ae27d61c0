/**
 * The bodies about containers as Go structs: how they are read, completed and printed.
 * Field order and zero values are those of moby 28.5.2, api/types/container.
 */

import type {
  ContainerConfig,
  EndpointIpamConfig,
  EndpointSettings,
  ExecCreateRequest,
  ExecStartRequest,
  HealthConfig,
  HostConfig,
  Mount,
  Resources,
  RestartPolicy,
} from "@/lib/sim/api";
import {
  bool,
  empty,
  type Fields,
  int,
  int64,
  map,
  omitEmpty,
  pointer,
  type Shape,
  slice,
  string,
  stringOrSlice,
  struct,
  uint16,
  uint32,
  uint64,
  uintPair,
} from "../go/shape";

const HEALTH = struct<HealthConfig>("container.HealthConfig", {
  Test: omitEmpty(slice(string)),
  Interval: omitEmpty(int64),
  Timeout: omitEmpty(int64),
  StartPeriod: omitEmpty(int64),
  StartInterval: omitEmpty(int64),
  Retries: omitEmpty(int),
});

const CONFIG_FIELDS: Fields<ContainerConfig> = {
  Hostname: string,
  Domainname: string,
  User: string,
  AttachStdin: bool,
  AttachStdout: bool,
  AttachStderr: bool,
  ExposedPorts: omitEmpty(map(empty)),
  Tty: bool,
  OpenStdin: bool,
  StdinOnce: bool,
  Env: slice(string),
  Cmd: stringOrSlice,
  Healthcheck: omitEmpty(pointer(HEALTH)),
  ArgsEscaped: omitEmpty(bool),
  Image: string,
  Volumes: map(empty),
  WorkingDir: string,
  Entrypoint: stringOrSlice,
  NetworkDisabled: omitEmpty(bool),
  MacAddress: omitEmpty(string),
  OnBuild: slice(string),
  Labels: map(string),
  StopSignal: omitEmpty(string),
  StopTimeout: omitEmpty(pointer(int)),
  Shell: omitEmpty(stringOrSlice),
};

export const CONFIG: Shape<ContainerConfig> = struct<ContainerConfig>("container.Config", CONFIG_FIELDS);
export const CONFIG_KEYS: readonly string[] = Object.keys(CONFIG_FIELDS);

const weightDevice = struct<{ readonly Path: string; readonly Weight: number }>("blkiodev.WeightDevice", { Path: string, Weight: uint16 });
const throttleDevice = struct<{ readonly Path: string; readonly Rate: number }>("blkiodev.ThrottleDevice", { Path: string, Rate: uint64 });

const RESOURCE_FIELDS: Fields<Resources> = {
  CpuShares: int64,
  Memory: int64,
  NanoCpus: int64,
  CgroupParent: string,
  BlkioWeight: uint16,
  BlkioWeightDevice: slice(weightDevice),
  BlkioDeviceReadBps: slice(throttleDevice),
  BlkioDeviceWriteBps: slice(throttleDevice),
  BlkioDeviceReadIOps: slice(throttleDevice),
  BlkioDeviceWriteIOps: slice(throttleDevice),
  CpuPeriod: int64,
  CpuQuota: int64,
  CpuRealtimePeriod: int64,
  CpuRealtimeRuntime: int64,
  CpusetCpus: string,
  CpusetMems: string,
  Devices: slice(
    struct<{ readonly PathOnHost: string; readonly PathInContainer: string; readonly CgroupPermissions: string }>(
      "container.DeviceMapping",
      {
        PathOnHost: string,
        PathInContainer: string,
        CgroupPermissions: string,
      },
    ),
  ),
  DeviceCgroupRules: slice(string),
  DeviceRequests: slice(
    struct<NonNullable<Resources["DeviceRequests"]>[number]>("container.DeviceRequest", {
      Driver: string,
      Count: int,
      DeviceIDs: slice(string),
      Capabilities: slice(slice(string)),
      Options: map(string),
    }),
  ),
  KernelMemory: omitEmpty(int64),
  KernelMemoryTCP: omitEmpty(int64),
  MemoryReservation: int64,
  MemorySwap: int64,
  MemorySwappiness: pointer(int64),
  OomKillDisable: pointer(bool),
  PidsLimit: pointer(int64),
  Ulimits: slice(
    struct<{ readonly Name: string; readonly Hard: number; readonly Soft: number }>("units.Ulimit", {
      Name: string,
      Hard: int64,
      Soft: int64,
    }),
  ),
  CpuCount: int64,
  CpuPercent: int64,
  IOMaximumIOps: uint64,
  IOMaximumBandwidth: uint64,
};

const RESTART_POLICY = struct<RestartPolicy>("container.RestartPolicy", { Name: string, MaximumRetryCount: int });

const MOUNT = struct<Mount>("mount.Mount", {
  Type: omitEmpty(string),
  Source: omitEmpty(string),
  Target: omitEmpty(string),
  ReadOnly: omitEmpty(bool),
  Consistency: omitEmpty(string),
  BindOptions: omitEmpty(
    pointer(
      struct<NonNullable<Mount["BindOptions"]>>("mount.BindOptions", {
        Propagation: omitEmpty(string),
        NonRecursive: omitEmpty(bool),
        CreateMountpoint: omitEmpty(bool),
        ReadOnlyNonRecursive: omitEmpty(bool),
        ReadOnlyForceRecursive: omitEmpty(bool),
      }),
    ),
  ),
  VolumeOptions: omitEmpty(
    pointer(
      struct<NonNullable<Mount["VolumeOptions"]>>("mount.VolumeOptions", {
        NoCopy: omitEmpty(bool),
        Labels: omitEmpty(map(string)),
        Subpath: omitEmpty(string),
        DriverConfig: omitEmpty(
          pointer(
            struct<NonNullable<NonNullable<Mount["VolumeOptions"]>["DriverConfig"]>>("mount.Driver", {
              Name: omitEmpty(string),
              Options: omitEmpty(map(string)),
            }),
          ),
        ),
      }),
    ),
  ),
  ImageOptions: omitEmpty(pointer(struct<NonNullable<Mount["ImageOptions"]>>("mount.ImageOptions", { Subpath: omitEmpty(string) }))),
  TmpfsOptions: omitEmpty(
    pointer(
      struct<NonNullable<Mount["TmpfsOptions"]>>("mount.TmpfsOptions", {
        SizeBytes: omitEmpty(int64),
        Mode: omitEmpty(uint32),
        Options: omitEmpty(slice(mapped(slice(string)))),
      }),
    ),
  ),
  ClusterOptions: omitEmpty(pointer(empty)),
});

/** A list of lists whose inner nil reads as an empty one. */
function mapped(inner: Shape<readonly string[] | null>): Shape<readonly string[]> {
  return { ...inner, zero: [], read: (json, at) => inner.read(json, at) ?? [], write: (value) => value };
}

export const HOST_CONFIG: Shape<HostConfig> = struct<HostConfig>("container.HostConfig", {
  Binds: slice(string),
  ContainerIDFile: string,
  LogConfig: struct<HostConfig["LogConfig"]>("container.LogConfig", { Type: string, Config: map(string) }),
  NetworkMode: string,
  PortBindings: map(
    slice(struct<{ readonly HostIp: string; readonly HostPort: string }>("nat.PortBinding", { HostIp: string, HostPort: string })),
  ),
  RestartPolicy: RESTART_POLICY,
  AutoRemove: bool,
  VolumeDriver: string,
  VolumesFrom: slice(string),
  ConsoleSize: uintPair,
  Annotations: omitEmpty(map(string)),
  CapAdd: stringOrSlice,
  CapDrop: stringOrSlice,
  CgroupnsMode: string,
  Dns: slice(string),
  DnsOptions: slice(string),
  DnsSearch: slice(string),
  ExtraHosts: slice(string),
  GroupAdd: slice(string),
  IpcMode: string,
  Cgroup: string,
  Links: slice(string),
  OomScoreAdj: int,
  PidMode: string,
  Privileged: bool,
  PublishAllPorts: bool,
  ReadonlyRootfs: bool,
  SecurityOpt: slice(string),
  StorageOpt: omitEmpty(map(string)),
  Tmpfs: omitEmpty(map(string)),
  UTSMode: string,
  UsernsMode: string,
  ShmSize: int64,
  Sysctls: omitEmpty(map(string)),
  Runtime: omitEmpty(string),
  Isolation: string,
  ...RESOURCE_FIELDS,
  Mounts: omitEmpty(slice(MOUNT)),
  MaskedPaths: slice(string),
  ReadonlyPaths: slice(string),
  Init: omitEmpty(pointer(bool)),
});

export const UPDATE = struct<Resources & { readonly RestartPolicy: RestartPolicy }>("container.UpdateConfig", {
  ...RESOURCE_FIELDS,
  RestartPolicy: RESTART_POLICY,
});

export const ENDPOINT: Shape<EndpointSettings> = struct<EndpointSettings>("network.EndpointSettings", {
  IPAMConfig: pointer(
    struct<EndpointIpamConfig>("network.EndpointIPAMConfig", {
      IPv4Address: omitEmpty(string),
      IPv6Address: omitEmpty(string),
      LinkLocalIPs: omitEmpty(slice(string)),
    }),
  ),
  Links: slice(string),
  Aliases: slice(string),
  MacAddress: string,
  DriverOpts: map(string),
  GwPriority: int,
  NetworkID: string,
  EndpointID: string,
  Gateway: string,
  IPAddress: string,
  IPPrefixLen: int,
  IPv6Gateway: string,
  GlobalIPv6Address: string,
  GlobalIPv6PrefixLen: int,
  DNSNames: slice(string),
});

export type EndpointConfigs = Readonly<Record<string, EndpointSettings | null>> | null;

export const CREATE = struct<
  ContainerConfig & {
    readonly HostConfig: HostConfig | null;
    readonly NetworkingConfig: { readonly EndpointsConfig: EndpointConfigs } | null;
  }
>("container.CreateRequest", {
  ...CONFIG_FIELDS,
  HostConfig: pointer(HOST_CONFIG),
  NetworkingConfig: pointer(
    struct<{ readonly EndpointsConfig: EndpointConfigs }>("network.NetworkingConfig", { EndpointsConfig: map(pointer(ENDPOINT)) }),
  ),
});

export const EXEC_CREATE = struct<Required<Omit<ExecCreateRequest, "ConsoleSize">> & Pick<ExecCreateRequest, "ConsoleSize">>(
  "container.ExecOptions",
  {
    User: string,
    Privileged: bool,
    Tty: bool,
    ConsoleSize: omitEmpty(pointer(uintPair)),
    AttachStdin: bool,
    AttachStderr: bool,
    AttachStdout: bool,
    DetachKeys: string,
    Env: slice(string),
    WorkingDir: string,
    Cmd: slice(string),
  },
);

export const EXEC_START = struct<Required<Omit<ExecStartRequest, "ConsoleSize">> & Pick<ExecStartRequest, "ConsoleSize">>(
  "container.ExecStartOptions",
  {
    Detach: bool,
    Tty: bool,
    ConsoleSize: omitEmpty(pointer(uintPair)),
  },
);
