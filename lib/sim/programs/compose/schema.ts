/**
 * What may stand where in a Compose file, and which of it has its effect here.
 *
 * A learner meets it in `validating …/compose.yaml: services.web additional properties 'x' not allowed`. Follows the schema of
 * the Compose specification (compose-go schema/compose-spec.json) for the keys that are simulated; of the others only the names.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { type Data, isList, isMap } from "./yaml/data";

type Rule =
  | { readonly kind: "scalar"; readonly types: readonly ScalarType[] }
  | { readonly kind: "one-of"; readonly options: readonly Rule[]; readonly words: string }
  | { readonly kind: "list"; readonly item: Rule }
  | { readonly kind: "map"; readonly value: Rule; readonly key?: RegExp }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Rule>>; readonly orNull?: boolean }
  /** Real, but not simulated. */
  | { readonly kind: "idle" }
  | { readonly kind: "any" };

type ScalarType = "string" | "number" | "integer" | "boolean" | "null";

const scalar = (...types: readonly ScalarType[]): Rule => ({ kind: "scalar", types });
const list = (item: Rule): Rule => ({ kind: "list", item });
const map = (value: Rule, key?: RegExp): Rule => (key ? { kind: "map", value, key } : { kind: "map", value });
const object = (fields: Readonly<Record<string, Rule>>, orNull = false): Rule => ({ kind: "object", fields, orNull });
const oneOf = (words: string, ...options: readonly Rule[]): Rule => ({ kind: "one-of", options, words });
const idle: Rule = { kind: "idle" };

const text = scalar("string");
const bool = scalar("boolean", "string");
const number = scalar("number", "string");
const listOfText = list(text);
const textOrList = oneOf("string", text, listOfText);
const anyScalar = scalar("boolean", "null", "number", "string");
const listOrDict = oneOf("object", map(anyScalar), listOfText);
const command = oneOf("null", scalar("null", "string"), listOfText);

const SERVICE_NETWORK = object(
  {
    aliases: listOfText,
    ipv4_address: text,
    ipv6_address: text,
    link_local_ips: listOfText,
    mac_address: text,
    driver_opts: map(scalar("string", "number")),
    priority: number,
    gw_priority: number,
    interface_name: idle,
  },
  true,
);

const PORT = object({
  name: text,
  mode: text,
  host_ip: text,
  target: scalar("integer", "string"),
  published: scalar("string", "integer"),
  protocol: text,
  app_protocol: text,
});

const SERVICE_VOLUME = object({
  type: text,
  source: text,
  target: text,
  read_only: bool,
  consistency: text,
  bind: object({ propagation: text, create_host_path: bool, recursive: idle, selinux: idle }),
  volume: object({ nocopy: bool, subpath: idle, labels: idle }),
  tmpfs: object({ size: idle, mode: idle }),
  image: idle,
});

const IDLE_SERVICE_KEYS =
  "annotations attach blkio_config build cgroup cgroup_parent configs cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpuset credential_spec develop device_cgroup_rules devices extends external_links gpus healthcheck isolation label_file logging mem_reservation mem_swappiness memswap_limit models oom_kill_disable oom_score_adj pids_limit platform post_start pre_stop provider runtime secrets security_opt shm_size storage_opt ulimits use_api_socket userns_mode uts volumes_from";

const SERVICE = object({
  ...Object.fromEntries(IDLE_SERVICE_KEYS.split(" ").map((key) => [key, idle])),
  cap_add: listOfText,
  cap_drop: listOfText,
  command,
  container_name: text,
  cpus: number,
  depends_on: oneOf("array", listOfText, map(object({ condition: text, required: bool, restart: bool }))),
  deploy: object(
    {
      mode: idle,
      replicas: scalar("integer", "string"),
      labels: idle,
      resources: idle,
      restart_policy: idle,
      placement: idle,
      update_config: idle,
      rollback_config: idle,
      endpoint_mode: idle,
    },
    true,
  ),
  dns: textOrList,
  dns_opt: listOfText,
  dns_search: textOrList,
  domainname: text,
  entrypoint: command,
  env_file: oneOf("string", text, list(oneOf("string", text, object({ path: text, format: idle, required: bool })))),
  environment: oneOf("object", map(anyScalar), list({ kind: "any" })),
  expose: list(scalar("string", "number")),
  extra_hosts: oneOf("object", map(oneOf("string", text, listOfText)), listOfText),
  group_add: list(scalar("string", "number")),
  hostname: text,
  image: text,
  init: bool,
  ipc: text,
  labels: listOrDict,
  links: listOfText,
  mac_address: text,
  mem_limit: scalar("number", "string"),
  network_mode: text,
  networks: oneOf("array", listOfText, map(SERVICE_NETWORK)),
  pid: scalar("string", "null"),
  ports: list(oneOf("number", scalar("number"), text, PORT)),
  privileged: bool,
  profiles: listOfText,
  pull_policy: text,
  read_only: bool,
  restart: text,
  scale: scalar("integer", "string"),
  stdin_open: bool,
  stop_grace_period: text,
  stop_signal: text,
  sysctls: listOrDict,
  tmpfs: textOrList,
  tty: bool,
  user: text,
  volumes: list(oneOf("string", text, SERVICE_VOLUME)),
  working_dir: text,
});

const EXTERNAL = oneOf("boolean", bool, object({ name: text }));

const NETWORK = object(
  {
    name: text,
    driver: text,
    driver_opts: map(scalar("string", "number")),
    ipam: object({
      driver: text,
      config: list(object({ subnet: text, ip_range: text, gateway: text, aux_addresses: map(text) })),
      options: map(text),
    }),
    external: EXTERNAL,
    internal: bool,
    enable_ipv4: bool,
    enable_ipv6: bool,
    attachable: bool,
    labels: listOrDict,
  },
  true,
);

const VOLUME = object(
  { name: text, driver: text, driver_opts: map(scalar("string", "number")), external: EXTERNAL, labels: listOrDict },
  true,
);

const NAME = /^[a-zA-Z0-9._-]+$/;

const FILE = object({
  version: text,
  name: text,
  include: idle,
  services: map(SERVICE, NAME),
  networks: map(NETWORK, NAME),
  volumes: map(VOLUME, NAME),
  secrets: idle,
  configs: idle,
  models: idle,
});

/** What is wrong with the file, in Compose's words; what is not simulated says so. */
export function validate(data: Data): Result<void, { readonly kind: "invalid" | "not-simulated"; readonly message: string }> {
  const problem = check(FILE, data, "");
  if (problem !== undefined) return fail({ kind: "invalid", message: problem });
  const unsupported = findIdle(FILE, data, "");
  return unsupported === undefined
    ? ok(undefined)
    : fail({ kind: "not-simulated", message: notSimulated(`${unsupported} in a Compose file`) });
}

function isOf(type: ScalarType, data: Data): boolean {
  switch (type) {
    case "string":
      return typeof data === "string";
    case "number":
      return typeof data === "number";
    case "integer":
      return typeof data === "number" && Number.isInteger(data);
    case "boolean":
      return typeof data === "boolean";
    case "null":
      return data === null;
  }
}

function words(types: readonly ScalarType[]): string {
  const sorted = [...types].sort();
  return sorted.length === 1 ? (sorted[0] ?? "") : `${sorted.slice(0, -1).join(", ")} or ${sorted.at(-1) ?? ""}`;
}

function below(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function check(rule: Rule, data: Data, path: string): string | undefined {
  switch (rule.kind) {
    case "idle":
    case "any":
      return undefined;
    case "scalar":
      return rule.types.some((type) => isOf(type, data)) ? undefined : `${path} must be a ${words(rule.types)}`;
    case "list":
      if (!isList(data)) return `${path} must be a array`;
      return first(data.entries(), ([i, item]) => check(rule.item, item, `${path}.${i}`));
    case "map": {
      if (!isMap(data)) return `${path} must be a mapping`;
      const extra = [...data.keys()].filter((key) => rule.key && !rule.key.test(key) && !key.startsWith("x-"));
      if (extra.length > 0) return `${path} additional properties ${quoted(extra)} not allowed`;
      return first(data, ([key, value]) => (key.startsWith("x-") ? undefined : check(rule.value, value, below(path, key))));
    }
    case "object": {
      if (data === null && rule.orNull) return undefined;
      if (!isMap(data)) return `${path} must be a object`;
      const extra = [...data.keys()].filter((key) => !(key in rule.fields) && !key.startsWith("x-"));
      if (extra.length > 0) return `${path} additional properties ${quoted(extra)} not allowed`;
      return first(data, ([key, value]) => {
        const field = rule.fields[key];
        return field ? check(field, value, below(path, key)) : undefined;
      });
    }
    case "one-of": {
      const fitting = rule.options.find((option) => isShape(option, data));
      return fitting ? check(fitting, data, path) : `${path} must be a ${rule.words}`;
    }
  }
}

/** Whether a value is of the rule's general kind, so that the rule's own errors are the ones to tell. */
function isShape(rule: Rule, data: Data): boolean {
  switch (rule.kind) {
    case "list":
      return isList(data);
    case "map":
    case "object":
      return isMap(data);
    case "scalar":
      return rule.types.some((type) => isOf(type, data));
    case "one-of":
      return rule.options.some((option) => isShape(option, data));
    default:
      return true;
  }
}

function first<T>(items: Iterable<T>, look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}

function findIdle(rule: Rule, data: Data, path: string): string | undefined {
  switch (rule.kind) {
    case "idle":
      return path;
    case "list":
      return isList(data) ? first(data, (item) => findIdle(rule.item, item, path)) : undefined;
    case "map":
      return isMap(data)
        ? first(data, ([key, value]) => (key.startsWith("x-") ? undefined : findIdle(rule.value, value, below(path, key))))
        : undefined;
    case "object":
      return isMap(data)
        ? first(data, ([key, value]) => {
            const field = rule.fields[key];
            return field ? findIdle(field, value, below(path, key)) : undefined;
          })
        : undefined;
    case "one-of": {
      const fitting = rule.options.find((option) => isShape(option, data));
      return fitting ? findIdle(fitting, data, path) : undefined;
    }
    default:
      return undefined;
  }
}
