/** `exec` and `run`. Follows docker/compose pkg/compose/exec.go and run.go; both hand over to what `docker exec` and `docker start` do. */

import type { ContainerCreateResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import { failureOf } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import { execute } from "@/lib/sim/programs/docker/cobra/execute";
import type { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { dockerCommand } from "@/lib/sim/programs/docker/tree";
import { canonicalService } from "./canonical";
import { createRequest } from "./create";
import { converge, linksOf } from "./lifecycle";
import { oneContainer } from "./look";
import { ensureImages, ensureNetworks, ensureVolumes } from "./resources";
import { containersOf, dependenciesOf, refuse, type Session } from "./session";
import { splitWords } from "./words";
import { type Data, type DataMap, isMap, textOf } from "./yaml/data";

/** A command of `docker`, with this command's client. */
export function docker(session: Session, words: readonly string[]): Routine<Failure | undefined> {
  const { cli } = session;
  return execute(dockerCommand(cli.configDir), words, {
    cli,
    *listPlugins() {
      return [];
    },
  });
}

export function* exec(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const [service = "", ...command] = args;
  const container = yield* oneContainer(session, service, flags.number("index"));
  if ("status" in container) return container;
  const isTerminal = session.cli.terminal("stdout") !== undefined && session.cli.terminal("stdin") !== undefined;
  const hasTty = isTerminal && !(flags.changed("no-tty") && flags.bool("no-tty"));
  const words = ["exec"];
  if (flags.bool("detach")) words.push("-d");
  else words.push("-i");
  if (hasTty) words.push("-t");
  if (flags.bool("privileged")) words.push("--privileged");
  for (const name of ["user", "workdir"]) if (flags.text(name) !== "") words.push(`--${name}=${flags.text(name)}`);
  for (const variable of flags.list("env")) words.push("-e", variable);
  return yield* docker(session, [...words, container.id, ...command]);
}

export function* run(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const [name = "", ...command] = args;
  const { project, cli } = session;
  const given = project.services.get(name);
  if (!given) return refuse(`no such service: ${name}`);
  const service = overridden(given, flags, command);
  if (!("size" in service)) return service;
  const dependencies = flags.bool("no-deps") ? [] : dependenciesOf(project, name);
  const isDetached = flags.bool("detach");
  if (dependencies.length > 0) {
    const started = yield* converge(session, {
      services: dependencies,
      noDeps: false,
      recreate: "changed",
      scale: new Map(),
      removeOrphans: false,
      timeout: undefined,
      starts: true,
      pullsAlways: false,
      quietPull: true,
    });
    if (started) return started;
  } else {
    const made = yield* prepareResources(session);
    if (made) return made;
  }
  const images = yield* ensureImages(session, [name], {});
  if (!(images instanceof Map)) return images as Failure;
  const containers = yield* containersOf(session);
  if (!containers.ok) return containers.error;
  const slug = cli.sys.random.hex(64);
  const containerName = flags.text("name") || `${project.name}-${name}-run-${slug.slice(0, 12)}`;
  const isTerminal = cli.terminal("stdin") !== undefined && cli.terminal("stdout") !== undefined;
  const tty = isTerminal && !(flags.changed("no-TTY") && flags.bool("no-TTY"));
  const full = new Map<string, Data>([...service, ["tty", tty], ["stdin_open", !isDetached]]);
  const body = createRequest(project, full, {
    service: name,
    containerName,
    number: undefined,
    slug,
    imageId: images.get(textOf(service.get("image"))) ?? "",
    containerOf: (other) => containers.value.find((one) => one.service === other)?.id ?? other,
    autoRemove: flags.bool("rm"),
    useAliases: flags.bool("use-aliases"),
    attachStdin: !isDetached,
    links: linksOf(service, containers.value),
  });
  const created = yield* cli.client.get<ContainerCreateResponse>("ContainerCreate", { query: { name: containerName }, body });
  if (!created.ok) return failureOf(created.error);
  if (!isDetached) {
    const ended = yield* docker(session, ["start", "-a", "-i", created.value.Id]);
    if (ended && ended.message === "") yield* cli.err("\n");
    return ended;
  }
  const started = yield* cli.client.send("ContainerStart", { object: created.value.Id });
  if (!started.ok) return failureOf(started.error);
  yield* cli.out(`${created.value.Id}\n`);
  return undefined;
}

function* prepareResources(session: Session): Routine<Failure | undefined> {
  return (yield* ensureNetworks(session)) ?? (yield* ensureVolumes(session));
}

/** The service as the flags change it: no name of its own, no published ports unless asked for. */
function overridden(service: DataMap, flags: FlagSet, command: readonly string[]): DataMap | Failure {
  const changed = new Map(service);
  for (const key of ["container_name", "restart"]) changed.delete(key);
  if (!flags.bool("service-ports")) changed.delete("ports");
  if (command.length > 0) changed.set("command", command);
  if (flags.text("entrypoint") !== "") {
    changed.set("entrypoint", splitWords(flags.text("entrypoint")));
    if (command.length === 0) changed.delete("command");
  }
  if (flags.text("user") !== "") changed.set("user", flags.text("user"));
  if (flags.text("workdir") !== "") changed.set("working_dir", flags.text("workdir"));
  const extra = new Map<string, Data>();
  if (flags.list("publish").length > 0) extra.set("ports", [...flags.list("publish")]);
  if (flags.list("volume").length > 0) extra.set("volumes", [...flags.list("volume")]);
  const canonical = canonicalService("run", extra, { workingDir: "/", home: "/root" });
  if (!canonical.ok) return refuse(canonical.error);
  for (const [key, value] of canonical.value) {
    const before = changed.get(key);
    changed.set(
      key,
      Array.isArray(before) && Array.isArray(value) ? [...(before as readonly Data[]), ...(value as readonly Data[])] : value,
    );
  }
  for (const [key, flag] of [
    ["environment", "env"],
    ["labels", "label"],
  ] as const) {
    if (flags.list(flag).length === 0) continue;
    const before = changed.get(key);
    const entries = new Map(isMap(before) ? before : []);
    for (const pair of flags.list(flag)) {
      const equals = pair.indexOf("=");
      entries.set(equals < 0 ? pair : pair.slice(0, equals), equals < 0 ? null : pair.slice(equals + 1));
    }
    changed.set(key, entries);
  }
  for (const [key, flag] of [
    ["cap_add", "cap-add"],
    ["cap_drop", "cap-drop"],
  ] as const) {
    const before = changed.get(key);
    if (flags.list(flag).length > 0) changed.set(key, [...(Array.isArray(before) ? (before as readonly Data[]) : []), ...flags.list(flag)]);
  }
  return changed;
}
