/**
 * Removing images and references to them: `docker rmi`, `docker image prune`.
 * Modelled on moby's daemon/images/image_delete.go and image_prune.go, with their words for what stands in the way.
 */

import { fail, ok } from "@/lib/base/result";
import type { ImageDeleteItem, ImagesPruneReport } from "@/lib/sim/api";
import type { Container } from "../container/container";
import type { Containers } from "../container/containers";
import { type EngineError, type Outcome, refuse } from "../error";
import type { Events } from "../events";
import type { Filters } from "../filters";
import { quote } from "../go/quote";
import { type EpochMicros, parseTimestamp } from "../go/time";
import { shortId } from "../ids";
import type { ImageStore, StoredImage } from "./image-store";
import { familiar, parseReference, type Reference, withDefaultTag } from "./reference";

type Conflict = { readonly message: string; readonly isHard: boolean; readonly isUse: boolean };

export class ImageRemoval {
  readonly #images: ImageStore;
  readonly #containers: Containers;
  readonly #events: Events;

  constructor(images: ImageStore, containers: Containers, events: Events) {
    this.#images = images;
    this.#containers = containers;
    this.#events = events;
  }

  remove(term: string, force: boolean): Outcome<readonly ImageDeleteItem[]> {
    const found = this.#images.get(term);
    if (!found.ok) return found;
    const image = found.value;
    const items: ImageDeleteItem[] = [];
    let references = this.#images.referencesTo(image.id);

    if (isIdPrefix(image, term)) {
      if (isSingle(references)) {
        const conflict = this.#conflict(image, { stopped: !force, references: false });
        if (conflict) return fail(conflictError(image, conflict));
        for (const reference of references) this.#untag(image, reference, items);
      }
      const error = this.#delete(image, items, force, false);
      return error ? fail(error) : ok(items);
    }

    if (!force && isSingle(references)) {
      const user = this.#containers.list().find((container) => container.imageId === image.id);
      if (user) {
        const message = `conflict: unable to remove repository reference ${quote(term)} (must force) - container ${shortId(user.id)} is using its referenced image ${shortId(image.id)}`;
        return refuse("conflict", message);
      }
    }
    const parsed = parseReference(term);
    if (!parsed.ok) return refuse("invalid", parsed.error);
    const wanted = withDefaultTag(parsed.value);
    this.#untag(image, wanted, items);
    references = this.#images.referencesTo(image.id);
    if (wanted.digest === undefined && !references.some(({ repository, tag }) => repository === wanted.repository && tag !== undefined)) {
      // The last tag in its repository takes the repository's digest with it.
      for (const reference of references) {
        if (reference.digest === undefined || reference.repository !== wanted.repository) continue;
        this.#images.untag(reference);
        items.push({ Untagged: familiar(reference) });
      }
      references = this.#images.referencesTo(image.id);
    }
    if (references.length > 0) return ok(items);
    const error = this.#delete(image, items, force, true);
    return error ? fail(error) : ok(items);
  }

  prune(filters: Filters, now: EpochMicros): Outcome<ImagesPruneReport> {
    const accepted = filters.check(["dangling", "label", "label!", "until"]);
    if (!accepted.ok) return accepted;
    const danglingOnly = filters.bool("dangling", true);
    if (!danglingOnly.ok) return danglingOnly;
    const until = untilOf(filters, now);
    if (!until.ok) return until;

    const deleted: ImageDeleteItem[] = [];
    let reclaimed = 0;
    for (const image of this.#images.list()) {
      if (until.value !== undefined && image.manifest.created * 1_000_000 > until.value) continue;
      if (!filters.matchPruneLabels(image.manifest.config.labels)) continue;
      const references = this.#images.referencesTo(image.id);
      if (danglingOnly.value && references.some(({ tag }) => tag !== undefined)) continue;
      const terms = references.length > 0 ? references.map((reference) => familiar(reference)) : [image.manifest.id];
      for (const term of terms) {
        if (!this.#images.byId(image.id)) break;
        const layers = this.#images.layersOf(image);
        const removed = this.remove(term, false);
        if (!removed.ok) continue;
        deleted.push(...removed.value);
        for (const item of removed.value) reclaimed += layers.find(({ chain }) => chain === item.Deleted)?.size ?? 0;
      }
    }
    this.#events.log("image", "prune", "", { reclaimed: String(reclaimed) });
    return ok({ ImagesDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed });
  }

  #untag(image: StoredImage, reference: Reference, items: ImageDeleteItem[]): void {
    this.#images.untag(reference);
    this.#log(image, "untag");
    items.push({ Untagged: familiar(reference) });
  }

  /** `quiet`: a reference was removed already, so what only keeps the image is no error. */
  #delete(image: StoredImage, items: ImageDeleteItem[], force: boolean, quiet: boolean): EngineError | undefined {
    const conflict = this.#conflict(image, { stopped: !force, references: !force });
    if (conflict) {
      if (quiet && (this.#images.referencesTo(image.id).length > 0 || conflict.isUse)) return undefined;
      return conflictError(image, conflict);
    }
    for (const reference of this.#images.referencesTo(image.id)) this.#untag(image, reference, items);
    const layers = this.#images.layersOf(image);
    this.#images.delete(image.id);
    this.#log(image, "delete");
    items.push({ Deleted: image.id });
    for (const layer of layers.toReversed()) if (!this.#images.isLayerUsed(layer.chain)) items.push({ Deleted: layer.chain });
    return undefined;
  }

  #conflict(image: StoredImage, asks: { readonly stopped: boolean; readonly references: boolean }): Conflict | undefined {
    const user = (isRunning: boolean): Container | undefined =>
      this.#containers.list().find((container) => container.imageId === image.id && container.state.running === isRunning);
    const running = user(true);
    if (running) return { isHard: true, isUse: true, message: `image is being used by running container ${shortId(running.id)}` };
    if (asks.references && this.#images.referencesTo(image.id).length > 0) {
      return { isHard: false, isUse: false, message: "image is referenced in multiple repositories" };
    }
    const stopped = asks.stopped ? user(false) : undefined;
    return stopped && { isHard: false, isUse: true, message: `image is being used by stopped container ${shortId(stopped.id)}` };
  }

  #log(image: StoredImage, action: "untag" | "delete"): void {
    this.#events.log("image", action, image.id, { ...(action === "untag" ? image.manifest.config.labels : {}), name: image.id });
  }
}

/** The `until` of a prune, if there is one. */
export function untilOf(filters: Filters, now: EpochMicros): Outcome<EpochMicros | undefined> {
  const values = filters.values("until");
  if (!filters.has("until")) return ok(undefined);
  if (values.length !== 1) return refuse("invalid", "more than one until filter specified");
  const time = parseTimestamp(values[0] ?? "", now);
  return time.ok ? time : refuse("invalid", time.error);
}

function conflictError(image: StoredImage, { isHard, message }: Conflict): EngineError {
  return {
    kind: "conflict",
    message: `conflict: unable to delete ${shortId(image.id)} (${isHard ? "cannot be forced" : "must be forced"}) - ${message}`,
  };
}

function isIdPrefix(image: StoredImage, term: string): boolean {
  return image.id.startsWith(term) || image.manifest.id.startsWith(term);
}

/** One tag, or one tag and its repository's digest. */
function isSingle(references: readonly Reference[]): boolean {
  if (references.length <= 1) return references.length === 1;
  const tags = references.filter(({ digest }) => digest === undefined);
  if (tags.length > 1) return false;
  const single = tags[0] ?? references[0];
  const digests = new Set(references.filter(({ digest }) => digest !== undefined).map(({ repository }) => repository));
  return digests.size === 1 && single !== undefined && digests.has(single.repository);
}
