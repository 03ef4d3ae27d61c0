/** Mounts as a container asks for them and as it has them (moby: api/types/mount, api/types/container MountPoint). */

import type { GoMap, Slice } from "./go-json";

export type Mount = {
  readonly Type?: string;
  readonly Source?: string;
  readonly Target?: string;
  readonly ReadOnly?: boolean;
  readonly Consistency?: string;
  readonly BindOptions?: {
    readonly Propagation?: string;
    readonly NonRecursive?: boolean;
    readonly CreateMountpoint?: boolean;
    readonly ReadOnlyNonRecursive?: boolean;
    readonly ReadOnlyForceRecursive?: boolean;
  };
  readonly VolumeOptions?: {
    readonly NoCopy?: boolean;
    readonly Labels?: GoMap<string>;
    readonly Subpath?: string;
    readonly DriverConfig?: { readonly Name?: string; readonly Options?: GoMap<string> };
  };
  readonly ImageOptions?: { readonly Subpath?: string };
  readonly TmpfsOptions?: { readonly SizeBytes?: number; readonly Mode?: number; readonly Options?: Slice<readonly string[]> };
  readonly ClusterOptions?: Readonly<Record<string, never>>;
};

/** A mount that a container has. */
export type MountPoint = {
  readonly Type?: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly Driver?: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
};
