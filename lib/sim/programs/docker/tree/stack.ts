/**
 * `docker stack`. Swarm mode is not simulated yet; what a node that is in no swarm answers is.
 * Follows docker/cli cli/command/stack.
 */

import { type CommandSpec, NO_ARGS, atLeast, exactly, SHOWS_HELP } from "../cobra/command";
import { bool, filter, string, strings, FORMAT_HELP } from "../cobra/flags";
import { NOT_SIMULATED } from "../commands/not-simulated";
import { REFUSED, refusal } from "../commands/swarm";

export const STACK: CommandSpec = {
  use: "stack [OPTIONS]",
  short: "Manage Swarm stacks",
  args: NO_ARGS,
  flags: [],
  swarm: "manager",
  simulated: "yes",
  run: SHOWS_HELP,
  commands: [
    {
      use: "config [OPTIONS]",
      short: "Outputs the final config file, after doing merges and interpolations",
      args: NO_ARGS,
      flags: [
        strings("compose-file", 'Path to a Compose file, or "-" to read from stdin', { short: "c" }),
        bool("skip-interpolation", "Skip interpolation and output only merged config"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "deploy [OPTIONS] STACK",
      short: "Deploy a new stack or update an existing stack",
      aliases: ["up"],
      args: exactly(1),
      flags: [
        strings("compose-file", 'Path to a Compose file, or "-" to read from stdin', { short: "c" }),
        bool("detach", "Exit immediately instead of waiting for the stack services to converge", { short: "d", initial: "true" }),
        bool("prune", "Prune services that are no longer referenced"),
        bool("quiet", "Suppress progress output", { short: "q" }),
        string("resolve-image", 'Query the registry to resolve image digest and supported platforms ("always", "changed", "never")', {
          initial: "always",
        }),
        bool("with-registry-auth", "Send registry authentication details to Swarm agents"),
      ],
      simulated: REFUSED,
      run: refusal("SystemInfo"),
    },
    {
      use: "ls [OPTIONS]",
      short: "List stacks",
      aliases: ["list"],
      args: NO_ARGS,
      flags: [string("format", FORMAT_HELP)],
      simulated: REFUSED,
      run: refusal("ServiceList"),
    },
    {
      use: "ps [OPTIONS] STACK",
      short: "List the tasks in the stack",
      args: exactly(1),
      flags: [
        filter("filter", "Filter output based on conditions provided", { short: "f" }),
        string("format", FORMAT_HELP),
        bool("no-resolve", "Do not map IDs to Names"),
        bool("no-trunc", "Do not truncate output"),
        bool("quiet", "Only display task IDs", { short: "q" }),
      ],
      simulated: REFUSED,
      run: refusal("TaskList"),
    },
    {
      use: "rm [OPTIONS] STACK [STACK...]",
      short: "Remove one or more stacks",
      aliases: ["remove", "down"],
      args: atLeast(1),
      flags: [bool("detach", "Do not wait for stack removal", { short: "d", initial: "true" })],
      simulated: REFUSED,
      run: refusal("ServiceList"),
    },
    {
      use: "services [OPTIONS] STACK",
      short: "List the services in the stack",
      args: exactly(1),
      flags: [
        filter("filter", "Filter output based on conditions provided", { short: "f" }),
        string("format", FORMAT_HELP),
        bool("quiet", "Only display IDs", { short: "q" }),
      ],
      simulated: REFUSED,
      run: refusal("ServiceList"),
    },
  ],
};
