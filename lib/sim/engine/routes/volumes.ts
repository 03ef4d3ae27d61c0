/** Routes about volumes (moby: daemon/server/router/volume). */

import { ok } from "@/lib/base/result";
import { NOT_A_MANAGER, prefixed, refuse } from "../error";
import { Filters } from "../filters";
import { json } from "../http/response";
import { VOLUME_CREATE } from "../volume/shapes";
import { asJson, asNothing, type Handler, withFilters } from "./handler";

export const list: Handler = (engine, request) => {
  const filters = Filters.parse(request.text("filters"));
  if (!filters.ok) return prefixed("error reading volume filters", filters.error);
  const volumes = engine.volumes.list(filters.value);
  return volumes.ok ? ok(json(200, { Volumes: volumes.value, Warnings: null })) : volumes;
};

export const create: Handler = (engine, request) => {
  const body = request.json(VOLUME_CREATE, "CreateOptions");
  if (!body.ok) return body;
  const { ClusterVolumeSpec: cluster, Name: name, Driver: driver, DriverOpts: options, Labels: labels } = body.value;
  if (cluster && !request.isBefore("1.42")) return refuse("unavailable", NOT_A_MANAGER);
  return asJson(engine.volumes.create({ name, driver, options, labels }, engine.now), 201);
};

export const inspect: Handler = (engine, request) => asJson(engine.volumes.get(request.object));
export const update: Handler = () => refuse("unavailable", "volume update only valid for cluster volumes, but swarm is unavailable");
export const remove: Handler = (engine, request) => asNothing(engine.volumes.remove(request.object, request.flag("force")));

export const prune: Handler = (engine, request) =>
  withFilters(request, (filters) => asJson(engine.volumes.prune(request.isBefore("1.42") ? filters.with("all", "true") : filters)));
