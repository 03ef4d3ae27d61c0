/**
 * The long form of everything that has a short one: ports, volumes, lists that are maps, commands in one line.
 *
 * A learner sees it in `docker compose config`. Follows compose-go transform/*.go and types/*.go; merging (override/merge.go)
 * works on this form.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { parseDuration } from "@/lib/sim/programs/docker/units";
import { durationText, ramInBytes } from "@/lib/sim/programs/docker/units";
import { parsePortSpec } from "@/lib/sim/programs/docker/opts/ports";
import { parseBool } from "@/lib/sim/programs/docker/gotemplate";
import { splitWords } from "./words";
import { type Data, type DataMap, isList, isMap, textOf } from "./yaml/data";

/** Where relative paths start from, and `~`. */
export type Paths = { readonly workingDir: string; readonly home: string };

const BOOLEANS = ["init", "privileged", "read_only", "stdin_open", "tty"];

export function canonicalService(name: string, data: DataMap, paths: Paths): Result<DataMap, string> {
  const service = new Map<string, Data>();
  for (const [key, value] of data) {
    const at = `services.${name}.${key}`;
    const done = serviceField(key, value, at, paths, `services[${name}].${key}`);
    if (!done.ok) return done;
    service.set(key, done.value);
  }
  return ok(service);
}

function serviceField(key: string, value: Data, at: string, paths: Paths, goPath: string): Result<Data, string> {
  if (BOOLEANS.includes(key)) return toBoolean(value, at);
  switch (key) {
    case "command":
    case "entrypoint":
      return typeof value === "string" ? ok(splitWords(value)) : ok(value);
    case "environment":
      return keyValues(value, at, null);
    case "labels":
    case "sysctls":
      return keyValues(value, at, "");
    case "ports":
      return portList(value, at);
    case "volumes":
      return volumeList(value, paths);
    case "networks":
      return isList(value) ? ok(new Map(value.map((one) => [textOf(one), null]))) : serviceNetworks(value, at);
    case "depends_on":
      return dependencies(value, at);
    case "extra_hosts":
      return extraHosts(value, goPath);
    case "env_file":
      return ok(envFiles(value, paths));
    case "dns":
    case "dns_search":
    case "tmpfs":
      return ok(isList(value) ? value : [value]);
    case "expose":
    case "group_add":
      return ok(isList(value) ? value.map(textOf) : value);
    case "cpus":
      return ok(Number(value));
    case "scale":
      return toInteger(value, at);
    case "deploy": {
      const replicas = isMap(value) ? value.get("replicas") : undefined;
      if (!isMap(value) || replicas === undefined) return ok(value);
      const count = toInteger(replicas, `${at}.replicas`);
      return count.ok ? ok(new Map([...value, ["replicas", count.value]])) : count;
    }
    case "mem_limit": {
      const bytes = ramInBytes(textOf(value));
      return bytes.ok ? ok(String(bytes.value)) : bytes;
    }
    case "stop_grace_period": {
      const span = parseDuration(textOf(value));
      return span.ok ? ok(durationText(span.value)) : span;
    }
    default:
      return ok(value);
  }
}

function castError(at: string, why: string): Result<never, string> {
  return fail(`error while interpolating ${at}: failed to cast to expected type: ${why}`);
}

export function toBoolean(value: Data, at: string): Result<Data, string> {
  if (typeof value !== "string") return ok(value);
  if (/^(y|yes|on)$/i.test(value)) return ok(true);
  if (/^(n|no|off)$/i.test(value)) return ok(false);
  const parsed = parseBool(value.toLowerCase());
  return parsed.ok ? ok(parsed.value) : castError(at, `invalid boolean: ${value}`);
}

function toInteger(value: Data, at: string): Result<number, string> {
  if (typeof value === "number") return ok(value);
  const text = textOf(value);
  return /^[-+]?\d+$/.test(text) ? ok(Number(text)) : castError(at, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** A list of `KEY=value`, or a map, as a map of texts. `bare`: what a key without a value means. */
export function keyValues(value: Data, at: string, bare: "" | null): Result<Data, string> {
  const entries = new Map<string, Data>();
  if (isList(value)) {
    for (const [i, item] of value.entries()) {
      if (typeof item !== "string")
        return fail(
          `${at}.[${i}]: unexpected type ${typeof item === "number" ? "int" : typeof item === "boolean" ? "bool" : "map[string]interface {}"}`,
        );
      const equals = item.indexOf("=");
      entries.set(equals < 0 ? item : item.slice(0, equals), equals < 0 ? bare : item.slice(equals + 1));
    }
  } else if (isMap(value)) {
    for (const [key, item] of value) entries.set(key, item === null ? bare : textOf(item));
  }
  return ok(entries);
}

function portList(value: Data, at: string): Result<Data, string> {
  if (!isList(value)) return ok(value);
  const ports: Data[] = [];
  for (const item of value) {
    if (!isMap(item)) {
      const mappings = parsePortSpec(textOf(item));
      if (!mappings.ok) return mappings;
      for (const { port, binding } of mappings.value) {
        const [target = "", protocol = "tcp"] = port.split("/");
        ports.push(portOf("ingress", binding.HostIp, Number(target), binding.HostPort, protocol));
      }
      continue;
    }
    const target = toInteger(item.get("target") ?? 0, `${at}.[].target`);
    if (!target.ok) return target;
    const port = portOf(
      textOf(item.get("mode")) || "ingress",
      textOf(item.get("host_ip")),
      target.value,
      textOf(item.get("published")),
      textOf(item.get("protocol")) || "tcp",
    );
    const named = ["name", "app_protocol"].flatMap((key) => (item.has(key) ? [[key, item.get(key) ?? null] as const] : []));
    ports.push(new Map([...named, ...port]));
  }
  return ok(ports);
}

function portOf(mode: string, hostIp: string, target: number, published: string, protocol: string): DataMap {
  const port = new Map<string, Data>([["mode", mode]]);
  if (hostIp !== "") port.set("host_ip", hostIp);
  port.set("target", target);
  if (published !== "") port.set("published", published);
  return port.set("protocol", protocol);
}

function isPath(source: string): boolean {
  return /^(\.|\/|~)/.test(source);
}

function absolute(path: string, paths: Paths): string {
  const expanded = path === "~" || path.startsWith("~/") ? paths.home + path.slice(1) : path;
  const parts: string[] = [];
  for (const part of (expanded.startsWith("/") ? expanded : `${paths.workingDir}/${expanded}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function volumeList(value: Data, paths: Paths): Result<Data, string> {
  if (!isList(value)) return ok(value);
  const volumes: Data[] = [];
  for (const item of value) {
    const volume = isMap(item) ? ok(longVolume(item, paths)) : shortVolume(textOf(item), paths);
    if (!volume.ok) return volume;
    volumes.push(volume.value);
  }
  return ok(volumes);
}

/** `SOURCE:TARGET[:MODE]`. */
function shortVolume(spec: string, paths: Paths): Result<DataMap, string> {
  if (spec === "") return fail("invalid empty volume spec");
  const parts = spec.split(":");
  if (parts.length > 3) return fail(`invalid spec: ${spec}: too many colons`);
  if (parts.some((part) => part === "")) return fail(`invalid spec: ${spec}: empty section between colons`);
  const hasTarget = parts.length > 1 && !(parts.length === 2 && !(parts[1] ?? "").startsWith("/"));
  const source = hasTarget ? (parts[0] ?? "") : "";
  const target = hasTarget ? (parts[1] ?? "") : spec;
  const modes = (parts[2] ?? "").split(",").filter((mode) => mode !== "");
  const isBind = isPath(source);
  const volume = new Map<string, Data>([["type", isBind ? "bind" : "volume"]]);
  if (source !== "") volume.set("source", isBind ? absolute(source, paths) : source);
  volume.set("target", target.length > 1 ? target.replace(/\/+$/, "") : target);
  if (modes.includes("ro")) volume.set("read_only", true);
  if (isBind) {
    const bind = new Map<string, Data>([["create_host_path", true]]);
    const propagation = modes.find((mode) => /^r?(private|shared|slave)$/.test(mode));
    if (propagation !== undefined) bind.set("propagation", propagation);
    volume.set("bind", bind);
  } else volume.set("volume", modes.includes("nocopy") ? new Map<string, Data>([["nocopy", true]]) : new Map());
  return ok(volume);
}

function longVolume(item: DataMap, paths: Paths): DataMap {
  const volume = new Map<string, Data>();
  for (const key of ["type", "source", "target", "read_only", "consistency", "bind", "volume", "tmpfs"]) {
    const value = item.get(key);
    if (value !== undefined) volume.set(key, value);
  }
  const kind = textOf(item.get("type"));
  if (kind === "bind") {
    volume.set("source", absolute(textOf(item.get("source")), paths));
    if (!volume.has("bind")) volume.set("bind", new Map());
  } else if (kind === "volume" && !volume.has("volume")) volume.set("volume", new Map());
  return volume;
}

function serviceNetworks(value: Data, at: string): Result<Data, string> {
  if (!isMap(value)) return ok(value);
  const networks = new Map<string, Data>();
  for (const [name, settings] of value) {
    if (!isMap(settings)) {
      networks.set(name, null);
      continue;
    }
    const entries: [string, Data][] = [];
    for (const [key, item] of settings) {
      const number = key === "priority" || key === "gw_priority" ? toInteger(item, `${at}.${name}.${key}`) : ok(item);
      if (!number.ok) return number;
      entries.push([
        key,
        key === "driver_opts" && isMap(number.value) ? new Map([...number.value].map(([k, v]) => [k, textOf(v)])) : number.value,
      ]);
    }
    networks.set(name, entries.length > 0 ? sortedMap(new Map(entries)) : null);
  }
  return ok(networks);
}

function dependencies(value: Data, at: string): Result<Data, string> {
  const entries = new Map<string, Data>();
  const names: readonly (readonly [string, Data])[] = isList(value)
    ? value.map((name) => [textOf(name), null] as const)
    : isMap(value)
      ? [...value]
      : [];
  for (const [name, settings] of names) {
    const given = isMap(settings) ? settings : new Map<string, Data>();
    const entry = new Map<string, Data>([["condition", textOf(given.get("condition")) || "service_started"]]);
    const restart = toBoolean(given.get("restart") ?? false, `${at}.${name}.restart`);
    if (!restart.ok) return restart;
    if (restart.value === true) entry.set("restart", true);
    const required = toBoolean(given.get("required") ?? true, `${at}.${name}.required`);
    if (!required.ok) return required;
    entry.set("required", required.value);
    entries.set(name, entry);
  }
  return ok(entries);
}

/** Kept as `host=address`, in the order of the hosts. */
function extraHosts(value: Data, goPath: string): Result<Data, string> {
  const hosts: string[] = [];
  if (isMap(value)) {
    for (const [host, addresses] of value)
      for (const one of isList(addresses) ? addresses : [addresses]) hosts.push(`${host}=${textOf(one)}`);
  } else if (isList(value)) {
    for (const item of value) {
      const match = /^([^=:]+)[=:](.+)$/.exec(textOf(item));
      if (!match)
        return fail(`decoding failed due to the following error(s):\n\n'${goPath}' invalid additional host, missing IP: ${textOf(item)}`);
      hosts.push(`${match[1] ?? ""}=${(match[2] ?? "").replace(/^\[(.*)\]$/, "$1")}`);
    }
  }
  return ok(hosts.sort());
}

function envFiles(value: Data, paths: Paths): Data {
  return (isList(value) ? value : [value]).map((item) => {
    const path = absolute(isMap(item) ? textOf(item.get("path")) : textOf(item), paths);
    return new Map<string, Data>([
      ["path", path],
      ["required", isMap(item) ? (item.get("required") ?? true) : true],
    ]);
  });
}

export function sortedMap(map: DataMap): DataMap {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** A service's keys as they are written: by name, but those about processors before `command`. */
export function sortedService(service: DataMap): DataMap {
  const rank = (key: string): string => (key.startsWith("cpu") ? `cgroup_${key}` : key);
  return new Map([...service].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)));
}

const NETWORK_ORDER = [
  "name",
  "driver",
  "driver_opts",
  "ipam",
  "external",
  "internal",
  "attachable",
  "labels",
  "enable_ipv4",
  "enable_ipv6",
];
const VOLUME_ORDER = ["name", "driver", "driver_opts", "external", "labels"];

/** A network or volume of the file, its keys in the order in which they are written. */
export function canonicalResource(kind: "networks" | "volumes", name: string, data: DataMap): Result<DataMap, string> {
  const resource = new Map<string, Data>();
  for (const key of kind === "networks" ? NETWORK_ORDER : VOLUME_ORDER) {
    const value = data.get(key);
    if (value === undefined) continue;
    const at = `${kind}.${name}.${key}`;
    if (key === "labels") {
      const labels = keyValues(value, at, "");
      if (!labels.ok) return labels;
      resource.set(key, isMap(labels.value) ? sortedMap(labels.value) : labels.value);
    } else if (key === "driver_opts" && isMap(value)) resource.set(key, sortedMap(new Map([...value].map(([k, v]) => [k, textOf(v)]))));
    else if (key === "ipam" && isMap(value)) resource.set(key, canonicalIpam(value));
    else if (key === "external" && isMap(value)) {
      resource.set(key, true);
      if (value.has("name") && !data.has("name")) resource.set("name", textOf(value.get("name")));
    } else if (["external", "internal", "attachable", "enable_ipv4", "enable_ipv6"].includes(key)) {
      const flag = toBoolean(value, at);
      if (!flag.ok) return flag;
      if (flag.value === true || key.startsWith("enable")) resource.set(key, flag.value);
    } else resource.set(key, value);
  }
  return ok(resource);
}

function canonicalIpam(ipam: DataMap): DataMap {
  const result = new Map<string, Data>();
  const driver = ipam.get("driver");
  if (driver !== undefined) result.set("driver", driver);
  const config = ipam.get("config");
  if (isList(config)) {
    result.set(
      "config",
      config.map(
        (pool) =>
          new Map(
            ["subnet", "gateway", "ip_range", "aux_addresses"].flatMap((key) =>
              isMap(pool) && pool.has(key) ? [[key, pool.get(key) ?? null] as const] : [],
            ),
          ),
      ),
    );
  }
  const options = ipam.get("options");
  if (options !== undefined) result.set("options", options);
  return result;
}
