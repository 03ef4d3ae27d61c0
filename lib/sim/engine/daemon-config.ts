/**
 * /etc/docker/daemon.json: read when dockerd starts, and refused in its words when it does not hold.
 *
 * Modelled on moby's daemon/config/config.go. `OPTIONS` is this file's part of the fidelity ledger: what an option does
 * here. One that is real but does nothing here is refused aloud; one that could not be noticed in a simulated host is read
 * and has no effect.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { CnmConfig } from "@/lib/sim/cnm/contract";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { parseIp } from "@/lib/sim/net/address";
import { type JsonValue, parseWhole } from "./go/json-text";
import { bool, decode, int, map, type Place, type Shape, slice, string, struct } from "./go/shape";

export const CONFIG_FILE = "/etc/docker/daemon.json";

export type DaemonConfig = {
  readonly cnm: CnmConfig;
  readonly labels: readonly string[];
  /** Options for networks by driver, unless a request sets them. */
  readonly defaultNetworkOptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly init: boolean;
  readonly debug: boolean;
  readonly shutdownTimeout: number;
  /** As it is written there; dockerd looks at it as it starts, `--validate` does not. */
  readonly storage: { readonly driver: string; readonly options: readonly string[] };
};

export const DEFAULT_CONFIG: DaemonConfig = {
  cnm: {},
  labels: [],
  defaultNetworkOptions: {},
  init: false,
  debug: false,
  shutdownTimeout: 15,
  storage: { driver: "", options: [] },
};

/** `yes`: it does what it does in dockerd. `ignored`: nothing in a simulated host would show it. `no`: refused aloud. */
const OPTIONS: Readonly<Record<string, "yes" | "ignored" | "no">> = {
  bip: "yes",
  bridge: "yes",
  debug: "yes",
  "default-address-pools": "yes",
  "default-gateway": "yes",
  "default-network-opts": "yes",
  dns: "yes",
  "dns-opts": "yes",
  "dns-search": "yes",
  "fixed-cidr": "yes",
  "host-gateway-ip": "yes",
  "host-gateway-ips": "yes",
  icc: "yes",
  init: "yes",
  ip: "yes",
  "ip-forward": "yes",
  "ip-masq": "yes",
  iptables: "yes",
  labels: "yes",
  mtu: "yes",
  "shutdown-timeout": "yes",
  "storage-driver": "yes",
  "storage-opts": "yes",
  "userland-proxy": "yes",

  builder: "ignored",
  "cdi-spec-dirs": "ignored",
  "cgroup-parent": "ignored",
  containerd: "ignored",
  "containerd-namespace": "ignored",
  "containerd-plugin-namespace": "ignored",
  "containerd-plugins-namespace": "ignored",
  "default-cgroupns-mode": "ignored",
  "default-ipc-mode": "ignored",
  "default-runtime": "ignored",
  "default-shm-size": "ignored",
  "default-ulimits": "ignored",
  "exec-opts": "ignored",
  "exec-root": "ignored",
  experimental: "ignored",
  features: "ignored",
  group: "ignored",
  "http-proxy": "ignored",
  "https-proxy": "ignored",
  "init-path": "ignored",
  "insecure-registries": "ignored",
  "log-driver": "ignored",
  "log-format": "ignored",
  "log-level": "ignored",
  "log-opts": "ignored",
  "max-concurrent-downloads": "ignored",
  "max-concurrent-uploads": "ignored",
  "max-download-attempts": "ignored",
  "metrics-addr": "ignored",
  "network-control-plane-mtu": "ignored",
  "network-diagnostic-port": "ignored",
  "no-new-privileges": "ignored",
  "no-proxy": "ignored",
  "node-generic-resources": "ignored",
  pidfile: "ignored",
  proxies: "ignored",
  "raw-logs": "ignored",
  "registry-mirrors": "ignored",
  runtimes: "ignored",
  "seccomp-profile": "ignored",
  "selinux-enabled": "ignored",
  "swarm-default-advertise-addr": "ignored",
  "swarm-raft-election-tick": "ignored",
  "swarm-raft-heartbeat-tick": "ignored",
  "userland-proxy-path": "ignored",

  "allow-direct-routing": "no",
  "allow-nondistributable-artifacts": "no",
  "api-cors-header": "no",
  "authorization-plugins": "no",
  bip6: "no",
  "cpu-rt-period": "no",
  "cpu-rt-runtime": "no",
  "cri-containerd": "no",
  "data-root": "no",
  "default-gateway-v6": "no",
  "default-init": "no",
  "fixed-cidr-v6": "no",
  hosts: "no",
  ip6tables: "no",
  "ip-forward-no-drop": "no",
  ipv6: "no",
  "live-restore": "no",
  "resolv-conf": "no",
  rootless: "no",
  tls: "no",
  tlscacert: "no",
  tlscert: "no",
  tlskey: "no",
  tlsverify: "no",
  "userns-remap": "no",
};

/** These hold maps of their own; a map under any other key stands for options by their own names. */
const FLAT = ["cluster-store-opts", "log-opts", "runtimes", "default-ulimits", "features", "builder", "default-network-opts"];

type FileConfig = {
  readonly bip: string;
  readonly bridge: string;
  readonly debug: boolean;
  readonly "default-address-pools": readonly { readonly base: string; readonly size: number }[] | null;
  readonly "default-gateway": string;
  readonly "default-network-opts": Readonly<Record<string, Readonly<Record<string, string>> | null>> | null;
  readonly dns: readonly string[] | null;
  readonly "dns-opts": readonly string[] | null;
  readonly "dns-search": readonly string[] | null;
  readonly "fixed-cidr": string;
  readonly "host-gateway-ip": string;
  readonly "host-gateway-ips": readonly string[] | null;
  readonly icc: boolean;
  readonly init: boolean;
  readonly ip: string;
  readonly "ip-forward": boolean;
  readonly "ip-masq": boolean;
  readonly iptables: boolean;
  readonly labels: readonly string[] | null;
  readonly mtu: number;
  readonly "shutdown-timeout": number;
  readonly "storage-driver": string;
  readonly "storage-opts": readonly string[] | null;
  readonly "userland-proxy": boolean;
  readonly "log-level": string;
};

/** An address as Go's net.IP reads it from JSON. */
const address: Shape<string> = {
  ...string,
  goType: "net.IP",
  read(json: JsonValue, at: Place): string {
    const text = string.read(json, at);
    if (text !== "" && !parseIp(text)) at.complain(`invalid IP address: ${text}`);
    return text;
  },
};

const FILE = struct<FileConfig>("config.Config", {
  bip: string,
  bridge: string,
  debug: bool,
  "default-address-pools": slice(
    struct<{ readonly base: string; readonly size: number }>("ipamutils.NetworkToSplit", { base: string, size: int }),
  ),
  "default-gateway": address,
  "default-network-opts": map(map(string)),
  dns: slice(address),
  "dns-opts": slice(string),
  "dns-search": slice(string),
  "fixed-cidr": string,
  "host-gateway-ip": address,
  "host-gateway-ips": slice(address),
  icc: bool,
  init: bool,
  ip: address,
  "ip-forward": bool,
  "ip-masq": bool,
  iptables: bool,
  labels: slice(string),
  mtu: int,
  "shutdown-timeout": int,
  "storage-driver": string,
  "storage-opts": slice(string),
  "userland-proxy": bool,
  "log-level": string,
});

/** What the text of `file` configures, or why dockerd would not start with it. */
export function parseDaemonConfig(file: string, text: string): Result<DaemonConfig, string> {
  const refuse = (why: string): Result<never, string> => fail(`unable to configure the Docker daemon with file ${file}: ${why}`);
  if (text.trim() === "") return ok(DEFAULT_CONFIG);
  const parsed = parseWhole(text.trim());
  if (!parsed.ok) return refuse(`invalid JSON: ${parsed.error.message}`);
  if (!(parsed.value instanceof Map)) return refuse("invalid JSON: json: cannot unmarshal into Go value of type map[string]interface {}");
  const json = parsed.value as ReadonlyMap<string, JsonValue>;

  const keys = optionKeys(json);
  const unknown = keys.filter((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown.length > 0) return refuse(`the following directives don't match any configuration option: ${unknown.join(", ")}`);
  const value = decode(FILE, json, "Config");
  if (!value.ok) return refuse(`invalid JSON: ${value.error}`);
  const missing = keys.find((key) => OPTIONS[key] === "no");
  if (missing !== undefined) return fail(notSimulated(`dockerd's option ${missing}`));

  const config = value.value;
  const fault = faultOf(config);
  if (fault !== undefined) return fail(`merged configuration validation from file and command line flags failed: ${fault}`);
  return ok({
    cnm: cnmConfig(config, (key) => json.has(key)),
    labels: config.labels ?? [],
    defaultNetworkOptions: Object.fromEntries(
      Object.entries(config["default-network-opts"] ?? {}).map(([driver, options]) => [driver, options ?? {}]),
    ),
    init: config.init,
    debug: config.debug,
    storage: { driver: config["storage-driver"], options: config["storage-opts"] ?? [] },
    shutdownTimeout: json.has("shutdown-timeout") ? config["shutdown-timeout"] : DEFAULT_CONFIG.shutdownTimeout,
  });
}

function faultOf(config: FileConfig): string | undefined {
  const level = config["log-level"];
  if (level !== "" && !["panic", "fatal", "error", "warn", "info", "debug", "trace"].includes(level.toLowerCase()))
    return `invalid logging level: ${level}`;
  for (const label of config.labels ?? []) if (!label.includes("=")) return `bad attribute format: ${label}`;
  if (config.mtu < 0) return `invalid default MTU: ${config.mtu}`;
  if (config.bridge !== "" && config.bip !== "") return "You specified -b & --bip, mutually exclusive options. Please specify only one";
  return undefined;
}

function cnmConfig(config: FileConfig, has: (key: keyof FileConfig) => boolean): CnmConfig {
  const gateways = config["host-gateway-ips"] ?? (config["host-gateway-ip"] === "" ? null : [config["host-gateway-ip"]]);
  return {
    ...(config["default-address-pools"] ? { defaultAddressPools: config["default-address-pools"] } : {}),
    ...(config.bridge === "" ? {} : { bridge: config.bridge }),
    ...(config.bip === "" ? {} : { bip: config.bip }),
    ...(config["fixed-cidr"] === "" ? {} : { fixedCidr: config["fixed-cidr"] }),
    ...(config["default-gateway"] === "" ? {} : { defaultGateway: config["default-gateway"] }),
    ...(config.mtu === 0 ? {} : { mtu: config.mtu }),
    ...(has("icc") ? { icc: config.icc } : {}),
    ...(has("ip-masq") ? { ipMasq: config["ip-masq"] } : {}),
    ...(has("ip-forward") ? { ipForward: config["ip-forward"] } : {}),
    ...(has("iptables") ? { iptables: config.iptables } : {}),
    ...(has("userland-proxy") ? { userlandProxy: config["userland-proxy"] } : {}),
    ...(config.ip === "" ? {} : { ip: config.ip }),
    ...(gateways ? { hostGatewayIps: gateways } : {}),
    ...(config.dns ? { dns: config.dns } : {}),
    ...(config["dns-search"] ? { dnsSearch: config["dns-search"] } : {}),
    ...(config["dns-opts"] ? { dnsOptions: config["dns-opts"] } : {}),
  };
}

/** Maps under a key that is no option by itself (`proxies`) stand for what is in them. */
function optionKeys(json: ReadonlyMap<string, JsonValue>): readonly string[] {
  const keys: string[] = [];
  for (const [key, value] of json) {
    if (value instanceof Map && !FLAT.includes(key)) keys.push(...(value as ReadonlyMap<string, JsonValue>).keys());
    else keys.push(key);
  }
  return keys;
}
