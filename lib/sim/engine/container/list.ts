/** `docker ps`: which containers, by what filters (moby: daemon/list.go). */

import { fail, ok } from "@/lib/base/result";
import type { ContainerSummary } from "@/lib/sim/api";
import type { Engine } from "../engine";
import type { EngineError, Outcome } from "../error";
import type { Filters } from "../filters";
import { atoi } from "../go/strconv";
import { parsePortRange, splitPort } from "../network/ports";
import type { Container } from "./container";
import { summarise } from "./inspect";

const ACCEPTED = [
  "ancestor",
  "before",
  "exited",
  "id",
  "isolation",
  "label",
  "name",
  "status",
  "health",
  "since",
  "volume",
  "network",
  "is-task",
  "publish",
  "expose",
];
const STATES = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const HEALTHS = ["none", "starting", "healthy", "unhealthy"];

export type ListOptions = {
  readonly all: boolean;
  readonly limit: number;
  readonly size: boolean;
  readonly since: string;
  readonly before: string;
  readonly filters: Filters;
};

export function listContainers(engine: Engine, options: ListOptions): Outcome<readonly ContainerSummary[]> {
  const { filters } = options;
  const accepted = filters.check(ACCEPTED);
  if (!accepted.ok) return accepted;
  const folded = fold(engine, filters);
  if (!folded.ok) return folded;
  const { before, since, exited, images, publish, expose, isTask } = folded.value;
  const all = options.all || filters.has("status");

  let isPastBefore = before === undefined;
  const shown: Container[] = [];
  for (const container of byNameAndId(engine, filters)) {
    if (!isPastBefore) {
      isPastBefore = container === before;
      continue;
    }
    if (container === since) break;
    const { state } = container;
    if (!state.running && !all && options.limit <= 0) continue;
    if (!filters.match("name", container.name) && !filters.match("name", container.bareName)) continue;
    if (!filters.match("id", container.id) || isTask || !filters.matchLabels("label", container.config.Labels)) continue;
    if (options.limit > 0 && shown.length === options.limit) break;
    if (exited.length > 0 && !(exited.includes(state.exitCode) && !state.running && state.startedAt !== undefined)) continue;
    if (!filters.match("status", state.status) || !filters.exact("health", "none")) continue;
    if (filters.has("volume") && !hasVolume(container, filters)) continue;
    if (images && !images.has(container.imageId)) continue;
    if (filters.has("network") && !isOnNetwork(container, filters)) continue;
    if ((publish.size > 0 || expose.size > 0) && !hasPort(engine, container, publish, expose)) continue;
    shown.push(container);
  }
  return ok(shown.map((container) => summarise(engine, container, engine.now, options.size)));
}

type Folded = {
  readonly before: Container | undefined;
  readonly since: Container | undefined;
  readonly exited: readonly number[];
  readonly images: ReadonlySet<string> | undefined;
  readonly publish: ReadonlySet<string>;
  readonly expose: ReadonlySet<string>;
  readonly isTask: boolean;
};

function fold(engine: Engine, filters: Filters): Outcome<Folded> {
  const exited: number[] = [];
  let before: Container | undefined;
  let since: Container | undefined;
  const publish = new Set<string>();
  const expose = new Set<string>();
  const invalid = (message: string): EngineError => ({ kind: "invalid", message });
  let error =
    filters.walk("exited", (value) => {
      const code = atoi(value);
      if (!code.ok) return invalid(`invalid filter 'exited=${value}': ${code.error}`);
      exited.push(code.value);
      return undefined;
    }) ??
    filters.walk("status", (value) =>
      STATES.includes(value)
        ? undefined
        : invalid(`invalid filter 'status=${value}': invalid value for state (${value}): must be one of ${STATES.join(", ")}`),
    );
  if (error) return fail(error);
  const isTask = filters.bool("is-task", false);
  if (!isTask.ok) return isTask;
  error =
    filters.walk("health", (value) =>
      HEALTHS.includes(value)
        ? undefined
        : invalid(`invalid filter 'health=${value}': invalid value for health (${value}): must be one of ${HEALTHS.join(", ")}`),
    ) ??
    filters.walk("before", (value) => {
      before = engine.containers.byId(value) ?? engine.containers.byName(value);
      return before ? undefined : { kind: "not-found", message: `No such container: ${value}` };
    }) ??
    filters.walk("since", (value) => {
      since = engine.containers.byId(value) ?? engine.containers.byName(value);
      return since ? undefined : { kind: "not-found", message: `No such container: ${value}` };
    }) ??
    filters.walk("publish", (value) => addPorts("publish", value, publish)) ??
    filters.walk("expose", (value) => addPorts("expose", value, expose));
  if (error) return fail(error);

  const images = filters.has("ancestor")
    ? new Set(
        filters.values("ancestor").flatMap((term) => {
          const image = engine.images.get(term);
          return image.ok ? [image.value.id] : [];
        }),
      )
    : undefined;
  return ok({ before, since, exited, images, publish, expose, isTask: isTask.value });
}

function addPorts(field: string, value: string, ports: Set<string>): EngineError | undefined {
  if (value.includes(":")) return { kind: "internal", message: `filter for '${field}' should not contain ':': ${value}` };
  const { protocol, port } = splitPort(value);
  const range = parsePortRange(port);
  if (!range.ok) return { kind: "internal", message: `error while looking up for ${field} ${value}: ${range.error}` };
  for (let number = range.start; number <= range.end; number++) ports.add(`${number}/${protocol}`);
  return undefined;
}

/** The names of links count as names here. */
function byNameAndId(engine: Engine, filters: Filters): readonly Container[] {
  const all = engine.containers.list();
  const names = filters.values("name");
  const ids = filters.values("id");
  if (names.length === 0 && ids.length === 0) return all;
  const byId = new Set<string>();
  for (const id of ids) {
    const found = engine.containers.byPrefix(id);
    if (found.ok) byId.add(found.value.id);
  }
  const matches = new Set(byId);
  if (names.length > 0) {
    for (const [name, id] of engine.containers.allNames) {
      if (ids.length > 0 && !byId.has(id)) continue;
      if (filters.match("name", name) || filters.match("name", name.slice(1))) matches.add(id);
    }
  }
  return all.filter(({ id }) => matches.has(id));
}

function hasVolume(container: Container, filters: Filters): boolean {
  const mounts = [...container.mounts.values()];
  return filters
    .values("volume")
    .some((value) => mounts.some((mount) => mount.destination === value || (mount.name || mount.source) === value));
}

function isOnNetwork(container: Container, filters: Filters): boolean {
  const networks = [...(container.net.networks ?? [])];
  return filters
    .values("network")
    .some((value) => networks.some(([name, { settings }]) => name === value || settings.NetworkID.startsWith(value)));
}

function hasPort(engine: Engine, container: Container, publish: ReadonlySet<string>, expose: ReadonlySet<string>): boolean {
  return summarise(engine, container, engine.now, false).Ports.some(
    ({ PublicPort, PrivatePort, Type }) => publish.has(`${PublicPort ?? 0}/${Type}`) || expose.has(`${PrivatePort}/${Type}`),
  );
}
