/** The commands of `docker compose`: what they are called, what they take and what runs them. Follows docker/compose cmd/compose. */

import type { Routine } from "@/lib/sim/core/task";
import { ANY_ARGS, type CommandSpec, type Failure, SHOWS_HELP } from "@/lib/sim/programs/docker/cobra/command";
import type { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { runAttached } from "./attached";
import { config } from "./config";
import { FLAGS } from "./flags";
import { converge, down, inReverse, inStartOrder, removeOne, startOne, stopOne, type UpOptions } from "./lifecycle";
import { images, listProjects, logs, port, ps, top } from "./look";
import { pullImage } from "./resources";
import { exec, run } from "./run";
import { containersOf, inOrder, type Listed, refuse, type Session, unknownService } from "./session";
import { textOf } from "./yaml/data";

export type Runner = (session: Session, flags: FlagSet, args: readonly string[]) => Routine<Failure | undefined>;

export type ComposeCommand = {
  readonly name: string;
  readonly spec: CommandSpec;
  /** Without it: real, but not simulated. */
  readonly run?: Runner;
  /** What must be known of the project. */
  readonly needs: "files" | "name" | "nothing";
  readonly least?: number;
  readonly stopsAtArguments?: boolean;
};

function seconds(flags: FlagSet): number | undefined {
  return flags.changed("timeout") ? flags.number("timeout") : undefined;
}

function upOptions(flags: FlagSet, args: readonly string[], starts: boolean): UpOptions | Failure {
  const scale = new Map<string, number>();
  for (const pair of flags.list("scale")) {
    const [name = "", count] = pair.split("=");
    if (count === undefined || name === "") return refuse(`invalid --scale option ${JSON.stringify(pair)}. Should be SERVICE=NUM`);
    if (!/^\d+$/.test(count)) return refuse(`strconv.Atoi: parsing ${JSON.stringify(count)}: invalid syntax`);
    scale.set(name, Number(count));
  }
  const isForced = flags.bool("force-recreate");
  const isNever = flags.bool("no-recreate");
  if (isForced && isNever) return refuse("--force-recreate and --no-recreate are incompatible");
  return {
    services: args,
    noDeps: starts && flags.bool("no-deps"),
    recreate: isForced ? "always" : isNever ? "never" : "changed",
    scale,
    removeOrphans: flags.bool("remove-orphans"),
    timeout: starts ? seconds(flags) : undefined,
    starts,
    pullsAlways: flags.text("pull") === "always",
    quietPull: flags.bool("quiet-pull"),
  };
}

const up: Runner = function* (session, flags, args) {
  const unknown = unknownService(session, args);
  if (unknown) return unknown;
  const options = upOptions(flags, args, true);
  if ("status" in options) return options;
  const isDetached = flags.bool("detach");
  const starts = !flags.bool("no-start");
  const failed = yield* converge(session, { ...options, starts: starts && isDetached });
  if (failed || isDetached || !starts) return failed;
  const named = args.length > 0 ? args : inOrder(session.project);
  const chosen = flags.list("attach").length > 0 ? flags.list("attach") : named;
  return yield* runAttached(session, {
    services: chosen.filter((name) => !flags.list("no-attach").includes(name)),
    prefix: !flags.bool("no-log-prefix"),
    timeout: seconds(flags),
  });
};

const create: Runner = function* (session, flags, args) {
  const unknown = unknownService(session, args);
  if (unknown) return unknown;
  const options = upOptions(flags, args, false);
  return "status" in options ? options : yield* converge(session, options);
};

/** The project's containers that belong to the services named, or to any. */
function* chosen(session: Session, args: readonly string[]): Routine<Failure | readonly Listed[]> {
  const unknown = session.hasFiles ? unknownService(session, args) : undefined;
  if (unknown) return unknown;
  const all = yield* containersOf(session);
  if (!all.ok) return all.error;
  return all.value.filter((one) =>
    args.length > 0 ? args.includes(one.service) : !session.hasFiles || session.project.services.has(one.service),
  );
}

const isFailure = (value: Failure | readonly Listed[]): value is Failure => "status" in value;

const stop: Runner = function* (session, flags, args) {
  const containers = yield* chosen(session, args);
  if (isFailure(containers)) return containers;
  for (const one of inReverse(session, containers)) {
    const failed = yield* stopOne(session, one, seconds(flags));
    if (failed) return failed;
  }
  return undefined;
};

const start: Runner = function* (session, _flags, args) {
  const wanted = session.hasFiles && args.length > 0 ? inOrder(session.project, args) : args;
  const unknown = session.hasFiles ? unknownService(session, args) : undefined;
  if (unknown) return unknown;
  const containers = yield* chosen(session, wanted);
  if (isFailure(containers)) return containers;
  const missing = wanted.find((name) => !containers.some((one) => one.service === name));
  if (missing !== undefined) return refuse(`service ${JSON.stringify(missing)} has no container to start`);
  if (containers.length === 0) {
    const [first] = inOrder(session.project);
    return refuse(
      first === undefined
        ? `no container found for project ${JSON.stringify(session.project.name)}: not found`
        : `service ${JSON.stringify(first)} has no container to start`,
    );
  }
  for (const one of inStartOrder(session, containers)) {
    if (one.summary.State === "running") continue;
    const failed = yield* startOne(session, one);
    if (failed) return failed;
  }
  return undefined;
};

const restart: Runner = function* (session, flags, args) {
  const containers = yield* chosen(session, args);
  if (isFailure(containers)) return containers;
  const timeout = seconds(flags);
  for (const one of inStartOrder(session, containers)) {
    const id = `Container ${one.name} `;
    yield* session.progress.working(id, "Restarting");
    const done = yield* session.cli.client.send("ContainerRestart", {
      object: one.id,
      query: { t: timeout === undefined ? undefined : String(timeout) },
    });
    if (!done.ok) return { status: 1, message: done.error.message };
    yield* session.progress.done(id, "Started");
  }
  return undefined;
};

const kill: Runner = function* (session, flags, args) {
  const containers = yield* chosen(session, args);
  if (isFailure(containers)) return containers;
  for (const one of containers.filter((each) => each.summary.State === "running")) {
    const id = `Container ${one.name} `;
    yield* session.progress.working(id, "Killing");
    const done = yield* session.cli.client.send("ContainerKill", { object: one.id, query: { signal: flags.text("signal") } });
    if (!done.ok) {
      yield* session.progress.error(id, "Error while Killing");
      return { status: 1, message: done.error.message };
    }
    yield* session.progress.done(id, "Killed");
  }
  return undefined;
};

const remove: Runner = function* (session, flags, args) {
  const containers = yield* chosen(session, args);
  if (isFailure(containers)) return containers;
  if (flags.bool("stop")) {
    for (const one of inReverse(session, containers)) {
      const failed = yield* stopOne(session, one, undefined);
      if (failed) return failed;
    }
  }
  const after = yield* chosen(session, args);
  if (isFailure(after)) return after;
  const stopped = after.filter((one) => one.summary.State !== "running");
  if (stopped.length === 0) {
    yield* session.cli.err("No stopped containers\n");
    return undefined;
  }
  const question = `Going to remove ${stopped.map((one) => one.name).join(", ")}`;
  if (flags.bool("force")) yield* session.cli.out(`${question}\n`);
  else {
    yield* session.cli.out(`? ${question} [yN] `);
    const answer = yield* session.cli.sys.read(0);
    if (!answer.ok || !/^y(es)?\s*$/i.test(answer.value)) return undefined;
  }
  session.progress.begin();
  for (const one of stopped) {
    const failed = yield* removeOne(session, one, flags.bool("volumes"));
    if (failed) return failed;
  }
  return undefined;
};

const pull: Runner = function* (session, flags, args) {
  const unknown = unknownService(session, args);
  if (unknown) return unknown;
  const names = args.length > 0 ? inOrder(session.project, args, flags.bool("include-deps")) : inOrder(session.project);
  const isQuiet = flags.bool("quiet");
  const imageOf = (name: string): string => textOf(session.project.services.get(name)?.get("image"));
  const isFirst = (name: string): boolean => names.find((other) => imageOf(other) === imageOf(name)) === name;
  // All begin at once; an image that several services have is pulled for the first of them.
  for (const name of names) {
    if (isQuiet) continue;
    if (isFirst(name)) yield* session.progress.working(name, "Pulling ");
    else yield* session.progress.done(name, "Skipped - Image is already being pulled by another service ");
  }
  for (const name of names.filter(isFirst)) {
    const failed = yield* pullImage(session, name, imageOf(name), isQuiet, false);
    if (failed && !flags.bool("ignore-pull-failures")) return failed;
  }
  return undefined;
};

const version: Runner = function* (session, flags) {
  const format = flags.text("format");
  if (flags.bool("short")) yield* session.cli.out("2.40.3-3\n");
  else if (format === "json") yield* session.cli.out('{"version":"2.40.3-3"}\n');
  else yield* session.cli.out("Docker Compose version 2.40.3-3\n");
  return undefined;
};

function command(use: string, short: string, long?: string): CommandSpec {
  const name = use.split(" ")[0] ?? "";
  return {
    use,
    short,
    ...(long === undefined ? {} : { long }),
    args: ANY_ARGS,
    flags: FLAGS[name] ?? [],
    simulated: "yes",
    run: SHOWS_HELP,
  };
}

function named(
  use: string,
  short: string,
  needs: ComposeCommand["needs"],
  runner: Runner,
  more: { readonly least?: number; readonly stopsAtArguments?: boolean; readonly long?: string } = {},
): ComposeCommand {
  return {
    name: use.split(" ")[0] ?? "",
    spec: command(use, short, more.long),
    needs,
    run: runner,
    ...(more.least === undefined ? {} : { least: more.least }),
    ...(more.stopsAtArguments ? { stopsAtArguments: true } : {}),
  };
}

const unsupported = (name: string, short: string): ComposeCommand => ({
  name,
  spec: { ...command(name, short), simulated: "no" },
  needs: "nothing",
});

const RM_LONG = `Removes stopped service containers

By default, anonymous volumes attached to containers will not be removed. You
can override this with -v. To list all volumes, use "docker volume ls".

Any data which is not in a volume will be lost.`;

export const COMMANDS: readonly ComposeCommand[] = [
  named("up [OPTIONS] [SERVICE...]", "Create and start containers", "files", up),
  named("down [OPTIONS] [SERVICES]", "Stop and remove containers, networks", "name", (session, flags, args) =>
    down(session, { services: args, timeout: seconds(flags), volumes: flags.bool("volumes"), removeOrphans: flags.bool("remove-orphans") }),
  ),
  named("ps [OPTIONS] [SERVICE...]", "List containers", "name", ps),
  named("config [OPTIONS] [SERVICE...]", "Parse, resolve and render compose file in canonical format", "files", config),
  named("logs [OPTIONS] [SERVICE...]", "View output from containers", "name", logs),
  named("exec [OPTIONS] SERVICE COMMAND [ARGS...]", "Execute a command in a running container", "name", exec, {
    least: 2,
    stopsAtArguments: true,
  }),
  named("run [OPTIONS] SERVICE [COMMAND] [ARGS...]", "Run a one-off command on a service", "files", run, {
    least: 1,
    stopsAtArguments: true,
  }),
  named("stop [OPTIONS] [SERVICE...]", "Stop services", "name", stop),
  named("start [SERVICE...]", "Start services", "name", start),
  named("restart [OPTIONS] [SERVICE...]", "Restart service containers", "name", restart),
  named("kill [OPTIONS] [SERVICE...]", "Force stop service containers", "name", kill),
  named("rm [OPTIONS] [SERVICE...]", "Removes stopped service containers", "name", remove, { long: RM_LONG }),
  named("pull [OPTIONS] [SERVICE...]", "Pull service images", "files", pull),
  named("images [OPTIONS] [SERVICE...]", "List images used by the created containers", "name", images),
  named("port [OPTIONS] SERVICE PRIVATE_PORT", "Print the public port for a port binding", "name", port, { least: 2 }),
  named("top [SERVICES...]", "Display the running processes", "name", (session, _flags, args) => top(session, args)),
  named("ls [OPTIONS]", "List running compose projects", "nothing", (session, flags) => listProjects(session.cli, flags)),
  named("create [OPTIONS] [SERVICE...]", "Creates containers for a service", "files", create),
  named("version [OPTIONS]", "Show the Docker Compose version information", "nothing", version),
  unsupported("attach", "Attach local standard input, output, and error streams to a service's running container"),
  unsupported("build", "Build or rebuild services"),
  unsupported("commit", "Create a new image from a service container's changes"),
  unsupported("cp", "Copy files/folders between a service container and the local filesystem"),
  unsupported("events", "Receive real time events from containers"),
  unsupported("export", "Export a service container's filesystem as a tar archive"),
  unsupported("pause", "Pause services"),
  unsupported("publish", "Publish compose application"),
  unsupported("push", "Push service images"),
  unsupported("scale", "Scale services "),
  unsupported("stats", "Display a live stream of container(s) resource usage statistics"),
  unsupported("unpause", "Unpause services"),
  unsupported("volumes", "List volumes"),
  unsupported("wait", "Block until containers of all (or specified) services stop."),
  unsupported("watch", "Watch build context for service and rebuild/refresh containers when files are updated"),
];

export function composeCommand(): CommandSpec {
  const bridge: CommandSpec = { ...command("bridge", "Convert compose files into another model"), commands: [], simulated: "no" };
  return {
    use: "compose",
    short: "Docker Compose",
    long: "Define and run multi-container applications with Docker",
    args: ANY_ARGS,
    flags: FLAGS["compose"] ?? [],
    commands: [...COMMANDS.map((one) => one.spec), bridge],
    simulated: { partly: "no builds, no health conditions, no configs and secrets" },
    run: SHOWS_HELP,
  };
}
