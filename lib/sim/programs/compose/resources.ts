/** The project's networks, volumes and images: made when they are missing. Follows docker/compose pkg/compose/create.go and pull.go. */

import type { ImageInspect, NetworkCreateRequest, NetworkInspect, PullMessage, Volume } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import { failureOf, isNotFound } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import { eachLine } from "@/lib/sim/programs/docker/commands/json-stream";
import { parseReference, withDefaultTag } from "@/lib/sim/programs/docker/opts/reference";
import { rfc3339 } from "@/lib/sim/programs/docker/opts/timestamp";
import { sha256 } from "@/lib/sim/programs/docker/sha256";
import { plainOf } from "./create";
import { LABEL, refuse, type Session, VERSION } from "./session";
import { type Data, type DataMap, isList, isMap, textOf } from "./yaml/data";

const texts = (data: Data | undefined): Record<string, string> =>
  isMap(data) ? Object.fromEntries([...data].map(([key, value]) => [key, textOf(value)])) : {};

function labels(
  session: Session,
  kind: typeof LABEL.network | typeof LABEL.volume,
  key: string,
  resource: DataMap,
): Record<string, string> {
  return {
    ...texts(resource.get("labels")),
    [LABEL.hash]: sha256(JSON.stringify(plainOf(resource))),
    [kind]: key,
    [LABEL.project]: session.project.name,
    [LABEL.version]: VERSION,
  };
}

export function* ensureNetworks(session: Session): Routine<Failure | undefined> {
  const { client } = session.cli;
  for (const [key, network] of session.project.networks) {
    const name = textOf(network.get("name"));
    const list = yield* client.get<readonly NetworkInspect[]>("NetworkList", {
      query: { filters: JSON.stringify({ name: { [name]: true } }) },
    });
    if (!list.ok) return failureOf(list.error);
    const existing = list.value.find((one) => one.Name === name || one.Id === name);
    if (network.get("external") === true) {
      if (!existing && !(name === "host" || name === "none" || name === "bridge"))
        return refuse(`network ${name} declared as external, but could not be found`);
      continue;
    }
    if (existing) {
      const owner = (existing.Labels ?? {})[LABEL.project];
      if (owner === undefined)
        return refuse(`network ${name} was found but has incorrect label ${LABEL.network} set to "" (expected: "${key}")`);
      continue;
    }
    const ipam = network.get("ipam");
    const pools = isMap(ipam) ? ipam.get("config") : undefined;
    const body: NetworkCreateRequest = {
      Name: name,
      Labels: labels(session, LABEL.network, key, network),
      Driver: textOf(network.get("driver")),
      Options: texts(network.get("driver_opts")),
      Internal: network.get("internal") === true,
      Attachable: network.get("attachable") === true,
      ...(network.has("enable_ipv4") ? { EnableIPv4: network.get("enable_ipv4") === true } : {}),
      ...(network.has("enable_ipv6") ? { EnableIPv6: network.get("enable_ipv6") === true } : {}),
      ...(isMap(ipam) && ipam.size > 0
        ? {
            IPAM: {
              Driver: textOf(ipam.get("driver")),
              Config: (isList(pools) ? pools : []).map((pool) => {
                const of = (field: string): string => (isMap(pool) ? textOf(pool.get(field)) : "");
                const auxiliary = isMap(pool) ? pool.get("aux_addresses") : undefined;
                return {
                  ...(of("subnet") === "" ? {} : { Subnet: of("subnet") }),
                  ...(of("ip_range") === "" ? {} : { IPRange: of("ip_range") }),
                  ...(of("gateway") === "" ? {} : { Gateway: of("gateway") }),
                  ...(auxiliary === undefined ? {} : { AuxiliaryAddresses: texts(auxiliary) }),
                };
              }),
            },
          }
        : {}),
    };
    const id = `Network ${name} `;
    yield* session.progress.working(id, "Creating");
    const created = yield* client.send("NetworkCreate", { body });
    if (!created.ok) {
      yield* session.progress.error(id, "Error");
      return { ...failureOf(created.error), message: `failed to create network ${name}: ${created.error.message}` };
    }
    yield* session.progress.done(id, "Created");
  }
  return undefined;
}

export function* ensureVolumes(session: Session): Routine<Failure | undefined> {
  const { client } = session.cli;
  for (const [key, volume] of session.project.volumes) {
    const name = textOf(volume.get("name"));
    const existing = yield* client.get<Volume>("VolumeInspect", { object: name });
    if (existing.ok) {
      if (volume.get("external") === true) continue;
      const owner = (existing.value.Labels ?? {})[LABEL.project];
      const warn = (text: string): Routine<void> => session.cli.err(warning(session, text));
      if (owner === undefined)
        yield* warn(
          `volume ${JSON.stringify(name)} already exists but was not created by Docker Compose. Use \`external: true\` to use an existing volume`,
        );
      else if (owner !== session.project.name)
        yield* warn(
          `volume ${JSON.stringify(name)} already exists but was created for project ${JSON.stringify(owner)} (expected ${JSON.stringify(session.project.name)}). Use \`external: true\` to use an existing volume`,
        );
      continue;
    }
    if (!isNotFound(existing.error)) return failureOf(existing.error);
    if (volume.get("external") === true) return refuse(`external volume ${JSON.stringify(name)} not found`);
    const id = `Volume ${name} `;
    yield* session.progress.working(id, "Creating");
    const options = texts(volume.get("driver_opts"));
    const created = yield* client.send("VolumeCreate", {
      body: {
        Name: name,
        Driver: textOf(volume.get("driver")),
        Labels: labels(session, LABEL.volume, key, volume),
        ...(Object.keys(options).length > 0 ? { DriverOpts: options } : {}),
      },
    });
    if (!created.ok) {
      yield* session.progress.error(id, "Error");
      return failureOf(created.error);
    }
    yield* session.progress.done(id, "Created");
  }
  return undefined;
}

/** logrus's line for a warning, in the simulated time. */
export function warning(session: Pick<Session, "cli">, text: string): string {
  return `time=${JSON.stringify(rfc3339(Math.floor(session.cli.sys.dateMs / 1000)))} level=warning msg=${JSON.stringify(text)}\n`;
}

/** The ids of the services' images, those that are missing pulled. */
export function* ensureImages(
  session: Session,
  services: readonly string[],
  options: { readonly always?: boolean; readonly quiet?: boolean },
): Routine<Failure | ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const name of services) {
    const service = session.project.services.get(name);
    const image = textOf(service?.get("image"));
    const policy = textOf(service?.get("pull_policy"));
    let found = yield* session.cli.client.get<ImageInspect>("ImageInspect", { object: image });
    if (!found.ok && !isNotFound(found.error))
      return {
        ...failureOf(found.error),
        message: found.error.kind === "connection" ? `unable to get image '${image}': ${found.error.message}` : found.error.message,
      };
    if (!found.ok || options.always || policy === "always") {
      const pulled = yield* pullImage(session, name, image, options.quiet ?? false);
      if (pulled) return pulled;
      found = yield* session.cli.client.get<ImageInspect>("ImageInspect", { object: image });
    }
    if (!found.ok) return failureOf(found.error);
    ids.set(image, found.value.Id);
  }
  return ids;
}

export function* pullImage(
  session: Session,
  service: string,
  image: string,
  isQuiet: boolean,
  announces = true,
): Routine<Failure | undefined> {
  const reference = parseReference(image);
  if (!reference.ok) return refuse(reference.error);
  const full = withDefaultTag(reference.value);
  if (!isQuiet && announces) yield* session.progress.working(service, "Pulling ");
  const response = yield* session.cli.client.call("ImageCreate", { query: { fromImage: full.name, tag: full.digest ?? full.tag } });
  let error: string | undefined;
  if (!response.ok) error = response.error.message.replace(/^Error response from daemon: /, "");
  else {
    const interrupted = yield* eachLine<PullMessage>(session.cli.client, response.value.body, function* (message) {
      error ??= message.errorDetail?.message ?? message.error;
      return true;
    });
    if (interrupted) return failureOf(interrupted);
  }
  if (error !== undefined) {
    if (!isQuiet) yield* session.progress.error(service, `Error ${error}`);
    return refuse(`Error response from daemon: ${error}`);
  }
  if (!isQuiet) yield* session.progress.done(service, "Pulled ");
  return undefined;
}
