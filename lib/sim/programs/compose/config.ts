/** `docker compose config`: the project in its long form. Follows docker/compose cmd/compose/config.go. */

import type { Routine } from "@/lib/sim/core/task";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import type { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { sortedService } from "./canonical";
import { configHash, plainOf } from "./create";
import { keysOf, type Project, volumeSources } from "./load";
import { inOrder, type Session, unknownService } from "./session";
import { type Data, type DataMap, isList, isMap, textOf } from "./yaml/data";
import { writeYaml } from "./yaml/write";

export function* config(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const { cli } = session;
  const unknown = unknownService(session, args);
  if (unknown) return unknown;
  const project = args.length > 0 ? restricted(session.project, inOrder(session.project, args)) : session.project;
  const lines = (names: Iterable<string>): Routine<void> => cli.out([...names].map((name) => `${name}\n`).join(""));
  if (flags.bool("quiet")) return undefined;
  if (flags.bool("services")) yield* lines(inOrder(project));
  else if (flags.bool("networks")) yield* lines(project.networks.keys());
  else if (flags.bool("volumes")) yield* lines(project.volumes.keys());
  else if (flags.bool("images")) yield* lines([...project.services.values()].map((service) => textOf(service.get("image"))));
  else if (flags.bool("profiles")) yield* lines(project.profiles);
  else if (flags.text("hash") !== "") {
    const wanted = flags.text("hash") === "*" ? [...project.services.keys()] : flags.text("hash").split(",");
    yield* lines(wanted.map((name) => `${name} ${configHash(project.services.get(name) ?? new Map())}`));
  } else if (flags.text("format") === "json") yield* cli.out(JSON.stringify(plainOf(jsonTree(project)), undefined, 2));
  else yield* cli.out(writeYaml(treeOf(project)));
  return undefined;
}

function restricted(project: Project, names: readonly string[]): Project {
  const services = new Map([...project.services].filter(([name]) => names.includes(name)));
  const networks = new Set([...services.values()].flatMap((service) => keysOf(service.get("networks"))));
  const volumes = new Set([...services.values()].flatMap(volumeSources));
  return {
    ...project,
    services,
    networks: new Map([...project.networks].filter(([key]) => networks.has(key))),
    volumes: new Map([...project.volumes].filter(([key]) => volumes.has(key))),
  };
}

/** A dollar is doubled, so that what is printed can be read again. */
function escaped(data: Data): Data {
  if (typeof data === "string") return data.replaceAll("$", "$$$$");
  if (isList(data)) return data.map(escaped);
  return isMap(data) ? new Map([...data].map(([key, value]) => [key, escaped(value)])) : data;
}

const isShown = (value: Data): boolean => !(value === false || (isList(value) && value.length === 0) || value === "");

function servicesOf(project: Project): DataMap {
  return new Map(
    [...project.services].map(([name, service]) => {
      const profiles = service.get("profiles");
      const rest = [...service].filter(([key, value]) => key !== "profiles" && isShown(value));
      return [name, escaped(new Map([...(profiles === undefined ? [] : [["profiles", profiles] as const]), ...rest]))];
    }),
  );
}

function treeOf(project: Project): DataMap {
  const tree = new Map<string, Data>([["name", project.name]]);
  tree.set("services", servicesOf(project));
  if (project.networks.size > 0) tree.set("networks", escaped(new Map(project.networks)));
  if (project.volumes.size > 0) tree.set("volumes", escaped(new Map(project.volumes)));
  for (const [key, value] of project.extensions) tree.set(key, escaped(sorted(value)));
  return tree;
}

/** JSON has what YAML leaves out, and its sections in the order of their names. */
function jsonTree(project: Project): DataMap {
  const services = new Map(
    [...servicesOf(project)].map(([name, service]) => [
      name,
      isMap(service) ? sortedService(new Map<string, Data>([["command", null], ["entrypoint", null], ...service])) : service,
    ]),
  );
  const networks = new Map([...project.networks].map(([name, network]) => [name, withIpam(network)]));
  const tree = new Map<string, Data>([["name", project.name]]);
  if (networks.size > 0) tree.set("networks", escaped(networks));
  tree.set("services", new Map([...services].map(([name, service]) => [name, shallow(service)])));
  if (project.volumes.size > 0) tree.set("volumes", escaped(new Map(project.volumes)));
  for (const [key, value] of project.extensions) tree.set(key, escaped(sorted(value)));
  return tree;
}

function shallow(service: Data): Data {
  const deploy = isMap(service) ? service.get("deploy") : undefined;
  if (!isMap(service) || !isMap(deploy)) return service;
  return new Map([...service, ["deploy", new Map<string, Data>([...deploy, ["resources", new Map()], ["placement", new Map()]])]]);
}

function withIpam(network: DataMap): DataMap {
  const order = ["name", "driver", "driver_opts", "ipam", "external", "internal", "attachable", "labels", "enable_ipv4", "enable_ipv6"];
  const full = new Map<string, Data>([["ipam", new Map()], ...network]);
  return new Map(order.flatMap((key) => (full.has(key) ? [[key, full.get(key) ?? null] as const] : [])));
}

/** Keys in order, at the top only for a service, whose parts have orders of their own. */
function sorted(data: Data): Data {
  return isMap(data) ? new Map([...data].sort(([a], [b]) => (a < b ? -1 : 1))) : data;
}
