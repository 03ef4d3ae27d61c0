/**
 * `docker volume` and its commands. Follows docker/cli cli/command/volume. Cluster volumes (CSI) are not simulated.
 */

import { type CommandSpec, NO_ARGS, atLeast, atMost, exactly, SHOWS_HELP } from "../cobra/command";
import { bool, bytes, filter, list, map, string, FORMAT_HELP, INSPECT_FORMAT_HELP } from "../cobra/flags";
import { NOT_SIMULATED } from "../commands/not-simulated";
import { volumeCreate, volumeInspect, volumeLs, volumePrune, volumeRm } from "../commands/volume";
import { label } from "../opts/validators";

export const VOLUME: CommandSpec = {
  use: "volume COMMAND",
  short: "Manage volumes",
  args: NO_ARGS,
  flags: [],
  simulated: "yes",
  run: SHOWS_HELP,
  commands: [
    {
      use: "create [OPTIONS] [VOLUME]",
      short: "Create a volume",
      args: atMost(1),
      flags: [
        string("availability", 'Cluster Volume availability ("active", "pause", "drain")', { initial: "active", swarm: "manager" }),
        string("driver", "Specify volume driver name", { short: "d", initial: "local" }),
        string("group", "Cluster Volume group (cluster volumes)", { swarm: "manager" }),
        list("label", "Set metadata for a volume", { validate: label }),
        bytes("limit-bytes", "Minimum size of the Cluster Volume in bytes", { swarm: "manager" }),
        string("name", "Specify volume name", { hidden: true }),
        map("opt", "Set driver specific options", { short: "o" }),
        bytes("required-bytes", "Maximum size of the Cluster Volume in bytes", { swarm: "manager" }),
        string("scope", 'Cluster Volume access scope ("single", "multi")', { initial: "single", swarm: "manager" }),
        map("secret", "Cluster Volume secrets", { swarm: "manager" }),
        string("sharing", 'Cluster Volume access sharing ("none", "readonly", "onewriter", "all")', { initial: "none", swarm: "manager" }),
        list("topology-preferred", "A topology that the Cluster Volume would be preferred in", { swarm: "manager" }),
        list("topology-required", "A topology that the Cluster Volume must be accessible from", { swarm: "manager" }),
        string("type", 'Cluster Volume access type ("mount", "block")', { initial: "block", swarm: "manager" }),
      ],
      simulated: "yes",
      run: volumeCreate,
    },
    {
      use: "inspect [OPTIONS] VOLUME [VOLUME...]",
      short: "Display detailed information on one or more volumes",
      args: atLeast(1),
      flags: [string("format", INSPECT_FORMAT_HELP, { short: "f" })],
      complete: ["volumes"],
      simulated: "yes",
      run: volumeInspect,
    },
    {
      use: "ls [OPTIONS]",
      short: "List volumes",
      aliases: ["list"],
      args: NO_ARGS,
      flags: [
        bool("cluster", "Display only cluster volumes, and use cluster volume list formatting", { swarm: "manager" }),
        filter("filter", 'Provide filter values (e.g. "dangling=true")', { short: "f" }),
        string("format", FORMAT_HELP),
        bool("quiet", "Only display volume names", { short: "q" }),
      ],
      simulated: "yes",
      run: volumeLs,
    },
    {
      use: "prune [OPTIONS]",
      short: "Remove unused local volumes",
      args: NO_ARGS,
      flags: [
        bool("all", "Remove all unused volumes, not just anonymous ones", { short: "a" }),
        filter("filter", 'Provide filter values (e.g. "label=<label>")'),
        bool("force", "Do not prompt for confirmation", { short: "f" }),
      ],
      simulated: "yes",
      run: volumePrune,
    },
    {
      use: "rm [OPTIONS] VOLUME [VOLUME...]",
      short: "Remove one or more volumes",
      long: "Remove one or more volumes. You cannot remove a volume that is in use by a container.",
      aliases: ["remove"],
      args: atLeast(1),
      flags: [bool("force", "Force the removal of one or more volumes", { short: "f" })],
      complete: ["volumes"],
      simulated: "yes",
      run: volumeRm,
    },
    {
      use: "update [OPTIONS] [VOLUME]",
      short: "Update a volume (cluster volumes only)",
      args: exactly(1),
      flags: [string("availability", 'Cluster Volume availability ("active", "pause", "drain")', { initial: "active", swarm: "manager" })],
      swarm: "manager",
      simulated: "no",
      run: NOT_SIMULATED,
    },
  ],
};
