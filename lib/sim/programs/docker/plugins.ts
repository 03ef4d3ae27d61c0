/**
 * CLI plugins: executables called docker-NAME that add `docker NAME`, as Compose does.
 *
 * A learner sees them in `docker --help` (`compose*`) and `docker info`. Follows docker/cli cli-plugins/manager: the folders
 * searched, `docker-cli-plugin-metadata`, and that a plugin is run with docker's own arguments.
 */

import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import { parseJson, quote } from "./gotemplate";

export type Plugin = {
  readonly name: string;
  readonly path: string;
  readonly error: string | undefined;
  readonly schemaVersion: string;
  readonly vendor: string;
  readonly version: string;
  readonly shortDescription: string;
  readonly url: string;
};

const SYSTEM_FOLDERS = [
  "/usr/local/lib/docker/cli-plugins",
  "/usr/local/libexec/docker/cli-plugins",
  "/usr/lib/docker/cli-plugins",
  "/usr/libexec/docker/cli-plugins",
];

function foldersOf(configDir: string): readonly string[] {
  return [`${configDir}/cli-plugins`, ...SYSTEM_FOLDERS];
}

const NAME = /^[a-z][a-z0-9]*$/;

/** The path of `docker NAME`'s executable, if there is one. */
export function findPlugin(sys: Sys, configDir: string, name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  return foldersOf(configDir)
    .map((folder) => `${folder}/docker-${name}`)
    .find((path) => sys.stat(path).ok);
}

/** All plugins, by name, with what they say of themselves. */
export function* listPlugins(sys: Sys, configDir: string, builtins: ReadonlySet<string>): Routine<readonly Plugin[]> {
  const paths = new Map<string, string>();
  for (const folder of foldersOf(configDir)) {
    const names = sys.readdir(folder);
    if (!names.ok) continue;
    for (const file of names.value) {
      const name = file.slice("docker-".length);
      if (file.startsWith("docker-") && !paths.has(name) && sys.stat(`${folder}/${file}`).ok) paths.set(name, `${folder}/${file}`);
    }
  }
  const plugins: Plugin[] = [];
  for (const name of [...paths.keys()].sort()) plugins.push(yield* describe(sys, name, paths.get(name) ?? "", builtins));
  return plugins;
}

function* describe(sys: Sys, name: string, path: string, builtins: ReadonlySet<string>): Routine<Plugin> {
  const empty = { name, path, schemaVersion: "", vendor: "", version: "", shortDescription: "", url: "" };
  if (!NAME.test(name)) return { ...empty, error: `plugin candidate ${quote(name)} did not match ${quote(NAME.source)}` };
  if (builtins.has(name)) return { ...empty, error: `plugin ${quote(name)} duplicates builtin command` };
  const metadata = yield* capture(sys, [path, "docker-cli-plugin-metadata"]);
  if (metadata === undefined) return { ...empty, error: "failed to fetch metadata: exit status 1" };
  const json = parseJson(metadata);
  if (!json.ok || json.value.kind !== "object") return { ...empty, error: `invalid metadata: ${json.ok ? "not an object" : json.error}` };
  const entries = json.value.entries;
  const text = (key: string): string => {
    const value = entries.get(key);
    return value?.kind === "string" ? value.value : "";
  };
  const plugin = {
    ...empty,
    schemaVersion: text("SchemaVersion"),
    vendor: text("Vendor"),
    version: text("Version"),
    shortDescription: text("ShortDescription"),
    url: text("URL"),
  };
  return { ...plugin, error: plugin.vendor === "" ? "plugin metadata does not define a vendor" : undefined };
}

/** What a program writes to stdout; undefined when it fails. */
function* capture(sys: Sys, argv: readonly string[]): Routine<string | undefined> {
  const pipe = sys.pipe();
  const child = sys.spawn({
    image: { path: argv[0] ?? "" },
    argv,
    fds: new Map([
      [0, 0],
      [1, pipe.write],
      [2, 2],
    ]),
  });
  sys.close(pipe.write);
  if (!child.ok) {
    sys.close(pipe.read);
    return undefined;
  }
  let text = "";
  for (;;) {
    const chunk = yield* sys.read(pipe.read);
    if (!chunk.ok || chunk.value === "") break;
    text += chunk.value;
  }
  sys.close(pipe.read);
  const end = yield* sys.waitpid(child.value);
  return end.ok && end.value?.kind === "exited" && end.value.status === 0 ? text : undefined;
}

/** Runs the plugin in docker's place, with docker's own arguments; its status is docker's. */
export function* runPlugin(sys: Sys, path: string): Routine<number> {
  const env = new Map(sys.env);
  env.set("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", sys.argv[0] ?? "docker");
  const child = sys.spawn({ image: { path }, argv: [path, ...sys.argv.slice(1)], env });
  if (!child.ok) return 1;
  for (;;) {
    const end = yield* sys.waitpid(child.value);
    if (end.ok && end.value?.kind === "exited") return end.value.status;
    if (end.ok && end.value?.kind === "killed") return 128 + SIGNAL_NUMBERS[end.value.signal];
    if (!end.ok && end.error !== "EINTR") return 1;
    // A terminal's signals reach the plugin by themselves; others are passed on.
    const signal = end.ok ? undefined : sys.takeSignal();
    if (signal !== undefined && !sys.tty(0)) sys.kill(child.value, signal);
  }
}
