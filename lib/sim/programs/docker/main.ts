/**
 * `docker`: from its arguments to the command that runs. Follows docker/cli cmd/docker/docker.go and cli/command/cli.go.
 *
 * It differs in that only Unix sockets and the context `default` can be used, and that building has no BuildKit to hand over to.
 */

import { ok, fail, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { Cli } from "./cli";
import { Client, failureOf } from "./client";
import { type CommandSpec, commandOf, type Failure, findChild, nameOf } from "./cobra/command";
import { execute, findCommand, flagError, HELP_FLAG, showHelp, type Surroundings } from "./cobra/execute";
import { type FlagContext, FlagSet } from "./cobra/flag";
import { parseFlags } from "./cobra/parse-flags";
import { contextMissing } from "./commands/context";
import { CLIENT_VERSION, GIT_COMMIT } from "./commands/system/client-version";
import { configDirOf, parseHost, readConfigFile } from "./config-file";
import { findPlugin, listPlugins, runPlugin } from "./plugins";
import { dockerCommand } from "./tree";

/** Plugins that come with the packaged engine. Without their executable they are not simulated, rather than unknown. */
const OFFICIAL_PLUGINS = new Set(["buildx", "compose"]);

export function* docker(sys: Sys): Routine<number> {
  sys.catchSignals("INT", "TERM");
  const failure = yield* run(sys);
  if (typeof failure === "number") return failure;
  if (!failure) return 0;
  if (failure.message !== "") yield* complain(sys, `${failure.message}\n`);
  return failure.status & 0xff;
}

/** The status of a plugin, or what went wrong. */
function* run(sys: Sys): Routine<Failure | number | undefined> {
  const root = dockerCommand(configDirOf(sys));
  const flags = new FlagSet([...root.flags, HELP_FLAG]);
  const parsed = parseFlags(flags, sys.argv.slice(1), { stopsAtArguments: true }, bareContext(sys));
  if (!parsed.ok) return flagError(commandOf(root), parsed.error);
  for (const warning of parsed.value.warnings) yield* complain(sys, warning);

  const level = flags.text("log-level");
  if (!["panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"].includes(level.toLowerCase())) {
    yield* complain(sys, `Unable to parse logging level: ${level}\n`);
    return 1;
  }
  const made = makeCli(sys, root, flags);
  if (!made.ok) return { status: 1, message: made.error };
  const { cli, warning } = made.value;
  if (warning !== undefined) yield* cli.err(warning);
  const surroundings: Surroundings = {
    cli,
    *listPlugins() {
      const plugins = yield* listPlugins(sys, cli.configDir, cli.builtins);
      return plugins.map((plugin) => ({
        name: plugin.name,
        short: plugin.shortDescription,
        ...(plugin.error === undefined ? {} : { error: plugin.error }),
      }));
    },
  };

  const args = parsed.value.args;
  const command = commandOf(root);
  if (args.length === 0) {
    if (flags.bool("help")) return yield* showHelp(command, "stdout", surroundings);
    if (flags.bool("version")) {
      yield* print(sys, `Docker version ${CLIENT_VERSION}, build ${GIT_COMMIT}\n`);
      return undefined;
    }
    return yield* showHelp(command, "stderr", surroundings);
  }
  const [first = ""] = args;
  if (first === "help") return yield* help(args.slice(1), command, surroundings);
  if (!findChild(command, first)) {
    const plugin = findPlugin(sys, cli.configDir, first);
    if (plugin !== undefined) return yield* runPlugin(sys, plugin);
    if (OFFICIAL_PLUGINS.has(first)) return { status: 1, message: notSimulated(`docker ${first}`) };
  }
  const failure = yield* execute(root, args, surroundings, flags.bool("help"));
  // A signal that ended a request is why the command failed, whatever it makes of that.
  const interrupted = failure ? cli.client.interruption() : undefined;
  return interrupted ? failureOf(interrupted) : failure;
}

/** The global flags look at nothing but the environment. */
function bareContext(sys: Sys): FlagContext {
  return { env: (name: string) => sys.env.get(name), readFile: (path: string) => fail(`open ${path}`), absolute: (path: string) => path };
}

function makeCli(sys: Sys, root: CommandSpec, flags: FlagSet): Result<{ readonly cli: Cli; readonly warning: string | undefined }, string> {
  const idle = flags.given.find((flag) => flag.simulated === "no");
  if (idle) return fail(notSimulated(`--${idle.name} of docker`));
  if (flags.changed("context") && flags.text("context") !== "" && flags.changed("host"))
    return fail("conflicting options: cannot specify both --host and --context");

  const configDir = flags.text("config");
  const { config, warning } = readConfigFile(sys, configDir);
  const given = flags.changed("host") ? flags.text("host") : (sys.env.get("DOCKER_HOST") ?? "");
  const host = parseHost(given);
  if (!host.ok) return fail(`Failed to initialize: unable to resolve docker endpoint: ${host.error}`);
  const contextName = contextOf(sys, flags, config.currentContext);
  const client = new Client(
    sys,
    host.value,
    contextName === "default"
      ? undefined
      : `Failed to initialize: unable to resolve docker endpoint: ${contextMissing(contextName, configDir)}`,
  );
  const builtins = new Set((root.commands ?? []).flatMap((spec) => [nameOf(spec), ...(spec.aliases ?? [])]));
  return ok({ cli: new Cli({ sys, client, config, configDir, contextName, isDebug: flags.bool("debug"), builtins }), warning });
}

function contextOf(sys: Sys, flags: FlagSet, configured: string): string {
  if (flags.text("context") !== "") return flags.text("context");
  if (flags.changed("host") || sys.env.get("DOCKER_HOST")) return "default";
  return sys.env.get("DOCKER_CONTEXT") || configured || "default";
}

function* help(
  words: readonly string[],
  root: ReturnType<typeof commandOf>,
  surroundings: Surroundings,
): Routine<Failure | number | undefined> {
  const { cli } = surroundings;
  const [first] = words;
  if (first !== undefined && !findChild(root, first)) {
    const plugin = findPlugin(cli.sys, cli.configDir, first);
    if (plugin !== undefined) return yield* runPlugin(cli.sys, plugin);
  }
  const { command, rest } = findCommand(root, words);
  if (rest.length > 0) return { status: 1, message: `unknown help topic: ${rest.join(" ")}` };
  return yield* showHelp(command, "stdout", surroundings);
}
