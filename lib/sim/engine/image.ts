/** Images as the daemon gets them from a registry. The contract is the daemon's; world provides the catalogue. */

import type { FileSpec } from "@/lib/sim/kernel";

export type ImageConfig = {
  readonly user: string;
  readonly exposedPorts: readonly string[];
  readonly env: readonly string[];
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  readonly volumes: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal: string | undefined;
};

export type ImageManifest = {
  /** `docker.io/library/nginx`, `docker.io/traefik/whoami`. */
  readonly repository: string;
  readonly tags: readonly string[];
  /** 64 hexadecimal digits: of the image (config) and of its manifest. */
  readonly id: string;
  readonly digest: string;
  readonly architecture: "amd64";
  /** Seconds since 1970. */
  readonly created: number;
  /** Bytes on disk. */
  readonly size: number;
  /** Bottom first. `id` has 12 digits, as `docker pull` shows; `size` is what is downloaded. */
  readonly layers: readonly { readonly id: string; readonly size: number; readonly files: readonly FileSpec[] }[];
  readonly config: ImageConfig;
};

/** The registries that the host reaches. References are normalised: `docker.io/library/nginx` and a tag or digest. */
export interface ImageRegistry {
  find(repository: string, reference: { readonly tag: string } | { readonly digest: string }): ImageManifest | undefined;
}
