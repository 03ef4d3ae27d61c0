/**
 * `docker info`. Follows docker/cli cli/command/system/info.go.
 *
 * It differs in that runtimes are listed by name (the real order is that of a Go map).
 */

import type { SystemInfo } from "@/lib/sim/api";
import type { Cli } from "../../cli";
import { type ApiError, failureOf } from "../../client";
import type { Failure, Handler } from "../../cobra/command";
import {
  DOCKER_FUNCTIONS,
  execute,
  FUNCTION_NAMES,
  goBool,
  goPointer,
  goString,
  type GoValue,
  parseJson,
  parseTemplate,
  STRING,
  STRINGS,
  type StructType,
  zeroOf,
} from "../../gotemplate";
import { listPlugins, type Plugin } from "../../plugins";
import { decode, TYPES } from "../../schema";
import { bytesSize } from "../../units";
import { clientVersion } from "./client-version";

export const systemInfo: Handler = function* ({ cli, flags }) {
  const plugins = yield* listPlugins(cli.sys, cli.configDir, cli.builtins);
  const format = flags.text("format");
  const client = clientInfo(cli, plugins);

  let raw: string | undefined;
  let failure: ApiError | undefined;
  if (needsServer(format, client)) {
    const answer = yield* cli.client.json<SystemInfo>("SystemInfo");
    if (answer.ok) raw = answer.value.text;
    else failure = answer.error;
  }
  // A daemon that refuses is part of the information; one that is not there is an error.
  const serverErrors = failure?.kind === "response" ? [failure.message] : [];
  const connection: Failure | undefined = failure && failure.kind !== "response" ? failureOf(failure) : undefined;

  if (format !== "") {
    for (const error of serverErrors) yield* cli.err(`${error}\n`);
    const parsed = parseTemplate("", format === "json" ? "{{json .}}" : format, FUNCTION_NAMES);
    if (!parsed.ok) return joined(connection, { status: 64, message: `template parsing error: ${parsed.error}` });
    const filled = execute(parsed.value, dockerInfo(raw, serverErrors, client), { functions: DOCKER_FUNCTIONS });
    yield* cli.out(`${filled.ok ? filled.value : filled.error.output}\n`);
    return filled.ok ? connection : joined(connection, { status: 1, message: filled.error.message });
  }

  yield* cli.out(clientText(cli, plugins));
  const warnings = plugins
    .filter((plugin) => plugin.error !== undefined)
    .map((plugin) => `WARNING: Plugin "${plugin.path}" is not valid: ${plugin.error}\n`);
  yield* cli.err(warnings.join(""));
  yield* cli.out("\nServer:\n");
  if (raw !== undefined) {
    const info = JSON.parse(raw) as SystemInfo;
    yield* cli.out(serverText(info, cli.isDebug));
    yield* cli.err((info.Warnings ?? []).map((warning) => `${warning}\n`).join(""));
  }
  for (const error of serverErrors) yield* cli.err(`ERROR: ${error}\n`);
  if (serverErrors.length > 0) return joined({ status: 1, message: "errors pretty printing info" }, connection);
  return connection;
};

function joined(first: Failure | undefined, second: Failure | undefined): Failure | undefined {
  if (!first || !second) return first ?? second;
  return { status: second.status, message: `${first.message}\n${second.message}` };
}

// --- for templates --------------------------------------------------------------------------------------------------

const PLUGIN: StructType = {
  kind: "struct",
  name: "manager.Plugin",
  fields: ["SchemaVersion", "Vendor", "Version", "ShortDescription", "URL", "Name", "Path"].map((name) => ({
    name,
    type: STRING,
    isEmbedded: false,
    json: name,
    omit: "empty" as const,
  })),
};
const PLUGINS = { kind: "slice", elem: PLUGIN } as const;

/** The client's part, which needs no daemon. */
function clientInfo(cli: Cli, plugins: readonly Plugin[]): GoValue {
  const version = clientVersion(cli.contextName, undefined);
  const items: GoValue[] = plugins.map((plugin) => ({
    kind: "struct",
    type: PLUGIN,
    fields: [plugin.schemaVersion, plugin.vendor, plugin.version, plugin.shortDescription, plugin.url, plugin.name, plugin.path].map(
      (text) => goString(text),
    ),
  }));
  const fields: readonly (readonly [string, GoValue, boolean])[] = [
    ["Debug", goBool(cli.isDebug), false],
    ["clientVersion", version, true],
    ["Plugins", { kind: "slice", type: PLUGINS, items }, false],
    ["Warnings", { kind: "slice", type: { kind: "slice", elem: STRING }, items: undefined }, false],
  ];
  return goPointer(struct("system.clientInfo", fields));
}

function struct(name: string, fields: readonly (readonly [string, GoValue, boolean])[], omit: "never" | "empty" = "never"): GoValue {
  return {
    kind: "struct",
    type: {
      kind: "struct",
      name,
      fields: fields.map(([field, value, isEmbedded]) => ({
        name: field,
        type: "type" in value ? value.type : STRING,
        isEmbedded,
        json: isEmbedded ? "" : field,
        omit: isEmbedded ? "never" : omit,
      })),
    },
    fields: fields.map(([, value]) => value),
  };
}

function strings(items: readonly string[]): GoValue {
  return {
    kind: "slice",
    type: STRINGS as Extract<typeof STRINGS, { kind: "slice" }>,
    items: items.length > 0 ? items.map((item) => goString(item)) : undefined,
  };
}

function dockerInfo(raw: string | undefined, serverErrors: readonly string[], client: GoValue): GoValue {
  const type = TYPES.get("system.Info");
  const json = raw === undefined ? undefined : parseJson(raw);
  const info = json?.ok ? decode(type, json.value) : zeroOf(type);
  return struct(
    "system.dockerInfo",
    [
      ["Info", goPointer(info), true],
      ["ServerErrors", strings(serverErrors), false],
      ["ClientInfo", client, false],
      ["ClientErrors", strings([]), false],
    ],
    "empty",
  );
}

/** A template that asks only for the client's part is filled without a daemon. */
function needsServer(format: string, client: GoValue): boolean {
  if (format === "" || format === "{{json .}}" || format === "json" || !/\.[a-zA-Z]/.test(format)) return true;
  const template = parseTemplate("", format, FUNCTION_NAMES);
  if (!template.ok) return true;
  const sparse = struct("system.sparseInfo", [
    ["ClientInfo", client, false],
    ["ClientErrors", strings([]), false],
  ]);
  return !execute(template.value, sparse, { functions: DOCKER_FUNCTIONS }).ok;
}

// --- for people -----------------------------------------------------------------------------------------------------

function clientText(cli: Cli, plugins: readonly Plugin[]): string {
  let text = `Client:\n Version:    28.5.2\n Context:    ${cli.contextName}\n Debug Mode: ${cli.isDebug}\n`;
  if (plugins.length > 0) text += " Plugins:\n";
  for (const plugin of plugins) {
    if (plugin.error !== undefined) continue;
    text += `  ${plugin.name}: ${plugin.shortDescription} (${plugin.vendor})\n`;
    if (plugin.version !== "") text += `    Version:  ${plugin.version}\n`;
    text += `    Path:     ${plugin.path}\n`;
  }
  return text;
}

function serverText(info: SystemInfo, isDebug: boolean): string {
  const lines: string[] = [];
  const line = (label: string, value: string | number | boolean): void => {
    lines.push(`${label} ${value}`);
  };
  const nonEmpty = (label: string, value: string | undefined): void => {
    if (value) lines.push(`${label} ${value}`);
  };
  line(" Containers:", info.Containers);
  line("  Running:", info.ContainersRunning);
  line("  Paused:", info.ContainersPaused);
  line("  Stopped:", info.ContainersStopped);
  line(" Images:", info.Images);
  nonEmpty(" Server Version:", info.ServerVersion);
  nonEmpty(" Storage Driver:", info.Driver);
  for (const [name, value] of info.DriverStatus ?? []) lines.push(`  ${name}: ${value}`);
  nonEmpty(" Logging Driver:", info.LoggingDriver);
  nonEmpty(" Cgroup Driver:", info.CgroupDriver);
  nonEmpty(" Cgroup Version:", info.CgroupVersion);
  lines.push(" Plugins:");
  line("  Volume:", (info.Plugins.Volume ?? []).join(" "));
  line("  Network:", (info.Plugins.Network ?? []).join(" "));
  if (info.Plugins.Authorization?.length) line("  Authorization:", info.Plugins.Authorization.join(" "));
  line("  Log:", (info.Plugins.Log ?? []).join(" "));
  if (info.CDISpecDirs?.length) lines.push(" CDI spec directories:", ...info.CDISpecDirs.map((directory) => `  ${directory}`));
  line(" Swarm:", info.Swarm.LocalNodeState);
  if (info.Swarm.LocalNodeState !== "inactive" && info.Swarm.LocalNodeState !== "locked") {
    line("  NodeID:", info.Swarm.NodeID);
    nonEmpty("  Error:", info.Swarm.Error);
    line("  Is Manager:", info.Swarm.ControlAvailable);
    line("  Node Address:", info.Swarm.NodeAddr);
  }
  const runtimes = Object.keys(info.Runtimes ?? {});
  if (runtimes.length > 0) {
    line(" Runtimes:", runtimes.join(" "));
    line(" Default Runtime:", info.DefaultRuntime);
  }
  if (info.OSType === "linux") {
    line(" Init Binary:", info.InitBinary);
    line(" containerd version:", info.ContainerdCommit.ID);
    line(" runc version:", info.RuncCommit.ID);
    line(" init version:", info.InitCommit.ID);
    if (info.SecurityOptions?.length) lines.push(" Security Options:", ...info.SecurityOptions.flatMap(securityLines));
  }
  nonEmpty(" Kernel Version:", info.KernelVersion);
  nonEmpty(" Operating System:", info.OperatingSystem);
  nonEmpty(" OSType:", info.OSType);
  nonEmpty(" Architecture:", info.Architecture);
  line(" CPUs:", info.NCPU);
  line(" Total Memory:", bytesSize(info.MemTotal));
  nonEmpty(" Name:", info.Name);
  nonEmpty(" ID:", info.ID);
  line(" Docker Root Dir:", info.DockerRootDir);
  line(" Debug Mode:", info.Debug);
  if (info.Debug || isDebug) {
    line("  File Descriptors:", info.NFd);
    line("  Goroutines:", info.NGoroutines);
    line("  System Time:", info.SystemTime);
    line("  EventsListeners:", info.NEventsListener);
  }
  nonEmpty(" HTTP Proxy:", info.HttpProxy);
  nonEmpty(" HTTPS Proxy:", info.HttpsProxy);
  nonEmpty(" No Proxy:", info.NoProxy);
  if (info.Labels?.length) lines.push(" Labels:", ...info.Labels.map((label) => `  ${label}`));
  line(" Experimental:", info.ExperimentalBuild);
  const { RegistryConfig: registries } = info;
  const insecure = registries.InsecureRegistryCIDRs ?? [];
  const indexes = Object.values(registries.IndexConfigs ?? {});
  if (insecure.length > 0 || indexes.length > 0) {
    lines.push(
      " Insecure Registries:",
      ...indexes.filter((index) => !index.Secure).map((index) => `  ${index.Name}`),
      ...insecure.map((cidr) => `  ${cidr}`),
    );
  }
  if (registries.Mirrors?.length) lines.push(" Registry Mirrors:", ...registries.Mirrors.map((mirror) => `  ${mirror}`));
  line(" Live Restore Enabled:", info.LiveRestoreEnabled);
  if (info.DefaultAddressPools?.length)
    lines.push(" Default Address Pools:", ...info.DefaultAddressPools.map((pool) => `   Base: ${pool.Base}, Size: ${pool.Size}`));
  return `${lines.join("\n")}\n\n`;
}

/** `name=seccomp,profile=builtin` as its name and its profile. */
function securityLines(option: string): readonly string[] {
  const pairs = option.split(",").map((pair) => pair.split("="));
  const name = pairs.find(([key]) => key === "name")?.[1] ?? option;
  const profiles = pairs.filter(([key]) => key === "profile").map(([, value]) => `   Profile: ${value ?? ""}`);
  return [`  ${name}`, ...profiles];
}
