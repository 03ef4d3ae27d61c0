/** The simulated registry: manifests made from the catalogue. Made once; a manifest never changes. */

import { InvariantViolation } from "@/lib/base/invariant";
import { Random } from "@/lib/sim/core/random";
import { BOOT_DATE_MS } from "@/lib/sim/core/time";
import type { ImageManifest, ImageRegistry } from "@/lib/sim/engine";
import type { FileSpec } from "@/lib/sim/kernel";
import { busyboxFiles, netshootFiles } from "@/lib/sim/programs/install";
import type { HostSpec } from "../topology";
import { CATALOGUE, type CatalogueImage } from "./images";

const PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const MANIFESTS: readonly ImageManifest[] = CATALOGUE.map(manifestOf);

export const imageCatalogue: ImageRegistry = {
  find: (repository, reference) =>
    MANIFESTS.find(
      (manifest) =>
        manifest.repository === repository &&
        ("tag" in reference ? manifest.tags.includes(reference.tag) : manifest.digest === reference.digest),
    ),
};

/** Which images a host has from the start. References are short: `nginx`, `alpine:3.20`, `traefik/whoami`. */
export function preloadedImages(images: HostSpec["images"]): readonly ImageManifest[] {
  if (images === "all") return MANIFESTS.filter((_, index) => !CATALOGUE[index]?.onlyInRegistry);
  return images.map((reference) => {
    const [name = "", tag = "latest"] = reference.split(":");
    const repository = name.includes("/") ? `docker.io/${name}` : `docker.io/library/${name}`;
    const found = imageCatalogue.find(repository, { tag });
    if (!found) throw new InvariantViolation(`the topology names an image that the catalogue lacks: ${reference}`);
    return { ...found, tags: [tag] };
  });
}

/** Every reference of the catalogue, for content checks and completion. */
export function catalogueReferences(): readonly string[] {
  return MANIFESTS.flatMap((manifest) =>
    manifest.tags.map((tag) => `${manifest.repository.replace(/^docker\.io\/(library\/)?/, "")}:${tag}`),
  );
}

function manifestOf(image: CatalogueImage): ImageManifest {
  const random = new Random(`image/${image.repository}`);
  const size = Math.round(image.megabytes * 1_000_000);
  const base: readonly FileSpec[] = image.base === "netshoot" ? netshootFiles() : busyboxFiles();
  const own: readonly FileSpec[] = [
    ...(image.osRelease === undefined ? [] : [{ path: "/etc/os-release", kind: "file" as const, text: image.osRelease }]),
    ...(image.files ?? []),
  ];
  const baseSize = Math.min(size, 4_000_000);
  const layers = [{ id: random.hex(12), size: baseSize, files: base }];
  if (own.length > 0) layers.push({ id: random.hex(12), size: size - baseSize, files: own });
  return {
    repository: image.repository,
    tags: image.tags,
    id: random.hex(64),
    digest: random.hex(64),
    architecture: "amd64",
    created: BOOT_DATE_MS / 1000 - image.ageDays * 86_400,
    size,
    layers,
    config: {
      user: "",
      exposedPorts: image.exposes ?? [],
      env: [PATH],
      entrypoint: image.entrypoint,
      cmd: image.cmd,
      volumes: image.volumes ?? [],
      workingDir: image.workingDir ?? "",
      labels: {},
      stopSignal: image.stopSignal,
    },
  };
}
