/** Routes about images (moby: daemon/server/router/image). */

import { ok } from "@/lib/base/result";
import type { PullMessage } from "@/lib/sim/api";
import { Channel } from "@/lib/sim/core/channel";
import type { Routine } from "@/lib/sim/core/task";
import { type Outcome, refuse, refuseNotSimulated } from "../error";
import { printJson } from "../go/json-print";
import type { ApiRequest } from "../http/request";
import { lines, nothing } from "../http/response";
import { findInRegistry, pull, pullReference } from "../image/pull";
import { familiar, familiarName, isTag, parseReference, type Reference, withDefaultTag } from "../image/reference";
import { imageHistory, inspectImage, listImages, tagRefusal } from "../image/views";
import { asJson, type Handler, withFilters } from "./handler";

const PLATFORM = /^(linux\/)?(amd64|x86_64|x86-64)(\/v1)?$/i;

export const list: Handler = (engine, request) =>
  withFilters(request, (filters) => {
    const images = listImages(engine.images, engine.containers, {
      filters,
      all: request.flag("all"),
      sharedSize: request.flag("shared-size"),
      now: engine.now,
    });
    if (!images.ok || !request.isBefore("1.51")) return asJson(images);
    return asJson(ok(images.value.map((image) => ({ ...image, Containers: -1 }))));
  });

export const inspect: Handler = (engine, request) => asJson(inspectImage(engine.images, engine.storageDriver, request.object));
export const history: Handler = (engine, request) => asJson(imageHistory(engine.images, request.object));

/** Fails with a status as long as there is nothing to show; once the manifest is found it can only succeed here. */
export const create: Handler = (engine, request) => {
  const platform = request.text("platform");
  if (platform !== "" && !PLATFORM.test(platform)) return refuseNotSimulated(`images for the platform ${platform}`);
  const from = request.text("fromImage");
  if (from === "") return refuseNotSimulated("making an image from a tar archive");
  const reference = pullReference(from, request.text("tag"));
  if (!reference.ok) return reference;
  if (familiarName(reference.value.repository) === "scratch") return refuse("forbidden", "'scratch' is a reserved name");
  const manifest = findInRegistry(engine.registry, reference.value);
  if (!manifest.ok) return manifest;

  const progress = new Channel<PullMessage>();
  const { scheduler } = engine.kernel;
  const task = engine.spawn(
    (function* (): Routine<void> {
      yield* pull({ scheduler, images: engine.images, events: engine.events }, reference.value, manifest.value, progress);
      progress.end();
    })(),
  );
  return ok(
    lines(
      function* () {
        const message = yield* progress.read();
        return message && `${printJson(message, { html: true }).trimEnd()}\r\n`;
      },
      () => {
        // Whoever goes takes the pull along.
        task.cancel();
        progress.end();
      },
    ),
  );
};

export const tag: Handler = (engine, request) => {
  const reference = tagReference(request);
  if (!reference.ok) return reference;
  // moby says nothing about a request without a repository.
  if (reference.value === undefined) return ok(nothing(200));
  const refused = tagRefusal(reference.value.repository);
  if (!refused.ok) return refused;
  const image = engine.images.get(request.object);
  if (!image.ok) return refuse("not-found", image.error.message);
  engine.images.tag(reference.value, image.value.id);
  image.value.lastTagged = engine.now;
  engine.events.log("image", "tag", image.value.id, { ...image.value.manifest.config.labels, name: familiar(reference.value) });
  return ok(nothing(201));
};

export const remove: Handler = (engine, request) => {
  if (request.object.trim() === "") return refuse("invalid", "image name cannot be blank");
  return asJson(engine.imageRemoval.remove(request.object, request.flag("force")));
};

export const prune: Handler = (engine, request) =>
  withFilters(request, (filters) => asJson(engine.imageRemoval.prune(filters, engine.now)));

function tagReference(request: ApiRequest): Outcome<Reference | undefined> {
  const repository = request.text("repo");
  if (repository === "") return ok(undefined);
  const parsed = parseReference(repository);
  if (!parsed.ok) return refuse("invalid", parsed.error);
  if (parsed.value.digest !== undefined) return refuse("invalid", "cannot import digest reference");
  const name = request.text("tag");
  if (name === "") return ok(withDefaultTag(parsed.value));
  return isTag(name) ? ok({ repository: parsed.value.repository, tag: name }) : refuse("invalid", "invalid tag format");
}
