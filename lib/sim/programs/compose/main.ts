/**
 * `docker compose`: from its arguments to the command that runs. Follows docker/compose cmd/compose/compose.go and docker/cli
 * cli-plugins/plugin.
 *
 * A learner sees it as `docker compose up`. It differs in that builds, health conditions, configs, secrets, `extends`, `include`
 * and watching files are not simulated, and say so.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { Cli } from "@/lib/sim/programs/docker/cli";
import { Client, failureOf } from "@/lib/sim/programs/docker/client";
import { commandOf, type Failure } from "@/lib/sim/programs/docker/cobra/command";
import { HELP_FLAG } from "@/lib/sim/programs/docker/cobra/execute";
import { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { parseFlags } from "@/lib/sim/programs/docker/cobra/parse-flags";
import { usageText } from "@/lib/sim/programs/docker/cobra/usage";
import { configDirOf, parseHost, readConfigFile } from "@/lib/sim/programs/docker/config-file";
import { dockerCommand } from "@/lib/sim/programs/docker/tree";
import { COMMANDS, composeCommand, type Runner } from "./commands";
import { findFiles } from "./files";
import { FLAGS } from "./flags";
import { checkName, loadProject, type Project } from "./load";
import { Progress, type ProgressMode } from "./progress";
import { warning } from "./resources";
import { refuse, type Session } from "./session";

const METADATA = `{
     "SchemaVersion": "0.1.0",
     "Vendor": "Docker Inc.",
     "Version": "2.40.3-3",
     "ShortDescription": "Docker Compose"
}
`;

export function* compose(sys: Sys): Routine<number> {
  sys.catchSignals("INT", "TERM");
  if (sys.argv[1] === "docker-cli-plugin-metadata") {
    yield* print(sys, METADATA);
    return 0;
  }
  const failure = yield* run(sys);
  if (!failure) return 0;
  if (failure.message !== "") yield* complain(sys, `${failure.message}\n`);
  return failure.status & 0xff;
}

function* run(sys: Sys): Routine<Failure | undefined> {
  const configDir = configDirOf(sys);
  const docker = dockerCommand(configDir);
  const globals = new FlagSet([...docker.flags, HELP_FLAG]);
  const made = makeCli(sys, configDir);
  if (!made.ok) return refuse(made.error);
  const cli = made.value;
  const outer = parseFlags(globals, sys.argv.slice(1), { stopsAtArguments: true }, cli);
  if (!outer.ok) return refuse(outer.error);
  const client = globals.changed("host") ? reach(sys, configDir, globals.text("host")) : ok(cli);
  if (!client.ok) return refuse(client.error);
  const words = outer.value.args[0] === "compose" ? outer.value.args.slice(1) : outer.value.args;

  const flags = new FlagSet([...(FLAGS["compose"] ?? []), HELP_FLAG]);
  const parsed = parseFlags(flags, words, { stopsAtArguments: true }, cli);
  if (!parsed.ok) return refuse(parsed.error);
  const [name, ...rest] = parsed.value.args;
  const root = commandOf(docker);
  const group = commandOf(composeCommand(), root);
  const help = (command: typeof group): string =>
    usageText(command, {
      columns: cli.terminal("stdin")?.columns ?? 80,
      isVisible: ({ spec }) => !spec.hidden,
      isFlagVisible: (flag) => !flag.hidden,
      plugins: [],
      isTerminal: false,
    });
  if (name === undefined || name === "help") {
    yield* cli.out(help(group));
    return undefined;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    yield* cli.out(help(group));
    return refuse(`unknown docker command: "compose ${name}"`);
  }
  if (!command.run) return refuse(notSimulated(`docker compose ${name}`));
  const own = new FlagSet([...(FLAGS[name] ?? []), HELP_FLAG]);
  const inner = parseFlags(own, rest, { stopsAtArguments: command.stopsAtArguments ?? false }, cli);
  if (!inner.ok) return refuse(inner.error);
  if (own.bool("help") || flags.bool("help")) {
    yield* cli.out(help(commandOf(command.spec, group)));
    return undefined;
  }
  const idle = [...flags.given, ...own.given].find((flag) => flag.simulated === "no");
  if (idle) return refuse(notSimulated(`--${idle.name} of docker compose ${name}`));
  if (inner.value.args.length < (command.least ?? 0))
    return refuse(`requires at least ${command.least} arg(s), only received ${inner.value.args.length}`);
  return yield* start(client.value, flags, { runner: command.run, flags: own, args: inner.value.args, needs: command.needs });
}

type Chosen = {
  readonly runner: Runner;
  readonly flags: FlagSet;
  readonly args: readonly string[];
  readonly needs: "files" | "name" | "nothing";
};

function* start(cli: Cli, flags: FlagSet, chosen: Chosen): Routine<Failure | undefined> {
  const wanted = flags.text("progress") || (cli.env("COMPOSE_PROGRESS") ?? "auto");
  const modes: Readonly<Record<string, ProgressMode>> = {
    auto: cli.terminal("stderr") ? "tty" : "plain",
    tty: "tty",
    plain: "plain",
    quiet: "quiet",
    none: "quiet",
  };
  const mode = modes[wanted];
  if (!mode)
    return refuse(
      wanted === "json" ? notSimulated("--progress json of docker compose") : `unsupported --progress value ${JSON.stringify(wanted)}`,
    );
  const progress = new Progress(cli, mode);
  let project: Project = emptyProject("");
  let hasFiles = false;
  if (chosen.needs !== "nothing") {
    const loaded = yield* load(cli, flags, chosen.needs);
    if ("status" in loaded) return loaded;
    project = loaded.project;
    hasFiles = loaded.hasFiles;
  }
  const session: Session = { cli, progress, project, hasFiles };
  const failure = yield* chosen.runner(session, chosen.flags, chosen.args);
  const interrupted = failure ? cli.client.interruption() : undefined;
  return interrupted ? failureOf(interrupted) : failure;
}

function emptyProject(name: string): Project {
  return {
    name,
    workingDir: "",
    files: [],
    services: new Map(),
    networks: new Map(),
    volumes: new Map(),
    profiles: [],
    extensions: new Map(),
  };
}

function* load(
  cli: Cli,
  flags: FlagSet,
  needs: "files" | "name",
): Routine<Failure | { readonly project: Project; readonly hasFiles: boolean }> {
  const found = findFiles(cli, { files: flags.list("file"), envFiles: flags.list("env-file"), directory: flags.text("project-directory") });
  if (!found.ok) return refuse(found.error);
  const name = flags.changed("project-name") ? flags.text("project-name") : found.value.lookup("COMPOSE_PROJECT_NAME") || undefined;
  if (name !== undefined) {
    const checked = checkName(name);
    if (!checked.ok) return refuse(checked.error);
  }
  if (found.value.files.length === 0 || (needs === "name" && name !== undefined && flags.list("file").length === 0)) {
    if (needs === "name" && name !== undefined) return { project: emptyProject(name), hasFiles: false };
    return refuse("no configuration file provided: not found");
  }
  const files: { path: string; text: string }[] = [];
  for (const path of found.value.files) {
    const text = cli.readFile(path);
    if (!text.ok) return refuse(text.error);
    files.push({ path, text: text.value });
  }
  const warnings: string[] = [];
  const project = loadProject({
    files,
    workingDir: found.value.workingDir,
    home: cli.env("HOME") ?? "/root",
    name,
    lookup: found.value.lookup,
    profiles:
      flags.list("profile").length > 0
        ? flags.list("profile")
        : (found.value.lookup("COMPOSE_PROFILES") ?? "").split(",").filter((one) => one !== ""),
    readFile: (path) => cli.readFile(path),
    warn: (message) => warnings.push(message),
  });
  for (const message of warnings) yield* cli.err(warning({ cli }, message));
  return project.ok ? { project: project.value, hasFiles: true } : refuse(project.error);
}

function makeCli(sys: Sys, configDir: string): Result<Cli, string> {
  return reach(sys, configDir, sys.env.get("DOCKER_HOST") ?? "");
}

function reach(sys: Sys, configDir: string, address: string): Result<Cli, string> {
  const host = parseHost(address);
  if (!host.ok) return fail(`unable to resolve docker endpoint: ${host.error}`);
  const { config } = readConfigFile(sys, configDir);
  return ok(
    new Cli({ sys, client: new Client(sys, host.value), config, configDir, contextName: "default", isDebug: false, builtins: new Set() }),
  );
}
