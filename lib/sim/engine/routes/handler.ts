/** What answers a route, and short forms for the answers that most handlers give. */

import { ok } from "@/lib/base/result";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Container } from "../container/container";
import type { Engine } from "../engine";
import { type Outcome, refuseNotSimulated } from "../error";
import { Filters } from "../filters";
import type { Printable } from "../go/json-print";
import type { ApiRequest } from "../http/request";
import { json, nothing } from "../http/response";

export type Answer = Outcome<ServiceResponse>;

/** Some answer at once, some take their time. */
export type Handler = (engine: Engine, request: ApiRequest) => Answer | Routine<Answer>;

export function asJson(outcome: Outcome<Printable>, status = 200): Answer {
  return outcome.ok ? ok(json(status, outcome.value)) : outcome;
}

export function asNothing(outcome: Outcome<void>, status = 204): Answer {
  return outcome.ok ? ok(nothing(status)) : outcome;
}

/** The container that the path names. */
export function withContainer(engine: Engine, request: ApiRequest, answer: (container: Container) => Answer): Answer {
  const found = engine.containers.get(request.object);
  return found.ok ? answer(found.value) : found;
}

/** The same for what has to wait. */
export function* waitWithContainer(
  engine: Engine,
  request: ApiRequest,
  answer: (container: Container) => Routine<Answer>,
): Routine<Answer> {
  const found = engine.containers.get(request.object);
  return found.ok ? yield* answer(found.value) : found;
}

export function withFilters(request: ApiRequest, answer: (filters: Filters) => Answer): Answer {
  const filters = Filters.parse(request.text("filters"));
  return filters.ok ? answer(filters.value) : filters;
}

/** A route that real engines have and this one does not. */
export function absent(what: string): Handler {
  return () => refuseNotSimulated(what);
}
