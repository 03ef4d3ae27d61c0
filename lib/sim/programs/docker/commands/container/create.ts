/** `docker create`, and what `docker run` shares with it. Follows docker/cli cli/command/container/create.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerCreateResponse } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { goErrno, type Cli } from "../../cli";
import { failureOf, isNotFound } from "../../client";
import type { Failure, Handler, Invocation } from "../../cobra/command";
import { quote } from "../../gotemplate";
import { ipText, parseIp } from "../../opts/address";
import { apiTag, familiarString, parseAnyReference, parseReference, type Reference, withDefaultTag } from "../../opts/reference";
import { showProgress } from "../json-stream";
import { type ParsedContainer, parseContainer } from "./parse";

/** The error as `docker run` and `docker create` show what is wrong with their flags. */
export function withHelp(message: string, command: "run" | "create"): string {
  return `docker: ${message}\n\nRun 'docker ${command} --help' for more information`;
}

/** The flags, checked, or why not. */
export function parseInvocation({ cli, flags, args }: Invocation): Result<ParsedContainer, string> {
  const pull = flags.text("pull");
  if (!["always", "missing", "never", ""].includes(pull)) {
    return fail(`invalid pull option: '${pull}': must be one of ${quote("always")}, ${quote("missing")} or ${quote("never")}`);
  }
  if (!flags.bool("disable-content-trust")) return fail(notSimulated("content trust"));
  return parseContainer(cli, flags, args);
}

export const containerCreate: Handler = function* (invocation) {
  const { cli } = invocation;
  const parsed = parseInvocation(invocation);
  if (!parsed.ok) return { status: 125, message: withHelp(parsed.error, "create") };
  const id = yield* createContainer(invocation, parsed.value);
  if (!id.ok) return id.error;
  yield* cli.out(`${id.value}\n`);
  return undefined;
};

/** Creates the container, pulling its image first when it is missing. The id, or what went wrong. */
export function* createContainer({ cli, flags }: Invocation, parsed: ParsedContainer): Routine<Result<string, Failure>> {
  const idFile = openIdFile(cli, flags.text("cidfile"));
  if (!idFile.ok) return fail({ status: 1, message: idFile.error });
  const created = yield* create(cli, parsed, {
    name: flags.text("name"),
    platform: flags.text("platform") || (cli.env("DOCKER_DEFAULT_PLATFORM") ?? ""),
    pull: flags.text("pull"),
    isQuiet: flags.bool("quiet"),
  });
  if (idFile.value !== undefined) {
    if (created.ok) cli.sys.writeFile(idFile.value, created.value);
    else cli.sys.unlink(idFile.value);
  }
  return created;
}

function openIdFile(cli: Cli, path: string): Result<string | undefined, string> {
  if (path === "") return ok(undefined);
  if (cli.sys.stat(path).ok) return fail(`container ID file found, make sure the other container isn't running or delete ${path}`);
  const written = cli.sys.writeFile(path, "");
  return written.ok ? ok(path) : fail(`failed to create the container ID file: open ${path}: ${goErrno(written.error)}`);
}

type CreateOptions = { readonly name: string; readonly platform: string; readonly pull: string; readonly isQuiet: boolean };

function* create(cli: Cli, parsed: ParsedContainer, options: CreateOptions): Routine<Result<string, Failure>> {
  const image = parsed.body.Image ?? "";
  const reference = parseAnyReference(image);
  if (!reference.ok) return fail({ status: 1, message: reference.error });
  const named = reference.value ? withDefaultTag(reference.value) : undefined;
  if (options.pull === "always") {
    const pulled = yield* pullImage(cli, image, options);
    if (!pulled.ok) return pulled;
  }

  const terminal = cli.terminal("stdout");
  const body = { ...parsed.body, HostConfig: { ...parsed.body.HostConfig, ConsoleSize: [terminal?.rows ?? 0, terminal?.columns ?? 0] } };
  const query = { name: options.name || undefined, platform: options.platform.toLowerCase() || undefined };
  let response = yield* cli.client.get<ContainerCreateResponse>("ContainerCreate", { query, body });
  if (!response.ok) {
    if (!isNotFound(response.error) || !named || options.pull !== "missing") return fail(failureOf(response.error));
    if (!options.isQuiet) yield* cli.err(`Unable to find image '${familiarString(named)}' locally\n`);
    const pulled = yield* pullImage(cli, image, options);
    if (!pulled.ok) return pulled;
    response = yield* cli.client.get<ContainerCreateResponse>("ContainerCreate", { query, body });
    if (!response.ok) return fail(failureOf(response.error));
  }
  for (const warning of [...(response.value.Warnings ?? []), ...localDns(parsed)]) yield* cli.err(`WARNING: ${warning}\n`);
  return ok(response.value.Id);
}

/** A name server that the container cannot reach, as it is the host's own. */
function localDns(parsed: ParsedContainer): readonly string[] {
  for (const server of parsed.body.HostConfig.Dns ?? []) {
    const bytes = parseIp(server);
    if (bytes && (bytes.length === 4 ? bytes[0] === 127 : bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1)) {
      return [`Localhost DNS (${ipText(bytes)}) may fail in containers.`];
    }
  }
  return [];
}

/** Pulls with the progress on stderr. */
function* pullImage(cli: Cli, image: string, options: CreateOptions): Routine<Result<void, Failure>> {
  const reference = parseReference(image);
  if (!reference.ok) return fail({ status: 1, message: reference.error });
  return yield* pull(cli, reference.value, {
    platform: options.platform,
    write: (text) => (options.isQuiet ? cli.out("") : cli.err(text)),
    terminal: options.isQuiet ? undefined : cli.terminal("stderr"),
  });
}

export type PullOptions = {
  readonly platform: string;
  /** All tags of the repository. */
  readonly isAll?: boolean;
  readonly write: (text: string) => Routine<void>;
  readonly terminal: ReturnType<Cli["terminal"]>;
};

export function* pull(cli: Cli, reference: Reference, options: PullOptions): Routine<Result<void, Failure>> {
  const query = {
    fromImage: reference.name,
    tag: options.isAll ? undefined : apiTag(reference),
    platform: options.platform.toLowerCase() || undefined,
  };
  const response = yield* cli.client.call("ImageCreate", { query });
  if (!response.ok) return fail(failureOf(response.error));
  return yield* showProgress(cli.client, response.value.body, options.terminal, options.write);
}
