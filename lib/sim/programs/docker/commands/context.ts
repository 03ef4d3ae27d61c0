/**
 * `docker context ls`, `show`, `inspect` and `use`. Follows docker/cli cli/command/context.
 *
 * It differs in that there is one context, `default`: others can't be made here.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Cli } from "../cli";
import type { Handler } from "../cobra/command";
import { type Finder, inspect } from "../format/inspector";
import { formatListing, type Listing } from "../format/listing";
import { ellipsis } from "../format/tabwriter";
import { goBool, quote } from "../gotemplate";
import { sha256 } from "../sha256";

type Context = {
  readonly name: string;
  readonly description: string;
  readonly endpoint: string;
  readonly isCurrent: boolean;
  readonly error: string;
};

const CONTEXTS: Listing<Context> = {
  type: "formatter.clientContextContext",
  fields: {
    Current: (context) => goBool(context.isCurrent),
    Description: (context) => context.description,
    DockerEndpoint: (context) => context.endpoint,
    Error: (context) => ellipsis(context.error, 45),
    Name: (context) => context.name,
  },
  headers: { Name: "NAME", Description: "DESCRIPTION", DockerEndpoint: "DOCKER ENDPOINT", Error: "ERROR" },
};

/** Why a context that is asked for is not there. */
export function contextMissing(name: string, configDir: string): string {
  return `context ${quote(name)}: context not found: open ${configDir}/contexts/meta/${sha256(name)}/meta.json: no such file or directory`;
}

export const contextLs: Handler = function* ({ cli, flags }) {
  const contexts: Context[] = [
    {
      name: "default",
      description: "Current DOCKER_HOST based configuration",
      endpoint: cli.client.host,
      isCurrent: cli.contextName === "default",
      error: "",
    },
  ];
  if (cli.contextName !== "default")
    contexts.push({
      name: cli.contextName,
      description: "",
      endpoint: "",
      isCurrent: true,
      error: contextMissing(cli.contextName, cli.configDir),
    });
  const given = flags.text("format") || "table";
  const table = "table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}";
  const text = formatListing(CONTEXTS, flags.bool("quiet") ? "{{.Name}}" : given === "table" ? table : given, contexts);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  if (cli.env("DOCKER_HOST")) {
    yield* cli.err(
      "Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.\n",
    );
  }
  return undefined;
};

export const contextShow: Handler = function* ({ cli }) {
  yield* cli.out(`${cli.contextName}\n`);
  return undefined;
};

function checkName(cli: Cli, name: string): Result<void, string> {
  if (name === "default") return ok(undefined);
  if (name === "") return fail("context name cannot be empty");
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/.test(name))
    return fail(`context name ${quote(name)} is invalid, names are validated against regexp "^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$"`);
  return fail(contextMissing(name, cli.configDir));
}

export const contextInspect: Handler = function* ({ cli, flags, args }) {
  const find: Finder = function* (name) {
    if (name !== "default") return fail({ message: contextMissing(name, cli.configDir) });
    const json = {
      Name: "default",
      Metadata: {},
      Endpoints: { docker: { Host: cli.client.host, SkipTLSVerify: false } },
      TLSMaterial: {},
      Storage: { MetadataPath: "<IN MEMORY>", TLSPath: "<IN MEMORY>" },
    };
    return ok({
      kind: "raw",
      text: JSON.stringify(json).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
      type: { kind: "interface" },
    });
  };
  return yield* inspect(cli, args.length > 0 ? args : [cli.contextName], flags.text("format"), find);
};

export const contextUse: Handler = function* ({ cli, args }) {
  const [name = ""] = args;
  const checked = checkName(cli, name);
  if (!checked.ok) return { status: 1, message: checked.error };
  yield* cli.out(`${name}\n`);
  yield* cli.err(`Current context is now ${quote(name)}\n`);
  return undefined;
};
