/** Images as the API shows them: `docker images`, `docker image inspect`, `docker history` (moby: daemon/images). */

import { fail, ok } from "@/lib/base/result";
import { type Empty, type ImageHistoryItem, type ImageInspect, type ImageSummary, ZERO_TIME } from "@/lib/sim/api";
import type { Containers } from "../container/containers";
import { type EngineError, type Outcome, refuse } from "../error";
import type { Filters } from "../filters";
import { sortedByKey } from "../go/shape";
import { type EpochMicros, parseTimestamp, rfc3339Nano } from "../go/time";
import { layersData, type StorageDriver } from "../storage-driver";
import type { ImageStore, StoredImage } from "./image-store";
import { familiar, familiarMatch } from "./reference";

const ACCEPTED = ["dangling", "label", "before", "since", "reference", "until"];

export function listImages(
  images: ImageStore,
  containers: Containers,
  asked: { readonly filters: Filters; readonly all: boolean; readonly sharedSize: boolean; readonly now: EpochMicros },
): Outcome<readonly ImageSummary[]> {
  const { filters } = asked;
  const accepted = filters.check(ACCEPTED);
  if (!accepted.ok) return accepted;
  const danglingOnly = filters.bool("dangling", false);
  if (!danglingOnly.ok) return danglingOnly;

  let before = Number.POSITIVE_INFINITY;
  let since = Number.NEGATIVE_INFINITY;
  const createdOf = (term: string, use: (created: number) => void): EngineError | undefined => {
    const image = images.get(term);
    if (!image.ok) return image.error;
    use(image.value.manifest.created);
    return undefined;
  };
  const error =
    filters.walk("before", (term) => createdOf(term, (created) => (before = Math.min(before, created)))) ??
    filters.walk("until", (text) => {
      const time = parseTimestamp(text, asked.now);
      if (!time.ok) return { kind: "internal", message: time.error };
      before = Math.min(before, time.value / 1_000_000);
      return undefined;
    }) ??
    filters.walk("since", (term) => createdOf(term, (created) => (since = Math.max(since, created))));
  if (error) return fail(error);

  const summaries: ImageSummary[] = [];
  for (const image of images.list()) {
    const { manifest } = image;
    if (manifest.created >= before || manifest.created <= since) continue;
    if (filters.has("label") && !filters.matchLabels("label", manifest.config.labels)) continue;
    const patterns = filters.values("reference");
    const references = images
      .referencesTo(image.id)
      .filter((reference) => patterns.length === 0 || patterns.some((pattern) => familiarMatch(pattern, reference)));
    const tags = references.filter(({ digest }) => digest === undefined).map(familiar);
    const digests = references.filter(({ digest }) => digest !== undefined).map(familiar);
    if (references.length === 0) {
      if (filters.has("reference") || (filters.has("dangling") && !danglingOnly.value)) continue;
    } else if (danglingOnly.value && tags.length > 0) continue;
    summaries.push({
      Containers: containers.list().filter(({ imageId }) => imageId === image.id).length,
      Created: manifest.created,
      Id: image.id,
      Labels: labelsOf(image),
      ParentId: "",
      RepoDigests: digests,
      RepoTags: tags,
      SharedSize: asked.sharedSize ? sharedSizeOf(images, image) : -1,
      Size: manifest.size,
    });
  }
  return ok(summaries);
}

export function inspectImage(images: ImageStore, driver: StorageDriver, term: string): Outcome<ImageInspect> {
  const found = images.get(term);
  if (!found.ok) return found;
  const image = found.value;
  const { manifest } = image;
  const { config } = manifest;
  const references = images.referencesTo(image.id);
  const layers = images.layersOf(image);
  const top = layers.at(-1);
  const below = layers.slice(0, -1).reverse();
  return ok({
    Id: image.id,
    RepoTags: references.filter(({ digest }) => digest === undefined).map(familiar),
    RepoDigests: references.filter(({ digest }) => digest !== undefined).map(familiar),
    Parent: "",
    Comment: "",
    Created: rfc3339Nano((manifest.created * 1_000_000) as EpochMicros),
    DockerVersion: "",
    Author: "",
    Architecture: manifest.architecture,
    Os: "linux",
    Size: manifest.size,
    GraphDriver: {
      Data: top
        ? layersData(
            driver,
            top.cacheId,
            below.map(({ cacheId }) => cacheId),
          )
        : null,
      Name: driver,
    },
    RootFS: { Type: "layers", ...(layers.length > 0 ? { Layers: layers.map(({ diffId }) => diffId) } : {}) },
    Metadata: { LastTagTime: image.lastTagged === undefined ? ZERO_TIME : rfc3339Nano(image.lastTagged) },
    Config: {
      Cmd: config.cmd ?? null,
      Entrypoint: config.entrypoint ?? null,
      Env: config.env.length > 0 ? config.env : null,
      ...(config.exposedPorts.length > 0 ? { ExposedPorts: setOf(config.exposedPorts) } : {}),
      Labels: labelsOf(image),
      OnBuild: null,
      ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
      User: config.user,
      Volumes: config.volumes.length > 0 ? setOf(config.volumes) : null,
      WorkingDir: config.workingDir,
    },
  });
}

export function imageHistory(images: ImageStore, term: string): Outcome<readonly ImageHistoryItem[]> {
  const found = images.get(term);
  if (!found.ok) return found;
  const image = found.value;
  const layers = images.layersOf(image);
  const tags = images
    .referencesTo(image.id)
    .filter(({ digest }) => digest === undefined)
    .map(familiar);
  return ok(
    layers.toReversed().map((layer, index) => ({
      Comment: "",
      Created: image.manifest.created,
      CreatedBy: "",
      Id: index === 0 ? image.id : "<missing>",
      Size: layer.size,
      Tags: index === 0 && tags.length > 0 ? tags : null,
    })),
  );
}

/** What all images take together, layers that they share once. */
export function layersSize(images: ImageStore): number {
  const sizes = new Map<string, number>();
  for (const image of images.list()) for (const layer of images.layersOf(image)) sizes.set(layer.chain, layer.size);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** A tag for an image, made by `docker tag`. */
export function tagRefusal(repository: string): Outcome<void> {
  return repository === "docker.io/library/sha256"
    ? refuse("invalid", "refusing to create an ambiguous tag using digest algorithm as name")
    : ok(undefined);
}

export function setOf(keys: readonly string[]): Readonly<Record<string, Empty>> {
  return sortedByKey(Object.fromEntries(keys.map((key) => [key, {}])));
}

function labelsOf(image: StoredImage): Readonly<Record<string, string>> | null {
  const { labels } = image.manifest.config;
  return Object.keys(labels).length > 0 ? sortedByKey(labels) : null;
}

function sharedSizeOf(images: ImageStore, image: StoredImage): number {
  const others = images.list().filter(({ id }) => id !== image.id);
  const shared = new Set(others.flatMap((other) => images.layersOf(other).map(({ chain }) => chain)));
  return images.layersOf(image).reduce((sum, layer) => (shared.has(layer.chain) ? sum + layer.size : sum), 0);
}
