/**
 * The whole of `docker`: every command and flag of Docker CLI 28.5.2, each with what is simulated of it.
 *
 * Commands that stand both in a group and at the top (`docker container ls`, `docker ps`) are one declaration under two names.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { type CommandSpec, nameOf, NO_ARGS, SHOWS_HELP } from "../cobra/command";
import { bool, string } from "../cobra/flags";
import { images } from "../commands/image";
import { BUILD, BUILDER } from "./build";
import { CONTAINER } from "./container";
import { CONTEXT } from "./context";
import { IMAGE } from "./image";
import { NETWORK } from "./network";
import { LOGIN, LOGOUT, SEARCH } from "./registry";
import { SERVICE } from "./service";
import { STACK } from "./stack";
import { CONFIG, NODE, SECRET, SWARM } from "./swarm";
import { INSPECT, SYSTEM, VERSION } from "./system";
import { CHECKPOINT, MANIFEST, PLUGIN, TRUST } from "./unsimulated";
import { VOLUME } from "./volume";

function child(group: CommandSpec, name: string): CommandSpec {
  const found = group.commands?.find((command) => nameOf(command) === name);
  if (!found) throw new InvariantViolation(`docker ${group.use} has the command ${name}`);
  return found;
}

/** A group's command at the top. There it has no other names. */
function atTop(group: CommandSpec, name: string, more: Partial<CommandSpec> = {}): CommandSpec {
  const { aliases: _below, ...spec } = child(group, name);
  return { ...spec, ...more };
}

const CONTAINER_COMMANDS = [
  "attach",
  "commit",
  "cp",
  "create",
  "diff",
  "export",
  "kill",
  "logs",
  "pause",
  "port",
  "rename",
  "restart",
  "rm",
  "start",
  "stats",
  "stop",
  "top",
  "unpause",
  "update",
  "wait",
];
const IMAGE_COMMANDS = ["history", "import", "load", "save", "tag"];

const COMMANDS: readonly CommandSpec[] = [
  atTop(CONTAINER, "run", { common: 1 }),
  atTop(CONTAINER, "exec", { common: 2 }),
  atTop(CONTAINER, "ls", { use: "ps [OPTIONS]", common: 3 }),
  { ...BUILD, common: 4 },
  atTop(IMAGE, "pull", { common: 5 }),
  atTop(IMAGE, "push", { common: 6 }),
  atTop(IMAGE, "ls", { use: "images [OPTIONS] [REPOSITORY[:TAG]]", common: 7, run: images }),
  { ...LOGIN, common: 8 },
  { ...LOGOUT, common: 9 },
  { ...SEARCH, common: 10 },
  { ...VERSION, common: 10 },
  atTop(SYSTEM, "info", { common: 12 }),
  BUILDER,
  CHECKPOINT,
  CONTAINER,
  CONTEXT,
  IMAGE,
  MANIFEST,
  NETWORK,
  PLUGIN,
  SYSTEM,
  TRUST,
  VOLUME,
  CONFIG,
  NODE,
  SECRET,
  SERVICE,
  STACK,
  SWARM,
  ...CONTAINER_COMMANDS.map((name) => atTop(CONTAINER, name)),
  ...IMAGE_COMMANDS.map((name) => atTop(IMAGE, name)),
  atTop(IMAGE, "rm", { use: "rmi [OPTIONS] IMAGE [IMAGE...]" }),
  atTop(SYSTEM, "events"),
  INSPECT,
];

/** The tree for a user whose settings are in `configDir`, which help mentions. */
export function dockerCommand(configDir: string): CommandSpec {
  return {
    use: "docker [OPTIONS] COMMAND [ARG...]",
    short: "A self-sufficient runtime for containers",
    args: NO_ARGS,
    flags: [
      string("config", "Location of client config files", { initial: configDir }),
      string(
        "context",
        'Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")',
        { short: "c" },
      ),
      bool("debug", "Enable debug mode", { short: "D" }),
      string("host", "Daemon socket to connect to", { short: "H" }),
      string("log-level", 'Set the logging level ("debug", "info", "warn", "error", "fatal")', { short: "l", initial: "info" }),
      bool("tls", "Use TLS; implied by --tlsverify", { simulated: "no" }),
      string("tlscacert", "Trust certs signed only by this CA", { initial: `${configDir}/ca.pem`, simulated: "no" }),
      string("tlscert", "Path to TLS certificate file", { initial: `${configDir}/cert.pem`, simulated: "no" }),
      string("tlskey", "Path to TLS key file", { initial: `${configDir}/key.pem`, simulated: "no" }),
      bool("tlsverify", "Use TLS and verify the remote", { simulated: "no" }),
      bool("version", "Print version information and quit", { short: "v" }),
    ],
    commands: COMMANDS,
    simulated: "yes",
    run: SHOWS_HELP,
  };
}
