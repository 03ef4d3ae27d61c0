/**
 * The settings of one namespace: what `sysctl net.…` and /proc/sys/net read and write.
 *
 * Modelled on net/ipv4/devinet.c, net/ipv4/sysctl_net_ipv4.c and net/ipv6/addrconf.c. `ip_forward` is `conf.all.forwarding`
 * by another name, and writing it writes every link's. These do something here: forwarding, rp_filter, accept_local,
 * route_localnet, proxy_arp, arp_ignore, arp_announce, arp_filter, arp_notify, arp_accept, send_redirects, promote_secondaries,
 * ignore_routes_with_linkdown, disable_ipv6, icmp_echo_ignore_*, icmp_ratelimit, ip_default_ttl, ip_local_port_range,
 * ip_nonlocal_bind, bridge-nf-call-iptables, tcp_syn_retries, tcp_syn_linear_timeouts, tcp_synack_retries, tcp_retries2,
 * tcp_fin_timeout, ipfrag_time, neigh's. The rest is kept and read back.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Device } from "./device";
import {
  IPV4_CONF_DEFAULTS,
  IPV6_CONF_DEFAULTS,
  type Ipv4ConfName,
  type Ipv6ConfName,
  NAMESPACE_DEFAULTS,
  NEIGHBOUR_DEFAULTS,
  type NeighbourConfName,
} from "./sysctl-defaults";

type Conf<K extends string> = Record<K, number>;
type ConfTree = "ipv4.conf" | "ipv6.conf" | "ipv4.neigh" | "ipv6.neigh";

/** What the settings of a new namespace are taken from, and what must hear of a change. */
export type SettingsOwner = {
  /** In the order of their indexes. */
  devices(): readonly Device[];
  ipv6Toggled(device: Device, disabled: boolean): void;
};

const READ_ONLY = new Set(["netfilter.nf_conntrack_count", "ipv4.tcp_available_congestion_control"]);
/** Settings that are words, addresses or lists. */
const TEXT = /nf_log\.|congestion_control|fastopen_key|reserved_ports|ratemask|mptcp\.|rps_default_mask/;

export class Settings {
  readonly #owner: SettingsOwner;
  readonly #values = new Map<string, string>();
  readonly #ipv4 = new Map<string, Conf<Ipv4ConfName>>();
  readonly #ipv6 = new Map<string, Conf<Ipv6ConfName>>();
  readonly #neighbour4 = new Map<string, Conf<NeighbourConfName>>();
  readonly #neighbour6 = new Map<string, Conf<NeighbourConfName>>();
  #all4: Conf<Ipv4ConfName>;
  #portRange: { readonly from: number; readonly to: number } = { from: 32_768, to: 60_999 };
  /** net.bridge.bridge-nf-call-iptables. */
  bridgeCallsIptables = true;
  bridgeCallsIp6tables = true;

  /** `from`: the root namespace's. A new namespace starts with its IPv4 settings (devconf_inherit_init_net = 0). */
  constructor(owner: SettingsOwner, from: Settings | undefined) {
    this.#owner = owner;
    for (const [key, value] of NAMESPACE_DEFAULTS) this.#values.set(key, value);
    this.#all4 = from ? { ...from.#conf4("all") } : { ...IPV4_CONF_DEFAULTS, accept_source_route: 0 };
    this.#ipv4.set("all", this.#all4);
    this.#ipv4.set("default", from ? { ...from.#conf4("default") } : { ...IPV4_CONF_DEFAULTS });
    this.#ipv6.set("all", { ...IPV6_CONF_DEFAULTS });
    this.#ipv6.set("default", { ...IPV6_CONF_DEFAULTS });
    this.#neighbour4.set("default", { ...NEIGHBOUR_DEFAULTS });
    this.#neighbour6.set("default", { ...NEIGHBOUR_DEFAULTS, locktime: 0 });
  }

  addLink(name: string, kind: Device["kind"]): void {
    const ipv4 = { ...this.#conf4("default") };
    const ipv6 = { ...this.#conf6("default") };
    if (kind === "loopback") {
      ipv4.disable_policy = 1;
      ipv4.disable_xfrm = 1;
      ipv6.accept_dad = -1;
    }
    this.#ipv4.set(name, ipv4);
    this.#ipv6.set(name, ipv6);
    this.#neighbour4.set(name, { ...(this.#neighbour4.get("default") ?? NEIGHBOUR_DEFAULTS) });
    this.#neighbour6.set(name, { ...(this.#neighbour6.get("default") ?? NEIGHBOUR_DEFAULTS) });
  }

  removeLink(name: string): void {
    for (const tree of [this.#ipv4, this.#ipv6, this.#neighbour4, this.#neighbour6]) tree.delete(name);
  }

  renameLink(before: string, after: string): void {
    for (const tree of [this.#ipv4, this.#ipv6, this.#neighbour4, this.#neighbour6] as Map<string, Conf<string>>[]) {
      const conf = tree.get(before);
      tree.delete(before);
      if (conf) tree.set(after, conf);
    }
  }

  // --- what the stack asks --------------------------------------------------------------------------------------------
  /** The link's own value. */
  of(device: Device, name: Ipv4ConfName): number {
    return this.#ipv4.get(device.name)?.[name] ?? this.#conf4("default")[name];
  }

  /** The greater of the link's value and `all`'s: on when either is (IN_DEV_MAXCONF, IN_DEV_ORCONF). */
  max(device: Device, name: Ipv4ConfName): number {
    return Math.max(this.#all4[name], this.of(device, name));
  }

  ipv6Of(device: Device, name: Ipv6ConfName): number {
    return this.#ipv6.get(device.name)?.[name] ?? this.#conf6("default")[name];
  }

  neighbourOf(device: Device, name: NeighbourConfName): number {
    return this.#neighbour4.get(device.name)?.[name] ?? NEIGHBOUR_DEFAULTS[name];
  }

  /** Whether this namespace forwards at all (net.ipv4.ip_forward). */
  get forwards(): boolean {
    return this.#all4.forwarding !== 0;
  }

  /** net.ipv6.conf.all.forwarding. */
  get forwards6(): boolean {
    return this.#conf6("all").forwarding !== 0;
  }

  /** A whole number, by its key without `net.`. */
  number(key: string): number {
    return Number(this.#values.get(key) ?? "0");
  }

  get portRange(): { readonly from: number; readonly to: number } {
    return this.#portRange;
  }

  // --- reading and writing --------------------------------------------------------------------------------------------
  read(key: string): Result<string, Errno> {
    const place = this.#place(key);
    if (place) {
      const value = place.conf[place.name];
      return value === undefined ? fail("ENOENT") : ok(String(value));
    }
    if (key === "net.ipv4.ip_forward") return ok(String(this.#all4.forwarding));
    const value = key.startsWith("net.") ? this.#values.get(key.slice(4)) : undefined;
    return value === undefined ? fail("ENOENT") : ok(value);
  }

  write(key: string, text: string): Result<void, Errno> {
    const value = text.trim().replace(/\s+/g, "\t");
    if (key === "net.ipv4.ip_forward") return this.write("net.ipv4.conf.all.forwarding", value);
    const place = this.#place(key);
    if (place) {
      if (place.conf[place.name] === undefined) return fail("ENOENT");
      if (!isWholeNumber(value)) return fail("EINVAL");
      this.#writeConf(place, Number(value));
      return DONE;
    }
    if (!key.startsWith("net.") || !this.#values.has(key.slice(4))) return fail("ENOENT");
    const name = key.slice(4);
    if (READ_ONLY.has(name)) return fail("EACCES");
    if (TEXT.test(name)) {
      this.#values.set(name, value);
      return DONE;
    }
    return this.#writeNumbers(name, value);
  }

  /** All keys, sorted. */
  keys(): readonly string[] {
    const keys = ["net.ipv4.ip_forward"];
    for (const key of this.#values.keys()) keys.push(`net.${key}`);
    for (const [tree, links] of this.#trees()) {
      for (const [link, conf] of links) for (const name of Object.keys(conf)) keys.push(`net.${tree}.${link.replaceAll(".", "/")}.${name}`);
    }
    return keys.sort();
  }

  #writeNumbers(name: string, value: string): Result<void, Errno> {
    const numbers = value.split("\t");
    const before = (this.#values.get(name) ?? "").split("\t");
    if (numbers.length !== before.length || !numbers.every(isWholeNumber)) return fail("EINVAL");
    const [first = 0, second = 0] = numbers.map(Number);
    if (name === "ipv4.ip_local_port_range") {
      if (first < 1 || second > 65_535 || first > second) return fail("EINVAL");
      this.#portRange = { from: first, to: second };
    }
    if (name === "ipv4.ip_unprivileged_port_start" && (first < 0 || first > 65_535)) return fail("EINVAL");
    if (name === "ipv4.ip_default_ttl" && (first < 1 || first > 255)) return fail("EINVAL");
    if (name === "bridge.bridge-nf-call-iptables") this.bridgeCallsIptables = first !== 0;
    if (name === "bridge.bridge-nf-call-ip6tables") this.bridgeCallsIp6tables = first !== 0;
    this.#values.set(name, numbers.map((number) => String(Number(number))).join("\t"));
    return DONE;
  }

  #writeConf(
    place: { readonly tree: ConfTree; readonly link: string; readonly name: string; readonly conf: Record<string, number> },
    value: number,
  ): void {
    const before = place.conf[place.name];
    place.conf[place.name] = value;
    if (place.tree === "ipv4.conf" && place.name === "forwarding" && place.link === "all" && before !== value) {
      // inet_forward_change
      this.#all4.accept_redirects = value === 0 ? 1 : 0;
      for (const [link, conf] of this.#ipv4) if (link !== "all") conf.forwarding = value;
    }
    if (place.tree !== "ipv6.conf") return;
    if (place.name === "forwarding" && place.link === "all") for (const conf of this.#ipv6.values()) conf.forwarding = value;
    if (place.name !== "disable_ipv6") return;
    if (place.link === "all") for (const conf of this.#ipv6.values()) conf.disable_ipv6 = value;
    for (const device of this.#owner.devices()) {
      if (place.link === "all" || place.link === device.name) this.#owner.ipv6Toggled(device, value !== 0);
    }
  }

  /** `net.ipv4.conf.NAME.SETTING`. A dot in a link's name is written as a slash. */
  #place(
    key: string,
  ): { readonly tree: ConfTree; readonly link: string; readonly name: string; readonly conf: Record<string, number> } | undefined {
    const match = /^net\.(ipv[46]\.(?:conf|neigh))\.(.+)\.([a-z0-9_]+)$/.exec(key);
    if (!match) return undefined;
    const link = (match[2] ?? "").replaceAll("/", ".");
    const name = match[3] ?? "";
    for (const [tree, links] of this.#trees()) {
      const conf = tree === match[1] ? links.get(link) : undefined;
      if (conf) return { tree, link, name, conf };
    }
    return undefined;
  }

  #trees(): readonly (readonly [ConfTree, ReadonlyMap<string, Record<string, number>>])[] {
    return [
      ["ipv4.conf", this.#ipv4],
      ["ipv6.conf", this.#ipv6],
      ["ipv4.neigh", this.#neighbour4],
      ["ipv6.neigh", this.#neighbour6],
    ];
  }

  #conf4(name: "all" | "default"): Conf<Ipv4ConfName> {
    return this.#ipv4.get(name) ?? { ...IPV4_CONF_DEFAULTS };
  }

  #conf6(name: "all" | "default"): Conf<Ipv6ConfName> {
    return this.#ipv6.get(name) ?? { ...IPV6_CONF_DEFAULTS };
  }
}

function isWholeNumber(text: string): boolean {
  return /^-?\d{1,19}$/.test(text);
}
