/** Which files make a project, and its `.env`. Follows compose-go cli/options.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Cli, cleanPath } from "@/lib/sim/programs/docker/cli";
import { parseDotEnv } from "./dotenv";
import type { Lookup } from "./interpolate";

const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

export type Found = { readonly files: readonly string[]; readonly workingDir: string; readonly lookup: Lookup };

export function findFiles(
  cli: Cli,
  given: { readonly files: readonly string[]; readonly envFiles: readonly string[]; readonly directory: string },
): Result<Found, string> {
  const { sys } = cli;
  const directory = given.directory === "" ? undefined : cli.absolute(given.directory);
  const environment: Lookup = (name) => sys.env.get(name);
  const early = readEnv(cli, given.envFiles, directory ?? sys.cwd, environment);
  if (!early.ok) return early;
  const chosen =
    given.files.length > 0
      ? given.files
      : (early.value("COMPOSE_FILE") ?? "").split(early.value("COMPOSE_PATH_SEPARATOR") ?? ":").filter((one) => one !== "");
  const files = chosen.length > 0 ? chosen.map((path) => cli.absolute(path)) : search(cli, directory ?? sys.cwd);
  const workingDir = directory ?? (files[0] === undefined ? sys.cwd : cleanPath(`${files[0]}/..`));
  const lookup = readEnv(cli, given.envFiles, workingDir, environment);
  return lookup.ok ? ok({ files, workingDir, lookup: lookup.value }) : lookup;
}

/** The first name there is, in this directory or one above it, and its override. */
function search(cli: Cli, from: string): readonly string[] {
  for (let directory = from; ; directory = cleanPath(`${directory}/..`)) {
    const at = (name: string): string => cleanPath(`${directory}/${name}`);
    const found = NAMES.map(at).find((path) => cli.sys.stat(path).ok);
    if (found !== undefined) {
      const over = OVERRIDES.map(at).find((path) => cli.sys.stat(path).ok);
      return over === undefined ? [found] : [found, over];
    }
    if (directory === "/") return [];
  }
}

/** The environment, and below it what `.env` says. */
function readEnv(cli: Cli, envFiles: readonly string[], directory: string, environment: Lookup): Result<Lookup, string> {
  const values = new Map<string, string>();
  const paths = envFiles.length > 0 ? envFiles.map((path) => cli.absolute(path)) : [cleanPath(`${directory}/.env`)];
  for (const path of paths) {
    const text = cli.readFile(path);
    if (!text.ok) {
      if (envFiles.length > 0) return fail(`couldn't find env file: ${path}`);
      continue;
    }
    const parsed = parseDotEnv(text.value, (name) => environment(name) ?? values.get(name));
    if (!parsed.ok) return fail(`failed to read ${path}: ${parsed.error}`);
    for (const [key, value] of parsed.value) values.set(key, value);
  }
  return ok((name) => environment(name) ?? values.get(name));
}
