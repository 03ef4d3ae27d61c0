/** Body of `POST /volumes/create` (moby: api/types/volume.CreateOptions). */

import { empty, map, pointer, string, struct } from "../go/shape";
import type { Empty } from "@/lib/sim/api";

export type VolumeCreation = {
  /** Of a cluster volume; what is in it does not matter on a node without a cluster. */
  readonly ClusterVolumeSpec: Empty | null;
  readonly Driver: string;
  readonly DriverOpts: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Name: string;
};

export const VOLUME_CREATE = struct<VolumeCreation>("volume.CreateOptions", {
  ClusterVolumeSpec: pointer(empty),
  Driver: string,
  DriverOpts: map(string),
  Labels: map(string),
  Name: string,
});
