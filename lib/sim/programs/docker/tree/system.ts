/**
 * `docker system` and its commands, `docker inspect` and `docker version`. Follows docker/cli cli/command/system.
 */

import { type CommandSpec, NO_ARGS, atLeast, SHOWS_HELP } from "../cobra/command";
import { bool, filter, string, FORMAT_HELP, INSPECT_FORMAT_HELP } from "../cobra/flags";
import { systemDf, systemEvents, systemInfo, systemInspect, systemPrune, systemVersion } from "../commands/system";

export const SYSTEM: CommandSpec = {
  use: "system",
  short: "Manage Docker",
  args: NO_ARGS,
  flags: [],
  simulated: "yes",
  run: SHOWS_HELP,
  commands: [
    {
      use: "df [OPTIONS]",
      short: "Show docker disk usage",
      args: NO_ARGS,
      flags: [string("format", FORMAT_HELP), bool("verbose", "Show detailed information on space usage", { short: "v" })],
      simulated: "yes",
      run: systemDf,
    },
    {
      use: "events [OPTIONS]",
      short: "Get real time events from the server",
      aliasHelp: "docker system events, docker events",
      args: NO_ARGS,
      flags: [
        filter("filter", "Filter output based on conditions provided", { short: "f" }),
        string("format", INSPECT_FORMAT_HELP),
        string("since", "Show all events created since timestamp"),
        string("until", "Stream events until this timestamp"),
      ],
      simulated: "yes",
      run: systemEvents,
    },
    {
      use: "info [OPTIONS]",
      short: "Display system-wide information",
      aliasHelp: "docker system info, docker info",
      args: NO_ARGS,
      flags: [string("format", INSPECT_FORMAT_HELP, { short: "f" })],
      simulated: "yes",
      run: systemInfo,
    },
    {
      use: "prune [OPTIONS]",
      short: "Remove unused data",
      args: NO_ARGS,
      flags: [
        bool("all", "Remove all unused images not just dangling ones", { short: "a" }),
        filter("filter", 'Provide filter values (e.g. "label=<key>=<value>")'),
        bool("force", "Do not prompt for confirmation", { short: "f" }),
        bool("volumes", "Prune anonymous volumes"),
      ],
      simulated: "yes",
      run: systemPrune,
    },
  ],
};

/** `docker inspect`. */
export const INSPECT: CommandSpec = {
  use: "inspect [OPTIONS] NAME|ID [NAME|ID...]",
  short: "Return low-level information on Docker objects",
  args: atLeast(1),
  flags: [
    string("format", INSPECT_FORMAT_HELP, { short: "f" }),
    bool("size", "Display total file sizes if the type is container", { short: "s" }),
    string("type", "Only inspect objects of the given type"),
  ],
  simulated: "yes",
  run: systemInspect,
};

/** `docker version`. */
export const VERSION: CommandSpec = {
  use: "version [OPTIONS]",
  short: "Show the Docker version information",
  args: NO_ARGS,
  flags: [string("format", INSPECT_FORMAT_HELP, { short: "f" })],
  simulated: "yes",
  run: systemVersion,
};
