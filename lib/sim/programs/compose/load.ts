/**
 * From Compose files to one project: reading, interpolating, checking, merging and filling in what is left out.
 *
 * Follows compose-go loader/loader.go, override/merge.go, loader/normalize.go and loader/validate.go. It differs in that `include`
 * and `extends` are not simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { canonicalResource, canonicalService, type Paths, sortedMap, sortedService } from "./canonical";
import { parseDotEnv } from "./dotenv";
import { interpolateTree, type Lookup } from "./interpolate";
import { checkConsistency } from "./consistency";
import { validate } from "./schema";
import { type Data, type DataMap, isList, isMap, textOf } from "./yaml/data";
import { readYaml } from "./yaml/read";

export type Project = {
  readonly name: string;
  readonly workingDir: string;
  readonly files: readonly string[];
  /** Enabled ones, by name. */
  readonly services: ReadonlyMap<string, DataMap>;
  readonly networks: ReadonlyMap<string, DataMap>;
  readonly volumes: ReadonlyMap<string, DataMap>;
  readonly profiles: readonly string[];
  /** `x-…` keys of the file. */
  readonly extensions: DataMap;
};

export type LoadOptions = {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly workingDir: string;
  readonly home: string;
  /** Given by -p or COMPOSE_PROJECT_NAME. */
  readonly name: string | undefined;
  readonly lookup: Lookup;
  readonly profiles: readonly string[];
  readFile(path: string): Result<string, string>;
  readonly warn: (message: string) => void;
};

const NAME = /^[a-z0-9][a-z0-9_-]*$/;

/** loader.NormalizeProjectName. */
export function normalName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^-_a-z0-9]/g, "")
    .replace(/^[-_]+/, "");
}

export function checkName(name: string): Result<void, string> {
  if (NAME.test(name)) return ok(undefined);
  return fail(
    `invalid project name ${JSON.stringify(name)}: must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as start with a letter or number`,
  );
}

export function loadProject(options: LoadOptions): Result<Project, string> {
  const trees: DataMap[] = [];
  for (const file of options.files) {
    const tree = readTree(file);
    if (!tree.ok) return tree;
    trees.push(tree.value);
  }
  const name = projectName(options, trees);
  if (!name.ok) return name;

  const unset = (variable: string): void =>
    options.warn(`The ${JSON.stringify(variable)} variable is not set. Defaulting to a blank string.`);
  const lookup: Lookup = (variable) => (variable === "COMPOSE_PROJECT_NAME" ? name.value : options.lookup(variable));
  const paths: Paths = { workingDir: options.workingDir, home: options.home };
  let merged: DataMap = new Map();
  for (const [i, tree] of trees.entries()) {
    const path = options.files[i]?.path ?? "";
    const one = prepare(tree, path, { lookup, onUnset: unset }, paths, options.warn);
    if (!one.ok) return one;
    merged = mergeMaps(merged, one.value, "");
  }
  return finish(name.value, merged, options, lookup);
}

function readTree(file: { readonly path: string; readonly text: string }): Result<DataMap, string> {
  const tree = readYaml(file.text);
  if (!tree.ok) return fail(tree.error.kind === "duplicate" ? `failed to parse ${file.path}: ${tree.error.message}` : tree.error.message);
  if (tree.value === undefined || tree.value === null) return fail("empty compose file");
  if (isMap(tree.value)) return ok(tree.value);
  const what = isList(tree.value) ? "!!seq" : `!!str \`${textOf(tree.value)}\``;
  return fail(`yaml: unmarshal errors:\n  line 1: cannot unmarshal ${what} into cli.named`);
}

/** -p or COMPOSE_PROJECT_NAME, then `name:` of the last file that has one, then the directory. */
function projectName(options: LoadOptions, trees: readonly DataMap[]): Result<string, string> {
  if (options.name !== undefined) {
    const checked = checkName(options.name);
    return checked.ok ? ok(options.name) : checked;
  }
  const given = trees.map((tree) => tree.get("name")).findLast((name) => name !== undefined);
  if (given !== undefined) {
    const text = interpolateTree(given, "name", { lookup: options.lookup, onUnset: () => {} });
    if (!text.ok) return text;
    const checked = checkName(textOf(text.value));
    return checked.ok ? ok(textOf(text.value)) : checked;
  }
  const name = normalName(options.workingDir.split("/").at(-1) ?? "");
  return name === "" ? fail("project name must not be empty") : ok(name);
}

/** One file by itself: interpolated, checked, in long form. */
function prepare(
  tree: DataMap,
  path: string,
  context: Parameters<typeof interpolateTree>[2],
  paths: Paths,
  warn: (message: string) => void,
): Result<DataMap, string> {
  const interpolated = interpolateTree(tree, "", context);
  if (!interpolated.ok) return interpolated;
  const file = isMap(interpolated.value) ? interpolated.value : tree;
  for (const section of ["services", "networks", "volumes"]) {
    const value = file.get(section);
    if (value !== undefined && value !== null && !isMap(value)) return fail(`${section} must be a mapping`);
    if (!isMap(value)) continue;
    for (const [name, one] of value) {
      if (name.startsWith("x-") || isMap(one) || (section !== "services" && one === null)) continue;
      return fail(`${section}.${name} must be a mapping`);
    }
  }
  // Lists of KEY=value are read before the schema is looked at.
  const services = file.get("services");
  for (const [name, service] of isMap(services) ? services : []) {
    const environment = isMap(service) ? service.get("environment") : undefined;
    const odd = isList(environment) ? environment.findIndex((item) => typeof item !== "string") : -1;
    if (isList(environment) && odd >= 0) {
      const item = environment[odd];
      return fail(
        `services.${name}.environment.[${odd}]: unexpected type ${typeof item === "number" ? "int" : typeof item === "boolean" ? "bool" : "map[string]interface {}"}`,
      );
    }
  }
  const checked = castFirst(file);
  if (!checked.ok) return checked;
  const valid = validate(withoutNulls(file));
  if (!valid.ok) return fail(valid.error.kind === "invalid" ? `validating ${path}: ${valid.error.message}` : valid.error.message);
  if (file.has("version"))
    warn(`${path}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`);
  return canonicalFile(file, paths);
}

/** Texts that must be numbers or booleans are cast before the schema is looked at, and fail first. */
function castFirst(file: DataMap): Result<void, string> {
  const services = file.get("services");
  for (const [name, service] of isMap(services) ? services : []) {
    if (!isMap(service)) continue;
    const few = new Map(
      [...service].filter(
        ([key, value]) =>
          ["privileged", "tty", "stdin_open", "read_only", "init"].includes(key) ||
          (key === "ports" && isList(value) && value.every(isMap)),
      ),
    );
    const cast = canonicalService(name, few, { workingDir: "/", home: "/" });
    if (!cast.ok) return cast;
  }
  return ok(undefined);
}

function withoutNulls(file: DataMap): DataMap {
  return new Map([...file].filter(([, value]) => value !== null));
}

function canonicalFile(file: DataMap, paths: Paths): Result<DataMap, string> {
  const result = new Map<string, Data>();
  for (const [section, value] of file) {
    if (section === "version" || value === null) continue;
    if (!isMap(value) || !["services", "networks", "volumes"].includes(section)) {
      result.set(section, value);
      continue;
    }
    const entries = new Map<string, Data>();
    for (const [name, one] of value) {
      if (name.startsWith("x-")) continue;
      const data = isMap(one) ? one : new Map<string, Data>();
      const done =
        section === "services" ? canonicalService(name, data, paths) : canonicalResource(section as "networks" | "volumes", name, data);
      if (!done.ok) return done;
      entries.set(name, done.value);
    }
    result.set(section, entries);
  }
  return ok(result);
}

/** Later files override earlier ones; lists are appended to, except for commands. */
function mergeMaps(base: DataMap, over: DataMap, path: string): DataMap {
  const merged = new Map(base);
  for (const [key, value] of over) {
    const before = merged.get(key);
    const at = path === "" ? key : `${path}.${key}`;
    if (isMap(before) && isMap(value)) merged.set(key, mergeMaps(before, value, at));
    else if (isList(before) && isList(value) && key !== "command" && key !== "entrypoint") merged.set(key, mergeLists(before, value, key));
    else if (!(value === null && isMap(before))) merged.set(key, value);
  }
  return merged;
}

/** Volumes are told apart by their target, ports by all they are, the rest by what they are. */
function mergeLists(base: readonly Data[], over: readonly Data[], key: string): readonly Data[] {
  const identity = (item: Data): string =>
    key === "volumes" && isMap(item) ? textOf(item.get("target")) : JSON.stringify(isMap(item) ? [...item] : item);
  const items = new Map<string, Data>();
  for (const item of [...base, ...over]) items.set(identity(item), item);
  return [...items.values()];
}

function section(file: DataMap, name: string): ReadonlyMap<string, DataMap> {
  const value = file.get(name);
  const entries: [string, DataMap][] = [];
  for (const [key, one] of isMap(value) ? value : []) if (isMap(one)) entries.push([key, one]);
  return new Map(entries);
}

function finish(name: string, file: DataMap, options: LoadOptions, lookup: Lookup): Result<Project, string> {
  const all = new Map<string, DataMap>();
  for (const [key, service] of [...section(file, "services")].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const done = finishService(service, options, lookup);
    if (!done.ok) return done;
    all.set(key, done.value);
  }
  const profiles = new Set<string>();
  for (const service of all.values()) for (const profile of listOf(service, "profiles")) profiles.add(profile);
  const isEnabled = (service: DataMap): boolean => {
    const wanted = listOf(service, "profiles");
    return wanted.length === 0 || options.profiles.includes("*") || wanted.some((profile) => options.profiles.includes(profile));
  };
  const services = new Map([...all].filter(([, service]) => isEnabled(service)));

  const networks = new Map(section(file, "networks"));
  const usesDefault = [...services.values()].some(
    (service) => isMap(service.get("networks")) && (service.get("networks") as DataMap).has("default"),
  );
  if (usesDefault && !networks.has("default")) networks.set("default", new Map());
  const wrong = checkConsistency({ services, all, networks, volumes: section(file, "volumes") });
  if (wrong !== undefined) return fail(wrong);

  const usedNetworks = new Set([...services.values()].flatMap((service) => keysOf(service.get("networks"))));
  const usedVolumes = new Set([...services.values()].flatMap((service) => volumeSources(service)));
  return ok({
    name,
    workingDir: options.workingDir,
    files: options.files.map((one) => one.path),
    services,
    networks: named(networks, usedNetworks, name),
    volumes: named(section(file, "volumes"), usedVolumes, name),
    profiles: [...profiles].sort(),
    extensions: new Map([...file].filter(([key]) => key.startsWith("x-"))),
  });
}

/** Those in use, with the names that they have at the engine. */
function named(resources: ReadonlyMap<string, DataMap>, used: ReadonlySet<string>, project: string): ReadonlyMap<string, DataMap> {
  const kept = [...resources].filter(([key]) => used.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    kept.map(([key, resource]) => {
      const name = textOf(resource.get("name")) || (resource.get("external") === true ? key : `${project}_${key}`);
      return [key, new Map<string, Data>([["name", name], ...[...resource].filter(([field]) => field !== "name")])];
    }),
  );
}

function finishService(service: DataMap, options: LoadOptions, lookup: Lookup): Result<DataMap, string> {
  const done = new Map(service);
  const environment = new Map<string, Data>();
  const files = service.get("env_file");
  for (const file of isList(files) ? files : []) {
    if (!isMap(file)) continue;
    const path = textOf(file.get("path"));
    const text = options.readFile(path);
    if (!text.ok) {
      if (file.get("required") === false) continue;
      return fail(`env file ${path} not found: stat ${path}: ${text.error.replace(/^open .*?: /, "")}`);
    }
    const values = parseDotEnv(text.value, lookup);
    if (!values.ok) return fail(`failed to read ${path}: ${values.error}`);
    for (const [key, value] of values.value) environment.set(key, value);
  }
  done.delete("env_file");
  const own = service.get("environment");
  for (const [key, value] of isMap(own) ? own : []) {
    const inherited = value === null ? lookup(key) : undefined;
    environment.set(key, inherited ?? value);
  }
  if (environment.size > 0) done.set("environment", sortedMap(environment));
  for (const key of ["labels", "sysctls", "depends_on", "networks"]) {
    const value = done.get(key);
    if (isMap(value)) done.set(key, sortedMap(value));
  }
  addImplied(done);
  if (!done.has("network_mode") && !(isMap(done.get("networks")) && keysOf(done.get("networks")).length > 0))
    done.set("networks", new Map([["default", null]]));
  return ok(sortedService(done));
}

/** What links and `network_mode: service:x` depend on. */
function addImplied(service: Map<string, Data>): void {
  const implied = new Map<string, boolean>();
  const mode = textOf(service.get("network_mode"));
  for (const field of [mode, textOf(service.get("ipc")), textOf(service.get("pid"))])
    if (field.startsWith("service:")) implied.set(field.slice("service:".length), true);
  for (const link of listOf(service, "links")) implied.set(link.split(":")[0] ?? "", true);
  if (implied.size === 0) return;
  const before = service.get("depends_on");
  const entries = new Map(isMap(before) ? before : []);
  for (const name of implied.keys()) {
    if (!entries.has(name))
      entries.set(
        name,
        new Map<string, Data>([
          ["condition", "service_started"],
          ["restart", true],
          ["required", true],
        ]),
      );
  }
  service.set("depends_on", sortedMap(entries));
}

export function keysOf(data: Data | undefined): readonly string[] {
  return isMap(data) ? [...data.keys()] : [];
}

export function listOf(map: DataMap, key: string): readonly string[] {
  const value = map.get(key);
  return isList(value) ? value.map(textOf) : [];
}

/** The named volumes that a service mounts. */
export function volumeSources(service: DataMap): readonly string[] {
  const volumes = service.get("volumes");
  return (isList(volumes) ? volumes : []).flatMap((volume) =>
    isMap(volume) && volume.get("type") === "volume" && volume.has("source") ? [textOf(volume.get("source"))] : [],
  );
}
