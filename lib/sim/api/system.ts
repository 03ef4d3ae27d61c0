/** What the engine says of itself: `docker info`, `docker version`, `docker system df` (moby: api/types/system, api/types). */

import type { ContainerSummary } from "./container";
import type { GoMap, Slice } from "./go-json";
import type { ImageSummary } from "./image";
import type { Volume } from "./volume";

export type Commit = { readonly ID: string; readonly Expected?: string };

export type SwarmInfo = {
  readonly NodeID: string;
  readonly NodeAddr: string;
  readonly LocalNodeState: string;
  readonly ControlAvailable: boolean;
  readonly Error: string;
  readonly RemoteManagers: null;
};

export type SystemInfo = {
  readonly ID: string;
  readonly Containers: number;
  readonly ContainersRunning: number;
  readonly ContainersPaused: number;
  readonly ContainersStopped: number;
  readonly Images: number;
  readonly Driver: string;
  readonly DriverStatus: Slice<readonly [string, string]>;
  readonly Plugins: {
    readonly Volume: Slice<string>;
    readonly Network: Slice<string>;
    readonly Authorization: Slice<string>;
    readonly Log: Slice<string>;
  };
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly CpuCfsPeriod: boolean;
  readonly CpuCfsQuota: boolean;
  readonly CPUShares: boolean;
  readonly CPUSet: boolean;
  readonly PidsLimit: boolean;
  readonly IPv4Forwarding: boolean;
  readonly Debug: boolean;
  readonly NFd: number;
  readonly OomKillDisable: boolean;
  readonly NGoroutines: number;
  readonly SystemTime: string;
  readonly LoggingDriver: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion?: string;
  readonly NEventsListener: number;
  readonly KernelVersion: string;
  readonly OperatingSystem: string;
  readonly OSVersion: string;
  readonly OSType: string;
  readonly Architecture: string;
  readonly IndexServerAddress: string;
  readonly RegistryConfig: {
    readonly IndexConfigs: GoMap<{
      readonly Mirrors: Slice<string>;
      readonly Name: string;
      readonly Official: boolean;
      readonly Secure: boolean;
    }>;
    readonly InsecureRegistryCIDRs: Slice<string>;
    readonly Mirrors: Slice<string>;
  };
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly GenericResources: null;
  readonly DockerRootDir: string;
  readonly HttpProxy: string;
  readonly HttpsProxy: string;
  readonly NoProxy: string;
  readonly Name: string;
  readonly Labels: Slice<string>;
  readonly ExperimentalBuild: boolean;
  readonly ServerVersion: string;
  readonly Runtimes: GoMap<{ readonly path?: string; readonly status?: Readonly<Record<string, string>> }>;
  readonly DefaultRuntime: string;
  readonly Swarm: SwarmInfo;
  readonly LiveRestoreEnabled: boolean;
  readonly Isolation: string;
  readonly InitBinary: string;
  readonly ContainerdCommit: Commit;
  readonly RuncCommit: Commit;
  readonly InitCommit: Commit;
  readonly SecurityOptions: Slice<string>;
  readonly DefaultAddressPools?: readonly { readonly Base: string; readonly Size: number }[];
  readonly FirewallBackend?: { readonly Driver: string; readonly Info?: readonly (readonly [string, string])[] };
  readonly CDISpecDirs: Slice<string>;
  readonly Containerd?: { readonly Address?: string; readonly Namespaces: { readonly Containers: string; readonly Plugins: string } };
  readonly Warnings: Slice<string>;
};

export type SystemVersion = {
  readonly Platform: { readonly Name: string };
  readonly Components: readonly { readonly Name: string; readonly Version: string; readonly Details?: Readonly<Record<string, string>> }[];
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion: string;
  readonly GitCommit: string;
  readonly GoVersion: string;
  readonly Os: string;
  readonly Arch: string;
  readonly KernelVersion: string;
  readonly BuildTime: string;
};

/** `GET /system/df`. */
export type DiskUsage = {
  readonly LayersSize: number;
  readonly Images: Slice<ImageSummary>;
  readonly Containers: Slice<ContainerSummary>;
  readonly Volumes: Slice<Volume>;
  readonly BuildCache: Slice<never>;
};

/** `POST /build/prune`. */
export type BuildCachePruneReport = { readonly CachesDeleted: Slice<string>; readonly SpaceReclaimed: number };
