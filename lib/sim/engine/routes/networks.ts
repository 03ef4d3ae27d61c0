/** Routes about networks (moby: daemon/server/router/network). */

import { ok } from "@/lib/base/result";
import { connect, disconnect } from "../container/networking";
import { ENDPOINT } from "../container/shapes";
import type { Engine } from "../engine";
import { refuse, refuseNotSimulated } from "../error";
import { parseBool } from "../go/strconv";
import type { ApiRequest } from "../http/request";
import { json } from "../http/response";
import { listNetworks, viewOfNetwork } from "../network/networks";
import { NETWORK_CONNECT, NETWORK_CREATE, NETWORK_DISCONNECT } from "../network/shapes";
import { type Answer, asJson, asNothing, type Handler, withFilters } from "./handler";

export const list: Handler = (engine, request) => withFilters(request, (filters) => asJson(listNetworks(engine.networks.list(), filters)));

export const inspect: Handler = (engine, request) => {
  const text = request.text("verbose");
  const verbose = text === "" ? ok(false) : parseBool(text);
  if (!verbose.ok) return refuse("invalid", `invalid value for verbose: ${text}: ${verbose.error}`);
  const term = request.object;
  const found = engine.networks.search(
    term,
    request.text("scope"),
    (matches, by) => `${matches} matches found based on ${by}: network ${term} is ambiguous`,
  );
  return found.ok ? ok(json(200, viewOfNetwork(found.value, true))) : found;
};

export const create: Handler = function* (engine, request) {
  const body = request.json(NETWORK_CREATE, "CreateRequest");
  if (!body.ok) return body;
  const asked = request.isBefore("1.48") ? { ...body.value, EnableIPv4: null } : body.value;
  yield* engine.work(4);
  const created = engine.networks.create(asked);
  engine.changed.wake();
  return asJson(created, 201);
};

export const remove: Handler = function* (engine, request) {
  const term = request.object;
  const found = engine.networks.search(term, "", (matches, by) => `network ${term} is ambiguous (${matches} matches found based on ${by})`);
  if (!found.ok) return found;
  yield* engine.work(4);
  const removed = engine.networks.remove(found.value.id);
  engine.changed.wake();
  return asNothing(removed);
};

export const prune: Handler = (engine, request) =>
  withFilters(request, (filters) => {
    const pruned = engine.networks.prune(filters, engine.now);
    engine.changed.wake();
    return asJson(pruned);
  });

export const connectRoute: Handler = function* (engine, request) {
  const body = request.json(NETWORK_CONNECT, "ConnectOptions");
  if (!body.ok) return body;
  const { Container: term, EndpointConfig: settings } = body.value;
  const found = engine.containers.get(term);
  if (!found.ok) return found;
  const container = found.value;
  return yield* container.lock.with(function* () {
    yield* engine.work(4);
    return asNothing(connect(engine, container, request.object, settings ?? ENDPOINT.zero), 200);
  });
};

export const disconnectRoute: Handler = function* (engine, request) {
  const body = request.json(NETWORK_DISCONNECT, "DisconnectOptions");
  if (!body.ok) return body;
  const { Container: term, Force: force } = body.value;
  const found = engine.containers.get(term);
  if (!found.ok) return force ? forceDisconnect(engine, request, term) : found;
  const container = found.value;
  return yield* container.lock.with(function* () {
    yield* engine.work(4);
    return asNothing(disconnect(engine, container, request.object, force), 200);
  });
};

/** Of a container that the daemon does not know: by the endpoint's name, and nobody here leaves such a one behind. */
function forceDisconnect(engine: Engine, request: ApiRequest, term: string): Answer {
  const network = engine.networks.find(request.object);
  if (!network.ok) return network;
  const isLeft = network.value.endpoints.some(({ containerName }) => containerName === term);
  return isLeft ? refuseNotSimulated("an endpoint without its container") : refuse("not-found", `endpoint ${term} not found`);
}
