/** Volumes (moby: api/types/volume). */

import type { GoMap, Slice, Timestamp } from "./go-json";

export type Volume = {
  readonly CreatedAt?: Timestamp;
  readonly Driver: string;
  readonly Labels: GoMap<string>;
  readonly Mountpoint: string;
  readonly Name: string;
  readonly Options: GoMap<string>;
  readonly Scope: string;
  /** Only in `GET /system/df`. */
  readonly UsageData?: { readonly RefCount: number; readonly Size: number };
};

export type VolumeCreateRequest = {
  readonly Driver?: string;
  readonly DriverOpts?: GoMap<string>;
  readonly Labels?: GoMap<string>;
  readonly Name?: string;
};
export type VolumeListResponse = { readonly Volumes: Slice<Volume>; readonly Warnings: Slice<string> };
export type VolumesPruneReport = { readonly VolumesDeleted: Slice<string>; readonly SpaceReclaimed: number };
