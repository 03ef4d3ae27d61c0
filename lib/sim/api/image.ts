/** Images (moby: api/types/image, and the OCI image configuration). */

import type { DriverData } from "./container";
import type { Empty, GoMap, Slice, Timestamp } from "./go-json";

/** One element of `GET /images/json`, newest first. */
export type ImageSummary = {
  /** -1 when it was not counted. */
  readonly Containers: number;
  readonly Created: number;
  readonly Id: string;
  readonly Labels: GoMap<string>;
  readonly ParentId: string;
  readonly RepoDigests: Slice<string>;
  readonly RepoTags: Slice<string>;
  readonly SharedSize: number;
  readonly Size: number;
};

/** The image's configuration as `docker image inspect` shows it: some fields always, the others when they are not empty. */
export type ImageConfigView = {
  readonly Cmd: Slice<string>;
  readonly Entrypoint: Slice<string>;
  readonly Env: Slice<string>;
  readonly ExposedPorts?: Readonly<Record<string, Empty>>;
  readonly Labels: GoMap<string>;
  readonly OnBuild: Slice<string>;
  readonly StopSignal?: string;
  readonly User: string;
  readonly Volumes: GoMap<Empty>;
  readonly WorkingDir: string;
};

/** `GET /images/{name}/json`. The configuration comes last: moby merges older fields into it (inspect_response.go). */
export type ImageInspect = {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Parent: string;
  readonly Comment: string;
  readonly Created?: Timestamp;
  readonly DockerVersion: string;
  readonly Author: string;
  readonly Architecture: string;
  readonly Os: string;
  readonly Size: number;
  readonly GraphDriver: DriverData;
  readonly RootFS: { readonly Type?: string; readonly Layers?: readonly string[] };
  readonly Metadata: { readonly LastTagTime?: Timestamp };
  readonly Config: ImageConfigView;
};

export type ImageHistoryItem = {
  readonly Comment: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Id: string;
  readonly Size: number;
  readonly Tags: Slice<string>;
};

export type ImageDeleteItem = { readonly Deleted?: string; readonly Untagged?: string };
export type ImagesPruneReport = { readonly ImagesDeleted: Slice<ImageDeleteItem>; readonly SpaceReclaimed: number };

/** One line of the answer to `POST /images/create`: progress of a pull, or its failure. */
export type PullMessage = {
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly progress?: string;
  readonly id?: string;
  readonly errorDetail?: { readonly code?: number; readonly message: string };
  readonly error?: string;
};
