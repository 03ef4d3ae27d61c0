/**
 * `docker context` and its commands. Follows docker/cli cli/command/context. There is one context here, `default`.
 */

import { type CommandSpec, ANY_ARGS, NO_ARGS, atLeast, between, exactly, SHOWS_HELP } from "../cobra/command";
import { bool, string, FORMAT_HELP, INSPECT_FORMAT_HELP } from "../cobra/flags";
import { contextInspect, contextLs, contextShow, contextUse } from "../commands/context";
import { NOT_SIMULATED } from "../commands/not-simulated";

export const CONTEXT: CommandSpec = {
  use: "context",
  short: "Manage contexts",
  args: NO_ARGS,
  flags: [],
  simulated: "yes",
  run: SHOWS_HELP,
  commands: [
    {
      use: "create [OPTIONS] CONTEXT",
      short: "Create a context",
      long: 'Create a context\n\nDocker endpoint config:\n\nNAME                DESCRIPTION\nfrom                Copy named context\'s Docker endpoint configuration\nhost                Docker endpoint on which to connect\nca                  Trust certs signed only by this CA\ncert                Path to TLS certificate file\nkey                 Path to TLS key file\nskip-tls-verify     Skip TLS certificate validation\n\nExample:\n\n$ docker context create my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"',
      args: exactly(1),
      flags: [
        string("description", "Description of the context"),
        string("docker", "set the docker endpoint", { word: "stringToString", note: "(default [])" }),
        string("from", "create context from a named context"),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "export [OPTIONS] CONTEXT [FILE|-]",
      short: "Export a context to a tar archive FILE or a tar stream on STDOUT.",
      args: between(1, 2),
      flags: [],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "import CONTEXT FILE|-",
      short: "Import a context from a tar or zip file",
      args: exactly(2),
      flags: [],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "inspect [OPTIONS] [CONTEXT] [CONTEXT...]",
      short: "Display detailed information on one or more contexts",
      args: ANY_ARGS,
      flags: [string("format", INSPECT_FORMAT_HELP, { short: "f" })],
      complete: ["contexts"],
      simulated: "yes",
      run: contextInspect,
    },
    {
      use: "ls [OPTIONS]",
      short: "List contexts",
      aliases: ["list"],
      args: NO_ARGS,
      flags: [string("format", FORMAT_HELP), bool("quiet", "Only show context names", { short: "q" })],
      simulated: "yes",
      run: contextLs,
    },
    {
      use: "rm CONTEXT [CONTEXT...]",
      short: "Remove one or more contexts",
      aliases: ["remove"],
      args: atLeast(1),
      flags: [bool("force", "Force the removal of a context in use", { short: "f" })],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "show",
      short: "Print the name of the current context",
      args: NO_ARGS,
      flags: [],
      simulated: "yes",
      run: contextShow,
    },
    {
      use: "update [OPTIONS] CONTEXT",
      short: "Update a context",
      long: 'Update a context\n\nDocker endpoint config:\n\nNAME                DESCRIPTION\nfrom                Copy named context\'s Docker endpoint configuration\nhost                Docker endpoint on which to connect\nca                  Trust certs signed only by this CA\ncert                Path to TLS certificate file\nkey                 Path to TLS key file\nskip-tls-verify     Skip TLS certificate validation\n\nExample:\n\n$ docker context update my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"',
      args: exactly(1),
      flags: [
        string("description", "Description of the context"),
        string("docker", "set the docker endpoint", { word: "stringToString", note: "(default [])" }),
      ],
      simulated: "no",
      run: NOT_SIMULATED,
    },
    {
      use: "use CONTEXT",
      short: "Set the current docker context",
      args: exactly(1),
      flags: [],
      complete: ["contexts"],
      simulated: "yes",
      run: contextUse,
    },
  ],
};
