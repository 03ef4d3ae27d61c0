/**
 * `up`, `create`, `start`, `stop`, `restart`, `kill`, `rm`, `down`: bringing containers to what the files ask for.
 *
 * Follows docker/compose pkg/compose/convergence.go, up.go, start.go, stop.go, down.go. It differs in that one thing is done after
 * another; the real one works on several containers at once.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerCreateResponse, NetworkInspect } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import { failureOf, isNotFound } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import { configHash, createRequest } from "./create";
import { listOf } from "./load";
import { ensureImages, ensureNetworks, ensureVolumes, warning } from "./resources";
import { containersOf, inOrder, LABEL, type Listed, refuse, type Session } from "./session";
import { type DataMap, isMap, textOf } from "./yaml/data";

export type UpOptions = {
  readonly services: readonly string[];
  readonly noDeps: boolean;
  readonly recreate: "never" | "changed" | "always";
  readonly scale: ReadonlyMap<string, number>;
  readonly removeOrphans: boolean;
  readonly timeout: number | undefined;
  readonly starts: boolean;
  readonly pullsAlways: boolean;
  readonly quietPull: boolean;
};

const progressId = (name: string): string => `Container ${name} `;

/** Everything up to the containers; they are started when `starts`. */
export function* converge(session: Session, options: UpOptions): Routine<Failure | undefined> {
  const { project } = session;
  const named = options.services.length > 0 ? options.services : [...project.services.keys()];
  const order = inOrder(project, named, !options.noDeps);
  if (order.length === 0) return refuse("no service selected");
  const images = yield* ensureImages(session, order, { always: options.pullsAlways, quiet: options.quietPull });
  if (!(images instanceof Map)) return images as Failure;
  session.progress.begin();
  const observed = yield* containersOf(session);
  if (!observed.ok) return observed.error;
  const orphans = observed.value.filter((one) => !project.services.has(one.service));
  if (orphans.length > 0 && !options.removeOrphans) {
    yield* session.cli.err(
      warning(
        session,
        `Found orphan containers ([${orphans.map((one) => one.name).join(" ")}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`,
      ),
    );
  }
  const made = (yield* ensureNetworks(session)) ?? (yield* ensureVolumes(session));
  if (made) return made;
  if (options.removeOrphans) {
    for (const orphan of orphans) {
      const gone = yield* stopAndRemove(session, orphan, options.timeout);
      if (gone) return gone;
    }
  }
  const toStart: Listed[] = [];
  for (const name of order) {
    const settled = yield* convergeService(session, name, observed.value, options, images);
    if (!settled.ok) return settled.error;
    toStart.push(...settled.value);
  }
  if (!options.starts) return undefined;
  for (const container of toStart) {
    const failed = yield* startOne(session, container);
    if (failed) return failed;
  }
  return undefined;
}

function scaleOf(service: DataMap, options: UpOptions, name: string): number {
  const deploy = service.get("deploy");
  const replicas = isMap(deploy) ? deploy.get("replicas") : undefined;
  return options.scale.get(name) ?? Number(service.get("scale") ?? replicas ?? 1);
}

/** The service's containers as they should be; those that are to be started are returned. */
function* convergeService(
  session: Session,
  name: string,
  observed: readonly Listed[],
  options: UpOptions,
  images: ReadonlyMap<string, string>,
): Routine<Result<readonly Listed[], Failure>> {
  const service = session.project.services.get(name) ?? new Map();
  const wanted = scaleOf(service, options, name);
  const existing = observed.filter((one) => one.service === name);
  if (wanted > 1 && service.has("container_name")) {
    return fail(
      refuse(
        `WARNING: The ${JSON.stringify(name)} service is using the custom container name ${JSON.stringify(textOf(service.get("container_name")))}. Docker requires each container to have a unique name. Remove the custom name to scale the service`,
      ),
    );
  }
  const image = images.get(textOf(service.get("image"))) ?? "";
  const mustRecreate = (one: Listed): boolean => {
    if (options.recreate === "never") return false;
    if (options.recreate === "always" && (options.services.length === 0 || options.services.includes(name))) return true;
    return one.summary.Labels[LABEL.hash] !== configHash(service) || one.summary.Labels[LABEL.image] !== image;
  };
  // Those that stay come last in the order in which the surplus is taken: obsolete ones first, then by number.
  const sorted = [...existing].sort((a, b) => Number(mustRecreate(b)) - Number(mustRecreate(a)) || a.number - b.number);
  const surplus = sorted.slice(0, Math.max(0, sorted.length - wanted));
  for (const one of surplus) {
    const gone = yield* stopAndRemove(session, one, options.timeout);
    if (gone) return fail(gone);
  }
  const result: Listed[] = [];
  for (const one of sorted.slice(surplus.length).sort((a, b) => a.number - b.number)) {
    if (mustRecreate(one)) {
      const again = yield* recreate(session, name, one, image, options);
      if (!again.ok) return again;
      result.push(again.value);
    } else if (one.summary.State === "running") yield* session.progress.done(progressId(one.name), "Running");
    else result.push(one);
  }
  let number = Math.max(0, ...existing.map((one) => one.number));
  for (let count = existing.length - surplus.length; count < wanted; count++) {
    number++;
    const containerName = textOf(service.get("container_name")) || `${session.project.name}-${name}-${number}`;
    yield* session.progress.working(progressId(containerName), "Creating");
    const created = yield* createOne(session, name, number, containerName, image);
    if (!created.ok) return created;
    yield* session.progress.done(progressId(containerName), "Created");
    result.push(created.value);
  }
  return ok(result);
}

function* createOne(
  session: Session,
  name: string,
  number: number,
  containerName: string,
  image: string,
): Routine<Result<Listed, Failure>> {
  const service = session.project.services.get(name) ?? new Map();
  const current = yield* containersOf(session);
  if (!current.ok) return current;
  const body = createRequest(session.project, service, {
    service: name,
    containerName,
    number,
    slug: undefined,
    imageId: image,
    containerOf: (other) => current.value.find((one) => one.service === other)?.id ?? other,
    autoRemove: false,
    useAliases: true,
    attachStdin: false,
    links: linksOf(service, current.value),
  });
  const created = yield* session.cli.client.get<ContainerCreateResponse>("ContainerCreate", { query: { name: containerName }, body });
  if (!created.ok) {
    yield* session.progress.error(progressId(containerName), created.error.message);
    return fail(failureOf(created.error));
  }
  const after = yield* containersOf(session);
  if (!after.ok) return after;
  const listed = after.value.find((one) => one.id === created.value.Id);
  return listed ? ok(listed) : fail(refuse(`no container ${containerName}`));
}

/** `links` name the containers of other services. */
export function linksOf(service: DataMap, containers: readonly Listed[]): readonly string[] {
  return listOf(service, "links").flatMap((link) => {
    const [other = "", alias = other] = link.split(":");
    return containers
      .filter((one) => one.service === other)
      .flatMap((one) => [
        `${one.name}:${alias}`,
        `${one.name}:${one.name.split("-").slice(1).join("-") || one.name}`,
        `${one.name}:${one.name}`,
      ]);
  });
}

/** The new one takes the place, and the name, of the old one. */
function* recreate(session: Session, name: string, old: Listed, image: string, options: UpOptions): Routine<Result<Listed, Failure>> {
  const { client } = session.cli;
  const id = progressId(old.name);
  yield* session.progress.working(id, "Recreate");
  const temporary = `${old.id.slice(0, 12)}_${old.name}`;
  const created = yield* createOne(session, name, old.number, temporary, image);
  if (!created.ok) return created;
  const stopped = yield* client.send("ContainerStop", {
    object: old.id,
    query: { t: options.timeout === undefined ? undefined : String(options.timeout) },
  });
  if (!stopped.ok) return fail(failureOf(stopped.error));
  const removed = yield* client.send("ContainerDelete", { object: old.id });
  if (!removed.ok) return fail(failureOf(removed.error));
  const renamed = yield* client.send("ContainerRename", { object: created.value.id, query: { name: old.name } });
  if (!renamed.ok) return fail(failureOf(renamed.error));
  yield* session.progress.done(id, "Recreated");
  return ok({ ...created.value, name: old.name });
}

export function* startOne(session: Session, container: Listed): Routine<Failure | undefined> {
  const id = progressId(container.name);
  yield* session.progress.working(id, "Starting");
  const started = yield* session.cli.client.send("ContainerStart", { object: container.id });
  if (!started.ok) return failureOf(started.error);
  yield* session.progress.done(id, "Started");
  return undefined;
}

export function* stopOne(session: Session, container: Listed, timeout: number | undefined): Routine<Failure | undefined> {
  const id = progressId(container.name);
  yield* session.progress.working(id, "Stopping");
  const stopped = yield* session.cli.client.send("ContainerStop", {
    object: container.id,
    query: { t: timeout === undefined ? undefined : String(timeout) },
  });
  if (!stopped.ok) {
    yield* session.progress.error(id, "Error while Stopping");
    return failureOf(stopped.error);
  }
  yield* session.progress.done(id, "Stopped");
  return undefined;
}

export function* removeOne(session: Session, container: Listed, withVolumes = false): Routine<Failure | undefined> {
  const id = progressId(container.name);
  yield* session.progress.working(id, "Removing");
  const removed = yield* session.cli.client.send("ContainerDelete", {
    object: container.id,
    query: { force: "1", v: withVolumes ? "1" : undefined },
  });
  if (!removed.ok && !isNotFound(removed.error)) {
    yield* session.progress.error(id, "Error while Removing");
    return failureOf(removed.error);
  }
  yield* session.progress.done(id, "Removed");
  return undefined;
}

export function* stopAndRemove(
  session: Session,
  container: Listed,
  timeout: number | undefined,
  withVolumes = false,
): Routine<Failure | undefined> {
  return (yield* stopOne(session, container, timeout)) ?? (yield* removeOne(session, container, withVolumes));
}

/** Those that depend on others first. */
export function inReverse(session: Session, containers: readonly Listed[]): readonly Listed[] {
  const order = inOrder(session.project).toReversed();
  const rank = (one: Listed): number => (order.includes(one.service) ? order.indexOf(one.service) : -1);
  return [...containers].sort((a, b) => rank(a) - rank(b));
}

export function inStartOrder(session: Session, containers: readonly Listed[]): readonly Listed[] {
  return inReverse(session, containers).toReversed();
}

export type DownOptions = {
  readonly services: readonly string[];
  readonly timeout: number | undefined;
  readonly volumes: boolean;
  readonly removeOrphans: boolean;
};

export function* down(session: Session, options: DownOptions): Routine<Failure | undefined> {
  const { project, cli } = session;
  const all = yield* containersOf(session, { oneOff: options.removeOrphans });
  if (!all.ok) return all.error;
  const isMeant = (one: Listed): boolean =>
    options.services.length > 0
      ? options.services.includes(one.service)
      : options.removeOrphans || !session.hasFiles || project.services.has(one.service);
  const meant = all.value.filter(isMeant);
  const orphans = all.value.filter((one) => session.hasFiles && !project.services.has(one.service));
  if (orphans.length > 0 && !options.removeOrphans && options.services.length === 0) {
    yield* cli.err(
      warning(
        session,
        `Found orphan containers ([${orphans.map((one) => one.name).join(" ")}]) for this project. If you removed or renamed this service in your compose file, you can run this command with the --remove-orphans flag to clean it up.`,
      ),
    );
  }
  for (const container of inReverse(session, meant)) {
    const gone = yield* stopAndRemove(session, container, options.timeout, options.volumes);
    if (gone) return gone;
  }
  if (options.services.length > 0) return undefined;
  let didSomething = meant.length > 0;
  const networks = yield* cli.client.get<readonly NetworkInspect[]>("NetworkList", {
    query: { filters: JSON.stringify({ label: { [`${LABEL.project}=${project.name}`]: true } }) },
  });
  if (!networks.ok) return failureOf(networks.error);
  for (const network of [...networks.value].sort((a, b) => (a.Name < b.Name ? -1 : 1))) {
    const key = (network.Labels ?? {})[LABEL.network] ?? "";
    if (session.hasFiles && !project.networks.has(key)) continue;
    didSomething = true;
    const removed = yield* removeNetwork(session, network);
    if (removed) return removed;
  }
  if (options.volumes) {
    for (const volume of project.volumes.values()) {
      if (volume.get("external") === true) continue;
      const name = textOf(volume.get("name"));
      const found = yield* cli.client.call("VolumeInspect", { object: name });
      if (!found.ok) continue;
      didSomething = true;
      const id = `Volume ${name} `;
      yield* session.progress.working(id, "Removing");
      const removed = yield* cli.client.send("VolumeDelete", { object: name, query: { force: "1" } });
      if (removed.ok) yield* session.progress.done(id, "Removed");
      else yield* session.progress.error(id, "Resource is still in use");
    }
  }
  if (!didSomething && !session.hasFiles)
    yield* cli.err(warning(session, `Warning: No resource found to remove for project ${JSON.stringify(project.name)}.`));
  return undefined;
}

function* removeNetwork(session: Session, network: NetworkInspect): Routine<Failure | undefined> {
  const id = `Network ${network.Name} `;
  yield* session.progress.working(id, "Removing");
  const inspected = yield* session.cli.client.get<NetworkInspect>("NetworkInspect", { object: network.Id });
  if (inspected.ok && Object.keys(inspected.value.Containers).length > 0) {
    yield* session.progress.error(id, "Resource is still in use");
    return undefined;
  }
  const removed = yield* session.cli.client.send("NetworkDelete", { object: network.Id });
  if (removed.ok || isNotFound(removed.error)) {
    yield* session.progress.done(id, "Removed");
    return undefined;
  }
  yield* session.progress.error(id, "Error");
  return { status: 1, message: `failed to remove network ${network.Name}: ${removed.error.message}` };
}
