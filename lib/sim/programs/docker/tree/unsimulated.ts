/**
 * Groups of commands that are real and not simulated: checkpoints, manifest lists, engine plugins, content trust.
 * Their help is complete; running one says so.
 */

import { type CommandSpec, NO_ARGS, atLeast, between, exactly, SHOWS_HELP } from "../cobra/command";
import { bool, filter, int, list, string, strings, FORMAT_HELP, INSPECT_FORMAT_HELP } from "../cobra/flags";
import { NOT_SIMULATED } from "../commands/not-simulated";

export const CHECKPOINT: CommandSpec = {
  use: "checkpoint",
  short: "Manage checkpoints",
  args: NO_ARGS,
  flags: [],
  experimental: true,
  simulated: "no",
  run: SHOWS_HELP,
  commands: [
    {
      use: "create [OPTIONS] CONTAINER CHECKPOINT",
      short: "Create a checkpoint from a running container",
      args: exactly(2),
      flags: [
        string("checkpoint-dir", "Use a custom checkpoint storage directory"),
        bool("leave-running", "Leave the container running after checkpoint"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "ls [OPTIONS] CONTAINER",
      short: "List checkpoints for a container",
      aliases: ["list"],
      args: exactly(1),
      flags: [
        string("checkpoint-dir", "Use a custom checkpoint storage directory"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "rm [OPTIONS] CONTAINER CHECKPOINT",
      short: "Remove a checkpoint",
      aliases: ["remove"],
      args: exactly(2),
      flags: [
        string("checkpoint-dir", "Use a custom checkpoint storage directory"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
  ],
};

export const MANIFEST: CommandSpec = {
  use: "manifest COMMAND",
  isExperimental: true,
  short: "Manage Docker image manifests and manifest lists",
  args: NO_ARGS,
  flags: [],
  long: "The **docker manifest** command has subcommands for managing image manifests and\nmanifest lists. A manifest list allows you to use one name to refer to the same image\nbuilt for multiple architectures.\n\nTo see help for a subcommand, use:\n\n    docker manifest CMD --help\n\nFor full details on using docker manifest lists, see the registry v2 specification.",
  simulated: "no",
  run: SHOWS_HELP,
  commands: [
    {
      use: "annotate [OPTIONS] MANIFEST_LIST MANIFEST",
      short: "Add additional information to a local image manifest",
      args: exactly(2),
      flags: [
        string("arch", "Set architecture"),
        string("os", "Set operating system"),
        strings("os-features", "Set operating system feature"),
        string("os-version", "Set operating system version"),
        string("variant", "Set architecture variant"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "create MANIFEST_LIST MANIFEST [MANIFEST...]",
      short: "Create a local manifest list for annotating and pushing to a registry",
      args: atLeast(2),
      flags: [
        bool("amend", "Amend an existing manifest list", { short: "a" }),
        bool("insecure", "Allow communication with an insecure registry"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "inspect [OPTIONS] [MANIFEST_LIST] MANIFEST",
      short: "Display an image manifest, or manifest list",
      args: between(1, 2),
      flags: [
        bool("insecure", "Allow communication with an insecure registry"),
        bool("verbose", "Output additional info including layers and platform", { short: "v" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "push [OPTIONS] MANIFEST_LIST",
      short: "Push a manifest list to a repository",
      args: exactly(1),
      flags: [
        bool("insecure", "Allow push to an insecure registry"),
        bool("purge", "Remove the local manifest list after push", { short: "p" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "rm MANIFEST_LIST [MANIFEST_LIST...]",
      short: "Delete one or more manifest lists from local storage",
      args: atLeast(1),
      flags: [],
      simulated: "no",
      run: NOT_SIMULATED,
    },
  ],
};

export const PLUGIN: CommandSpec = {
  use: "plugin",
  short: "Manage plugins",
  args: NO_ARGS,
  flags: [],
  simulated: "no",
  run: SHOWS_HELP,
  commands: [
    {
      use: "create [OPTIONS] PLUGIN PLUGIN-DATA-DIR",
      short: "Create a plugin from a rootfs and configuration. Plugin data directory must contain config.json and rootfs directory.",
      args: atLeast(2),
      flags: [
        bool("compress", "Compress the context using gzip"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "disable [OPTIONS] PLUGIN",
      short: "Disable a plugin",
      args: exactly(1),
      flags: [
        bool("force", "Force the disable of an active plugin", { short: "f" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "enable [OPTIONS] PLUGIN",
      short: "Enable a plugin",
      args: exactly(1),
      flags: [
        int("timeout", "HTTP client timeout (in seconds)", { initial: "30" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "inspect [OPTIONS] PLUGIN [PLUGIN...]",
      short: "Display detailed information on one or more plugins",
      args: atLeast(1),
      flags: [
        string("format", INSPECT_FORMAT_HELP, { short: "f" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "install [OPTIONS] PLUGIN [KEY=VALUE...]",
      short: "Install a plugin",
      args: atLeast(1),
      flags: [
        string("alias", "Local name for plugin"),
        bool("disable", "Do not enable the plugin on install"),
        bool("disable-content-trust", "Skip image verification", { initial: "true" }),
        bool("grant-all-permissions", "Grant all permissions necessary to run the plugin"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "ls [OPTIONS]",
      short: "List plugins",
      aliases: ["list"],
      args: NO_ARGS,
      flags: [
        filter("filter", "Provide filter values (e.g. \"enabled=true\")", { short: "f" }),
        string("format", FORMAT_HELP),
        bool("no-trunc", "Don't truncate output"),
        bool("quiet", "Only display plugin IDs", { short: "q" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "push [OPTIONS] PLUGIN[:TAG]",
      short: "Push a plugin to a registry",
      args: exactly(1),
      flags: [
        bool("disable-content-trust", "Skip image signing", { initial: "true" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "rm [OPTIONS] PLUGIN [PLUGIN...]",
      short: "Remove one or more plugins",
      aliases: ["remove"],
      args: atLeast(1),
      flags: [
        bool("force", "Force the removal of an active plugin", { short: "f" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "set PLUGIN KEY=VALUE [KEY=VALUE...]",
      short: "Change settings for a plugin",
      args: atLeast(2),
      flags: [],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "upgrade [OPTIONS] PLUGIN [REMOTE]",
      short: "Upgrade an existing plugin",
      args: between(1, 2),
      flags: [
        bool("disable-content-trust", "Skip image verification", { initial: "true" }),
        bool("grant-all-permissions", "Grant all permissions necessary to run the plugin"),
        bool("skip-remote-check", "Do not check if specified remote plugin matches existing plugin image"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
  ],
};

export const TRUST: CommandSpec = {
  use: "trust",
  short: "Manage trust on Docker images",
  args: NO_ARGS,
  flags: [],
  simulated: "no",
  run: SHOWS_HELP,
  commands: [
    {
      use: "key",
      short: "Manage keys for signing Docker images",
      args: NO_ARGS,
      flags: [],
      simulated: "no",
      run: SHOWS_HELP,
      commands: [
        {
          use: "generate NAME",
          short: "Generate and load a signing key-pair",
          args: exactly(1),
          flags: [
            string("dir", "Directory to generate key in, defaults to current directory"),
          ],
          simulated: "no",
          run: NOT_SIMULATED,
        },
        {
          use: "load [OPTIONS] KEYFILE",
          short: "Load a private key file for signing",
          args: exactly(1),
          flags: [
            string("name", "Name for the loaded key", { initial: "signer" }),
          ],
          simulated: "no",
          run: NOT_SIMULATED,
        },
      ],
    },
    {
      use: "signer",
      short: "Manage entities who can sign Docker images",
      args: NO_ARGS,
      flags: [],
      simulated: "no",
      run: SHOWS_HELP,
      commands: [
        {
          use: "add OPTIONS NAME REPOSITORY [REPOSITORY...] ",
          short: "Add a signer",
          args: atLeast(2),
          flags: [
            list("key", "Path to the signer's public key file"),
          ],
          simulated: "no",
          run: NOT_SIMULATED,
        },
        {
          use: "remove [OPTIONS] NAME REPOSITORY [REPOSITORY...]",
          short: "Remove a signer",
          args: atLeast(2),
          flags: [
            bool("force", "Do not prompt for confirmation before removing the most recent signer", { short: "f" }),
          ],
          simulated: "no",
          run: NOT_SIMULATED,
        },
      ],
    },
    {
      use: "inspect IMAGE[:TAG] [IMAGE[:TAG]...]",
      short: "Return low-level information about keys and signatures",
      args: atLeast(1),
      flags: [
        bool("pretty", "Print the information in a human friendly format"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "revoke [OPTIONS] IMAGE[:TAG]",
      short: "Remove trust for an image",
      args: exactly(1),
      flags: [
        bool("yes", "Do not prompt for confirmation", { short: "y" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "sign IMAGE:TAG",
      short: "Sign an image",
      args: exactly(1),
      flags: [
        bool("local", "Sign a locally tagged image"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
  ],
};
