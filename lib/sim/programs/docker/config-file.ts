/**
 * The CLI's own settings: `~/.docker/config.json`, DOCKER_HOST, DOCKER_CONTEXT and the global flags.
 *
 * Follows docker/cli cli/config and cli/command/cli.go. Of the file, the default formats, detachKeys, currentContext,
 * proxies and pruneFilters are read; credentials and plugins' settings are not.
 */

import { ok, fail, type Result } from "@/lib/base/result";
import type { Sys } from "@/lib/sim/core/sys";
import { parseJson, type Json } from "./gotemplate";

export type ConfigFile = {
  readonly psFormat: string;
  readonly imagesFormat: string;
  readonly networksFormat: string;
  readonly volumesFormat: string;
  readonly statsFormat: string;
  readonly detachKeys: string;
  readonly currentContext: string;
  readonly pruneFilters: readonly string[];
  /** By daemon host, or `default`: httpProxy, httpsProxy, noProxy, ftpProxy, allProxy. */
  readonly proxies: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

export function configDirOf(sys: Sys): string {
  const explicit = sys.env.get("DOCKER_CONFIG");
  if (explicit) return explicit;
  return `${sys.env.get("HOME") ?? "/root"}/.docker`;
}

/** The file, and what is wrong with it. Without a file all is empty. */
export function readConfigFile(sys: Sys, directory: string): { readonly config: ConfigFile; readonly warning: string | undefined } {
  const path = `${directory}/config.json`;
  const text = sys.readFile(path);
  const parsed = text.ok ? parseJson(text.value) : ok<Json>({ kind: "object", entries: new Map() });
  const root: Json = parsed.ok ? parsed.value : { kind: "object", entries: new Map() };
  const entries = root.kind === "object" ? root.entries : new Map<string, Json>();
  const string = (name: string): string => textOf(entries.get(name));
  const filters = entries.get("pruneFilters");
  const proxies = new Map<string, ReadonlyMap<string, string>>();
  const proxyEntries = entries.get("proxies");
  if (proxyEntries?.kind === "object") {
    for (const [host, value] of proxyEntries.entries) {
      if (value.kind === "object") proxies.set(host, new Map([...value.entries].map(([key, item]) => [key, textOf(item)])));
    }
  }
  return {
    config: {
      psFormat: string("psFormat"),
      imagesFormat: string("imagesFormat"),
      networksFormat: string("networksFormat"),
      volumesFormat: string("volumesFormat"),
      statsFormat: string("statsFormat"),
      detachKeys: string("detachKeys"),
      currentContext: string("currentContext"),
      pruneFilters: filters?.kind === "array" ? filters.items.map(textOf) : [],
      proxies,
    },
    warning: parsed.ok ? undefined : `WARNING: Error parsing config file (${path}): ${parsed.error}\n`,
  };
}

function textOf(json: Json | undefined): string {
  return json?.kind === "string" ? json.value : "";
}

/** The daemon's address, checked as opts.ParseHost does. Empty text is the default socket. */
export function parseHost(text: string): Result<string, string> {
  const host = text.trim();
  if (host === "") return ok("unix:///var/run/docker.sock");
  const separator = host.indexOf("://");
  const protocol = separator < 0 ? "tcp" : host.slice(0, separator);
  const address = separator < 0 ? host : host.slice(separator + 3);
  switch (protocol) {
    case "unix":
      if (address.includes("://")) return fail(`invalid proto, expected unix: ${address}`);
      return ok(`unix://${address === "" ? "/var/run/docker.sock" : address}`);
    case "tcp":
      return parseTcp(address);
    case "npipe":
      return ok(`npipe://${address === "" ? "//./pipe/docker_engine" : address}`);
    case "fd":
    case "ssh":
      return ok(host);
    default:
      return fail(`invalid bind address format: ${host}`);
  }
}

function parseTcp(address: string): Result<string, string> {
  if (address === "") return ok("tcp://localhost:2375");
  if (address.includes("://")) return fail(`invalid proto, expected tcp: ${address}`);
  const match = /^(\[[^\]]*\]|[^:/[\]]*)(?::(\d*))?(\/.*)?$/.exec(address);
  if (!match) return fail(`invalid bind address format: ${address}`);
  const [, host = "", port = "", path = ""] = match;
  return ok(`tcp://${host === "" ? "localhost" : host}:${port === "" ? "2375" : port}${path}`);
}
