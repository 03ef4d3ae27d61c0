/**
 * `docker pull`: from a registry into the image store, with the progress that the client shows.
 *
 * Modelled on moby's distribution/pull_v2.go and its progress messages. A layer takes a tenth to a third of a second of
 * simulated time, all of them at once; nothing of it goes over the simulated network.
 */

import { ok } from "@/lib/base/result";
import type { PullMessage } from "@/lib/sim/api";
import { Channel } from "@/lib/sim/core/channel";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { type Routine, sleep } from "@/lib/sim/core/task";
import { type Duration, millis } from "@/lib/sim/core/time";
import { type Outcome, refuse, refuseNotSimulated } from "../error";
import type { Events } from "../events";
import type { ImageManifest, ImageRegistry } from "../image";
import { idOf, type ImageStore } from "./image-store";
import { familiar, familiarName, isDigest, isTag, parseReference, pathOf, type Reference, withDefaultTag } from "./reference";

const LEAST = millis(100);
const MOST = millis(300);
/** Bytes that a layer of the longest time has. */
const LARGE = 30_000_000;

/** `fromImage` and `tag` of a request; the tag may be a digest. */
export function pullReference(image: string, tag: string): Outcome<Reference> {
  const parsed = parseReference(image.replace(/:$/, ""));
  if (!parsed.ok) return refuse("invalid", parsed.error);
  if (tag === "") return ok(withDefaultTag(parsed.value));
  if (isDigest(tag)) return ok({ repository: parsed.value.repository, digest: tag });
  if (!isTag(tag)) return refuse("invalid", "invalid tag format");
  return ok({ repository: parsed.value.repository, tag });
}

/** What the registry has, or its refusal. */
export function findInRegistry(registry: ImageRegistry, reference: Reference): Outcome<ImageManifest> {
  if (!reference.repository.startsWith("docker.io/")) {
    return refuseNotSimulated(`pulling from the registry ${reference.repository.slice(0, reference.repository.indexOf("/"))}`);
  }
  const { repository, tag = "latest", digest } = reference;
  const manifest = registry.find(repository, digest === undefined ? { tag } : { digest });
  if (manifest) return ok(manifest);
  if (registry.find(repository, { tag: "latest" })) {
    return refuse("not-found", `manifest for ${familiar(reference)} not found: manifest unknown: manifest unknown`);
  }
  const name = familiarName(repository);
  return refuse(
    "not-found",
    `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
  );
}

/** Brings the image in, telling `progress` what happens. */
export function* pull(
  parts: { readonly scheduler: Scheduler; readonly images: ImageStore; readonly events: Events },
  reference: Reference,
  manifest: ImageManifest,
  progress: Channel<PullMessage>,
): Routine<void> {
  const { scheduler, images, events } = parts;
  progress.push({ status: `Pulling from ${pathOf(reference.repository)}`, id: reference.digest ?? reference.tag ?? "latest" });

  const isHere = images.byId(idOf(manifest)) !== undefined;
  const isUpToDate = isHere && images.referencesTo(idOf(manifest)).some((known) => familiar(known) === familiar(reference));
  if (!isHere) yield* download(scheduler, images, manifest, progress);

  const image = images.add(manifest);
  if (reference.tag !== undefined) images.tag(reference, image.id);
  images.addDigest(reference.repository, manifest.digest, image.id);
  const digest = manifest.digest.startsWith("sha256:") ? manifest.digest : `sha256:${manifest.digest}`;
  progress.push({ status: `Digest: ${digest}` });
  progress.push({ status: `Status: ${isUpToDate ? "Image is up to date" : "Downloaded newer image"} for ${familiar(reference)}` });
  events.log("image", "pull", familiar(reference), { ...manifest.config.labels, name: familiarName(reference.repository) });
}

function* download(scheduler: Scheduler, images: ImageStore, manifest: ImageManifest, progress: Channel<PullMessage>): Routine<void> {
  const chains = images.layersOf({ id: "", manifest, lastTagged: undefined, files: undefined });
  const pending: { readonly id: string; readonly size: number; left: Duration }[] = [];
  for (const [index, layer] of manifest.layers.entries()) {
    const isKnown = images.isLayerUsed(chains[index]?.chain ?? "");
    progress.push({ status: isKnown ? "Already exists" : "Pulling fs layer", progressDetail: {}, id: layer.id });
    if (!isKnown) pending.push({ id: layer.id, size: layer.size, left: durationOf(layer.size) });
  }
  // All at once; the smallest is there first.
  for (const layer of pending.toSorted((a, b) => a.left - b.left)) {
    for (const other of pending) if (other !== layer) other.left = Math.max(0, other.left - layer.left) as Duration;
    progress.push({ status: "Downloading", ...bar(Math.min(layer.size, 16_101), layer.size), id: layer.id });
    yield* sleep(scheduler, layer.left);
    layer.left = 0 as Duration;
    progress.push({ status: "Verifying Checksum", progressDetail: {}, id: layer.id });
    progress.push({ status: "Download complete", progressDetail: {}, id: layer.id });
  }
  // From the bottom up, one after the other.
  for (const layer of pending) {
    progress.push({ status: "Extracting", ...bar(Math.min(layer.size, 32_768), layer.size), id: layer.id });
    yield* sleep(scheduler, millis(20));
    progress.push({ status: "Extracting", ...bar(layer.size, layer.size), id: layer.id });
    progress.push({ status: "Pull complete", progressDetail: {}, id: layer.id });
  }
}

function durationOf(size: number): Duration {
  return Math.round(LEAST + (MOST - LEAST) * Math.min(1, size / LARGE)) as Duration;
}

/** moby's progress bar: 50 wide, then the sizes (pkg/jsonmessage). */
function bar(
  current: number,
  total: number,
): { readonly progressDetail: { readonly current: number; readonly total: number }; readonly progress: string } {
  const percent = total === 0 ? 50 : Math.floor((current * 50) / total);
  const drawn = `[${"=".repeat(percent)}>${" ".repeat(Math.max(0, 50 - percent))}]`;
  return { progressDetail: { current, total }, progress: `${drawn}  ${humanSize(current).padStart(6)}/${humanSize(total)}` };
}

/** Decimal units, four significant digits (go-units HumanSize). */
export function humanSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}
