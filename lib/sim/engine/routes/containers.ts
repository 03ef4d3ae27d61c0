/** Routes about containers and what runs in them (moby: daemon/server/router/container). */

import { ok } from "@/lib/base/result";
import { attach } from "../container/attach";
import { changes, pruneContainers, rename, resize, update, wait } from "../container/change";
import { createContainer } from "../container/create";
import { inspectContainer } from "../container/inspect";
import { listContainers } from "../container/list";
import { readLogs } from "../container/read-logs";
import { createExec, inspectExec, resizeExec, startExec } from "../container/run-exec";
import { start } from "../container/start";
import { stats } from "../container/stats";
import { killByName, pause, remove, restart, stop, type StopOptions, unpause } from "../container/stop";
import { top } from "../container/top";
import { Filters } from "../filters";
import { type Outcome, prefixed, refuse } from "../error";
import { parseUint32 } from "../go/strconv";
import { type ApiRequest, resizeError } from "../http/request";
import { json } from "../http/response";
import { asJson, asNothing, type Handler, waitWithContainer, withContainer, withFilters } from "./handler";

export const list: Handler = (engine, request) =>
  withFilters(request, (filters) => {
    const limit = request.number("limit");
    if (!limit.ok) return limit;
    return asJson(
      listContainers(engine, {
        all: request.flag("all"),
        limit: limit.value ?? 0,
        size: request.flag("size"),
        since: request.text("since"),
        before: request.text("before"),
        filters,
      }),
    );
  });

export const create: Handler = (engine, request) => asJson(createContainer(engine, request), 201);

/** Waits for a start or a stop that is under way. */
export const inspect: Handler = (engine, request) =>
  waitWithContainer(engine, request, function* (container) {
    return yield* container.lock.with(function* () {
      return ok(json(200, inspectContainer(engine, container, request.flag("size"))));
    });
  });

export const startRoute: Handler = (engine, request) => {
  if (request.body.length > 7) {
    return refuse("invalid", "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
  }
  if (request.text("checkpoint") !== "" || request.text("checkpoint-dir") !== "")
    return refuse("invalid", "checkpoint is only supported in experimental mode");
  return waitWithContainer(engine, request, function* (container) {
    return asNothing(yield* start(engine, container));
  });
};

export const stopRoute: Handler = (engine, request) => {
  const options = stopOptions(request);
  if (!options.ok) return options;
  return waitWithContainer(engine, request, function* (container) {
    return asNothing(yield* stop(engine, container, request.object, options.value));
  });
};

export const restartRoute: Handler = (engine, request) => {
  const options = stopOptions(request);
  if (!options.ok) return options;
  return waitWithContainer(engine, request, function* (container) {
    return asNothing(yield* restart(engine, container, request.object, options.value));
  });
};

export const kill: Handler = function* (engine, request) {
  const killed = yield* killByName(engine, request.object, request.text("signal"));
  return killed.ok ? asNothing(killed) : prefixed(`cannot kill container: ${request.object}`, killed.error);
};

export const pauseRoute: Handler = (engine, request) =>
  waitWithContainer(engine, request, function* (container) {
    return asNothing(yield* pause(engine, container));
  });

export const unpauseRoute: Handler = (engine, request) =>
  waitWithContainer(engine, request, function* (container) {
    return asNothing(yield* unpause(engine, container));
  });

export const renameRoute: Handler = function* (engine, request) {
  return asNothing(yield* rename(engine, request.object, request.text("name")));
};

export const removeRoute: Handler = function* (engine, request) {
  const options = { force: request.flag("force"), removeVolumes: request.flag("v"), removeLink: request.flag("link") };
  return asNothing(yield* remove(engine, request.object, options));
};

export const prune: Handler = function* (engine, request) {
  const filters = Filters.parse(request.text("filters"));
  return filters.ok ? asJson(yield* pruneContainers(engine, filters.value)) : filters;
};

export const topRoute: Handler = function* (engine, request) {
  return asJson(yield* top(engine, request.object, request.text("ps_args")));
};

export const updateRoute: Handler = (engine, request) => asJson(update(engine, request));
export const waitRoute: Handler = (engine, request) => wait(engine, request);
export const attachRoute: Handler = (engine, request) => attach(engine, request);
export const logs: Handler = (engine, request) => readLogs(engine, request);
export const statsRoute: Handler = (engine, request) => stats(engine, request);
export const changesRoute: Handler = (engine, request) => asJson(changes(engine, request.object));

export const resizeRoute: Handler = (engine, request) => {
  const size = sizeOf(request);
  if (!size.ok) return size;
  return withContainer(engine, request, (container) => asNothing(resize(engine, container, size.value.rows, size.value.columns), 200));
};

// --- execs ------------------------------------------------------------------------------------------------------------

export const execCreate: Handler = (engine, request) => asJson(createExec(engine, request), 201);
export const execStart: Handler = (engine, request) => startExec(engine, request);
export const execInspect: Handler = (engine, request) => asJson(inspectExec(engine, request.object));

export const execResize: Handler = (engine, request) => {
  const size = sizeOf(request);
  return size.ok ? asNothing(resizeExec(engine, request.object, size.value.rows, size.value.columns), 200) : size;
};

function stopOptions(request: ApiRequest): Outcome<StopOptions> {
  const timeout = request.number("t");
  if (!timeout.ok) return timeout;
  return ok({ signal: request.isBefore("1.42") ? "" : request.text("signal"), timeout: timeout.value });
}

function sizeOf(request: ApiRequest): Outcome<{ readonly rows: number; readonly columns: number }> {
  const rows = parseUint32(request.text("h"));
  if (!rows.ok) return resizeError("height", request.text("h"), rows.error);
  const columns = parseUint32(request.text("w"));
  if (!columns.ok) return resizeError("width", request.text("w"), columns.error);
  return ok({ rows: rows.value, columns: columns.value });
}
